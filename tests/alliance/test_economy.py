"""Trade, visitors, spending, pressure, and published estimates held against their own inputs."""

import datetime as dt

import pandas as pd
import pytest

from alliance.economy import numbers as economy
from alliance.estimates import numbers as estimates
from alliance.scenarios.numbers import scenario_beside_published, visitor_loss_jpy_bn
from explainer.evidence.evidence import Evidence, EvidenceError
from explainer.exhibits.lookups import value

DAY = dt.date(2026, 8, 21)


def tiny(rows: list[tuple[str, str, float]], **tables: pd.DataFrame) -> Evidence:
    """Evidence that holds only these observations: series, period, value."""
    frame = pd.DataFrame(
        [{"series_id": s, "period": p, "variant": "", "value": v, "source_id": f"source-{s}", "note": ""}
         for s, p, v in rows],
        columns=["series_id", "period", "variant", "value", "source_id", "note"],
    )  # fmt: skip
    events = pd.DataFrame(columns=["event_id", "date", "actor", "category", "source_ids"])
    return Evidence(DAY, {"observations": frame, "events": events, **tables}, DAY)


TRADE = [
    ("trade_exp_cn", "2024", 20.0), ("trade_imp_cn", "2024", 30.0), ("trade_exp_us", "2024", 25.0),
    ("trade_imp_us", "2024", 10.0), ("trade_exp_world", "2024", 100.0), ("trade_imp_world", "2024", 100.0),
]  # fmt: skip


def test_partner_shares_by_hand():
    evidence = tiny(TRADE)
    expected = {("exp", "cn"): 20, ("exp", "us"): 25, ("imp", "cn"): 30, ("imp", "us"): 10, ("tot", "cn"): 25,
                ("tot", "us"): 17.5}  # fmt: skip
    for (flow, partner), share in expected.items():
        assert economy.partner_share_pct(evidence, flow, partner, "2024") == pytest.approx(share)


def test_a_year_with_one_missing_flow_does_not_enter():
    assert economy.partner_shares(tiny(TRADE[:-1])).empty
    half = [*TRADE, ("trade_exp_cn", "2025", 21.0)]
    assert set(economy.partner_shares(tiny(half))["year"]) == {"2024"}


def test_shares_agree_with_the_published_ones(evidence):
    """Tolerance: half of the last printed digit, and 0.01 for a typing error in one published total."""
    for flow in ("exp", "imp", "tot"):
        for partner in ("cn", "us"):
            for year in ("2023", "2024", "2025"):
                published = value(evidence, f"share_{flow}_{partner}", year)
                assert economy.partner_share_pct(evidence, flow, partner, year) == pytest.approx(published, abs=0.06)


VISITORS = [
    ("vis_cn_m", "2024-07", 80.0), ("vis_cn_m", "2025-07", 100.0), ("vis_cn_m", "2025-09", 60.0),
    ("vis_cn_yoy_m", "2025-09", -40.0),
]  # fmt: skip


def test_visitors_by_hand_with_a_gap_and_a_derived_year_before():
    frame = economy.visitors_from_china(tiny(VISITORS)).set_index("month")
    assert list(frame.index) == ["2025-07", "2025-08", "2025-09"]
    assert frame.at["2025-07", "change_pct"] == pytest.approx(25)
    assert not frame.at["2025-07", "year_before_derived"]
    assert pd.isna(frame.at["2025-08", "visitors"]) and pd.isna(frame.at["2025-08", "change_pct"])
    assert frame.at["2025-09", "visitors_year_before"] == pytest.approx(100)  # 60 is 40% below 100
    assert frame.at["2025-09", "year_before_derived"]


def test_change_over_months_leaves_the_gaps_out():
    frame = economy.visitors_from_china(tiny(VISITORS))
    assert economy.mean_change_pct(frame, "2025-07") == pytest.approx((160 - 180) / 180 * 100)
    assert economy.mean_change_pct(frame, "2025-08") == pytest.approx(-40)
    assert economy.mean_change_pct(frame, "2025-07", "2025-07") == pytest.approx(25)


def test_published_changes_agree_with_the_counts(evidence):
    """Where both counts and the change were published, they agree to a tenth of a point."""
    counts = economy.observations(evidence, "vis_cn_m").set_index("period")["value"]
    changes = economy.observations(evidence, "vis_cn_yoy_m").set_index("period")["value"]
    pairs = [(m, f"{int(m[:4]) - 1}{m[4:]}") for m in changes.index]
    both = [(m, before) for m, before in pairs if m in counts and before in counts]
    assert len(both) >= 2
    for month, before in both:
        assert (counts[month] / counts[before] - 1) * 100 == pytest.approx(changes[month], abs=0.1)


SPENDING = [
    ("spend_total_q", "2025-03", 50.0), ("spend_total_q", "2025-06", 60.0), ("spend_total_q", "2025-09", 70.0),
    ("spend_total_q", "2025-12", 80.0), ("spend_cn_q", "2025-03", 10.0), ("spend_cn_q", "2025-09", 20.0),
]  # fmt: skip


def test_a_missing_quarter_is_derived_only_when_all_else_is_known():
    gap = economy.visitor_spending(tiny(SPENDING))
    assert gap[gap["quarter"] == "2025-06"]["spending_jpy_bn"].isna().all()
    full = economy.visitor_spending(tiny([*SPENDING, ("spend_cn_q", "2025-12", 5.0), ("spend_cn_y", "2025", 50.0)]))
    june = full[full["quarter"] == "2025-06"].set_index("market")
    assert june.at["Mainland China", "spending_jpy_bn"] == 15  # 50 - 10 - 20 - 5
    assert june.at["All other visitors", "spending_jpy_bn"] == 45
    assert june["derived"].all() and not full[full["quarter"] == "2025-03"]["derived"].any()


@pytest.mark.parametrize(
    ("start", "end", "low", "high"),
    [("2012-09", "2013-08", 10, 12), ("2010-09", "2010-10", 0, 2), ("2020", "2024", 36, 60),
     ("2025-11-14", "2026-06-29", 7.5, 7.5)],
)  # fmt: skip
def test_lengths_keep_what_the_dates_leave_open(start, end, low, high):
    found = economy.months_between(start, end)
    assert found[0] == pytest.approx(low, abs=0.1) and found[1] == pytest.approx(high, abs=0.1)


def test_lengths_enclose_what_the_cases_say(evidence):
    frame = economy.pressure_durations(evidence).set_index("precedent_id")
    for case, words, months in (("kr-2016-thaad", "14 months", 14), ("jp-2023-seafood", "22 months", 22),
                                ("ca-2018-meng", "three and a half years", 42)):  # fmt: skip
        assert words in frame.at[case, "duration"]
        assert frame.at[case, "months_low"] - 0.1 <= months <= frame.at[case, "months_high"] + 0.3
    assert frame["ongoing"].sum() == 1 and frame.at["jp-2025-current", "ongoing"]


def test_the_present_case_runs_to_the_day_and_names_its_newest_step(evidence):
    early = economy.pressure_durations(evidence.cut("2025-11-30")).set_index("precedent_id")
    late = economy.pressure_durations(evidence).set_index("precedent_id")
    for found, day, newest in ((early, "2025-11-30", "2025-11"), (late, evidence.as_of.isoformat(), "2026-06-29")):
        assert found.at["jp-2025-current", "end"] == day
        assert found.at["jp-2025-current", "newest"].startswith(newest)
    assert economy.pressure_durations(evidence.cut("2025-11-01"))["ongoing"].sum() == 0


def test_no_flight_figure_is_lost_and_none_is_averaged(evidence):
    frame = economy.flights(evidence)
    counted = evidence.observations["series_id"].str.startswith("flt_").sum()
    assert len(frame) == counted + len(evidence.stated_figures)
    december = frame[(frame["period"] == "2025-12") & frame["figure"].str.contains("%")]["figure"]
    assert {"39.4%", "26.4%", "about 16% of 5,548"} <= set(december)


def test_two_rare_earth_values_of_one_year_both_stay(evidence):
    frame = economy.rare_earth_shares(evidence)
    assert set(frame[(frame["year"] == 2025) & (frame["basis"] == "year")]["share_pct"]) == {60, 70}


def test_numbers_with_units():
    assert economy.with_unit(87.1, "billion yen") == "87.1 billion yen"
    assert economy.with_unit(-58, "percent") == "\N{MINUS SIGN}58%"
    assert economy.with_unit(491000, "tickets") == "491,000 tickets"


def test_noted_refuses_words_that_the_note_lacks(evidence):
    assert economy.noted(evidence, "spend_cn_q", "2025-12", "-17.9") == "-17.9"
    with pytest.raises(EvidenceError, match="does not say"):
        economy.noted(evidence, "spend_cn_q", "2025-12", "-18.9")


# --- Estimates


#: estimate -> published number, tolerance in its unit: half of the last printed digit, or more where the
#: author's own inputs were rounded
BACK_TESTS = {
    "nri-kiuchi-tourism-cn": (1.49, 0.01),
    "nri-kiuchi-tourism-total": (1.79, 0.015),  # three rounded numbers
    "nri-kiuchi-dual-use-exposure": (10.7, 0.05),
    "nri-kiuchi-rare-earth-1y": (2.6, 0.05),
    "nri-kiuchi-rare-earth-3m": (0.11, 0.005),
    "column-auto-rare-earth": (6.6, 0.05),
    "hri-thaad-2017": (8.5, 0.05),
    "credit-suisse-thaad": (7.3, 0.05),
    "jtb-visitors-2026": (1.2, 0.05),
}


@pytest.mark.parametrize("identifier", BACK_TESTS)
def test_back_test(evidence, identifier):
    published, tolerance = BACK_TESTS[identifier]
    row = estimates.reproduced(evidence).set_index("estimate_id").loc[identifier]
    assert row["published"] == published
    assert row["ours"] == pytest.approx(published, abs=tolerance)
    assert row["difference"] == pytest.approx(row["ours"] - published, abs=1e-6)


def test_the_tourism_estimate_step_by_step(evidence):
    """9,220,751 x 1.427 x 239,162 yen, against x 0.749: the arithmetic of the author's correction."""
    expected = 9_220_751 * (1.427 - 0.749) * 239_162 / 1e12
    assert estimates.ours(evidence, "nri-kiuchi-tourism-cn") == pytest.approx(expected)
    assert visitor_loss_jpy_bn(9_220_751, 25.1, 12, 42.7, 239_162) / 1000 == pytest.approx(expected)
    assert estimates.growth_share_of_loss_pct(evidence) == pytest.approx(42.7 / 67.8 * 100)


def test_the_withdrawn_estimate_does_not_follow(evidence):
    row = estimates.reproduced(evidence).set_index("estimate_id").loc["nri-kiuchi-tourism-v1"]
    assert row["status"] == "does not follow"
    assert row["ours"] == pytest.approx(9_220_751 * 0.251 * 239_162 / 1e12)
    inputs = estimates.inputs_of(evidence, "nri-kiuchi-tourism-v1")
    product = inputs["base_visitors"] * inputs["spending_per_visitor"] / 1e12
    assert inputs["reported_base_spending"] / product == pytest.approx(4, abs=0.0001)


def test_every_estimate_is_listed_and_every_gap_named(evidence):
    frame = estimates.reproduced(evidence)
    assert set(frame["estimate_id"]) == set(evidence.estimates["estimate_id"])
    gaps = frame[frame["status"].isin(["input missing", "in part", "compared"])]
    assert gaps["how"].str.contains("issing:", regex=False).all()
    assert not gaps["how"].str.contains("Not stated in what was read", regex=False).any()
    assert frame[frame["status"] == "input missing"]["ours"].isna().all()


def test_every_estimate_is_worked_or_says_what_is_missing(evidence):
    table = evidence.estimates
    assert ((table["how"] != "") | (table["missing"] != "")).all()
    assert set(table.loc[table["how"] != "", "estimate_id"]) == set(evidence.estimate_inputs["estimate_id"])


def test_every_input_is_used_or_explained(evidence):
    """Typed inputs that no formula reads would be dead data."""
    frame = evidence.estimate_inputs
    unread = frame[frame["part"] == ""]
    assert set(zip(unread["estimate_id"], unread["input"], strict=True)) == {
        ("nri-kiuchi-tourism-v1", "reported_base_spending"), ("nri-kiuchi-tourism-total", "gdp"),
        ("nri-kiuchi-dual-use-exposure", "imports_from_china"),
    }  # fmt: skip


def test_published_losses_stand_beside_the_channel_they_measure(evidence):
    frame = scenario_beside_published(evidence)
    beside = frame[frame["kind"] == "published"]
    assert set(beside["channel"]) == {"visitors", "rare_earths"}
    assert sorted(beside[beside["channel"] == "visitors"]["central_jpy_bn"]) == [1490, 1790, 2000]
    early = scenario_beside_published(evidence.cut("2025-11-30"))
    assert "rare_earths" not in set(early["channel"])
