"""Exhibits on the election of 8 February 2026."""

import pandas as pd

from alliance.elections import numbers as elections
from explainer.exhibits.kit import register
from explainer.text import wording as facts


def _claim(frame: pd.DataFrame) -> str:
    top = frame.iloc[0]
    share = "more than two thirds" if top["seats_after"] > elections.two_thirds_of(frame) else "fewer than two thirds"
    return f"The {top['name']} alone won {share} of the lower house"


def _alt(frame: pd.DataFrame) -> str:
    both = frame[frame["seats_before"].notna()]
    parts = "; ".join(
        f"{r.name} from {facts.number(r.seats_before)} to {facts.number(r.seats_after)}" for r in both.itertuples()
    )
    return f"Chart with one line a party from its seats before the campaign to those after the vote: {parts}."


register(
    "lower-house-seats",
    elections.lower_house_seats,
    _claim,
    _alt,
    row_id="party",
    subtitle=lambda f: (
        f"Seats in Japan's House of Representatives ({f['seats_after'].sum():.0f}) before the campaign "
        "and after the vote of 8 February 2026"
    ),
    note=lambda f: f"Two thirds are {elections.two_thirds_of(f)} seats.",
)
