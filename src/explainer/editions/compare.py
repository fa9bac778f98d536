"""What differs between two editions: rows, exhibits and prose, each change with its class.

An edition is read as a `Snapshot`: from a day (the evidence cut to it and the cells that stand on it, nothing has to
be built), from another checkout of the project, or from a built edition's folders. `compare` sets two of them side
by side. One edit is one change: what follows from it (an exhibit that shows the row, a source that the row brings)
is listed with it or apart, never counted again.

A change has one of four classes. *New* is what the older edition did not have. *Correction*: it was wrong.
*Update*: it was right and is overtaken, or rests on other sources. *Wording*: other words, the same statement.
The class that ``corrections.csv`` gives a row or cell wins; the rules for the rest stand in `class_of_row` and
`class_of_text`.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby, zip_longest
from typing import Any

from explainer.evidence.schema import TABLES, list_items
from explainer.project import PROJECT
from explainer.text.cells import active
from explainer.text.dialect import HEADING, MARK, QUOTATION, named, paragraphs, plain
from explainer.text.wording import NUMBER

CLASSES = ("new", "correction", "update", "wording")
KINDS = ("fact", "number", "quote", "stance", "prose", "figure")

QUOTE_COLUMNS = frozenset({"quote", "quote_lang", "translation"})
STANCE_COLUMNS = frozenset({"stance", "stance_basis", "verdict"})
SUPPORT_COLUMNS = frozenset({"source_ids", "source_id", "confidence", "held"})
PLURALS = {"observations": "values", "glossary": "terms"}
UNCOUNTED = ["known", "confidence_why", "_line"]
NEGATION = re.compile(r"\b(?:no|not|never|none|nobody|nothing|without|cannot|n't|neither|nor|only|may|must|all)\b")
PROPER = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w'-]+")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """One difference between two editions.

    Attributes
    ----------
    kind, change : str
        One of `KINDS` and one of `CLASSES`.
    where, id : str
        Table and row, or chapter and cell, or "exhibits" and the exhibit.
    what : str
        What it is, in a few words of the newer edition.
    before, after : str
        What stood there and what stands there; empty where it did not stand.
    columns, sources : tuple of str
        The columns of a row that differ, and the sources that the newer edition cites for it.
    day : str
        The row's own day, or the first day of a new cell (ISO; may be empty).
    """

    kind: str
    change: str
    where: str
    id: str
    what: str
    before: str = ""
    after: str = ""
    columns: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    day: str = ""


@dataclass(frozen=True)
class Snapshot:
    """One edition as the comparison reads it."""

    name: str
    day: str
    rows: Mapping[str, Mapping[str, Row]] = field(repr=False)
    prose: Mapping[str, Mapping[str, Sequence[str]]] = field(repr=False)
    """Paragraphs as their author wrote them, by chapter and cell."""
    exhibits: Mapping[str, tuple[str, str]] = field(repr=False, default_factory=dict)
    shows: Mapping[str, frozenset[str]] = field(repr=False, default_factory=dict)
    """Rows that each exhibit shows, where that is known."""
    built: bool = False


@dataclass(frozen=True)
class Diff:
    """All that differs, from the older edition to the newer."""

    older: Snapshot
    newer: Snapshot
    changes: tuple[Change, ...]
    follows: tuple[Change, ...] = ()

    def counts(self) -> dict[str, dict[str, int]]:
        """Count the changes by class and by table or chapter."""
        found: dict[str, Counter] = {name: Counter() for name in CLASSES}
        for change in self.changes:
            found[change.change][change.where] += 1
        return {name: dict(sorted(counter.items())) for name, counter in found.items() if counter}

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        sides = {k: {"name": s.name, "as_of": s.day} for k, s in (("from", self.older), ("to", self.newer))}
        listed = {k: [asdict(c) for c in v] for k, v in (("changes", self.changes), ("follows", self.follows))}
        return {**sides, "counts": self.counts(), **listed}


def compare(first: Snapshot, second: Snapshot) -> Diff:
    """Compare two editions; the one of the earlier day counts as the older."""
    older, newer = (second, first) if second.day < first.day else (first, second)
    corrections = newer.rows.get("corrections", {})
    fresh = {key: row for key, row in corrections.items() if key not in older.rows.get("corrections", {})}
    told = {row["place"].rpartition("/")[2]: row["class"] for row in fresh.values()}  # by the editors: theirs wins
    rows = list(_row_changes(older, newer, told))
    changes = [*rows, *_prose_changes(older, newer, told)]
    seen = {c.id for c in rows} | {cell for cells in newer.prose.values() for cell in cells}
    for key, row in fresh.items():
        if row["place"].rpartition("/")[2] not in seen:  # made to a page between the two: nothing differs
            told_as = row["class"], "corrections", key, row["place"], row["was"], row["is"]
            changes.append(Change("fact", *told_as, day=row["day"]))
    exhibits, changed = list(_exhibit_changes(older, newer)), {c.id for c in rows}
    caused: list[Change] = []
    for one in exhibits:  # by the rows that it shows; by any, or the day, where these are not known
        shown = older.shows.get(one.id, frozenset()) | newer.shows.get(one.id, frozenset())
        follows = shown & changed if newer.built else rows or older.day != newer.day
        (caused if follows else changes).append(one)
    return Diff(older, newer, tuple(sorted(changes, key=_order)), tuple(caused))


def _order(change: Change) -> tuple[Any, ...]:
    tables = [*TABLES, "exhibits"]
    place = (tables.index(change.where), "") if change.where in tables else (len(tables), change.where)
    return *place, CLASSES.index(change.change), change.day, change.id


def snapshot_rows(tables: Mapping[str, Any]) -> dict[str, dict[str, Row]]:
    """Return the rows of cut tables by table and key, every value as text."""
    found: dict[str, dict[str, Row]] = {}
    for name, frame in ((n, f) for n, f in tables.items() if not TABLES[n].coding):
        for record in frame.drop(columns=UNCOUNTED, errors="ignore").to_dict("records"):
            texts = ((c, "" if v != v else f"{v:.15g}" if isinstance(v, float) else str(v)) for c, v in record.items())
            row = dict(texts)
            found.setdefault(name, {})[" ".join(filter(None, (row[k] for k in TABLES[name].key)))] = row
    return found


def _row_changes(older: Snapshot, newer: Snapshot, told: Mapping[str, str]) -> Iterator[Change]:
    """Yield what differs, but for a source that is new with a row that cites it, and a series with its values."""
    found: list[Change] = []
    for table in (newer.rows.keys() | older.rows.keys()) - {"corrections"}:
        before, after = older.rows.get(table, {}), newer.rows.get(table, {})
        for key in before.keys() | after.keys():
            if before.get(key) != after.get(key):
                found.append(_row_change(table, key, before.get(key, {}), after.get(key, {}), told, newer))
    brought = {("sources", s) for c in found if c.where != "sources" and c.change != "correction" for s in c.sources}
    brought |= {("series", c.id.split(" ")[0]) for c in found if c.where == "observations"}
    yield from (c for c in found if c.change != "new" or (c.where, c.id) not in brought)


def _row_change(table: str, key: str, before: Row, after: Row, told: Mapping[str, str], newer: Snapshot) -> Change:
    row = after or before
    differing = tuple(c for c in row if before.get(c, "") != after.get(c, ""))
    shown = tuple(c for c in differing if c not in SUPPORT_COLUMNS) or differing
    what = _what(table, key, row, newer)
    return Change(
        kind=_row_kind(table, row, differing if before and after else ()),
        change=told.get(key) or class_of_row(before, after),
        where=table,
        id=key,
        what=what,
        before=_values(shown, before, after) if before and after else what if before else "",
        after=_values(shown, after, before) if before and after else what if after else "",
        columns=shown if before and after else (),
        sources=tuple(list_items(after.get("source_ids") or after.get("source_id", ""))),
        day=row.get("date") or row.get("start_date") or row.get("published") or row.get("period", ""),
    )


def _values(columns: Sequence[str], row: Row, other: Row) -> str:
    """Print the values of a row in some columns; of a list only what the other row does not have."""
    texts = []
    for column in columns:
        text, others = row.get(column, ""), set(list_items(other.get(column, "")))
        texts.append("; ".join(i for i in list_items(text) if i not in others) if column == "source_ids" else text)
    return "; ".join(filter(None, texts))


def _what(table: str, key: str, row: Row, snapshot: Snapshot) -> str:
    if table == "observations":
        series = snapshot.rows.get("series", {}).get(row["series_id"], {})
        return " ".join(filter(None, (series.get("title", row["series_id"]), row["period"], row["variant"])))
    return next((row[c] for c in (TABLES[table].named_by if table in TABLES else ()) if row.get(c)), key)


def _row_kind(table: str, row: Row, differing: Sequence[str]) -> str:
    """Say what a change of a row is about: of a new row the weightiest thing in it, else what differs in it."""
    numeric = {c.name for c in TABLES[table].columns if c.kind in ("number", "integer")} if table in TABLES else set()
    columns = set(differing) or {c for c in row if row[c]}
    if columns & QUOTE_COLUMNS and (differing or row.get("quote")):
        return "quote"
    if columns & STANCE_COLUMNS:
        return "stance"
    return "number" if columns & numeric else "fact"


def class_of_row(before: Row, after: Row) -> str:
    """Class a changed row.

    A row that is there for the first time is new. One that is gone was wrong: rows are not deleted for age. One that
    differs in nothing but its sources and the confidence that they earn, or that cites a source which it did not
    cite before, is an update. Otherwise it is a correction, unless only sentences differ, and they state the same
    numbers, names and negations: that is wording.
    """
    if not before or not after:
        return "correction" if before else "new"
    differing = {c for c in after if before.get(c, "") != after[c]}
    cited = [set(list_items(row.get("source_ids") or row.get("source_id", ""))) for row in (before, after)]
    if differing <= SUPPORT_COLUMNS or cited[1] - cited[0]:
        return "update"
    sentences = all(" " in after[c] and " " in before.get(c, "") for c in differing - SUPPORT_COLUMNS)
    exact = differing & (QUOTE_COLUMNS | STANCE_COLUMNS)
    same = all(same_statement(before.get(c, ""), after[c]) for c in differing - SUPPORT_COLUMNS)
    return "wording" if sentences and same and not exact else "correction"


def same_statement(before: str, after: str) -> bool:
    """Tell whether two texts have the same numbers, names and negations: all of their sense that can be counted."""
    both = (before, after)
    counted = [(Counter(NUMBER.findall(t)), Counter(NEGATION.findall(t.lower())), set(PROPER.findall(t))) for t in both]
    return counted[0] == counted[1]


def snapshot_prose(notebooks: Mapping[str, Any], day: str) -> dict[str, dict[str, list[str]]]:
    """Return the paragraphs that a reader of the edition of a day meets, by chapter and cell."""
    found: dict[str, dict[str, list[str]]] = {}
    for key, nb in notebooks.items():
        for cell in (c for c in nb.cells if c.cell_type == "markdown" and active(c, day)):
            titles = [match[2] for match in HEADING.finditer(cell.source)]
            texts = [" ".join(text.split()) for text in paragraphs(cell.source)]
            found.setdefault(key, {})[cell["id"]] = [*titles, *texts]
    return found


def _plain(text: str) -> str:
    """Return words without citations, labels and link targets."""
    return re.sub(r"\s+([.,;:])", r"\1", plain(MARK.sub("", text)))


def _prose_changes(older: Snapshot, newer: Snapshot, told: Mapping[str, str]) -> Iterator[Change]:
    for chapter in dict.fromkeys([*older.prose, *newer.prose]):
        before, after = older.prose.get(chapter, {}), newer.prose.get(chapter, {})
        for same, old, new in _paired(list(before), list(after)):
            texts = before.get(old or "", ()), after.get(new or "", ())
            if same:  # a cell is compared with itself, paragraph by paragraph
                pairs = [pair for equal, *pair in _paired(*texts) if not equal]
            else:  # one that came, went, or took the place of another is one change: its dates say so, not an edit
                pairs = [[" ".join(side) or None for side in texts]]
            for was, now in pairs:
                if _plain(was or "") != _plain(now or "") or same:
                    yield _text_change(chapter, new or old or "", was, now, told, edited=same)


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, str | None, str | None]]:
    """Yield what stands beside what in two sequences, and whether the two are the same."""
    for step, a1, a2, b1, b2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield from ((step == "equal", old, new) for old, new in zip_longest(before[a1:a2], after[b1:b2]))


def _text_change(
    chapter: str, cell: str, old: str | None, new: str | None, told: Mapping[str, str], edited: bool
) -> Change:
    was, now = _plain(old or ""), _plain(new or "")
    kind, change = "prose", told.get(cell) or (class_of_text(old, new) if edited else "update" if old else "new")
    if edited and old and new:
        if NUMBER.sub("0", was) == NUMBER.sub("0", now) and was != now:
            kind = "number"
        elif QUOTATION.findall(was) != QUOTATION.findall(now):
            kind = "quote"
    sources = tuple(dict.fromkeys(named(new or "", "source")))
    return Change(kind, change, chapter, cell, now or was, was, now, sources=sources)


def class_of_text(old: str | None, new: str | None) -> str:
    """Class a paragraph that was edited in its cell.

    With a source that it did not cite before, or taken out, it is an update. With the same sources it is a
    correction when its numbers, names, negations or quotations differ, else wording.
    """
    if old is None or new is None:
        return "update" if old else "new"
    if set(named(old, "source")) != set(named(new, "source")):
        return "update"
    same = same_statement(_plain(old), _plain(new)) and QUOTATION.findall(old) == QUOTATION.findall(new)
    return "wording" if same else "correction"


def _exhibit_changes(older: Snapshot, newer: Snapshot) -> Iterator[Change]:
    for key in dict.fromkeys([*older.exhibits, *newer.exhibits]):
        (was, old), (now, new) = older.exhibits.get(key, ("", "")), newer.exhibits.get(key, ("", ""))
        if (was, old) != (now, new):
            change = "new" if not old else "wording" if old == new else "update"
            yield Change("figure", change, "exhibits", key, now or was, was, now)


def counted(number: int, where: str) -> str:
    """Name a number of changes of one table or chapter."""
    if where[:2].isdigit():
        return f"{number} paragraph{'s' * (number != 1)} of chapter {int(where[:2])}"
    plural = (PLURALS | PROJECT.told.get("counted", {})).get(where, where.replace("_", " "))
    one = plural[:-3] + "y" if plural.endswith("ies") and plural != "series" else plural.removesuffix("s")
    return f"{number} {one if number == 1 and where != 'series' else plural}"


def told_together(diff: Diff, everything: bool = False) -> Iterator[tuple[str, list[tuple[Change, int]]]]:
    """Yield each table or chapter with its changes, each with how many it stands for, by class, then by day.

    New values of one series are told as one, the newest, unless everything is asked for.
    """
    for where, group in groupby(diff.changes, key=lambda change: change.where):
        values, told = where == "observations", list[tuple[Change, int]]()
        ordered = sorted(group, key=lambda c: (CLASSES.index(c.change), c.id if values else c.day, c.id))
        for (change, _), series in groupby(ordered, key=lambda c: (c.change, c.id.split(" ")[0])):
            found = list(series)
            joined = values and change == "new" and not everything
            told += [(found[-1], len(found))] if joined else [(one, 1) for one in found]
        yield where, told
