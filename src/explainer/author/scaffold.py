"""Writes the scaffold of a new chapter: it passes the checks, and each cell says what belongs in it."""

import re
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from explainer.problems import AskedError
from explainer.project import NOTEBOOKS
from explainer.run.chapter import METADATA, write_notebook

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
SETUP = """\
from explainer import chapter
evidence, show, guard, value = chapter("{key}", as_of)"""


def scaffold(key: str, as_of: str) -> NotebookNode:
    """Return a new chapter as the project writes notebooks."""
    slug = key.partition("-")[2]
    question = slug.replace("-", " ").capitalize()
    title, *prose = (new_markdown_cell(text.format(question=question, slug=slug), id=i) for i, text in CELLS)
    sources = {"parameters": f'as_of = "{as_of}"', "setup": SETUP.format(key=key)}
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
