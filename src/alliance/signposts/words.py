"""Exhibits of what to watch: dates ahead, levels, and what came of those that earlier editions listed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from alliance.signposts import numbers as measures
from explainer.exhibits.columns import SOURCES, date, right, texts
from explainer.exhibits.kit import Column, register
from explainer.text import wording as facts

NEAR_DAYS = 365


def _some(which: Any) -> str:
    """Say how many of all rows are meant, to begin a title."""
    return facts.capital(f"{facts.in_words(int(which.sum()))} of {facts.in_words(len(which))}")


register(
    "signposts",
    data=measures.signposts,
    row_id="calendar_id",
    claim=lambda f: f"{_some(f['days_ahead'] <= NEAR_DAYS)} dates ahead fall within a year of this edition",
    subtitle="Dates known by the edition's day that lie after it, and what each would mean",
    note="First listed: the first of this report's published editions whose day comes after the date was known.",
    columns=[
        date("when", "When"),
        *texts(what="What", why_it_matters="What it would mean"),
        date("first_listed", "First listed"),
        SOURCES,
    ],
)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _value(value: Any, period: str = "") -> str:
    """Write a number, perhaps with its period; words stay as they are."""
    if isinstance(value, str):
        return value
    text = facts.number(value, 0 if float(value).is_integer() and abs(value) > 10 else 1)
    return f"{text} ({facts.period(period)})" if period else text


def _threshold_rows(frame: pd.DataFrame) -> pd.DataFrame:
    level, latest = (list(map(_value, frame[name], frame[f"{name}_period"])) for name in ("level", "latest"))
    return frame.assign(level_text=level, latest_text=latest)


register(
    "thresholds",
    data=measures.thresholds,
    claim=lambda f: (
        f"{_some(f['crossed'] == 'yes')} watched levels {_were((f['crossed'] == 'yes').sum())} crossed by the newest "
        "figure"
    ),
    rows=_threshold_rows,
    row_id="series_id",
    subtitle="Series with a level that would mean something if crossed. A level with a date is the highest value "
    "before the newest one, or that of the same month a year before; one without a date is a goal, no change, or "
    "a fall by half",
    note=lambda f: (
        f"Series end on different days, from {facts.period(f['latest_period'].min())} to "
        f"{facts.period(f['latest_period'].max())}. A level crossed says that something changed, not why."
    ),
    columns=[
        *texts(what="Series", unit="Unit"),
        *right(level_text="Level", latest_text="Newest"),
        *texts(crossed="Crossed", meaning="If crossed"),
        date("first_listed", "First listed"),
        SOURCES,
    ],
)

RESULTS = {
    "came as dated": "Came as dated",
    "came later": "Came later",
    "settled before": "Settled before its day",
    "not found": "Day passed; nothing found",
    "crossed": "Crossed",
    "not crossed": "Not crossed",
    "no newer figure": "No newer figure",
}


def _outcome_rows(frame: pd.DataFrame) -> pd.DataFrame:
    details = [detail if isinstance(detail, str) else _value(*detail) for detail in frame["detail"]]
    return frame.assign(due=frame["due"].map(_value), detail=details, result=frame["result"].map(RESULTS))


def _outcomes_claim(frame: pd.DataFrame) -> str:
    dates, levels = frame[frame["kind"] == "date"], frame[frame["kind"] == "level"]
    kept, crossed = (dates["result"] == "came as dated").sum(), (levels["result"] == "crossed").sum()
    said = f"{crossed} of {len(levels)} listed levels {_were(crossed)} crossed since"
    if dates.empty:
        return said
    if len(dates) == 1:
        return f"The one listed date that is settled {'came' if kept else 'did not come'} as dated"
    return f"Of {len(dates)} listed dates that are settled, {kept} came as dated"


register(
    "outcomes",
    data=measures.outcomes,
    rows=_outcome_rows,
    row_id="id",
    claim=_outcomes_claim,
    subtitle="Dates and levels that earlier editions listed: what was due, and what came of it by this edition's day",
    note="A level is the one that the first edition held; values of later periods are held against it, and "
    "the one that went farthest is shown. Dates still ahead are not repeated here.",
    columns=[
        Column("what", "What was listed"),
        date("first_listed", "First listed"),
        *texts(due="Due, or level", result="Result", detail="What came"),
        SOURCES,
    ],
)
