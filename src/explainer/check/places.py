"""What a check goes by: a cell in its chapter, the days on which it stands, and what may be named on which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from explainer.evidence.evidence import FIRST_DAY, Evidence, Problem
from explainer.evidence.schema import list_items
from explainer.problems import nearest
from explainer.text.cells import LAID_IN, dates
from explainer.text.chapters import EARLIER_FOLDER
from explainer.text.dialect import named, sentence_with

LAST = "9999-12-31"
MARKS = {"source": "@", "row": "[=", "term": "term:", "search": "[?"}
"""What begins a name in a text, by its kind."""

Known = Mapping[str, Mapping[str, str]]
"""What a text may name, by kind, each with the first day on which it may (ISO)."""


@dataclass(frozen=True)
class Place:
    """A cell in its chapter, and the days on which it stands."""

    chapter: str
    cell: Any
    since: str = ""
    until: str = ""
    folder: str = ""

    @property
    def first(self) -> str:
        """First day on which the cell stands (ISO)."""
        return self.since or FIRST_DAY.isoformat()

    def problem(self, value: str, what: str, mend: str) -> Problem:
        """Name a fault of this cell."""
        return Problem(f"{self.folder}{self.chapter}.ipynb", 0, f"cell {self.cell.get('id', '?')}", value, what, mend)

    def covers(self, other: Place) -> bool:
        """Tell whether this cell stands on every day on which the other does."""
        return self.since <= other.first and (self.until or LAST) >= (other.until or LAST)


def placed(key: str, nb: Any) -> dict[int, Place]:
    """Return the place of every cell of a chapter, by its `id()`."""
    early = nb.metadata.get(LAID_IN, ())
    return {
        id(cell): Place(key, cell, str(since or ""), str(until or ""), f"{EARLIER_FOLDER}/" * (cell.id in early))
        for cell in nb.cells
        for since, until in [dates(cell)]
    }


def known_by_day(evidence: Evidence, chapters: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """First day on which each source, row and term may be named; also which rows have a `label`, and the `chapter`s.

    An undated source counts from the first row that cites it.
    """
    known: dict[str, dict[str, str]] = {"row": {}, "term": {}, "label": {}, "chapter": dict.fromkeys(chapters, "")}
    cited: dict[str, str] = {}
    for name, frame in evidence.cuts.dated.items():
        table = evidence.schema.tables[name]
        if table.stands:
            continue
        into = known["term" if name == "glossary" else "row"]
        for identifier, day, sources in zip(frame.iloc[:, 0], frame["known"], frame[table.sources], strict=True):
            into[identifier] = min(day, into.get(identifier, day))
            for source in list_items(sources):
                cited[source] = min(day, cited.get(source, day))
        known["label"] |= dict.fromkeys(frame.iloc[:, 0], "") if "confidence" in frame else {}
    known["source"] = {source: day or cited.get(source, LAST) for source, day in evidence.cuts.published.items()}
    known["search"] = dict.fromkeys(evidence.whole["searches"]["search_id"] if "searches" in evidence.whole else (), "")
    return known


def naming_problems(place: Place, text: str, kind: str, known: Known, names: Iterable[str] = ()) -> Iterator[Problem]:
    """Check that what a text names (or these names) exists, and by the day on which its cell first stands."""
    for name in names or named(text, kind):
        if name not in known[kind]:
            yield place.problem(name, f"no such {kind}", nearest(name, known[kind]).strip() or "correct it")
        elif (day := known[kind][name]) == LAST:
            what = f"an undated {kind} that no row names, so that no day is known for it"
            yield place.problem(name, what, "name it in the row that it carries")
        elif day > place.first:
            sentence = sentence_with(text, f"{MARKS[kind]}{name}")[:120]
            what = f"a {kind} of {day} in a cell that stands from {place.first}: {sentence}"
            yield place.problem(name, what, f"tag the cell since:{day} or name an earlier one")
