"""The ladder of situations as a decision diagram."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from explainer.charts import theme
from explainer.charts.theme import Size

FILL = {"No force": theme.SEQUENCE[0], "Limited force": theme.SEQUENCE[1], "Force": theme.SEQUENCE[4]}
ROW = 1.0
LEFT, SHIFT = 0.0, 0.25


def draw_situations_ladder(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw the rungs from the bottom up; each step up asks for more, and the fill says whether force is allowed."""
    fig, ax = theme.figure(size, size.pick(0.62, 0.72) * len(frame) + 0.3)
    width = size.pick(7.2, 7.6)
    for row in frame.itertuples():
        _rung(ax, row, width, size)
    _marks(ax, frame, width, size)
    ax.set_xlim(-0.1, size.pick(12.2, 11.6))
    ax.set_ylim(0.3, len(frame) + 0.75)
    ax.set_axis_off()
    return fig


def _rung(ax: Axes, row: tuple, width: float, size: Size) -> None:
    left = LEFT + SHIFT * (row.rung - 1) * size.pick(1.0, 0.35)
    box = FancyBboxPatch(
        (left, row.rung - 0.36), width, 0.76, boxstyle="round,pad=0,rounding_size=0.06", facecolor=FILL[row.force],
        edgecolor=theme.MUTED, linewidth=0.7,
    )  # fmt: skip
    ax.add_patch(box)
    colour = theme.PAPER if row.force == "Force" else theme.INK
    name = "\n".join(textwrap.wrap(f"{row.rung}  {row.name}", size.pick(52, 34))[:2])
    ax.text(left + 0.15, row.rung + 0.17, name, fontsize=size.small, color=colour, va="center", linespacing=1.0)
    below = f"{row.name_ja} · {row.force.lower()}"
    ax.text(left + 0.15, row.rung - 0.2, below, fontsize=size.small - 1.2, color=colour, va="center")


def _marks(ax: Axes, frame: pd.DataFrame, width: float, size: Size) -> None:
    """Say beside the ladder where the two utterances stand."""
    edge = LEFT + width + SHIFT * (len(frame) - 1) * size.pick(1.0, 0.35) + 0.15
    for row in frame[frame["november"] != ""].itertuples():
        words = size.pick("7 November 2025:\nnamed this one", "7 Nov: named\nthis one")
        _note(ax, edge, row.rung + (0.24 if (frame["january"] != "").any() else 0), words, size, weight="semibold")
    touched = frame[frame["january"] != ""]
    if len(touched):
        low, high = touched["rung"].min(), touched["rung"].max()
        ax.plot([edge, edge], [low - 0.3, high - 0.35], color=theme.PAIR[1], linewidth=2, solid_capstyle="butt")
        words = size.pick(
            "26 January 2026:\nnamed none; spoke of\nfetching nationals\nand of an attack on\nUS forces",
            "26 Jan:\nnamed none;\nfetching\nnationals,\nattack on US\nforces",
        )
        _note(ax, edge, (low + high) / 2 - 0.3, words, size)


def _note(ax: Axes, x: float, y: float, words: str, size: Size, **options: str) -> None:
    ax.text(x + 0.15, y, words, fontsize=size.small, color=theme.INK, va="center", linespacing=1.05, **options)
