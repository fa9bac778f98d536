"""Seats in the House of Representatives before and after the vote of 8 February 2026."""

from __future__ import annotations

import pandas as pd

from explainer.evidence import Evidence
from explainer.measures.common import observations, value

BEFORE, AFTER = "2026-01-27", "2026-02-08"
PARTIES = {
    "ldp": "LDP",
    "cra": "Centrist Reform Alliance",
    "jip": "Ishin",
    "dpp": "DPP",
    "sanseito": "Sanseito",
    "mirai": "Team Mirai",
    "jcp": "JCP",
    "independents": "Independents",
    "genzei": "Genzei-Yukoku",
    "reiwa": "Reiwa",
    "sdp": "SDP",
}


def lower_house_seats(evidence: Evidence) -> pd.DataFrame:
    """Give each party's seats before and after, most seats after first.

    Returns
    -------
    DataFrame
        Columns party, seats_before (not a number where unknown), seats_after, source_ids. Empty before the result
        was known.
    """
    rows = []
    for code, party in PARTIES.items():
        frame = observations(evidence, f"jp-hr-seats-{code}").set_index("period")
        if AFTER in frame.index:
            before = frame["value"].get(BEFORE, float("nan"))
            rows.append((party, before, int(frame.at[AFTER, "value"]), ";".join(dict.fromkeys(frame["source_id"]))))
    frame = pd.DataFrame(rows, columns=["party", "seats_before", "seats_after", "source_ids"])
    return frame.sort_values("seats_after", ascending=False, kind="stable", ignore_index=True)


def seats(evidence: Evidence, code: str, when: str) -> int:
    """Return a party's seats ``before`` the campaign or ``after`` the vote."""
    return int(value(evidence, f"jp-hr-seats-{code}", {"before": BEFORE, "after": AFTER}[when]))


def two_thirds(evidence: Evidence) -> int:
    """Return the seats that make two thirds of the house, as published."""
    return int(value(evidence, "jp-hr-two-thirds", AFTER))
