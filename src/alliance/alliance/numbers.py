"""Earlier leaders' words on one scale from ambiguous to explicit."""

import pandas as pd

from explainer.evidence.asof import period_start
from explainer.evidence.evidence import Evidence

COLUMNS = [
    *("precedent_id", "date", "start", "speaker", "role", "side", "in_office", "step", "label", "highlight"),
    *("what_it_said", "quote", "why", "confidence", "source_ids"),
]
ANSWER = "2025-11-07-takaichi-diet"
STATEMENT = "2026-01-26-takaichi-alliance"
OUT_OF_OFFICE = ("former", "vice-president", "candidate")


def earlier_words(evidence: Evidence) -> pd.DataFrame:
    """Return all statements on the scale, in order of time: who, on which side, in which office, which step.

    Statements that the coders left off the scale (law in general, another subject, a disputed account) stay out.
    """
    frame = evidence.precedents.dropna(subset="explicitness")
    office = ~frame["role"].str.lower().str.contains("|".join(OUT_OF_OFFICE))
    frame = frame.assign(
        start=pd.to_datetime(frame["date"].map(period_start)),
        side=frame["actor"].str[:2],
        in_office=office.map({True: "yes", False: "no"}),
        step=frame["explicitness"].astype(int),
        why=frame["explicitness_reason"],
        label=frame["speaker"].map(short_name),
        highlight=frame["precedent_id"].isin((ANSWER, STATEMENT)).map({True: "yes", False: "no"}),
    )
    return frame.sort_values(["start", "precedent_id"], ignore_index=True)[COLUMNS]


def short_name(speaker: str) -> str:
    """Return the name that fits a chart: surnames, or the body that spoke."""
    if "ministers" in speaker:
        return "2+2"
    names = [part.split()[-1] for part in speaker.split(" and ")]
    return speaker if speaker.endswith("Cabinet") else "–".join(names)


def step(evidence: Evidence, precedent_id: str) -> int:
    """Return the step of the scale on which one statement stands."""
    return int(evidence.row(precedent_id)["explicitness"])


def steps_of_prime_ministers(evidence: Evidence, before: str) -> pd.Series:
    """Return how many statements of Japanese prime ministers in office stand on each step before a day."""
    frame = earlier_words(evidence)
    frame = frame[(frame["side"] == "JP") & frame["role"].str.startswith("Prime Minister")]
    return frame.loc[frame["start"] < pd.Timestamp(before), "step"].value_counts().sort_index()
