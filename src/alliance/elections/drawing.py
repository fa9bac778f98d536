"""Seats before and after an election."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explainer.exhibits import theme
from explainer.exhibits.theme import Size

ROW_INCHES = 0.29


def draw_lower_house_seats(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw a line from the seats before (hollow) to the seats after (filled) for each party."""
    fig, ax = theme.figure(size, ROW_INCHES * len(frame) + 0.75)
    for place, row in enumerate(frame.itertuples()):
        colour = theme.FOCUS[0] if place == 0 else theme.MUTED
        before = row.seats_after if pd.isna(row.seats_before) else row.seats_before
        ax.plot([before, row.seats_after], [place, place], color=colour, linewidth=1.6, zorder=2)
        if pd.notna(row.seats_before):
            ax.plot([before], [place], zorder=3, clip_on=False, **theme.look(colour, False, markersize=7, edge=1.4))
        ax.plot([row.seats_after], [place], "o", markersize=7, color=colour, zorder=4, clip_on=False)
        weight = 600 if place == 0 else 400
        text = theme.thousands(row.seats_after)
        text = text if pd.isna(row.seats_before) else f"{theme.thousands(row.seats_before)} \u2192 {text}"
        theme.write(ax, text, (max(row.seats_after, before), place), (8, 0), size, fontweight=weight)
    names = size.pick(frame["name"], frame["short"].where(frame["short"] != "", frame["name"]))
    ax.set_yticks(range(len(frame)), names)
    ax.tick_params(axis="y", labelsize=size.small, length=0)
    ax.set_ylim(len(frame) - 0.5, -0.6)
    ax.set_xlim(-size.pick(6, 9), size.pick(400, 440))
    ax.set_xticks([0, 100, 200, 300])
    ax.tick_params(axis="x", labelsize=size.small)
    ax.spines["left"].set_visible(False)
    theme.value_grid(ax, "x")
    marks = [
        Line2D([], [], label=text, **theme.look(theme.MUTED, filled, markersize=7, edge=1.4))
        for filled, text in ((False, "before, 27 January"), (True, "after, 8 February"))
    ]
    theme.legend_above(ax, marks, size)
    return fig
