"""Opinion polls: approval of the cabinet by pollster, and views of the remark."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure

from explainer.exhibits import theme
from explainer.exhibits.theme import Size
from explainer.text.wording import capital, short

ANSWER, REMARK = pd.Timestamp("2025-11-07"), pd.Timestamp("2026-01-26")
#: Approval axis: it does not start at zero, and the page says so.
APPROVAL_RANGE = (35, 92)
MONTHS = [pd.Timestamp(day) for day in ("2025-11-01", "2026-03-01", "2026-07-01")]


def draw_approval(frame: pd.DataFrame, size: Size, as_of: str = "") -> Figure:
    """Draw one panel a pollster: its own polls in colour with margins, everybody's in grey."""
    names, last = list(dict.fromkeys(frame["name"])), pd.Timestamp(as_of or frame["day"].max())
    marked = {day: f"{day.day} {day:%b}" for day in (ANSWER, REMARK) if day <= last}
    columns = size.pick(5, 2)
    rows = math.ceil(len(names) / columns)
    fig, grid = theme.figure(size, size.pick(1.75, 1.45) * rows, rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax, name in zip(grid.flat, names, strict=False):
        _approval_panel(ax, frame, name, marked, size)
    for ax in list(grid.flat)[len(names) :]:
        ax.set_axis_off()
    _approval_axes(grid[0][0], frame, marked, size)
    return fig


def _approval_panel(ax: Axes, frame: pd.DataFrame, name: str, marked: dict[pd.Timestamp, str], size: Size) -> None:
    own = frame[frame["name"] == name].sort_values("day")
    ax.scatter(frame["day"], frame["approve"], s=7, color=theme.PALE, linewidth=0, zorder=1)
    ax.plot(own["day"], own["approve"], color=theme.ACCENT, linewidth=1.2, zorder=2)
    ax.errorbar(
        own["day"], own["approve"], yerr=own["margin_points"].fillna(0), fmt="none", ecolor=theme.ACCENT,
        elinewidth=1.2, zorder=2,
    )  # fmt: skip
    for derived, face in ((False, theme.ACCENT), (True, theme.PAPER)):
        part = own[own["derived"] == derived]
        ax.scatter(part["day"], part["approve"], s=20, facecolor=face, edgecolor=theme.ACCENT, linewidth=1.1, zorder=3)
    for when in marked:
        ax.axvline(when, color=theme.CONTEXT, linewidth=0.7, zorder=0.5)
    for poll, place in zip((own.iloc[0], own.iloc[-1]), ("first", "last"), strict=True):
        if place == "last" and len(own) == 1:
            break
        _approval_value(ax, poll, place, own, size)
    ax.set_title(name, fontsize=size.small, pad=4)
    ax.grid(True, axis="y")


def _approval_value(ax: Axes, poll: pd.Series, place: str, own: pd.DataFrame, size: Size) -> None:
    """Write the first and last value beside their points, clear of the line."""
    neighbour = own["approve"].iloc[1 if place == "first" else -2] if len(own) > 1 else poll["approve"]
    above = poll["approve"] >= neighbour
    gap = 5 + (poll["margin_points"] if pd.notna(poll["margin_points"]) else 0) * 2.2
    look = {"va": "bottom", "bbox": theme.BACKING} if above else {"va": "top", "bbox": theme.BACKING}
    point, offset = (poll["day"], poll["approve"]), (0, gap if above else -gap)
    theme.write(ax, f"{poll['approve']:.0f}", point, offset, size, "center", **look)


def _approval_axes(ax: Axes, frame: pd.DataFrame, marked: dict[pd.Timestamp, str], size: Size) -> None:
    """Set the shared axes and name the two days once, in the first panel."""
    for line, (when, text) in enumerate(marked.items()):
        foot = (when, APPROVAL_RANGE[0])
        theme.write(ax, text, foot, (3, 3 + 11 * line), size, va="baseline", color=theme.MUTED)
    first, last = frame["day"].min(), max(frame["day"].max(), *marked)
    ax.set_ylim(*APPROVAL_RANGE)
    ax.set_yticks([40, 50, 60, 70, 80], ["40", "50", "60", "70", "80%"])
    ax.set_xlim(first - pd.Timedelta(days=14), last + pd.Timedelta(days=16))
    ax.set_xticks([month for month in MONTHS if month <= last])
    ax.xaxis.set_major_formatter(DateFormatter("%b"))


#: Words on the two sides of the opinion chart.
SIDES = ("Against it", "For it")
TOPICS = {"remark": "The answer of 7 November", "force": "Collective self-defence over Taiwan"}


def draw_opinion_remark(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw one diverging bar a poll: rejecting to the left, accepting to the right, margins where known."""
    topics = [topic for topic in TOPICS if (frame["topic"] == topic).any()]
    counts = [int((frame["topic"] == topic).sum()) for topic in topics]
    height = size.pick(0.38, 0.46) * sum(counts) + 0.55 * len(topics) + 0.3
    fig, grid = theme.figure(
        size, height, len(topics), 1, sharex=True, squeeze=False, height_ratios=[count + 0.35 for count in counts]
    )
    for ax, topic in zip(grid.flat, topics, strict=True):
        _opinion_panel(ax, frame[frame["topic"] == topic], size)
        ax.set_title(TOPICS[topic], fontsize=size.font, pad=18 if topic == topics[0] else 6)
    _opinion_heads(grid[0][0], size)
    last = grid[-1][0]
    last.set_xticks([-50, -25, 0, 25, 50], ["50%", "25", "0", "25", "50%"])
    last.set_xlim(*size.pick((-62, 76), (-70, 84)))
    return fig


def _opinion_panel(ax: Axes, polls: pd.DataFrame, size: Size) -> None:
    places = range(len(polls))
    for side, column, colour in ((-1, "reject", theme.PAIR[1]), (1, "accept", theme.PAIR[0])):
        values = side * polls[column].to_numpy()
        ax.barh(places, values, height=0.56, color=colour, zorder=2)
        margins = polls[f"margin_{column}"].fillna(0).to_numpy()
        ax.errorbar(values, places, xerr=margins, fmt="none", ecolor=theme.INK, elinewidth=1.1, zorder=3)
        for place, value, margin in zip(places, values, margins, strict=True):
            theme.label_bar(ax, value + side * margin, place, f"{abs(value):.0f}", size)
    names = [_poll_name(poll, size) for poll in polls.itertuples()]
    ax.set_yticks(list(places), names)
    ax.invert_yaxis()
    ax.axvline(0, color=theme.INK, linewidth=0.9, zorder=4)
    ax.spines["bottom"].set_visible(False)
    ax.grid(True, axis="x")
    ax.tick_params(axis="x", length=0)


def _poll_name(poll: Any, size: Size) -> str:
    """Name a poll by who asked, when, and the word on which the question turned."""
    day = short(poll.period).rpartition(" ")[0]
    return f"{poll.name}, {day}{size.pick(': ', chr(10))}{capital(poll.asked)}"


def _opinion_heads(ax: Axes, size: Size) -> None:
    """Say what left and right mean, above the first bars."""
    for text, x, ha in ((SIDES[0], -2, "right"), (SIDES[1], 2, "left")):
        head = {"xycoords": ("data", "axes fraction"), "va": "bottom", "fontweight": 600}
        theme.write(ax, text, (x, 1), (0, 3), size, ha, **head)
