"""What the measures could cost Japan: four channels, each one formula, under assumptions that a reader can change.

Every assumption has a default and two ends, and each of these rests on a row of the evidence, named beside it.
The base figures (visitors, exports, gross domestic product) are read from the evidence. Results are gross sales
or published losses in billion yen over the whole length of the scenario, set against one year's product.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from alliance.scenarios.parameters import (
    CHANNELS,
    Parameter,
    __getattr__,  # noqa: F401 - chapters take BY_NAME from here
    changed,
    checked,
    in_words,
    own,
    read,
)
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import PERCENT, cited, observations, share_pct, value

MONTHS_PER_YEAR = 12
JPY_PER_BN = 1e9
BN_PER_TN = 1000.0

BASE_VISITORS = ("vis_cn_12m", "2025-09")
"""Mainland Chinese visitors in the last twelve months counted before the remark."""
BASE_EXPORTS = ("trade_exp_cn", "2024")
BASE_SEAFOOD = ("sea_cn_y", "2022")
"""The last year before the first ban; what was shipped in the autumn of 2025 was close to nothing."""
SEAFOOD_FALLS = ("2023-09", "2023-10", "2023-11")
"""The months after the ban of August 2023 for which the fall was found."""
BASES = ("default_basis", "low_basis", "high_basis")
GDP_INPUT = ("nri-kiuchi-tourism-total", "gdp")


def visitor_loss_jpy_bn(
    base_visitors: float,
    drop_pct: float,
    months: float,
    growth_pct: float,
    spending_per_visitor_jpy: float,
    replaced_pct: float = 0.0,
) -> float:
    """Return spending lost when visitors fall instead of growing, in billion yen over `months`.

    Both the fall and the growth forgone are counted from the twelve months `base_visitors`.
    """
    visitors_missing = base_visitors * (drop_pct + growth_pct) / PERCENT * months / MONTHS_PER_YEAR
    return visitors_missing * spending_per_visitor_jpy * (1 - replaced_pct / PERCENT) / JPY_PER_BN


@dataclass(frozen=True)
class Base:
    """What the scenario starts from."""

    visitors: float
    exports_jpy_bn: float
    seafood_jpy_bn_per_year: float
    seafood_fall_pct: float
    gdp_jpy_bn: float


def base_figures(evidence: Evidence) -> Base:
    """Read the base figures from the evidence."""
    falls = [-value(evidence, "sea_cn_yoy_m", month) for month in SEAFOOD_FALLS]
    return Base(
        value(evidence, *BASE_VISITORS),
        value(evidence, *BASE_EXPORTS),
        value(evidence, *BASE_SEAFOOD),
        math.fsum(falls) / len(falls),
        estimate_input(evidence, *GDP_INPUT) * BN_PER_TN,
    )


def estimate_input(evidence: Evidence, estimate_id: str, name: str) -> float:
    """Return one published input of one estimate, in its own unit."""
    frame = evidence.estimate_inputs
    return float(frame[(frame["estimate_id"] == estimate_id) & (frame["input"] == name)]["value"].item())


def costs_jpy_bn(base: Base, numbers: Mapping[str, float]) -> dict[str, float]:
    """Return the cost of each channel in billion yen under one set of assumptions."""
    n = numbers
    of_visitors = [p.name for p in own().values() if p.channel == "visitors"]
    stopped = base.seafood_jpy_bn_per_year * base.seafood_fall_pct / PERCENT * n["seafood_stop_months"]
    return {
        "visitors": visitor_loss_jpy_bn(base.visitors, *(n[name] for name in of_visitors)),
        "exports": base.exports_jpy_bn * n["export_drop_pct"] / PERCENT,
        "rare_earths": n["rare_earth_stop_months"] * n["rare_earth_loss_jpy_bn_per_month"],
        "seafood": stopped / MONTHS_PER_YEAR * (1 - n["seafood_redirected_pct"] / PERCENT),
    }


def known_parameters(evidence: Evidence, chosen: Mapping[str, float] | None = None) -> list[Parameter]:
    """Return the assumptions as far as they were known by the day, with `chosen` as their middle values.

    An assumption whose default rests on something published later is left out, and its channel with it. An end
    published later gives way to the middle value. An end that the chosen value passes moves out to it, so that the
    span is never narrower than the published one.
    """
    numbers = checked(chosen or {})
    missing = {p.channel for p in read(evidence) if not _known(evidence, p.default_basis)}
    known = [p for p in read(evidence) if p.channel not in missing]
    return [_ends(evidence, p, numbers[p.name]) for p in known]


def _ends(evidence: Evidence, parameter: Parameter, middle: float) -> Parameter:
    low = parameter.low
    if parameter.low_pct_gdp:
        gdp_jpy_bn = estimate_input(evidence, *GDP_INPUT) * BN_PER_TN
        low = parameter.low_pct_gdp / PERCENT * gdp_jpy_bn / MONTHS_PER_YEAR
    upward = parameter.high >= low
    low = low if _known(evidence, parameter.low_basis) else parameter.default
    high = parameter.high if _known(evidence, parameter.high_basis) else parameter.default
    low, high = (min(low, middle), max(high, middle)) if upward else (max(low, middle), min(high, middle))
    return parameter._replace(default=middle, low=low, high=high)


def _known(evidence: Evidence, basis: str) -> bool:
    return not basis or bool(basis_sources(evidence, basis))


def basis_sources(evidence: Evidence, basis: str) -> list[str]:
    """Return the sources of the row that a value rests on; empty when it was not known by the day."""
    if "/" in basis:
        series, _, period = basis.partition("/")
        found = observations(evidence, series)
        return list(found.loc[found["period"] == period, "source_id"])
    return list_items(_cited_by_row(evidence).get(basis, ""))


@lru_cache(maxsize=8)
def _cited_by_row(evidence: Evidence) -> dict[str, str]:
    """Return the sources of each estimate and precedent by its id."""
    tables = (evidence.estimates, "estimate_id"), (evidence.economic_precedents, "precedent_id")
    return {key: ids for frame, name in tables for key, ids in zip(frame[name], frame["source_ids"], strict=True)}


def scenario(evidence: Evidence, **chosen: float) -> pd.DataFrame:
    """Return the cost of each channel and of all together: lowest, middle and highest, in billion yen and per cent.

    The lowest and the highest set every assumption of a channel at its cheap or dear end at once, which is not
    likely: they bound the answer rather than forecast it. Channels not known by the day are left out. The last row is
    the total. ``changed`` names assumptions set by the reader; ``default_jpy_bn`` is the middle under the report's own.
    """
    base, known = base_figures(evidence), known_parameters(evidence, chosen)
    present = [c for c in CHANNELS if any(p.channel == c for p in known)]
    runs = {
        end: costs_jpy_bn(base, {**checked({}), **{p.name: getattr(p, field) for p in known}})
        for end, field in (("low", "low"), ("central", "default"), ("high", "high"))
    }
    rows = []
    for channel, label, parts in [*((c, CHANNELS[c], [c]) for c in present), ("total", "All together", present)]:
        losses = [math.fsum(costs[c] for c in parts) for costs in runs.values()]
        sources = _resting_on(evidence, [p for p in known if p.channel in parts])
        rows.append((channel, label, *losses, *(share_pct(loss, base.gdp_jpy_bn) for loss in losses), sources))
    columns = [f"{end}_{unit}" for unit in ("jpy_bn", "pct_gdp") for end in runs]
    own = pd.DataFrame(rows, columns=["channel", "label", *columns, "source_ids"]).assign(changed=changed(chosen))
    default = scenario(evidence) if own["changed"].any() else own
    return own.assign(default_jpy_bn=default["central_jpy_bn"].to_numpy())


def scenario_beside_published(evidence: Evidence, **chosen: float) -> pd.DataFrame:
    """Return the scenario's costs with the losses in yen that others have published for the same channel.

    The columns of `scenario`, and kind: "scenario" for its rows, "published" for an estimate, whose number stands in
    `central_jpy_bn` and whose author stands in `label`.
    """
    ours, others = scenario(evidence, **chosen).assign(kind="scenario"), evidence.estimates
    others = others[others["beside"].isin(ours["channel"])]
    theirs = pd.DataFrame({
        "channel": others["beside"],
        "label": others["institution"] + ", " + others["horizon"],
        "central_jpy_bn": others["loss_value"] * BN_PER_TN,
        "central_pct_gdp": others["pct_gdp"],
        "kind": "published",
        "changed": "",
        "source_ids": others["source_ids"],
    })  # fmt: skip
    return pd.concat([ours, theirs], ignore_index=True)


def _resting_on(evidence: Evidence, known: Sequence[Parameter], bases: Sequence[str] = BASES, most: int = 2) -> str:
    """Return the most direct sources of the rows on which assumptions rest."""
    used = [getattr(p, name) for p in known for name in bases]
    return cited(*(source for basis in used if basis for source in basis_sources(evidence, basis)[:most]))


def _own(parameter: Parameter) -> str:
    """Write a middle value; one that a reader has set, with the report's own beside it."""
    text, default = in_words(parameter.default, parameter), own()[parameter.name].default
    return text if parameter.default == default else f"{text} (report: {in_words(default, parameter)})"


def assumptions(evidence: Evidence, **chosen: float) -> pd.DataFrame:
    """Return the assumptions in use: default and ends in words, why, and the row on which the default rests."""
    known = known_parameters(evidence, chosen)
    return pd.DataFrame(
        {
            "parameter": [p.name for p in known],
            "label": [p.label for p in known],
            "channel_label": [CHANNELS[p.channel] for p in known],
            "central": [_own(p) for p in known],
            "low": [in_words(p.low, p) for p in known],
            "high": [in_words(p.high, p) for p in known],
            "why": [p.why for p in known],
            "rests_on": [own()[p.name].default_basis or "our choice" for p in known],
            "source_ids": [_resting_on(evidence, [p]) for p in known],
            "changed": changed(chosen),
        }
    )


def tornado(evidence: Evidence, **chosen: float) -> pd.DataFrame:
    """Return how far each assumption alone moves the total in billion yen, the others at their middle values.

    The widest span first; spans of nothing are left out.
    """
    base, known = base_figures(evidence), known_parameters(evidence, chosen)
    present, middle = {p.channel for p in known}, {**checked({}), **{p.name: p.default for p in known}}

    def total(name: str, number: float) -> float:
        parts = [v for c, v in costs_jpy_bn(base, {**middle, name: number}).items() if c in present]
        return float(np.sum(parts))  # as every Python adds: `sum` has added otherwise since 3.12

    frame = pd.DataFrame(
        {
            "parameter": [p.name for p in known],
            "label": [p.label for p in known],
            "low_value": [in_words(p.low, p) for p in known],
            "high_value": [in_words(p.high, p) for p in known],
            "total_low_jpy_bn": [total(p.name, p.low) for p in known],
            "total_central_jpy_bn": [total(p.name, p.default) for p in known],
            "total_high_jpy_bn": [total(p.name, p.high) for p in known],
            "source_ids": [_resting_on(evidence, [p], ("low_basis", "high_basis"), 1) for p in known],
        }
    )
    frame = frame.assign(span_jpy_bn=frame["total_high_jpy_bn"] - frame["total_low_jpy_bn"], changed=changed(chosen))
    return frame[frame["span_jpy_bn"] > 0].sort_values("span_jpy_bn", ascending=False, ignore_index=True)


def default_cost_tn(evidence: Evidence, channel: str = "total", end: str = "central", without: str = "") -> float:
    """Return one cost of the default scenario in trillion yen, whatever a reader has set; less a channel `without`."""
    costs = scenario(evidence).set_index("channel")[f"{end}_jpy_bn"]
    return float(costs[channel] - costs.get(without, 0.0)) / BN_PER_TN


def default_total_pct_gdp(evidence: Evidence, end: str = "central") -> float:
    """Return the total of the default scenario in per cent of one year's gross domestic product."""
    return float(scenario(evidence).set_index("channel").at["total", f"{end}_pct_gdp"])


def default_span_tn(evidence: Evidence, parameter: str) -> float:
    """Return how far one assumption alone moves the default total between its ends, in trillion yen."""
    return float(tornado(evidence).set_index("parameter").at[parameter, "span_jpy_bn"]) / BN_PER_TN
