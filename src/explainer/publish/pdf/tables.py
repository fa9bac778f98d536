"""How wide the columns of a printed table are, and whether the table needs a page turned on its side."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

PORTRAIT_MM = 166.0
LANDSCAPE_MM = 253.0
PADDING_MM = 3.2  # white space of a cell on both sides, and a little room for error
LETTER_MM = 1.42  # of the average Latin letter in the tables' face and size; an East Asian sign has double
LINE_MM = 4.1
ROW_PADDING_MM = 2.8
READABLE_MM = 22.0  # below this a column of prose breaks at every other word

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # breaks anywhere
FIXED = frozenset({"date", "number", "label", "sources"})
LARGEST_FIXED_MM = 34.0
NOTE_MM = 8.0
STEPS_MM = (6.0, 3.0, 1.5)

Lengths = list[list[list[float]]]


@dataclass(frozen=True)
class Plan:
    """Column widths in millimetres, and how the table stands on its page."""

    widths: list[float]
    landscape: bool
    hyphenate: bool


@dataclass(frozen=True)
class _Column:
    fixed: bool
    natural: float
    longest: float
    narrowest: float
    weight: float


def text_mm(text: str) -> float:
    """Estimate the length of a line of table text."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return LETTER_MM * (len(text) + wide)


def plan(columns: Sequence[dict[str, Any]], rows: Sequence[Sequence[str]]) -> Plan:
    """Choose the widths of a table's columns.

    Parameters
    ----------
    columns
        With `label` and `kind`; a date, number, label or note keeps its natural width.
    rows
        The cells as printed; a note's cell is its number.
    """
    made = [_column(column, [row[n] for row in rows]) for n, column in enumerate(columns)]
    landscape = sum(min(c.natural, max(c.narrowest, READABLE_MM)) for c in made) > PORTRAIT_MM
    available = LANDSCAPE_MM if landscape else PORTRAIT_MM
    lengths = [[[text_mm(line) for line in cell.split("\n")] for cell in row] for row in rows]
    widths = _share(made, available)
    if sum(column.natural for column in made) > available:
        widths = _shorten(widths, made, lengths)
    tight = any(column.longest > width + 0.5 for column, width in zip(made, widths, strict=True))
    return Plan([round(width, 1) for width in widths], landscape, hyphenate=tight)


def _column(column: dict[str, Any], cells: Sequence[str]) -> _Column:
    lines = [line for cell in [column["label"], *cells] for line in cell.split("\n")]
    natural = max(map(text_mm, lines)) + PADDING_MM
    words = [word for line in lines if not _EAST_ASIAN.search(line) for word in line.replace("-", "- ").split()]
    longest = max(map(text_mm, words), default=0.0) + PADDING_MM
    if column["kind"] == "sources":
        natural = longest = max(NOTE_MM, text_mm(column["label"]) + PADDING_MM)
    weight = math.sqrt(sum(text_mm(cell) for cell in cells) / max(len(cells), 1) + text_mm(column["label"]))
    fixed = column["kind"] in FIXED and natural <= LARGEST_FIXED_MM
    return _Column(fixed, natural, longest, min(longest, READABLE_MM), weight)


def _share(columns: Sequence[_Column], available: float) -> list[float]:
    """Give each column its width: natural where all fits, else the prose columns share what is left."""
    if sum(column.natural for column in columns) <= available:
        return [column.natural for column in columns]
    widths = {n: column.natural for n, column in enumerate(columns) if column.fixed}
    while len(widths) < len(columns):
        open_ = [n for n in range(len(columns)) if n not in widths]
        rest = available - sum(widths.values())
        unit = rest / sum(columns[n].weight for n in open_)
        bounded = {n: _bound(columns[n], unit * columns[n].weight) for n in open_}
        settled = {n: width for n, width in bounded.items() if width != unit * columns[n].weight}
        if not settled or len(settled) == len(open_):
            widths |= bounded
        else:
            widths |= settled
    scale = min(1.0, available / sum(widths.values()))
    return [widths[n] * scale for n in range(len(columns))]


def _bound(column: _Column, width: float) -> float:
    return min(max(width, column.narrowest), column.natural)


def _shorten(widths: list[float], columns: Sequence[_Column], lengths: Lengths) -> list[float]:
    """Move width from column to column as long as the table becomes shorter."""
    open_ = [n for n, column in enumerate(columns) if not column.fixed]
    best = _height(lengths, widths)
    for step in STEPS_MM:
        improved = True
        while improved:
            improved = False
            for giver, taker in permutations(open_, 2):
                tried = list(widths)
                tried[giver] -= step
                tried[taker] += step
                if tried[giver] < min(columns[giver].narrowest, widths[giver]):
                    continue
                height = _height(lengths, tried)
                if height < best:
                    widths, best, improved = tried, height, True
    return widths


def _height(lengths: Lengths, widths: Sequence[float]) -> float:
    """Return the height of a table's rows, from the lengths of their lines."""
    insides = [max(width - PADDING_MM, 1.0) for width in widths]
    lines = sum(
        max(sum(int(length / inside) + 1 for length in cell) for cell, inside in zip(row, insides, strict=True))
        for row in lengths
    )
    return lines * LINE_MM + len(lengths) * ROW_PADDING_MM
