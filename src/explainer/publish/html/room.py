"""How much room a section takes before it is laid out, so that the scroll bar tells the truth and nothing overlaps.

A browser leaves sections far off the screen aside until they come near; meanwhile an estimate holds their place. It is
a sum over what stands in the section, with weights (in px at a phone's width) fitted to the measured heights of the
published page, and a little more than most sections need: one that is too low would lie over the next.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

WEIGHTS = {
    "letters": 0.66, "paragraphs": 23, "entries": 9, "figures": 430, "rows": 51, "table_letters": 0.28, "positions": 55,
}  # fmt: skip
SPARE, AT_LEAST = 1.15, 40
SMALL = 0.8
"""What stands after the chapters is set smaller."""
PX_PER_REM = 16

_START = re.compile(r'<(?:section|nav) id="([^"]+)"(?: class="(chapter|part|back)")?[^>]*>\s*<(h\d|p)')
_UNSEEN = re.compile(r'<details\b.*?</details>|<svg\b.*?</svg>|<span (?:popover|class="hidden").*?</span>', re.DOTALL)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def rules(html: str) -> str:
    """Return for each section of a page that may be laid out late a rule with its room in rem."""
    rooms = {name: math.ceil(estimate(text) / PX_PER_REM) for name, text in sections(html)}
    return "\n".join(f'[id="{name}"]{{--room:{room}}}' for name, room in rooms.items())


def sections(html: str) -> Iterator[tuple[str, str]]:
    """Yield the sections right below the chapters, and those after them, each with its HTML."""
    starts = [found for found in _START.finditer(html) if found[2] != "part" or found[3] == "h3"]
    ends = [*(found.start() for found in starts[1:]), html.rfind("</article>")]
    for found, end in zip(starts, ends, strict=True):
        if found[2] in ("part", "back"):
            yield found[1], html[found.start() : end]


def estimate(html: str) -> float:
    """Return the height of a section on a phone, in CSS pixels."""
    size = SMALL if 'class="back"' in html[: html.find(">")] else 1
    return AT_LEAST + SPARE * size * sum(WEIGHTS[name] * count for name, count in counts(html).items())


def counts(html: str) -> dict[str, int]:
    """Count in a section what takes room; what is folded away takes none."""
    seen = _UNSEEN.sub("", html)
    tables = _TABLE.findall(seen)
    prose = _TABLE.sub("", seen)
    return {
        "letters": len(_TAG.sub("", prose)),
        "paragraphs": len(re.findall(r"<(?:p|h\d|summary)\b", prose)),
        "entries": len(re.findall(r"<(?:li|dt|dd)\b", prose)),
        "figures": prose.count('class="card"'),
        "rows": sum(table.count("<tr") for table in tables),
        "table_letters": sum(len(_TAG.sub("", table)) for table in tables),
        "positions": sum(table.count("<td data-question") for table in tables),
    }
