"""The report's parameters: names, types, ranges and defaults, checked before a kernel starts.

The first two choose the edition. The others are assumptions of the subject; they stand once, in its package (see
`parts` in ``report.toml``), with what each value rests on, and become fields of the same model here. Prose and guards
speak of the default scenario whatever a reader sets; exhibits follow the reader's numbers, and `own_scenario` says in
the manifest what is the reader's, so that the page can mark it.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from explainer.evidence.evidence import FIRST_DAY, Evidence
from explainer.kinds import KINDS, is_day
from explainer.problems import AskedError, nearest
from explainer.project import NOTEBOOKS, PROJECT

EVERYTHING = "all"
BRIEFS = "briefs"
"""Folder of the briefs' notebooks, beside the chapters; each takes the actor as its parameter `focus`."""
SUBJECT = PROJECT.part("parameters")
SCENARIO = {p.name: p for p in SUBJECT.PARAMETERS} if SUBJECT else {}


class Values(BaseModel):
    """What is set for one build; `Parameters` adds the assumptions of the subject."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: dt.date = Field(description="Day for which the report stands", ge=FIRST_DAY)
    focus: str = Field(EVERYTHING, description="Actor whose side a brief tells, or all", pattern=r"^[A-Za-z0-9-]+$")


def _field(p: Any) -> Any:
    """Return one assumption of the scenario as a field: between its two bounds, never infinite, never a bool."""
    number = Annotated[float, BeforeValidator(lambda value: None if isinstance(value, bool) else value)]
    about = f"{p.label}, {p.unit}"
    return number, Field(float(p.default), ge=p.minimum, le=p.maximum, allow_inf_nan=False, description=about)


FIELDS = {name: _field(p) for name, p in SCENARIO.items()}
Parameters = create_model("Parameters", __base__=Values, __doc__="Parameters of one build.", **FIELDS)


def chapters_folder(focus: str) -> Path:
    """Return where the chapters of a build stand: the report's, or those of a brief."""
    return NOTEBOOKS if focus == EVERYTHING else NOTEBOOKS / BRIEFS


def read(values: Mapping[str, Any]) -> Values:
    """Read parameters as given on the command line, in an edition or in a notebook.

    Raises
    ------
    AskedError
        Naming every unknown name with the nearest valid one, and every value of a wrong type or out of its range.
    """
    try:
        return Parameters(**values)
    except ValidationError as error:
        raise AskedError([_fault(str(e["loc"][0]), e["input"]) for e in error.errors()]) from None


def _fault(name: str, given: Any) -> str:
    """Say what is wrong with a value; for an assumption, between which bounds it may lie."""
    if name not in (known := list(Parameters.model_fields)):
        return f"unknown parameter {name!r}: {nearest(name, known).strip() or 'use one of ' + ', '.join(known)}"
    if name == "as_of" and is_day(str(given)):
        return f"as_of = {given}: the evidence begins on {FIRST_DAY}. Mend: choose a day from then on."
    if name == "as_of":
        return f"as_of = {given!r}: {KINDS['day'].wrong}. Mend: {KINDS['day'].mend}."
    if name not in SCENARIO:
        return f"{name} = {given!r}: cannot be an actor. Mend: write the code of one, or {EVERYTHING}."
    p = SCENARIO[name]
    low, high, default = (f"{number:,.10g}" for number in (p.minimum, p.maximum, p.default))
    return (
        f"{name} = {given!r}: no number within its bounds. "
        f"Mend: give a number from {low} to {high} ({p.unit}); the default is {default}."
    )


def check(values: Mapping[str, Any], evidence: Evidence) -> Values:
    """Read parameters, and hold the day and the actor against the evidence; an AskedError names every fault."""
    parameters, faults = read(values), []
    if parameters.as_of > evidence.last_day:
        reach = f"the evidence reaches {evidence.last_day}. Mend: choose a day until then."
        faults.append(f"as_of = {parameters.as_of}: {reach}")
    actors = [EVERYTHING, *(evidence.actors["actor"] if "actors" in evidence.schema.tables else ())]
    if parameters.focus not in actors:
        meant = nearest(parameters.focus, actors, 0.3).strip() or f"use one of: {', '.join(actors)}."
        faults.append(f"focus = {parameters.focus!r}: no such actor. Mend: {meant}")
    if faults:
        raise AskedError(faults)
    return parameters


def own_scenario(parameters: Values) -> dict[str, float]:
    """Return the assumptions that a reader has set otherwise than the report; empty in every published edition."""
    return {n: getattr(parameters, n) for n, p in SCENARIO.items() if getattr(parameters, n) != p.default}


def changed(parameters: Values) -> str:
    """Say in the subject's words which assumptions a reader has set; empty when none."""
    return SUBJECT.changed(own_scenario(parameters)) if SUBJECT else ""
