"""Intensity of events over time: CAMEO codes weighed on the Goldstein scale, and checks without weights."""

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import cited, codes


def coded_events(evidence: Evidence) -> pd.DataFrame:
    """Return all coded events between two sides, one row an event: the columns of `events` and of `cameo`.

    An event is counted once, from its first actor's side to its first target's (``pair``); events within one side
    are left out. ``week`` is the Monday.
    """
    sides = evidence.actors.set_index("actor")["side"]
    codes = evidence.cameo.rename(columns={"label": "cameo_label"})
    events = evidence.events[evidence.events["cameo_code"] != ""].merge(codes, on="cameo_code")
    source, target = (events[who].str.split(";").str[0].map(sides).fillna("") for who in ("actor", "target"))
    week = pd.to_datetime(events["date"]).dt.to_period("W").dt.start_time
    between = (source != "") & (target != "") & (source != target)
    frame = events.assign(week=week, pair=source + "-" + target)[between]
    return frame.sort_values(["date", "event_id"], kind="stable", ignore_index=True)


WEEK_COLUMNS = ["pair", "pair_name", "week", "events", "goldstein_sum", "source_ids"]


def intensity_by_week(evidence: Evidence) -> pd.DataFrame:
    """Return sums of Goldstein values and counts of events by week and pair; empty weeks are not listed."""
    frame = _summed(evidence, coded_events(evidence), "week", source_ids=("source_ids", lambda lists: cited(*lists)))
    return frame.sort_values(["by", "week"], ignore_index=True)[WEEK_COLUMNS]


def _summed(evidence: Evidence, coded: pd.DataFrame, span: str, **further: tuple) -> pd.DataFrame:
    """Return counts, sums and `further` measures of the pairs shown by a span of time; `by` is the order of pairs."""
    pairs = codes(evidence, "pair")
    groups = coded[coded["pair"].isin(pairs)].groupby(["pair", span])
    sums = groups.agg(events=("event_id", "size"), goldstein_sum=("goldstein", "sum"), **further).reset_index()
    names, order = sums["pair"].map(pairs), sums["pair"].map(list(pairs).index)
    return sums.assign(goldstein_sum=sums["goldstein_sum"].round(1), pair_name=names, by=order)


def phase_weeks(evidence: Evidence) -> dict[str, float]:
    """Return the length of each phase in weeks, the last one up to the day of the evidence."""
    phases, as_of = codes(evidence, "phase"), evidence.as_of.isoformat()
    spans = zip(phases.items(), [*list(phases)[1:], as_of], strict=True)
    days = {name: (pd.Timestamp(min(end, as_of)) - pd.Timestamp(first)).days for (first, name), end in spans}
    return {name: max(count, 1) / 7 for name, count in days.items()}


SENSITIVITY_COLUMNS = [
    *("pair", "pair_name", "phase", "events", "events_per_week", "goldstein_sum", "goldstein_mean"),
    *("conflict", "material_gdelt", "material_other"),
]


def intensity_sensitivity(evidence: Evidence) -> pd.DataFrame:
    """Return weighed and unweighed measures side by side, by pair and phase.

    ``conflict`` counts events with a negative value; the last two columns count material conflict under
    each convention.
    """
    coded, phases = coded_events(evidence), codes(evidence, "phase")
    coded = coded[coded["date"] >= min(phases)]
    frame = _summed(
        evidence,
        coded.assign(phase=[phases[max(first for first in phases if first <= day)] for day in coded["date"]]),
        "phase",
        goldstein_mean=("goldstein", "mean"),
        conflict=("goldstein", lambda v: int((v < 0).sum())),
        material_gdelt=("quad", lambda v: int((v == "material conflict").sum())),
        material_other=("quad_other", lambda v: int((v == "material conflict").sum())),
    )
    weeks = phase_weeks(evidence)
    frame["events_per_week"] = (frame["events"] / frame["phase"].map(weeks)).round(1)
    frame = frame.round({"goldstein_mean": 2}).assign(then=frame["phase"].map(list(weeks).index))
    return frame.sort_values(["by", "then"], ignore_index=True)[SENSITIVITY_COLUMNS]


def goldstein_value(evidence: Evidence, code: str) -> float:
    """Return the Goldstein value of a CAMEO code."""
    return float(evidence.cameo.set_index("cameo_code")["goldstein"][code])


def week_sum(evidence: Evidence, pair: str, monday: str, column: str = "goldstein_sum") -> float:
    """Return the weekly sum (or, with `column` "events", the count) of one pair."""
    frame = intensity_by_week(evidence)
    return float(frame.loc[(frame["pair"] == pair) & (frame["week"] == pd.Timestamp(monday)), column].sum())
