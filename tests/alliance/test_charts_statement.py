"""The ladder of situations and the seats, by structure: labels, places, marks, numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from alliance.elections import drawing as election_charts
from alliance.elections import numbers as elections
from alliance.law import drawing as law_charts
from alliance.law import numbers as law
from explainer.evidence.evidence import Evidence
from explainer.exhibits.kit import Gallery
from explainer.exhibits.theme import Size
from labels import clipped_labels, overlapping_labels

SIZES = list(Size)


def words(figure: object) -> list[str]:
    return [" ".join(text.get_text().split()) for ax in figure.axes for text in ax.texts]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("day", ["2025-11-30", "2026-08-21"])
def test_ladder_asks_every_question_and_names_every_situation(evidence: Evidence, size: Size, day: str) -> None:
    frame = law.situations(evidence.cut(day))
    figure = law_charts.draw_situations_ladder(frame, size)
    found = words(figure)
    for row in frame.itertuples():
        assert row.question in found
        assert f"{row.name} {row.force}" in found
    assert found.count("yes") == len(frame)
    assert found.count("no") == len(frame) - 1
    assert not overlapping_labels(figure)
    assert not clipped_labels(figure)


@pytest.mark.parametrize("size", SIZES)
def test_seats_are_drawn_where_they_are(evidence: Evidence, size: Size) -> None:
    frame = elections.lower_house_seats(evidence)
    figure = election_charts.draw_lower_house_seats(frame, size)
    axes = figure.axes[0]
    assert axes.get_xlim()[0] <= 0 < axes.get_xticks()[1]
    drawn = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    expected = [s for r in frame.itertuples() for s in (r.seats_before, r.seats_after) if pd.notna(s)]
    assert sorted(drawn) == sorted(expected)
    assert words(figure)[0] == "198 → 316"
    assert len(axes.get_yticklabels()) == len(frame)
    assert not overlapping_labels(figure)
    assert not clipped_labels(figure)


def test_seats_without_a_number_before_have_one_mark() -> None:
    row = {"party": "a", "name": "A", "seats_before": float("nan"), "seats_after": 4.0, "change": float("nan")}
    figure = election_charts.draw_lower_house_seats(pd.DataFrame([row]), Size.WIDE)
    assert words(figure) == ["4"]


@pytest.mark.parametrize("identifier", ["situations-ladder", "lower-house-seats"])
def test_csv_holds_what_is_drawn_and_alt_names_it(evidence: Evidence, identifier: str) -> None:
    shown = Gallery(evidence, "02-the-statement").compute(identifier)
    assert len(shown.record["table"]["rows"]) == len(shown.frame)
    for name in shown.frame["name"][:5]:
        assert name in shown.record["alt"]
