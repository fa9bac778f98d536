"""The small report that the publishing tests render: two chapters, one figure, one table, hostile texts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import nbformat

from explainer.publish.html import render
from explainer.publish.preprocess import combine

FOLDER = Path(__file__).parent / "fixtures" / "publish"
FIGURES = FOLDER / "figures" / "latest"
NOTEBOOKS = FOLDER / "notebooks"


def manifest() -> dict:
    return json.loads((FIGURES / "manifest.json").read_text(encoding="utf-8"))


def chapters() -> list[tuple[str, nbformat.NotebookNode]]:
    return [(path.stem, nbformat.read(path, 4)) for path in sorted(NOTEBOOKS.glob("0*.ipynb"))]


def fixture_page(changed: dict | None = None) -> str:
    """Render the fixture report, with a changed manifest if one is given."""
    used = changed or manifest()
    return render(combine(chapters(), used), used, FIGURES)


@cache
def page() -> str:
    return fixture_page()
