"""The report's parameters: names, types, ranges and defaults, checked before a kernel starts."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from explainer.evidence import FIRST_DAY, Evidence

EVERYTHING = "all"


class ParameterError(ValueError):
    """A parameter has an unknown name, a wrong type or a value out of range."""


class Parameters(BaseModel):
    """Parameters of one build.

    The first two choose the edition; the others are the scenario of chapter 4.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: dt.date = Field(description="Day for which the report stands")
    focus: str = Field(
        EVERYTHING, description="Actor code whose side a brief tells, or all", pattern=r"^[A-Za-z0-9-]+$"
    )

    @field_validator("as_of")
    @classmethod
    def _not_before_the_story(cls, value: dt.date) -> dt.date:
        if value < FIRST_DAY:
            raise ValueError(f"the evidence begins on {FIRST_DAY}")
        return value


def check(values: Mapping[str, Any], evidence: Evidence) -> Parameters:
    """Check parameters as given on the command line, in an edition or in a notebook.

    Raises
    ------
    ParameterError
        Naming every fault, with the nearest valid name.
    """
    known = list(Parameters.model_fields)
    faults = []
    for name in values:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            faults.append(
                f"unknown parameter {name!r}: "
                + (f"did you mean {near[0]!r}?" if near else "use one of " + ", ".join(known))
            )
    try:
        parameters = Parameters(**{k: v for k, v in values.items() if k in known})
    except ValidationError as error:
        faults += [f"{e['loc'][0]} = {e['input']!r}: {e['msg']}" for e in error.errors()]
        raise ParameterError("\n".join(faults)) from None
    if parameters.as_of > evidence.last_day:
        faults.append(f"as_of = {parameters.as_of}: the evidence reaches {evidence.last_day}; choose a day until then")
    actors = [EVERYTHING, *evidence.actors["actor"]]
    if parameters.focus not in actors:
        near = difflib.get_close_matches(parameters.focus, actors, 1, 0.3)
        faults.append(f"focus = {parameters.focus!r}: no such actor" + (f"; did you mean {near[0]!r}?" if near else ""))
    if faults:
        raise ParameterError("\n".join(faults))
    return parameters
