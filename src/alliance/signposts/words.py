"""Exhibits of what to watch: dates ahead, levels, and what came of those that earlier editions listed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from alliance.signposts import numbers as measures
from explainer.exhibits.columns import SOURCES, date, texts
from explainer.exhibits.kit import Column, register
from explainer.text import wording as facts

NEAR_DAYS = 365


def _signposts_claim(frame: pd.DataFrame) -> str:
    near = int((frame["days_ahead"] <= NEAR_DAYS).sum())
    return f"{near} of {len(frame)} dates ahead fall within a year of this edition"


register(
    "signposts",
    data=measures.signposts,
    row_id="calendar_id",
    claim=_signposts_claim,
    subtitle="Dates known by the edition's day that lie after it, and what each would mean",
    note="First listed: the first of this report's published editions whose day comes after the date was known.",
    columns=[
        date("when", "When"),
        *texts(what="What", why_it_matters="What it would mean"),
        date("first_listed", "First listed"),
        SOURCES,
    ],
)


def _thresholds_claim(frame: pd.DataFrame) -> str:
    crossed = int((frame["crossed"] == "yes").sum())
    verb = "was" if crossed == 1 else "were"
    return f"{crossed} of {len(frame)} watched levels {verb} crossed by the newest figure"


def _ends(frame: pd.DataFrame) -> tuple[str, str]:
    return min(frame["latest_period"]), max(frame["latest_period"])


def _value(number: float, period: str = "") -> str:
    text = facts.number(number, 0 if float(number).is_integer() and abs(number) > 10 else 1)
    return f"{text} ({facts.period(period)})" if period else text


def _level(frame: pd.DataFrame, value: str, period: str) -> list[str]:
    return [_value(v, p) for v, p in zip(frame[value], frame[period], strict=True)]


def _threshold_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        level_text=_level(frame, "level", "level_period"), latest_text=_level(frame, "latest", "latest_period")
    )


register(
    "thresholds",
    data=measures.thresholds,
    claim=_thresholds_claim,
    rows=_threshold_rows,
    row_id="series_id",
    subtitle="Series with a level that would mean something if crossed. A level with a date is the highest value "
    "before the newest one, or that of the same month a year before; one without a date is a goal, no change, or "
    "a fall by half",
    note=lambda f: (
        f"Series end on different days, from {' to '.join(facts.period(p) for p in _ends(f))}. "
        "A level crossed says that something changed, not why."
    ),
    columns=[
        *texts(what="Series", unit="Unit"),
        Column("level_text", "Level", align="right"),
        Column("latest_text", "Newest", align="right"),
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
    def words(value: Any) -> str:
        return value if isinstance(value, str) else _value(*value)

    def level(value: Any) -> str:
        return value if isinstance(value, str) else _value(value)

    return frame.assign(
        due=frame["due"].map(level), detail=frame["detail"].map(words), result=frame["result"].map(RESULTS)
    )


def _outcomes_claim(frame: pd.DataFrame) -> str:
    dates, levels = frame[frame["kind"] == "date"], frame[frame["kind"] == "level"]
    kept, crossed = (dates["result"] == "came as dated").sum(), (levels["result"] == "crossed").sum()
    said = f"{crossed} of {len(levels)} listed levels {'was' if crossed == 1 else 'were'} crossed since"
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
