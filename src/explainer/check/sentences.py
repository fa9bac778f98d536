"""Checks what the chapters say against the evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from explainer.check.budgets import table_problems
from explainer.check.exhibits import code_problems, misplaced_corrections, reference_problems, unused_sources
from explainer.check.order import reading_problems
from explainer.check.places import LAST, MARKS, Known, Place, known_by_day, naming_problems, placed
from explainer.check.proof import OWN
from explainer.check.words import exhibit_problems, faults_of_words
from explainer.evidence.evidence import Evidence, Problem
from explainer.faces import undrawn
from explainer.text import chapters as words
from explainer.text.cells import LAID_IN, active, tags
from explainer.text.dialect import COMMENT, named, paragraphs, refused, sentence_with, unnamed
from explainer.text.wording import NEWEST, NUMBER, normal, numbers_in, printed_numbers


def check_all(evidence: Evidence, notebooks: Mapping[str, Any] | None = None) -> tuple[int, list[Problem]]:
    """Check every chapter, the committed ones by default, and that every source is used.

    Returns
    -------
    count : int
        How many paragraphs were read.
    problems : list of Problem
        What is wrong.
    """
    notebooks = words.read_chapters() if notebooks is None else notebooks
    known, read = known_by_day(evidence, notebooks), list[str]()
    problems = list(evidence.cuts.confidence.problems())
    for key, nb in notebooks.items():
        problems += check_chapter(nb, placed(key, nb), known, read)
    problems += misplaced_cells(notebooks, evidence.last_day)
    problems += reading_problems(notebooks, evidence.last_day)
    problems += table_problems(evidence, notebooks)
    problems += exhibit_problems(evidence)
    problems += misplaced_corrections(evidence, notebooks)
    problems += unused_sources(evidence, {source for text in read for source in named(text, "source")})
    return len(read), problems


def misplaced_cells(notebooks: Mapping[str, Any], last_day: dt.date) -> Iterator[Problem]:
    """Name the cells of earlier days that stand in the newest text, and those of the newest among the earlier."""
    for key, nb in notebooks.items():
        for place in placed(key, nb).values():
            laid_in = place.cell.id in nb.metadata.get(LAID_IN, ())
            if active(place.cell, last_day) == laid_in:
                what = f"a cell that {'stands' if laid_in else 'does not stand'} on {last_day}, the newest day"
                mend = "give it an earlier until:" if laid_in else f"explainer retire {key} {place.cell.id} --until DAY"
                yield place.problem(" ".join(tags(place.cell)), what, mend)


def check_chapter(nb: Any, places: Mapping[int, Place], known: Known, read: list[str]) -> Iterator[Problem]:
    """Check one chapter: code, citations, days, guards, support; its paragraphs are added to those that were read."""
    for cells in words.sections(nb):
        section = [places[id(cell)] for cell in cells]
        for place in section:
            if place.cell.cell_type == "code":
                yield from code_problems(place, known)
                continue
            guards = [other.cell for other in section if other.covers(place)]
            shown = words.guarded(guards)
            days = {day for cell in guards for _, day in words.guards(cell)}
            yield from (place.problem(*found) for found in refused(place.cell.source))
            for sign, what in undrawn(COMMENT.sub("", place.cell.source)).items():
                yield place.problem(sign, what, "write it otherwise")
            for text in paragraphs(place.cell.source):
                read.append(text)
                yield from text_problems(place, " ".join(text.split()), known, shown)
                yield from _unguarded_days(place, text, days)
        yield from idle_guards(section)


def text_problems(place: Place, text: str, known: Known, shown: Mapping[str, str]) -> Iterator[Problem]:
    """Check one paragraph against the day from which it stands."""
    aside, numbers = "aside" in tags(place.cell), numbers_in(text)
    rests = aside or words.is_record(place.chapter) or named(text, "source", "fig", "tab") or OWN.search(text)
    if not rests and not any(normal(number) in shown for number in numbers):
        mend = "cite its source, guard its number, or mark it as the report's own reading"
        yield place.problem(text, "a factual paragraph without citation or guard", mend)
    for kind in MARKS:
        yield from naming_problems(place, text, kind, known)
    for identifier in named(text, "row"):
        if identifier in known["row"] and identifier not in known["label"]:
            mend = "name an event, statement, precedent or account"
            yield place.problem(identifier, "a row without confidence", mend)
    yield from reference_problems(place, text, known)
    yield from (place.problem(*fault) for fault in faults_of_words(text, ages=not place.until))
    for number in () if aside else dict.fromkeys(numbers):
        if normal(number) not in shown:
            what = f"a number without a guard before the next heading: {sentence_with(text, number)[:120]}"
            mend = "add guard(...) with the number as shown, in a cell with the same since and until"
            yield place.problem(number, what, mend)


def _unguarded_days(place: Place, text: str, shown: Set[str]) -> Iterator[Problem]:
    """Name the days of which a newer row would make a lie; a text of earlier days has its end."""
    for match in () if place.until else NEWEST.finditer(unnamed(text)):
        if (day := match["after"] or match["before"]) not in shown:
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
