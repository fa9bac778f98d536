"""The preview picture: what a link to the report shows where it is shared."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliance.timeline.drawing import LANES, stacked
from explainer.exhibits import theme

WIDTH_PX, HEIGHT_PX, DPI = 1200, 630, 100
"""The size that Open Graph readers expect."""

TITLE_LETTERS = 30
LEFT = 0.06


def draw_preview(frame: pd.DataFrame, title: str, standing: str) -> Figure:
    """Draw the title, the day that it stands for, and every event as a mark in the lane of its side.

    Parameters
    ----------
    frame : DataFrame
        Events with `date` (Timestamp) and `side`.
    title, standing : str
        The report's title, and the line under it.
    """
    fig = Figure(figsize=(WIDTH_PX / DPI, HEIGHT_PX / DPI), dpi=DPI)
    fig.add_artist(Line2D([LEFT, 1 - LEFT], [0.94, 0.94], color=theme.ACCENT, linewidth=5))
    lines = "\n".join(textwrap.wrap(title, TITLE_LETTERS))
    fig.text(LEFT, 0.89, lines, fontsize=46, fontweight=600, color=theme.INK, va="top", linespacing=1.12)
    fig.text(LEFT, 0.53, standing, fontsize=22, color=theme.MUTED, va="center")
    _marks(fig.add_axes((LEFT + 0.1, 0.05, 1 - 2 * LEFT - 0.1, 0.42)), stacked(frame))
    return fig


def _marks(ax: Axes, placed: pd.DataFrame) -> None:
    ax.axis("off")
    base = 0.0
    for lane in reversed([lane for lane in LANES if (placed["side"] == lane).any()]):
        own = placed[placed["side"] == lane]
        colour = theme.ACTOR_COLOURS[lane]
        ax.plot(own["x"], own["height"] + base, "o", markersize=6.5, markeredgewidth=0, color=colour)
        ax.annotate(
            theme.ACTOR_NAMES[lane], (0, base), xycoords=("axes fraction", "data"), xytext=(-6, 0),
            textcoords="offset points", ha="right", va="center", fontsize=15, color=theme.INK,
        )  # fmt: skip
        base += own["height"].max() + 2.2
    ax.set_ylim(-0.8, base - 1.4)
