"""Writes the scaffold of a new chapter, and retires a cell of one.

A scaffold passes the checks, and each cell says what belongs in it. A cell that is retired goes, with the guards of its
numbers, to the notebook of earlier days.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from explainer.kinds import is_day
from explainer.problems import AskedError, nearest
from explainer.project import NOTEBOOKS
from explainer.run.chapter import METADATA, write_notebook
from explainer.text import chapters as words
from explainer.text.cells import BEFORE, LAID_IN, dates, tags
from explainer.text.wording import printed_numbers

NAME = re.compile(r"(\d\d)-[a-z0-9]+(?:-[a-z0-9]+)*")
PROSE = """\
# {question}? <!-- #{slug}-title -->

This chapter is a draft and answers nothing yet. Our answer goes here in two sentences, with the number and its range \
and a citation before the full stop; then one sentence on the strongest reason to doubt it. A reader who stops here \
must leave with something true.

## What we mean <!-- #{slug}-what-we-mean -->

Here we define, in ordinary words, the two or three terms on which our answer turns. Where an official definition \
differs from the everyday one, we say so and link the glossary.

## Where the figures come from <!-- #{slug}-where-from -->

Here we say for each publisher who counts, how, and what the count misses, and we end with the month at which we stop \
and why.

## The first claim <!-- #{slug}-first-claim -->

Here our first claim is stated flatly, with a reference to its exhibit. The exhibit follows in a cell of one line, \
tagged figure or table; after it comes what we read in it and what the eye might wrongly infer; then a cell tagged \
guard with one guard for each number that our sentences print.

## What we cannot say <!-- #{slug}-cannot-say -->

Here we list which figures were never published, which are disputed and by whom, and which cause what we found leaves \
open.

## In short <!-- #{slug}-in-short -->

- Our first sentence that could be quoted alone goes here.
- Our second one goes here, and leads to the next chapter."""
"""The prose of a chapter, in the order of the house style. Every paragraph speaks for the report and states no fact."""
CELLS = [(re.findall(r"#{slug}-([a-z-]+)", text)[0], text) for text in re.split(r"\n\n(?=## )", PROSE)]
"""Its cells, each with its id."""


def scaffold(key: str, as_of: str) -> NotebookNode:
    """Return a new chapter as the project writes notebooks."""
    slug = key.partition("-")[2]
    question = slug.replace("-", " ").capitalize()
    title, *prose = (new_markdown_cell(text.format(question=question, slug=slug), id=i) for i, text in CELLS)
    opens = f'from explainer import chapter\nevidence, show, guard, value = chapter("{key}", as_of)'
    sources = {"parameters": f'as_of = "{as_of}"', "setup": opens}
    code = [new_code_cell(source, id=name, metadata={"tags": [name]}) for name, source in sources.items()]
    return new_notebook(cells=[title, *code, *prose], metadata=METADATA)


def write(name: str, as_of: str, folder: Path = NOTEBOOKS) -> Path:
    """Write the scaffold of a chapter; an existing file is never touched, a name that does not fit is refused."""
    key = name.removesuffix(".ipynb")
    if not (found := NAME.fullmatch(key)) or len(key) > 60:
        raise AskedError(f"{name[:80]!r}: not the name of a chapter. Mend: write it like 06-what-comes-next.")
    if taken := min(folder.glob(f"{found[1]}-*.ipynb"), default=None):
        free = max(int(p.name[:2]) for p in folder.glob("[0-9][0-9]-*.ipynb")) + 1
        raise AskedError(f"{key}: the number is taken by {taken.name}. Mend: choose another, such as {free:02}.")
    path = folder / f"{key}.ipynb"
    write_notebook(scaffold(key, as_of), path)
    return path


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
    since = str(dates(found)[0] or "")
    if not is_day(until):
        raise AskedError(f"{until!r}: not a day. Mend: write it as YYYY-MM-DD.")
    if not since <= until < str(last_day):
        first = f"from {since} " if since else ""
        mend = f"give a day {first}before {last_day}" if since < str(last_day) else "write a newer text first"
        raise AskedError(f"{until}: the newest text is of {last_day}. Mend: {mend}.")
    moved = [found, *_guards(nb, found)]
    for one in moved:
        one.metadata["tags"] = [tag for tag in tags(one) if not tag.startswith("until:")] + [f"until:{until}"]
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
