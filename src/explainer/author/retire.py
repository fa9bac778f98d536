"""Retires a cell of a chapter: it goes, with the guards of its numbers, to the notebook of earlier days."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_notebook

from explainer.kinds import is_day
from explainer.problems import AskedError, nearest
from explainer.project import NOTEBOOKS
from explainer.run.chapter import write_notebook
from explainer.text import chapters as words
from explainer.text.cells import BEFORE, LAID_IN, dates, tags
from explainer.text.wording import printed_numbers


def retire(chapter: str, cell: str, until: str, last_day: dt.date, folder: Path = NOTEBOOKS) -> list[str]:
    """Move a cell to the notebook of earlier days with the guards whose numbers no other text prints; return their ids.

    Raises
    ------
    AskedError
        When there is no such cell, or the day does not fit it: on the last day, that of the newest text, none may go.
    """
    nb = _named(words.read_chapters(folder), chapter, "chapter")
    early = set(nb.metadata.pop(LAID_IN, ()))
    found = _named({one.id: one for one in nb.cells if one.id not in early}, cell, f"cell of {chapter}")
    if {"parameters", "setup"} & set(tags(found)):
        raise AskedError(f"{cell!r}: every day needs it. Mend: retire what a reader sees, or a guard.")
    day = _fitting(until, found, last_day)
    moved = [found, *_guards(nb, found)]
    for one in moved:
        one.metadata["tags"] = [tag for tag in tags(one) if not tag.startswith("until:")] + [f"until:{day}"]
        if one.cell_type == "code":
            one["outputs"], one["execution_count"] = [], None
    early |= {one.id for one in moved}
    after = ""
    for one in reversed(nb.cells):
        if one.id not in early:
            after = one.id
        elif after:
            one.metadata["tags"] = [*tags(one), f"{BEFORE}{after}"]
    _write(folder / words.EARLIER_FOLDER, chapter, nb, [one for one in nb.cells if one.id in early])
    _write(folder, chapter, nb, [one for one in nb.cells if one.id not in early])
    return [one.id for one in moved]


def _named(known: dict[str, Any], name: str, kind: str) -> Any:
    if name not in known:
        raise AskedError(f"{name!r}: no such {kind}. Mend: {nearest(name, known).strip() or 'correct it.'}")
    return known[name]


def _fitting(until: str, cell: Any, last_day: dt.date) -> str:
    since = str(dates(cell)[0] or "")
    if not is_day(until):
        raise AskedError(f"{until!r}: not a day. Mend: write it as YYYY-MM-DD.")
    if not since <= until < str(last_day):
        first = f"from {since} " if since else ""
        mend = f"give a day {first}before {last_day}" if since < str(last_day) else "write a newer text first"
        raise AskedError(f"{until}: the newest text is of {last_day}. Mend: {mend}.")
    return until


def _guards(nb: Any, cell: Any) -> Iterator[Any]:
    """Yield the guard cells all of whose numbers are printed by this cell, and by no other of its section."""
    section = next(cells for cells in words.sections(nb) if cell in cells)
    own = printed_numbers(cell.source)
    others = [one for one in section if one.cell_type == "markdown" and one is not cell]
    printed = set().union(*(printed_numbers(one.source) for one in others))
    for one in section:
        numbers = set(words.guarded([one]))
        if one is not cell and numbers and numbers <= own and not numbers & printed:
            yield one


def _write(folder: Path, chapter: str, nb: Any, cells: list[Any]) -> None:
    folder.mkdir(exist_ok=True)
    write_notebook(new_notebook(cells=nbformat.from_dict(cells), metadata=nb.metadata), folder / f"{chapter}.ipynb")
