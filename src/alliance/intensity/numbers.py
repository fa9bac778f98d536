"""Intensity of events over time: CAMEO codes weighed on the Goldstein scale, and checks without weights."""

from __future__ import annotations

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items

#: Quad classes by the first two digits of a CAMEO code, as the GDELT lookup table groups them ...
QUAD_GDELT = {
    "verbal cooperation": range(1, 6),
    "material cooperation": range(6, 10),
    "verbal conflict": range(10, 15),
    "material conflict": range(15, 21),
}
#: ... and as other users do: investigations (09) as words of conflict, protests (14) as acts of conflict.
QUAD_OTHER = {
    "verbal cooperation": range(1, 6),
    "material cooperation": range(6, 9),
    "verbal conflict": range(9, 14),
    "material conflict": range(14, 21),
}
CONVENTIONS = {"gdelt": QUAD_GDELT, "other": QUAD_OTHER}

#: Pairs shown, from whom to whom.
PAIRS = {
    "CN-JP": "China towards Japan",
    "JP-CN": "Japan towards China",
    "US-JP": "United States towards Japan",
    "US-CN": "United States towards China",
}

#: Phases of the story by their first day.
PHASES = (
    ("2025-10-04", "4 October to 6 November 2025"),
    ("2025-11-07", "7 November to 31 December 2025"),
    ("2026-01-01", "1 to 25 January 2026"),
    ("2026-01-26", "26 January to 28 February 2026"),
    ("2026-03-01", "From 1 March 2026"),
)


def quad_class(code: str, convention: str = "gdelt") -> str:
    """Return the quad class of a CAMEO code under a convention."""
    root = int(code[:2])
    return next(name for name, roots in CONVENTIONS[convention].items() if root in roots)


def first_side(actors: str, sides: pd.Series) -> str:
    """Return the side of the first actor of a list; empty where nobody is named."""
    first = next(iter(list_items(actors)), "")
    return sides.get(first, "") if first else ""


CODED_COLUMNS = [
    *("id", "date", "week", "pair", "cameo_code", "cameo_label", "goldstein", "quad", "quad_other"),
    *("summary", "cameo_reason", "source_ids"),
]


def coded_events(evidence: Evidence) -> pd.DataFrame:
    """Return all coded events between two sides, one row an event.

    An event is counted once, from its first actor's side to its first target's; events within one side
    are left out. ``week`` is the Monday.
    """
    sides = evidence.actors.set_index("actor")["side"]
    events = evidence.events[evidence.events["cameo_code"] != ""]
    events = events.merge(evidence.cameo.rename(columns={"label": "cameo_label"}), on="cameo_code")
    source = events["actor"].map(lambda text: first_side(text, sides)).astype(object)
    target = events["target"].map(lambda text: first_side(text, sides)).astype(object)
    day = pd.to_datetime(events["date"])
    frame = events.assign(
        id=events["event_id"],
        week=day - pd.to_timedelta(day.dt.day_of_week, unit="D"),
        pair=source + "-" + target,
        quad=events["cameo_code"].map(quad_class),
        quad_other=events["cameo_code"].map(lambda code: quad_class(code, "other")),
    )
    between = (source != "") & (target != "") & (source != target)
    return frame[between].sort_values(["date", "id"], kind="stable", ignore_index=True)[CODED_COLUMNS]


WEEK_COLUMNS = ["pair", "pair_name", "week", "events", "goldstein_sum", "source_ids"]


def intensity_by_week(evidence: Evidence) -> pd.DataFrame:
    """Return sums of Goldstein values and counts of events by week and pair; empty weeks are not listed."""
    coded = coded_events(evidence)
    coded = coded[coded["pair"].isin(PAIRS)]
    if coded.empty:
        return pd.DataFrame(columns=WEEK_COLUMNS)
    weeks = coded.groupby(["pair", "week"]).agg(
        events=("id", "size"),
        goldstein_sum=("goldstein", "sum"),
        source_ids=("source_ids", lambda lists: ";".join(dict.fromkeys(i for text in lists for i in list_items(text)))),
    )
    frame = weeks.reset_index().assign(
        pair_name=lambda f: f["pair"].map(PAIRS), goldstein_sum=lambda f: f["goldstein_sum"].round(1)
    )
    order = {pair: i for i, pair in enumerate(PAIRS)}
    return frame.assign(by=frame["pair"].map(order)).sort_values(["by", "week"], ignore_index=True)[WEEK_COLUMNS]


def phase_of(day: str) -> str:
    """Return the phase in which a day falls."""
    return [name for first, name in PHASES if first <= day][-1]


def phase_weeks(as_of: str) -> dict[str, float]:
    """Return the length of each phase in weeks, the last one up to the day of the evidence."""
    ends = [first for first, _ in PHASES[1:]] + [as_of]
    days = [
        (pd.Timestamp(min(end, as_of)) - pd.Timestamp(first)).days for (first, _), end in zip(PHASES, ends, strict=True)
    ]
    return {name: max(count, 1) / 7 for (_, name), count in zip(PHASES, days, strict=True)}


SENSITIVITY_COLUMNS = [
    *("pair", "pair_name", "phase", "events", "events_per_week", "goldstein_sum", "goldstein_mean"),
    *("conflict", "material_gdelt", "material_other"),
]


def intensity_sensitivity(evidence: Evidence) -> pd.DataFrame:
    """Return weighed and unweighed measures side by side, by pair and phase.

    ``conflict`` counts events with a negative value; the last two columns count material conflict under
    each convention.
    """
    coded = coded_events(evidence)
    coded = coded[coded["pair"].isin(PAIRS) & (coded["date"] >= PHASES[0][0])]
    if coded.empty:
        return pd.DataFrame(columns=SENSITIVITY_COLUMNS)
    coded = coded.assign(phase=coded["date"].map(phase_of))
    grouped = coded.groupby(["pair", "phase"]).agg(
        events=("id", "size"),
        goldstein_sum=("goldstein", "sum"),
        goldstein_mean=("goldstein", "mean"),
        conflict=("goldstein", lambda v: int((v < 0).sum())),
        material_gdelt=("quad", lambda v: int((v == "material conflict").sum())),
        material_other=("quad_other", lambda v: int((v == "material conflict").sum())),
    )
    frame = grouped.round({"goldstein_sum": 1, "goldstein_mean": 2}).reset_index()
    weeks = phase_weeks(evidence.as_of.isoformat())
    frame = frame.assign(
        pair_name=frame["pair"].map(PAIRS), events_per_week=(frame["events"] / frame["phase"].map(weeks)).round(1)
    )
    rank = {name: i for i, name in enumerate([*PAIRS, *(name for _, name in PHASES)])}
    return frame.sort_values(["pair", "phase"], key=lambda c: c.map(rank), ignore_index=True)[SENSITIVITY_COLUMNS]


def goldstein_value(evidence: Evidence, code: str) -> float:
    """Return the Goldstein value of a CAMEO code."""
    return float(evidence.cameo.set_index("cameo_code")["goldstein"][code])


def week_sum(evidence: Evidence, pair: str, monday: str, column: str = "goldstein_sum") -> float:
    """Return the weekly sum (or, with `column` "events", the count) of one pair."""
    frame = intensity_by_week(evidence)
    return float(frame.loc[(frame["pair"] == pair) & (frame["week"] == pd.Timestamp(monday)), column].sum())
