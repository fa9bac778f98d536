"""What a check goes by: a cell in its chapter, the days on which it stands, and what may be named on which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from explainer.evidence import problems
from explainer.evidence.asof import known_days
from explainer.evidence.evidence import FIRST_DAY, Evidence, Problem
from explainer.evidence.schema import list_items
from explainer.text.dialect import sentence_with

LAST = "9999-12-31"


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


@dataclass(frozen=True)
class Known:
    """What a text may name, each with the first day on which it may (ISO)."""

    sources: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    searches: dict[str, str] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    chapters: frozenset[str] = frozenset()


def known_by_day(evidence: Evidence, chapters: Iterable[str] = ()) -> Known:
    """First day on which each source, row and term may be named.

    An undated source counts from the first row that cites it.
    """
    whole = evidence.whole
    published = dict(zip(whole["sources"]["source_id"], whole["sources"]["published"], strict=True))
    known, labels = Known(chapters=frozenset(chapters)), set()
    undated: dict[str, str] = {}
    for name, frame in whole.items():
        table = evidence.schema.tables[name]
        if table.stands:
            continue
        into = known.terms if name == "glossary" else known.rows
        for identifier, day, cited in zip(
            frame.iloc[:, 0], known_days(frame, table, published), frame[table.sources], strict=True
        ):
            into[identifier] = min(day, into.get(identifier, day))
            for source in list_items(cited):
                undated[source] = min(day, undated.get(source, day))
        labels |= set(frame.iloc[:, 0]) if "confidence" in frame.columns else set()
    known.sources.update({source: day or undated.get(source, LAST) for source, day in published.items()})
    searches = dict.fromkeys(whole["searches"]["search_id"], "") if "searches" in whole else {}
    return Known(known.sources, known.rows, known.terms, searches, frozenset(labels), known.chapters)


def nearest(wrong: str, known: Iterable[str], otherwise: str = "correct it") -> str:
    """Return the mend of a wrong name: the nearest right one."""
    return problems.nearest(wrong, known).strip() or otherwise


def naming_problems(
    place: Place, text: str, names: Iterable[tuple[str, str]], known: Mapping[str, str], kind: str
) -> Iterator[Problem]:
    """Check that what a text names (with its mark) exists, and by the day on which its cell first stands."""
    for identifier, mark in names:
        if identifier not in known:
            yield place.problem(identifier, f"no such {kind}", nearest(identifier, known))
        elif known[identifier] == LAST:
            what = f"an undated {kind} that no row names, so that no day is known for it"
            yield place.problem(identifier, what, "name it in the row that it carries")
        elif known[identifier] > place.first:
            day, sentence = known[identifier], sentence_with(text, mark)[:120]
            what = f"a {kind} of {day} in a cell that stands from {place.first}: {sentence}"
            yield place.problem(identifier, what, f"tag the cell since:{day} or name an earlier one")
