"""Opinion polls: approval of the cabinet by pollster, and views of the remark."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure

from alliance.palette import ANSWER, REMARK
from explainer.exhibits import theme
from explainer.exhibits.theme import Size
from explainer.text.wording import capital, short

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
    margins = {"yerr": own["margin_points"].fillna(0), "ecolor": theme.ACCENT, "elinewidth": 1.2}
    ax.errorbar(own["day"], own["approve"], fmt="none", zorder=2, **margins)
    for derived, face in ((False, theme.ACCENT), (True, theme.PAPER)):
        part = own[own["derived"] == derived]
        ax.scatter(part["day"], part["approve"], s=20, facecolor=face, edgecolor=theme.ACCENT, linewidth=1.1, zorder=3)
    for when in marked:
        ax.axvline(when, color=theme.CONTEXT, linewidth=0.7, zorder=0.5)
    shares = own["approve"].tolist()
    for place, neighbour in ((0, 1), (-1, -2))[: len(own)]:  # the first and the last value, clear of the line
        above, margin = len(own) == 1 or shares[place] >= shares[neighbour], own["margin_points"].fillna(0).iloc[place]
        look = {"va": "bottom" if above else "top", "bbox": theme.BACKING}
        point, offset = (own["day"].iloc[place], shares[place]), (0, (5 + margin * 2.2) * (1 if above else -1))
        theme.write(ax, f"{shares[place]:.0f}", point, offset, size, "center", **look)
    ax.set_title(name, fontsize=size.small, pad=4)
    ax.grid(True, axis="y")


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


TOPICS = {"remark": "The November answer", "force": "Collective self-defence over Taiwan"}


def draw_opinion_remark(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw one diverging bar a poll: rejecting to the left, accepting to the right, margins where known."""
    counts = frame["topic"].value_counts()
    topics = [topic for topic in TOPICS if topic in counts]
    height = size.pick(0.38, 0.46) * len(frame) + 0.55 * len(topics) + 0.3
    shares = {"sharex": True, "squeeze": False, "height_ratios": list(counts[topics] + 0.35)}
    fig, grid = theme.figure(size, height, len(topics), 1, **shares)
    for ax, topic in zip(grid.flat, topics, strict=True):
        _opinion_panel(ax, frame[frame["topic"] == topic], size)
        ax.set_title(TOPICS[topic], fontsize=size.font, pad=18 if topic == topics[0] else 6)
    for text, x, ha in (("Against it", -2, "right"), ("For it", 2, "left")):
        head = {"xycoords": ("data", "axes fraction"), "va": "bottom", "fontweight": 600}
        theme.write(grid[0][0], text, (x, 1), (0, 3), size, ha, **head)
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
    days = polls["period"].map(lambda period: short(period).rpartition(" ")[0])
    ax.set_yticks(places, polls["name"] + ", " + days + size.pick(": ", "\n") + polls["asked"].map(capital))
    ax.invert_yaxis()
    ax.axvline(0, color=theme.INK, linewidth=0.9, zorder=4)
    ax.spines["bottom"].set_visible(False)
    ax.grid(True, axis="x")
    ax.tick_params(axis="x", length=0)
