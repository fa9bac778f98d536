"""The lower house before and after the election of 8 February 2026."""

from __future__ import annotations

import math

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import observations, value

BEFORE, AFTER = "2026-01-27", "2026-02-08"
SEATS = "jp-hr-seats-"
"""How the ids of the series of seats begin; the party follows, and in their titles after a colon its name."""

COLUMNS = ["party", "name", "seats_before", "seats_after", "change", "source_ids"]


def lower_house_seats(evidence: Evidence) -> pd.DataFrame:
    """Return the seats of each party before the campaign and after the vote, largest first.

    The strength before is empty where the sources do not give it. Empty until the result was published.
    """
    titles = dict(zip(evidence.series["series_id"], evidence.series["title"], strict=True))
    rows = [_party(evidence, one, titles[one]) for one in titles if one.startswith(SEATS)]
    frame = pd.DataFrame([row for row in rows if row], columns=COLUMNS)
    return frame.sort_values(["seats_after", "name"], ascending=[False, True], ignore_index=True)


def _party(evidence: Evidence, series: str, title: str) -> tuple | None:
    found = observations(evidence, series).set_index("period")
    if AFTER not in found.index:
        return None
    before = float(found["value"].get(BEFORE, float("nan")))
    after = float(found.at[AFTER, "value"])
    cited = ";".join(dict.fromkeys(found["source_id"]))
    name = title.partition(": ")[2].partition(" (")[0]
    return series.removeprefix(SEATS), name, before, after, after - before, cited


def seats(evidence: Evidence, party: str, when: str) -> float:
    """Return the seats of one party, ``before`` the campaign or ``after`` the vote."""
    frame = lower_house_seats(evidence).set_index("party")
    return float(frame.at[party, f"seats_{when}"])


def two_thirds(evidence: Evidence) -> float:
    """Return the seats needed for two thirds, as published."""
    return value(evidence, "jp-hr-two-thirds", AFTER)


def two_thirds_of(frame: pd.DataFrame) -> int:
    """Return the smallest number of seats that is two thirds of all."""
    return math.ceil(2 * frame["seats_after"].sum() / 3)
