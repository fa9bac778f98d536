"""One step from executed chapters to the resolved document, and what such steps share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode


class Step:
    """Changes the notebook of a whole report in place; gathers problems instead of stopping at the first.

    Parameters
    ----------
    manifest : dict
        The figure manifest of the edition.
    problems : list of str
        To which this step adds its own.
    whole : bool
        False for a chapter published alone.
    """

    def __init__(self, manifest: dict[str, Any], problems: list[str], whole: bool = True) -> None:
        self.manifest, self.problems, self.whole = manifest, problems, whole

    def complain(self, cell: NotebookNode, what: str) -> None:
        """Note a problem, naming the chapter and the cell."""
        info = cell.metadata.get("explainer", {})
        self.problems.append(f"{info.get('chapter', '?')}, cell {info.get('cell', '?')}: {what}")

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Change the notebook in place."""
        raise NotImplementedError


def nearest(wrong: str, known: Iterable[str]) -> str:
    """Return the end of a complaint: the nearest right name."""
    close = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.5)
    return f"; the nearest is {close[0]!r}" if close else ""
