"""Published estimates of the cost, worked again from their own published inputs.

Each recipe is one small formula over the typed inputs of one estimate. Where an input is missing it is named. Two
estimates whose inputs were not published are set against this report's own inputs, and marked as such.
"""

import math
from typing import Any

import pandas as pd

from alliance.scenarios.numbers import base_figures, visitor_loss_jpy_bn
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import PERCENT, change_pct, codes, share_pct

TOLERANCE_PCT = 2.0
"""An estimate counts as reproduced when ours lies this near: room for inputs printed with two or three figures."""

DECIMALS = 6  # beyond these a difference is noise of the machine


def inputs_of(evidence: Evidence, estimate_id: str) -> dict[str, float]:
    """Return the typed inputs of one estimate by name."""
    frame = evidence.estimate_inputs
    found = frame[frame["estimate_id"] == estimate_id]
    return dict(zip(found["input"], found["value"], strict=True))


def compared_pct_gdp(evidence: Evidence) -> dict[str, float]:
    """Return shares of product by this report's inputs for estimates whose own inputs were not published.

    The fall of 2012 and a halving of visitors from the mainland and Hong Kong, as gross spending, in per cent.
    """
    base, mainland = base_figures(evidence), inputs_of(evidence, "nri-kiuchi-tourism-cn")
    hong_kong = inputs_of(evidence, "nri-kiuchi-tourism-hk")
    spending = mainland["spending_per_visitor"]
    as_2012 = visitor_loss_jpy_bn(base.visitors, mainland["drop"], 12, 0, spending)
    halved = visitor_loss_jpy_bn(base.visitors, 50, 12, 0, spending) + visitor_loss_jpy_bn(
        hong_kong["base_visitors"], 50, 12, 0, hong_kong["substitute_spending_per_visitor"]
    )
    return {
        "daiwa-tourism-low": share_pct(as_2012, base.gdp_jpy_bn),
        "goldman-tourism-gross": share_pct(halved, base.gdp_jpy_bn),
    }


def reproduced(evidence: Evidence) -> pd.DataFrame:
    """Return every published estimate beside ours, the reproduced first, and what is missing where none is.

    `ours` and `difference` are in the unit of `published`, and empty where an input is missing.
    """
    compared = compared_pct_gdp(evidence)
    rows = [_row(evidence, row, compared.get(row["estimate_id"])) for row in evidence.estimates.to_dict("records")]
    columns = "estimate_id who published_day channel assumption published ours difference unit status how source_ids"
    frame = pd.DataFrame(rows, columns=columns.split())
    order = frame.assign(rank=frame["status"].map(list(codes(evidence, "estimate")).index)).sort_values(
        ["rank", "published_day", "estimate_id"]
    )
    return order.drop(columns="rank").reset_index(drop=True)


PROPER = {"gdp": "GDP", "china": "China", "hong": "Hong", "kong": "Kong"}


def _stated(inputs: pd.DataFrame) -> str:
    """Return inputs in words, each with its unit."""
    said = []
    for name, number, unit in zip(inputs["input"], inputs["value"], inputs["unit"], strict=True):
        words = " ".join(PROPER.get(word, word) for word in name.split("_"))
        ending = {"per cent": "%", "unit": "", name: ""}.get(unit, f" {unit}")
        said.append(f"{words} {number:,.10g}{ending}")
    return "; ".join(said)


SIZES = {"per": 0.01, "%": 0.01, "months": 1 / 12, "million": 1e6, "billion": 1e9, "trillion": 1e12}
"""What a unit that begins so counts in: months are parts of a year."""


def _size(unit: str) -> float:
    return SIZES.get(unit.partition(" ")[0], 1)


def worked(inputs: pd.DataFrame, unit: str) -> float:
    """Return (plus - minus) × times / over of the inputs of one estimate, in a unit."""
    sized = inputs.assign(value=inputs["value"] * inputs["unit"].map(_size)).groupby("part")["value"]
    plus, minus, times, over = (
        list(sized.get_group(part)) if part in sized.groups else [] for part in ("plus", "minus", "times", "over")
    )
    total = math.fsum(plus) - math.fsum(minus) if plus else 1
    return total * math.prod(times) / math.prod(over) / _size(unit)


def _row(evidence: Evidence, row: dict[str, Any], compared: float | None) -> tuple[Any, ...]:
    inputs = evidence.estimate_inputs[evidence.estimate_inputs["estimate_id"] == row["estimate_id"]]
    in_share = compared is not None or pd.isna(row["loss_value"])
    target = row["works_out"] or ("pct_gdp" if in_share else "loss_value")
    unit = "% of product" if target == "pct_gdp" else row["loss_unit"]
    published, ours, how = float(row[target]), math.nan, row["how"]
    if how:
        ours = round(worked(inputs, unit), DECIMALS)
    elif compared is not None:
        ours, how = compared, "Gross spending by this report's inputs"
    missing = row["missing"] or ("" if row["how"] else "Not stated in what was read")
    status = "input missing" if compared is None else "compared"
    if row["how"]:
        near = abs(change_pct(ours, published)) <= TOLERANCE_PCT
        status = "in part" if missing else "reproduced" if near else "does not follow"
    given = f"Inputs: {_stated(inputs)}" if row["how"] else ""
    lacking = f"Missing: {missing[0].lower()}{missing[1:]}" if missing else ""
    words = ". ".join(filter(None, (how, given, lacking)))
    who = f"{row['author']}, {row['institution']}" if row["author"] else row["institution"]
    about = (row["estimate_id"], who, row["published"], row["channel"], row["assumption"])
    return *about, published, ours, round(ours - published, DECIMALS), unit, status, words, row["source_ids"]


def growth_share_of_loss_pct(evidence: Evidence) -> float:
    """Return how much of the mainland tourism estimate is growth forgone rather than visitors lost, in per cent."""
    inputs = inputs_of(evidence, "nri-kiuchi-tourism-cn")
    return inputs["growth"] / (inputs["growth"] + inputs["drop"]) * PERCENT


def ours(evidence: Evidence, estimate_id: str) -> float:
    """Return this project's working of one estimate, in the unit of the published number."""
    return float(reproduced(evidence).set_index("estimate_id").at[estimate_id, "ours"])


def published(evidence: Evidence, estimate_id: str, column: str = "loss_value") -> float:
    """Return the published number of one estimate, in its own unit."""
    frame = evidence.estimates.set_index("estimate_id")
    return float(frame.at[estimate_id, column])


def exposed_share_pct(evidence: Evidence) -> float:
    """Return the dual-use exposure in per cent of all imports from China of its year."""
    total = inputs_of(evidence, "nri-kiuchi-dual-use-exposure")["imports_from_china"]
    return ours(evidence, "nri-kiuchi-dual-use-exposure") / total * PERCENT
