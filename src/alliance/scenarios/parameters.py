"""The assumptions of the scenario: their defaults and ends, what each rests on, and how a reader changes them."""

import difflib
from collections.abc import Mapping
from functools import cache
from typing import Any

from explainer.evidence.evidence import Evidence

ROUND_FROM = 100  # from here on an assumption is printed without decimals
CHANNELS = {"visitors": "Visitors", "exports": "Goods exports", "rare_earths": "Rare earths", "seafood": "Seafood"}


Parameter = Any
"""A row of the table ``assumptions``, by its columns: a value, the ends at which the cost is lowest and highest
(of the cost, not of the number: a larger share replaced costs less), and what each rests on."""


def read(evidence: Evidence) -> list[Parameter]:
    """Return every assumption of the scenario, in the order of the channels."""
    return list(evidence.assumptions.itertuples(index=False, name="Parameter"))


@cache
def own() -> dict[str, Parameter]:
    """Return the report's own assumptions by name: the scenario that the prose describes, whatever a reader sets."""
    return {p.name: p for p in read(Evidence.load())}


def __getattr__(name: str) -> Any:
    """Give engine and chapters the report's own assumptions: to import them reads no table."""
    if name in ("BY_NAME", "PARAMETERS"):
        return own() if name == "BY_NAME" else tuple(own().values())
    raise AttributeError(name)


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
        if name not in own():
            near = difflib.get_close_matches(name, own(), 1)
            raise ScenarioError(f"{name}: no such assumption" + (f"; did you mean {near[0]}?" if near else ""))
        low, high = own()[name].minimum, own()[name].maximum
        if not low <= number <= high:
            raise ScenarioError(f"{name} = {number}: must lie between {low:g} and {high:g}")
    return {name: p.default for name, p in own().items()} | dict(chosen)


def changed(chosen: Mapping[str, float]) -> str:
    """Say which assumptions differ from the defaults; empty when none does."""
    return "; ".join(
        f"{p.label} {in_words(number, p)} instead of {in_words(p.default, p)}"
        for p, number in zip(own().values(), checked(chosen).values(), strict=True)
        if number != p.default
    )


def in_words(number: float, parameter: Parameter) -> str:
    """Write a value of an assumption with its unit."""
    if number == 0 and parameter.unit == "months":
        return "none"
    text = f"{number:,.0f}" if number >= ROUND_FROM else f"{number:,.1f}".removesuffix(".0")
    endings = {"%": "{}%", "yen": "¥{}", "billion yen": "¥{}bn"}
    return endings.get(parameter.unit, "{} " + parameter.unit).format(text)
