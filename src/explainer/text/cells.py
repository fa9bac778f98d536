"""Tags of notebook cells, and the cut of a notebook to a day."""

import copy
import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from nbformat import NotebookNode

from explainer.kinds import is_day

PLAIN_TAGS = frozenset({"parameters", "setup", "figure", "table", "guard", "aside"})
"""Tags without a value. `since:` and `until:` are the other two of the eight."""

EXHIBIT = frozenset({"figure", "table"})
HIDDEN = frozenset({"parameters", "setup", "guard"})
"""Tags of cells that no reader sees."""
EARLIER = "explainer_earlier"
"""Where a chapter that was cut to a day keeps the prose of earlier days, in its metadata."""

BEFORE = "before:"
"""Begins the tag of a cell in ``notebooks/earlier/`` that names the cell before which it stands."""
LAID_IN = "explainer_laid_in"
"""Where a chapter keeps the ids of the cells of earlier days that were laid into it, in its metadata."""

_DATED = re.compile(r"(since|until):(\d{4}-\d{2}-\d{2})")


class TagError(ValueError):
    """A cell carries a tag that the report does not know."""

    def __init__(self, cell: str, tag: str) -> None:
        self.tag = tag
        self.what = f"unknown tag {tag!r}"
        self.mend = f"use {', '.join(sorted(PLAIN_TAGS))}, since:YYYY-MM-DD or until:YYYY-MM-DD"
        super().__init__(f"cell {cell}: {self.what}; {self.mend}")


def tags(cell: Mapping[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", []))


def dates(cell: Mapping[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day on which a cell stands, None where it is open."""
    return _dates(cell.get("id", "?"), *tags(cell))


@lru_cache(maxsize=4096)  # the checks ask for every day on which the text changes
def _dates(cell: str, *dated: str) -> tuple[dt.date | None, dt.date | None]:
    found: dict[str, dt.date] = {}
    for tag in (tag for tag in dated if tag not in PLAIN_TAGS):
        match = _DATED.fullmatch(tag)
        if not match or not is_day(match[2]):
            raise TagError(cell, tag)
        found[match[1]] = dt.date.fromisoformat(match[2])
    return found.get("since"), found.get("until")


def active(cell: Mapping[str, Any], day: dt.date | str) -> bool:
    """Tell whether a cell stands in the report as of a day; both its dates are inclusive."""
    since, until = dates(cell)
    day = dt.date.fromisoformat(str(day))
    return (since is None or since <= day) and (until is None or day <= until)


def cut(nb: NotebookNode, day: dt.date | str) -> NotebookNode:
    """Return a copy of a notebook without the cells that do not stand on a day."""
    kept = copy.deepcopy(nb)
    kept.cells = [cell for cell in kept.cells if active(cell, day)]
    return kept


def earlier_prose(nb: NotebookNode, day: dt.date | str) -> list[dict[str, Any]]:
    """Return the prose that stood until some day before this one, each with the cells that stand next to it now.

    `before` and `after` are the ids of the nearest cells that a reader sees on the day (empty: none);
    `after_opens` tells whether the one after it opens a section.
    """
    found = []
    for place, cell in enumerate(nb.cells):
        since, until = dates(cell)
        if cell.cell_type != "markdown" or not until or str(until) >= str(day) or HIDDEN & set(tags(cell)):
            continue
        seen = [n for n, one in enumerate(nb.cells) if active(one, day) and not HIDDEN & set(tags(one))]
        before: dict[str, Any] = next((nb.cells[n] for n in reversed(seen) if n < place), {})
        after: dict[str, Any] = next((nb.cells[n] for n in seen if n > place), {})
        entry = {"cell": cell.get("id", ""), "source": "".join(cell.source), "since": str(since or "")}
        entry |= {"until": str(until), "before": before.get("id", ""), "after": after.get("id", "")}
        found.append(entry | {"after_opens": "".join(after.get("source", "")).startswith("#")})
    return found
