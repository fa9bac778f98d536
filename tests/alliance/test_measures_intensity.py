"""Intensity: sums, counts and groupings of a handful of coded events."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from alliance.intensity import numbers as intensity
from explainer.evidence.evidence import Evidence

EVENTS = [
    ("a", "2025-11-10", "CN", "JP", "163"),  # a Monday
    ("b", "2025-11-16", "CN", "JP;US", "112"),  # the Sunday of the same week
    ("c", "2025-11-17", "CN", "JP", "141"),
    ("d", "2025-11-17", "JP", "JP", "112"),  # within one side
    ("e", "2025-11-18", "JP", "CN", ""),  # not coded
    ("f", "2026-01-26", "JP", "CN", "093"),
]


@pytest.fixture
def small() -> Evidence:
    events = pd.DataFrame(EVENTS, columns=["event_id", "date", "actor", "target", "cameo_code"])
    events = events.assign(summary="", cameo_reason="", source_ids="s")
    codes = [("163", "w", -8.0), ("112", "x", -2.0), ("141", "y", -6.5), ("093", "z", -2.0)]
    cameo = pd.DataFrame(codes, columns=["cameo_code", "label", "goldstein"])
    actors = pd.DataFrame({"actor": ["CN", "JP", "US"], "side": ["CN", "JP", "US"]})
    day = dt.date(2026, 1, 30)
    return Evidence(day, {"events": events, "cameo": cameo, "actors": actors}, day)


@pytest.mark.parametrize(
    ("code", "gdelt", "other"),
    [
        ("036", "verbal cooperation", "verbal cooperation"),
        ("061", "material cooperation", "material cooperation"),
        ("093", "material cooperation", "verbal conflict"),
        ("112", "verbal conflict", "verbal conflict"),
        ("141", "verbal conflict", "material conflict"),
        ("163", "material conflict", "material conflict"),
    ],
)
def test_quad_classes_of_both_conventions(code, gdelt, other):
    assert (intensity.quad_class(code), intensity.quad_class(code, "other")) == (gdelt, other)


def test_only_coded_events_between_two_sides_count(small):
    assert list(intensity.coded_events(small)["id"]) == ["a", "b", "c", "f"]


def test_weeks_run_from_monday_to_sunday(small):
    assert intensity.week_sum(small, "CN-JP", "2025-11-10") == -10.0
    assert intensity.week_sum(small, "CN-JP", "2025-11-10", "events") == 2
    assert intensity.week_sum(small, "CN-JP", "2025-11-17") == -6.5
    assert intensity.week_sum(small, "CN-JP", "2025-11-24") == 0


def test_weights_and_counts_stand_side_by_side(small):
    frame = intensity.intensity_sensitivity(small).set_index("pair")
    china = frame.loc["CN-JP"]
    assert (china["events"], china["goldstein_sum"], china["goldstein_mean"], china["conflict"]) == (3, -16.5, -5.5, 3)
    assert (china["material_gdelt"], china["material_other"]) == (1, 2)
    assert china["events_per_week"] == 0.4  # 3 events in 55 days


def test_phases_follow_the_calendar(small):
    assert intensity.phase_of("2025-11-06") == "4 October to 6 November 2025"
    assert intensity.phase_of("2026-01-26") == "26 January to 28 February 2026"
    assert intensity.phase_weeks("2026-01-30")["26 January to 28 February 2026"] == pytest.approx(4 / 7)


def test_nothing_coded_gives_an_empty_frame_with_columns(small):
    tables = {**small.tables, "events": small.events.assign(cameo_code="")}
    uncoded = dataclasses.replace(small, tables=tables)
    assert intensity.intensity_by_week(uncoded).empty
    assert list(intensity.intensity_by_week(uncoded).columns) == intensity.WEEK_COLUMNS


def test_every_code_of_the_evidence_has_a_class_under_both(evidence):
    for code in evidence.cameo["cameo_code"]:
        assert intensity.quad_class(code) in intensity.QUAD_GDELT
        assert intensity.quad_class(code, "other") in intensity.QUAD_OTHER
