"""The lower house before and after the election of 8 February 2026."""

from __future__ import annotations

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import observations, value

BEFORE, AFTER = "2026-01-27", "2026-02-08"
HOUSE = 465
TWO_THIRDS = -(-2 * HOUSE // 3)
"""Smallest number of seats that is two thirds of the house."""

PARTIES = {
    "ldp": "Liberal Democratic Party",
    "cra": "Centrist Reform Alliance",
    "jip": "Japan Innovation Party",
    "dpp": "Democratic Party for the People",
    "sanseito": "Sanseito",
    "mirai": "Team Mirai",
    "jcp": "Japanese Communist Party",
    "genzei": "Genzei–Yukoku Alliance",
    "reiwa": "Reiwa Shinsengumi",
    "sdp": "Social Democratic Party",
    "independents": "Independents",
}
COLUMNS = ["party", "name", "seats_before", "seats_after", "change", "source_ids"]


def lower_house_seats(evidence: Evidence) -> pd.DataFrame:
    """Return the seats of each party before the campaign and after the vote, largest first.

    The strength before is empty where the sources do not give it. Empty until the result was published.
    """
    rows = [_party(evidence, party, name) for party, name in PARTIES.items()]
    frame = pd.DataFrame([row for row in rows if row], columns=COLUMNS)
    return frame.sort_values(["seats_after", "name"], ascending=[False, True], ignore_index=True)


def _party(evidence: Evidence, party: str, name: str) -> tuple | None:
    found = observations(evidence, f"jp-hr-seats-{party}").set_index("period")
    if AFTER not in found.index:
        return None
    before = float(found["value"].get(BEFORE, float("nan")))
    after = float(found.at[AFTER, "value"])
    cited = ";".join(dict.fromkeys(found["source_id"]))
    return party, name, before, after, after - before, cited


def seats(evidence: Evidence, party: str, when: str) -> float:
    """Return the seats of one party, ``before`` the campaign or ``after`` the vote."""
    frame = lower_house_seats(evidence).set_index("party")
    return float(frame.at[party, f"seats_{when}"])


def two_thirds(evidence: Evidence) -> float:
    """Return the seats needed for two thirds, as published; the same as `TWO_THIRDS`."""
    return value(evidence, "jp-hr-two-thirds", AFTER)
