"""Columns of an exhibit's table, and the words of an exhibit that do not hang on its numbers.

Both stand in tables of the evidence, which a report may have: ``headings``, one row a column, and ``captions``, one row
a sentence or more of a subtitle or a note. Their rows name the exhibits that they are of, or a pattern of these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import codes
from explainer.text.wording import capital, day, number, period, short

KINDS = ("text", "number", "date", "sources", "label")
FORMATS: dict[str, Callable[[Any], str]] = {
    **{"day": day, "period": period, "short": short, "capital": capital},
    "yes or no": lambda value: "yes" if value else "no",
}
"""How a cell is written, by the name that a column gives; a subject adds ways of its own."""
COMPUTED = "{}"
"""A caption that stands for what an exhibit computes; without one that comes first."""


@dataclass(frozen=True)
class Column:
    """One column of an exhibit's table: where it comes from and how it is printed.

    `format` is a function or a key of `FORMATS`, a format string, or a number of decimals; empty: as it is.
    """

    key: str
    label: str
    kind: str = "text"
    align: str = "left"
    format: str | Callable[[Any], str] = ""
    lang: str | None = None

    def __post_init__(self) -> None:
        """Refuse a kind or a format that nobody knows."""
        if self.kind not in KINDS:
            raise ValueError(f"column {self.key!r}: kind {self.kind!r} is not one of {', '.join(KINDS)}")
        if not (
            callable(self.format) or self.format in FORMATS or "{" in self.format or (self.format or "0").isdigit()
        ):
            raise ValueError(f"column {self.key!r}: format {self.format!r} is not one of {', '.join(FORMATS)}")

    def cell(self, value: Any) -> str | list[str]:
        """Print one value; a list of source ids stays a list."""
        if self.kind == "sources":
            return list_items(str(value)) if isinstance(value, str) else []
        if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
            return ""
        if callable(self.format):
            return self.format(value)
        if self.format.isdigit():
            return number(float(value), int(self.format))
        if "{" in self.format:
            return self.format.format(value).replace("-", "\u2212")
        return FORMATS.get(self.format, str)(value)


def columns_of(exhibit: str, evidence: Evidence) -> list[Column]:
    """Return the columns that the table ``headings`` gives an exhibit, in its order."""
    return [
        Column(
            row["key"],
            row["heading"],
            "text" if row["kind"] == "figure" else row["kind"],
            "right" if row["kind"] in ("number", "figure") else "left",
            codes(evidence, row["format"][1:]).__getitem__ if row["format"].startswith("=") else row["format"],
            row["lang"] or None,
        )
        for row in rows_of(exhibit, evidence.tables.get("headings")).to_dict("records")
    ]


def rows_of(exhibit: str, table: pd.DataFrame | None) -> pd.DataFrame:
    """Return the rows of ``headings`` or ``captions`` that are of an exhibit; none where a report has no such table."""
    if table is None:
        return pd.DataFrame(columns=["part", "text", "when", "from"], dtype=str)
    return table[[any(fnmatch(exhibit, one) for one in list_items(named)) for named in table["exhibits"]]]


def caption(exhibit: str, part: str, computed: str, frame: pd.DataFrame, evidence: Evidence) -> str:
    """Return a part of an exhibit's words: its captions, as far as day and frame bear them, with what it computes."""
    rows = rows_of(exhibit, evidence.tables.get("captions"))
    rows = rows[(rows["part"] == part) & (rows["from"] <= evidence.as_of.isoformat())]
    told = [text for text, when in zip(rows["text"], rows["when"], strict=True) if _bears(frame, when)]
    told = [computed if text == COMPUTED else text for text in (told if COMPUTED in told else [COMPUTED, *told])]
    return " ".join(filter(None, told))


def _bears(frame: pd.DataFrame, when: str) -> bool:
    """Tell whether a frame has a row of which ``column=value`` holds; without a value, one that has any."""
    column, _, value = when.partition("=")
    cells = [str(cell) for cell in frame[column]] if when else []
    return not when or (value in cells if value else any(cells))
