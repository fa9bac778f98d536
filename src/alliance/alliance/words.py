"""Exhibits on earlier leaders' words."""

import pandas as pd

from alliance.alliance import numbers as ambiguity
from alliance.palette import ANSWER
from explainer.exhibits.kit import register
from explainer.text import wording as facts


def _words_claim(frame: pd.DataFrame) -> str:
    ministers = frame[(frame["side"] == "JP") & frame["role"].str.startswith("Prime Minister")]
    answer = ministers.loc[ministers["precedent_id"] == ambiguity.ANSWER, "step"].max()
    if answer > ministers.loc[ministers["start"] < ANSWER, "step"].max():
        return "No prime minister in these records was as explicit in office before November 2025"
    return "Earlier prime ministers in these records were as explicit in office"


def _words_alt(frame: pd.DataFrame) -> str:
    japan, us = (frame[frame["side"] == s] for s in ("JP", "US"))
    ministers = japan[japan["role"].str.startswith("Prime Minister") & (japan["start"] < ANSWER)]
    latest = frame[frame["precedent_id"].isin([ambiguity.ANSWER, ambiguity.STATEMENT])]
    steps = "; ".join(f"{r.speaker}, {facts.day(r.date)}: step {r.step}" for r in latest.itertuples())
    return (
        f"Chart with one line for each of {len(frame)} statements in order of time, on five steps from declining to "
        f"say (0) to naming a case that could meet the legal test, or defending Taiwan (4): {len(japan)} "
        f"Japanese and {len(us)} American. Japan's prime ministers before November 2025 stand on steps "
        f"{ministers['step'].min()} to {ministers['step'].max()}. {steps}."
    )


register(
    "earlier-words",
    ambiguity.earlier_words,
    _words_claim,
    _words_alt,
    subtitle=lambda f: (
        f"Statements on Taiwan by leaders of Japan and the United States, {f['start'].min().year} to "
        f"{f['start'].max().year}, coded by this project"
    ),
    calculated=True,
    row_id="precedent_id",
)
