"""Headings: each opens a cell of its own and has an anchor; those that a day has left empty go."""

from __future__ import annotations

import copy
import itertools
import re
from typing import Any

from nbformat import NotebookNode

from explainer.publish.document import BACK_MATTER, chapter_number
from explainer.publish.step import Step
from explainer.text.dialect import HEADING, curl, headings, plain, slug


class SplitHeadings(Step):
    """Give every heading a cell's first line and an anchor that is one of its kind in the report."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Split Markdown cells before each heading and note it in the cell's metadata."""
        taken = {chapter["anchor"] for chapter in document["chapters"]} | set(BACK_MATTER)
        cells: list[NotebookNode] = []
        for cell in nb.cells:
            cells += self._split(cell, taken) if cell.cell_type == "markdown" else [cell]
        nb.cells = cells

    def _split(self, cell: NotebookNode, taken: set[str]) -> list[NotebookNode]:
        if cell.metadata["explainer"].get("aside"):  # a box's heading is a label in it, not a section
            cell.source = HEADING.sub(lambda mark: f"**{mark[2]}**\n", cell.source)
            return [cell]
        marks = headings(cell.source)
        edges = [0, *(m.start() for m in marks), len(cell.source)]
        pieces = [cell.source[start:stop].strip("\n") for start, stop in itertools.pairwise(edges)]
        opened = zip(pieces, [None, *marks], strict=True)
        made = [self._piece(cell, text, mark, taken) for text, mark in opened if text]
        for number, piece in enumerate(made[1:], start=2):
            piece["id"] = f"{cell.get('id', 'cell')}-{number}"
        return made

    def _piece(self, cell: NotebookNode, text: str, mark: re.Match | None, taken: set[str]) -> NotebookNode:
        piece = copy.deepcopy(cell)
        piece.source = text
        if not mark:
            return piece
        level, title = len(mark[1]), mark[2]
        own = level == 1 and not mark[3]  # a chapter is called by its key, unless it had another name before
        anchor = piece.metadata["explainer"]["chapter"] if own else self._anchor(cell, mark, taken)
        piece.source = f"{mark[1]} {title} {{#{anchor}}}" + text[mark.end() - mark.start() :]
        piece.metadata["explainer"]["heading"] = {"level": level, "title": title, "anchor": anchor}
        if aliases := [one.lstrip("#") for one in (mark[4] or "").split()]:
            piece.metadata["explainer"]["heading"]["aliases"] = aliases
            taken.update(aliases)
        return piece

    def _anchor(self, cell: NotebookNode, mark: re.Match, taken: set[str]) -> str:
        anchor = mark[3] or slug(plain(mark[2]))
        if anchor in taken and mark[3]:
            chapter = chapter_number(cell.metadata["explainer"]["chapter"])
            self.complain(cell, f"the anchor #{anchor} is taken; try #{anchor}-{chapter}")
        if anchor in taken and not mark[3]:
            anchor = f"{cell.metadata['explainer']['chapter']}-{anchor}"
        taken.add(anchor)
        return anchor


class DropEmptyHeadings(Step):
    """Drop headings that an edition's date cut has left without text, then list what is left."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Go from the end, so that a section emptied of its last subsection goes as well."""
        kept: list[NotebookNode] = []
        for cell in reversed(nb.cells):
            info = cell.metadata["explainer"]
            heading = info.get("heading")
            if not heading or cell.source.partition("\n")[2].strip() or _holds(heading, kept, info["chapter"]):
                kept.append(cell)
        nb.cells = kept[::-1]
        self._list(nb, document)

    def _list(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        present = {cell.metadata["explainer"]["chapter"] for cell in nb.cells}
        document["chapters"] = [c for c in document["chapters"] if c["key"] in present]
        for chapter in document["chapters"]:
            own = [c for c in nb.cells if c.metadata["explainer"]["chapter"] == chapter["key"]]
            headings = [h for h in (c.metadata["explainer"].get("heading") for c in own) if h]
            titles = [h for h in headings if h["level"] == 1]
            if len(titles) != 1:
                self.complain(own[0], f"the chapter has {len(titles)} titles (lines with one #) instead of one")
            chapter["title"] = plain(curl(titles[0]["title"])) if titles else chapter["key"]
            chapter["anchor"] = titles[0]["anchor"] if titles else chapter["key"]
            chapter["sections"] = [h | {"title": plain(curl(h["title"]))} for h in headings if h["level"] > 1]
            chapter["words"] = sum(len(plain(c.source).split()) for c in own if c.cell_type == "markdown")


def _holds(heading: dict[str, Any], later: list[NotebookNode], chapter: str) -> bool:
    """Tell whether the cell that follows (the last of `later`) belongs under a heading."""
    if not later or later[-1].metadata["explainer"]["chapter"] != chapter:
        return False
    following = later[-1].metadata["explainer"].get("heading")
    return not following or following["level"] > heading["level"]
