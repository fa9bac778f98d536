"""The resolved document as the page's template wants it: a tree of sections, exhibits, notes, sources.

Everything here is computed before the template runs; the template only sets it.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from nbformat import NotebookNode

from explainer.publish import citing, metadata
from explainer.publish.corrections import mark_words
from explainer.publish.document import (
    BACK_MATTER,
    LABELS,
    LANGUAGES,
    START,
    Document,
    PublishError,
    long_date,
    reference,
    source_dating,
    split_tokens,
    stale,
)
from explainer.publish.html import markdown, matrix, parcel, svg
from explainer.publish.language import _
from explainer.text.dialect import EAST_ASIAN, HEADING, by_language, curl, ids_of

WORDS_PER_MINUTE = 230
PUBLISHERS_IN_LINE = 6
"""A source line names so many publishers; more are folded away behind their number."""
PRODUCERS_TO_CITE = 3
"""A figure whose data come from so many publishers at most has a link by which to cite each."""
LONG_CELL, MIDDLE_CELL = 60, 20
"""Columns in which most texts have so many characters get room on a phone."""
USUAL = 0.8
CHANGES_CELL = "what-changed-generated"
"""The build's own cell of what changed since the edition before; the whole list is folded under it."""
KIT = {"csv": "Data (CSV)", "wide": "Drawing (SVG)", "png": "Picture (PNG)"}
STATED = ("taken", "earlier")
"""What the page knows of a row of the matrix and prints, so that it need not stand in the row's attributes too."""
WIDE_SCRIPTS = frozenset({"ja", "zh", "ko"})

SOURCE_TYPES = {
    "primary": "primary source",
    "wire": "news agency",
    "press": "press",
    "analysis": "analysis",
    "reference": "reference work",
    "aggregator": "reprint or digest",
}


@dataclass
class Block:
    """One cell on the page: prose, an aside or an exhibit."""

    kind: str
    id: str
    since: str
    until: str
    html: Markup = field(default_factory=Markup)
    exhibit: dict[str, Any] | None = None


@dataclass
class Node:
    """A chapter or section: its heading, its blocks, its subsections."""

    level: int
    anchor: str
    title: Markup
    since: str
    until: str
    blocks: list[Block] = field(default_factory=list)
    sections: list[Node] = field(default_factory=list)
    chapter: dict[str, Any] | None = None
    stale: str = ""
    aliases: list[str] = field(default_factory=list)
    """Anchors that led here before."""


class Page:
    """What the template reads.

    Parameters
    ----------
    nb
        The resolved notebook.
    figures_dir
        The folder of the edition's drawings and tables.
    code_root
        What stands before a path of the repository in links to code.
    """

    def __init__(self, nb: NotebookNode, figures_dir: Path, code_root: str) -> None:
        self.document: Document = nb.metadata["explainer"]
        self.figures_dir = figures_dir
        self.code_root = code_root
        self.labels_used: list[str] = []
        self.owners = _owners(self.document)
        self.row_ids: set[str] = set()
        self.earlier: list[list[Any]] = []
        self.data_files: dict[str, str] = {}
        self.in_tables: dict[int, dict[str, Any]] = {}
        self.markdown = markdown.markdown(self.token)
        self.inline = markdown.inline(self.token)
        self.chapters = self._tree(nb)
        self._earlier_prose({cell.get("id", "") for cell in nb.cells if _printed(cell)})
        self.back_matter = [part for part in BACK_MATTER if part != "contents" and self._has(part)]

    def __deepcopy__(self, memo: dict[int, Any]) -> Page:
        """Return the page itself: nbconvert copies what it hands to a template, which only reads this."""
        return self

    # --- the opening block

    @property
    def parcel(self) -> Markup:
        """What only the script reads: the data of the drawings, and how the page stood on earlier days."""
        held = {"csv": self.data_files, "earlier": self.earlier}
        text = json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return Markup(parcel.pack(text))

    @property
    def minutes(self) -> int:
        """Minutes that the prose takes to read."""
        return _minutes(sum(chapter["words"] for chapter in self.document["chapters"]))

    @property
    def first_minutes(self) -> int:
        """Minutes that the answer and the first section take, which are complete in themselves."""
        if not self.chapters:
            return 0
        first, *_ = self.chapters
        blocks = [*first.blocks, *(block for section in first.sections[:1] for block in section.blocks)]
        return _minutes(sum(len(block.html.striptags().split()) for block in blocks))

    @property
    def newest(self) -> str:
        """Day of the newest source."""
        return max((s.get("published") or "" for s in self.document["sources"].values()), default="")

    @property
    def notice(self) -> str:
        """How far the evidence reaches, in a sentence or two."""
        as_of, newest = self.document["as_of"], self.newest
        text = _("This edition holds what could be known on {day}, and nothing later.").format(day=long_date(as_of))
        if stale(newest, as_of):
            text += _(" Its newest source is older than that: {day}.").format(day=long_date(newest))
        reach = (self.document["figures"].get("evidence-reach") or {}).get("table") or {}
        for topic, last, *_rest in reach.get("rows", [])[:1]:
            if last != long_date(as_of):
                words = _(" Topics end on their own days: {topic} on {day}.")
                text += words.format(topic=topic.lower(), day=last)
        return text

    # --- the chapters

    def _tree(self, nb: NotebookNode) -> list[Node]:
        chapters: list[Node] = []
        open_nodes: list[Node] = []
        for cell in nb.cells:
            info = cell.metadata["explainer"]
            heading = info.get("heading")
            if heading:
                node = self._node(cell, info, heading)
                while open_nodes and open_nodes[-1].level >= node.level:
                    open_nodes.pop()
                (open_nodes[-1].sections if open_nodes else chapters).append(node)
                open_nodes.append(node)
            block = self._block(cell, info)
            if block:
                open_nodes[-1].blocks.append(block)
        return chapters

    def _earlier_prose(self, printed: set[str]) -> None:
        """Put prose of earlier days into the parcel, each piece with the place where it stood."""
        after = []
        for entry in self.document.get("earlier", []):
            heading = HEADING.match(entry["source"])
            body = self.markdown(entry["source"][heading.end() :] if heading else entry["source"])
            level = f"h{len(heading[1]) + 1}" if heading else ""
            html = f"<{level}>{self.inline(heading[2])}</{level}>{body}" if heading else str(body)
            dates = [entry["since"], entry["until"], html, 0]
            if entry["after"] in printed and not entry["after_opens"]:
                self.earlier.append([f"cell-{entry['after']}", "before", *dates])
            elif entry["before"] in printed:
                after.append([f"cell-{entry['before']}", "after", *dates])
        self.earlier += after[::-1]  # each is set right behind its neighbour, so the last goes first

    def _node(self, cell: NotebookNode, info: dict[str, Any], heading: dict[str, Any]) -> Node:
        dates = (info.get("since", ""), info.get("until", ""))
        title = re.sub(r"^#+ | \{#[^{}]*\}$", "", cell.source.partition("\n")[0])
        node = Node(heading["level"], heading["anchor"], self.inline(title), *dates)
        node.aliases = heading.get("aliases", [])
        if heading["level"] == 1:
            node.chapter = next(c for c in self.document["chapters"] if c["key"] == info["chapter"])
            node.stale = stale(node.chapter["evidence_until"], self.document["as_of"])
        return node

    def _block(self, cell: NotebookNode, info: dict[str, Any]) -> Block | None:
        place = (f"cell-{cell.get('id')}", info.get("since", ""), info.get("until", ""))
        if cell.cell_type == "code":
            return Block("exhibit", *place, exhibit=self._exhibit(self.document["figures"][info["figure"]]))
        text = cell.source.partition("\n")[2] if info.get("heading") else cell.source
        if not text.strip():
            return None
        kind = "changes" if info.get("cell") == CHANGES_CELL else "aside" if info.get("aside") else "prose"
        return Block(kind, *place, html=self.markdown(text))

    # --- inline tokens

    def token(self, kind: str, payload: str, before: str = "") -> str:
        """Return the HTML of an inline token."""
        return str(getattr(self, f"_{kind}")(payload, before))

    def _note(self, number: str, before: str) -> Markup:
        return Markup('<sup><a id="ref-{0}" href="#note-{0}" role="doc-noteref">{0}</a></sup>').format(number)

    def _from(self, sources: str, before: str) -> Markup:
        named = Markup("; ").join(self._publisher(one) for one in ids_of(sources))
        return Markup(' <span class="cited">[{}]</span>').format(named)

    def _ref(self, target: str, before: str) -> Markup:
        name, anchor = reference(self.document, target, before)
        if not anchor:
            return escape(name)
        return Markup('<a href="#{}">{}</a>').format(anchor, name.replace(" ", "\u00a0", 1))

    def _term(self, payload: str, before: str) -> Markup:
        term, _bar, text = payload.partition("|")
        return Markup('<a class="term" href="#term-{}">{}</a>').format(term, text)

    def _correction(self, payload: str, before: str) -> Markup:
        key, words, first = mark_words(self.document, payload)
        place = Markup(' id="corrected-{}"').format(key) if first else Markup("")
        return Markup('<a class="corrected"{} href="#correction-{}">{}</a>').format(place, key, words)

    def _label(self, row: str, before: str) -> Markup:
        label = self.document["labels"].get(row)
        return self.label(label["label"], label.get("why", "")) if label else Markup("")

    def label(self, label: str, why: str) -> Markup:
        """Return a confidence label: a button that opens its explanation where it stands, without a script."""
        if not why:
            return Markup('<a class="label" href="#label-{0}">{1}</a>').format(label, _(label))
        self.labels_used.append(label)
        number = len(self.labels_used)
        return Markup(
            '<button type="button" class="label {0}" popovertarget="why-{1}">{3}</button>'
            '<span popover class="why" id="why-{1}"><b>{4}</b> {2} <a href="#labels">{5}</a></span>'
        ).format(label, number, _sentence(why), _(label), _(label).capitalize(), _("All labels"))

    # --- exhibits

    def _exhibit(self, entry: dict[str, Any]) -> dict[str, Any]:
        table = entry.get("table") or {"columns": [], "rows": []}
        view = {key: entry.get(key, "") for key in ("id", "kind", "name", "anchor", "claim", "subtitle", "note")}
        view |= {"alt": entry.get("alt", ""), "description": entry.get("description", "")}
        shown = table if entry["kind"] == "table" else _without_sources(table)
        view |= {"table": self._table(entry, shown), "sources": self._source_line(entry, table)}
        if matrix.is_matrix(table):
            view["matrix"] = self._matrix(entry, table)
        elif entry.get("states"):
            self._turns(entry, table, view["table"]["rows"])
        view |= {"calculated": bool(entry.get("calculated")), "code": self._code(entry), "kit": self._kit(entry)}
        view |= {"corrected": [self._marks(mark) for mark in entry.get("corrected", [])]}
        if entry["kind"] == "figure":
            view |= {size: self._drawing(entry, size) for size in ("wide", "narrow")}
            if not view["alt"]:
                raise PublishError([f"{entry['name']} ({entry['id']}) has no alternative text"])
        return view

    def _read(self, entry: dict[str, Any], kind: str) -> str:
        name = (entry.get("files") or {}).get(kind, "")
        path = self.figures_dir / name
        if not name or not path.is_file():
            raise PublishError([f"{entry['name']} ({entry['id']}): the file {kind} ({path}) is missing; rebuild"])
        return path.read_text(encoding="utf-8")

    def _drawing(self, entry: dict[str, Any], size: str) -> svg.Drawing:
        try:
            return svg.drawing(self._read(entry, size))
        except ValueError as error:
            raise PublishError([f"{entry['name']} ({entry['id']}), {size}: {error}"]) from error

    def _kit(self, entry: dict[str, Any]) -> list[dict[str, str]]:
        """Return the files of an exhibit: links that work in the repository, which the script serves from the page."""
        kinds = [kind for kind in KIT if kind in entry["files"]]
        if entry["kind"] == "figure":
            self.data_files[entry["files"]["csv"]] = self._read(entry, "csv")
        root = f"{self.code_root}figures/{self.document['edition']}/"
        return [{"kind": kind, "words": _(KIT[kind]), "href": root + entry["files"][kind]} for kind in kinds]

    def _code(self, entry: dict[str, Any]) -> dict[str, str]:
        path, _bar, name = entry.get("code", "").partition("#")
        return {"href": self.code_root + path, "path": path, "name": name}

    def _table(self, entry: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
        metas = table.get("rows_meta") or [{}] * len(table["rows"])
        columns, looks = [], []
        for n, column in enumerate(table["columns"], start=1):
            head, cell = _column_class(column, [row[n - 1] for row in table["rows"]])
            columns.append(column | {"head": head})
            looks += [f"{look[0]}{n}" for look in cell.split()]
        main = entry["kind"] == "table"
        rows = [
            {"attrs": self._row_attrs(entry, meta) if main else Markup(""), "cells": self._cells(entry, columns, row)}
            for row, meta in zip(table["rows"], metas, strict=True)
        ]
        if main:
            self._link_events(table, rows, metas)
        return {"columns": columns, "rows": rows, "class": " ".join(looks)}

    def _matrix(self, entry: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
        """Arrange positions by stakeholder and question; how they stood on earlier days goes into the parcel."""
        kinds = {column["key"]: column for column in table["columns"]}
        found = matrix.positions(table, entry.get("states") or {})

        def cell(holder: str, question: str) -> dict[str, Any] | None:
            place, standing = f"said-{holder}-{question}", None
            for row, meta in found.get((holder, question), []):
                html = matrix.position(table, row, meta, lambda key, value: self._cell(entry, kinds[key], value))
                state = {
                    "rank": self.document["matrix"]["stances"].index(meta["stance"]),
                    "since": meta.get("since", ""),
                    "html": html,
                }
                state["was"] = meta.get("was", "")
                if meta.get("until"):
                    dates = [state["since"], meta["until"]]
                    self.earlier.append([place, "in", *dates, str(html), state["rank"], state["was"]])
                else:
                    standing = state
            return {"id": place, "state": standing} if standing or found.get((holder, question)) else None

        asked = matrix.questions(table, self.document["matrix"]["questions"])
        rows = [
            {"name": name, "other": cell(key, "other"), "cells": [cell(key, question) for question in asked]}
            for key, name in matrix.holders(table).items()
        ]
        return {"questions": list(asked.values()), "rows": rows, "nothing": _("No public position found")}

    def _turns(self, entry: dict[str, Any], table: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """Put what a row said on earlier days into the parcel, and mark in the row what of it changed."""
        stood: dict[str, list[tuple[list[Any], dict[str, Any]]]] = {}
        for row, meta in zip(entry["states"]["rows"], entry["states"]["rows_meta"], strict=True):
            stood.setdefault(meta["id"], []).append((row, meta))
        for now, meta, made in zip(table["rows"], table["rows_meta"], rows, strict=True):
            *before, (standing, last) = stood.get(meta["id"]) or [(now, meta)]
            for n, column in enumerate(table["columns"]):
                if column.get("kind") == "label" or all(row[n] == standing[n] for row, _ in before):
                    continue
                place = f"was-{meta['id']}-{n}"
                for row, then in before:
                    value = curl(row[n]) if isinstance(row[n], str) else row[n]
                    html = str(self._cell(entry, column, value))
                    self.earlier.append([place, "in", then["since"], then["until"], html, 0])
                made["cells"][n] = Markup('<div id="{}"><div class="state" data-since="{}">{}</div></div>').format(
                    place, last["since"], made["cells"][n]
                )

    def _row_attrs(self, entry: dict[str, Any], meta: dict[str, Any]) -> Markup:
        """Return a row's anchor (once in the report) and the data by which it can be filtered and dated."""
        attrs = Markup("")
        name = row_name(meta)
        if name and self.owners[name] == entry["id"] and name not in self.row_ids:
            self.row_ids.add(name)
            attrs += Markup(' id="{}"').format(name)
        for key, value in meta.items():
            if value and key not in ("id", "accounts", *STATED):
                attrs += Markup(' data-{}="{}"').format(re.sub(r"[^a-z0-9]+", "-", key.lower()), value)
        return attrs

    def _link_events(self, table: dict[str, Any], rows: list[dict[str, Any]], metas: list[dict[str, Any]]) -> None:
        """Make an event's day the link to it, and link to the accounts of the sides where they differ."""
        for row, meta in zip(rows, metas, strict=True):
            if meta.get("id") and "category" in meta:
                row["cells"][0] = Markup('<a href="#{}">{}</a>').format(row_name(meta), row["cells"][0])
            accounts = self.document["figures"].get(f"contested-{meta.get('accounts')}")
            if accounts and accounts["anchor"]:
                place = next(n for n, column in enumerate(table["columns"]) if column["key"] == "summary")
                link = Markup(' <a class="sides" href="#{}">{}</a>').format(
                    accounts["anchor"], _("What each side says")
                )
                row["cells"][place] += link

    def _cells(self, entry: dict[str, Any], columns: list[dict[str, Any]], row: list[Any]) -> list[Markup]:
        return [self._cell(entry, column, value) for column, value in zip(columns, row, strict=True)]

    def _cell(self, entry: dict[str, Any], column: dict[str, Any], value: Any) -> Markup:
        if column.get("kind") == "sources":
            return self._cited(entry, value)
        text = "" if value is None else str(value)
        if column.get("kind") == "label" and text in LABELS:
            return self.label(text, "")
        text, mark, marks = text.partition(START)
        lines = Markup("<br>").join(self._languages(line, column) for line in text.split("\n"))
        return lines + self._marks(mark + marks)

    def _marks(self, text: str) -> Markup:
        """Set the marks of corrections that follow a text."""
        made = (self.token(kind, payload) for kind, payload in split_tokens(text) if kind != "text")
        return Markup("").join(map(Markup, made))

    def _languages(self, text: str, column: dict[str, Any]) -> Markup:
        """Mark Japanese and Chinese in a cell whose column is not marked already, and Latin letters in one that is."""
        own = column.get("lang") or ""
        if own:
            latin = own != "en" and text.isascii() is False and not EAST_ASIAN.search(text)
            return Markup('<span lang="{}-Latn">{}</span>').format(own, text) if latin else escape(text)
        spans = (Markup('<span lang="{}">{}</span>').format(lang, part) if lang else escape(part)
                 for part, lang in by_language(text))  # fmt: skip
        return Markup("").join(spans)

    def _cited(self, entry: dict[str, Any], value: Any) -> Markup:
        """Name the sources of a row where it stands; its note, which paper needs, is left out of the list of notes."""
        if isinstance(value, list):
            return Markup("; ").join(self._publisher(one) for one in value)
        made = []
        for kind, payload in split_tokens(value):
            if kind == "note":
                self.in_tables[int(payload)] = entry
                made += [self._publisher(one) for one in self.document["notes"][int(payload) - 1]["sources"]]
        return Markup("; ").join(made)

    def _publisher(self, source: str) -> Markup:
        entry = self.document["sources"][source]
        return Markup('<a href="#s-{}">{}</a>').format(source, _short(entry["publisher"]))

    def _source_line(self, entry: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
        """Return the publishers behind an exhibit, each linked to its entries in the list of sources."""
        ids = ids_of(entry.get("source_ids"))
        if entry["kind"] == "table" and any(c.get("kind") == "sources" for c in table["columns"]):
            return {"in_rows": True, "items": [], "folded": False, "pages": len(ids)}
        groups: dict[str, list[str]] = {}
        for one in ids:
            groups.setdefault(_short(self.document["sources"][one]["publisher"]), []).append(one)
        items = [self._publisher_with_years(name, found) for name, found in groups.items()]
        few = entry["kind"] == "figure" and len(groups) <= PRODUCERS_TO_CITE
        producers = [(name, found[0]) for name, found in groups.items()] if few else []
        line = {"in_rows": False, "items": items, "folded": len(items) > PUBLISHERS_IN_LINE, "pages": len(ids)}
        return line | {"producers": producers}

    def _publisher_with_years(self, name: str, ids: list[str]) -> Markup:
        years = sorted({(self.document["sources"][one].get("published") or "")[:4] for one in ids} - {""})
        span = years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""
        return Markup('<a href="#s-{}">{}</a>{}').format(ids[0], name, f" {span}" if span else "")

    # --- the back matter

    def _has(self, part: str) -> bool:
        if part == "labels":
            return bool(self.document["labels"] or self.labels_used)
        if part == "corrections":  # a whole report says so when there are none
            return bool(self.document["corrections"] or self.document.get("cite"))
        return bool(self.document.get(part))

    @property
    def label_rules(self) -> list[tuple[str, str]]:
        """The labels with their rules, strongest first."""
        return [(label, _(rule)) for label, rule in LABELS.items()]

    @property
    def notes(self) -> list[dict[str, Any]]:
        """The notes of the prose, each with its sources: in full where first cited, by publisher and day after that.

        Half of all citations name a source again; its title and address once are enough, and a later note
        links to the one that has them. Numbers are those of the PDF, where the rows of tables have notes too; here
        such rows name their sources themselves, and one line stands for their numbers.
        """
        first: dict[str, int] = {}
        made: list[dict[str, Any]] = []
        for note in self.document["notes"]:
            table = self.in_tables.get(note["n"])
            if table and made and made[-1].get("table") is table:
                made[-1]["last"] = note["n"]
            elif table:
                made.append({"n": note["n"], "last": note["n"], "table": table})
            else:
                again = [first.setdefault(one, note["n"]) for one in note["sources"]]
                cited = [self.source(one) | {"at": at} for one, at in zip(note["sources"], again, strict=True)]
                made.append({"n": note["n"], "sources": cited})
        counted = 0
        for note in made:  # a list counts by itself, but not past a line that stands for several
            note["value"] = note["n"] != counted + 1
            counted = note["n"]
        return made

    @property
    def publishers(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The sources by publisher, both in alphabetical order."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for key, entry in self.document["sources"].items():
            groups.setdefault(entry["publisher"], []).append(self.source(key))
        for found in groups.values():
            found.sort(key=lambda one: (one["published"], one["id"]))
        return sorted(groups.items(), key=lambda item: (item[0].casefold(), item[0]))

    def source(self, key: str) -> dict[str, Any]:
        """Return one source as it is printed."""
        entry = self.document["sources"][key]
        url = entry.get("url") or ""
        lang = entry.get("lang") or "en"
        return {
            "id": key,
            "publisher": curl(entry["publisher"]),
            "title": curl(entry["title"]),
            "url": url if re.match(r"https?://", url) else "",
            "published": entry.get("published") or "",
            "dating": source_dating(entry),
            "language": "" if lang == "en" else _("in {language}").format(language=_(LANGUAGES.get(lang, lang))),
            "type": _(SOURCE_TYPES.get(entry.get("type", ""), entry.get("type", ""))),
            "note": curl(entry.get("note") or ""),
        }

    @property
    def social(self) -> list[tuple[str, str, str]]:
        """Meta elements for links that are shared."""
        return metadata.social(self.document)

    @property
    def linked_data(self) -> Markup:
        """The page's JSON-LD."""
        return metadata.linked_data(self.document, self.owners)

    @property
    def corrections(self) -> list[dict[str, Any]]:
        """The corrections, newest first, each with links to the sources that show it."""
        shown = [
            one
            | {"links": [self._publisher(s) for s in ids_of(one.get("source_ids")) if s in self.document["sources"]]}
            for one in self.document["corrections"]
        ]
        return sorted(shown, key=lambda one: (one["day"], one["correction_id"]), reverse=True)

    @property
    def citations(self) -> list[dict[str, str]]:
        """The report's own reference in every format, each as text and as a file."""
        item = citing.report_item(self.document, self.document["as_of"])
        return [
            {"name": form.name, "file": f"{item['id']}.{form.ending}", "uri": form.uri([item])}
            for form in citing.FORMATS.values()
        ]

    @property
    def glossary(self) -> list[dict[str, Any]]:
        """The terms in alphabetical order, each with links to its sources."""
        terms = [
            entry | {"links": [self._publisher(one) for one in ids_of(entry.get("source_ids"))]}
            for entry in self.document["glossary"]
        ]
        return sorted(terms, key=lambda entry: (entry["term"].casefold(), entry["term_id"]))


def _printed(cell: NotebookNode) -> bool:
    """Tell whether a cell prints more than its heading."""
    heading = cell.metadata["explainer"].get("heading")
    return cell.cell_type == "code" or bool((cell.source.partition("\n")[2] if heading else cell.source).strip())


def row_name(meta: dict[str, Any]) -> str:
    """Return the anchor of a table's row: ``event-`` and its id for events, ``row-`` for others."""
    return f"{'event' if 'category' in meta else 'row'}-{meta['id']}" if meta.get("id") else ""


def _owners(document: Document) -> dict[str, str]:
    """Return for each row's anchor the table that carries it: of several, the fullest."""
    tables = [entry for entry in document["figures"].values() if entry["kind"] == "table" and entry["anchor"]]
    sized = [(entry["id"], (entry.get("table") or {}).get("rows_meta") or []) for entry in tables]
    return {row_name(meta): one for one, metas in sorted(sized, key=lambda item: len(item[1])) for meta in metas}


def _without_sources(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table of a chart's numbers as the page folds it away: the file of its data has the sources."""
    kept = [n for n, column in enumerate(table["columns"]) if column.get("kind") != "sources"]
    rows = [[row[n] for n in kept] for row in table["rows"]]
    return table | {"columns": [table["columns"][n] for n in kept], "rows": rows}


def _minutes(words: int) -> int:
    return max(1, math.ceil(words / WORDS_PER_MINUTE))


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _short(publisher: str) -> str:
    return publisher.split(" (")[0]


def _column_class(column: dict[str, Any], cells: list[Any]) -> tuple[str, str]:
    """Return the classes of a column's head and of its cells: width by what most texts need, alignment."""
    kind = column.get("kind", "text")
    lengths = sorted(len(cell) for cell in cells if isinstance(cell, str)) or [0]
    usual = lengths[int(len(lengths) * USUAL)] * (2 if column.get("lang") in WIDE_SCRIPTS else 1)
    look = ["r"] if column.get("align") == "right" else []
    look += ["short"] if kind in ("date", "number") else []
    width = ["long" if usual > LONG_CELL else "mid"] if kind == "text" and usual > MIDDLE_CELL else []
    return " ".join(look + width), " ".join(look)
