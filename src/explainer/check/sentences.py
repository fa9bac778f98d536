"""Checks what the chapters say against the evidence, and writes the ledger of what each paragraph rests on."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

from explainer.check import exhibits
from explainer.check.budgets import table_problems
from explainer.check.order import reading_problems
from explainer.check.places import LAST, MARKS, Known, Place, known_by_day, naming_problems, placed
from explainer.check.proof import OWN
from explainer.evidence.evidence import Evidence, Problem
from explainer.faces import undrawn
from explainer.text import chapters as words
from explainer.text.cells import LAID_IN, active, tags
from explainer.text.dialect import COMMENT, named, paragraphs, refused, sentence_with, unnamed
from explainer.text.wording import NEWEST, NUMBER, normal, numbers_in, printed_numbers


class Entry(NamedTuple):
    """One paragraph of the ledger."""

    chapter: str
    cell: str
    since: str
    until: str
    status: str
    citations: tuple[str, ...]
    guards: tuple[str, ...]
    paragraph: str


def write_ledger(entries: Iterable[Entry]) -> str:
    """Write the claim ledger as CSV."""
    buffer = io.StringIO()
    rows = ([";".join(v) if isinstance(v, tuple) else v for v in e] for e in entries)
    csv.writer(buffer, lineterminator="\n").writerows([Entry._fields, *rows])
    return buffer.getvalue()


def check_all(evidence: Evidence, notebooks: Mapping[str, Any] | None = None) -> tuple[list[Entry], list[Problem]]:
    """Check every chapter, the committed ones by default, and that every source is used; return ledger and problems."""
    notebooks = words.read_chapters() if notebooks is None else notebooks
    known, entries = known_by_day(evidence, notebooks), list[Entry]()
    problems = list(evidence.cuts.confidence.problems())
    for key, nb in notebooks.items():
        problems += check_chapter(nb, placed(key, nb), known, entries)
    problems += misplaced_cells(notebooks, evidence.last_day)
    problems += reading_problems(notebooks, evidence.last_day)
    problems += table_problems(evidence, notebooks)
    problems += exhibits.exhibit_problems(evidence)
    problems += exhibits.misplaced_corrections(evidence, notebooks)
    problems += exhibits.unused_sources(evidence, {i for entry in entries for i in entry.citations})
    return entries, problems


def misplaced_cells(notebooks: Mapping[str, Any], last_day: dt.date) -> Iterator[Problem]:
    """Name the cells of earlier days that stand in the newest text, and those of the newest among the earlier."""
    for key, nb in notebooks.items():
        for place in placed(key, nb).values():
            laid_in = place.cell.id in nb.metadata.get(LAID_IN, ())
            if active(place.cell, last_day) == laid_in:
                what = f"a cell that {'stands' if laid_in else 'does not stand'} on {last_day}, the newest day"
                mend = "give it an earlier until:" if laid_in else f"explainer retire {key} {place.cell.id} --until DAY"
                yield place.problem(" ".join(tags(place.cell)), what, mend)


def check_chapter(nb: Any, places: Mapping[int, Place], known: Known, entries: list[Entry]) -> Iterator[Problem]:
    """Check one chapter: code, citations, days, guards, support; its paragraphs are added to the ledger."""
    for cells in words.sections(nb):
        section = [places[id(cell)] for cell in cells]
        for place in section:
            if place.cell.cell_type == "code":
                yield from exhibits.code_problems(place, known)
                continue
            guards = [other.cell for other in section if other.covers(place)]
            shown = words.guarded(guards)
            days = {day for cell in guards for _, day in words.guards(cell)}
            yield from (place.problem(*found) for found in refused(place.cell.source))
            for sign, what in undrawn(COMMENT.sub("", place.cell.source)).items():
                yield place.problem(sign, what, "write it otherwise")
            for text in paragraphs(place.cell.source):
                entries.append(_entry(place, text, shown))
                yield from text_problems(place, entries[-1], known, shown, days)
        yield from idle_guards(section)


def _entry(place: Place, text: str, shown: Mapping[str, str]) -> Entry:
    """Say on what a paragraph rests."""
    cited = tuple(named(text, "source"))
    guards = tuple(dict.fromkeys(shown[n] for n in map(normal, numbers_in(text)) if n in shown))
    possible = {
        "aside": "aside" in tags(place.cell),
        "record": words.is_record(place.chapter),
        "cited": cited,
        "guarded": guards,
        "exhibit": named(text, "fig", "tab"),
        "own voice": OWN.search(text),
        "unsupported": True,
    }
    status, plain = next(name for name, holds in possible.items() if holds), " ".join(text.split())
    return Entry(place.chapter, place.cell.get("id", ""), place.since, place.until, status, cited, guards, plain)


def text_problems(
    place: Place, entry: Entry, known: Known, shown: Mapping[str, str], days: Set[str]
) -> Iterator[Problem]:
    """Check one paragraph against the day from which it stands, and the numbers and `days` that guards show."""
    text = entry.paragraph
    if entry.status == "unsupported":
        mend = "cite its source, guard its number, or mark it as the report's own reading"
        yield place.problem(text, "a factual paragraph without citation or guard", mend)
    for kind in MARKS:
        yield from naming_problems(place, text, kind, known)
    for identifier in named(text, "row"):
        if identifier in known["row"] and identifier not in known["label"]:
            mend = "name an event, statement, precedent or account"
            yield place.problem(identifier, "a row without confidence", mend)
    for key in (key for key in named(text, "ch") if key not in known["chapter"]):
        yield place.problem(f"@ch-{key}", "no such chapter", "use one of " + ", ".join(sorted(known["chapter"])))
    yield from (place.problem(*fault) for fault in exhibits.faults_of_words(text, ages=not place.until))
    for number in () if entry.status == "aside" else dict.fromkeys(numbers_in(text)):
        if normal(number) not in shown:
            what = f"a number without a guard before the next heading: {sentence_with(text, number)[:120]}"
            mend = "add guard(...) with the number as shown, in a cell with the same since and until"
            yield place.problem(number, what, mend)
    for match in () if place.until else NEWEST.finditer(unnamed(text)):  # a text of earlier days has its end
        if (day := match["after"] or match["before"]) not in days:
            mend = "add guard(...) with day(...) of the newest row and the day as shown, or tag the cell until:"
            yield place.problem(day, f"a newest day without a guard: {sentence_with(text, day)[:120]}", mend)


def idle_guards(section: Sequence[Place]) -> Iterator[Problem]:
    """Name guards whose number no sentence of the section prints on a day of theirs."""
    prose = [p for p in section if p.cell.cell_type == "markdown"]
    for place in section:
        told = [p for p in prose if p.first <= (place.until or LAST) and place.first <= (p.until or LAST)]
        printed = set().union(*(printed_numbers(p.cell.source) for p in told))
        for claim, shown in words.guards(place.cell):
            numbers = [normal(n) for n in NUMBER.findall(shown)]
            if numbers and not printed & set(numbers):
                what = f"a guard of a number that its section does not print ({claim})"
                yield place.problem(shown, what, "write the number as the sentence does, or remove the guard")
