"""The map: coasts, places, one measured line and rings of equal distance. No borders."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path as Outline

from alliance.geography.sphere import circle_points, coastline
from explainer.exhibits import theme
from explainer.exhibits.theme import Size

NEAR = (117.4, 129.4, 20.6, 27.6)
REGION = (113.5, 147.5, 12.0, 45.0)
MARKERS = {"capital": "s", "city": "o", "port": "o", "base": "^", "island": "o"}
KM_PER_DEGREE = 111.2

LABELS = Path(__file__).with_name("labels.csv")
"""By view and size what the map names, how, how far from its mark (points), and how the name is aligned."""


def draw_map(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw the waters around Taiwan, and the wider region as a small map in its empty corner (below when narrow)."""
    if size.narrow:
        fig, (near, region) = theme.figure(size, 6.1, rows=2, height_ratios=(1.0, 1.32))
    else:
        fig, near = theme.figure(size, 4.55)
        region = near.inset_axes((0.67, 0.0, 0.33, 0.56), anchor="SE")
    _ground(near, coastline("near"), NEAR)
    _ground(region, coastline("region"), REGION)
    _places(near, frame, "near", size)
    _places(region, frame, "region", size)
    _near(near, frame, size)
    _region(region, frame, size)
    return fig


def _ground(ax: Axes, coast: tuple[np.ndarray, ...], box: tuple[float, float, float, float]) -> None:
    """Draw land and set the view; a degree east is shortened as at the middle of the view."""
    west, east, south, north = box
    ax.set_facecolor(theme.PAPER)
    land = Outline.make_compound_path(*(Polygon(ring).get_path() for ring in coast))
    ax.add_patch(PathPatch(land, facecolor=theme.GRID, edgecolor=theme.CONTEXT, linewidth=0.5, zorder=1))
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    ax.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    for spine in ax.spines.values():
        spine.set(visible=True, color=theme.CONTEXT, linewidth=0.8)


def _of(frame: pd.DataFrame, mark: str, view: str) -> pd.DataFrame:
    return frame[(frame["mark"] == mark) & (frame["view"] == view)]


def _places(ax: Axes, frame: pd.DataFrame, view: str, size: Size) -> None:
    """Draw the rings of equal distance, dashed, and the places that have a label."""
    for row in _of(frame, "ring", view).itertuples():
        lon, lat = circle_points(row.lat, row.lon, row.km).T
        ax.plot(lon, lat, color=theme.PAIR[1], linewidth=1.3, linestyle=(0, (4, 2)), zorder=2)
    labels = pd.read_csv(LABELS)
    labels = labels[(labels["view"] == view) & labels["size"].isin(["both", size.called])]
    for row in _of(frame, "place", view).merge(labels, on="name").itertuples():
        look = {"color": theme.MUTED, "style": "italic"}
        if row.kind != "strait":
            ax.plot([row.lon], [row.lat], MARKERS[row.kind], markersize=size.pick(4.5, 3.8), color=theme.INK, zorder=5)
            look = {}
        text, place = row.text.replace("|", "\n"), (row.lon, row.lat)
        theme.write(ax, text, place, (row.dx, row.dy), size, row.ha, linespacing=0.95, zorder=6, **look)


def _near(ax: Axes, frame: pd.DataFrame, size: Size) -> None:
    """Name the two coasts, the measured line and the ring."""
    for text, lat, lon in (("Taiwan", 23.45, 120.85), ("China", 26.9, 118.2)):
        ax.text(lon, lat, text, ha="center", va="center", fontsize=size.font, fontweight=600, color=theme.INK, zorder=5)
    line = _of(frame, "line", "near").iloc[0]
    ax.plot([line["lon"], line["to_lon"]], [line["lat"], line["to_lat"]], color=theme.ACCENT, linewidth=2.2, zorder=4)
    middle = ((line["lon"] + line["to_lon"]) / 2, (line["lat"] + line["to_lat"]) / 2)
    text, offset = f"{line['km']:,.0f} km", size.pick((-15, 40), (-12, 22))
    theme.annotate(ax, text, middle, offset, size, color=theme.ACCENT, fontweight=600, zorder=6)
    for row in _of(frame, "ring", "near").itertuples():
        south, offset = (row.lon, row.lat - row.km / KM_PER_DEGREE), size.pick((-4, -30), (-2, -24))
        text = f"Ring: {row.km:,.0f} km,\nas far as Atami\nis from Tokyo"
        theme.annotate(ax, text, south, offset, size, color=theme.PAIR[1], linespacing=1.05)


def _region(ax: Axes, frame: pd.DataFrame, size: Size) -> None:
    """Draw and name the lines, and name the ring."""
    for row in _of(frame, "line", "region").itertuples():
        ax.plot([row.lon, row.to_lon], [row.lat, row.to_lat], color=theme.ACCENT, linewidth=1.6, zorder=3)
        if row.name == "Tokyo to Taipei":
            text, middle = f"{row.km:,.0f} km", ((row.lon + row.to_lon) / 2, (row.lat + row.to_lat) / 2)
            theme.write(ax, text, middle, (4, -8), size, va="baseline", color=theme.ACCENT, fontweight=600, zorder=6)
    ring = _of(frame, "ring", "region").iloc[0]
    place = (ring["lon"] + 3.5, ring["lat"] - ring["km"] / KM_PER_DEGREE * 0.82)
    theme.write(ax, f"Ring:\n{ring['km']:,.0f} km", place, (5, -6), size, color=theme.PAIR[1], linespacing=1.0)
