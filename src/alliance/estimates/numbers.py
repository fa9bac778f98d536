"""Published estimates of the cost, worked again from their own published inputs.

Each recipe is one small formula over the typed inputs of one estimate. Where an input is missing it is named. Two
estimates whose inputs were not published are set against this report's own inputs, and marked as such.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from alliance.scenarios.numbers import BN_PER_TN, base_figures, scenario, visitor_loss_jpy_bn
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import PERCENT, change_pct, share_pct

TOLERANCE_PCT = 2.0
"""An estimate counts as reproduced when ours lies this near: room for inputs printed with two or three figures."""

Inputs = Mapping[str, float]
DECIMALS = 6
"""Beyond these a difference is noise of the machine."""
STATUS_WORDS = {
    "reproduced": "Reproduced from its own inputs",
    "in part": "In part: an input is missing",
    "compared": "Inputs not published; compared with ours",
    "does not follow": "Does not follow from its own inputs",
    "input missing": "Not reproducible: input missing",
}
STATUS = tuple(STATUS_WORDS)


@dataclass(frozen=True)
class Recipe:
    """How an estimate is worked again.

    Attributes
    ----------
    compute : callable
        From its published inputs to the number, in the unit of `target`.
    target : str
        Which published number it meets: ``loss_value`` or ``pct_gdp``.
    how : str
        The arithmetic in words.
    """

    compute: Callable[[Inputs], float]
    target: str
    how: str


def tourism_tn(i: Inputs, spending: str = "spending_per_visitor") -> float:
    """Return the tourism loss in trillion yen by the same formula as the scenario's."""
    months, growth = i.get("months", 12), i.get("growth", 0)
    return visitor_loss_jpy_bn(i["base_visitors"], i["drop"], months, growth, i[spending]) / BN_PER_TN


def sum_of(*names: str) -> Callable[[Inputs], float]:
    """Return a recipe that adds up inputs."""
    return lambda i: math.fsum(i[name] for name in names)


RECIPES = {
    "nri-kiuchi-tourism-v1": Recipe(
        tourism_tn,
        "loss_value",
        "Visitors × 25.1% × spending per visitor; the base printed with it, 8.82 trillion yen, is about four times "
        "visitors × spending",
    ),
    "nri-kiuchi-tourism-cn": Recipe(
        tourism_tn, "loss_value", "Visitors × (42.7% growth forgone + 25.1% fall) × spending per visitor"
    ),
    "nri-kiuchi-tourism-hk": Recipe(
        lambda i: tourism_tn(i, "substitute_spending_per_visitor"),
        "loss_value",
        "The same formula, with the spending of 2024 in place of the missing input",
    ),
    "nri-kiuchi-tourism-total": Recipe(
        sum_of("mainland_loss", "hong_kong_loss"), "loss_value", "Mainland China + Hong Kong, as rounded by the author"
    ),
    "nri-kiuchi-rare-earth-3m": Recipe(
        lambda i: i["published_loss"] / i["gdp"] * PERCENT,
        "pct_gdp",
        "Only the share: published loss / gross domestic product",
    ),
    "nri-kiuchi-rare-earth-1y": Recipe(
        lambda i: i["three_month_loss"] * i["quarters"],
        "loss_value",
        "Four times the published loss of three months: our reading",
    ),
    "nri-kiuchi-dual-use-exposure": Recipe(
        sum_of("electrical_equipment", "optical_instruments", "computers", "rare_earths"),
        "loss_value",
        "Sum of four groups of goods: imports exposed, not a loss",
    ),
    "column-auto-rare-earth": Recipe(
        lambda i: i["car_value_added"] * i["import_dependence"] / PERCENT,
        "loss_value",
        "Value added of the car industry × 60% dependence",
    ),
    "jtb-visitors-2026": Recipe(
        lambda i: i["visitors_2025"] - i["visitors_2026"],
        "loss_value",
        "Visitors expected for 2025 - visitors expected for 2026, all countries",
    ),
    "hri-thaad-2017": Recipe(sum_of("tourism_loss", "trade_loss"), "loss_value", "Tourism + trade"),
    "credit-suisse-thaad": Recipe(
        lambda i: i["package_tourists"] * i["spending_per_tourist"] / 1000,
        "loss_value",
        "Package tourists × spending per head",
    ),
}


def inputs_of(evidence: Evidence, estimate_id: str) -> dict[str, float]:
    """Return the typed inputs of one estimate by name."""
    frame = evidence.estimate_inputs
    found = frame[frame["estimate_id"] == estimate_id]
    return dict(zip(found["input"], found["value"], strict=True))


def compared_pct_gdp(evidence: Evidence) -> dict[str, float]:
    """Return shares of product by this report's inputs for estimates whose own inputs were not published.

    The fall of 2012 and a halving of visitors from the mainland and Hong Kong, as gross spending.
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
    """Return every published estimate beside ours: what can be worked again, and what is missing where it cannot.

    Returns
    -------
    DataFrame
        Columns estimate_id, who, published_day, channel, assumption, published, ours, difference, unit, status,
        how, source_ids; `ours` and `difference` are empty where an input is missing. The reproduced come first.
    """
    compared = compared_pct_gdp(evidence)
    rows = [_row(evidence, row, compared.get(row["estimate_id"])) for row in evidence.estimates.to_dict("records")]
    columns = "estimate_id who published_day channel assumption published ours difference unit status how source_ids"
    frame = pd.DataFrame(rows, columns=columns.split())
    order = frame.assign(rank=frame["status"].map(STATUS.index)).sort_values(["rank", "published_day", "estimate_id"])
    return order.drop(columns="rank").reset_index(drop=True)


def stated_inputs(evidence: Evidence, estimate_id: str) -> str:
    """Return the typed inputs of one estimate in words, each with its unit."""
    frame = evidence.estimate_inputs
    rows = frame[frame["estimate_id"] == estimate_id].to_dict("records")
    return "; ".join(_input_words(r["input"], r["value"], r["unit"]) for r in rows)


PROPER = {"gdp": "GDP", "china": "China", "hong": "Hong", "kong": "Kong"}


def _input_words(name: str, number: float, unit: str) -> str:
    words = " ".join(PROPER.get(word, word) for word in name.split("_"))
    endings = {"per cent": "%", "unit": "", name: ""}
    return f"{words} {number:,.10g}{endings.get(unit, ' ' + unit)}"


def _row(evidence: Evidence, row: dict[str, Any], compared: float | None) -> tuple[Any, ...]:
    identifier = str(row["estimate_id"])
    inputs = inputs_of(evidence, identifier)
    recipe = RECIPES.get(identifier) if inputs else None
    in_share = compared is not None or pd.isna(row["loss_value"])
    target = recipe.target if recipe else "pct_gdp" if in_share else "loss_value"
    published = float(row[target])
    ours = recipe.compute(inputs) if recipe else compared if compared is not None else math.nan
    how = recipe.how if recipe else "Gross spending by this report's inputs" if compared is not None else ""
    missing = str(row["missing"]) or ("" if recipe else "Not stated in what was read")
    status = status_of(recipe, compared, published, ours, missing)
    given = f"Inputs: {stated_inputs(evidence, identifier)}" if recipe else ""
    lacking = f"Missing: {missing[0].lower()}{missing[1:]}" if missing else ""
    words = ". ".join(part for part in (how, given, lacking) if part)
    who = f"{row['author']}, {row['institution']}" if row["author"] else str(row["institution"])
    unit = "% of product" if target == "pct_gdp" else str(row["loss_unit"])
    about = (identifier, who, row["published"], row["channel"], row["assumption"])
    return *about, published, ours, round(ours - published, DECIMALS), unit, status, words, row["source_ids"]


def status_of(recipe: Recipe | None, compared: float | None, published: float, ours: float, missing: str) -> str:
    """Say how far an estimate could be worked again (one of `STATUS`)."""
    if recipe is None:
        return "compared" if compared is not None else "input missing"
    if missing:
        return "in part"
    return "reproduced" if abs(change_pct(ours, published)) <= TOLERANCE_PCT else "does not follow"


def growth_share_of_loss_pct(evidence: Evidence) -> float:
    """Return how much of the mainland tourism estimate is growth forgone rather than visitors lost, in per cent."""
    inputs = inputs_of(evidence, "nri-kiuchi-tourism-cn")
    return inputs["growth"] / (inputs["growth"] + inputs["drop"]) * PERCENT


CHANNEL_OF = {"tourism": "visitors", "rare_earths": "rare_earths"}
NOT_BESIDE = ("nri-kiuchi-tourism-v1", "nri-kiuchi-tourism-hk", "daiwa-rare-metals")
"""Withdrawn; Hong Kong alone; other metals too: not what the scenario's channel measures."""


def scenario_beside_published(evidence: Evidence, **chosen: float) -> pd.DataFrame:
    """Return the scenario's costs with the losses in yen that others have published for the same channel.

    Returns
    -------
    DataFrame
        The columns of `scenario` and kind: "scenario" for its rows, "published" for an estimate, whose number stands
        in `central_jpy_bn` and whose author stands in `label`.
    """
    ours = scenario(evidence, **chosen).assign(kind="scenario")
    frame = evidence.estimates
    beside = frame[
        (frame["loss_unit"] == "trillion yen")
        & frame["channel"].isin(list(CHANNEL_OF))
        & frame["channel"].map(CHANNEL_OF).isin(ours["channel"])
        & ~frame["estimate_id"].isin(NOT_BESIDE)
    ]
    rows = [
        {
            "channel": CHANNEL_OF[row["channel"]],
            "label": f"{row['institution']}, {row['horizon']}",
            "central_jpy_bn": row["loss_value"] * BN_PER_TN,
            "central_pct_gdp": row["pct_gdp"],
            "kind": "published",
            "changed": "",
            "source_ids": row["source_ids"],
        }
        for row in beside.to_dict("records")
    ]
    return pd.concat([ours, pd.DataFrame(rows)], ignore_index=True)


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
