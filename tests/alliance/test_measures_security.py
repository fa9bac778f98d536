"""The military numbers, on tables small enough to add up by hand, and beside published sums."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from alliance.security import numbers as security
from explainer.evidence.evidence import Evidence

COLUMNS = ["series_id", "period", "variant", "value", "source_id", "note", "known", "hedge", "derived"]
SORTIES, LINE, REPORTS = "pla-aircraft-month-total", "pla-medianline-month-total", "pla-report-days"


def tiny(*rows: tuple, as_of: str = "2026-08-21", **tables: pd.DataFrame) -> Evidence:
    """Evidence of a few observations: series, period, value, and perhaps hedge and whether it was derived."""
    full = [(s, p, "", float(v), "source", "", p, *(*more, "", "")[:2]) for s, p, v, *more in rows]
    frames = {"observations": pd.DataFrame(full, columns=COLUMNS), **tables}
    return Evidence(dt.date.fromisoformat(as_of), frames, dt.date(2026, 8, 21))


# --- Spending ---------------------------------------------------------------------------------------------


def test_ratio_of_two_spenders():
    small = tiny(("sipri-milex-current-cn", "2025", 300), ("sipri-milex-current-jp", "2025", 60))
    assert security.spending_ratio(small, "cn", "jp", "2025") == 5


def test_measures_of_one_year_stand_in_order_and_other_years_stay_out():
    small = tiny(
        ("jp-security-spending-gdpshare-supp", "2025", 2.0),
        ("sipri-milex-gdpshare-jp", "2025", 1.4),
        ("sipri-milex-gdpshare-jp", "2024", 9.9),
    )
    assert list(security.japan_ratios(small)["share_pct"]) == [1.4, 2.0]


# --- Activity ---------------------------------------------------------------------------------------------


def test_a_missing_month_stays_in_as_a_gap_and_a_lower_bound_is_marked():
    totals = [(SORTIES, "2025-01", 10), (SORTIES, "2025-03", 30), (REPORTS, "2025-01", 29)]
    frame = security.taiwan_activity(tiny(*totals, (LINE, "2025-01", 4, "at least"), (LINE, "2025-02", 5)))
    total = frame[frame["measure"] == "All aircraft counted"]
    assert list(total["month"]) == ["2025-01", "2025-02", "2025-03"]
    assert list(total["status"]) == ["counted", "gap", "counted"]
    assert (frame["reports"].iloc[0], frame["days"].iloc[0]) == (29, 31)
    assert list(frame[frame["measure"] != "All aircraft counted"]["status"]) == ["lower bound", "counted"]


def test_a_sum_needs_every_month():
    small = tiny((SORTIES, "2025-01", 10), (SORTIES, "2025-02", 20), (SORTIES, "2025-04", 40))
    assert security.months_sum(small, SORTIES, "2025-01", "2025-02") == 30
    with pytest.raises(ValueError, match="3 of 4 months"):
        security.months_sum(small, SORTIES, "2025-01", "2025-04")


def test_change_between_two_spans():
    small = tiny((SORTIES, "2025-01", 10), (SORTIES, "2025-02", 10), (SORTIES, "2026-01", 5), (SORTIES, "2026-02", 10))
    change = security.change_between(small, SORTIES, ("2025-01", "2025-02"), ("2026-01", "2026-02"))
    assert change == pytest.approx(-25)


def test_the_fall_of_2026_by_hand(evidence):
    assert 162 + 236 + 278 + 195 + 268 == security.months_sum(evidence, SORTIES, "2026-03", "2026-07") == 1139
    assert 448 + 512 + 487 + 497 + 534 == security.months_sum(evidence, SORTIES, "2025-03", "2025-07") == 2478


# --- Scrambles --------------------------------------------------------------------------------------------


def test_scrambles_mark_gaps_computed_years_and_the_unfinished_year():
    frame = security.scrambles(
        tiny(
            ("jp-scrambles-total", "2020", 5),
            ("jp-scrambles-total", "2022", 7, "", "yes"),
            ("jp-scrambles-fy2025-cumulative-total", "2025-12", 4),
        )
    )
    assert list(zip(frame["fiscal_year"], frame["status"], strict=True)) == [
        (2020, "published"),
        (2021, "gap"),
        (2022, "computed"),
        (2025, "nine months"),
    ]


# --- Exercises and people ---------------------------------------------------------------------------------


def test_days_of_an_exercise_are_written_once():
    assert security._day_span("2024-10-14", "2024-10-14") == "14 Oct 2024"
    assert security._day_span("2025-12-29", "2025-12-30") == "29–30 Dec 2025"
    assert security._day_span("2025-12-31", "2026-01-01") == "31 Dec–1 Jan 2026"


def test_the_sakishima_plan_adds_up(evidence):
    table = security.evacuation(evidence).set_index("who")["number"]
    people = table["Residents of the Sakishima islands"] + table["Visitors on the Sakishima islands"]
    assert people / table["Can be moved from Sakishima in a day"] == table["Days that the plan needs"]
    assert security.days_needed(evidence) == table["Days that the plan needs"]


def test_the_newest_number_is_shown():
    lines = pd.DataFrame({"series_id": ["n"], "who": ["nationals"], "basis": ["a survey"]})
    table = security.evacuation(tiny(("n", "2014", 1), ("n", "2024", 2), evacuation=lines))
    assert list(table["number"]) == [2] and list(table["as_of"]) == ["2024"]
