"""How wide the columns of a printed table are, and what of it may be divided between pages."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

WIDTH_MM, USUAL_WIDTH_MM = {"brief": 182.0, "record": 176.0}, 166.0
PADDING_MM = 3.2  # white space of a cell on both sides, and a little room for error
LETTER_MM = 1.42  # of the average Latin letter at the tables' usual size; an East Asian sign has double
USUAL_PT, SMALL_PT = 8.2, 7.2
LINE_MM, ROW_PADDING_MM = 4.1, 2.8
READABLE_MM = 27.0  # below this a column of prose breaks at every other word
LONGEST_WORD_MM = 28.0  # a longer one is divided
NARROWEST_SOURCES_MM, WIDEST_SOURCES_MM = 27.0, 42.0
TOGETHER_MM = 50.0  # the highest table that is never divided
TALL_ROW_MM = 90.0  # a row that may be divided
FIXED = frozenset({"date", "number", "label"})
LARGEST_FIXED_MM = 26.0

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # breaks anywhere


class _Column(NamedTuple):
    fixed: bool
    natural: float
    narrowest: float
    floor: float  # below it its lines are slivers of one word
    weight: float


def plan(columns: Sequence[dict[str, Any]], rows: Sequence[Sequence[str]], available: float) -> dict[str, Any]:
    """Choose a table's column widths (mm), size of letters, rows that may be divided, and rows kept with the foot.

    Parameters
    ----------
    columns
        With `label` and `kind`; a date, number or label keeps its natural width.
    rows
        The cells as printed.
    available
        The width of the page between its margins, in millimetres.
    """
    size = USUAL_PT
    made = [_column(column, [row[n] for row in rows], size) for n, column in enumerate(columns)]
    if sum(column.floor for column in made) > available:
        size = SMALL_PT
        made = [_column(column, [row[n] for row in rows], size) for n, column in enumerate(columns)]
    widths = _share(made, available)
    heights = [_height(row, widths, size) for row in rows]
    return {
        "widths": [round(width, 1) for width in widths],
        "size": size,
        "hyphenate": any(column.narrowest > width + 0.5 for column, width in zip(made, widths, strict=True)),
        "together": sum(heights) <= TOGETHER_MM,
        "splits": [height > TALL_ROW_MM for height in heights],
        "closing": 2 if len(rows) > 3 and sum(heights[-2:]) < TALL_ROW_MM else min(1, len(rows)),
    }


def _text_mm(text: str, size: float) -> float:
    wide = 0 if text.isascii() else sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return LETTER_MM * size / USUAL_PT * (len(text) + wide)


def _column(column: dict[str, Any], cells: Sequence[str], size: float) -> _Column:
    lines = [line for cell in [column["label"], *cells] for line in cell.split("\n")]
    natural = max(_text_mm(line, size) for line in lines) + PADDING_MM
    words = [word for line in lines if not _EAST_ASIAN.search(line) for word in line.replace("-", "- ").split()]
    narrowest = max((_text_mm(word, size) for word in words), default=0.0) + PADDING_MM
    if column["kind"] == "sources":
        natural, narrowest = min(natural, WIDEST_SOURCES_MM), NARROWEST_SOURCES_MM
    mean = sum(_text_mm(cell, size) for cell in cells) / max(len(cells), 1)
    fixed, narrowest = column["kind"] in FIXED and natural <= LARGEST_FIXED_MM, min(narrowest, natural)
    floor = natural if fixed else min(natural, max(min(narrowest, LONGEST_WORD_MM), READABLE_MM))
    return _Column(fixed, natural, narrowest, floor, (mean + _text_mm(column["label"], size)) ** 0.7)


def _share(columns: Sequence[_Column], available: float) -> list[float]:
    """Give each column its width: natural where all fits, else the prose columns share what is left by their text."""
    widths = [column.natural for column in columns]
    if sum(widths) <= available:
        return widths
    open_ = {n for n, column in enumerate(columns) if not column.fixed}
    while open_:
        rest = available - sum(width for n, width in enumerate(widths) if n not in open_)
        unit = rest / sum(columns[n].weight for n in open_)
        asked = {n: unit * columns[n].weight for n in open_}
        bounded = {n: min(max(asked[n], columns[n].floor), columns[n].natural) for n in open_}
        settled = {n for n in open_ if bounded[n] != asked[n]} or open_
        for n in settled:
            widths[n] = bounded[n]
        open_ = open_ - settled
    scale = min(1.0, available / sum(widths))
    return [width * scale for width in widths]


def _height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    """Estimate the height of a row from the lengths of its lines."""
    insides = [max(width - PADDING_MM, 1.0) for width in widths]
    lines = [
        sum(int(_text_mm(line, size) / inside) + 1 for line in cell.split("\n"))
        for cell, inside in zip(row, insides, strict=True)
    ]
    return max(lines) * LINE_MM * size / USUAL_PT + ROW_PADDING_MM
