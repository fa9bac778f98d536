"""Checks what the chapters say against the evidence, and lists it: the claim ledger."""

from __future__ import annotations

import ast
import csv
import datetime as dt
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alliance import REGISTRY
from explainer.check.order import reading_problems
from explainer.evidence.asof import known_days
from explainer.evidence.evidence import FIRST_DAY, Evidence, Problem
from explainer.evidence.schema import QUOTE_WORDS, fits_quotation, list_items
from explainer.text import chapters as words
from explainer.text.cells import LAID_IN, TagError, active, dates, tags

CODE_LINES = 10
LAST = "9999-12-31"
OWN_VOICE = re.compile(r"\b([Tt]his report|[Tt]his chapter|[Tt]his edition|[Ww]e|[Oo]ur)\b")
"""The report speaking of itself, its method or its reading: analysis that says whose it is."""

_EXHIBIT = "(?:figure|table|chart|map|graph|picture)"
WORDING = (
    (
        re.compile(
            rf"\b{_EXHIBIT}s? (?:above|below|overleaf|opposite)\b"
            rf"|\b(?:above|below|preceding|following|previous|next) {_EXHIBIT}\b"
            r"|\b(?:as|see|seen|noted|shown|mentioned|described) (?:above|below|earlier)\b",
            re.IGNORECASE,
        ),
        "a place on the page that another format does not have",
        "refer with @fig-id, @tab-id or @ch-key",
    ),
    (
        re.compile(r"</?(?!span\b|!--)[a-zA-Z][^>]*>|<span(?! lang=\"[a-z-]+\">)[^>]*>"),
        "HTML other than a span with its language",
        "write it in Markdown",
    ),
    (
        re.compile(r"\[\s*@(?![^\[\]]*\]\()(?!(?:@?[A-Za-z0-9][\w.-]*(?:\s*;\s*@[A-Za-z0-9][\w.-]*)*)\])[^\[\]]*\]"),
        "does not read as a citation",
        "write [@source-id] or [@first-id; @second-id]",
    ),
)
AGEING = re.compile(
    r"\b(?:so far|(?<!up )to date|recently|currently|nowadays|at present|these days|until now|up to now)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """One paragraph of the ledger."""

    chapter: str
    cell: str
    since: str
    until: str
    text: str
    citations: tuple[str, ...]
    guards: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class Known:
    """What a text may name, each with the first day on which it may (ISO)."""

    sources: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    chapters: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """A cell in its chapter, and the days on which it stands."""

    chapter: str
    cell: Any
    since: str
    until: str

    @property
    def first(self) -> str:
        """First day on which the cell stands (ISO)."""
        return self.since or FIRST_DAY.isoformat()

    def problem(self, value: str, what: str, mend: str) -> Problem:
        """Name a fault of this cell."""
        return Problem(f"{self.chapter}.ipynb", 0, f"cell {self.cell.get('id', '?')}", value, what, mend)

    def covers(self, other: Place) -> bool:
        """Tell whether this cell stands on every day on which the other does."""
        return self.since <= other.first and (self.until or LAST) >= (other.until or LAST)


def check_all(
    evidence: Evidence,
    notebooks: Mapping[str, Any] | None = None,
) -> tuple[list[Entry], list[Problem]]:
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
    problems += misplaced_corrections(evidence, notebooks)
    problems += unused_sources(evidence, {i for entry in entries for i in entry.citations})
    return entries, problems


def known_by_day(evidence: Evidence, chapters: Iterable[str] = ()) -> Known:
    """First day on which each source, row and term may be named.

    An undated source counts from the first row that cites it.
    """
    whole = evidence.whole
    published = dict(zip(whole["sources"]["source_id"], whole["sources"]["published"], strict=True))
    known, undated, labels = Known(chapters=frozenset(chapters)), {}, set()
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
    known.sources.update({source: day or undated.get(source, "") for source, day in published.items()})
    return Known(known.sources, known.rows, known.terms, frozenset(labels), known.chapters)


def placed(key: str, nb: Any) -> tuple[dict[int, Place], list[Problem]]:
    """Return the place of every cell of a chapter (by its `id()`), and the faults of tags."""
    places, problems = {}, []
    for cell in nb.cells:
        try:
            since, until = (str(day) if day else "" for day in dates(cell))
        except TagError as error:
            what = str(error).partition(": ")[2].partition("; ")[0]
            problems.append(Place(key, cell, "", "").problem("", what, str(error).partition("; ")[2]))
            continue
        place = places[id(cell)] = Place(key, cell, since, until)
        if since and until and since > until:
            problems.append(
                place.problem(f"since:{since} until:{until}", "a cell that never stands", "put since before until")
            )
    return places, problems


def misplaced_cells(notebooks: Mapping[str, Any], last_day: dt.date) -> Iterator[Problem]:
    """Name the cells of earlier days that stand in the newest text, and those of the newest among the earlier."""
    for key, nb in notebooks.items():
        for cell in nb.cells:
            laid_in = cell.id in nb.metadata.get(LAID_IN, ())
            if active(cell, last_day) == laid_in:
                file = f"{words.EARLIER_FOLDER}/{key}.ipynb" if laid_in else f"{key}.ipynb"
                what = f"a cell that {'stands' if laid_in else 'does not stand'} on {last_day}, the newest day"
                mend = "give it an earlier until:" if laid_in else f"explainer retire {key} {cell.id} --until DAY"
                yield Problem(file, 0, f"cell {cell.id}", " ".join(tags(cell)), what, mend)


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
            shown = words.guarded(other.cell for other in section if other.covers(place))
            for text in words.paragraphs(place.cell.source):
                entries.append(_entry(place, text, shown))
                problems += text_problems(place, entries[-1], known, shown)
        problems += idle_guards(section)
    return entries, problems


def _entry(place: Place, text: str, shown: Mapping[str, str]) -> Entry:
    cited = words.citations(text)
    numbers = map(words.normal, words.numbers_in(text))
    guards = tuple(dict.fromkeys(shown[number] for number in numbers if number in shown))
    plain = " ".join(text.split())
    status = _status(place, text, cited, guards)
    return Entry(place.chapter, place.cell.get("id", ""), place.since, place.until, plain, cited, guards, status)


def _status(place: Place, text: str, cited: Sequence[str], guards: Sequence[str]) -> str:
    """Say on what a paragraph rests."""
    if "aside" in tags(place.cell):
        return "aside"
    if cited or guards:
        return "cited" if cited else "guarded"
    if words.EXHIBIT.search(text):
        return "exhibit"
    return "own voice" if OWN_VOICE.search(text) else "unsupported"


# ---------------------------------------------------------------------------------------------------------
# One paragraph


def text_problems(place: Place, entry: Entry, known: Known, shown: Mapping[str, str]) -> Iterator[Problem]:
    """Check one paragraph against the day from which it stands."""
    if entry.status == "unsupported":
        yield place.problem(
            entry.text,
            "a factual paragraph without citation or guard",
            "cite its source, guard its number, or mark it as the report's own reading",
        )
    yield from _named(place, entry.text, [(i, f"@{i}") for i in entry.citations], known.sources, "source")
    labels = words.LABEL.findall(entry.text)
    yield from _named(place, entry.text, [(i, f"[={i}]") for i in labels], known.rows, "row")
    yield from _named(
        place, entry.text, [(i, f"term:{i}") for i in words.TERM.findall(entry.text)], known.terms, "term"
    )
    for identifier in labels:
        if identifier in known.rows and identifier not in known.labels:
            yield place.problem(
                identifier, "a row without confidence", "name an event, statement, precedent or account"
            )
    yield from _references(place, entry.text, known)
    yield from _wording(place, entry.text)
    if entry.status != "aside":
        yield from _unguarded(place, entry.text, shown)


def _named(
    place: Place, text: str, named: Iterable[tuple[str, str]], known: Mapping[str, str], kind: str
) -> Iterator[Problem]:
    """Check that what a text names exists, and by the day on which its cell first stands."""
    for identifier, mark in named:
        if identifier not in known:
            near = difflib.get_close_matches(identifier, known, 1)
            yield place.problem(identifier, f"no such {kind}", f"did you mean {near[0]!r}" if near else "correct it")
        elif known[identifier] > place.first:
            sentence = words.sentence_with(text, mark)[:120]
            yield place.problem(
                identifier,
                f"a {kind} of {known[identifier]} in a cell that stands from {place.first}: {sentence}",
                f"tag the cell since:{known[identifier]} or name an earlier one",
            )


def _references(place: Place, text: str, known: Known) -> Iterator[Problem]:
    for kind, identifier in words.EXHIBIT.findall(text):
        if identifier not in REGISTRY or REGISTRY[identifier].kind[:3] != kind:
            near = difflib.get_close_matches(identifier, REGISTRY, 1)
            mend = f"did you mean @{REGISTRY[near[0]].kind[:3]}-{near[0]}" if near else "correct it or register it"
            yield place.problem(f"@{kind}-{identifier}", "no such exhibit", mend)
    for key in words.CHAPTER.findall(text):
        if key not in known.chapters:
            yield place.problem(f"@ch-{key}", "no such chapter", "use one of " + ", ".join(sorted(known.chapters)))


def _wording(place: Place, text: str) -> Iterator[Problem]:
    """Name words that a format, a later day or the limit on quotations forbids."""
    for match in words.QUOTATION.finditer(text):
        if not fits_quotation(match[1] or match[2]):
            yield place.problem(match[0], "too long for a quotation", f"shorten it to {QUOTE_WORDS} words")
    for pattern, what, mend in WORDING:
        for match in pattern.finditer(text):
            yield place.problem(match[0], what, mend)
    if not place.until:
        for match in AGEING.finditer(words.QUOTATION.sub(" ", text)):
            yield place.problem(
                match[0],
                f"a word that ages: {words.sentence_with(text, match[0])[:120]}",
                "give the day, or tag the cell until:",
            )


def _unguarded(place: Place, text: str, shown: Mapping[str, str]) -> Iterator[Problem]:
    for number in dict.fromkeys(words.numbers_in(text)):
        if words.normal(number) not in shown:
            yield place.problem(
                number,
                f"a number without a guard before the next heading: {words.sentence_with(text, number)[:120]}",
                "add guard(...) with the number as shown, in a cell with the same since and until",
            )


# ---------------------------------------------------------------------------------------------------------
# Code cells


def code_problems(place: Place, known: Known) -> Iterator[Problem]:
    """Check a code cell: short, readable, nothing defined, one exhibit, no row of a later day."""
    source = place.cell.source
    lines = [line for line in source.splitlines() if line.strip()]
    if len(lines) > CODE_LINES and "parameters" not in tags(place.cell):
        yield place.problem(f"{len(lines)} lines", "a code cell of more than ten lines", "move work to the package")
    yield from _forbidden(place, lines)
    yield from _exhibits(place, lines)
    for call in words.calls(source, "stated", "row"):
        node = call.args[1:2] if getattr(call.func, "id", "") == "stated" or len(call.args) > 1 else call.args[:1]
        identifier = str(node[0].value) if node and isinstance(node[0], ast.Constant) else ""
        if identifier and identifier not in known.terms:
            yield from _named(place, identifier, [(identifier, identifier)], known.rows, "row")


def _forbidden(place: Place, lines: Sequence[str]) -> Iterator[Problem]:
    for line in lines:
        if re.match(r"\s*[%!]", line):
            yield place.problem(
                line.strip(), "a magic or shell line", "use plain Python; packages come from pyproject.toml"
            )
            return
    try:
        tree = ast.parse(place.cell.source)
    except SyntaxError as error:
        yield place.problem((error.text or "").strip(), "does not read as Python", "correct the line")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            word = "class" if isinstance(node, ast.ClassDef) else "def"
            yield place.problem(
                f"{word} {node.name}", "a definition in a chapter", "move it to the package and import it"
            )


def _exhibits(place: Place, lines: Sequence[str]) -> Iterator[Problem]:
    """Check that an exhibit exists, and that its cell is one line under the right tag."""
    kinds = {"figure", "table"} & set(tags(place.cell))
    shown = [words.argument(call, 0, "identifier") for call in words.calls(place.cell.source, "show")]
    if kinds and (len(shown) != 1 or len(lines) != 1):
        yield place.problem(
            lines[0] if lines else "", "an exhibit cell of more or less than one line", 'write show("id")'
        )
    for identifier in shown:
        if identifier not in REGISTRY:
            near = difflib.get_close_matches(identifier, REGISTRY, 1)
            mend = f"did you mean {near[0]!r}" if near else "register it or correct it"
            yield place.problem(identifier, "no such exhibit", mend)
        elif kinds != {REGISTRY[identifier].kind}:
            kind = REGISTRY[identifier].kind
            yield place.problem(identifier, f"a {kind} in a cell not tagged so", f"tag the cell {kind}")


def idle_guards(section: Sequence[Place]) -> Iterator[Problem]:
    """Name guards whose number no sentence of the section prints on a day of theirs."""
    prose = [p for p in section if p.cell.cell_type == "markdown"]
    for place in section:
        told = [p for p in prose if p.first <= (place.until or LAST) and place.first <= (p.until or LAST)]
        printed = set().union(*(words.printed_numbers(p.cell.source) for p in told))
        for claim, shown in words.guards(place.cell):
            numbers = [words.normal(n) for n in words.NUMBER.findall(shown)]
            if numbers and not printed & set(numbers):
                yield place.problem(
                    shown,
                    f"a guard of a number that its section does not print ({claim})",
                    "write the number as the sentence does, or remove the guard",
                )


# ---------------------------------------------------------------------------------------------------------
# Sources and the ledger


def unused_sources(evidence: Evidence, cited: set[str]) -> Iterator[Problem]:
    """Name the sources that no row and no sentence uses."""
    whole = evidence.whole
    used = set(cited) | set(whole["observations"]["source_id"]) | set(whole["estimate_inputs"]["source_id"])
    for frame in whole.values():
        if "source_ids" in frame.columns:
            used |= {i for text in frame["source_ids"] for i in list_items(text)}
    sources = whole["sources"]
    for identifier, line in zip(sources["source_id"], sources["_line"], strict=True):
        if identifier not in used:
            yield Problem(
                "sources.csv",
                int(line),
                "source_id",
                identifier,
                "used by no row and no sentence",
                "cite it or remove the row",
            )


def misplaced_corrections(evidence: Evidence, notebooks: Mapping[str, Any]) -> Iterator[Problem]:
    """Name the corrections whose place is no chapter, cell, exhibit or row."""
    whole = evidence.whole
    places = {f"{key}/{cell.get('id')}" for key, nb in notebooks.items() for cell in nb.cells} | set(notebooks)
    places |= {f"{exhibit.kind[:3]}-{name}" for name, exhibit in REGISTRY.items()}
    places |= {
        i for name, table in evidence.schema.tables.items() if len(table.key) == 1 for i in whole[name][table.key[0]]
    }
    frame = whole["corrections"]
    for place, line in zip(frame["place"], frame["_line"], strict=True):
        if place not in places:
            near = difflib.get_close_matches(place, places, 1)
            mend = f"did you mean {near[0]!r}? " if near else ""
            yield Problem(
                "corrections.csv",
                int(line),
                "place",
                place,
                "no such place",
                f"{mend}write a row's id, chapter/cell, fig-id, tab-id or a chapter",
            )


def write_ledger(entries: Iterable[Entry]) -> str:
    """Write the claim ledger as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["chapter", "cell", "since", "until", "status", "citations", "guards", "paragraph"])
    for e in entries:
        writer.writerow(
            [e.chapter, e.cell, e.since, e.until, e.status, ";".join(e.citations), ";".join(e.guards), e.text]
        )
    return buffer.getvalue()
