"""The law's situations as a decision diagram: questions from the gravest down, and where two statements stand."""

import textwrap
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from explainer.exhibits import theme
from explainer.exhibits.theme import Size

GROUND = {"Force": theme.ACCENT, "Limited force": theme.SEQUENCE[1], "No force": theme.WASH}
LETTERS = {"Force": theme.PAPER, "Limited force": theme.INK, "No force": theme.INK}
STATEMENTS = {"november": "7 Nov 2025", "january": "26 Jan 2026"}
NAMED = "november"
"""The statement that named a situation: a filled mark; the other's marks are hollow."""


@dataclass(frozen=True)
class _Places:
    """Measures of the diagram in inches; letters are the widths at which texts are broken."""

    row: float
    box: tuple[float, float]
    marks: float
    question_letters: int
    name_letters: int
    mark_letters: int


WIDE = _Places(0.66, (2.62, 2.2), 4.98, 32, 31, 20)
NARROW = _Places(1.0, (0.5, 1.8), 2.42, 54, 27, 17)


def draw_situations_ladder(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw one row a situation: its question, an arrow for yes to the situation, an arrow for no to the next."""
    places = size.pick(WIDE, NARROW)
    height = places.row * len(frame) + 0.1
    fig, ax = theme.figure(size, height)
    ax.set_axis_off()
    ax.set_xlim(0, size.width)
    ax.set_ylim(height, 0)
    for place, row in enumerate(frame.itertuples()):
        top = 0.05 + place * places.row
        middle = top + size.pick(places.row / 2 - 0.06, 0.62)  # of the box: beside the question, or beneath it
        _question(ax, row.question, top, middle, place == len(frame) - 1, places, size)
        _box(ax, row, middle, places, size)
        _statements(ax, row, middle, places, size)
    return fig


def _question(ax: Axes, question: str, top: float, middle: float, last: bool, places: _Places, size: Size) -> None:
    lines = textwrap.wrap(question, places.question_letters)
    y = size.pick(middle, top + 0.17)
    ax.text(0.05, y, "\n".join(lines), fontsize=size.small, va="center", linespacing=1.05)
    start, end = size.pick(2.24, 0.28), places.box[0]
    _arrow(ax, (start, middle), (end, middle))
    ax.text((start + end) / 2, middle - 0.02, "yes", fontsize=size.small, ha="center", va="bottom", color=theme.MUTED)
    if not last:
        x = 0.13
        depth = len(lines) * size.pick(0.08, 0.07)
        _arrow(ax, (x, y + depth + 0.03), (x, top + places.row - size.pick(0.03, 0.02)))
        ax.text(x + 0.06, top + places.row - size.pick(0.05, 0.12), "no", fontsize=size.small, va="bottom",
                color=theme.MUTED)  # fmt: skip


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=7, color=theme.CONTEXT, linewidth=0.9,
                                 shrinkA=0, shrinkB=0))  # fmt: skip


def _box(ax: Axes, row: Any, middle: float, places: _Places, size: Size) -> None:
    x, width = places.box
    tall = size.pick(0.56, 0.52)
    ax.add_patch(Rectangle((x, middle - tall / 2), width, tall, facecolor=GROUND[row.force], edgecolor=theme.CONTEXT,
                           linewidth=0.8))  # fmt: skip
    parts = row.name.replace(" (", "\n(").split("\n")
    name = [line for part in parts for line in textwrap.wrap(part, places.name_letters)]
    ax.text(x + 0.07, middle, "\n".join([*name, row.force]), fontsize=size.small, va="center", linespacing=1.05,
            color=LETTERS[row.force])  # fmt: skip


def _statements(ax: Axes, row: Any, middle: float, places: _Places, size: Size) -> None:
    marks = [(day, getattr(row, which), which) for which, day in STATEMENTS.items() if getattr(row, which)]
    y = middle - (len(marks) - 1) * size.pick(0.165, 0.19)
    for day, how, which in marks:
        look = theme.look(theme.PAIR[1], which == NAMED, markersize=6.5, edge=1.4)
        ax.plot([places.marks], [y], clip_on=False, **look)
        text = "\n".join([f"{day}:", *textwrap.wrap(how, places.mark_letters)])
        ax.text(places.marks + 0.09, y, text, fontsize=size.small, va="center", linespacing=1.05)
        y += size.pick(0.35, 0.4)
