"""Turns what a command line asks for into one edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from explainer.build.editions import LATEST, Edition, find_edition
from explainer.evidence import _day
from explainer.parameters import EVERYTHING, Parameters, read


def requested(name: str | None, as_of: str | None, focus: str | None, values: Mapping[str, Any]) -> Edition:
    """Return the edition for a name, or for any day, with the parameters added.

    An edition that differs from a published one gets a name of its own, so that it never overwrites it. A parameter
    set to its default is no difference.

    Raises
    ------
    ParameterError, EditionError
        Before a folder is named after anything that is no parameter.
    """
    edition = find_edition(name or LATEST)
    as_of, values = as_of or values.get("as_of"), {k: v for k, v in values.items() if k != "as_of"}
    parts = [edition.name]
    if as_of:
        day = _day(as_of)
        edition, parts = replace(edition, as_of=day, title=f"As of {day}"), [day.isoformat()]
    parameters = {**edition.parameters, **values}
    if focus and focus != EVERYTHING:
        parameters["focus"] = focus
    checked = read({**edition.values, **parameters})
    own = {key: getattr(checked, key) for key in parameters if getattr(checked, key) != _default(edition, key)}
    parts += [f"{k}-{v:.10g}" if isinstance(v, float) else f"{k}-{v}" for k, v in sorted(own.items())]
    return replace(edition, name="_".join(parts), parameters={**edition.parameters, **own})


def _default(edition: Edition, key: str) -> Any:
    """Return what a parameter is when nothing is asked for: the edition's own value, or the report's."""
    return edition.parameters.get(key, Parameters.model_fields[key].default)
