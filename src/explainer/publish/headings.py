"""The order of a report: headings and their anchors, the sections that a day has left, exhibits by number."""

import copy
import itertools
import re
from typing import Any

from nbformat import NotebookNode

from explainer.publish.document import BACK_MATTER, PREFIXES, Draft, chapter_number
from explainer.publish.language import _
from explainer.text.cells import tags
from explainer.text.dialect import HEADING, clean, curl, headings, plain, slug


def split_headings(draft: Draft) -> None:
    """Give every heading a cell's first line and an anchor that is one of its kind in the report."""
    taken = {chapter["anchor"] for chapter in draft.document["chapters"]} | set(BACK_MATTER)
    cells: list[NotebookNode] = []
    for cell in draft.nb.cells:
        cells += _split(draft, cell, taken) if cell.cell_type == "markdown" else [cell]
    draft.nb.cells = cells


def _split(draft: Draft, cell: NotebookNode, taken: set[str]) -> list[NotebookNode]:
    if cell.metadata["explainer"].get("aside"):  # a box's heading is a label in it, not a section
        cell.source = HEADING.sub(lambda mark: f"**{mark[2]}**\n", cell.source)
        return [cell]
    marks = headings(cell.source)
    edges = [0, *(m.start() for m in marks), len(cell.source)]
    pieces = [cell.source[start:stop].strip("\n") for start, stop in itertools.pairwise(edges)]
    opened = zip(pieces, [None, *marks], strict=True)
    made = [_piece(draft, cell, text, mark, taken) for text, mark in opened if text]
    for number, piece in enumerate(made[1:], start=2):
        piece["id"] = f"{cell.get('id', 'cell')}-{number}"
    return made


def _piece(draft: Draft, cell: NotebookNode, text: str, mark: re.Match | None, taken: set[str]) -> NotebookNode:
    piece = copy.deepcopy(cell)
    piece.source = text
    if not mark:
        return piece
    level, title = len(mark[1]), mark[2]
    own = level == 1 and not mark[3]  # a chapter is called by its key, unless it had another name before
    anchor = piece.metadata["explainer"]["chapter"] if own else _anchor(draft, cell, mark, taken)
    piece.source = f"{mark[1]} {title} {{#{anchor}}}" + text[mark.end() - mark.start() :]
    piece.metadata["explainer"]["heading"] = {"level": level, "title": title, "anchor": anchor}
    if aliases := [one.lstrip("#") for one in (mark[4] or "").split()]:
        piece.metadata["explainer"]["heading"]["aliases"] = aliases
        taken.update(aliases)
    return piece


def _anchor(draft: Draft, cell: NotebookNode, mark: re.Match, taken: set[str]) -> str:
    anchor, chapter = mark[3] or slug(plain(mark[2])), cell.metadata["explainer"]["chapter"]
    if anchor in taken and mark[3]:
        draft.complain(cell, f"the anchor #{anchor} is taken; try #{anchor}-{chapter_number(chapter)}")
    elif anchor in taken:
        anchor = f"{chapter}-{anchor}"
    taken.add(anchor)
    return anchor


def drop_empty_headings(draft: Draft) -> None:
    """Drop headings that an edition's date cut has left without text, then list what is left."""
    kept: list[NotebookNode] = []
    for cell in reversed(draft.nb.cells):  # so that a section emptied of its last subsection goes as well
        info = cell.metadata["explainer"]
        heading = info.get("heading")
        if not heading or cell.source.partition("\n")[2].strip() or _holds(heading, kept, info["chapter"]):
            kept.append(cell)
    draft.nb.cells = kept[::-1]
    present = {cell.metadata["explainer"]["chapter"] for cell in kept}
    draft.document["chapters"] = [c for c in draft.document["chapters"] if c["key"] in present]
    for chapter in draft.document["chapters"]:
        own = [c for c in draft.nb.cells if c.metadata["explainer"]["chapter"] == chapter["key"]]
        headings = [h for h in (c.metadata["explainer"].get("heading") for c in own) if h]
        titles = [h for h in headings if h["level"] == 1]
        if len(titles) != 1:
            draft.complain(own[0], f"the chapter has {len(titles)} titles (lines with one #) instead of one")
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


def number_exhibits(draft: Draft) -> None:
    """Number figures and tables in reading order, their words set as the report prints them."""
    known = {entry["id"]: entry for entry in draft.manifest.get("figures", [])}
    counts = {"figure": 0, "table": 0}
    shown: dict[str, dict] = {}
    for cell in draft.nb.cells:
        figure = cell.metadata["explainer"].get("figure")
        if not figure:
            continue
        if figure not in known:
            draft.complain(cell, f"shows {figure!r}, which the manifest does not have", figure, known)
        elif figure in shown:
            draft.complain(cell, f"shows {figure!r} a second time")
        else:
            if (kind := known[figure]["kind"]) not in tags(cell):
                draft.complain(cell, f"shows the {kind} {figure!r} in a cell not tagged so; tag it {kind}")
            counts[kind] += 1
            shown[figure] = _numbered(known[figure], counts[kind], cell.metadata["explainer"]["chapter"])
    others = {} if draft.whole else {k: _elsewhere(v) for k, v in known.items() if k not in shown}
    draft.document["figures"] = shown | others


def _numbered(entry: dict[str, Any], number: int, chapter: str) -> dict[str, Any]:
    made = clean(copy.deepcopy(entry))
    made |= {"number": number, "name": f"{_name(entry['kind'])} {number}"}
    made |= {"anchor": f"{PREFIXES[entry['kind']]}-{entry['id']}", "chapter": chapter}
    for key in ("claim", "subtitle", "note"):
        made[key] = curl(made.get(key) or "")
    table = made.get("table") or {}
    texts = [n for n, column in enumerate(table.get("columns", [])) if column.get("kind", "text") == "text"]
    for row in table.get("rows", []):
        for n in texts:
            row[n] = curl(row[n]) if isinstance(row[n], str) else row[n]
    return made


def _name(kind: str) -> str:
    return _("Figure") if kind == "figure" else _("Table")


def _elsewhere(entry: dict[str, Any]) -> dict[str, Any]:
    where = chapter_number(entry.get("chapter", ""))
    name = _("the {kind} “{claim}”").format(kind=_name(entry["kind"]).lower(), claim=curl(entry["claim"]))
    name += _(" in chapter {number}").format(number=where) if where else ""
    return {"id": entry["id"], "kind": entry["kind"], "number": None, "name": name, "anchor": ""}
