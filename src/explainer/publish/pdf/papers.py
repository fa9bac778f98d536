"""Which printed files the report has, which parts each holds, and how one leads to another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explainer.text.chapters import is_record
from explainer.text.dialect import END, START

if TYPE_CHECKING:
    from nbformat import NotebookNode

BRIEF, REPORT, RECORD = "brief.pdf", "report.pdf", "record.pdf"
BACK = {
    "labels": "label-",
    "glossary": "term-",
    "corrections": "correction-",
    "cite": "",
    "sources": "s-",
    "persons": "",
}
"""The parts behind the registers, each with what the anchors in it begin with."""


@dataclass(frozen=True)
class Paper:
    """A printed file: its name, how it is laid out, and its parts in order.

    A part is a chapter's key or the name of what stands around the chapters.
    """

    file: str
    layout: str
    parts: tuple[str, ...]


def papers(resolved: NotebookNode, *, whole: bool) -> list[Paper]:
    """Return the files of a report: its brief, brief and report, and its record; one for a part published alone."""
    document = resolved.metadata["explainer"]
    chapters = [chapter["key"] for chapter in document["chapters"]]
    if not whole:
        layout = "actor" if document.get("brief") else "chapter"
        return [Paper(REPORT, layout, ("opening", *chapters, "labels", "colophon", "sources"))]
    told = [key for key in chapters if not is_record(key)]
    kept = [key for key in chapters if is_record(key)]
    return [
        Paper(BRIEF, "brief", tuple(told[:1])),
        Paper(REPORT, "report", ("cover", "contents", *told, "sources")),
        Paper(RECORD, "record", ("cover", "contents", *kept, *BACK)),
    ]


def leads(resolved: NotebookNode, all_: list[Paper], own: Paper) -> dict[str, str]:
    """Return where each anchor is reached from a file: empty for its own pages, else the file and the heading there.

    An anchor that ends in a dash stands for all that begin with it. One that no file holds is not in it.
    """
    held = dict(_anchors(resolved))
    held |= {part: {part: part} | ({beginning: part} if beginning else {}) for part, beginning in BACK.items()}
    found = {
        anchor: f"{paper.file}#{heading}"
        for paper in reversed(all_)
        if paper.file != BRIEF
        for part in paper.parts
        for anchor, heading in held.get(part, {}).items()
        if (part, paper.file) != ("sources", REPORT)
    }
    return found | {anchor: "" for part in own.parts for anchor in held.get(part, {})}


def _anchors(resolved: NotebookNode) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each chapter with its anchors, each with the heading that it stands under."""
    document = resolved.metadata["explainer"]
    for chapter in document["chapters"]:
        heading, held = chapter["anchor"], {chapter["anchor"]: chapter["anchor"]}
        for cell in resolved.cells:
            info = cell.metadata["explainer"]
            if info["chapter"] != chapter["key"]:
                continue
            heading = info.get("heading", {}).get("anchor") or heading
            entry = document["figures"][info["figure"]] if cell.cell_type == "code" else {}
            texts = [cell.source, entry.get("corrected"), entry.get("table")]
            marks = re.findall(f"{START}correction:([^|]*?){END}", json.dumps(texts, ensure_ascii=False))
            held |= dict.fromkeys([heading, entry.get("anchor", heading), *(f"corrected-{m}" for m in marks)], heading)
        yield chapter["key"], held
