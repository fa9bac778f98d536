"""Reads the evidence tables and checks them: their form, their values, their links, and what makes sense of them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from explainer.evidence.schema import Column, Schema, Table
from explainer.kinds import KINDS, is_clean, is_period, list_items, period_start
from explainer.problems import EvidenceError, Problem, nearest, text_of

LONGEST = 5000
"""No cell is longer, in characters: one that is holds a table that ran into it."""

ORDINARY = 10
"""A series of per cent in which a whole number is smaller than this may well have a value below one."""

Frames = Mapping[str, pd.DataFrame]


def read_all(folder: Path, schema: Schema) -> dict[str, pd.DataFrame]:
    """Read and check all tables.

    Raises
    ------
    EvidenceError
        With every problem of the run: form and values first, and, where these allow, links and sense.
    """
    tables, problems = {}, []
    for table in schema.resources:
        tables[table.name], found = read_table(folder / f"{table.name}.csv", table)
        problems += found or value_problems(tables[table.name], table)
    if not any(problem.fatal for problem in problems):
        problems += [*link_problems(tables, schema), *sense_problems(tables, schema)]
    if problems:
        raise EvidenceError(problems)
    return tables


def read_table(path: Path, table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """Read one CSV file as text and check its form.

    Returns
    -------
    frame : DataFrame
        Text columns as in `table`, plus ``_line``, the line on which each row begins. Empty when unreadable.
    problems : list of Problem
        What keeps the file from being read as it stands.
    """
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        problems = list(_parse(text_of(path), path.name, table, rows, lines))
    except EvidenceError as error:
        problems = [one for one in error.problems if isinstance(one, Problem)]
    frame = pd.DataFrame(rows, columns=table.names, dtype=object).assign(_line=lines)
    return (frame[:0] if problems else frame), problems


def _unread(file: str, row: int, what: str, mend: str, column: str = "", value: str = "") -> Problem:
    return Problem(file, row, column, value, what, mend, fatal=True)


def _parse(text: str, file: str, table: Table, rows: list[list[str]], lines: list[int]) -> Iterator[Problem]:
    """Append the cells of each row and the line on which it begins; yield what is wrong with them."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        header = next(reader, [])
        faults = list(_header_problems(header, file, table))
        yield from faults
        start = reader.line_num + 1
        for cells in () if faults else reader:
            if len(cells) == len(header):
                rows.append(cells)
                lines.append(start)
            elif cells:
                what = f"{len(cells)} fields where the header has {len(header)}"
                mend = "quote fields that contain commas, or remove the surplus"
                mend = mend if len(cells) > len(header) else "remove the line, or write a comma for each empty field"
                yield _unread(file, start, what, mend, value=",".join(cells)[:80])
            start = reader.line_num + 1
    except csv.Error as error:
        what, mend = "text after a closing quotation mark", "double the quotation marks inside of a field"
        if "expected after" not in str(error):
            what, mend = "a quotation mark is not closed", "close the open quotation mark"
        yield _unread(file, start, f"not readable as CSV: {what}", mend)


def _header_problems(header: list[str], file: str, table: Table) -> Iterator[Problem]:
    want = ",".join(table.names)
    if not any(header):
        yield _unread(file, 1, "the file has no header", f"begin it with the line {want}")
    elif len(header) == 1 != len(table.names) and (split := re.search(r"[;\t|]", header[0])):
        what = f"columns separated by {split[0]!r}"
        yield _unread(file, 1, what, "save the file as CSV with commas", value=header[0])
    elif not set(header) & set(table.names):
        yield _unread(
            file, 1, "names none of the columns", f"begin the file with the line {want}", value=",".join(header)
        )
    elif len(set(header)) < len(header):
        yield _unread(file, 1, "a column stands twice", f"use the columns {want}")
    else:
        for name in (n for n in table.names if n not in header):
            yield _unread(file, 1, "the column is missing", f"add the column {name!r} to the header", name)
        if "" in header:
            yield _unread(file, 1, "a column without a name", "name it, or remove its comma from every line")
        for name in (n for n in header if n and n not in table.names):
            yield _unread(file, 1, "unknown column", nearest(name, table.names) + "rename or remove it", name)
        if sorted(header) == sorted(table.names) and header != table.names:
            yield _unread(file, 1, "columns out of order", f"use the order {want}")


def value_problems(frame: pd.DataFrame, table: Table) -> list[Problem]:
    """Check every value of one table against its schema, and that no two rows share a key."""
    found = []
    for column in table.columns:
        many = column.name in table.links and table.links[column.name].list
        faults = {value: fault_of(column, value, many) for value in frame[column.name].unique()}
        if not any(faults.values()):
            continue
        for value, line in zip(frame[column.name], frame["_line"], strict=True):
            if fault := faults[value]:
                found.append(Problem(f"{table.name}.csv", int(line), column.name, value, *fault))
    return found + list(_duplicates(frame, table))


def fault_of(column: Column, value: str, many: bool) -> tuple[str, str] | None:
    """Say what is wrong with a value of a column and how an editor mends it; None when it fits."""
    if not value:
        return ("is empty", f"fill in {column.name}: {column.meaning}") if column.required else None
    longest = column.constraints.maxLength or LONGEST
    if len(value) > longest:
        return "is too long", f"shorten to {longest} characters"
    items = list_items(value) if many else [value]
    if "" in items or len(set(items)) < len(items):
        return "holds an item twice, or an empty one", "name each once, with one ';' between two"
    return next(filter(None, (_fault_of_item(column, item) for item in items)), None)


def _fault_of_item(column: Column, item: str) -> tuple[str, str] | None:
    kind, limits = KINDS[column.kind], column.constraints
    if limits.enum and item not in limits.enum:
        return "is not an allowed value", nearest(item, limits.enum) + "use one of: " + ", ".join(limits.enum)
    if not is_clean(item):
        return KINDS["text"].wrong, KINDS["text"].mend
    if column.kind != "text" and not kind.fits(item):
        return kind.wrong, kind.mend
    if limits.pattern and not limits.matches(item):
        return "does not have the form that it must have", f"write {limits.pattern}"
    low, high = limits.minimum, limits.maximum
    if (low is not None and float(item) < low) or (high is not None and float(item) > high):
        span = " ".join(f"{word} {limit:g}" for word, limit in (("from", low), ("to", high)) if limit is not None)
        return "is out of range", f"use a value {span} {column.unit}".rstrip()
    return None


def _duplicates(frame: pd.DataFrame, table: Table) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], tuple[tuple[str, ...], int]] = {}
    for *key, line in frame[[*table.key, "_line"]].itertuples(index=False, name=None):
        first, at = seen.setdefault(tuple(k.lower() for k in key), (key, line))
        if at != line:
            what = f"duplicate of line {at}" if first == key else f"differs from line {at} in capital letters only"
            mend = "give the row its own identifier or remove it"
            yield Problem(f"{table.name}.csv", int(line), table.key[0], " / ".join(key), what, mend)


def link_problems(tables: Frames, schema: Schema) -> Iterator[Problem]:
    """Check that every reference between tables leads somewhere, list items included."""
    for table in schema.resources:
        for column, link in table.links.items():
            other, frame = link.reference.resource, tables[table.name]
            known, kind = set(tables[other][link.reference.fields]), KINDS[table.column(column).kind]
            for value, line in zip(frame[column].tolist(), frame["_line"].tolist(), strict=True):
                for item in list_items(value) if link.list else filter(None, [value]):
                    if item and item not in known and kind.fits(item):
                        mend = nearest(item, sorted(filter(kind.fits, known))) + f"add it to {other}.csv or correct it"
                        yield Problem(f"{table.name}.csv", int(line), column, item, f"no such row in {other}.csv", mend)


def sense_problems(tables: Frames, schema: Schema) -> Iterator[Problem]:
    """Check what single columns cannot show: order of days, what must stand beside what, one row an address."""
    published = dict(tables["sources"][["source_id", "published"]].itertuples(index=False, name=None))
    yield from _address_problems(tables["sources"])
    yield from _share_problems(tables)
    for table in schema.resources:
        frame, file = tables[table.name], f"{table.name}.csv"
        if table.measured:
            yield from _series_problems(frame, table)
        elif table.day and table.sources:
            yield from _early_problems(frame, table, published)
        if table.end:
            for row in frame[(frame[table.end] != "") & (frame[table.end] < frame[table.day])].to_dict("records"):
                what = f"ends before it starts ({row[table.day]})"
                yield Problem(file, row["_line"], table.end, row[table.end], what, "correct one of the two days")
        for column, other in ((c, table.column(o)) for c in table.columns for o in c.requires):
            for line in frame.loc[(frame[column.name] != "") & (frame[other.name] == ""), "_line"]:
                what, mend = f"is empty beside a {column.name}", f"fill in {other.name}: {other.meaning}"
                yield Problem(file, int(line), other.name, "", what, mend)
        for row in frame[frame["since"] != ""].to_dict("records") if "since" in table.names else ():
            own = period_start(row[table.day]) if table.day and not table.measured else ""
            first = max(own, min((published.get(i, "") for i in list_items(row[table.sources])), default=""))
            if row["since"] < first:  # before it happened, or before any of its sources was out
                what, mend = f"known before it could be ({first})", f"write {first} or later, or leave it empty"
                yield Problem(file, row["_line"], "since", row["since"], what, mend)


def _early_problems(frame: pd.DataFrame, table: Table, published: Mapping[str, str]) -> Iterator[Problem]:
    """Name what is told as done on a day later than that of every source that it cites."""
    for day, ids, line in zip(frame[table.day], frame[table.sources], frame["_line"], strict=True):
        days = [published.get(i, "") for i in list_items(ids)]
        if days and all(days) and is_period(day) and period_start(day) > (last := max(days)):
            what, mend = f"later than all its sources (the last is of {last})", "correct the day, or cite who tells it"
            yield Problem(f"{table.name}.csv", int(line), table.day, day, what, mend)


def _series_problems(frame: pd.DataFrame, table: Table) -> Iterator[Problem]:
    """Name series that differ in capital letters only, and a period of another length than most of its series."""
    notes = frame["note"] if "note" in frame else [""] * len(frame)
    rows = list(zip(frame[table.key[0]], frame[table.day], notes, frame["_line"], strict=True))
    first = {name.lower(): (name, line) for name, _, _, line in reversed(rows)}
    lengths = Counter((name, len(period)) for name, period, note, _ in rows if not note)
    known = Counter(name for name, _, note, _ in rows if not note)
    for name, period, note, line in rows:
        other, at = first[name.lower()]
        if other != name:
            what = f"differs from line {at} in capital letters only"
            yield Problem(f"{table.name}.csv", int(line), table.key[0], name, what, "write both alike")
        if not note and is_period(period) and lengths[name, len(period)] * 2 < known[name]:
            what, mend = "a period of another length than most of its series", "write it alike, or say in note why"
            yield Problem(f"{table.name}.csv", int(line), table.day, period, what, mend)


def _share_problems(tables: Frames) -> Iterator[Problem]:
    """Name percentages that look like fractions: 0.41 for 41, in a series without another that is so small."""
    if not {"series", "observations"} <= set(tables) or "unit" not in tables["series"]:
        return
    units, values = tables["series"].set_index("series_id")["unit"], tables["observations"]
    shares = values[values["series_id"].map(units.to_dict()).str.match("per ?cent", na=False)]
    numbers, series = pd.to_numeric(shares["value"], errors="coerce").abs(), shares["series_id"]
    small = (numbers > 0) & (numbers < 1)
    usual = (~small & (numbers < ORDINARY)).groupby(series).transform("any")
    usual |= small.groupby(series).transform("all") & (series.groupby(series).transform("size") > 1)
    for row in shares[small & ~usual].to_dict("records"):
        if not row.get("note"):
            what, mend = "looks like a fraction in a series of per cent", "write 41 for 0.41, or say in note why"
            yield Problem("observations.csv", row["_line"], "value", row["value"], what, mend)


def _address_problems(sources: pd.DataFrame) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for url, line in zip(sources["url"].tolist(), sources["_line"].tolist(), strict=True):
        plain = url.split("//")[-1].removeprefix("www.").rstrip("/")
        if plain and seen.setdefault(plain, line) != line:
            what = f"the same address as line {seen[plain]}"
            yield Problem("sources.csv", int(line), "url", url, what, "keep one row for the page and cite its id")
