"""Checks the chapters' code, the exhibits that it shows and that texts refer to, and what nothing uses."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from explainer.check.places import Known, Place, naming_problems, nearest
from explainer.evidence.evidence import Evidence, Problem
from explainer.evidence.schema import list_items
from explainer.exhibits.subject import exhibits
from explainer.text import chapters as words
from explainer.text.cells import EXHIBIT, tags
from explainer.text.dialect import named

CODE_LINES = 10


def code_problems(place: Place, known: Known) -> Iterator[Problem]:
    """Check a code cell: short, readable, nothing defined, one exhibit, no row of a later day."""
    lines = [line for line in place.cell.source.splitlines() if line.strip()]
    if len(lines) > CODE_LINES and "parameters" not in tags(place.cell):
        yield place.problem(f"{len(lines)} lines", "a code cell of more than ten lines", "move work to the package")
    for name in _defined(place.cell.source):
        yield place.problem(name, "a definition in a chapter", "move it to the package and import it")
    yield from _shown(place)
    for call in words.calls(place.cell.source, "stated", "row"):
        node = call.args[1:2] if getattr(call.func, "id", "") == "stated" or len(call.args) > 1 else call.args[:1]
        identifier = str(node[0].value) if node and isinstance(node[0], ast.Constant) else ""
        if identifier and identifier not in known["term"]:
            yield from naming_problems(place, identifier, "row", known, [identifier])


def _defined(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # told already
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"{'class' if isinstance(node, ast.ClassDef) else 'def'} {node.name}"


def _shown(place: Place) -> Iterator[Problem]:
    """Check that an exhibit exists, and that its cell has the right tag."""
    kinds, known = EXHIBIT & set(tags(place.cell)), exhibits()
    for identifier in words.shown(place.cell):
        if identifier not in known:
            yield place.problem(identifier, "no such exhibit", nearest(identifier, known, "register it or correct it"))
        elif kinds != {kind := known[identifier].kind}:
            yield place.problem(identifier, f"a {kind} in a cell not tagged so", f"tag the cell {kind}")


def reference_problems(place: Place, text: str, known: Known) -> Iterator[Problem]:
    """Check that the exhibits and chapters to which a text refers exist."""
    called = {f"@{exhibit.kind[:3]}-{name}": name for name, exhibit in exhibits().items()}
    for kind in ("fig", "tab"):
        for name in named(text, kind):
            if (mark := f"@{kind}-{name}") not in called:
                right = [one for one, own in called.items() if own == name]
                yield place.problem(mark, "no such exhibit", nearest(mark, right or called))
    for key in named(text, "ch"):
        if key not in known["chapter"]:
            yield place.problem(f"@ch-{key}", "no such chapter", "use one of " + ", ".join(sorted(known["chapter"])))


def unused_sources(evidence: Evidence, cited: set[str]) -> Iterator[Problem]:
    """Name the sources that no row and no sentence uses."""
    whole = evidence.whole
    used = set(cited)
    for table in evidence.schema.resources:
        if table.sources:
            used |= {i for text in whole[table.name][table.sources].unique() for i in list_items(text)}
    sources = whole["sources"]
    for identifier, line in zip(sources["source_id"], sources["_line"], strict=True):
        if identifier not in used:
            what, mend = "used by no row and no sentence", "cite it or remove the row"
            yield Problem("sources.csv", int(line), "source_id", identifier, what, mend)


def misplaced_corrections(evidence: Evidence, notebooks: Mapping[str, Any]) -> Iterator[Problem]:
    """Name the corrections whose place is no chapter, cell, exhibit or row, and those that change nothing."""
    whole = evidence.whole
    if (frame := whole.get("corrections")) is None:
        return
    places = {f"{key}/{cell.get('id')}" for key, nb in notebooks.items() for cell in nb.cells} | set(notebooks)
    places |= {f"{exhibit.kind[:3]}-{name}" for name, exhibit in exhibits().items()}
    for name, table in evidence.schema.tables.items():
        if len(table.key) == 1 and name != "corrections":  # none is corrected by another: its row is mended
            places |= set(whole[name][table.key[0]])
    for place, line in zip(frame["place"], frame["_line"], strict=True):
        if place not in places:
            mend = f"{nearest(place, places, '')}? ".removeprefix("? ")
            mend += "write a row's id, chapter/cell, fig-id, tab-id or a chapter"
            yield Problem("corrections.csv", int(line), "place", place, "no such place", mend)
    for said, line in frame.loc[frame["was"] == frame["is"], ["is", "_line"]].itertuples(index=False):
        what, mend = "is what stood there before", "write what stands there now, or remove the row"
        yield Problem("corrections.csv", int(line), "is", said, what, mend)
