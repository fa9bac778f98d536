"""The scenario: formulas by hand, directions and sizes under any assumption, and what each assumption rests on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance.scenarios import numbers as s
from alliance.scenarios.parameters import BY_NAME, PARAMETERS, ScenarioError, checked
from explainer.exhibits.lookups import stated, value

NAMES = [p.name for p in PARAMETERS]


def test_visitors_by_hand():
    # 1,200 visitors a year, half missing for six months: 300 missing; at 1,000,000 yen: 0.3 bn; a quarter replaced
    assert s.visitor_loss_jpy_bn(1_200, 50, 6, 0, 1_000_000) == pytest.approx(0.3)
    assert s.visitor_loss_jpy_bn(1_200, 50, 6, 0, 1_000_000, 25) == pytest.approx(0.225)
    assert s.visitor_loss_jpy_bn(1_200, 50, 6, 50, 1_000_000) == pytest.approx(0.6)


def test_other_channels_by_hand():
    base, numbers = s.Base(1, 1_000, 120, 50, 500), dict.fromkeys(BY_NAME, 0) | {"export_drop_pct": 10}
    numbers |= {"rare_earth_stop_months": 3, "rare_earth_loss_jpy_bn_per_month": 220, "seafood_stop_months": 6}
    costs = s.costs_jpy_bn(base, numbers)
    assert [costs[c] for c in ("exports", "rare_earths", "seafood")] == pytest.approx([100, 660, 30])
    assert s.costs_jpy_bn(base, numbers | {"seafood_redirected_pct": 40})["seafood"] == pytest.approx(18)


@given(name=st.sampled_from(NAMES), share=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_every_assumption_moves_the_total_the_way_its_ends_say(evidence, name, share):
    """From the cheap end towards the dear end the total never falls, and only its own channel moves."""
    parameter = BY_NAME[name]
    at = parameter.low + share * (parameter.high - parameter.low)
    base = s.base_figures(evidence)
    costs = [s.costs_jpy_bn(base, {**checked({}), name: x}) for x in (parameter.low, at, parameter.high)]
    totals = [sum(c.values()) for c in costs]
    assert totals[0] - 1e-6 <= totals[1] <= totals[2] + 1e-6
    for channel in set(s.CHANNELS) - {parameter.channel}:
        assert costs[0][channel] == costs[1][channel] == costs[2][channel]


@given(name=st.sampled_from(NAMES), share=st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_ranges_hold_under_any_readers_assumption(evidence, name, share):
    """Whatever a reader sets, lowest <= middle <= highest, and the range is not narrower than the published one."""
    parameter = BY_NAME[name]
    chosen = {name: parameter.minimum + share * (parameter.maximum - parameter.minimum)}
    default, frame = s.scenario(evidence), s.scenario(evidence, **chosen)
    assert (frame["low_jpy_bn"] <= frame["central_jpy_bn"] + 1e-6).all()
    assert (frame["central_jpy_bn"] <= frame["high_jpy_bn"] + 1e-6).all()
    assert (frame["low_jpy_bn"] <= default["low_jpy_bn"] + 1e-6).all()
    assert (frame["high_jpy_bn"] >= default["high_jpy_bn"] - 1e-6).all()


def test_total_is_the_sum_and_shares_follow(evidence):
    frame = s.scenario(evidence).set_index("channel")
    parts = frame.drop(index="total")
    for end in ("low", "central", "high"):
        assert frame.at["total", f"{end}_jpy_bn"] == pytest.approx(parts[f"{end}_jpy_bn"].sum())
    assert frame.at["total", "central_pct_gdp"] == pytest.approx(frame.at["total", "central_jpy_bn"] / 607_900 * 100)


def test_the_default_scenario_by_hand(evidence):
    visitors = 9_220_751 * 0.50 * 239_162 * 0.75 / 1e9
    seafood = 87.1 * (90.8 + 83.8 + 86.9) / 300 * 22 / 12 * 0.59
    assert s.default_cost_tn(evidence, "visitors") == pytest.approx(visitors / 1000)
    assert s.default_cost_tn(evidence, "seafood") == pytest.approx(seafood / 1000)
    assert s.default_cost_tn(evidence) == pytest.approx((visitors + seafood + 660) / 1000)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"visitor_drop": 30}, "did you mean visitor_drop_pct"),
        ({"visitor_drop_pct": 101}, "between 0 and 100"),
        ({"visitor_drop_pct": -1}, "between 0 and 100"),
        ({"rare_earth_stop_months": float("nan")}, "between 0 and 120"),
    ],
)
def test_bad_assumptions_are_refused(evidence, chosen, words):
    with pytest.raises(ScenarioError, match=words):
        s.scenario(evidence, **chosen)


SAID = {  # what each borrowed value's row says, in its own words
    ("visitor_drop_pct", "default"): "are halved",
    ("visitor_drop_pct", "low"): "-25.1",
    ("visitor_drop_pct", "high"): "-60",
    ("visitor_drop_months", "default"): "About one year",
    ("visitor_drop_months", "low"): "March-October 2017",
    ("visitor_drop_months", "high"): "About 22 months",
    ("visitor_growth_pct", "high"): "42.7",
    ("replaced_pct", "low"): "after offsets",
    ("replaced_pct", "high"): "No offset",
    ("export_drop_pct", "high"): "-10.8",
    ("rare_earth_stop_months", "default"): "three months",
    ("rare_earth_stop_months", "high"): "one year",
    ("seafood_stop_months", "default"): "About 22 months",
    ("seafood_stop_months", "low"): "About one year",
    ("seafood_stop_months", "high"): "About four years",
    ("seafood_redirected_pct", "low"): "new markets made up 3.3 billion",
}


@pytest.mark.parametrize(("name", "end"), SAID)
def test_every_borrowed_value_stands_in_the_row_it_names(evidence, name, end):
    assert stated(evidence, getattr(BY_NAME[name], f"{end}_basis"), SAID[(name, end)])


def test_values_from_numbers_equal_the_numbers(evidence):
    spending = BY_NAME["spending_per_visitor_jpy"]
    for end in ("default", "low", "high"):
        assert getattr(spending, end) == value(evidence, *getattr(spending, f"{end}_basis").split("/"))
    monthly, estimates = BY_NAME["rare_earth_loss_jpy_bn_per_month"], evidence.estimates.set_index("estimate_id")
    assert monthly.default == pytest.approx(estimates.at["nri-kiuchi-rare-earth-3m", "loss_value"] * 1000 / 3)
    assert monthly.high == pytest.approx(estimates.at["daiwa-rare-earth", "loss_value"] * 1000 / 12)
    half = estimates.at["mizuho-rare-earth-half", "pct_gdp"] / 100 * s.base_figures(evidence).gdp_jpy_bn
    used = {p.name: p.low for p in s.known_parameters(evidence)}
    assert used[monthly.name] == pytest.approx(half / 12)


def test_no_borrowed_value_is_left_unchecked():
    checked = set(SAID) | {(n, e) for n in ("spending_per_visitor_jpy", "rare_earth_loss_jpy_bn_per_month")
                           for e in ("default", "low", "high")}  # fmt: skip
    named = {(p.name, e) for p in PARAMETERS for e in ("default", "low", "high") if getattr(p, f"{e}_basis")}
    assert named == checked


def test_what_was_not_published_by_the_day_is_not_used(evidence):
    november, january, latest = (s.scenario(evidence.cut(d)) for d in ("2025-11-30", "2026-01-28", "2026-08-21"))
    assert "rare_earths" not in set(november["channel"]) and "rare_earths" in set(january["channel"])
    assert january["high_jpy_bn"].equals(latest["high_jpy_bn"])
    low = {p.name: p.low for p in s.known_parameters(evidence.cut("2026-01-28"))}
    assert low["rare_earth_loss_jpy_bn_per_month"] == 220  # the estimate behind the lower end came in February


def test_tornado_is_sorted_and_moves_one_assumption_at_a_time(evidence):
    frame = s.tornado(evidence)
    assert frame["span_jpy_bn"].is_monotonic_decreasing
    assert frame["total_central_jpy_bn"].nunique() == 1
    months_row = frame.set_index("parameter").loc["rare_earth_stop_months"]
    assert months_row["span_jpy_bn"] == pytest.approx(12 * 220)
    assert months_row["total_low_jpy_bn"] == pytest.approx(months_row["total_central_jpy_bn"] - 660)


def test_ends_and_defaults_lie_in_the_allowed_range():
    for p in PARAMETERS:
        assert p.minimum <= min(p.low, p.high, p.default) and max(p.low, p.high, p.default) <= p.maximum
        assert min(p.low, p.high) <= p.default <= max(p.low, p.high), p.name
