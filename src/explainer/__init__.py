"""The engine: builds a sourced, dated, self-checking report. It knows nothing of this report's subject."""

import importlib
from typing import Any

import explainer.project  # noqa: F401 - from here on the subject can be imported

N_ = str
"""Marks a word of a table for the catalogue of `publish.language`, which says it where it is printed."""


def chapter(key: str, as_of: str) -> tuple[Any, Any, Any, Any]:
    """Open a chapter: ``evidence, show, guard, value = chapter("03-reactions", as_of)``.

    Parameters
    ----------
    key : str
        Name of the chapter's file without its ending.
    as_of : str
        Day for which the report stands, YYYY-MM-DD.

    Returns
    -------
    evidence : Evidence
        The evidence as of the day.
    show : callable
        ``show("id")`` displays an exhibit.
    guard : callable
        ``guard("what a sentence says", number, "number as printed")`` fails when the two differ.
    value : callable
        ``value("series", "period")`` gives one observation of the evidence.
    """
    return importlib.import_module("explainer.exhibits.subject").opened(key, as_of)  # a cheap import stays cheap
