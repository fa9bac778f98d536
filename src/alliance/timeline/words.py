"""Exhibits of the first chapter: the story in one picture, how far the evidence reaches."""

import pandas as pd

from alliance.palette import ACTOR_NAMES, ANSWER, EIGHT_WEEKS
from alliance.timeline import numbers as overview
from explainer.exhibits.kit import register
from explainer.text.wording import day, period


def _claim(frame: pd.DataFrame) -> str:
    """Count Japan's and China's events by one rule: in all, and in the eight weeks after the answer."""
    japan, china = (overview.acts_of(frame, side) for side in ("JP", "CN"))
    over = frame["date"].max() >= ANSWER + EIGHT_WEEKS
    after = "in the eight weeks after 7 November" if over else "after 7 November"
    counts = f"Japan {japan.within}, China {china.within}" if over else f"Japan {japan.after}, China {china.after}"
    return f"Japan acted in {japan.total} of {len(frame)} events, China in {china.total}; {after} {counts}"


def _alt(frame: pd.DataFrame) -> str:
    counts = frame["side"].value_counts()
    said = ACTOR_NAMES | {"US": "the United States", "OTHER": "others"}
    parts = ", ".join(f"{said[side]} {counts[side]}" for side in overview.SIDES if side in counts)
    first, last = (day(d.date()) for d in (frame["date"].min(), frame["date"].max()))
    week = frame.groupby(pd.Grouper(key="date", freq="W")).size()
    return (
        f"Timeline of {len(frame)} events from {first} to {last}, one mark an event, in lanes by the side that acted "
        f"({parts}); the shape of a mark is the kind of act. The busiest week, with {week.max()} events, ends on "
        f"{day(week.idxmax().date())}."
    )


def _by_month(frame: pd.DataFrame) -> pd.DataFrame:
    table = pd.crosstab(frame["date"].dt.strftime("%Y-%m"), frame["side"])
    table = table.reindex(columns=overview.SIDES, fill_value=0).reset_index()
    return table.assign(month=table["date"].map(period))


register(
    "timeline-overview",
    overview.timeline,
    _claim,
    _alt,
    subtitle=lambda f: (
        f"Events by the side that acted and by kind, {period(f['date'].min().strftime('%Y-%m'))} to "
        f"{period(f['date'].max().strftime('%Y-%m'))}"
    ),
    rows=_by_month,
    calculated=True,
)

register("evidence-reach", overview.reach, "The evidence of each topic ends on its own day", calculated=True)
