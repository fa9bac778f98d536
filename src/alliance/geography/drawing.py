"""The map: coasts, places, one measured line and rings of equal distance. No borders."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from alliance.geography.sphere import circle_points, coastline
from explainer.exhibits import theme
from explainer.exhibits.theme import Size

NEAR = (117.4, 129.4, 20.6, 27.6)
REGION = (113.5, 147.5, 12.0, 45.0)
MARKERS = {"capital": "s", "city": "o", "port": "o", "base": "^", "island": "o"}

#: Where a name stands from its mark, in points, and how it is aligned; names are shortened for the map.
NEAR_NAMES = {
    "Taipei": ("Taipei", (-5, 3), "right"),
    "Hualien (Chiashan)": ("Hualien", (-5, -2), "right"),
    "Kaohsiung": ("Kaohsiung", (-5, -2), "right"),
    "Fuzhou": ("Fuzhou", (-5, 4), "right"),
    "Xiamen": ("Xiamen", (2, -11), "left"),
    "Yonaguni": ("Yonaguni", (0, -12), "center"),
    "Ishigaki": ("Ishigaki", (4, -12), "left"),
    "Miyako": ("Miyako", (6, -6), "left"),
    "Kadena Air Base": ("Kadena (US base)", (-4, 12), "right"),
    "Senkaku (Diaoyu, Diaoyutai) Islands": ("Senkaku/Diaoyu Islands", (0, 9), "center"),
}
NARROW_NAMES = {
    "Kadena Air Base": ("Kadena\n(US base)", (-5, 12), "right"),
    "Senkaku (Diaoyu, Diaoyutai) Islands": ("Senkaku/\nDiaoyu Islands", (0, 14), "center"),
    "Hualien (Chiashan)": None,
    "Xiamen": None,
    "Yonaguni": ("Yonaguni", (0, -8), "center"),
    "Miyako": ("Miyako", (3, -9), "left"),
}
STRAITS = {
    "Taiwan Strait (middle)": ("Taiwan\nStrait", (0, 0)),
    "Bashi Channel": ("Bashi Channel", (40, -5)),
    "Miyako Strait": ("Miyako\nStrait", (0, 0)),
}
REGION_NAMES = {
    "Tokyo": ("Tokyo", (6, 3), "left"),
    "Atami": ("Atami", (-2, -10), "left"),
    "Taipei": ("Taipei", (3.5, -6), "left"),
    "Beijing": ("Beijing", (6, 0), "left"),
    "Seoul": ("Seoul", (6, 0), "left"),
    "Kadena Air Base": ("Kadena", (6, -1), "left"),
    "Manila": ("Manila", (6, 0), "left"),
    "Misawa Air Base": ("Misawa", (6, -2), "left"),
    "Sasebo": ("Sasebo", (-5, -8), "right"),
    "Iwakuni Marine Corps Air Station": ("Iwakuni", (1, 10), "center"),
}
NARROW_REGION_NAMES = REGION_NAMES | {"Taipei": ("Taipei", (6, -11), "left")}


def draw_map(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw the waters around Taiwan, and the wider region as a small map in its empty corner (below when narrow)."""
    if size.narrow:
        fig, (near, region) = theme.figure(size, 6.1, rows=2, height_ratios=(1.0, 1.32))
    else:
        fig, near = theme.figure(size, 4.55)
        region = near.inset_axes((0.67, 0.0, 0.33, 0.56), anchor="SE")
    _ground(near, coastline("near"), NEAR)
    _ground(region, coastline("region"), REGION)
    _rings(frame, {"near": near, "region": region}, size)
    _near_marks(near, frame, size)
    _region_marks(region, frame, size)
    return fig


def _ground(ax: Axes, coast: tuple[np.ndarray, ...], box: tuple[float, float, float, float]) -> None:
    """Draw land and set the view; a degree east is shortened as at the middle of the view."""
    west, east, south, north = box
    ax.set_facecolor(theme.PAPER)
    for ring in coast:
        ax.add_patch(Polygon(ring, closed=True, facecolor=theme.GRID, edgecolor=theme.CONTEXT, linewidth=0.5, zorder=1))
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    ax.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    for spine in ax.spines.values():
        spine.set(visible=True, color=theme.CONTEXT, linewidth=0.8)


def _rings(frame: pd.DataFrame, axes: dict[str, Axes], size: Size) -> None:
    """Draw the rings of equal distance, dashed."""
    for row in frame[frame["mark"] == "ring"].itertuples():
        points = circle_points(row.lat, row.lon, row.km)
        axes[row.view].plot(
            points[:, 0], points[:, 1], color=theme.PAIR[1], linewidth=1.3, linestyle=(0, (4, 2)), zorder=2
        )


def _near_marks(ax: Axes, frame: pd.DataFrame, size: Size) -> None:
    names = NEAR_NAMES | (NARROW_NAMES if size.narrow else {})
    for row in frame[(frame["mark"] == "place") & (frame["view"] == "near")].itertuples():
        if row.kind == "strait":
            text, offset = STRAITS[row.name]
            _write(ax, text, row, offset, size, "center", color=theme.MUTED, style="italic")
        elif named := names.get(row.name):
            _mark(ax, row, named, size)
    for text, lat, lon in (("Taiwan", 23.45, 120.85), ("China", 26.9, 118.2)):
        ax.text(lon, lat, text, ha="center", va="center", fontsize=size.font, fontweight=600, color=theme.INK, zorder=5)
    _measured_line(ax, frame, size)
    _ring_name(ax, frame, size)


def _measured_line(ax: Axes, frame: pd.DataFrame, size: Size) -> None:
    line = frame[(frame["mark"] == "line") & (frame["view"] == "near")].iloc[0]
    ax.plot([line["lon"], line["to_lon"]], [line["lat"], line["to_lat"]], color=theme.ACCENT, linewidth=2.2, zorder=4)
    middle = ((line["lon"] + line["to_lon"]) / 2, (line["lat"] + line["to_lat"]) / 2)
    text, offset = f"{line['km']:,.0f} km", size.pick((-15, 40), (-12, 22))
    theme.annotate(ax, text, middle, offset, size, color=theme.ACCENT, fontweight=600, zorder=6)


def _ring_name(ax: Axes, frame: pd.DataFrame, size: Size) -> None:
    rows = frame[(frame["mark"] == "ring") & (frame["view"] == "near")]
    for row in rows.itertuples():
        south, offset = (row.lon, row.lat - row.km / 111.2), size.pick((-4, -30), (-2, -24))
        text = f"Ring: {row.km:,.0f} km,\nas far as Atami\nis from Tokyo"
        theme.annotate(ax, text, south, offset, size, color=theme.PAIR[1], linespacing=1.05)


def _region_marks(ax: Axes, frame: pd.DataFrame, size: Size) -> None:
    wanted = (
        NARROW_REGION_NAMES
        if size.narrow
        else {k: REGION_NAMES[k] for k in ("Tokyo", "Taipei", "Beijing", "Seoul", "Manila", "Kadena Air Base")}
    )
    for row in frame[(frame["mark"] == "place") & (frame["view"] == "region")].itertuples():
        if row.name in wanted:
            _mark(ax, row, wanted[row.name], size)
    for row in frame[(frame["mark"] == "line") & (frame["view"] == "region")].itertuples():
        ax.plot([row.lon, row.to_lon], [row.lat, row.to_lat], color=theme.ACCENT, linewidth=1.6, zorder=3)
        if row.name == "Tokyo to Taipei":
            text, middle = f"{row.km:,.0f} km", ((row.lon + row.to_lon) / 2, (row.lat + row.to_lat) / 2)
            theme.write(ax, text, middle, (4, -8), size, va="baseline", color=theme.ACCENT, fontweight=600, zorder=6)
    ring = frame[(frame["mark"] == "ring") & (frame["view"] == "region")].iloc[0]
    place = (ring["lon"] + 3.5, ring["lat"] - ring["km"] / 111.2 * 0.82)
    theme.write(ax, f"Ring:\n{ring['km']:,.0f} km", place, (5, -6), size, color=theme.PAIR[1], linespacing=1.0)


def _mark(ax: Axes, row: Any, named: tuple[str, tuple[float, float], str], size: Size) -> None:
    ax.plot([row.lon], [row.lat], MARKERS[row.kind], markersize=size.pick(4.5, 3.8), color=theme.INK, zorder=5)
    text, offset, ha = named
    _write(ax, text, row, offset, size, ha)


def _write(ax: Axes, text: str, row: Any, offset: tuple[float, float], size: Size, ha: str, **options: Any) -> None:
    theme.write(ax, text, (row.lon, row.lat), offset, size, ha, linespacing=0.95, zorder=6, **options)
