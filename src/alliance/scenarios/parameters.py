"""The assumptions of the scenario: their defaults and ends, what each rests on, and how a reader changes them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ROUND_FROM = 100
"""From here on an assumption is printed without decimals."""
CHANNELS = {"visitors": "Visitors", "exports": "Goods exports", "rare_earths": "Rare earths", "seafood": "Seafood"}


@dataclass(frozen=True)
class Parameter:
    """One assumption: its default, the ends at which the cost is lowest and highest, and what each rests on.

    `low` and `high` are ends of the cost, not of the number: a larger share replaced costs less. The `*_basis`
    fields name the row (estimate, case, event or ``series/period``) from which a value comes; empty where the
    value is this project's choice, which `why` then says. Where `low_pct_gdp` is given, the low end is that share of
    one year's product, by month.
    """

    name: str
    label: str
    unit: str
    channel: str
    default: float
    low: float
    high: float
    minimum: float
    maximum: float
    default_basis: str
    low_basis: str
    high_basis: str
    why: str
    low_pct_gdp: float = 0.0


PARAMETERS = (
    Parameter("visitor_drop_pct", "Fall in visitors", "%", "visitors",
              50, 25.1, 60, 0, 100, "goldman-tourism-gross", "jp-2012-senkaku", "kr-2016-thaad",
              "Halved, as Goldman Sachs assumed; 25.1 as after the island purchase of 2012; 60 as in South Korea in"
              " 2017"),
    Parameter("visitor_drop_months", "Length of the fall in visitors", "months", "visitors",
              12, 8, 22, 0, 120, "jp-2012-senkaku", "kr-2016-thaad", "jp-2023-seafood",
              "About one year as after 2012; March to October as in South Korea; 22 months as the seafood ban of 2023"),
    Parameter("visitor_growth_pct", "Growth of visits forgone", "%", "visitors",
              0, 0, 42.7, 0, 100, "", "", "nri-kiuchi-tourism-cn",
              "None, our choice: measured from the last year's level; 42.7 as in the estimate of Nomura Research "
              "Institute"),
    Parameter("spending_per_visitor_jpy", "Spending per visitor", "yen", "visitors",
              239_362, 219_428, 248_300, 10_000, 2_000_000,
              "spend_head_cn_q/2025-09", "spend_head_q/2025-09", "spend_head_cn_y/2024",
              "Mainland visitors in July to September 2025; all visitors in that quarter; mainland visitors in 2024"),
    Parameter("replaced_pct", "Share replaced by others", "%", "visitors",
              25, 50, 0, 0, 100, "", "goldman-tourism-net", "nri-kiuchi-tourism-total",
              "Half is Goldman Sachs's offset, none is Nomura Research Institute's; the default is the middle, our "
              "choice"),
    Parameter("export_drop_pct", "Fall in goods exports for a year", "%", "exports",
              0, 0, 10.8, 0, 100, "", "", "jp-2012-senkaku",
              "None, our choice: no lasting fall was read; 10.8 as in 2012, when world demand was weak too"),
    Parameter("rare_earth_stop_months", "Length of a rare earth stop", "months", "rare_earths",
              3, 0, 12, 0, 120, "nri-kiuchi-rare-earth-3m", "", "daiwa-rare-earth",
              "Three months, the shorter case of Nomura Research Institute; none, if civilian users are not affected, "
              "as China says; one year as in Daiwa's"),
    Parameter("rare_earth_loss_jpy_bn_per_month", "Cost of a month without rare earths", "billion yen", "rare_earths",
              220, 220, 7_000 / 12, 0, 5_000, "nri-kiuchi-rare-earth-3m", "mizuho-rare-earth-half", "daiwa-rare-earth",
              "0.66 trillion yen over three months; 0.2 per cent of a year's product over twelve (imports halved); "
              "7 trillion yen over twelve", low_pct_gdp=0.2),
    Parameter("seafood_stop_months", "Length of the seafood stop", "months", "seafood",
              22, 12, 48, 0, 240, "jp-2023-seafood", "jp-2012-senkaku", "au-2020-inquiry",
              "22 months as the ban of 2023; a year as the fall in visitors after 2012; four years as for Australia"),
    Parameter("seafood_redirected_pct", "Share of seafood sold elsewhere", "%", "seafood",
              41, 82.5, 0, 0, 100, "", "au-2020-inquiry", "",
              "82.5 as the Australian goods that found other buyers (3.3 of 4 billion US dollars); none; the "
              "default is the middle, our choice"),
)  # fmt: skip
"""Every assumption of the scenario, in the order of the channels."""

BY_NAME = MappingProxyType({p.name: p for p in PARAMETERS})
DEFAULTS = MappingProxyType({p.name: p.default for p in PARAMETERS})
"""The scenario that the prose describes, whatever a reader sets."""


class ScenarioError(ValueError):
    """A scenario was asked for with an unknown assumption or a value out of its range."""


def checked(chosen: Mapping[str, float]) -> dict[str, float]:
    """Return all assumptions: the defaults with `chosen` in their place.

    Raises
    ------
    ScenarioError
        For an unknown name (naming the nearest) or a value out of range.
    """
    for name, number in chosen.items():
        if name not in BY_NAME:
            near = difflib.get_close_matches(name, BY_NAME, 1)
            raise ScenarioError(f"{name}: no such assumption" + (f"; did you mean {near[0]}?" if near else ""))
        low, high = BY_NAME[name].minimum, BY_NAME[name].maximum
        if not low <= number <= high:
            raise ScenarioError(f"{name} = {number}: must lie between {low:g} and {high:g}")
    return {**DEFAULTS, **chosen}


def changed(chosen: Mapping[str, float]) -> str:
    """Say which assumptions differ from the defaults; empty when none does."""
    parts = [
        f"{BY_NAME[name].label} {in_words(number, BY_NAME[name])} instead of {in_words(DEFAULTS[name], BY_NAME[name])}"
        for name, number in checked(chosen).items()
        if number != DEFAULTS[name]
    ]
    return "; ".join(parts)


def in_words(number: float, parameter: Parameter) -> str:
    """Write a value of an assumption with its unit."""
    if number == 0 and parameter.unit == "months":
        return "none"
    text = f"{number:,.0f}" if number >= ROUND_FROM else f"{number:,.1f}".removesuffix(".0")
    endings = {"%": "{}%", "yen": "¥{}", "billion yen": "¥{}bn"}
    return endings.get(parameter.unit, "{} " + parameter.unit).format(text)
