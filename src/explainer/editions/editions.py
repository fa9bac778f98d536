"""The editions that are published, and those that a command line asks for."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from explainer.editions.parameters import EVERYTHING, Parameters, check, read
from explainer.evidence.evidence import FIRST_DAY, Evidence, day_of
from explainer.faces import undrawn
from explainer.problems import AskedError, EvidenceError, Problem, nearest
from explainer.project import FILE, PROJECT

LATEST = "latest"
STEP = {"day": dt.timedelta(days=1), "week": dt.timedelta(weeks=1)}


@dataclass(frozen=True)
class Edition:
    """One edition: its name, its day, its parameters, and the language of page and paper (see `publish.language`)."""

    name: str
    title: str
    as_of: dt.date
    about: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"

    @property
    def values(self) -> dict[str, Any]:
        """All parameters of the edition, the day among them."""
        return {"as_of": self.as_of.isoformat(), **self.parameters}


def read_editions() -> dict[str, Edition]:
    """Read the editions in order of their days."""
    editions = [Edition(name, **values) for name, values in PROJECT.told["editions"].items()]
    return {e.name: e for e in sorted(editions, key=lambda e: (e.as_of, e.name))}


def find_edition(name: str) -> Edition:
    """Return one edition by name, or raise an AskedError that names the nearest."""
    editions = read_editions()
    if name not in editions:
        mend = f"{nearest(name, editions)}use one of: {', '.join(editions)}"
        raise AskedError(Problem(FILE, 0, "editions", name, "no such edition", mend))
    return editions[name]


def requested(name: str | None, as_of: str | None, focus: str | None, values: Mapping[str, Any]) -> Edition:
    """Return the edition for a name, or for any day, with the parameters added.

    An edition that differs from a published one gets a name of its own, so that it never overwrites it. A parameter
    set to its default is no difference.

    Raises
    ------
    AskedError
        Before a folder is named after anything that is no parameter.
    """
    days = {"--edition": name, "--as-of": as_of, "-p as_of": values.get("as_of")}
    if len(told := [option for option, value in days.items() if value is not None]) > 1:
        raise AskedError(f"{' and '.join(told)} each name a day. Mend: leave out all but one.")
    edition = find_edition(LATEST if name is None else name)
    if found := list(_faults(edition, read)):
        raise EvidenceError(found)
    as_of, values = as_of or values.get("as_of"), {k: v for k, v in values.items() if k != "as_of"}
    if as_of is not None:
        edition = replace(edition, name=as_of, as_of=day_of(as_of), title=f"As of {as_of}")
    parameters = {**edition.parameters, **values}
    if focus and focus != EVERYTHING:
        parameters["focus"] = focus
    checked = read({**edition.values, **parameters})
    usual = {key: field.default for key, field in Parameters.model_fields.items()} | dict(edition.parameters)
    own = {key: getattr(checked, key) for key in parameters if getattr(checked, key) != usual.get(key)}
    parts = [f"{k}-{v:.10g}" if isinstance(v, float) else f"{k}-{v}" for k, v in sorted(own.items())]
    return replace(edition, name="_".join([edition.name, *parts]), parameters={**edition.parameters, **own})


def on_its_day(edition: Edition) -> Evidence:
    """Return the evidence as an edition has it, or raise what names the edition that lies outside of it."""
    evidence = checked_evidence()
    return evidence.cut(check(edition.values, evidence).as_of)


def checked_evidence() -> Evidence:
    """Return the evidence; an EvidenceError names what the report's file says that is not there."""
    evidence = Evidence.load()
    if found := list(report_problems(evidence)):
        raise EvidenceError(found)
    return evidence


def report_problems(evidence: Evidence) -> Iterator[Problem]:
    """Name what the report's file says that the code or the evidence does not have, and what no font can print."""
    yield from PROJECT.part_problems()
    editions = read_editions()
    for edition in editions.values():
        yield from _faults(edition, lambda values: check(values, evidence))
    if (day := editions[LATEST].as_of) < (last := evidence.last_day):
        mend = f"write as_of = {last}, or correct the row of that day"
        yield Problem(FILE, 0, f"editions.{LATEST}.as_of", str(day), f"the evidence reaches {last}", mend)
    yield from _idle_words(evidence)
    for letter, what in undrawn(json.dumps(PROJECT.told, ensure_ascii=False, default=str)).items():
        yield Problem(FILE, 0, "", letter, what, "write it otherwise")
    seen = set[str]()
    for name, frame in evidence.whole.items():
        for column in (c.name for c in evidence.schema.tables[name].columns if c.kind in ("text", "quotation")):
            found = {letter: what for letter, what in undrawn("".join(frame[column])).items() if letter not in seen}
            for letter, what in found.items():  # each once
                line = frame.loc[frame[column].str.contains(letter, regex=False), "_line"].iloc[0]
                yield Problem(f"{name}.csv", int(line), column, letter, what, "write it otherwise")
            seen |= set(found)


def _idle_words(evidence: Evidence) -> Iterator[Problem]:
    """Name what the report's file says to no effect."""
    from explainer.exhibits.subject import exhibits

    told, tables = PROJECT.told, PROJECT.told.get("checks", {}).get("tables", {})
    if len(told.get("parts", {}).keys() & {"preview_data", "preview_marks"}) == 1:
        yield Problem(FILE, 0, "parts", "", "has rows of the picture without what draws them, or none", "name both")
    idle = {name: "counted" for name in told.get("counted", {}).keys() - evidence.schema.tables.keys()}
    idle |= {name: "checks.tables" for name in tables.keys() - (exhibits() if tables else {}).keys()}
    for name, place in idle.items():
        mend = nearest(name, evidence.schema.tables if place == "counted" else exhibits()) + "correct or remove it"
        yield Problem(FILE, 0, place, name, "names nothing that there is", mend)


def _faults(edition: Edition, how: Callable[[Mapping[str, Any]], Any]) -> Iterator[Problem]:
    try:
        how(edition.values)
    except AskedError as error:
        for reason in map(str, error.problems):
            what, _, mend = reason.rstrip(".").partition(". Mend: ")
            yield Problem(FILE, 0, f"editions.{edition.name}", "", what, mend or "correct it")


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
    asked = {"--all": everything, "--every": every, "--edition": name, "--as-of": as_of}
    if len(told := [option for option, given in asked.items() if given]) > 1:
        raise AskedError(f"{' and '.join(told)} do not go together. Mend: leave out all but one.")
    if every:
        start, end = day_of(first) if first else FIRST_DAY, day_of(last) if last else find_edition(LATEST).as_of
        if start > end:
            raise AskedError(f"--from {start} lies after --to {end}. Mend: exchange them.")
        _ = [check({"as_of": day}, checked_evidence()) for day in (start, end)]
        step = STEP[every]
        days = [(start + step * n).isoformat() for n in range((end - start) // step + 1)]
        chosen: list[tuple[str | None, str | None]] = [(None, day) for day in days]
    elif first or last:
        raise AskedError("--from and --to belong to an archive. Mend: add --every day or --every week.")
    else:
        chosen = [(each, None) for each in read_editions()] if everything else [(name, as_of)]
    found = [requested(*one, focus, values) for one in chosen for focus in focuses or (None,)]
    return list({edition.name: edition for edition in found}.values())
