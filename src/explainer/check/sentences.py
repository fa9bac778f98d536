"""Checks what the chapters say against the evidence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from explainer.check.budgets import table_problems
from explainer.check.exhibits import code_problems, misplaced_corrections, reference_problems, unused_sources
from explainer.check.ledger import Entry
from explainer.check.order import reading_problems
from explainer.check.places import LAST, Known, Place, known_by_day, naming_problems
from explainer.check.words import exhibit_problems, faults_of_words
from explainer.evidence.evidence import Evidence, Problem
from explainer.text import chapters as words
from explainer.text.cells import LAID_IN, TagError, active, dates, tags
from explainer.text.dialect import named, paragraphs, refused, sentence_with, unnamed
from explainer.text.wording import NEWEST, NUMBER, normal, numbers_in, printed_numbers

OWN_VOICE = re.compile(r"\b([Tt]his report|[Tt]his chapter|[Tt]his edition|[Ww]e|[Oo]ur)\b")
"""The report speaking of itself, its method or its reading: analysis that says whose it is."""


def check_all(evidence: Evidence, notebooks: Mapping[str, Any] | None = None) -> tuple[list[Entry], list[Problem]]:
    """Check every chapter, and that every source is used.

    Parameters
    ----------
    evidence : Evidence
        The whole evidence.
    notebooks : mapping of chapter to notebook, optional
        The committed chapters by default.

    Returns
    -------
    entries : list of Entry
        The claim ledger.
    problems : list of Problem
    """
    notebooks = words.read_chapters() if notebooks is None else notebooks
    known = known_by_day(evidence, notebooks)
    entries, problems = [], list(evidence.cuts.confidence.problems())
    readable = True
    for key, nb in notebooks.items():
        places, wrong = placed(key, nb)
        readable = readable and not wrong
        found, more = check_chapter(nb, places, known)
        entries += found
        problems += wrong + more
    if readable:
        problems += misplaced_cells(notebooks, evidence.last_day)
        problems += reading_problems(notebooks, evidence.last_day)
        problems += table_problems(evidence, notebooks)
    problems += exhibit_problems(evidence)
    problems += misplaced_corrections(evidence, notebooks)
    problems += unused_sources(evidence, {i for entry in entries for i in entry.citations})
    return entries, problems


def placed(key: str, nb: Any) -> tuple[dict[int, Place], list[Problem]]:
    """Return the place of every cell of a chapter (by its `id()`), and the faults of tags."""
    places, problems = {}, []
    for cell in nb.cells:
        folder = f"{words.EARLIER_FOLDER}/" if cell.id in nb.metadata.get(LAID_IN, ()) else ""
        try:
            since, until = (str(day) if day else "" for day in dates(cell))
        except TagError as error:
            problems.append(Place(key, cell, folder=folder).problem("", error.what, error.mend))
            continue
        place = places[id(cell)] = Place(key, cell, since, until, folder)
        if since and until and since > until:
            told = f"since:{since} until:{until}"
            problems.append(place.problem(told, "a cell that never stands", "put since before until"))
    return places, problems


def misplaced_cells(notebooks: Mapping[str, Any], last_day: dt.date) -> Iterator[Problem]:
    """Name the cells of earlier days that stand in the newest text, and those of the newest among the earlier."""
    for key, nb in notebooks.items():
        for cell in nb.cells:
            laid_in = cell.id in nb.metadata.get(LAID_IN, ())
            if active(cell, last_day) == laid_in:
                place = Place(key, cell, folder=f"{words.EARLIER_FOLDER}/" if laid_in else "")
                what = f"a cell that {'stands' if laid_in else 'does not stand'} on {last_day}, the newest day"
                mend = "give it an earlier until:" if laid_in else f"explainer retire {key} {cell.id} --until DAY"
                yield place.problem(" ".join(tags(cell)), what, mend)


def check_chapter(nb: Any, places: Mapping[int, Place], known: Known) -> tuple[list[Entry], list[Problem]]:
    """Check one chapter: code, citations, days, guards, support."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for cells in words.sections(nb):
        section = [places[id(cell)] for cell in cells if id(cell) in places]
        for place in section:
            if place.cell.cell_type == "code":
                problems += code_problems(place, known)
                continue
            guards = [other.cell for other in section if other.covers(place)]
            shown = words.guarded(guards)
            problems += [place.problem(*found) for found in refused(place.cell.source)]
            for text in paragraphs(place.cell.source):
                entries.append(_entry(place, text, shown))
                problems += text_problems(place, entries[-1], known, shown)
                problems += _unguarded_days(place, text, {day for cell in guards for _, day in words.guards(cell)})
        problems += idle_guards(section)
    return entries, problems


def _entry(place: Place, text: str, shown: Mapping[str, str]) -> Entry:
    cited = tuple(named(text, "source"))
    numbers = map(normal, numbers_in(text))
    guards = tuple(dict.fromkeys(shown[number] for number in numbers if number in shown))
    plain = " ".join(text.split())
    status = _status(place, text, cited, guards)
    return Entry(place.chapter, place.cell.get("id", ""), place.since, place.until, status, cited, guards, plain)


def _status(place: Place, text: str, cited: Sequence[str], guards: Sequence[str]) -> str:
    """Say on what a paragraph rests."""
    if "aside" in tags(place.cell):
        return "aside"
    if words.is_record(place.chapter):
        return "record"
    if cited or guards:
        return "cited" if cited else "guarded"
    if named(text, "fig", "tab"):
        return "exhibit"
    return "own voice" if OWN_VOICE.search(text) else "unsupported"


# ---------------------------------------------------------------------------------------------------------
# One paragraph


def text_problems(place: Place, entry: Entry, known: Known, shown: Mapping[str, str]) -> Iterator[Problem]:
    """Check one paragraph against the day from which it stands."""
    if entry.status == "unsupported":
        mend = "cite its source, guard its number, or mark it as the report's own reading"
        yield place.problem(entry.text, "a factual paragraph without citation or guard", mend)
    allowed = {"source": ("@", known.sources), "row": ("[=", known.rows), "term": ("term:", known.terms)}
    allowed["search"] = ("[?", known.searches)
    for kind, (mark, names) in allowed.items():
        marked = [(name, f"{mark}{name}") for name in named(entry.text, kind)]
        yield from naming_problems(place, entry.text, marked, names, kind)
    for identifier in named(entry.text, "row"):
        if identifier in known.rows and identifier not in known.labels:
            mend = "name an event, statement, precedent or account"
            yield place.problem(identifier, "a row without confidence", mend)
    yield from reference_problems(place, entry.text, known)
    yield from (place.problem(*fault) for fault in faults_of_words(entry.text, ages=not place.until))
    if entry.status != "aside":
        yield from _unguarded(place, entry.text, shown)


def _unguarded(place: Place, text: str, shown: Mapping[str, str]) -> Iterator[Problem]:
    for number in dict.fromkeys(numbers_in(text)):
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
