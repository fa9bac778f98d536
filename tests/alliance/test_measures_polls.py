"""Polls: margins, and answers joined, against numbers worked out by hand."""

from __future__ import annotations

import pytest

from alliance.polls import numbers as polls
from explainer.evidence.evidence import EvidenceError


def test_margin_of_half_of_a_thousand_is_three_points():
    assert polls.margin_points(50, 1000) == pytest.approx(3.099, abs=0.001)
    assert polls.margin_points(50, float("nan")) is None


def test_margin_of_a_lead_is_wider_than_of_a_share():
    assert polls.lead_margin_points(50, 50, 1000) == pytest.approx(6.198, abs=0.001)
    assert polls.lead_margin_points(48.8, 44.2, 1046) == pytest.approx(5.84, abs=0.01)


def test_four_answers_are_joined_to_two_sides(evidence):
    poll = polls.poll(evidence, "fnn", "2025-11-23")
    assert (poll["accept"], poll["reject"]) == (61.0, 35.7)  # 22.6 + 38.4 and 21.5 + 14.2
    assert poll["margin_accept"] == pytest.approx(2.99, abs=0.01)


def test_an_unknown_poll_names_those_there_are(evidence):
    with pytest.raises(EvidenceError, match="kyodo 2025-11-16"):
        polls.poll(evidence, "kyodo", "2025-11-17")


def test_readings_computed_from_a_change_are_marked(evidence):
    frame = polls.approval(evidence).set_index(["pollster", "period"])
    assert frame.loc[("kyodo", "2025-10"), "derived"]
    assert not frame.loc[("kyodo", "2025-11-16"), "derived"]
    assert frame.loc[("kyodo", "2025-11-16"), "respondents"] == 1046


def test_no_poll_from_the_future(evidence):
    frame = polls.approval(evidence.cut("2025-11-30"))
    assert frame["day"].max().date().isoformat() <= "2025-11-30"
