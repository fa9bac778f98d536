"""Which printed files the report has, which parts each holds, and how one leads to another."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

FRONT = ("cover", "contents")
BACK = {
    "labels": ("labels", "label-"),
    "glossary": ("glossary", "term-"),
    "corrections": ("corrections", "correction-"),
    "cite": ("cite",),
    "sources": ("sources", "s-"),
    "persons": ("index-of-persons",),
}
"""The parts behind the chapters, each with its anchor, and the beginning of those in it."""


@dataclass(frozen=True)
class Paper:
    """A printed file: its name, and its parts in order, each a chapter's key or the name of a part around them."""

    file: str
    parts: tuple[str, ...]


def papers(resolved: NotebookNode, *, whole: bool) -> list[Paper]:
    """Return the files of a report; a chapter alone, or a brief, has an opening for a cover."""
    chapters = [chapter["key"] for chapter in resolved.metadata["explainer"]["chapters"]]
    if whole:
        return [Paper("report.pdf", (*FRONT, *chapters, *BACK, "colophon"))]
    return [Paper("report.pdf", ("opening", *chapters, "labels", "colophon", "sources"))]


def elsewhere(resolved: NotebookNode, all_: list[Paper], own: Paper) -> dict[str, str]:
    """Return the anchors that only other files hold, each with the file; those that end in a dash are beginnings."""
    document = resolved.metadata["explainer"]
    held = {part: list(anchors) for part, anchors in BACK.items()}
    for chapter in document["chapters"]:
        held[chapter["key"]] = [chapter["anchor"], *(section["anchor"] for section in chapter["sections"])]
    for cell in resolved.cells:
        if cell.cell_type == "code":
            info = cell.metadata["explainer"]
            held[info["chapter"]].append(document["figures"][info["figure"]]["anchor"])
    here = {anchor for part in own.parts for anchor in held.get(part, ())}
    found = {anchor: paper.file for paper in all_ for part in paper.parts for anchor in held.get(part, ())}
    return {anchor: file for anchor, file in found.items() if anchor not in here}
