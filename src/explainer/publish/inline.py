"""What stands in the text: citations, labels, references and terms become tokens; notes are numbered."""

from __future__ import annotations

import copy
import itertools
import re
from functools import partial
from typing import Any

from nbformat import NotebookNode

from explainer.publish.document import BACK_MATTER
from explainer.publish.language import _
from explainer.publish.numbering import PREFIXES
from explainer.publish.step import Step, nearest
from explainer.text.dialect import (
    INLINE,
    MARK,
    MARKS,
    START,
    TOKEN,
    clean,
    cluster,
    curl,
    ids_of,
    outside_code,
    plain,
    token,
    with_readings,
)


class ResolveInline(Step):
    """Turn citations, references, labels and glossary links into tokens, and number the notes."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Walk the cells in reading order; tables get their notes where they stand."""
        self.document = document
        self.sources = clean(self.manifest.get("sources", {}))
        self.terms = {entry["term_id"] for entry in self.manifest.get("glossary", [])}
        self.anchors = _anchors(document)
        document["notes"] = []
        document["labels"] = clean(document.get("labels", {}))
        readings = {e["term_ja"]: e["reading"] for e in self.manifest.get("glossary", []) if e.get("reading")}
        unread: dict[str, dict[str, str]] = {}
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                left = unread.setdefault(cell.metadata["explainer"]["chapter"], dict(readings))
                cell.source = outside_code(cell.source, partial(with_readings, readings=left))
                self._markdown(cell)
            else:
                self._exhibit(cell)
                self._read(cell, readings)
        self._earlier_prose(document)
        document["glossary"] = clean(copy.deepcopy(self.manifest.get("glossary", [])))
        document["sources"] = self._sources()
        for chapter in document["chapters"]:
            chapter["evidence_until"] = self._evidence_until(chapter["key"])

    def _markdown(self, cell: NotebookNode) -> None:
        self.cell = cell
        text = curl(clean(cell.source))
        cell.source = outside_code(text, lambda piece: INLINE.sub(self._inline, piece))
        heading = cell.metadata["explainer"].get("heading")
        if heading:
            heading["title"] = plain(curl(heading["title"]))

    def _earlier_prose(self, document: dict[str, Any]) -> None:
        """Resolve prose of earlier days, which names its sources in the text: notes are numbered for today's."""
        kept = []
        for entry in document.get("earlier", []):
            self.cell = NotebookNode(metadata={"explainer": entry})
            problems, notes, self.problems = self.problems, len(document["notes"]), []
            text = outside_code(curl(clean(entry["source"])), lambda piece: INLINE.sub(self._inline, piece))
            added = {note["n"]: note["sources"] for note in document["notes"][notes:]}
            del document["notes"][notes:]
            text = TOKEN.sub(partial(_named, notes=added), text)
            if not self.problems:  # a reference to what only an earlier edition shows cannot be kept
                kept.append(entry | {"source": text})
            self.problems = problems
        document["earlier"] = kept

    def _inline(self, match: re.Match) -> str:
        for kind in ("marks", "term", "anchor", "ref"):
            if match[kind]:
                return getattr(self, f"_{kind}")(match)
        return match[0]

    def _marks(self, match: re.Match) -> str:
        """Set notes and labels behind the stop that follows them, neighbouring citations as one note."""
        ((space, marks, stop),) = MARKS.findall(match["marks"])
        line = match.string[: match.start()].rpartition("\n")[2]
        opens = not line.strip(" \t-*+>|0123456789.")
        made: list[str] = []
        for kind, group in itertools.groupby(MARK.finditer(marks), key=lambda mark: mark.lastindex):
            if kind == 1:
                made.append(self._note([one for mark in group for one in cluster(mark[1])]))
            elif kind == 2:
                made += ["\u00a0" + self._label(mark[2]) for mark in group]
            elif "searches-register" in self.document["figures"]:
                made.append("\u00a0([" + _("searched") + "](#tab-searches-register))")
        text = "".join(made)
        if opens:  # marks that open their line: the space is layout
            return space + stop + text.removeprefix("\u00a0")
        gap = space if text.startswith("\u00a0") and not stop else ""
        return stop + (gap + text.removeprefix("\u00a0") if gap else text)

    def _note(self, ids: list[str]) -> str:
        unknown = [one for one in ids if one not in self.sources]
        for one in unknown:
            self.complain(self.cell, f"cites the unknown source {one!r}{nearest(one, self.sources)}")
        number = len(self.document["notes"]) + 1
        chapter = self.cell.metadata["explainer"]["chapter"]
        note = {"n": number, "sources": ids, "anchor": f"note-{number}", "ref": f"ref-{number}"}
        self.document["notes"].append(note | {"chapter": chapter})
        return token("note", number)

    def _label(self, row: str) -> str:
        if row not in self.document["labels"]:
            near = nearest(row, self.document["labels"])
            self.complain(self.cell, f"labels the unknown row {row!r}{near}")
        return token("label", row)

    def _term(self, match: re.Match) -> str:
        term = match["term"]
        if term not in self.terms:
            self.complain(self.cell, f"links the unknown glossary term {term!r}{nearest(term, self.terms)}")
        return token("term", f"{term}|{plain(match['text'])}")

    def _anchor(self, match: re.Match) -> str:
        if match["anchor"] in self.anchors:
            return match[0]
        if self.whole:
            near = nearest(match["anchor"], self.anchors)
            self.complain(self.cell, f"links to #{match['anchor']}, which is not in this edition{near}")
        return match["words"]

    def _ref(self, match: re.Match) -> str:
        kind, key = match["ref"], match["key"]
        if kind == "ch":
            chapters = [chapter["key"] for chapter in self.document["chapters"]]
            if self.whole and key not in chapters:
                near = nearest(key, chapters)
                self.complain(self.cell, f"refers to @ch-{key}, which is not in the report{near}")
            return token("ref", f"ch-{key}")
        entry = self.document["figures"].get(key)
        if not entry:
            near = nearest(key, self.document["figures"])
            self.complain(self.cell, f"refers to @{kind}-{key}, which is not shown in this edition{near}")
        elif PREFIXES[entry["kind"]] != kind:
            self.complain(self.cell, f"refers to @{kind}-{key}, which is a {entry['kind']}")
        return token("ref", f"{kind}-{key}")

    def _exhibit(self, cell: NotebookNode) -> None:
        self.cell = cell
        entry = self.document["figures"].get(cell.metadata["explainer"]["figure"])
        if not entry:
            return  # reported by NumberExhibits
        for source in entry.get("source_ids", []):
            if source not in self.sources:
                self.complain(cell, f"{entry['name']} names the unknown source {source!r}")
        # Only a table is read in the running text, and only there are sources notes; under a chart, the
        # folded table of its numbers links to the list of sources, because paper does not print it.
        if entry["kind"] != "table":
            return
        table = entry.get("table") or {}
        cited = [n for n, column in enumerate(table.get("columns", [])) if column.get("kind") == "sources"]
        for row in table.get("rows", []):
            for n in cited:
                row[n] = self._note(list(row[n])) if row[n] else ""

    def _read(self, cell: NotebookNode, readings: dict[str, str]) -> None:
        """Give a table's Japanese terms their readings, on a line of their own."""
        entry = self.document["figures"].get(cell.metadata["explainer"]["figure"]) or {}
        table = entry.get("table") or {}
        for n, column in enumerate(table.get("columns", [])):
            for row in table["rows"] if column.get("lang") == "ja" else []:
                reading = readings.get(re.sub(r"[（(].*", "", str(row[n])).strip(), "")
                row[n] = f"{row[n]}\n{reading}" if reading else row[n]

    def _sources(self) -> dict[str, dict]:
        if self.whole:
            return self.sources
        used = {one for note in self.document["notes"] for one in note["sources"]}
        for entry in self.document["figures"].values():
            if entry["number"]:
                used |= set(entry.get("source_ids", [])) | _listed_sources(entry)
        used |= {one for entry in self.document["glossary"] for one in ids_of(entry.get("source_ids"))}
        return {key: value for key, value in self.sources.items() if key in used}

    def _evidence_until(self, chapter: str) -> str:
        cited = {s for note in self.document["notes"] if note["chapter"] == chapter for s in note["sources"]}
        days = [self.sources[one].get("published") or "" for one in cited if one in self.sources]
        return max(days, default="")


def _named(mark: re.Match, notes: dict[int, list[str]]) -> str:
    """Turn a note of earlier prose into its sources; a label is left out, for it may have been another then."""
    kind, payload = mark[1], mark[2]
    if kind == "note":
        return token("from", ";".join(notes[int(payload)]))
    return "" if kind == "label" else mark[0]


def _listed_sources(entry: dict[str, Any]) -> set[str]:
    table = entry.get("table") or {}
    cited = [n for n, column in enumerate(table.get("columns", [])) if column.get("kind") == "sources"]
    return {one for row in table.get("rows", []) for n in cited for one in ids_of(row[n]) if START not in one}


def _anchors(document: dict[str, Any]) -> set[str]:
    exhibits = {entry["anchor"] for entry in document["figures"].values() if entry["anchor"]}
    chapters = {chapter["anchor"] for chapter in document["chapters"]}
    headings = [s for chapter in document["chapters"] for s in chapter["sections"]]
    sections = {s["anchor"] for s in headings} | {one for s in headings for one in s.get("aliases", ())}
    return exhibits | chapters | sections | set(BACK_MATTER)
