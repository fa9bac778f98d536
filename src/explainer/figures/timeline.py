"""Exhibits of the first chapter: the story in one picture, its named events, how far the evidence reaches."""

from __future__ import annotations

import pandas as pd

from explainer.charts.timeline import draw_timeline_overview
from explainer.facts import day, number, period
from explainer.figures.core import Column, Exhibit, register
from explainer.measures import overview

NAMES = {"JP": "Japan", "CN": "China", "US": "the United States", "TW": "Taiwan", "OTHER": "others"}


def _claim(frame: pd.DataFrame) -> str:
    if frame["date"].max() < pd.Timestamp(overview.ANSWER) + overview.EIGHT_WEEKS:
        return "China's steps follow the answer of 7 November"
    share = overview.share_within_eight_weeks_pct(frame)
    return f"{number(share)}% of China's steps came within eight weeks of the answer of 7 November"


def _alt(frame: pd.DataFrame) -> str:
    counts = frame["side"].value_counts()
    parts = ", ".join(f"{NAMES[side]} {counts[side]}" for side in overview.SIDES if side in counts)
    first, last = (day(d.date()) for d in (frame["date"].min(), frame["date"].max()))
    week = frame.groupby(pd.Grouper(key="date", freq="W")).size()
    return (
        f"Timeline of {len(frame)} events from {first} to {last}, one mark an event, in lanes by the side that acted "
        f"({parts}); the shape of a mark is the kind of act. The busiest week, with {week.max()} events, ends on "
        f"{day(week.idxmax().date())}."
    )


register(
    Exhibit(
        id="timeline-overview",
        kind="figure",
        data=overview.timeline,
        draw=draw_timeline_overview,
        claim=_claim,
        subtitle=lambda f: f"Events by the side that acted and by kind, {period(f['date'].min().strftime('%Y-%m'))} to "
        f"{period(f['date'].max().strftime('%Y-%m'))}",
        note="Marks of the same six days are stacked. The count follows from what was read: an event that no "
        "source told is missing, and a mark says nothing of an event's weight.",
        alt=_alt,
        columns=[
            Column("month", "Month"),
            *[Column(side, NAMES[side].removeprefix("the ").capitalize() if side == "OTHER" else
                     NAMES[side].removeprefix("the "), kind="number", align="right", format="{:.0f}")
              for side in overview.SIDES],
        ],
        rows=lambda f: _by_month(f),
        calculated=True,
    )
)  # fmt: skip


def _by_month(frame: pd.DataFrame) -> pd.DataFrame:
    months = frame["date"].dt.strftime("%Y-%m")
    table = pd.crosstab(months, frame["side"]).reindex(columns=overview.SIDES, fill_value=0)
    return table.rename_axis("key").reset_index().assign(month=lambda t: t["key"].map(period))


register(
    Exhibit(
        id="key-events",
        kind="table",
        data=overview.key_events,
        claim=lambda f: f"{len(f)} events carry the story",
        subtitle="Local days; how sure each is, and where it stands",
        note="Chosen by the editors; chapter 3 lists every event.",
        columns=[
            Column("date", "Day", kind="date", format=lambda text: day(text)),
            Column("actor", "Who"),
            Column("summary", "What happened"),
            Column("label", "How sure", kind="label"),
            Column("source_ids", "Sources", kind="sources"),
        ],
        row_id="event_id",
        meta=("category",),
    )
)

register(
    Exhibit(
        id="evidence-reach",
        kind="table",
        data=overview.reach,
        claim="The evidence of each topic ends on its own day",
        subtitle="Last day, month or year of each topic in this edition, and the rows behind it",
        columns=[
            Column("topic", "Topic"),
            Column("last", "Reaches", kind="date", format=lambda text: period(text)),
            Column("rows", "Rows", kind="number", align="right", format="{:,}"),
        ],
        calculated=True,
    )
)
