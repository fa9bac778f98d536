"""Seats before and after the election."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explainer.charts import theme
from explainer.charts.theme import Size


def draw_lower_house_seats(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw each party's seats before (hollow) and after (filled) as two points joined by a line."""
    fig, ax = theme.figure(size, 0.32 * len(frame) + 0.8)
    order = list(range(len(frame)))[::-1]
    for place, row in zip(order, frame.itertuples(), strict=True):
        known = pd.notna(row.seats_before)
        ax.plot([row.seats_before, row.seats_after], [place, place], color=theme.PALE, linewidth=2, zorder=1)
        ax.plot(row.seats_before, place, "o", markerfacecolor=theme.PAPER, markeredgecolor=theme.MUTED, markersize=6)
        ax.plot(row.seats_after, place, "o", color=theme.ACCENT, markersize=6)
        right = max(row.seats_before, row.seats_after) if known else row.seats_after
        theme.label_bar(
            ax, right + 3, place, f"{row.seats_before:.0f} → {row.seats_after}" if known else f"{row.seats_after}", size
        )
    ax.set_yticks(order, frame["party"])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(-6, size.pick(365, 420))
    ax.set_ylim(-0.6, len(frame) - 0.4)
    theme.value_grid(ax, "x")
    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markerfacecolor=theme.PAPER,
            markeredgecolor=theme.MUTED,
            label="Before",
        ),
        Line2D([], [], linestyle="none", marker="o", color=theme.ACCENT, label="After"),
    ]
    theme.legend_above(ax, handles, size)
    return fig
