"""Turns what a command line asks for into one edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from explainer.build.editions import LATEST, Edition, find_edition
from explainer.evidence import _day


def requested(name: str | None, as_of: str | None, focus: str | None, values: Mapping[str, Any]) -> Edition:
    """Return the edition for a name, or for any day, with the parameters added.

    An edition that differs from a published one gets a name of its own, so that it never overwrites it.
    """
    edition = find_edition(name or LATEST)
    parts = [edition.name]
    if as_of:
        day = _day(as_of)
        edition, parts = replace(edition, as_of=day, title=f"As of {day}"), [day.isoformat()]
    parameters = {**edition.parameters, **values}
    if focus and focus != "all":
        parameters["focus"] = focus
    parts += [
        f"{key}-{value:g}" if isinstance(value, float) else f"{key}-{value}"
        for key, value in sorted(parameters.items())
        if key not in edition.parameters
    ]
    return replace(edition, name="_".join(parts), parameters=parameters)
