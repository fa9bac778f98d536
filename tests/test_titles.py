"""Titles of exhibits that are computed: true on any day, counted by hand here."""

from __future__ import annotations

import pandas as pd
import pytest

from alliance.reactions import words as reactions
from alliance.statement import words as statement
from alliance.timeline import words as timeline
from alliance.timeline.numbers import Acts, china_after_answer


def overview_of(*acts: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.to_datetime([day for day, _ in acts]), "side": [side for _, side in acts]})


EARLY = [("2025-11-01", "CN"), ("2025-11-08", "CN"), ("2025-11-09", "JP")]
LATER = [("2025-12-30", "CN"), ("2026-01-10", "CN"), ("2026-03-01", "JP")]


def test_chinas_acts_are_counted_before_after_and_within_eight_weeks():
    assert china_after_answer(overview_of(*EARLY, *LATER)) == Acts(total=4, after=3, within=2)


@pytest.mark.parametrize(
    ("acts", "title"),
    [
        (EARLY, "1 of 2 acts on China's side came after the answer of 7 November"),
        (EARLY[1:] + EARLY[1:2], "All 2 acts on China's side came after the answer of 7 November"),
        ([*EARLY[1:], *LATER], "More than half of China's acts, 2 of 3, fell in the eight weeks after 7 November"),
        ([*EARLY, *LATER], "A part of China's acts, 2 of 4, fell in the eight weeks after 7 November"),
    ],
)
def test_the_overview_claims_no_more_than_its_counts(acts, title):
    assert timeline._claim(overview_of(*acts)) == title


def test_the_named_events_say_how_long_chinas_economic_steps_went_on():
    frame = pd.DataFrame(
        [
            ("2025-11-05", "China (government)", "economic"),
            ("2025-11-14", "China's Foreign Ministry", "economic"),
            ("2025-11-21", "Taiwan (government)", "economic"),
            ("2026-02-24", "China's Commerce Ministry", "economic"),
            ("2026-05-14", "China (government)", "diplomatic"),
        ],
        columns=["date", "actor", "category"],
    )
    went_on = "China's economic steps began a week after the answer of 7 November and went on into February 2026"
    assert timeline._key_claim(frame) == went_on
    assert timeline._key_claim(frame[:3]) == "China's first economic step came a week after the answer of 7 November"
    assert "China" not in timeline._key_claim(frame[:1])


def test_a_voice_with_reservations_is_not_counted_as_support():
    stances = ["critical", "critical", "supportive", "conditional", "cautious"]
    frame = pd.DataFrame({"side": [*["JP"] * 5, "CN"], "stance": [*stances, "hostile"]})
    title = "In Japan two voices criticise the position; one supports it, one more with reservations"
    assert reactions._stance_claim(frame) == title


def test_a_title_on_wordings_holds_for_every_text_or_is_not_made():
    day = "2026-01-26"
    frame = pd.DataFrame({"date": [day] * 3, "quote": ["同盟はつぶれる", "同盟が潰れる", "同盟つぶれます"]})
    assert statement._wordings_claim(frame).startswith("No two of 3 Japanese texts print the January sentence alike")
    other = frame.replace("同盟が潰れる", "同盟が揺らぐ")
    assert statement._wordings_claim(other) == "One sentence, 3 Japanese wordings"
    english = pd.DataFrame({"date": [day] * 2, "quote": ["it will collapse", "it would collapse"]})
    assert "no translation found says “could”" in statement._translations_claim(english)
    assert statement._translations_claim(english.replace("it will collapse", "it could collapse")) == (
        "One sentence, 2 English translations"
    )
