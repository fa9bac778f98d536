"""Reads the chapters: their form, told before anything is made of their text, their cells, sections and guards."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from explainer.kinds import stray
from explainer.problems import ChapterError, Problem
from explainer.project import NOTEBOOKS
from explainer.text.cells import BEFORE, LAID_IN, TagError, dates, tags
from explainer.text.wording import NUMBER, normal

RECORD = "-the-record"
"""Ends the name of the notebook that holds the registers."""
EARLIER_FOLDER = "earlier"
"""Where the cells of earlier days stand, beside the chapters."""
PARTS = frozenset({"id", "cell_type", "metadata", "source", "outputs", "execution_count", "attachments"})
SAVE = "restore it from version control or save it again in JupyterLab"


def read_chapters(folder: Path = NOTEBOOKS) -> dict[str, NotebookNode]:
    """Read the chapters in their order, each whole: the newest text with the cells of earlier days laid in.

    Parameters
    ----------
    folder : Path
        Folder of the chapters; those cells stand in its folder ``earlier``, in a notebook of the same name.

    Raises
    ------
    ChapterError
        When a file is not a notebook, or a cell of earlier days has no place; names it and the mend.
    """
    chapters = {path.stem: _read(path) for path in sorted(folder.glob("[0-9][0-9]-*.ipynb"))}
    for path in sorted(folder.glob("[0-9]*.ipynb")):
        if path.stem not in chapters or " " in path.stem:
            what, mend = "begins like a chapter and is not named as one", "name it like 08-what-comes-next.ipynb"
            raise ChapterError(Problem(path.name, 0, "", "", what, f"{mend}, or without a number if it is none"))
    if not chapters:
        raise ChapterError(f"{folder}: no chapters. Mend: restore the notebooks from version control.")
    for path in sorted((folder / EARLIER_FOLDER).glob("*.ipynb")):
        if path.stem not in chapters:
            raise ChapterError(f"{EARLIER_FOLDER}/{path.name}: no such chapter. Mend: name it after its chapter.")
        _lay_in(chapters[path.stem], _read(path), f"{EARLIER_FOLDER}/{path.name}")
    return chapters


def is_record(key: str) -> bool:
    """Tell whether a chapter is the record: registers, which need no paragraph that reads each."""
    return key.endswith(RECORD)


def _read(path: Path) -> NotebookNode:
    file = path.name if path.parent.name != EARLIER_FOLDER else f"{EARLIER_FOLDER}/{path.name}"
    try:
        nb = json.loads(path.read_text(encoding="utf-8-sig"), object_hook=NotebookNode)
    except (ValueError, RecursionError, OSError) as error:
        what = f"not readable as a notebook ({str(getattr(error, 'strerror', error)).splitlines()[0][:120]})"
        raise ChapterError(Problem(file, 0, "", "", what, SAVE)) from None
    if found := list(form_problems(file, nb)):
        raise ChapterError(found)
    for cell in nb.cells:
        cell["source"] = "".join(cell.source)
        if cell.cell_type == "code":  # what it gave before is no input
            cell["outputs"], cell["execution_count"] = [], None
    return nb


def _lay_in(nb: NotebookNode, earlier: NotebookNode, file: str) -> None:
    """Put each cell of earlier days before the cell that its tag names; at the end where it names none."""
    waiting: dict[str, list[NotebookNode]] = {}
    ids = {cell.id for cell in nb.cells}
    for cell in earlier.cells:
        place = next((tag.removeprefix(BEFORE) for tag in tags(cell) if tag.startswith(BEFORE)), "")
        if cell.id in ids:
            raise ChapterError(f"{file}, cell {cell.id}: stands there too. Mend: remove one of the two.")
        if place and place not in ids:
            what, mend = (
                f"stands before the cell {place!r}, which is not there",
                f"correct its tag {BEFORE}..., or its id",
            )
            raise ChapterError(f"{file}, cell {cell.id}: {what}. Mend: {mend}.")
        cell.metadata["tags"] = [tag for tag in tags(cell) if not tag.startswith(BEFORE)]
        waiting.setdefault(place, []).append(cell)
    nb["cells"] = [one for own in nb.cells for one in (*waiting.get(own.id, ()), own)] + waiting.get("", [])
    nb.metadata[LAID_IN] = [cell.id for cell in earlier.cells]


def sections(nb: Any) -> Iterator[list[Any]]:
    """Split a chapter at its headings."""
    starts = [n for n, c in enumerate(nb.cells) if c.cell_type == "markdown" and re.match(r"#{1,3} ", c.source)]
    for start, end in pairwise(sorted({0, *starts, len(nb.cells)})):
        yield nb.cells[start:end]


def calls(source: str, *names: str) -> list[ast.Call]:
    """Return the calls of functions with these names, plain or as attributes; none where the code is broken."""
    return [call for call in _calls(source) if getattr(call.func, "id", getattr(call.func, "attr", "")) in names]


@lru_cache(maxsize=4096)  # every check asks again
def _calls(source: str) -> list[ast.Call]:
    try:
        return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []


def argument(call: ast.Call, place: int, name: str) -> str:
    """Return an argument that is written out as text, by place or by name."""
    node = next((k.value for k in call.keywords if k.arg == name), call.args[place] if len(call.args) > place else None)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def shown(cell: Any) -> list[str]:
    """Return the exhibits that a cell shows."""
    return [argument(call, 0, "identifier") for call in calls(cell.source, "show")]


def guards(cell: Any) -> list[tuple[str, str]]:
    """Return the guards of a cell: what each says, and the number as the sentence prints it."""
    if cell.cell_type != "code" or "guard" not in tags(cell):
        return []
    return [(argument(call, 0, "claim"), argument(call, 2, "shown")) for call in calls(cell.source, "guard")]


def guarded(cells: Iterable[Any]) -> dict[str, str]:
    """Numbers that the guards of these cells check, with the claim of each."""
    return {normal(n): claim for cell in cells for claim, shown in guards(cell) for n in NUMBER.findall(shown)}


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
