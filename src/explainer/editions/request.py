"""Turns what a command line asks for into editions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from explainer.editions.editions import LATEST, Edition, EditionError, find_edition, read_editions
from explainer.editions.parameters import EVERYTHING, Parameters, read
from explainer.evidence.evidence import FIRST_DAY, day_of

STEP = {"day": dt.timedelta(days=1), "week": dt.timedelta(weeks=1)}


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
        day = day_of(as_of)
        edition, parts = replace(edition, as_of=day, title=f"As of {day}"), [day.isoformat()]
    parameters = {**edition.parameters, **values}
    if focus and focus != EVERYTHING:
        parameters["focus"] = focus
    checked = read({**edition.values, **parameters})
    own = {key: getattr(checked, key) for key in parameters if getattr(checked, key) != _default(edition, key)}
    parts += [f"{k}-{v:.10g}" if isinstance(v, float) else f"{k}-{v}" for k, v in sorted(own.items())]
    return replace(edition, name="_".join(parts), parameters={**edition.parameters, **own})


def archive(
    name: str | None,
    as_of: str | None,
    focuses: Sequence[str],
    everything: bool,
    every: str | None,
    first: str | None,
    last: str | None,
    values: Mapping[str, Any],
) -> list[Edition]:
    """Return all editions that a command line asks for, each once.

    Parameters
    ----------
    name, as_of, focuses, values
        See `requested`; several focuses give several editions.
    everything
        Every edition of the file.
    every : {"day", "week"}, optional
        One edition a day, or a week, from `first` to `last`.
    """
    if every:
        start, end = day_of(first) if first else FIRST_DAY, day_of(last) if last else find_edition(LATEST).as_of
        if start > end:
            raise EditionError(f"--from {start} lies after --to {end}. Mend: exchange them.")
        step = STEP[every]
        days = [(start + step * n).isoformat() for n in range((end - start) // step + 1)]
        chosen: list[tuple[str | None, str | None]] = [(None, day) for day in days]
    elif first or last:
        raise EditionError("--from and --to belong to an archive. Mend: add --every day or --every week.")
    else:
        chosen = [(each, None) for each in read_editions()] if everything else [(name, as_of)]
    found = [requested(*one, focus, values) for one in chosen for focus in focuses or (None,)]
    return list({edition.name: edition for edition in found}.values())


def _default(edition: Edition, key: str) -> Any:
    """Return what a parameter is when nothing is asked for: the edition's own value, or the report's."""
    return edition.parameters.get(key, Parameters.model_fields[key].default)
