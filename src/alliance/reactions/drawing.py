"""Measures of either side in order, and the stances of stakeholders."""

import itertools
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import MO, DateFormatter, MonthLocator, WeekdayLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliance import palette
from explainer.exhibits import theme
from explainer.exhibits.theme import Size

#: Did the acting side name the remark at that turn? Filled markers: yes; hollow: another reason or none.
REMARK_TIE = "remark"


def draw_measures_timeline(frame: pd.DataFrame, size: Size, actor: str = "CN", as_of: str = "") -> Figure:
    """Draw each measure on its own line, by kind: a mark for the start and each later step, a bar to a set end."""
    lines = _lines(frame, palette.KINDS)
    row = size.pick(0.225, 0.33)
    fig, ax = theme.figure(size, row * len(lines) + 0.75)
    first, last = pd.Timestamp(frame["date"].min()), pd.Timestamp(as_of or frame["step_date"].max())
    last = max(last, pd.to_datetime(frame["step_date"]).max())
    for place, (kind, name) in enumerate(lines):
        if name:
            _measure_line(ax, frame[frame["measure"] == name], place, last, size, palette.ACTOR_COLOURS[actor])
        else:
            look = {"fontsize": size.font, "fontweight": 600, "xycoords": ("axes fraction", "data")}
            theme.write(ax, kind, (size.pick(-0.01, 0), place), (0, 0), size, size.pick("right", "left"), **look)
    _timeline_axes(ax, lines, first, last, size)
    marks = [
        Line2D([], [], label=label, **theme.look(theme.INK, filled, markersize=5, edge=1))
        for filled, label in ((True, "Named her words"), (False, "Other reason or none found"))
    ]
    theme.legend_above(ax, marks, size, columns=size.pick(2, 1))
    return fig


draw_japan_timeline = partial(draw_measures_timeline, actor="JP")


def _lines(frame: pd.DataFrame, order: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the lines of the chart from top to bottom: a heading a kind, then its measures by start."""
    lines = []
    for kind in (kind for kind in order if (frame["kind"] == kind).any()):
        names = frame[frame["kind"] == kind].sort_values(["date", "id"], kind="stable")["measure"]
        lines += [(kind, ""), *((kind, name) for name in names.unique())]
    return lines


def _measure_line(ax: Axes, steps: pd.DataFrame, place: int, last: pd.Timestamp, size: Size, colour: str) -> None:
    days = pd.to_datetime(steps["step_date"])
    until = steps["until"].iloc[-1]
    end, look = days.iloc[-1], dict[str, Any](linewidth=1)
    if until:
        end = min(pd.Timestamp(until), last)
        look = {"linewidth": size.pick(4, 3.4), "alpha": 0.45, "solid_capstyle": "butt"}
    if until or len(days) > 1:
        ax.plot([days.iloc[0], end], [place, place], color=colour, zorder=2, **look)
    face = [colour if tie == REMARK_TIE else theme.PAPER for tie in steps["turn_tie"]]
    ax.scatter(days, [place] * len(days), s=size.pick(34, 28), marker="o", facecolor=face, edgecolor=colour,
               linewidth=1.4, zorder=3, clip_on=False)  # fmt: skip
    if size.narrow:  # no room at the side: the name stands over its line
        ax.annotate(steps["measure"].iloc[0], (0, place - 0.42), xycoords=("axes fraction", "data"), ha="left",
                    va="center", fontsize=size.small, bbox=theme.BACKING)  # fmt: skip


def _timeline_axes(ax: Axes, lines: list[tuple[str, str]], first: pd.Timestamp, last: pd.Timestamp, size: Size) -> None:
    named = [(place, name) for place, (_, name) in enumerate(lines) if name]
    if size.narrow:
        ax.set_yticks([])
    else:
        ax.set_yticks([place for place, _ in named], [name for _, name in named], fontsize=size.small)
    for place, _ in named:
        ax.axhline(place, color=theme.GRID, linewidth=0.6, zorder=0.5)
    ax.set_ylim(len(lines) - 0.4, -0.9)
    ax.set_xlim(first - pd.Timedelta(days=6), last + pd.Timedelta(days=6))
    months = (last - first).days / 30
    if months < 2:
        ax.xaxis.set_major_locator(WeekdayLocator(byweekday=MO))
        ax.xaxis.set_major_formatter(DateFormatter("%-d %b"))
    else:
        ax.xaxis.set_major_locator(MonthLocator(interval=1 if months < size.pick(11, 5) else 2))
        ax.xaxis.set_major_formatter(DateFormatter("%b"))
    if first < palette.REMARK <= last:
        theme.event_line(ax, palette.REMARK, "26 Jan", size, y=1.0, ha="left")


#: Columns of the matrix: sides, their headings, and the share of the width and the letters a line that
#: each gets.
SIDE_COLUMNS = {
    "JP": ("Japan", 0.32, 28),
    "CN": ("China", 0.235, 19),
    "US": ("US", 0.11, 10),
    "TW": ("Taiwan", 0.205, 19),
    "OTHER": ("Others", 0.13, 10),
}


def _flow(names: list[str], letters: int) -> list[str]:
    """Set names, separated by commas, into lines of at most so many letters; a name is never broken."""
    lines: list[str] = []
    for name in names:
        joined = f"{lines[-1]}, {name}" if lines else name
        if lines and len(joined) <= letters:
            lines[-1] = joined
        else:
            lines[-1:] = [f"{lines[-1]},", name] if lines else [name]
    return lines


def _stance_cells(frame: pd.DataFrame, size: Size) -> dict[str, dict[str, list[str]]]:
    """Return the lines of text of each cell, by stance and side; on the narrow drawing all stand in the first."""
    side = frame["side"].where(frame["side"].isin(list(SIDE_COLUMNS)), "OTHER")
    names = (frame["short"] + (frame["others"] != "").map({True: palette.CHANGED, False: ""})).groupby(
        [frame["stance"], side]
    )
    cells: dict[str, dict[str, list[str]]] = {stance: {} for stance in palette.STANCE}
    for stance, (key, (heading, _, letters)) in itertools.product(cells, SIDE_COLUMNS.items()):
        own = list(names.get_group((stance, key))) if (stance, key) in names.groups else []
        if not size.narrow:
            cells[stance][key] = _flow(own, letters)
        elif own:
            cells[stance].setdefault("JP", []).extend(_flow([f"{heading}: {own[0]}", *own[1:]], 38))
    return cells


def draw_stance_matrix(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw stakeholders' names in a grid of stance by side; an asterisk marks one that also took another."""
    cells = _stance_cells(frame, size)
    depth = {stance: max(1, max(map(len, by_side.values()), default=1)) for stance, by_side in cells.items()}
    rows = sum(depth.values()) + 0.9 * len(depth) + (0.4 if size.narrow else 1.3)
    fig, ax = theme.figure(size, rows * size.pick(0.178, 0.158))
    ax.set_xlim(0, 1)
    ax.set_ylim(rows, 0)
    ax.set_axis_off()
    left = size.pick(0.165, 0.28)
    shares = [share * (1 - left) for _, share, _ in SIDE_COLUMNS.values()]
    starts, top = list(itertools.accumulate(shares[:-1], initial=left)), size.pick(1.2, 0.0)
    if not size.narrow:
        for (heading, _, _), x in zip(SIDE_COLUMNS.values(), starts, strict=True):
            ax.text(x, 0.55, heading, fontsize=size.font, fontweight=600, va="center")
    for stance, by_side in cells.items():
        _stance_row(ax, stance, by_side, top, starts, size)
        top += depth[stance] + 0.9
    return fig


def _stance_row(
    ax: Axes, stance: str, cells: dict[str, list[str]], top: float, starts: list[float], size: Size
) -> None:
    """Write one stance: a rule, its mark and name, and the names in each column."""
    style = palette.STANCE[stance]
    ax.plot([0, 1], [top, top], color=theme.GRID, linewidth=0.8, clip_on=False)
    middle = top + 0.95
    ax.scatter(size.pick(0.018, 0.03), middle, s=34, marker=style.marker, color=style.colour)
    ax.text(size.pick(0.04, 0.065), middle, style.label, fontsize=size.small, fontweight=600, va="center")
    if not any(cells.values()):
        ax.text(starts[0], middle, "nobody", fontsize=size.small, color=theme.MUTED, va="center")
    for lines, x in zip(cells.values(), starts, strict=False):
        for number, line in enumerate(lines):
            ax.text(x, middle + number, line, fontsize=size.small, va="center")
