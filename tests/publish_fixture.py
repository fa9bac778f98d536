"""The small report that the publishing tests render: two chapters, one figure, one table, hostile texts."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from explainer.evidence import sources
from explainer.evidence.evidence import FIRST_DAY, Evidence
from explainer.exhibits.kit import Gallery
from explainer.project import PROJECT
from explainer.publish.html.exporter import render
from explainer.publish.resolve import combine
from explainer.text.cells import EARLIER

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
    return render(combine(chapters(), used), FIGURES)


@cache
def page() -> str:
    return fixture_page()


def registers(evidence: Evidence, shown: list[str], key: str = "01-registers", **more: Any) -> str:
    """Render a report of the registers alone: no chapter has to run for it."""
    records = [Gallery(evidence, key).compute(one).record for one in shown]
    outputs = [
        new_output("display_data", {"text/plain": one}, metadata={"explainer": {"figure": one}}) for one in shown
    ]
    cells = [
        new_code_cell(outputs=[output], metadata={"tags": ["table"]}, id=f"show-{n}")
        for n, output in enumerate(outputs)
    ]
    late = new_markdown_cell(
        "Said late [@jiji-2025-11-10-not-retract].", metadata={"tags": ["since:2026-01-28"]}, id="late"
    )
    early = {"cell": "early", "source": "Said early [@jiji-2025-11-10-not-retract].", "since": "2025-11-30"}
    early |= {"until": "2026-01-27", "before": "title", "after": "late", "after_opens": False}
    chapter = new_notebook(
        cells=[new_markdown_cell("# Registers", id="title"), late, *cells], metadata={EARLIER: [early]}
    )
    manifest = {
        "title": "Registers", "as_of": evidence.as_of.isoformat(), "first_day": FIRST_DAY.isoformat(),
        "edition": "latest", "figures": records, "sources": sources.records(evidence),
        "matrix": PROJECT.told["matrix"], **more,
    }  # fmt: skip
    return render(combine([(key, chapter)], manifest), Path("nowhere"))
