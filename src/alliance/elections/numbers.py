"""The lower house before and after the election of 8 February 2026."""

import math

import pandas as pd

from alliance.drawn import drawn
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import cited, value

BEFORE, AFTER = "2026-01-27", "2026-02-08"
COLUMNS = ["party", "name", "seats_before", "seats_after", "change", "source_ids", "short"]


def lower_house_seats(evidence: Evidence) -> pd.DataFrame:
    """Return the seats of each party before the campaign and after the vote, largest first.

    The strength before is empty where the sources do not give it. Empty until the result was published.
    """
    found = drawn(evidence, "lower-house-seats")
    by_party = found.groupby(["series_id", "label", "short"])
    frame = pd.DataFrame({"source_ids": by_party["source_ids"].agg(lambda ids: cited(*ids))})
    for column, day in (("seats_before", BEFORE), ("seats_after", AFTER)):
        frame[column] = found[found["period"] == day].set_index(frame.index.names)["value"]
    frame = frame.dropna(subset="seats_after").reset_index().rename(columns={"label": "name"})
    party = [series.rpartition("-")[2] for series in frame["series_id"]]
    frame = frame.assign(party=party, change=frame["seats_after"] - frame["seats_before"])
    return frame.sort_values(["seats_after", "name"], ascending=[False, True], ignore_index=True)[COLUMNS]


def seats(evidence: Evidence, party: str, when: str) -> float:
    """Return the seats of one party, ``before`` the campaign or ``after`` the vote."""
    return float(lower_house_seats(evidence).set_index("party").at[party, f"seats_{when}"])


def two_thirds(evidence: Evidence) -> float:
    """Return the seats needed for two thirds, as published."""
    return value(evidence, "jp-hr-two-thirds", AFTER)


def two_thirds_of(frame: pd.DataFrame) -> int:
    """Return the smallest number of seats that is two thirds of all."""
    return math.ceil(2 * frame["seats_after"].sum() / 3)
