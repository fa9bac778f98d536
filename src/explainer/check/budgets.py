"""Holds the report to its size: words of the brief and of each chapter, rows and columns of the tables between them.

The sizes stand in `report.toml`, under `checks`; a report that names none is held to none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.exhibits.subject import computed, exhibits
from explainer.project import PROJECT
from explainer.text import chapters as words
from explainer.text.cells import HIDDEN, dates, tags
from explainer.text.dialect import paragraphs, plain, unnamed


def limits() -> dict[str, Any]:
    """Return what the report is held to, by subject: `budgets`, `tables`, `own_voice`, `counted`."""
    return PROJECT.told.get("checks", {})


def newest(nb: Any) -> list[Any]:
    """Return the cells of a chapter that its newest reader meets."""
    return [cell for cell in nb.cells if not dates(cell)[1] and not HIDDEN & set(tags(cell))]


def prose_words(nb: Any) -> int:
    """Count the words of a chapter's newest prose, without headings and citations."""
    texts = (text for cell in newest(nb) if cell.cell_type == "markdown" for text in paragraphs(cell.source))
    return sum(len(plain(unnamed(text)).split()) for text in texts)


def word_problems(chapters: Mapping[str, Any]) -> Iterator[Problem]:
    """Name the brief, the chapters and the report that are longer than their budget."""
    budgets = limits().get("budgets", {})
    counts = {key: prose_words(nb) for key, nb in chapters.items() if not words.is_record(key)}
    brief, *rest = counts
    told = [(brief, counts[brief], "brief"), *((key, counts[key], "chapter") for key in rest)]
    for key, count, name in (*told, ("notebooks", sum(counts[key] for key in rest), "report")):
        if name in budgets and count > budgets[name]:
            mend = f"cut {count - budgets[name]:,} words, or move what few will miss to the record"
            what = f"longer than the {budgets[name]:,} words of its budget ({name})"
            place = f"{key}.ipynb" if name != "report" else "notebooks/"
            yield Problem(place, 0, "words", f"{count:,}", what, mend)


def table_problems(evidence: Evidence, chapters: Mapping[str, Any]) -> Iterator[Problem]:
    """Name the tables outside the record that have more rows or columns than a page can hold."""
    budgets, free = limits().get("budgets", {}), limits().get("tables", {})
    for key, name, cell in _tables(chapters):
        brief = key == next(iter(chapters))
        for part, size in () if name in free else _sizes(name, evidence):
            most = budgets.get(f"brief_{part}" if brief else part, budgets.get(part, size))
            if size > most:
                what = f"a table of more than {most} {part} (tab-{name})"
                mend = "show a selection by a rule that its note states; the whole belongs in the record and its CSV"
                yield Problem(f"{key}.ipynb", 0, f"cell {cell}", f"{size} {part}", what, mend)


def _tables(chapters: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield chapter, exhibit and cell of each table of the newest text outside the record."""
    for key, nb in chapters.items():
        for cell in () if words.is_record(key) else newest(nb):
            if "table" in tags(cell):
                yield from ((key, name, cell.id) for name in words.shown(cell))


def _sizes(name: str, evidence: Evidence) -> list[tuple[str, int]]:
    if name not in exhibits():
        return []
    exhibit = exhibits()[name]
    try:
        frame = computed(exhibit, evidence)
    except EvidenceError:  # nothing to show by the day
        return []
    return [("rows", len(exhibit.rows(frame) if exhibit.rows else frame)), ("columns", len(exhibit.columns))]
