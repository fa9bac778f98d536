"""Defence spending, activity around Taiwan, scrambles, exercises and people to be moved."""

import numpy as np
import pandas as pd

from alliance.drawn import drawn
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import change_pct, observations, value

RATIO_YEAR = "2025"


def gdp_shares(evidence: Evidence) -> pd.DataFrame:
    """Return military spending as a share of GDP by SIPRI's one definition: country, year, share_pct."""
    frame = drawn(evidence, "defence-spending").rename(columns={"value": "share_pct", "label": "country"})
    frame = frame.assign(code=frame["series_id"].str[-2:].str.upper(), year=frame["period"].astype(int))
    return frame[["code", "country", "year", "share_pct", "source_ids"]]


def japan_ratios(evidence: Evidence) -> pd.DataFrame:
    """Return Japan's share of GDP in 2025 by each measure known by the day, smallest first."""
    frame = drawn(evidence, "defence-measures").rename(columns={"value": "share_pct", "label": "measure"})
    frame = frame.loc[frame["period"] == RATIO_YEAR, ["measure", "share_pct", "source_ids"]]
    return frame.sort_values("share_pct", kind="stable", ignore_index=True)


def spending_ratio(evidence: Evidence, first: str, second: str, year: str) -> float:
    """Return how many times the military spending of `first` is that of `second`, in current dollars (SIPRI)."""
    a, b = (value(evidence, f"sipri-milex-current-{code}", year) for code in (first, second))
    return a / b


ACTIVITY_COLUMNS = ["month", "measure", "sorties", "status", "reports", "days", "source_ids"]
LOWER_BOUND = "lower bound"


def _with_gaps(evidence: Evidence, exhibit: str, freq: str) -> pd.DataFrame:
    """Return the series of an exhibit, each from its first period to its last; what is not known stays in as a gap."""
    found = drawn(evidence, exhibit)
    parts = [
        own.set_index("period").reindex(pd.period_range(*own["period"].iloc[[0, -1]], freq=freq).astype(str))
        for _, own in found.groupby("label", sort=False)
    ]
    if not parts:
        return found
    frame = pd.concat(parts).rename_axis("period").reset_index()
    return frame.assign(label=frame["label"].ffill()).fillna({"source_ids": ""})


def taiwan_activity(evidence: Evidence) -> pd.DataFrame:
    """Return sorties a month by measure; months without a proven sum stay in, marked ``gap``.

    A month is a ``lower bound`` when its count is hedged as at least so many. Days with a report stand beside the
    days of the month, so that an incomplete month can be seen.
    """
    frame = _with_gaps(evidence, "taiwan-activity", "M")
    conditions = [frame["value"].isna(), frame["hedge"] == "at least"]
    frame = frame.assign(
        status=np.select(conditions, ["gap", LOWER_BOUND], "counted"),
        reports=frame["period"].map(observations(evidence, "pla-report-days").set_index("period")["value"]),
        days=pd.PeriodIndex(frame["period"], freq="M").days_in_month,
    )
    return frame.rename(columns={"period": "month", "label": "measure", "value": "sorties"})[ACTIVITY_COLUMNS]


def months_sum(evidence: Evidence, series_id: str, first: str, last: str) -> float:
    """Return the sum of a monthly series from `first` to `last`, both included; every month must be there."""
    found = observations(evidence, series_id)
    found = found[(found["period"] >= first) & (found["period"] <= last)]
    wanted = len(pd.period_range(first, last, freq="M"))
    if len(found) != wanted:
        raise ValueError(f"{series_id}: {len(found)} of {wanted} months from {first} to {last} are known")
    return float(found["value"].sum())


RUNNING_YEAR = ("jp-scrambles-fy2025-cumulative-total", "2025-12", 2025)


def scrambles(evidence: Evidence) -> pd.DataFrame:
    """Return scrambles by fiscal year and by whose aircraft; missing years stay in as gaps.

    Status: ``published``, ``computed`` (from a published change on a published year), ``nine months`` (April to
    December of the running year) or ``gap``.
    """
    frame = _with_gaps(evidence, "scrambles", "Y")
    status = np.select([frame["value"].isna(), frame["derived"] == "yes"], ["gap", "computed"], "published")
    frame = frame.assign(fiscal_year=frame["period"].astype(int), status=status)
    series, period, year = RUNNING_YEAR
    running = observations(evidence, series).rename(columns={"source_id": "source_ids"})
    running = running[running["period"] == period].assign(fiscal_year=year, label="All", status="nine months")
    frame = pd.concat([part for part in (frame, running) if len(part)], ignore_index=True)
    frame = frame.rename(columns={"label": "against", "value": "scrambles"})
    return frame[["fiscal_year", "against", "scrambles", "status", "source_ids"]]


NOT_AROUND_TAIWAN = ("incident", "joint exercise with a third country")


def exercises(evidence: Evidence) -> pd.DataFrame:
    """Return large activities around Taiwan in order of time, with the busiest day that Taiwan reported."""
    frame = evidence.exercises[~evidence.exercises["kind"].isin(NOT_AROUND_TAIWAN)]
    frame = frame.sort_values("start_date").assign(
        days=[_day_span(a, b) for a, b in zip(frame["start_date"], frame["end_date"], strict=True)],
        announced=frame["kind"].map(lambda k: "no" if k.startswith("surge") else "yes"),
    )
    frame = frame.rename(columns={"aircraft_peak_day": "aircraft", "navy_vessels_peak_day": "vessels"})
    columns = ["exercise_id", "name", "days", "announced", "aircraft", "vessels", "live_fire", "context", "source_ids"]
    return frame[columns].reset_index(drop=True)


def _day_span(first: str, last: str) -> str:
    a, b = pd.Timestamp(first), pd.Timestamp(last or first)
    if a == b:
        return f"{a.day} {a:%b %Y}"
    return f"{a.day} {a:%b}–{b.day} {b:%b %Y}" if a.month != b.month else f"{a.day}–{b.day} {b:%b %Y}"


def aircraft_peak(evidence: Evidence, exercise_id: str) -> float:
    """Return the aircraft that Taiwan counted on the busiest day of one exercise."""
    return float(evidence.row(exercise_id)["aircraft_peak_day"])


def evacuation(evidence: Evidence) -> pd.DataFrame:
    """Return who would have to be moved, the newest number known, its day and its basis."""
    rows = [
        (line.who, newest.value, newest.period[:4], line.basis, newest.source_id)
        for line in evidence.evacuation.itertuples()
        for newest in observations(evidence, line.series_id).tail(1).itertuples()
    ]
    return pd.DataFrame(rows, columns=["who", "number", "as_of", "basis", "source_ids"])


def days_needed(evidence: Evidence) -> float:
    """Return people to be moved from Sakishima over the daily capacity: days if nothing goes wrong."""
    period = "2025-03-27"
    people = value(evidence, "sakishima-evacuation-persons-total", period)
    return people / value(evidence, "sakishima-evacuation-capacity", period)


def change_between(evidence: Evidence, series_id: str, old: tuple[str, str], new: tuple[str, str]) -> float:
    """Return the change in per cent of a monthly sum between two spans of months."""
    return change_pct(months_sum(evidence, series_id, *new), months_sum(evidence, series_id, *old))
