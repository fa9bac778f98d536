"""Checks the chapters' code, the exhibits that it shows, the words of these and of texts, and what nothing uses."""

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType
from typing import Any

import pandas as pd

from explainer.check.places import Known, Place, naming_problems
from explainer.evidence import sources
from explainer.evidence.evidence import Evidence, Problem
from explainer.evidence.schema import QUOTE_WORDS, fits_quotation, list_items
from explainer.exhibits.columns import rows_of
from explainer.exhibits.kit import Exhibit
from explainer.exhibits.subject import computed, exhibits
from explainer.problems import nearest
from explainer.text import chapters as words
from explainer.text.cells import EXHIBIT, tags
from explainer.text.dialect import QUOTATION, refused, sentence_with
from explainer.text.wording import NUMBER, normal, number, numbers_in

CODE_LINES = 10
_EXHIBIT = "(?:figure|table|chart|map|graph|picture)"
ELSEWHERE = re.compile(
    rf"\b{_EXHIBIT}s? (?:above|below|overleaf|opposite)\b"
    rf"|\b(?:above|below|preceding|following|previous|next) {_EXHIBIT}\b"
    r"|\b(?:as|see|seen|noted|shown|mentioned|described) (?:above|below|earlier)\b",
    re.IGNORECASE,
)
AGEING = re.compile(
    r"\b(?:so far|(?<!up )to date|recently|currently|nowadays|at present|these days|until now|up to now)\b",
    re.IGNORECASE,
)
FIELDS = ("claim", "subtitle", "note", "alt")
"""The words of an exhibit."""


def code_problems(place: Place, known: Known) -> Iterator[Problem]:
    """Check a code cell: short, readable, nothing defined, one exhibit, no row of a later day."""
    lines = [line for line in place.cell.source.splitlines() if line.strip()]
    if len(lines) > CODE_LINES and "parameters" not in tags(place.cell):
        yield place.problem(f"{len(lines)} lines", "a code cell of more than ten lines", "move work to the package")
    for part in words.nodes(place.cell.source):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{'class' if isinstance(part, ast.ClassDef) else 'def'} {part.name}"
            yield place.problem(name, "a definition in a chapter", "move it to the package and import it")
    kinds, registered = EXHIBIT & set(tags(place.cell)), exhibits()
    for name in words.shown(place.cell):
        if name not in registered:
            mend = nearest(name, registered).strip() or "register it or correct it"
            yield place.problem(name, "no such exhibit", mend)
        elif kinds != {kind := registered[name].kind}:
            yield place.problem(name, f"a {kind} in a cell not tagged so", f"tag the cell {kind}")
    for call in words.calls(place.cell.source, "stated", "row"):
        node = call.args[1:2] if getattr(call.func, "id", "") == "stated" or len(call.args) > 1 else call.args[:1]
        identifier = str(node[0].value) if node and isinstance(node[0], ast.Constant) else ""
        if identifier and identifier not in known["term"]:
            yield from naming_problems(place, identifier, "row", known, [identifier])


def unused_sources(evidence: Evidence, cited: set[str]) -> Iterator[Problem]:
    """Name the sources that no row and no sentence uses."""
    whole, used = evidence.whole, set(cited)
    for table in (table for table in evidence.schema.resources if table.sources):
        used |= {i for text in whole[table.name][table.sources].unique() for i in list_items(text)}
    for identifier, line in whole["sources"][["source_id", "_line"]].itertuples(index=False):
        if identifier not in used:
            what, mend = "used by no row and no sentence", "cite it or remove the row"
            yield Problem("sources.csv", int(line), "source_id", identifier, what, mend)


def misplaced_corrections(evidence: Evidence, notebooks: Mapping[str, Any]) -> Iterator[Problem]:
    """Name the corrections whose place is no chapter, cell, exhibit or row, and those that change nothing."""
    whole = evidence.whole
    if (frame := whole.get("corrections")) is None:
        return
    places = {f"{key}/{cell.get('id')}" for key, nb in notebooks.items() for cell in nb.cells} | set(notebooks)
    places |= {f"{exhibit.kind[:3]}-{name}" for name, exhibit in exhibits().items()}
    for name, table in evidence.schema.tables.items():
        if len(table.key) == 1 and name != "corrections":  # none is corrected by another: its row is mended
            places |= set(whole[name][table.key[0]])
    for place, line in zip(frame["place"], frame["_line"], strict=True):
        if place not in places:
            mend = nearest(place, places) + "write a row's id, chapter/cell, fig-id, tab-id or a chapter"
            yield Problem("corrections.csv", int(line), "place", place, "no such place", mend)
    for said, line in frame.loc[frame["was"] == frame["is"], ["is", "_line"]].itertuples(index=False):
        what, mend = "is what stood there before", "write what stands there now, or remove the row"
        yield Problem("corrections.csv", int(line), "is", said, what, mend)


def faults_of_words(text: str, ages: bool = True) -> Iterator[tuple[str, str, str]]:
    """Yield the words that no text may hold: they, what they are, and the mend; `ages` where it stands for ever."""
    for match in QUOTATION.finditer(text):
        if not fits_quotation(match[1] or match[2]):
            yield match[0], "too long for a quotation", f"shorten it to {QUOTE_WORDS} words"
    for match in ELSEWHERE.finditer(text):
        what = "a place on the page that another format does not have"
        yield match[0], what, "refer with @fig-id, @tab-id or @ch-key"
    for match in AGEING.finditer(QUOTATION.sub(" ", text)) if ages else ():
        what = f"a word that ages: {sentence_with(text, match[0])[:120]}"
        yield match[0], what, "give the day, or tag the cell until:"


def exhibit_problems(evidence: Evidence) -> Iterator[Problem]:
    """Name what is typed in the words of an exhibit and may not be, or is a number that its data do not hold."""
    held_by = _numbers_by_source(evidence)
    for exhibit, place, text in typed_words(evidence, *FIELDS):
        for fault in (*faults_of_words(text), *refused(text), *_numbers(exhibit, text, evidence, held_by)):
            yield Problem(*place, *fault)


def typed_words(evidence: Evidence, *fields: str) -> Iterator[tuple[Exhibit, tuple[str, int, str], str]]:
    """Yield the words that an author typed in these fields of each exhibit, with file, line and place of a fault."""
    for exhibit in exhibits().values():
        for row in rows_of(exhibit.id, evidence.whole.get("captions")).to_dict("records"):
            if row["part"] in fields:
                yield exhibit, ("captions.csv", int(row["_line"]), f"exhibit {exhibit.id}, {row['part']}"), row["text"]
        data = inspect.unwrap(getattr(exhibit.data, "func", exhibit.data))
        file = (inspect.getsourcefile(data) or "").rpartition("src/")[2].replace("numbers.py", "words.py")
        for field in fields:
            place = file, 0, f"exhibit {exhibit.id}, {field}"
            yield from ((exhibit, place, text) for text in typed(getattr(exhibit, field)))


def typed(words: str | Callable[..., str]) -> Iterator[str]:
    """Yield the words that an author typed: a text, or the texts in a function."""
    if isinstance(words, str):
        yield words
        return
    function = inspect.unwrap(getattr(words, "func", words))
    waiting: list[Any] = [function.__code__]
    for one in waiting:
        if isinstance(one, CodeType):
            waiting += one.co_consts
        elif isinstance(one, str) and " " in one and one != function.__doc__:
            yield one


def _numbers(
    exhibit: Exhibit, text: str, evidence: Evidence, held_by: Mapping[str, set[str]]
) -> Iterator[tuple[str, str, str]]:
    if not (printed := numbers_in(text)):
        return
    frame = computed(exhibit, evidence)
    cited = exhibit.cite(frame) if exhibit.cite else sources.cited_in(frame)
    held = _numbers_of(value for column in frame for value in frame[column])
    held = held.union(*(held_by.get(source, ()) for source in cited))
    for one in (one for one in printed if normal(one) not in held):
        what = f"a number that neither its data nor its sources' rows hold: {text.strip()[:120]}"
        yield one, what, "compute it from the frame"


def _numbers_by_source(evidence: Evidence) -> dict[str, set[str]]:
    """Return the numbers of all rows that rest on a source."""
    found: dict[str, set[str]] = {}
    for table in (table for table in evidence.schema.resources if table.sources):
        for row in evidence.whole[table.name].drop(columns="_line").to_dict("records"):
            numbers = _numbers_of(row.values())
            for source in list_items(row[table.sources]):
                found.setdefault(source, set()).update(numbers)
    return found


def _numbers_of(values: Iterable[Any]) -> set[str]:
    """Return every number of some values, as it may be printed: in full, and with fewer decimals."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, str):
            found.update(map(normal, NUMBER.findall(value)))
        elif isinstance(value, int | float) and not isinstance(value, bool) and pd.notna(value):
            found.update(normal(number(float(value), digits)) for digits in range(3))
    return found
