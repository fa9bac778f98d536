"""The resolved document as the page's template wants it: a tree of sections, exhibits, notes, sources.

Everything here is computed before the template runs; the template only sets it.
"""

from __future__ import annotations

import base64
import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from zopfli import zlib

from explainer.publish import citing, metadata
from explainer.publish.corrections import later_words
from explainer.publish.document import BACK_MATTER, Document, long_date, stale, title_of
from explainer.publish.html.exhibits import Exhibits
from explainer.publish.html.inline import Inline
from explainer.publish.language import _, ngettext
from explainer.text.chapters import is_record
from explainer.text.dialect import HEADING

WORDS_PER_MINUTE = 230
CHANGES_CELL = "what-changed-generated"
"""The build's own cell of what changed since the edition before; the whole list is folded under it."""


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
        self.inline = Inline(self.document)
        self.exhibits = Exhibits(self.document, figures_dir, code_root, self.inline)
        self.chapters = self._tree(nb)
        self._earlier_prose({cell["id"] for cell in nb.cells if cell.cell_type == "code" or _body(cell).strip()})
        self.back = SimpleNamespace(parts=self._parts(), notes=self._notes(), citations=self._citations())
        self.social = metadata.social(self.document)
        self.linked_data = metadata.linked_data(self.document, self.exhibits.owners)

    def __deepcopy__(self, memo: dict[int, Any]) -> Page:
        """Return the page itself: nbconvert copies what it hands to a template, which only reads this."""
        return self

    # --- the opening block

    @property
    def parcel(self) -> Markup:
        """What only the script reads: how the page stood on earlier days.

        Browsers unpack it themselves; zopfli writes the same bytes on every system, which two builds of zlib need not.
        """
        text = json.dumps(self.exhibits.earlier, ensure_ascii=False, separators=(",", ":"))
        return Markup(base64.b64encode(zlib.compress(text.encode(), numiterations=5)).decode())

    @property
    def reading(self) -> str:
        """How long each layer takes to read; the record is told in tables, for nobody reads it through."""
        words = [chapter["words"] for chapter in self.document["chapters"] if not is_record(chapter["key"])]
        first, rest = _minutes(words[:1]), _minutes(words[1:])
        if len(words) == 1:
            return first
        text = _("{first} for the brief, which stands alone; {rest} for the report").format(first=first, rest=rest)
        shown = (entry["chapter"] for entry in self.document["figures"].values() if entry["number"])
        tables = sum(map(is_record, shown))
        return text + (_("; the record behind it holds {count} tables").format(count=tables) if tables else "")

    @property
    def notice(self) -> str:
        """How far the evidence reaches, in a sentence or two."""
        as_of = self.document["as_of"]
        newest = max((source["published"] for source in self.document["sources"].values()), default="")
        text = _("This edition holds what could be known on {day}, and nothing later.").format(day=long_date(as_of))
        if stale(newest, as_of):
            text += _(" Its newest source is older than that: {day}.").format(day=long_date(newest))
        reach = (self.document["figures"].get("evidence-reach") or {}).get("table") or {}
        for topic, last, *_rest in reach.get("rows", [])[:1]:
            if last != long_date(as_of):
                words = _(" Topics end on their own days: {topic} on {day}.")
                text += words.format(topic=topic.lower(), day=last)
        return f"{text} {later_words(self.document)}".rstrip()

    # --- the chapters

    def _tree(self, nb: NotebookNode) -> list[dict[str, Any]]:
        """Return the chapters, each a tree of sections with their blocks."""
        chapters: list[dict[str, Any]] = []
        open_nodes: list[dict[str, Any]] = []
        for cell in nb.cells:
            info = cell.metadata["explainer"]
            if heading := info.get("heading"):
                node = self._node(cell, info, heading)
                while open_nodes and open_nodes[-1]["level"] >= node["level"]:
                    open_nodes.pop()
                (open_nodes[-1]["sections"] if open_nodes else chapters).append(node)
                open_nodes.append(node)
            if block := self._block(cell, info):
                open_nodes[-1]["blocks"].append(block)
        return chapters

    def _earlier_prose(self, printed: set[str]) -> None:
        """Put prose of earlier days into the parcel, each piece with the place where it stood."""
        after = []
        for entry in self.document.get("earlier", []):
            heading = HEADING.match(entry["source"])
            body = self.inline.markdown(entry["source"][heading.end() :] if heading else entry["source"])
            level = f"h{len(heading[1]) + 1}" if heading else ""
            html = f"<{level}>{self.inline.line(heading[2])}</{level}>{body}" if heading else str(body)
            dates = [entry["since"], entry["until"], html, 0]
            if entry["after"] in printed and not entry["after_opens"]:
                self.exhibits.earlier.append([f"cell-{entry['after']}", "before", *dates])
            elif entry["before"] in printed:
                after.append([f"cell-{entry['before']}", "after", *dates])
        self.exhibits.earlier += after[::-1]  # each is set right behind its neighbour, so the last goes first

    def _node(self, cell: NotebookNode, info: dict[str, Any], heading: dict[str, Any]) -> dict[str, Any]:
        node = {key: info.get(key, "") for key in ("since", "until")} | heading | {"blocks": [], "sections": []}
        node["title"] = self.inline.line(title_of(cell))
        if heading["level"] == 1:
            node["chapter"] = chapter = next(c for c in self.document["chapters"] if c["key"] == info["chapter"])
            node["record"] = is_record(chapter["key"])
            node["stale"] = stale(chapter["evidence_until"], self.document["as_of"])
        return node

    def _block(self, cell: NotebookNode, info: dict[str, Any]) -> dict[str, Any] | None:
        """Return what the page shows of a cell besides its heading: prose, an aside or an exhibit."""
        block = {"id": f"cell-{cell['id']}"} | {key: info.get(key, "") for key in ("since", "until", "aside")}
        if cell.cell_type == "code":
            return block | {"exhibit": self.exhibits.view(self.document["figures"][info["figure"]])}
        if not _body(cell).strip():
            return None
        return block | {"changes": info.get("cell") == CHANGES_CELL, "html": self.inline.markdown(_body(cell))}

    # --- what stands after the chapters

    def _parts(self) -> list[str]:
        """Return the parts that there are: a whole report says so when it has no corrections."""
        told = self.document | {"labels": self.document["labels"] or self.inline.labels_used}
        told["corrections"] = self.document["corrections"] or self.document.get("cite")
        return [part for part in BACK_MATTER if told.get(part)]

    def _notes(self) -> list[dict[str, Any]]:
        """Return the notes of the prose with their sources: in full where first cited, then by publisher and day.

        Half of all citations name a source again; its title and address once are enough, and a later note
        links to the one that has them. Numbers are those of the PDF, where the rows of tables have notes too; here
        such rows name their sources themselves, and one line stands for their numbers.
        """
        first: dict[str, int] = {}
        made: list[dict[str, Any]] = []
        for note in self.document["notes"]:
            table = self.exhibits.in_tables.get(note["n"])
            if table and made and made[-1].get("table") is table:
                made[-1]["last"] = note["n"]
            elif table:
                made.append({"n": note["n"], "last": note["n"], "table": table})
            else:
                again = {one: first.setdefault(one, note["n"]) for one in note["sources"]}
                cited = [self.document["sources"][one] | {"at": at} for one, at in again.items()]
                made.append({"n": note["n"], "sources": cited})
        return made

    def _citations(self) -> list[dict[str, str]]:
        """Return the report's own reference in every format, each as text and as a file."""
        item = citing.report_item(self.document, self.document["as_of"])
        return [
            {"name": form.name, "file": f"{item['id']}.{form.ending}", "uri": form.uri([item])}
            for form in citing.FORMATS.values()
        ]


def _body(cell: NotebookNode) -> str:
    """Return a cell's text without its heading."""
    return cell.source.partition("\n")[2] if cell.metadata["explainer"].get("heading") else cell.source


def _minutes(words: list[int]) -> str:
    count = max(1, math.ceil(sum(words) / WORDS_PER_MINUTE))
    return ngettext("{count} minute", "{count} minutes", count).format(count=count)
