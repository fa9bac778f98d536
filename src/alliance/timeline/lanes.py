"""Where events stand in the lanes of their sides."""

from __future__ import annotations

import pandas as pd

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
