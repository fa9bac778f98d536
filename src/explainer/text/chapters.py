"""Reads the chapters: their cells, sections and guards."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from explainer.evidence.problems import ChapterError, Problem
from explainer.project import NOTEBOOKS
from explainer.text.cells import BEFORE, LAID_IN, tags
from explainer.text.form import SAVE, form_problems
from explainer.text.wording import NUMBER, normal

RECORD = "-the-record"
"""Ends the name of the notebook that holds the registers."""
EARLIER_FOLDER = "earlier"
"""Where the cells of earlier days stand, beside the chapters."""


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
