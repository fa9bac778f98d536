"""Holds the printed files of an edition to their budgets of pages."""

from __future__ import annotations

from pathlib import Path

from explainer.evidence.problems import Problem
from explainer.publish.pdf.papers import BRIEF, REPORT

PAGES = {BRIEF: range(2, 3), REPORT: range(1, 57)}
"""How many pages a file may have."""
MEND = {
    BRIEF: "cut chapter 1 where it is over two pages, or say more where it is under",
    REPORT: "shorten the longest chapter, or move an exhibit to the record",
}


def page_problems(folder: Path) -> list[Problem]:
    """Return the files of an edition that are over their budget; a file that is not built is none of them.

    Parameters
    ----------
    folder
        Where the edition stands, such as ``reports/latest``.
    """
    import pikepdf

    found = []
    for name, allowed in PAGES.items():
        if not (folder / BRIEF).is_file() or not (folder / name).is_file():  # a brief by actor has a file of its own
            continue
        with pikepdf.open(folder / name) as pdf:
            count = len(pdf.pages)
        if count not in allowed:
            most = f"{allowed[-1]} pages" + (" at most" if len(allowed) > 1 else "")
            place = f"{folder.parent.name}/{folder.name}/{name}"
            found.append(Problem(place, 0, "pages", str(count), f"the budget is {most}", f"{MEND[name]}, then build"))
    return found
