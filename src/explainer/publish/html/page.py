"""The resolved document as the page's template wants it: a tree of sections, exhibits, notes, sources.

Everything here is computed before the template runs; the template only sets it.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from zopfli import zlib

from explainer.publish import metadata
from explainer.publish.corrections import later_words
from explainer.publish.document import Chapter, Document, long_date, stale
from explainer.publish.html.back_matter import BackMatter
from explainer.publish.html.exhibits import Exhibits
from explainer.publish.html.inline import Inline
from explainer.publish.language import _, ngettext
from explainer.text.chapters import is_record
from explainer.text.dialect import HEADING

WORDS_PER_MINUTE = 230
CHANGES_CELL = "what-changed-generated"
"""The build's own cell of what changed since the edition before; the whole list is folded under it."""


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
    chapter: Chapter | None = None
    stale: str = ""
    aliases: list[str] = field(default_factory=list)
    """Anchors that led here before."""
    record: bool = False


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
        self._earlier_prose({cell.get("id", "") for cell in nb.cells if _printed(cell)})
        self.back = BackMatter(self.document, self.inline, self.exhibits.in_tables)

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
        tables = sum(block.kind == "exhibit" for node in self.chapters if node.record for block in _blocks(node))
        return text + (_("; the record behind it holds {count} tables").format(count=tables) if tables else "")

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
        return f"{text} {later_words(self.document)}".rstrip()

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
            body = self.inline.markdown(entry["source"][heading.end() :] if heading else entry["source"])
            level = f"h{len(heading[1]) + 1}" if heading else ""
            html = f"<{level}>{self.inline.line(heading[2])}</{level}>{body}" if heading else str(body)
            dates = [entry["since"], entry["until"], html, 0]
            if entry["after"] in printed and not entry["after_opens"]:
                self.exhibits.earlier.append([f"cell-{entry['after']}", "before", *dates])
            elif entry["before"] in printed:
                after.append([f"cell-{entry['before']}", "after", *dates])
        self.exhibits.earlier += after[::-1]  # each is set right behind its neighbour, so the last goes first

    def _node(self, cell: NotebookNode, info: dict[str, Any], heading: dict[str, Any]) -> Node:
        dates = (info.get("since", ""), info.get("until", ""))
        title = re.sub(r"^#+ | \{#[^{}]*\}$", "", cell.source.partition("\n")[0])
        node = Node(heading["level"], heading["anchor"], self.inline.line(title), *dates)
        node.aliases = heading.get("aliases", [])
        if heading["level"] == 1:
            node.chapter = next(c for c in self.document["chapters"] if c["key"] == info["chapter"])
            node.record = is_record(node.chapter["key"])
            node.stale = stale(node.chapter["evidence_until"], self.document["as_of"])
        return node

    def _block(self, cell: NotebookNode, info: dict[str, Any]) -> Block | None:
        place = (f"cell-{cell.get('id')}", info.get("since", ""), info.get("until", ""))
        if cell.cell_type == "code":
            return Block("exhibit", *place, exhibit=self.exhibits.view(self.document["figures"][info["figure"]]))
        text = cell.source.partition("\n")[2] if info.get("heading") else cell.source
        if not text.strip():
            return None
        kind = "changes" if info.get("cell") == CHANGES_CELL else "aside" if info.get("aside") else "prose"
        return Block(kind, *place, html=self.inline.markdown(text))

    # --- inline tokens

    @property
    def social(self) -> list[tuple[str, str, str]]:
        """Meta elements for links that are shared."""
        return metadata.social(self.document)

    @property
    def linked_data(self) -> Markup:
        """The page's JSON-LD."""
        return metadata.linked_data(self.document, self.exhibits.owners)


def _printed(cell: NotebookNode) -> bool:
    """Tell whether a cell prints more than its heading."""
    heading = cell.metadata["explainer"].get("heading")
    return cell.cell_type == "code" or bool((cell.source.partition("\n")[2] if heading else cell.source).strip())


def _minutes(words: list[int]) -> str:
    count = max(1, math.ceil(sum(words) / WORDS_PER_MINUTE))
    return ngettext("{count} minute", "{count} minutes", count).format(count=count)


def _blocks(node: Node) -> Iterator[Block]:
    yield from node.blocks
    for section in node.sections:
        yield from _blocks(section)
