"""The timeline in one picture."""

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliance import palette
from alliance.timeline.lanes import LANES, PADDING, stacked
from explainer.exhibits import theme
from explainer.exhibits.theme import Size

KINDS = {
    "diplomatic": ("Diplomatic", "o"),
    "economic": ("Economic", "s"),
    "military": ("Military", "^"),
    "political": ("Political", "D"),
    "other": ("Other", "P"),
}


def draw_timeline_overview(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw every event as a mark in the lane of the side that acted, its shape by kind."""
    placed = stacked(frame)
    lanes = [lane for lane in LANES if (placed["side"] == lane).any()]
    tops = [placed.loc[placed["side"] == lane, "height"].max() + PADDING for lane in lanes]
    base = {lane: sum(tops[index + 1 :]) for index, lane in enumerate(lanes)}
    fig, ax = theme.figure(size, size.pick(0.13, 0.115) * sum(tops) + 1.0)
    kinds = placed["category"].where(placed["category"].isin(KINDS), "other")
    for (lane, kind), group in placed.groupby(["side", kinds]):
        look = {"markersize": size.pick(5.2, 3.8), "color": palette.ACTOR_COLOURS[lane], "markeredgewidth": 0}
        ax.plot(group["x"], group["height"] + base[lane] + 0.5, KINDS[kind][1], **look)
    for lane in lanes:
        ax.axhline(base[lane], color=theme.GRID, linewidth=0.8, zorder=0)
    counts = placed["side"].value_counts()
    names = [f"{palette.ACTOR_NAMES[lane]} {counts[lane]}" for lane in lanes]
    ax.set_yticks([base[lane] + 0.6 for lane in lanes], names)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.2, sum(tops) + 2.2)
    _days(ax, placed, size)
    look = {"linestyle": "none", "color": theme.MUTED, "markersize": 5}
    marks = [Line2D([], [], marker=marker, label=label, **look) for label, marker in KINDS.values()]
    theme.legend_above(ax, marks, size, columns=size.pick(5, 3))
    return fig


def _days(ax: Axes, placed: pd.DataFrame, size: Size) -> None:
    last, first = placed["date"].max(), placed["date"].min()
    shaded = palette.ANSWER, palette.ANSWER + palette.EIGHT_WEEKS
    if last >= shaded[1]:
        ax.axvspan(*shaded, color=theme.GRID, alpha=0.4, linewidth=0, zorder=0)
    for day, what in ((palette.ANSWER, " answer"), (palette.REMARK, " sentence")):
        if day <= last:
            theme.event_line(ax, day, f"{day.day} {day:%b}" + size.pick(what, ""), size)
    locator = mdates.MonthLocator(interval=size.pick(1, 2) if (last - first).days > 70 else 1)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator, show_offset=False))
    ax.set_xlim(placed["x"].min() - pd.Timedelta(days=8), placed["x"].max() + pd.Timedelta(days=8))
