"""Prints what differs between two editions, for a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from explainer.editions.compare import CLASSES, Change, Diff
from explainer.project import PROJECT
from explainer.text.wording import day

MARKS = {"new": "+", "correction": "!", "update": "~", "wording": "="}
SHORT = 76
PLURALS = {"observations": "values", "glossary": "terms"}


def counted(number: int, where: str) -> str:
    """Name a number of changes of one table or chapter."""
    if where[:2].isdigit():
        return f"{number} paragraph{'s' * (number != 1)} of chapter {int(where[:2])}"
    plural = (PLURALS | PROJECT.told.get("counted", {})).get(where, where.replace("_", " "))
    one = plural[:-3] + "y" if plural.endswith("ies") and plural != "series" else plural.removesuffix("s")
    return f"{number} {one if number == 1 and where != 'series' else plural}"


def by_series(changes: Sequence[Change]) -> Iterator[tuple[Change, int]]:
    """Yield changes with how many each stands for: new values of one series are told together."""
    for key, group in groupby(changes, key=lambda c: (c.where, c.change, c.id.split(" ")[0])):
        found = list(group)
        if key[0] == "observations" and key[1] == "new":
            yield found[-1], len(found)
        else:
            yield from ((c, 1) for c in found)


def report(diff: Diff, everything: bool = False) -> str:
    """Write a difference for the terminal."""
    lines = [" \u2192 ".join(f"{side.name} (as of {day(side.day)})" for side in (diff.older, diff.newer))]
    if not diff.changes and not diff.follows:
        return lines[0] + "\nNothing differs."
    for name, tables in diff.counts().items():
        lines.append(f"  {MARKS[name]} {name:<11}" + ", ".join(counted(n, where) for where, n in tables.items()))
    for where, group in groupby(diff.changes, key=lambda c: c.where):
        lines += ["", where, *_lines(sorted(group, key=by_class), everything)]
    if diff.follows:
        kinds = Counter("claim" if c.before != c.after else "numbers" for c in diff.follows)
        told = ", ".join(f"{n} in {'their' if n > 1 else 'its'} {kind}" for kind, n in kinds.items())
        follow = "1 exhibit follows" if len(diff.follows) == 1 else f"{len(diff.follows)} exhibits follow"
        lines += ["", f"{follow} from these rows and the day ({told}):"]
        lines += textwrap.wrap(", ".join(c.id for c in diff.follows), 100, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines)


def by_class(change: Change) -> tuple[int, str, str]:
    """Order the changes of one table: by class, then by day, values by their series."""
    return CLASSES.index(change.change), change.id if change.where == "observations" else change.day, change.id


def _lines(changes: Sequence[Change], everything: bool) -> Iterator[str]:
    for change, number in ((c, 1) for c in changes) if everything else by_series(changes):
        more = f" and {number - 1} earlier" if number > 1 else ""
        kind = "" if change.kind in ("fact", "prose") else f" [{change.kind}]"
        yield f"  {MARKS[change.change]} {change.id}{kind}: {textwrap.shorten(change.what, SHORT)}{more}"
        if change.before != change.after and (change.columns or (change.before and change.after)):
            columns = f"{', '.join(change.columns)}: " if change.columns else ""
            yield f"      {columns}{_cut(change.before, change.after)} \u2192 {_cut(change.after, change.before)}"


def _cut(text: str, other: str) -> str:
    """Shorten a text to the part around the first place where it differs from the other."""
    if len(text) <= SHORT:
        return repr(text)
    same = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    start = max(0, min(same - 20, len(text) - SHORT))
    return f"'{'…' if start else ''}{text[start : start + SHORT]}{'…' if start + SHORT < len(text) else ''}'"
