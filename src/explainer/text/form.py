"""The form of a notebook that is a chapter: told before anything is made of its text, to whoever reads it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from explainer.evidence.kinds import stray
from explainer.evidence.problems import Problem
from explainer.text.cells import BEFORE, TagError, dates, tags

PARTS = frozenset({"id", "cell_type", "metadata", "source", "outputs", "execution_count", "attachments"})
SAVE = "restore it from version control or save it again in JupyterLab"


def form_problems(file: str, nb: Any) -> Iterator[Problem]:
    """Yield what keeps a file's content from being a notebook of cells with ids, known tags and visible text."""
    told = nb if isinstance(nb, Mapping) else {}
    if not isinstance(told.get("cells"), list) or not isinstance(told.get("metadata"), Mapping):
        yield Problem(file, 0, "", "", "not readable as a notebook", SAVE)
    elif nb.get("nbformat") != 4 or type(nb.get("nbformat_minor")) is not int:
        yield Problem(file, 0, "nbformat", str(nb.get("nbformat")), "not a notebook of format 4", SAVE)
    else:
        seen: set[str] = set()
        for number, cell in enumerate(nb["cells"], 1):
            if fault := _cell_fault(cell, seen):
                name = cell.get("id") if isinstance(cell, Mapping) else None
                yield Problem(file, 0, f"cell {name if isinstance(name, str) else number}", *fault)


def _cell_fault(cell: Any, seen: set[str]) -> tuple[str, str, str] | None:
    """Return the first thing wrong with a cell: its value, what it is, and the mend."""
    if not isinstance(cell, Mapping):
        return "", "is no cell", SAVE
    for name in sorted(cell.keys() - PARTS):
        return name, "means nothing in a cell", "remove it"
    identifier, source = cell.get("id"), cell.get("source")
    if not isinstance(identifier, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", identifier):
        return str(identifier or ""), "has no id", "write one of letters, digits, '-' and '_', or save in JupyterLab"
    if identifier in seen:
        return identifier, "a second cell with this id", "give it an id of its own"
    seen.add(identifier)
    if cell.get("cell_type") not in ("markdown", "code"):
        return str(cell.get("cell_type")), "is neither prose nor code", "make it a Markdown or a code cell"
    if not isinstance(source, (str, list)) or not all(isinstance(line, str) for line in source):
        return "", "has no text", SAVE
    if unseen := stray("".join(source).replace("\n", "").replace("\t", "")):
        return f"U+{ord(unseen):04X}", "a character that cannot be seen", "remove it"
    return _tag_fault(cell)


def _tag_fault(cell: Mapping[str, Any]) -> tuple[str, str, str] | None:
    metadata = cell.get("metadata")
    found = metadata.get("tags", []) if isinstance(metadata, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(tag, str) for tag in found):
        return str(metadata), "its tags are no list of words", 'write "metadata": {"tags": ["..."]}, or {}'
    for tag in sorted({tag for tag in found if found.count(tag) > 1}):
        return tag, "a tag that stands twice", "remove one of the two"
    try:
        dates({"id": cell["id"], "metadata": {"tags": [tag for tag in found if not tag.startswith(BEFORE)]}})
    except TagError as error:
        return error.tag, error.what, error.mend
    return None


def run_problems(chapters: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what keeps chapters from being run: another kernel, and none or more than one cell of plain parameters."""
    for key, nb in chapters.items():
        kernel, cells = nb.metadata.get("kernelspec"), [cell for cell in nb.cells if "parameters" in tags(cell)]
        if not isinstance(kernel, Mapping) or kernel.get("name") != "python3":
            yield Problem(f"{key}.ipynb", 0, "kernelspec", "", "its kernel is not python3", "choose Python 3 and save")
        if not cells:
            mend = "tag the cell that sets as_of"
            yield Problem(f"{key}.ipynb", 0, "", "", "no cell is tagged parameters", mend)
        for cell in cells:
            if fault := _parameter_fault(cell, cells[0]):
                yield Problem(f"{key}.ipynb", 0, f"cell {cell.id}", "", *fault)


def _parameter_fault(cell: Any, first: Any) -> tuple[str, str] | None:
    if cell is not first:
        return "a second cell of parameters", "join it to the first"
    if cell.cell_type != "code" or dates(cell) != (None, None):
        return "parameters that do not always stand, or are no code", "make it a code cell without days"
    what, mend = "sets no as_of", 'write lines such as as_of = "2026-01-26"'
    try:
        if "as_of" in parameters_of(cell.source):
            return None
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        what = "parameters that are no plain values"
    return what, mend


def parameters_of(source: str) -> dict[str, Any]:
    """Read the names and literal values that a parameters cell sets, without running it."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found
