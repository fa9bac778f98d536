"""What is contested on each rung of the ladder, and where the two statements stand, by the day."""

from __future__ import annotations

from alliance.law import numbers as law


def test_november_does_not_know_of_january(evidence):
    november = law.ladder_disputes(evidence.cut("2025-11-30")).set_index("situation_id")
    latest = law.ladder_disputes(evidence).set_index("situation_id")
    assert not november[["statements", "contested"]].apply(lambda c: c.str.contains("January 2026")).any(axis=None)
    assert november.at["survival-threatening", "statements"] == "7 November 2025: named"
    assert latest.at["survival-threatening", "contested"].count("\n") == 4
    assert latest.at["armed-attack-occurred", "contested"] == ""
