"""Where events stand in the lanes of their sides, and their marks in the picture of a shared link.

Without matplotlib: a command that draws nothing looks here whether the picture's marks are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from alliance import palette
from explainer.exhibits.look import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LANES = ("JP", "CN", "US", "TW", "OTHER")
BIN_DAYS = 6
STEP = 1.0
PADDING = 1.4


def stacked(frame: pd.DataFrame) -> pd.DataFrame:
    """Place each event: its lane, and its height in the stack of events of the same days."""
    start = frame["date"].min()
    bins = (frame["date"] - start).dt.days // BIN_DAYS
    height = frame.groupby([frame["side"], bins]).cumcount()
    return frame.assign(x=start + pd.to_timedelta(bins * BIN_DAYS + BIN_DAYS / 2, unit="D"), height=height * STEP)


def preview_marks(ax: Axes, frame: pd.DataFrame) -> None:
    """Draw every event as a mark in the lane of its side, for the picture that a shared link shows."""
    placed = stacked(frame)
    ax.axis("off")
    base = 0.0
    for lane in reversed([lane for lane in LANES if (placed["side"] == lane).any()]):
        own = placed[placed["side"] == lane]
        colour = palette.ACTOR_COLOURS[lane]
        ax.plot(own["x"], own["height"] + base, "o", markersize=6.5, markeredgewidth=0, color=colour)
        at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "annotation_clip": False}
        words: dict[str, Any] = at | {"ha": "right", "va": "center", "fontsize": 15, "color": INK}
        ax.annotate(palette.ACTOR_NAMES[lane], (0, base), (-6, 0), **words)
        base += own["height"].max() + 2.2
    ax.set_ylim(-0.8, base - 1.4)
