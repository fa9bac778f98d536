r"""The resolved document that both formats are made from.

`resolve.combine` returns a notebook whose `metadata["explainer"]` is a `Document` and whose cells are only
what a reader sees:

- Markdown cells. A heading stands only in the first line of a cell, as ``## Title {#anchor}`` (``#`` is a
  chapter, ``##`` a section); a cell that held several headings is split. Straight quotation marks are curled.
  A cell's `metadata["explainer"]` says which chapter it belongs to, its heading, whether it is
  an aside, its dates.
- Code cells tagged `figure` or `table`, without source, with one output; `metadata["explainer"]["figure"]` is
  the id of the exhibit.

What each format draws in its own way stands in the Markdown, and in table cells, as a token: U+E000
``kind:payload`` U+E001. Kinds: ``note:12``, ``ref:fig-x``, ``ref:tab-x``, ``ref:ch-03-reactions``,
``label:row-id``, ``term:term-id|text``, ``correction:id``. Ordinary links may also lead to ``#anchor`` of a
section or exhibit that is in the document, or to a `BACK_MATTER` anchor.
"""

import datetime as dt
import difflib
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from nbformat import NotebookNode

from explainer import N_
from explainer.problems import Refusal
from explainer.publish.language import _, language_name, month_name
from explainer.text.chapters import is_record
from explainer.text.dialect import START as START  # the tokens of a document, for both formats
from explainer.text.dialect import TOKEN, curl
from explainer.text.dialect import plain as plain
from explainer.text.dialect import split_tokens as split_tokens
from explainer.text.dialect import token as token

BACK_MATTER = {
    "contents": N_("Contents"),
    "notes": N_("Notes"),
    "labels": N_("What the labels mean"),
    "glossary": N_("Glossary"),
    "corrections": N_("Corrections"),
    "cite": N_("How to cite this report"),
    "sources": N_("Sources"),
}
"""Anchors and titles of the parts that a publisher sets around the chapters."""


PREFIXES = {"figure": "fig", "table": "tab"}
"""What the anchors of exhibits begin with."""


class PublishError(Refusal):
    """The report cannot be published; the message lists every reason."""


@dataclass
class Draft:
    """A report on its way to the resolved document; its steps change it in place and gather what is wrong.

    Parameters
    ----------
    nb : NotebookNode
        All cells.
    manifest : dict
        The figure manifest of the edition.
    whole : bool
        False for a chapter published alone.
    """

    nb: NotebookNode
    manifest: dict[str, Any]
    whole: bool
    problems: list[str] = field(default_factory=list)

    @property
    def document(self) -> dict[str, Any]:
        """What is known around the prose so far."""
        return self.nb.metadata["explainer"]

    def complain(self, cell: NotebookNode, what: str, wrong: str = "", known: Iterable[str] = ()) -> None:
        """Note a problem, naming the chapter, the cell and, of what is known, the nearest to what is wrong."""
        info = cell.metadata.get("explainer", {})
        close = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.5)
        near = f"; the nearest is {close[0]!r}" if close else ""
        self.problems.append(f"{info.get('chapter', '?')}, cell {info.get('cell', '?')}: {what}{near}")


class Document(TypedDict):
    """Everything around the prose (`nb.metadata["explainer"]`).

    A chapter has key, number, title, anchor, sections (each a heading with level, title and anchor), words, and the
    newest day of a source that it cites as `evidence_until`; a note its number `n`, sources, anchor, ref and chapter.
    """

    title: str
    description: str
    finding: str
    author: str | None
    as_of: str
    first_day: str
    edition: str
    parameters: dict[str, Any]
    chapters: list[dict[str, Any]]
    earlier: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    sources: dict[str, dict[str, Any]]
    figures: dict[str, dict[str, Any]]
    glossary: list[dict[str, Any]]
    labels: dict[str, dict[str, str]]
    corrections: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    cite: str
    changes: dict[str, Any]
    brief: bool | None
    editions: list[Any]
    verdicts: dict[str, dict[str, Any]]
    matrix: dict[str, list[str]]
    own_scenario: str


def reference(document: Document, target: str, before: str = "") -> tuple[str, str]:
    """Return the words and the anchor of a reference (`fig-x`, `tab-x`, `ch-key`).

    The anchor is empty when the target is not in this document (a chapter published alone). `before` is the
    text in front of it: "chapter 3" gets a capital at the start of a sentence.
    """
    kind, _bar, key = target.partition("-")
    if kind == "ch":
        here = [chapter for chapter in document["chapters"] if chapter["key"] == key]
        name = _("chapter {number}").format(number=here[0]["number"] if here else chapter_number(key))
        name = _("the record") if is_record(key) else name
        if re.search(r"(^|[.!?]\W*\s)\W*$", TOKEN.sub("", before)):
            name = name[:1].upper() + name[1:]
        return name, here[0]["anchor"] if here else ""
    entry = document["figures"][key]
    return entry["name"], entry["anchor"]


def chapter_number(key: str) -> int:
    """Return the number that a chapter's file name begins with."""
    match = re.match(r"\d+", key)
    return int(match[0]) if match else 0


def title_of(cell: NotebookNode) -> str:
    """Return the Markdown of the heading that opens a cell."""
    return re.sub(r"^#+ | \{#[^{}]*\}$", "", cell.source.partition("\n")[0])


def long_date(day: str) -> str:
    """Return a day, month or year as words: 2025-11-07 is "7 November 2025"."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", str(day))
    if not match:
        return str(day)
    year, month, number = match.groups()
    name = month_name(int(month)) if month else ""
    if number:
        return _("{day} {month} {year}").format(day=int(number), month=name, year=year)
    return _("{month} {year}").format(month=name, year=year) if month else year


def source_dating(source: dict[str, Any]) -> str:
    """Return how a source's date is to be printed, and say so when nobody printed one on the page."""
    day = source.get("published") or ""
    if not day:
        return _("undated")
    machine = re.search(r"machine[ -]dat|wrong machine date", source.get("note") or "", re.IGNORECASE)
    return _("{day} (date set by machine)").format(day=long_date(day)) if machine else long_date(day)


SOURCE_TYPES = {
    "primary": N_("primary source"),
    "wire": N_("news agency"),
    "press": "",  # the most, so the list says it once
    "analysis": N_("analysis"),
    "reference": N_("reference work"),
    "aggregator": N_("reprint or digest"),
}


def printed(key: str, source: dict[str, Any]) -> dict[str, Any]:
    """Return a source as page and paper print it; one in the report's own language needs no word about it."""
    url, lang = source.get("url") or "", (source.get("lang") or "en").split("-")[0]
    made = {name: curl(source.get(name) or "") for name in ("publisher", "title", "note")}
    made |= {"id": key, "name": made["publisher"].partition(" (")[0], "published": source.get("published") or ""}
    made |= {
        "url": url if re.match(r"https?://\S+\Z", url) else "",
        "dated": source_dating(source),
        "lang": lang,
    }
    return made | {
        "type": _(SOURCE_TYPES.get(source.get("type", ""), source.get("type", ""))),
        "language": "" if lang == "en" else language_name(lang),
    }


def by_publisher(sources: dict[str, dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return sources by publisher, both in order: names by letters, sources by day."""
    order = {key: (one["publisher"].casefold(), one["publisher"]) for key, one in sources.items()}
    listed = sorted(sources.values(), key=lambda one: (*order[one["id"]], one["published"], one["id"]))
    return [(name, list(found)) for name, found in itertools.groupby(listed, key=lambda one: one["publisher"])]


def row_sources(document: Document, value: Any) -> list[dict[str, Any]]:
    """Return the sources of a row, whether it has them itself or by a note."""
    if isinstance(value, list):
        return [document["sources"][key] for key in value]
    notes = (document["notes"][int(n) - 1]["sources"] for kind, n in split_tokens(value) if kind == "note")
    return [document["sources"][key] for cited in notes for key in cited]


STALE_AFTER_DAYS = 60
"""A chapter whose newest source is older than this, seen from the edition's day, says so."""


def days_between(first: str, last: str) -> int:
    """Return the days from one ISO day to another; a month stands for its first day."""
    start, stop = (dt.date.fromisoformat(day + "0000-01-01"[len(day) :]) for day in (first, last))
    return (stop - start).days


def stale(day: str, as_of: str) -> str:
    """Return a sentence when evidence that ends on `day` is old on the edition's day, else nothing."""
    if not day or days_between(day, as_of) <= STALE_AFTER_DAYS:
        return ""
    return _("The newest source that this chapter cites is of {day}.").format(day=long_date(day))
