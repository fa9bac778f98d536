"""Checks what the chapters say against the evidence, and lists it: the claim ledger."""

from __future__ import annotations

import ast
import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from explainer.build.chapters import read_chapters
from explainer.evidence import FIRST_DAY, Evidence, Problem, confidence_problems, known_days
from explainer.figures.core import REGISTRY
from explainer.publish.cells import TagError, dates, tags
from explainer.schema import list_items

CITATION = re.compile(r"\[(@[A-Za-z0-9][\w.-]*(?:\s*;\s*@[A-Za-z0-9][\w.-]*)*)\]")
LABEL = re.compile(r"\[=([^\[\]\s]+)\]")
EXHIBIT = re.compile(r"(?<![\w@/.])@(fig|tab)-([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)")
TERM = re.compile(r"\]\(term:([^()\s]+)\)")
OWN_VOICE = re.compile(r"\b([Tt]his report|[Tt]his chapter|[Tt]his edition|[Ww]e|[Oo]ur)\b")
"""The report speaking of itself, its method or its reading: analysis that says whose it is."""

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NOT_NUMBERS = [
    re.compile(pattern)
    for pattern in (
        r"<!--.*?-->",
        r"`[^`]*`",
        r"\]\([^)]*\)",
        r"<span[^>]*>.*?</span>",
        r"[\u201c\"][^\u201d\"]*[\u201d\"]",
        rf"\b\d{{1,2}}(?:(?: and |, | to |\u2013|-)\d{{1,2}})* {_MONTH}\b",
        rf"\b{_MONTH} \d{{1,2}}\b",
        r"\b(?:1[89]|20)\d\d(?:[\u2013/-]\d{2,4})?s?\b",
        r"\b[A-Za-z]+[-\u2011]?\d+[A-Za-z]*\b",
        r"\b(?:Articles?|Art\.|Resolution|S\.Res\.|Section|chapters?|No\.|question|paragraphs?|rung|level)"
        r" \d[\d.,\u2013-]*"
        r"(?:(?:, | and | to | or )\d[\d.\u2013-]*)*",
        r"\b\d+(?:st|nd|rd|th)\b",
        r"(?m)^\s*\d+\.\s",
        r"\b\d+-\d+-\d+\b",
        r"\bG\d+\b",
        r"\d{1,2}:\d\d",
    )
]
_NUMBER = re.compile(r"[\u2212-]?\d[\d,]*(?:\.\d+)?")


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


def check_all(
    evidence: Evidence,
    notebooks: Mapping[str, NotebookNode] | None = None,
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
    notebooks = read_chapters() if notebooks is None else notebooks
    days = first_days(evidence)
    entries, problems = [], list(confidence_problems(evidence._whole))
    for key, nb in notebooks.items():
        found, wrong = check_chapter(key, nb, evidence, days)
        entries += found
        problems += wrong
    problems += unused_sources(evidence, {i for entry in entries for i in entry.citations})
    return entries, problems


def first_days(evidence: Evidence) -> dict[str, str]:
    """First day on which each source, row and term may be cited (ISO).

    An undated source counts from the first row that cites it.
    """
    whole = evidence._whole
    published = dict(zip(whole["sources"]["source_id"], whole["sources"]["published"], strict=True))
    days: dict[str, str] = {}
    undated: dict[str, str] = {}
    for name, frame in whole.items():
        if name in ("sources", "actors", "cameo", "series", "estimate_inputs"):
            continue
        known = known_days(frame, name, published)
        column = "source_id" if name == "observations" else "source_ids"
        for identifier, day, cited in zip(frame.iloc[:, 0], known, frame[column], strict=True):
            days[identifier] = min(day, days.get(identifier, day))
            for source in list_items(cited):
                if not published.get(source):
                    undated[source] = min(day, undated.get(source, day))
    days.update({source: day or undated.get(source, "") for source, day in published.items()})
    return days


def check_chapter(
    key: str,
    nb: NotebookNode,
    evidence: Evidence,
    days: Mapping[str, str],
) -> tuple[list[Entry], list[Problem]]:
    """Check one chapter: tags, citations, days, guards, support."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for cells in sections(nb):
        shown = guarded(cells)
        for cell in cells:
            try:
                since, until = (str(d) if d else "" for d in dates(cell))
            except TagError as error:
                problems.append(_problem(key, cell, "", str(error), "use one of the eight tags"))
                continue
            if since and until and since > until:
                problems.append(
                    _problem(
                        key, cell, f"since:{since} until:{until}", "a cell that never stands", "put since before until"
                    )
                )
            if cell.cell_type == "code":
                problems += code_problems(key, cell)
                continue
            for text in paragraphs(cell.source):
                entries.append(_entry(key, cell, since, until, text, shown))
                problems += text_problems(key, cell, since or FIRST_DAY.isoformat(), entries[-1], days, shown)
    return entries, problems


def sections(nb: NotebookNode) -> Iterator[list[NotebookNode]]:
    """Split a chapter at its headings."""
    current: list[NotebookNode] = []
    for cell in nb.cells:
        if cell.cell_type == "markdown" and re.match(r"#{1,3} ", cell.source) and current:
            yield current
            current = []
        current.append(cell)
    if current:
        yield current


def paragraphs(source: str) -> list[str]:
    """Split a Markdown cell into paragraphs and list items; headings and comments are left out."""
    found = []
    for block in re.split(r"\n\s*\n", source):
        lines = [line for line in block.splitlines() if not re.match(r"#{1,6} |<!--.*-->\s*$", line)]
        text = "\n".join(lines).strip()
        items = re.split(r"(?m)^\s*(?:[-*]|\d+\.)\s+", text)
        found += [item.strip() for item in items if item.strip()]
    return found


def guarded(cells: Iterable[NotebookNode]) -> dict[str, str]:
    """Numbers that the guards of a section check, with the claim of each."""
    found = {}
    for cell in cells:
        if cell.cell_type == "code" and "guard" in tags(cell):
            for call in _calls(cell.source, "guard"):
                words = _argument(call, 0, "claim")
                for number in _NUMBER.findall(_argument(call, 2, "shown")):
                    found[_normal(number)] = words
    return found


def _calls(source: str, name: str) -> list[ast.Call]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    return [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name]


def _argument(call: ast.Call, place: int, name: str) -> str:
    node = next((k.value for k in call.keywords if k.arg == name), call.args[place] if len(call.args) > place else None)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _normal(number: str) -> str:
    return number.replace(",", "").replace("\u2212", "").lstrip("-")


def numbers_in(text: str) -> list[str]:
    """Numbers that a paragraph states: not dates, years, names, articles, quotations or addresses."""
    text = EXHIBIT.sub(" ", LABEL.sub(" ", CITATION.sub(" ", text)))
    for pattern in _NOT_NUMBERS:
        text = pattern.sub(" ", text)
    return [match.rstrip(",") for match in _NUMBER.findall(text)]


def _entry(key: str, cell: NotebookNode, since: str, until: str, text: str, shown: Mapping[str, str]) -> Entry:
    cited = tuple(i.strip().lstrip("@") for group in CITATION.findall(text) for i in group.split(";"))
    guards = tuple(dict.fromkeys(shown[_normal(n)] for n in numbers_in(text) if _normal(n) in shown))
    if "aside" in tags(cell):
        status = "aside"
    elif cited:
        status = "cited"
    elif guards:
        status = "guarded"
    elif EXHIBIT.search(text):
        status = "exhibit"
    elif OWN_VOICE.search(text):
        status = "own voice"
    else:
        status = "unsupported"
    return Entry(key, cell.get("id", ""), since, until, " ".join(text.split()), cited, guards, status)


def text_problems(
    key: str, cell: NotebookNode, day: str, entry: Entry, days: Mapping[str, str], shown: Mapping[str, str]
) -> Iterator[Problem]:
    """Check one paragraph against the day from which it stands."""
    place = (key, cell)
    if entry.status == "unsupported":
        yield _problem(
            *place,
            entry.text,
            "a factual paragraph without citation or guard",
            "cite its source, guard its number, or mark it as the report's own reading",
        )
    named = [(i, "source") for i in entry.citations] + [(i, "row") for i in LABEL.findall(entry.text)]
    named += [(i, "term") for i in TERM.findall(entry.text)]
    for identifier, kind in named:
        if identifier not in days:
            near = difflib.get_close_matches(identifier, days, 1)
            yield _problem(*place, identifier, f"no such {kind}", f"did you mean {near[0]!r}" if near else "correct it")
        elif kind != "term" and days[identifier] > day:
            yield _problem(
                *place,
                identifier,
                f"a {kind} of {days[identifier]} in a cell that stands from {day}: {entry.text[:60]}",
                f"tag the cell since:{days[identifier]} or cite an earlier one",
            )
    for kind, identifier in EXHIBIT.findall(entry.text):
        if identifier not in REGISTRY or REGISTRY[identifier].kind[:3] != kind:
            yield _problem(*place, f"@{kind}-{identifier}", "no such exhibit", "correct the reference or register it")
    if "aside" not in tags(cell):
        for number in dict.fromkeys(numbers_in(entry.text)):
            if _normal(number) not in shown:
                yield _problem(
                    *place,
                    number,
                    f"a number without a guard before the next heading: {entry.text[:60]}",
                    "add guard(...) with the number as shown",
                )


def code_problems(key: str, cell: NotebookNode) -> Iterator[Problem]:
    """Check a code cell: short, one exhibit, nothing defined."""
    lines = [line for line in cell.source.splitlines() if line.strip()]
    if len(lines) > 10 and "parameters" not in tags(cell):  # one line a parameter, as papermill reads them
        yield _problem(
            key, cell, f"{len(lines)} lines", "a code cell of more than ten lines", "move work to the package"
        )
    for call in _calls(cell.source, "show"):
        if _argument(call, 0, "identifier") not in REGISTRY:
            yield _problem(key, cell, _argument(call, 0, "identifier"), "no such exhibit", "register it or correct it")


def unused_sources(evidence: Evidence, cited: set[str]) -> Iterator[Problem]:
    """Name the sources that no row and no sentence uses."""
    whole = evidence._whole
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


def _problem(key: str, cell: Mapping[str, Any], value: str, what: str, mend: str) -> Problem:
    return Problem(f"{key}.ipynb", 0, f"cell {cell.get('id', '?')}", value, what, mend)


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
