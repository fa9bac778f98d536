"""``explainer diff``: reads the two editions that a command line names, and prints what differs for a terminal."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from explainer.editions.compare import Diff, Snapshot, counted, snapshot, told_together
from explainer.editions.editions import on_its_day, requested
from explainer.evidence.evidence import Evidence
from explainer.problems import AskedError, ChapterError
from explainer.project import NOTEBOOKS
from explainer.text.chapters import read_chapters, run_problems
from explainer.text.wording import day

MARKS = {"new": "+", "correction": "!", "update": "~", "wording": "="}
SHORT = 76


def named(text: str) -> Snapshot:
    """Read the edition that a command line names.

    Parameters
    ----------
    text : str
        A name of report.toml, a day (YYYY-MM-DD), or a folder with ``data/`` and ``notebooks/`` (another checkout).

    Raises
    ------
    AskedError
        When it is none of these.
    """
    folder = Path(text)
    is_day = re.fullmatch(r"\d+-\d+-\d+", text)
    if is_day or (not re.search(r"[/\\]", text.rstrip("/")) and not folder.is_dir()):
        evidence = on_its_day(requested(None if is_day else text, text if is_day else None, None, {}))
        name, notebooks = text, NOTEBOOKS
    elif (folder / "data").is_dir() and (folder / "notebooks").is_dir():
        evidence = Evidence.load(folder=folder / "data")
        name, notebooks = folder.name, folder / "notebooks"
    else:
        mend = "name one of report.toml, a day as YYYY-MM-DD, or a folder with data/ and notebooks/"
        raise AskedError(f"{folder}: no edition. Mend: {mend}.")
    chapters = read_chapters(notebooks)
    if found := list(run_problems(chapters)):
        raise ChapterError(found)
    return snapshot(name, evidence, chapters)


def report(diff: Diff) -> str:
    """Write a difference for the terminal."""
    lines = [" \u2192 ".join(f"{side.name} (as of {day(side.day)})" for side in (diff.older, diff.newer))]
    if not diff.changes:
        return lines[0] + "\nNothing differs."
    for name, tables in diff.counts().items():
        lines.append(f"  {MARKS[name]} {name:<11}" + ", ".join(counted(n, where) for where, n in tables.items()))
    for where, told in told_together(diff):
        lines += ["", where]
        for change, number in told:
            more = f" and {number - 1} earlier" if number > 1 else ""
            lines.append(f"  {MARKS[change.change]} {change.id}: {textwrap.shorten(change.what, SHORT)}{more}")
            if change.before != change.after and (change.columns or (change.before and change.after)):
                columns = f"{', '.join(change.columns)}: " if change.columns else ""
                was, now = _cut(change.before, change.after), _cut(change.after, change.before)
                lines.append(f"      {columns}{was} \u2192 {now}")
    return "\n".join(lines)


def _cut(text: str, other: str) -> str:
    """Shorten a text to the part around the first place where it differs from the other."""
    if len(text) <= SHORT:
        return repr(text)
    same = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    start = max(0, min(same - 20, len(text) - SHORT))
    return f"'{'…' if start else ''}{text[start : start + SHORT]}{'…' if start + SHORT < len(text) else ''}'"
