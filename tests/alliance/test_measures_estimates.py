"""Published estimates against their own inputs: the back-tests, with stated tolerances."""

from __future__ import annotations

import pytest

from alliance.estimates import numbers as estimates
from alliance.scenarios.numbers import visitor_loss_jpy_bn

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
    """9,220,751 x 1.427 x 239,362 yen, against x 0.749: the arithmetic of the author's correction."""
    expected = 9_220_751 * (1.427 - 0.749) * 239_362 / 1e12
    assert estimates.ours(evidence, "nri-kiuchi-tourism-cn") == pytest.approx(expected)
    assert visitor_loss_jpy_bn(9_220_751, 25.1, 12, 42.7, 239_362) / 1000 == pytest.approx(expected)
    assert estimates.growth_share_of_loss_pct(evidence) == pytest.approx(42.7 / 67.8 * 100)


def test_the_withdrawn_estimate_does_not_follow(evidence):
    row = estimates.reproduced(evidence).set_index("estimate_id").loc["nri-kiuchi-tourism-v1"]
    assert row["status"] == "does not follow"
    assert row["ours"] == pytest.approx(9_220_751 * 0.251 * 239_362 / 1e12)
    inputs = estimates.inputs_of(evidence, "nri-kiuchi-tourism-v1")
    product = inputs["base_visitors"] * inputs["spending_per_visitor"] / 1e12
    assert inputs["reported_base_spending"] / product == pytest.approx(4, abs=0.01)


def test_every_estimate_is_listed_and_every_gap_named(evidence):
    frame = estimates.reproduced(evidence)
    assert set(frame["estimate_id"]) == set(evidence.estimates["estimate_id"])
    gaps = frame[frame["status"].isin(["input missing", "in part", "compared"])]
    assert gaps["how"].str.contains("issing:", regex=False).all()
    assert not gaps["how"].str.contains("Not stated in what was read", regex=False).any()
    assert frame[frame["status"] == "input missing"]["ours"].isna().all()


def test_every_estimate_has_a_recipe_or_says_what_is_missing(evidence):
    table = evidence.estimates.set_index("estimate_id")["missing"]
    assert set(estimates.RECIPES) | set(table[table != ""].index) == set(table.index)


def test_every_input_is_used_or_explained(evidence):
    """Typed inputs that no recipe reads would be dead data."""
    context = {("nri-kiuchi-tourism-v1", "reported_base_spending"), ("nri-kiuchi-tourism-total", "gdp"),
               ("nri-kiuchi-dual-use-exposure", "imports_from_china")}  # fmt: skip

    class Reading(dict):
        def __init__(self, data):
            super().__init__(data)
            self.read = set()

        def __getitem__(self, key):
            self.read.add(key)
            return super().__getitem__(key)

        def get(self, key, default=None):
            self.read.add(key)
            return super().get(key, default)

    for identifier, recipe in estimates.RECIPES.items():
        inputs = Reading(estimates.inputs_of(evidence, identifier))
        recipe.compute(inputs)
        unread = {(identifier, name) for name in inputs} - {(identifier, name) for name in inputs.read}
        assert unread <= context, unread


def test_published_losses_stand_beside_the_channel_they_measure(evidence):
    frame = estimates.scenario_beside_published(evidence)
    beside = frame[frame["kind"] == "published"]
    assert set(beside["channel"]) == {"visitors", "rare_earths"}
    assert sorted(beside[beside["channel"] == "visitors"]["central_jpy_bn"]) == [1490, 1790, 2000]
    early = estimates.scenario_beside_published(evidence.cut("2025-11-30"))
    assert "rare_earths" not in set(early["channel"])
