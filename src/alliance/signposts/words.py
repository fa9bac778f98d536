"""Exhibits of what to watch: dates ahead, levels, and what came of those that earlier editions listed."""

from typing import Any

import pandas as pd

from alliance.signposts import numbers as measures
from explainer.exhibits.kit import register
from explainer.text import wording as facts

NEAR_DAYS = 365


def _some(which: pd.Series) -> str:
    """Say how many of all rows are meant, to begin a title."""
    return facts.capital(facts.out_of(int(which.sum()), len(which)))


register(
    "signposts",
    measures.signposts,
    lambda f: f"{_some(f['days_ahead'] <= NEAR_DAYS)} dates ahead fall within a year of this edition",
    row_id="calendar_id",
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
    measures.thresholds,
    lambda f: (
        f"{_some(f['crossed'] == 'yes')} watched levels {_were((f['crossed'] == 'yes').sum())} "
        "crossed by the newest figure"
    ),
    rows=_threshold_rows,
    row_id="series_id",
    note=lambda f: (
        f"Series end on different days, from {facts.period(f['latest_period'].min())} to "
        f"{facts.period(f['latest_period'].max())}."
    ),
)


def _outcome_rows(frame: pd.DataFrame) -> pd.DataFrame:
    details = [detail if isinstance(detail, str) else _value(*detail) for detail in frame["detail"]]
    return frame.assign(due=frame["due"].map(_value), detail=details)


def _outcomes_claim(frame: pd.DataFrame) -> str:
    dates, levels = frame[frame["kind"] == "date"], frame[frame["kind"] == "level"]
    kept, crossed = (dates["result"] == "came as dated").sum(), (levels["result"] == "crossed").sum()
    said = f"{crossed} of {len(levels)} listed levels {_were(crossed)} crossed since"
    if dates.empty:
        return said
    if len(dates) == 1:
        return f"The one listed date that is settled {'came' if kept else 'did not come'} as dated"
    return f"Of {len(dates)} listed dates that are settled, {kept} came as dated"


register("outcomes", measures.outcomes, _outcomes_claim, rows=_outcome_rows, row_id="id")
