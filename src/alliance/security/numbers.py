"""Defence spending, activity around Taiwan, scrambles, exercises and people to be moved."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import PERCENT, observations, value

# --- Spending ---------------------------------------------------------------------------------------------

SIPRI_COUNTRIES = {"us": "United States", "tw": "Taiwan", "cn": "China", "jp": "Japan"}
"""Order in which the figure names them; SIPRI counts calendar years (fiscal for the United States)."""

JAPAN_RATIOS = (
    ("sipri-milex-gdpshare-jp", "SIPRI: military spending, GDP of 2025"),
    ("jp-security-spending-gdpshare-sameyear", "Government: first budget, GDP of fiscal 2025"),
    ("jp-security-spending-gdpshare", "Government: first budget, GDP of fiscal 2022"),
    ("jp-security-spending-gdpshare-supp", "Government: with extra budget, GDP of fiscal 2022"),
)
RATIO_YEAR = "2025"


def gdp_shares(evidence: Evidence) -> pd.DataFrame:
    """Return military spending as a share of GDP by SIPRI's one definition: country, year, share_pct."""
    parts = [
        observations(evidence, f"sipri-milex-gdpshare-{code}").assign(code=code.upper(), country=name)
        for code, name in SIPRI_COUNTRIES.items()
    ]
    frame = pd.concat(parts, ignore_index=True).rename(columns={"value": "share_pct", "source_id": "source_ids"})
    return frame.assign(year=frame["period"].astype(int))[["code", "country", "year", "share_pct", "source_ids"]]


def japan_ratios(evidence: Evidence) -> pd.DataFrame:
    """Return Japan's share of GDP in 2025 by each measure known by the day, smallest first."""
    parts = [observations(evidence, series).assign(measure=measure) for series, measure in JAPAN_RATIOS]
    frame = pd.concat(parts).rename(columns={"value": "share_pct", "source_id": "source_ids"})
    frame = frame.loc[frame["period"] == RATIO_YEAR, ["measure", "share_pct", "source_ids"]]
    return frame.sort_values("share_pct", kind="stable", ignore_index=True)


def spending_ratio(evidence: Evidence, first: str, second: str, year: str) -> float:
    """Return how many times the military spending of `first` is that of `second`, in current dollars (SIPRI)."""
    return value(evidence, f"sipri-milex-current-{first}", year) / value(
        evidence, f"sipri-milex-current-{second}", year
    )


# --- Activity around Taiwan -------------------------------------------------------------------------------

ACTIVITY = {
    "pla-aircraft-month-total": "All aircraft counted",
    "pla-medianline-month-total": "Crossed the median line or entered the zone",
}
ACTIVITY_COLUMNS = ["month", "measure", "sorties", "status", "reports", "days", "source_ids"]
LOWER_BOUND = "lower bound"


def taiwan_activity(evidence: Evidence) -> pd.DataFrame:
    """Return sorties a month by measure; months without a proven sum stay in, marked ``gap``.

    A month is a ``lower bound`` when its count is hedged as at least so many. Days with a report stand beside the
    days of the month, so that an incomplete month can be seen.
    """
    reports = observations(evidence, "pla-report-days").set_index("period")["value"]
    parts = []
    for series, measure in ACTIVITY.items():
        found = observations(evidence, series).set_index("period")
        if len(found):
            months = pd.period_range(found.index[0], found.index[-1], freq="M")
            frame = found.reindex(months.astype(str)).rename_axis("month").assign(measure=measure, reports=reports)
            counted = np.where(frame["hedge"] == "at least", LOWER_BOUND, "counted")
            status = np.where(frame["value"].isna(), "gap", counted)
            parts.append(frame.assign(status=status, days=months.days_in_month).reset_index())
    if not parts:
        return pd.DataFrame(columns=ACTIVITY_COLUMNS)
    frame = pd.concat(parts, ignore_index=True).rename(columns={"value": "sorties", "source_id": "source_ids"})
    return frame.fillna({"source_ids": ""})[ACTIVITY_COLUMNS]


def months_sum(evidence: Evidence, series_id: str, first: str, last: str) -> float:
    """Return the sum of a monthly series from `first` to `last`, both included; every month must be there."""
    found = observations(evidence, series_id)
    found = found[(found["period"] >= first) & (found["period"] <= last)]
    wanted = len(pd.period_range(first, last, freq="M"))
    if len(found) != wanted:
        raise ValueError(f"{series_id}: {len(found)} of {wanted} months from {first} to {last} are known")
    return float(found["value"].sum())


# --- Scrambles --------------------------------------------------------------------------------------------

SCRAMBLES = {
    "jp-scrambles-total": "All",
    "jp-scrambles-china": "Chinese aircraft",
    "jp-scrambles-russia": "Russian aircraft",
}
RUNNING_YEAR = ("jp-scrambles-fy2025-cumulative-total", "2025-12", 2025)


def scrambles(evidence: Evidence) -> pd.DataFrame:
    """Return scrambles by fiscal year and by whose aircraft; missing years stay in as gaps.

    Status: ``published``, ``computed`` (from a published change on a published year), ``nine months`` (April to
    December of the running year) or ``gap``.
    """
    parts = []
    for series, against in SCRAMBLES.items():
        found = observations(evidence, series).assign(fiscal_year=lambda f: f["period"].astype(int))
        if len(found):
            years = range(found["fiscal_year"].min(), found["fiscal_year"].max() + 1)
            frame = found.set_index("fiscal_year").reindex(years).reset_index()
            published = np.where(frame["derived"] == "yes", "computed", "published")
            parts.append(frame.assign(against=against, status=np.where(frame["value"].isna(), "gap", published)))
    series, period, year = RUNNING_YEAR
    running = observations(evidence, series)
    running = running[running["period"] == period].assign(fiscal_year=year, against="All", status="nine months")
    frame = pd.concat([part for part in (*parts, running) if len(part)], ignore_index=True)
    frame = frame.rename(columns={"value": "scrambles", "source_id": "source_ids"}).fillna({"source_ids": ""})
    return frame[["fiscal_year", "against", "scrambles", "status", "source_ids"]]


# --- Exercises --------------------------------------------------------------------------------------------

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


# --- People -----------------------------------------------------------------------------------------------


def evacuation(evidence: Evidence) -> pd.DataFrame:
    """Return who would have to be moved, the newest number known, its day and its basis."""
    rows = []
    for line in evidence.evacuation.itertuples():
        found = observations(evidence, line.series_id)
        if len(found):
            newest = found.iloc[-1]
            rows.append((line.who, newest["value"], newest["period"][:4], line.basis, newest["source_id"]))
    return pd.DataFrame(rows, columns=["who", "number", "as_of", "basis", "source_ids"])


def days_needed(evidence: Evidence) -> float:
    """Return people to be moved from Sakishima over the daily capacity: days if nothing goes wrong."""
    period = "2025-03-27"
    people = value(evidence, "sakishima-evacuation-persons-total", period)
    return people / value(evidence, "sakishima-evacuation-capacity", period)


def change_between(evidence: Evidence, series_id: str, old: tuple[str, str], new: tuple[str, str]) -> float:
    """Return the change in per cent of a monthly sum between two spans of months."""
    before, after = months_sum(evidence, series_id, *old), months_sum(evidence, series_id, *new)
    return (after - before) / before * PERCENT
