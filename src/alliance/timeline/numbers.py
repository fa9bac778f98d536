"""The story at a glance: every event by side and kind, the named ones, and how far each topic reaches."""

from typing import NamedTuple

import pandas as pd

from alliance.palette import ANSWER, EIGHT_WEEKS
from explainer.evidence.asof import period_start
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import codes

SIDES = ("JP", "CN", "US", "TW", "OTHER")
"""Lanes of the overview, in the order of the chapters' own telling."""


def timeline(evidence: Evidence) -> pd.DataFrame:
    """List every event that has an actor, in order of days, with the side that acted first."""
    sides = dict(zip(evidence.actors["actor"], evidence.actors["side"], strict=True))
    frame = evidence.events[evidence.events["actor"] != ""]
    first = frame["actor"].map(lambda codes: sides[list_items(codes)[0]])
    ready = frame.assign(side=first.where(first.isin(SIDES), "OTHER"), date=pd.to_datetime(frame["date"]))
    columns = ["event_id", "date", "side", "category", "label", "source_ids", "known"]
    return ready[columns].reset_index(drop=True)


class Acts(NamedTuple):
    """One side's events: in all, after the answer of 7 November 2025, and in the eight weeks after it."""

    total: int
    after: int
    within: int


def acts_of(frame: pd.DataFrame, side: str) -> Acts:
    """Count one side's events of the overview before and after the answer of 7 November 2025."""
    days = frame.loc[frame["side"] == side, "date"]
    start = ANSWER
    return Acts(len(days), int((days > start).sum()), int(days.between(start, start + EIGHT_WEEKS).sum()))


def reach(evidence: Evidence) -> pd.DataFrame:
    """Say where the evidence of each topic ends; a period ahead of the edition's day does not count."""
    rows, values = [], evidence.observations
    for where, topic in codes(evidence, "reach").items():
        known = where in ("events", "statements")
        days = evidence.table(where)["date"] if known else values.loc[values["series_id"].str.contains(where), "period"]
        past = days[days.map(period_start) <= evidence.as_of.isoformat()]
        if len(past):
            rows.append((topic, past.max(), len(past)))
    return pd.DataFrame(rows, columns=["topic", "last", "rows"])
