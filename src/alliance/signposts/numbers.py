"""What to watch: dated signposts and levels, the edition that first listed each, and what came of those."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import observations
from explainer.project import EDITIONS


def edition_days(path: Path = EDITIONS) -> list[str]:
    """Return the days of the published editions, oldest first."""
    editions = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    return sorted({str(entry["as_of"]) for entry in editions.values() if isinstance(entry, dict) and "as_of" in entry})


def signposts(evidence: Evidence, days: list[str] | None = None) -> pd.DataFrame:
    """Return the dated signposts that lie ahead of the edition, and the edition that first listed each.

    A signpost is dated by the end of its month or year where no day is known, so that it stays listed until
    then. One that an event has settled before its date is no longer ahead.
    """
    frame = evidence.calendar.assign(until=evidence.calendar["date"].map(_period_end))
    ahead = (frame["until"] > evidence.as_of.isoformat()) & (_settled(evidence, frame) == "")
    frame = frame[ahead].sort_values(["until", "date"])
    days = edition_days() if days is None else days
    first = [_first_listed(known, evidence.as_of.isoformat(), days) for known in frame["known"]]
    days_ahead = (pd.to_datetime(frame["until"]) - pd.Timestamp(evidence.as_of)).dt.days
    return frame.assign(when=frame["date"].map(_when), first_listed=first, days_ahead=days_ahead)[
        ["calendar_id", "when", "days_ahead", "what", "why_it_matters", "first_listed", "source_ids"]
    ].reset_index(drop=True)


def signposts_due(evidence: Evidence, days: list[str] | None = None) -> pd.DataFrame:
    """Return the dated signposts that an earlier edition listed as ahead and that have come by this edition's day.

    A signpost has come when its date has passed, or when the event that settles it is known.
    """
    frame = evidence.calendar.assign(until=evidence.calendar["date"].map(_period_end))
    today = evidence.as_of.isoformat()
    earlier = [d for d in (edition_days() if days is None else days) if d < today]
    settled = _settled(evidence, frame)
    ends = [min(u, s or u) for u, s in zip(frame["until"], settled, strict=True)]
    listed = [next((d for d in earlier if k <= d < e), "") for k, e in zip(frame["known"], ends, strict=True)]
    frame = frame.assign(listed=listed)
    come = (frame["until"] <= today) | (settled != "")
    return frame[come & (frame["listed"] != "")].sort_values(["until", "date"], ignore_index=True)


def _settled(evidence: Evidence, frame: pd.DataFrame) -> pd.Series:
    """Return the day on which the event that settles each signpost was known; empty while open."""
    known = dict(zip(evidence.events["event_id"], evidence.events["known"], strict=True))
    return frame["outcome_event"].map(lambda event: known.get(event, "")).astype(object)


def _period_end(period: str) -> str:
    return str(pd.Period(period).end_time.date())


def _when(period: str) -> str:
    if len(period) == 4:
        return period
    stamp = pd.Timestamp(period)
    return f"{stamp:%b %Y}" if len(period) == 7 else f"{stamp.day} {stamp:%b %Y}"


def _first_listed(known: str, as_of: str, days: list[str]) -> str:
    return _when(next((d for d in days if known <= d <= as_of), as_of))


@dataclass(frozen=True)
class Threshold:
    """A level of a series that would mean something if it were crossed from below, or from above (`downward`).

    The level is the series' highest value before the newest one, unless it is given as a number or is the value of
    the same period a year before (`year_earlier`).
    """

    series_id: str
    what: str
    unit: str
    meaning: str
    level: float | None = None
    year_earlier: bool = False
    downward: bool = False

    def crosses(self, number: float, level: float) -> bool:
        """Tell whether a value lies beyond the level."""
        return number < level if self.downward else number > level


THRESHOLDS = (
    Threshold(
        "pla-aircraft-month-total",
        "PLA aircraft around Taiwan in a month",
        "sorties",
        "More flights in a month than in any other since this count began",
    ),
    Threshold(
        "pla-aircraft-peak-day",
        "PLA aircraft around Taiwan in a day",
        "sorties",
        "A larger exercise than any counted here",
    ),
    Threshold(
        "jp-scrambles-total",
        "Japan's scrambles in a fiscal year",
        "scrambles",
        "More than in the year with most scrambles known here",
    ),
    Threshold(
        "senkaku-contiguous-days",
        "Chinese government ships near the Senkaku/Diaoyu Islands in a year",
        "days",
        "A new yearly high; the ceiling is 365",
    ),
    Threshold(
        "jp-security-spending-gdpshare-supp",
        "Japan's security spending, government ratio, extra budget counted",
        "% of fiscal 2022 GDP",
        "Spending beyond the goal set in 2022",
        2.0,
    ),
    Threshold(
        "vis_cn_m",
        "Visitors from mainland China in a month, against the year before",
        "persons",
        "The fall in travel that followed China's advice would be over",
        year_earlier=True,
    ),
    Threshold(
        "exp_yoy_cn_m",
        "Japan's exports to mainland China in a month, change on a year earlier",
        "%",
        "Trade in goods would have begun to fall; the default scenario of this report counts no fall",
        0.0,
        downward=True,
    ),
    Threshold(
        "re_import_cn_yoy_m",
        "Japan's rare earth imports from China in a month, change on a year earlier",
        "%",
        "A stop would show in trade; the default scenario of this report counts three months of it",
        -50.0,
        downward=True,
    ),
)
THRESHOLD_COLUMNS = [
    "series_id",
    "what",
    "unit",
    "level",
    "level_period",
    "latest",
    "latest_period",
    "crossed",
    "meaning",
    "first_listed",
    "source_ids",
]


def thresholds(evidence: Evidence, days: list[str] | None = None) -> pd.DataFrame:
    """Return, for each watched series, the level, the newest value and whether the level is crossed.

    A new high shows as crossed. A series without a value to compare with is left out. `first_listed` is the day of
    the first published edition whose evidence could compare the series.
    """
    today, days = evidence.as_of.isoformat(), edition_days() if days is None else days
    first: dict[str, str] = {}
    for day in (d for d in days if d < today):
        for row in _compared(evidence.cut(day)):
            first.setdefault(str(row["series_id"]), day)
    rows = [{**row, "first_listed": _when(first.get(str(row["series_id"]), today))} for row in _compared(evidence)]
    return pd.DataFrame(rows, columns=THRESHOLD_COLUMNS)


def _compared(evidence: Evidence) -> list[dict[str, object]]:
    rows = (_threshold(evidence, t) for t in THRESHOLDS)
    return [row for row in rows if row and row["level"] == row["level"]]


def _threshold(evidence: Evidence, watched: Threshold) -> dict[str, object] | None:
    found = observations(evidence, watched.series_id)
    if found.empty or (watched.level is None and len(found) < 2):
        return None
    newest = found.iloc[-1]
    level, period = _level(watched, found)
    sources = dict.fromkeys(found.loc[found["period"].isin([period, newest["period"]]), "source_id"])
    return {
        "series_id": watched.series_id,
        "what": watched.what,
        "unit": watched.unit,
        "level": level,
        "level_period": period,
        "latest": float(newest["value"]),
        "latest_period": newest["period"],
        "crossed": "yes" if watched.crosses(newest["value"], level) else "no",
        "meaning": watched.meaning,
        "source_ids": ";".join(sources),
    }


def _level(watched: Threshold, found: pd.DataFrame) -> tuple[float, str]:
    newest, earlier = found.iloc[-1], found.iloc[:-1]
    if watched.level is not None:
        return watched.level, ""
    if watched.year_earlier:
        before = f"{int(newest['period'][:4]) - 1}{newest['period'][4:]}"
        same = earlier.loc[earlier["period"] == before, "value"]
        return (float(same.iloc[0]) if len(same) else float("nan")), before
    peak = earlier.loc[earlier["value"].idxmax()]
    return float(peak["value"]), peak["period"]


# --- What came of it --------------------------------------------------------------------------------------

OUTCOME_COLUMNS = ["id", "kind", "what", "first_listed", "due", "result", "detail", "source_ids"]


def outcomes(evidence: Evidence, days: list[str] | None = None) -> pd.DataFrame:
    """Return what has become of the dates and levels that earlier editions listed.

    Returns
    -------
    DataFrame
        Columns id, kind ("date" or "level"), what, first_listed, due (the date, or the level then), result, detail
        (the event, or the newest value), source_ids. Dates still ahead, without an event that settles them, stay out.
    """
    days = edition_days() if days is None else days
    return pd.DataFrame([*date_outcomes(evidence, days), *level_outcomes(evidence, days)], columns=OUTCOME_COLUMNS)


def date_outcomes(evidence: Evidence, days: list[str]) -> list[dict[str, str]]:
    """Return what has become of the dates that earlier editions listed."""
    events = evidence.events.set_index("event_id")
    return [_date_outcome(row, events) for row in signposts_due(evidence, days).to_dict("records")]


def level_outcomes(evidence: Evidence, days: list[str]) -> list[dict[str, object]]:
    """Return what has become of the levels, each as the first edition held it."""
    rows: dict[str, dict[str, object]] = {}
    for day in (d for d in days if d < evidence.as_of.isoformat()):
        for old in _compared(evidence.cut(day)):
            if old["series_id"] not in rows:
                rows[str(old["series_id"])] = _level_outcome(evidence, old, day)
    return list(rows.values())


def _date_outcome(row: dict[str, str], events: pd.DataFrame) -> dict[str, str]:
    """Hold a date that was listed against the event that settled it."""
    common = {"id": row["calendar_id"], "kind": "date", "what": row["what"], "first_listed": _when(row["listed"]),
              "due": _when(row["date"])}  # fmt: skip
    if row["outcome_event"] not in events.index:
        return {**common, "result": "not found", "detail": "", "source_ids": row["source_ids"]}
    event = events.loc[row["outcome_event"]]
    result = "settled before" if event["date"] < row["date"] else "came later"
    if str(pd.Period(row["date"]).start_time.date()) <= event["date"] <= row["until"]:
        result = "came as dated"
    return {**common, "result": result, "detail": f"{_when(event['date'])}: {event['summary']}",
            "source_ids": event["source_ids"]}  # fmt: skip


def _level_outcome(evidence: Evidence, old: dict[str, object], day: str) -> dict[str, object]:
    """Hold the level that an edition watched against every value published since for a later period.

    Where the level is a peak, the highest value that the edition knew stands for it. What came is the highest value
    since (the lowest, where the level lies below; the newest, where each month has a level of its own).
    """
    watched = next(t for t in THRESHOLDS if t.series_id == old["series_id"])
    found = observations(evidence, watched.series_id)
    later = found[found["start"] > found.loc[found["period"] == old["latest_period"], "start"].max()]
    fixed = watched.level is not None or watched.year_earlier
    level = old["level"] if fixed else max(old["level"], old["latest"])
    common = {"id": watched.series_id, "kind": "level", "what": watched.what, "first_listed": _when(day),
              "due": "the same month a year before" if watched.year_earlier else level,
              "source_ids": ";".join(dict.fromkeys(later["source_id"]))}  # fmt: skip
    if later.empty:
        return {**common, "result": "no newer figure", "detail": "", "source_ids": old["source_ids"]}
    marks = [_mark(watched, row, found, level) for row in later.to_dict("records")]
    crossed = any(m == m and watched.crosses(v, m) for v, m in zip(later["value"], marks, strict=True))
    place = len(later) - 1 if watched.year_earlier else later["value"].to_numpy().argmax()
    row = later.iloc[later["value"].to_numpy().argmin() if watched.downward else place]
    return {**common, "result": "crossed" if crossed else "not crossed", "detail": (row["value"], row["period"]),
            "source_ids": row["source_id"]}  # fmt: skip


def _mark(watched: Threshold, row: dict[str, object], found: pd.DataFrame, level: float) -> float:
    """Return the level that one later value is held against."""
    if not watched.year_earlier:
        return level
    before = f"{int(str(row['period'])[:4]) - 1}{str(row['period'])[4:]}"
    same = found.loc[found["period"] == before, "value"]
    return float(same.iloc[0]) if len(same) else float("nan")
