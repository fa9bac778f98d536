"""Holds the report to its size: words of the brief and of each chapter, rows and columns of tables, pages of paper.

The sizes of the text stand in `report.toml`, under `checks`; a report that names none is held to none.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.exhibits.columns import columns_of
from explainer.exhibits.subject import computed, exhibits
from explainer.project import PROJECT
from explainer.publish.pdf.papers import BRIEF, REPORT
from explainer.text import chapters as words
from explainer.text.cells import HIDDEN, dates, tags
from explainer.text.dialect import paragraphs, plain, unnamed

PAGES = {
    BRIEF: (range(2, 3), "cut chapter 1 where it is over two pages, or say more where it is under"),
    REPORT: (range(1, 57), "shorten the longest chapter, or move an exhibit to the record"),
}
"""How many pages a file may have, and what to do about it."""


def limits() -> dict[str, Any]:
    """Return what the report is held to, by subject: `budgets`, `tables`, `own_voice`, `counted`."""
    return PROJECT.told.get("checks", {})


def newest(nb: Any) -> list[Any]:
    """Return the cells of a chapter that its newest reader meets."""
    return [cell for cell in nb.cells if not dates(cell)[1] and not HIDDEN & set(tags(cell))]


def word_problems(chapters: Mapping[str, Any]) -> Iterator[Problem]:
    """Name the brief, the chapters and the report that are longer than their budget, without headings and citations."""
    budgets, counts = limits().get("budgets", {}), dict[str, int]()
    for key, nb in ((key, nb) for key, nb in chapters.items() if not words.is_record(key)):
        texts = (text for cell in newest(nb) if cell.cell_type == "markdown" for text in paragraphs(cell.source))
        counts[key] = sum(len(plain(unnamed(text)).split()) for text in texts)
    brief, *rest = counts
    told = [(f"{brief}.ipynb", counts[brief], "brief"), *((f"{key}.ipynb", counts[key], "chapter") for key in rest)]
    for place, count, name in (*told, ("notebooks/", sum(counts[key] for key in rest), "report")):
        if count > (most := budgets.get(name, count)):
            mend = f"cut {count - most:,} words, or move what few will miss to the record"
            what = f"longer than the {most:,} words of its budget ({name})"
            yield Problem(place, 0, "words", f"{count:,}", what, mend)


def table_problems(evidence: Evidence, chapters: Mapping[str, Any]) -> Iterator[Problem]:
    """Name the tables outside the record that have more rows or columns than a page can hold."""
    budgets, free = limits().get("budgets", {}), limits().get("tables", {})
    mend = "show a selection by a rule that its note states; the whole belongs in the record and its CSV"
    for key, nb in ((key, nb) for key, nb in chapters.items() if not words.is_record(key)):
        for cell in (cell for cell in newest(nb) if "table" in tags(cell)):
            sizes = [(name, *size) for name in words.shown(cell) if name not in free for size in _sizes(name, evidence)]
            for name, part, size in sizes:
                brief = f"brief_{part}" if key == next(iter(chapters)) else part
                if size > (most := budgets.get(brief, budgets.get(part, size))):
                    what = f"a table of more than {most} {part} (tab-{name})"
                    yield Problem(f"{key}.ipynb", 0, f"cell {cell.id}", f"{size} {part}", what, mend)


def _sizes(name: str, evidence: Evidence) -> list[tuple[str, int]]:
    if not (exhibit := exhibits().get(name)):
        return []
    try:
        frame = computed(exhibit, evidence)
    except EvidenceError:  # nothing to show by the day
        return []
    return [
        ("rows", len(exhibit.rows(frame) if exhibit.rows else frame)),
        ("columns", len(exhibit.columns or columns_of(name, evidence))),
    ]


def page_problems(folder: Path) -> list[Problem]:
    """Return the files of an edition, by its folder, that are over their budget; one that is not built is not."""
    import pikepdf

    found = []
    for name, (allowed, mend) in PAGES.items() if limits().get("budgets") else ():
        if not (folder / BRIEF).is_file() or not (folder / name).is_file():  # a brief by actor has a file of its own
            continue
        place = f"{folder.parent.name}/{folder.name}/{name}"
        try:
            with pikepdf.open(folder / name) as pdf:
                count = len(pdf.pages)
        except (pikepdf.PdfError, OSError):
            found.append(Problem(place, 0, "", "", "not readable as a PDF", "build with --force"))
            continue
        if count not in allowed:
            most = f"{allowed[-1]} pages" + (" at most" if len(allowed) > 1 else "")
            found.append(Problem(place, 0, "pages", str(count), f"the budget is {most}", f"{mend}, then build"))
    return found
