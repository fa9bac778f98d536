"""The exhibits: their claims, notes and columns."""

import pandas as pd

from explainer.exhibits.columns import Column
from explainer.exhibits.kit import register

from . import numbers


def _claim(frame: pd.DataFrame) -> str:
    low = frame.loc[frame["value"].idxmin()]
    return f"The ferry crossed {low['value']:.0f} times in {low['period']}, and {frame['value'].max():.0f} at most"


def _alt(frame: pd.DataFrame) -> str:
    return "Bars: " + "; ".join(f"{r.period} {r.value:.0f}" for r in frame.itertuples()) + "."


register(
    "happened",
    numbers.happened,
    lambda f: f"{len(f)} events are known",
    row_id="event_id",
    columns=[
        Column("date", "Date", kind="date"),
        Column("what", "What happened"),
        Column("label", "How sure", kind="label"),
        Column("source_ids", "Sources", kind="sources"),
    ],
)
register(
    "crossings",
    numbers.crossings,
    _claim,
    _alt,
    subtitle="Crossings a month",
    columns=[
        Column("period", "Month"),
        Column("value", "Crossings", kind="number", align="right", format="0"),
        Column("source_ids", "Sources", kind="sources"),
    ],
)
