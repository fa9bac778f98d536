"""A chapter that nbconvert publishes alone, as papermill may leave it: of its own day, with that day's manifest."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from explainer.project import FIGURES
from explainer.publish.document import PublishError
from explainer.publish.resolve import combine
from explainer.text.cells import tags
from explainer.text.chapters import parameters_of

INJECTED = "injected-parameters"
"""Papermill's own tag of the cell that it puts in."""


def alone(nb: NotebookNode, metadata: Mapping[str, Any], named: str = "") -> tuple[NotebookNode, dict[str, Any], Path]:
    """Resolve a chapter on its own.

    Parameters
    ----------
    nb : NotebookNode
        The chapter with its outputs.
    metadata : mapping
        What nbconvert knows of it: `name` and `path`.
    named : str
        The figure manifest; by default that of the chapter's day, in the ``figures`` beside it or of the report.

    Returns
    -------
    tuple of NotebookNode, dict and Path
        What `resolve.combine` gives, the manifest, and where it stands.

    Raises
    ------
    PublishError
        When there is no manifest, or it is of another day than the chapter.
    """
    nb, day = copy.deepcopy(nb), ""
    for cell in nb.cells:
        if {"parameters", INJECTED} & set(tags(cell)):
            day = _day(cell.source) or day
            cell.metadata["tags"] = ["setup"]
    path = Path(named) if named else _found(Path(metadata.get("path") or "."), day)
    manifest = read_manifest(path)
    if day and manifest["as_of"] != day:
        raise PublishError(
            f"the chapter is of {day}, its figures in {path.parent} of {manifest['as_of']}. "
            f"Mend: explainer build --as-of {day}, which makes its figures, or run the chapter for that other day."
        )
    return combine([(metadata.get("name") or "notebook", nb)], manifest, whole=False), manifest, path


def _day(source: str) -> str:
    try:
        return str(parameters_of(source).get("as_of", ""))
    except (SyntaxError, ValueError, TypeError):
        return ""


def _found(folder: Path, day: str) -> Path:
    """Return the manifest of the day, beside the folder or of the report; else that of the latest edition."""
    places, names = (folder.resolve().parent / "figures", FIGURES), ("latest", day or "latest", "*")
    found = [path for place in places for name in names for path in place.glob(f"{name}/manifest.json")]
    of_day = (path for path in found if not day or read_manifest(path).get("as_of") == day)
    return next(of_day, found[0] if found else places[0] / "latest" / "manifest.json")


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a figure manifest."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise PublishError(
            f"there is no figure manifest at {path}. "
            "Mend: run the build, or name one: --ExplainerHTMLExporter.manifest=PATH (on paper ExplainerPDFExporter)."
        ) from None
