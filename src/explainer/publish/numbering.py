"""Exhibits: numbered in reading order, their words set as the report prints them."""

from __future__ import annotations

import copy
from typing import Any

from nbformat import NotebookNode

from explainer.publish.document import chapter_number
from explainer.publish.language import _
from explainer.publish.step import Step, nearest
from explainer.text.cells import tags
from explainer.text.dialect import clean, curl

PREFIXES = {"figure": "fig", "table": "tab"}


class NumberExhibits(Step):
    """Number figures and tables in reading order and take their entries from the manifest."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """List the exhibits shown, in order, then those of other chapters without a number."""
        known = {entry["id"]: entry for entry in self.manifest.get("figures", [])}
        counts = {"figure": 0, "table": 0}
        shown: dict[str, dict] = {}
        for cell in nb.cells:
            figure = cell.metadata["explainer"].get("figure")
            if not figure:
                continue
            if figure not in known:
                near = nearest(figure, known)
                self.complain(cell, f"shows {figure!r}, which the manifest does not have{near}")
            elif figure in shown:
                self.complain(cell, f"shows {figure!r} a second time")
            else:
                if (kind := known[figure]["kind"]) not in tags(cell):
                    self.complain(cell, f"shows the {kind} {figure!r} in a cell not tagged so; tag it {kind}")
                counts[kind] += 1
                shown[figure] = _numbered(known[figure], counts[kind], cell.metadata["explainer"]["chapter"])
        others = {} if self.whole else {k: _elsewhere(v) for k, v in known.items() if k not in shown}
        document["figures"] = shown | others


def _numbered(entry: dict[str, Any], number: int, chapter: str) -> dict[str, Any]:
    word, prefix = _name(entry["kind"]), PREFIXES[entry["kind"]]
    made = clean(copy.deepcopy(entry))
    made |= {"number": number, "name": f"{word} {number}"}
    made |= {"anchor": f"{prefix}-{entry['id']}", "chapter": chapter}
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
    word = _name(entry["kind"])
    where = chapter_number(entry.get("chapter", ""))
    name = _("the {kind} “{claim}”").format(kind=word.lower(), claim=curl(entry["claim"]))
    name += _(" in chapter {number}").format(number=where) if where else ""
    return {"id": entry["id"], "kind": entry["kind"], "number": None, "name": name, "anchor": ""}
