"""Titles of exhibits that are computed: true on any day, counted by hand here."""

from __future__ import annotations

import pandas as pd
import pytest

from alliance.polls import words as polls
from alliance.reactions import words as reactions
from alliance.statement import words as statement
from alliance.timeline import words as timeline
from alliance.timeline.numbers import Acts, acts_of


def overview_of(*acts: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.to_datetime([day for day, _ in acts]), "side": [side for _, side in acts]})


EARLY = [("2025-11-01", "CN"), ("2025-11-08", "CN"), ("2025-11-09", "JP")]
LATER = [("2025-12-30", "CN"), ("2026-01-10", "CN"), ("2026-03-01", "JP")]


def test_acts_are_counted_before_after_and_within_eight_weeks():
    assert acts_of(overview_of(*EARLY, *LATER), "CN") == Acts(total=4, after=3, within=2)
    assert acts_of(overview_of(*EARLY, *LATER), "JP") == Acts(total=2, after=2, within=1)


@pytest.mark.parametrize(
    ("acts", "title"),
    [
        (EARLY, "Japan acted in 1 of 3 events, China in 2; after 7 November Japan 1, China 1"),
        (
            [*EARLY, *LATER],
            "Japan acted in 2 of 6 events, China in 4; in the eight weeks after 7 November Japan 1, China 2",
        ),
    ],
)
def test_the_overview_counts_both_sides_by_one_rule(acts, title):
    assert timeline._claim(overview_of(*acts)) == title


@pytest.mark.parametrize(
    ("sides", "title"),
    [
        ("CN", "A reason was given for two of three Chinese steps, for one of them her words"),
        ("JP", "A reason was given for two of three Japanese steps"),
    ],
)
def test_reasons_are_counted_by_one_rule_for_both_sides(sides, title):
    frame = pd.DataFrame({"tie": ["remark", "other", "none"]})
    assert {"CN": reactions._measures_claim, "JP": reactions._japan_claim}[sides](frame) == title


def test_approval_is_compared_within_each_pollster():
    readings = [("A", 1, 70), ("A", 2, 60), ("B", 1, 50), ("B", 2, 55), ("C", 1, 80)]
    frame = pd.DataFrame(readings, columns=["name", "day", "approve"])
    title = "At one of two pollsters approval was lower at the last reading found than at the first, at one higher"
    assert polls._approval_claim(frame) == title


def test_polls_on_force_are_named_beside_those_on_the_answer():
    rows = [("remark", 60, 30), ("remark", 50, 25), ("force", 48, 44), ("force", 33, 48)]
    frame = pd.DataFrame(rows, columns=["topic", "accept", "reject"])
    title = "In all 2 polls on the answer more respondents accepted than rejected it"
    assert polls._opinion_claim(frame) == title + "; two polls on collective self-defence disagree"
    assert polls._opinion_claim(frame[:2]) == title


def test_entries_are_counted_as_entries():
    stances = ["critical", "critical", "supportive", "conditional", "cautious"]
    frame = pd.DataFrame({"side": [*["JP"] * 5, "CN"], "stance": [*stances, "critical"]})
    title = "Of 5 Japanese entries two are coded critical, one supportive, one conditional"
    assert reactions._stance_claim(frame) == title


def test_a_title_on_wordings_holds_for_every_text_or_is_not_made():
    day = "2026-01-26"
    frame = pd.DataFrame({"date": [day] * 3, "quote": ["同盟はつぶれる", "同盟が潰れる", "同盟つぶれます"]})
    assert statement._wordings_claim(frame).startswith("3 Japanese wordings of the January sentence differ in style")
    other = frame.replace("同盟が潰れる", "同盟が揺らぐ")
    assert statement._wordings_claim(other) == "One sentence, 3 Japanese wordings"
    english = pd.DataFrame({"date": [day] * 2, "quote": ["it will collapse", "it would collapse"]})
    assert "no translation found says “could”" in statement._translations_claim(english)
    assert statement._translations_claim(english.replace("it will collapse", "it could collapse")) == (
        "One sentence, 2 English translations"
    )
