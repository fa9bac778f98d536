"""The assumptions of the scenario: their defaults and ends, what each rests on, and how a reader changes them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from explainer.evidence.evidence import Evidence

ROUND_FROM = 100  # from here on an assumption is printed without decimals
CHANNELS = {"visitors": "Visitors", "exports": "Goods exports", "rare_earths": "Rare earths", "seafood": "Seafood"}


@dataclass(frozen=True)
class Parameter:
    """One row of the table ``assumptions``: a value, the ends at which the cost is lowest and highest, their bases.

    `low` and `high` are ends of the cost, not of the number: a larger share replaced costs less.
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
    low_pct_gdp: float
    why: str


def read(evidence: Evidence) -> tuple[Parameter, ...]:
    """Return every assumption of the scenario, in the order of the channels."""
    return tuple(Parameter(**row) for row in evidence.assumptions.to_dict("records"))


PARAMETERS = read(Evidence.load())
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
