"""What stands in the text: citations, labels, references and terms become tokens; notes are numbered."""

import copy
import itertools
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from nbformat import NotebookNode

from explainer.publish.document import BACK_MATTER, PREFIXES, Draft, printed
from explainer.publish.language import _
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


class ResolveInline:
    """Turn citations, references, labels and glossary links into tokens, and number the notes."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.document, self.whole = draft, draft.document, draft.whole
        self.sources = clean(draft.manifest.get("sources", {}))
        self.glossary = [
            {"term_ja": "", "reading": "", "definition": ""}
            | {name: value or "" for name, value in entry.items()}
            | {"sources": [one for one in ids_of(entry.get("source_ids")) if one in self.sources]}
            for entry in clean(copy.deepcopy(draft.manifest.get("glossary", [])))
        ]
        self.anchors = _anchors(self.document)

    def work(self) -> None:
        """Walk the cells in reading order; tables get their notes where they stand."""
        document = self.document
        document |= {"notes": [], "labels": clean(document.get("labels", {}))}
        readings = {e["term_ja"]: e["reading"] for e in self.glossary if e.get("reading")}
        unread: dict[str, dict[str, str]] = {}
        for cell in self.draft.nb.cells:
            if cell.cell_type == "markdown":
                left = unread.setdefault(cell.metadata["explainer"]["chapter"], dict(readings))
                cell.source = self._resolved(cell, outside_code(cell.source, partial(with_readings, readings=left)))
                if heading := cell.metadata["explainer"].get("heading"):
                    heading["title"] = plain(curl(heading["title"]))
            else:
                self._exhibit(cell, readings)
        document["earlier"] = list(self._earlier_prose())
        document["glossary"] = sorted(self.glossary, key=lambda entry: (entry["term"].casefold(), entry["term_id"]))
        document["sources"] = self._sources()
        for chapter in document["chapters"]:
            cited = {s for note in document["notes"] if note["chapter"] == chapter["key"] for s in note["sources"]}
            days = (self.sources[one].get("published") or "" for one in cited if one in self.sources)
            chapter["evidence_until"] = max(days, default="")

    def _resolved(self, cell: NotebookNode, source: str) -> str:
        self.cell = cell
        return outside_code(curl(clean(source)), lambda piece: INLINE.sub(self._inline, piece))

    def _earlier_prose(self) -> Iterator[dict[str, Any]]:
        """Resolve prose of earlier days, which names its sources in the text: notes are numbered for today's."""
        problems, notes = self.draft.problems, self.document["notes"]
        for entry in self.document.get("earlier", []):
            complaints, numbered = len(problems), len(notes)
            text = self._resolved(NotebookNode(metadata={"explainer": entry}), entry["source"])
            text = TOKEN.sub(partial(_named, notes={note["n"]: note["sources"] for note in notes[numbered:]}), text)
            if len(problems) == complaints:  # a reference to what only an earlier edition shows cannot be kept
                yield entry | {"source": text}
            del notes[numbered:], problems[complaints:]

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
            self.draft.complain(self.cell, f"cites the unknown source {one!r}", one, self.sources)
        number = len(self.document["notes"]) + 1
        chapter = self.cell.metadata["explainer"]["chapter"]
        note = {"n": number, "sources": ids, "anchor": f"note-{number}", "ref": f"ref-{number}"}
        self.document["notes"].append(note | {"chapter": chapter})
        return token("note", number)

    def _label(self, row: str) -> str:
        if row not in self.document["labels"]:
            self.draft.complain(self.cell, f"labels the unknown row {row!r}", row, self.document["labels"])
        return token("label", row)

    def _term(self, match: re.Match) -> str:
        term, known = match["term"], {entry["term_id"] for entry in self.glossary}
        if term not in known:
            self.draft.complain(self.cell, f"links the unknown glossary term {term!r}", term, known)
        return token("term", f"{term}|{plain(match['text'])}")

    def _anchor(self, match: re.Match) -> str:
        anchor = match["anchor"]
        if anchor in self.anchors:
            return match[0]
        if self.whole:
            self.draft.complain(self.cell, f"links to #{anchor}, which is not in this edition", anchor, self.anchors)
        return match["words"]

    def _ref(self, match: re.Match) -> str:
        kind, key = match["ref"], match["key"]
        if kind == "ch":
            chapters = [chapter["key"] for chapter in self.document["chapters"]]
            if self.whole and key not in chapters:
                self.draft.complain(self.cell, f"refers to @ch-{key}, which is not in the report", key, chapters)
            return token("ref", f"ch-{key}")
        known = self.document["figures"]
        if key not in known:
            what = f"refers to @{kind}-{key}, which is not shown in this edition"
            self.draft.complain(self.cell, what, key, known)
        elif PREFIXES[known[key]["kind"]] != kind:
            self.draft.complain(self.cell, f"refers to @{kind}-{key}, which is a {known[key]['kind']}")
        return token("ref", f"{kind}-{key}")

    def _exhibit(self, cell: NotebookNode, readings: dict[str, str]) -> None:
        """Check an exhibit's sources; in its table sources become notes, and Japanese gets its reading in a new line.

        Only a table is read in the running text, and only there are sources notes; under a chart, the folded table of
        its numbers links to the list of sources, because paper does not print it.
        """
        self.cell = cell
        entry = self.document["figures"].get(cell.metadata["explainer"]["figure"], {})  # complained of if it is not
        for source in entry.get("source_ids", []):
            if source not in self.sources:
                self.draft.complain(cell, f"{entry['name']} names the unknown source {source!r}")
        table = entry.get("table") or {}
        for row in table.get("rows", []):
            for n, column in enumerate(table["columns"]):
                if column.get("kind") == "sources" and entry["kind"] == "table":
                    row[n] = self._note(list(row[n])) if row[n] else ""
                elif column.get("lang") == "ja":
                    reading = readings.get(re.sub(r"[（(].*", "", str(row[n])).strip(), "")
                    row[n] = f"{row[n]}\n{reading}" if reading else row[n]

    def _sources(self) -> dict[str, dict[str, Any]]:
        used = {one for note in self.document["notes"] for one in note["sources"]}
        for entry in self.document["figures"].values():
            if entry["number"]:
                table = entry.get("table") or {}
                cited = [n for n, column in enumerate(table.get("columns", [])) if column.get("kind") == "sources"]
                listed = (one for row in table.get("rows", []) for n in cited for one in ids_of(row[n]))
                used |= {*entry.get("source_ids", []), *(one for one in listed if START not in one)}
        used |= {one for entry in self.glossary for one in entry["sources"]}
        return {key: printed(key, value) for key, value in self.sources.items() if self.whole or key in used}


def _named(mark: re.Match, notes: dict[int, list[str]]) -> str:
    """Turn a note of earlier prose into its sources; a label is left out, for it may have been another then."""
    kind, payload = mark[1], mark[2]
    if kind == "note":
        return token("from", ";".join(notes[int(payload)]))
    return "" if kind == "label" else mark[0]


def _anchors(document: dict[str, Any]) -> set[str]:
    exhibits = {entry["anchor"] for entry in document["figures"].values() if entry["anchor"]}
    chapters = {chapter["anchor"] for chapter in document["chapters"]}
    headings = [s for chapter in document["chapters"] for s in chapter["sections"]]
    sections = {s["anchor"] for s in headings} | {one for s in headings for one in s.get("aliases", ())}
    return exhibits | chapters | sections | set(BACK_MATTER)
