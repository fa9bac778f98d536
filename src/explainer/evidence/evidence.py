"""Reads and validates ``data/`` and cuts it to a day: what could be known then, from whom, how surely."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd
import pandera.errors

from explainer.evidence import schema
from explainer.evidence.asof import (
    ROW_DATES,
    Cuts,
    SourceFacts,
    earned_confidence,
    period_start,
    shown_label,
    sides_of,
    source_facts,
)
from explainer.evidence.reads import Noted
from explainer.evidence.schema import TABLES, Table, list_items
from explainer.project import DATA

FIRST_DAY = dt.date(2025, 10, 4)
"""The report's story begins with the vote that made Sanae Takaichi leader of her party."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the input: where it stands, what it is, and how to mend it."""

    file: str
    row: int
    column: str
    value: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}" + (f":{self.row}" if self.row else "") + (f" [{self.column}]" if self.column else "")
        value = f" {self.value[:80]!r}" if self.value else ""
        return f"{place}{value}: {self.what}. Mend: {self.mend}."


class EvidenceError(ValueError):
    """The evidence does not hold together. Carries every `Problem` of the run."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


# ---------------------------------------------------------------------------------------------------------
# Reading one file


def read_table(path: Path, table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """Read one CSV file as text and check its form.

    Parameters
    ----------
    path : Path
        The file.
    table : Table
        What the file should hold.

    Returns
    -------
    frame : DataFrame
        Text columns as in `table`, plus ``_line``, the line on which each row begins. Empty when unreadable.
    problems : list of Problem
        What keeps the file from being read as it stands.
    """
    empty = pd.DataFrame(columns=[*table.names, "_line"])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return empty, [Problem(path.name, 0, "", "", "the file is missing", "restore it, even if only its header")]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return empty, [Problem(path.name, line, "", "", "not UTF-8", "save the file as UTF-8")]
    return _parse(text, path.name, table, empty)


def _parse(text: str, file: str, table: Table, empty: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, lines, problems, start = [], [], [], 1
    try:
        header = next(reader, [])
        problems += _header_problems(header, file, table)
        start = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                problems.append(
                    Problem(
                        file,
                        start,
                        "",
                        ",".join(cells)[:80],
                        f"{len(cells)} fields where the header has {len(header)}",
                        "quote fields that contain commas, or remove the surplus",
                    )
                )
            elif cells:
                rows.append(cells)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, start, "", "", f"not readable as CSV ({error})", "close the open quotation mark"))
    if any(not p.row or p.row == 1 for p in problems):
        return empty, problems
    return pd.DataFrame(rows, columns=header, dtype=str).assign(_line=lines), problems


def _header_problems(header: list[str], file: str, table: Table) -> Iterator[Problem]:
    for name in table.names:
        if name not in header:
            yield Problem(file, 1, name, "", "the column is missing", f"add the column {name!r} to the header")
    for name in header:
        if name not in table.names:
            near = difflib.get_close_matches(name, table.names, 1)
            yield Problem(file, 1, name, "", "unknown column", f"rename it to {near[0]!r}" if near else "remove it")
    if not header or (sorted(header) == sorted(table.names) and header != table.names):
        yield Problem(file, 1, "", "", "columns out of order", "use the order " + ",".join(table.names))


# ---------------------------------------------------------------------------------------------------------
# Checking values and links


def value_problems(frame: pd.DataFrame, table: Table) -> list[Problem]:
    """Check every value of one table against its schema."""
    file, text = f"{table.name}.csv", frame[table.names]
    try:
        table.pandera().validate(text, lazy=True)
        return []
    except pandera.errors.SchemaErrors as error:
        failures = error.failure_cases
    found, duplicates = [], set()
    for case in failures.itertuples():
        if str(case.check).startswith("multiple_fields_uniqueness") or case.schema_context == "DataFrameSchema":
            duplicates.add(case.index)
            continue
        column = table.column(case.column)
        near = _nearest(str(case.failure_case), column.values) if case.check == "values" else ""
        found.append(
            Problem(
                file,
                int(frame["_line"].iloc[case.index]),
                column.name,
                str(case.failure_case),
                _what(case.check),
                near + schema.mend_for(column, case.check),
            )
        )
    return found + [_duplicate(frame, table, int(i)) for i in sorted(i for i in duplicates if pd.notna(i))]


def _what(check: str) -> str:
    words = {
        "required": "is empty",
        "values": "is not an allowed value",
        "longest": "is too long",
        "range": "is out of range",
        "kind:quotation": "is too long for a quotation",
    }
    return words.get(
        check,
        "does not read as "
        + {"day": "a day", "id": "an identifier", "url": "an address"}.get(
            check.removeprefix("kind:"), f"a {check.removeprefix('kind:')}"
        ),
    )


def _nearest(value: str, values: tuple[str, ...] | list[str]) -> str:
    near = difflib.get_close_matches(value, values, 1, 0.5)
    return f"did you mean {near[0]!r}? " if near else ""


def _duplicate(frame: pd.DataFrame, table: Table, index: int) -> Problem:
    key = frame.loc[index, list(table.key)]
    first = frame.loc[(frame[list(table.key)] == key).all(axis=1), "_line"].min()
    return Problem(
        f"{table.name}.csv",
        int(frame.loc[index, "_line"]),
        table.key[0],
        " / ".join(key),
        f"duplicate of line {first}",
        "give the row its own identifier or remove it",
    )


def link_problems(tables: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Check that every reference between tables leads somewhere, list items included."""
    for table in TABLES.values():
        for column in (c for c in table.columns if c.refers_to):
            known = set(tables[column.refers_to][TABLES[column.refers_to].key[0]])
            yield from broken_links(tables[table.name], table, column, known)


def broken_links(frame: pd.DataFrame, table: Table, column: schema.Column, known: set[str]) -> Iterator[Problem]:
    """Name the values of one column, list items included, that are not among the known keys."""
    for value, line in zip(frame[column.name], frame["_line"], strict=True):
        for item in list_items(value) if column.many else filter(None, [value]):
            if item not in known:
                yield Problem(
                    f"{table.name}.csv",
                    int(line),
                    column.name,
                    item,
                    f"no such row in {column.refers_to}.csv",
                    _nearest(item, sorted(known)) + f"add it to {column.refers_to}.csv or correct it",
                )


def sense_problems(tables: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Check what single columns cannot show: order of days, one row an address, quotations with their language."""
    yield from _address_problems(tables["sources"])
    for name, frame in tables.items():
        for start, end in (("date", "end_date"), ("start_date", "end_date"), ("start", "end")):
            if {start, end} <= set(frame.columns):
                late = frame[(frame[end] != "") & (frame[end] < frame[start])]
                for row in late.to_dict("records"):
                    yield Problem(
                        f"{name}.csv",
                        int(row["_line"]),
                        end,
                        row[end],
                        f"ends before it starts ({row[start]})",
                        "correct one of the two days",
                    )
    yield from _quote_problems(tables)
    yield from _since_problems(tables)


def _since_problems(tables: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Name rows that say they were known before they happened, or before any of their sources was out."""
    published = dict(zip(tables["sources"]["source_id"], tables["sources"]["published"], strict=True))
    for name, frame in tables.items():
        for row in frame[frame["since"] != ""].to_dict("records") if "since" in frame.columns else []:
            own = period_start(row[ROW_DATES[name]]) if name in ROW_DATES else ""
            days = [published.get(i, "") for i in list_items(row.get("source_ids") or row.get("source_id", ""))]
            first = max(own, min(days, default=""))
            if row["since"] < first:
                yield Problem(
                    f"{name}.csv",
                    int(row["_line"]),
                    "since",
                    row["since"],
                    f"known before it could be ({first})",
                    f"write {first} or later, or leave it empty",
                )


def _address_problems(sources: pd.DataFrame) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for url, line in zip(sources["url"], sources["_line"], strict=True):
        plain = url.split("//")[-1].removeprefix("www.").rstrip("/")
        if plain and plain in seen:
            yield Problem(
                "sources.csv",
                int(line),
                "url",
                url,
                f"the same address as line {seen[plain]}",
                "keep one row for the page and cite its id",
            )
        seen.setdefault(plain, int(line))


def _quote_problems(tables: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    for name, frame in tables.items():
        if "quote" not in frame:
            continue
        for row in frame[(frame["quote"] != "") & (frame["quote_lang"] == "")].to_dict("records"):
            yield Problem(
                f"{name}.csv",
                int(row["_line"]),
                "quote_lang",
                "",
                "a quotation without its language",
                "write the language code of the quotation",
            )
    bare = tables["statements"]
    for row in bare[(bare["quote"] != "") & (bare["translation"] == "")].to_dict("records"):
        yield Problem(
            "statements.csv",
            int(row["_line"]),
            "translation",
            "",
            "a quotation without its origin",
            "write original, official or outlet",
        )


def confidence_problems(tables: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Name every row whose editor gave it more confidence than its sources earn."""
    actors = dict(zip(tables["actors"]["actor"], tables["actors"]["side"], strict=True))
    source = source_facts(tables["sources"], actors)
    for name, frame in tables.items():
        if "confidence" not in frame.columns:
            continue
        for row in frame[frame["confidence"] == "confirmed"].to_dict("records"):
            cited = [source[i] for i in list_items(row["source_ids"]) if i in source]
            earned, why = earned_confidence(cited, sides_of(row, actors))
            if earned == "reported":
                yield Problem(
                    f"{name}.csv",
                    int(row["_line"]),
                    "confidence",
                    "confirmed",
                    f"too high for its sources ({why})",
                    "write reported, or add a primary source or a second independent one",
                )


# ---------------------------------------------------------------------------------------------------------
# Confidence


# Reading all


def digest(folder: Path = DATA) -> str:
    """Hash of all tables as they stand in `folder`."""
    total = hashlib.sha256()
    for name in TABLES:
        path = folder / f"{name}.csv"
        total.update(name.encode() + b"\0" + (path.read_bytes() if path.exists() else b"") + b"\0")
    return total.hexdigest()


def read_all(folder: Path = DATA) -> dict[str, pd.DataFrame]:
    """Read and check all tables.

    Raises
    ------
    EvidenceError
        With every problem of the run: form first, and, where the form allows, values and links.
    """
    tables, problems = {}, []
    for table in TABLES.values():
        tables[table.name], found = read_table(folder / f"{table.name}.csv", table)
        problems += found
        if not found:
            problems += value_problems(tables[table.name], table)
    if not any(p.row <= 1 or "fields" in p.what or "CSV" in p.what for p in problems):
        problems += link_problems(tables)
        problems += sense_problems(tables)
    if problems:
        raise EvidenceError(problems)
    return tables


@lru_cache(maxsize=4)
def _read_cached(folder: Path, content: str) -> Cuts:
    return Cuts(read_all(folder))


# ---------------------------------------------------------------------------------------------------------
# The cut


@dataclass(frozen=True, eq=False)
class Evidence:
    """The evidence as of a day.

    Attributes
    ----------
    as_of : datetime.date
        The day.
    tables : mapping of str to DataFrame
        Each table cut to the day: only rows that could be known, citing only sources published by then,
        with `confidence` (and, beside it, `confidence_why`) recomputed from those sources. All columns are
        text but `value`, `lat`, `lon`, `goldstein`, `loss_value`, `pct_gdp` and `explicitness`, which are
        numbers. Every table also has `known`, the first day of the row.
    last_day : datetime.date
        Last day that the whole evidence reaches.
    """

    as_of: dt.date
    tables: Mapping[str, pd.DataFrame]
    last_day: dt.date
    _cuts: Cuts | None = field(repr=False, default=None)

    def __post_init__(self) -> None:
        """Let the tables note what is read of them."""
        frames = self.tables.frames if isinstance(self.tables, Noted) else self.tables
        object.__setattr__(self, "tables", Noted(frames, self.as_of))

    @classmethod
    def load(cls, as_of: str | dt.date | None = None, folder: Path = DATA) -> Evidence:
        """Read, validate and cut the tables.

        Parameters
        ----------
        as_of : str or date, optional
            The day; by default the last day that the evidence reaches.
        folder : Path
            Where the tables stand.

        Raises
        ------
        EvidenceError
            When a table does not hold together, or the day is not a day.
        """
        cuts = _read_cached(folder, digest(folder))
        last = last_day(cuts.whole)
        return cls(last, {}, last, cuts).cut(as_of or last)

    def cut(self, as_of: str | dt.date) -> Evidence:
        """Return the evidence as of another day; nothing that this cut lacks is lost to it."""
        day = as_of if isinstance(as_of, dt.date) else _day(as_of)
        return Evidence(day, self._cuts.at(day.isoformat()), self.last_day, self._cuts)

    @property
    def _whole(self) -> Mapping[str, pd.DataFrame]:
        """All tables as read, of whatever day."""
        return self._cuts.whole if self._cuts else {}

    def table(self, name: str) -> pd.DataFrame:
        """Return one table by name, or raise an EvidenceError that names the nearest."""
        if name not in self.tables:
            raise EvidenceError(
                [
                    Problem(
                        "data",
                        0,
                        "",
                        name,
                        "no such table",
                        _nearest(name, list(TABLES)) + "use one of " + ", ".join(TABLES),
                    )
                ]
            )
        return self.tables[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in TABLES:
            raise AttributeError(name)
        return self.tables[name]

    def pick(self, name: str, column: str, values: Iterable[str]) -> pd.DataFrame:
        """Return the rows of a table that have one of the values in a column: all that a chapter then depends on."""
        return self.tables.pick(name, column, values)

    def labels(self, identifiers: Iterable[str]) -> dict[str, str]:
        """Return the computed confidence of those rows that have one."""
        found = {}
        for identifier in identifiers:
            self.tables.note_row(identifier)
            if identifier in self._labels:
                found[identifier] = self._labels[identifier]
        return found

    @cached_property
    def _labels(self) -> dict[str, str]:
        labelled = (frame for frame in self.tables.frames.values() if "confidence_why" in frame.columns)
        return {key: label for f in labelled for key, label in zip(f.iloc[:, 0], f["confidence"], strict=True)}

    def keys_of(self, name: str) -> list[str]:
        """Return the key of each row of a table, as one text."""
        frame = self.tables.frames[name]
        return [" ".join(map(str, key)) for key in frame[list(TABLES[name].key)].itertuples(index=False, name=None)]

    @cached_property
    def _row_places(self) -> dict[str, tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        for name, table in TABLES.items():
            if len(table.key) == 1 and name != "actors":
                for place, key in enumerate(self.tables.frames[name][table.key[0]]):
                    found.setdefault(key, (name, place))
        return found

    def row(self, identifier: str) -> pd.Series:
        """Return the row of any table that carries this identifier.

        Raises
        ------
        EvidenceError
            When no row has it, or only from a later day on.
        """
        self.tables.note_row(identifier)
        if identifier in self._row_places:
            name, place = self._row_places[identifier]
            return self.tables.frames[name].iloc[place]
        whole = [i for n, t in TABLES.items() if len(t.key) == 1 for i in self._whole.get(n, {}).get(t.key[0], [])]
        what = f"not known by {self.as_of}" if identifier in whole else "no such row"
        raise EvidenceError([Problem("data", 0, "", identifier, what, _nearest(identifier, whole) + "correct it")])


def _day(text: str) -> dt.date:
    if not schema.is_day(str(text)):
        raise EvidenceError(
            [Problem("parameters", 0, "as_of", str(text), "does not read as a day", schema.KINDS["day"].mend)]
        )
    return dt.date.fromisoformat(text)


def last_day(tables: Mapping[str, pd.DataFrame]) -> dt.date:
    """Last day that the evidence reaches: its last event, statement or publication of a past figure.

    Forecasts, plans and calendar entries lie ahead of their sources and do not count.
    """
    published = dict(zip(tables["sources"]["source_id"], tables["sources"]["published"], strict=True))
    days = [max(tables[name]["date"], default="") for name in ("events", "statements")]
    frame = tables["observations"]
    days += [
        published.get(source, "")
        for source, period, since in zip(frame["source_id"], frame["period"], frame["since"], strict=True)
        if not since and published.get(source, "") >= period_start(period)
    ]
    return dt.date.fromisoformat(max(days) or FIRST_DAY.isoformat())


def counts(evidence: Evidence) -> Counter:
    """Number of rows of each table in a cut."""
    return Counter({name: len(frame) for name, frame in evidence.tables.items()})


def label_steps(evidence: Evidence, identifiers: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return, for rows whose label changed before the day of a cut, each label with the first day that had it."""
    whole, wanted = evidence._whole, set(identifiers)
    sides = dict(zip(whole["actors"]["actor"], whole["actors"]["side"], strict=True))
    facts = source_facts(whole["sources"], sides)
    found = {}
    for name, frame in evidence.tables.frames.items():
        if "confidence_why" not in frame.columns:
            continue
        known = dict(zip(frame.iloc[:, 0], frame["known"], strict=True))
        rows = whole[name][whole[name].iloc[:, 0].isin(wanted & set(known))]
        for row in rows.to_dict("records"):
            identifier = row[whole[name].columns[0]]
            for read in (identifier, *list_items(row["source_ids"])):
                evidence.tables.note_row(read)
            steps = _steps_of(row, known[identifier], evidence.as_of.isoformat(), facts, sides)
            if len(steps) > 1:
                found[identifier] = steps
    return found


def _steps_of(
    row: Mapping[str, str], known: str, last: str, facts: Mapping[str, SourceFacts], sides: Mapping[str, str]
) -> list[tuple[str, str]]:
    cited = list_items(row["source_ids"])
    days = {known, *(day for one in cited if known < (day := facts[one].published) <= last)}
    steps: list[tuple[str, str]] = []
    for day in sorted(days):
        then = dict(row) | {"source_ids": ";".join(one for one in cited if facts[one].published <= day)}
        label, _ = shown_label(then, facts, sides)
        if not steps or steps[-1][1] != label:
            steps.append((day, label))
    return steps
