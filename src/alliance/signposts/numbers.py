"""What to watch: dated signposts and levels, the edition that first listed each, and what came of those."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import cited, observations
from explainer.project import PROJECT
from explainer.text.wording import short

EDITION_DAYS = sorted({str(edition["as_of"]) for edition in PROJECT.told["editions"].values()})


def signposts(evidence: Evidence, days: Sequence[str] = EDITION_DAYS) -> pd.DataFrame:
    """Return the dated signposts that lie ahead of the edition, and the edition that first listed each.

    A signpost is dated by the end of its month or year where no day is known, so that it stays listed until
    then. One that an event has settled before its date is no longer ahead.
    """
    frame, today = _calendar(evidence), str(evidence.as_of)
    frame = frame[(frame["until"] > today) & (frame["settled"] == "")].sort_values(["until", "date"], ignore_index=True)
    frame = frame.assign(
        when=frame["date"].map(short),
        first_listed=[short(next((d for d in days if known <= d <= today), today)) for known in frame["known"]],
        days_ahead=(pd.to_datetime(frame["until"]) - pd.Timestamp(today)).dt.days,
    )
    return frame[["calendar_id", "when", "days_ahead", "what", "why_it_matters", "first_listed", "source_ids"]]


def signposts_due(evidence: Evidence, days: Sequence[str] = EDITION_DAYS) -> pd.DataFrame:
    """Return the dated signposts that an earlier edition listed as ahead and that have come by this edition's day.

    A signpost has come when its date has passed, or when the event that settles it is known.
    """
    frame, today = _calendar(evidence), str(evidence.as_of)
    ends = [min(u, s or u) for u, s in zip(frame["until"], frame["settled"], strict=True)]
    earlier = [day for day in days if day < today]
    listed = [next((d for d in earlier if k <= d < e), "") for k, e in zip(frame["known"], ends, strict=True)]
    frame = frame.assign(listed=listed)
    come = (frame["until"] <= today) | (frame["settled"] != "")
    return frame[come & (frame["listed"] != "")].sort_values(["until", "date"], ignore_index=True)


def _calendar(evidence: Evidence) -> pd.DataFrame:
    """Return the signposts with the last day of each, and the day on which what settles it was known; empty: open."""
    known, frame = evidence.events.set_index("event_id")["known"], evidence.calendar
    until = frame["date"].map(lambda period: str(pd.Period(period).end_time.date()))
    return frame.assign(until=until, settled=frame["outcome_event"].map(known).astype(object).fillna(""))


THRESHOLD_COLUMNS = [
    *("series_id", "what", "unit", "level", "level_period", "latest", "latest_period", "crossed", "meaning"),
    *("first_listed", "source_ids"),
]


def thresholds(evidence: Evidence, days: Sequence[str] = EDITION_DAYS) -> pd.DataFrame:
    """Return, for each watched series, the level, the newest value and whether the level is crossed.

    A new high shows as crossed. A series without a value to compare with is left out. `first_listed` is the day of
    the first published edition whose evidence could compare the series.
    """
    first = {series: day for series, (day, _) in _first_compared(evidence, days).items()}
    today = str(evidence.as_of)
    rows = [row | {"first_listed": short(first.get(row["series_id"], today))} for row in _compared(evidence)]
    return pd.DataFrame(rows, columns=THRESHOLD_COLUMNS)


def _first_compared(evidence: Evidence, days: Sequence[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return by series the first earlier edition that compared it, and how it stood there."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for day in (d for d in days if d < str(evidence.as_of)):
        for row in _compared(evidence.cut(day)):
            found.setdefault(row["series_id"], (day, row))
    return found


def _compared(evidence: Evidence) -> list[dict[str, Any]]:
    rows = (_threshold(evidence, watched) for watched in evidence.watch.itertuples())
    return [row for row in rows if row and row["level"] == row["level"]]


def _threshold(evidence: Evidence, watched: Any) -> dict[str, Any] | None:
    """Hold the newest value of a watched series (a row of ``watch``) against its level."""
    found = observations(evidence, watched.series_id)
    if found.empty or (watched.rule != "level" and len(found) < 2):
        return None
    newest, earlier = found.iloc[-1], found.iloc[:-1]
    level, period = watched.level, ""
    if watched.rule == "year before":
        level, period = _year_before(newest["period"], earlier)
    elif watched.rule == "peak":
        level, period = earlier.loc[earlier["value"].idxmax(), ["value", "period"]]
    return {
        **{key: getattr(watched, key) for key in ("series_id", "what", "unit", "meaning")},
        "level": float(level),
        "level_period": period,
        "latest": float(newest["value"]),
        "latest_period": newest["period"],
        "crossed": "yes" if _crosses(watched, newest["value"], level) else "no",
        "source_ids": cited(*found.loc[found["period"].isin([period, newest["period"]]), "source_id"]),
    }


def _crosses(watched: Any, number: float, level: float) -> bool:
    return number < level if watched.crossed_from == "above" else number > level


def _year_before(period: str, found: pd.DataFrame) -> tuple[float, str]:
    """Return the value of the same period a year before, not a number where there is none, and that period."""
    before = f"{int(period[:4]) - 1}{period[4:]}"
    return float(dict(zip(found["period"], found["value"], strict=True)).get(before, "nan")), before


OUTCOME_COLUMNS = ["id", "kind", "what", "first_listed", "due", "result", "detail", "source_ids"]


def outcomes(evidence: Evidence, days: Sequence[str] = EDITION_DAYS) -> pd.DataFrame:
    """Return what has become of the dates and levels that earlier editions listed.

    ``due`` is the date or the level then, ``detail`` the event or the newest value. Dates still ahead, without an event
    that settles them, stay out.
    """
    levels = [_level_outcome(evidence, old, day) for day, old in _first_compared(evidence, days).values()]
    return pd.DataFrame([*date_outcomes(evidence, days), *levels], columns=OUTCOME_COLUMNS)


def date_outcomes(evidence: Evidence, days: Sequence[str]) -> list[dict[str, str]]:
    """Hold each date that an earlier edition listed against the event that settled it."""
    events, rows = evidence.events.set_index("event_id"), []
    for due in signposts_due(evidence, days).itertuples():
        row = {"id": due.calendar_id, "kind": "date", "what": due.what, "first_listed": short(due.listed)}
        row |= {"due": short(due.date), "result": "not found", "detail": "", "source_ids": due.source_ids}
        if due.outcome_event in events.index:
            event = events.loc[due.outcome_event]
            result = "settled before" if event["date"] < due.date else "came later"
            if str(pd.Period(due.date).start_time.date()) <= event["date"] <= due.until:
                result = "came as dated"
            detail = f"{short(event['date'])}: {event['summary']}"
            row |= {"result": result, "detail": detail, "source_ids": event["source_ids"]}
        rows.append(row)
    return rows


def _level_outcome(evidence: Evidence, old: dict[str, Any], day: str) -> dict[str, Any]:
    """Hold the level that an edition watched against every value published since for a later period.

    Where the level is a peak, the highest value that the edition knew stands for it. What came is the highest value
    since (the lowest, where the level lies below; the newest, where each month has a level of its own).
    """
    watched = next(w for w in evidence.watch.itertuples() if w.series_id == old["series_id"])
    found, yearly = observations(evidence, watched.series_id), watched.rule == "year before"
    later = found[found["start"] > found.loc[found["period"] == old["latest_period"], "start"].max()]
    level = max(old["level"], old["latest"]) if watched.rule == "peak" else old["level"]
    due = "the same month a year before" if yearly else level
    row = {"id": watched.series_id, "kind": "level", "what": watched.what, "first_listed": short(day), "due": due}
    if later.empty:
        return row | {"result": "no newer figure", "detail": "", "source_ids": old["source_ids"]}
    marks = [_year_before(period, found)[0] if yearly else level for period in later["period"]]
    crossed = any(m == m and _crosses(watched, v, m) for v, m in zip(later["value"], marks, strict=True))
    values = later["value"].to_numpy()
    came = later.iloc[values.argmin() if watched.crossed_from == "above" else -1 if yearly else values.argmax()]
    detail = (float(came["value"]), came["period"])
    return row | {"result": "crossed" if crossed else "not crossed", "detail": detail, "source_ids": came["source_id"]}
