"""Marks a report that was built with a reader's own assumptions, so that nobody takes it for a published edition.

The build says in the manifest what differs from the report's own scenario, and which exhibits follow it. A box opens
each chapter and each section that holds one; the opening block of page and PDF says the same.
"""

import copy
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from explainer.publish.document import PREFIXES, chapter_number
from explainer.publish.language import _, ngettext
from explainer.text.dialect import curl


def opening(changed: str) -> str:
    """Return what the opening block says; nothing for a report under its own assumptions."""
    if not changed:
        return ""
    words = _(
        "A reader's own copy, not a published edition. Changed in its scenario: {changed}. Only the figures and "
        "tables of that scenario follow the change; the text keeps the report's own assumptions."
    )
    return curl(words.format(changed=changed))


def mark_own_scenario(nb: NotebookNode, manifest: dict[str, Any]) -> None:
    """Open with a box each chapter and section that shows an exhibit of a reader's own scenario."""
    changed = manifest.get("own_scenario", "")
    own = {e["id"]: e for e in manifest.get("figures", []) if e.get("own_scenario")} if changed else {}
    places: dict[int, list[dict[str, Any]]] = {}
    headings: dict[int, int] = {}
    for number, cell in enumerate(nb.cells):
        info = cell.metadata["explainer"]
        if info.get("heading"):
            level = info["heading"]["level"]
            headings = {k: n for k, n in headings.items() if k < level} | {level: number}
        if info.get("figure") in own:
            for level in {1, 2} & headings.keys():
                places.setdefault(headings[level], []).append(own[info["figure"]])
    for number in sorted(places, reverse=True):
        nb.cells[number : number + 1] = _with_box(nb.cells[number], changed, places[number])


def _with_box(cell: NotebookNode, changed: str, shown: list[dict[str, Any]]) -> list[NotebookNode]:
    """Return a heading's cell as heading, box and text."""
    heading, _, text = cell.source.partition("\n")
    info = cell.metadata["explainer"]
    box = _like(cell, "own", _words(changed, shown, info["heading"]["level"], info["chapter"]))
    box.metadata["explainer"]["aside"] = True
    rest = [_like(cell, "text", text.strip("\n"))] if text.strip() else []
    cell.source = heading
    return [cell, box, *rest]


def _like(cell: NotebookNode, name: str, source: str) -> NotebookNode:
    """Return a cell of the same place and days without the heading."""
    made = new_markdown_cell(source, id=f"{cell['id'][:50]}-{name}", metadata=copy.deepcopy(cell.metadata))
    made.metadata["explainer"].pop("heading", None)
    return made


def _words(changed: str, shown: list[dict[str, Any]], level: int, chapter: str) -> str:
    refs = [f"@{PREFIXES[e['kind']]}-{e['id']}" for e in shown]
    named = refs[0] if len(refs) == 1 else _("{first} and {last}").format(first=", ".join(refs[:-1]), last=refs[-1])
    part = _("chapter {number}").format(number=chapter_number(chapter)) if level == 1 else _("this section")
    follow = ngettext("{named} of {part} follows the change.", "{named} of {part} follow the change.", len(refs))
    claim = next((e["claim"] for e in shown if e["kind"] == "figure"), shown[0]["claim"])
    opening = _("A reader's own assumptions.")
    end = _("The sentences, and all other numbers, keep the report's own assumptions.")
    return f"**{opening}** {changed}. {follow.format(named=named, part=part)} {claim}. {end}"
