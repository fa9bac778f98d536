"""Fonts, figures and label helpers; with `look`, the only place where a chart's look is decided.

Importing this module registers the house fonts from their packages and loads the style sheet once. Drawing
functions take colours from here by name (a hex code anywhere else fails the tests), start from :func:`figure`
and return that figure.
"""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from cycler import cycler
from matplotlib import font_manager, rcParams, style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Annotation

from explainer.exhibits.look import *  # noqa: F403 - drawings take sizes and colours from here
from explainer.exhibits.look import CATEGORIES, CONTEXT, FONTS, INK, MUTED, PAPER, Size
from explainer.text.wording import number as thousands  # noqa: F401 - a count as charts write it

STYLE = Path(__file__).with_name("explainer.mplstyle")

# --- Fonts and figures ----------------------------------------------------------------------------


for font in FONTS:
    font_manager.fontManager.addfont(font)
# The Japanese face has one weight; matplotlib would say so at every semibold title.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
style.use(str(STYLE))
rcParams["axes.prop_cycle"] = cycler(color=CATEGORIES)  # the palette stands once, here


def figure(size: Size, height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """Start a figure of the house width and ``height`` inches; return it with its axes, as ``subplots`` does.

    ``options`` go to ``Figure.subplots`` (``sharex``, ``height_ratios``, ...). The figure stands outside
    pyplot, so nothing needs closing, and it lays itself out so that labels at the edge are kept inside.
    """
    fig = Figure(
        figsize=(size.width, height), layout=ConstrainedLayoutEngine(w_pad=0.04, h_pad=0.04, wspace=0.04, hspace=0.06)
    )
    FigureCanvasAgg(fig)
    axes = fig.subplots(rows, columns, **options)
    for ax in fig.axes:  # ticks are made lazily, so their size is set on the axes and not in a style context
        ax.tick_params(labelsize=size.font)
        ax.title.set_fontsize(size.font)
    return fig, axes


def value_grid(ax: Axes, axis: Literal["x", "y"] = "y", zero: bool = True) -> None:
    """Draw hairlines for the value axis only, with a slightly darker zero line."""
    ax.grid(True, axis=axis)
    if zero:
        line = ax.axhline if axis == "y" else ax.axvline
        line(0, color=CONTEXT, linewidth=0.9, zorder=1.5)


# --- Labels ---------------------------------------------------------------------------------------


def write(
    ax: Axes, text: str, xy: tuple[Any, Any], offset: tuple[float, float], size: Size, ha: str = "left", **options: Any
) -> Annotation:
    """Write small words ``offset`` points away from a point of the plot."""
    options = {"color": INK, "fontsize": size.small, "va": "center", **options}
    return ax.annotate(text, xy, offset, textcoords="offset points", ha=ha, annotation_clip=False, **options)


def label_line_end(ax: Axes, x: Any, y: float, text: str, size: Size, colour: str = INK, **options: Any) -> Annotation:
    """Name a line at its last point, to the right of it."""
    options.setdefault("fontsize", size.font)
    return write(ax, text, (x, y), (5, 0), size, color=colour, **options)


def label_bar(
    ax: Axes, length: float, position: float, text: str, size: Size, horizontal: bool = True, **options: Any
) -> Annotation:
    """Write a bar's value just beyond its end, on the side to which the bar points."""
    options.setdefault("fontsize", size.font)
    sign = -1 if length < 0 else 1
    if horizontal:
        return write(ax, text, (length, position), (4 * sign, 0), size, "left" if sign > 0 else "right", **options)
    options["va"] = "bottom" if sign > 0 else "top"
    return write(ax, text, (position, length), (0, 3 * sign), size, "center", **options)


def annotate(
    ax: Axes,
    text: str,
    xy: tuple[Any, Any],
    offset: tuple[float, float],
    size: Size,
    ha: str = "left",
    **options: Any,
) -> Annotation:
    """Explain one point in words, ``offset`` points away, with a thin leader."""
    options.setdefault(
        "arrowprops", {"arrowstyle": "-", "color": CONTEXT, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 2}
    )
    return write(ax, text, xy, offset, size, ha, **options)


def event_line(
    ax: Axes, when: Any, text: str, size: Size, y: float = 1.0, ha: str = "left", **options: Any
) -> Annotation:
    """Mark a day with a thin vertical line and a short label at height ``y`` (1 is the top of the axes)."""
    ax.axvline(when, color=CONTEXT, linewidth=0.8, zorder=1)
    shift = {"left": 3, "right": -3}.get(ha, 0)
    options = {"color": MUTED, "va": "top", "xycoords": ("data", "axes fraction")} | options
    return write(ax, text, (when, y), (shift, 0), size, ha, **options)


def look(
    colour: str, filled: bool = True, marker: str = "o", markersize: float = 6, edge: float = 1.2
) -> dict[str, Any]:
    """Return the options of ``plot`` for marks alone, filled or hollow."""
    return {
        "linestyle": "none", "marker": marker, "markersize": markersize, "markeredgewidth": edge,
        "markeredgecolor": colour, "markerfacecolor": colour if filled else PAPER,
    }  # fmt: skip


def legend_above(ax: Axes, handles: Sequence[Any], size: Size, columns: int | None = None) -> None:
    """Put a legend above the plot, in data order: only where direct labels cannot fit."""
    ax.legend(
        handles=list(handles), loc="lower left", bbox_to_anchor=(0, 1.01), ncols=columns or len(handles),
        fontsize=size.small, handletextpad=0.4, columnspacing=1.0, borderaxespad=0, borderpad=0,
    )  # fmt: skip


def spread(positions: Iterable[float], gap: float) -> list[float]:
    """Move label positions apart so that neighbours stand at least ``gap`` apart; their order is kept."""
    wanted = list(positions)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[list[int]] = []
    centres: list[float] = []
    for index in order:
        groups.append([index])
        centres.append(wanted[index])
        while len(groups) > 1 and centres[-1] - centres[-2] < gap * (len(groups[-1]) + len(groups[-2])) / 2:
            last, mean = groups.pop(), centres.pop()
            total = len(groups[-1]) + len(last)
            centres[-1] = (centres[-1] * len(groups[-1]) + mean * len(last)) / total
            groups[-1] += last
    placed = [0.0] * len(wanted)
    for group, centre in zip(groups, centres, strict=True):
        for rank, index in enumerate(group):
            placed[index] = centre + gap * (rank - (len(group) - 1) / 2)
    return placed
