"""A chapter without a fault, and what changes one thing of it."""

import copy
from collections.abc import Callable
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from explainer.run.chapter import METADATA

SOURCE, SOURCE_DAY = "yomiuri-2025-11-10-reflects", "2025-11-10"
LATER_SOURCE = "ann-2026-01-27-party-leaders"
ROW, ROW_DAY = "2025-11-10-takaichi-no-retract", "2025-11-11"
GUARD = 'guard("votes in the run-off", value(evidence, "ldp-leadership-2025-runoff-takaichi", "2025-10-04"), "185")'
OPENED = 'from explainer import chapter\nevidence, show, guard, value = chapter("01-good", as_of)'
FROM = "since:2026-01-28"

Change = Callable[[Any], None]


def markdown(name: str, source: str, *marks: str) -> Any:
    return new_markdown_cell(source, id=name, metadata={"tags": list(marks)})


def code(name: str, source: str, *marks: str) -> Any:
    return new_code_cell(source, id=name, metadata={"tags": list(marks)})


def good_chapter() -> Any:
    cells = [
        markdown("title", "# What is in it?\n\nThis chapter shows one figure and one number."),
        code("parameters", 'as_of = "2026-08-21"', "parameters"),
        code("setup", OPENED, "setup"),
        markdown("opening", f"## Opening\n\nShe spoke in the Diet [@{SOURCE}] [={ROW}].", f"since:{ROW_DAY}"),
        markdown("number", "## Number\n\nShe won 185 votes. @fig-visitors-from-china shows visits.", FROM),
        code("number-guard", GUARD, "guard", FROM),
        code("visitors", 'show("visitors-from-china")', "figure", FROM),
        markdown("reading", f"In [adiz](term:adiz) it stood [@{SOURCE}].", FROM),
    ]
    return new_notebook(cells=cells, metadata=METADATA)


def cell(nb: Any, name: str) -> Any:
    return next(c for c in nb.cells if c.id == name)


def text(name: str, source: str, *marks: str) -> Change:
    """Give a cell other words and more tags."""

    def change(nb: Any) -> None:
        found = cell(nb, name)
        found.source = source
        found.metadata["tags"] = [*found.metadata["tags"], *marks]

    change.place = name
    return change


def more(name: str, source: str, *marks: str) -> Change:
    """Give a cell one more paragraph and more tags."""

    def change(nb: Any) -> None:
        text(name, f"{cell(nb, name).source}\n\n{source}", *marks)(nb)

    change.place = name
    return change


def retag(name: str, *marks: str) -> Change:
    def change(nb: Any) -> None:
        cell(nb, name).metadata.update(tags=list(marks))

    change.place = name
    return change


def insert_after(name: str, *made: Any) -> Change:
    def change(nb: Any) -> None:
        place = nb.cells.index(cell(nb, name)) + 1
        nb.cells[place:place] = copy.deepcopy(list(made))

    return change


def drop(name: str) -> Change:
    return lambda nb: nb.cells.remove(cell(nb, name))
