"""The evidence as of a day: what could be known then, from whom, how surely."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from explainer.evidence import schema as schemas
from explainer.evidence.asof import Cut, Cuts
from explainer.evidence.schema import Schema
from explainer.evidence.tables import read_all
from explainer.kinds import KINDS, is_day, period_start
from explainer.problems import AskedError, EvidenceError, Problem, nearest
from explainer.project import DATA


def digest(folder: Path = DATA) -> str:
    """Hash of the schema and all tables as they stand in `folder`."""
    names, total = schemas.load(folder).tables, hashlib.sha256((folder / schemas.FILE).read_bytes())
    for name in names:
        path = folder / f"{name}.csv"
        total.update(name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b"") + b"\0")
    return total.hexdigest()


@lru_cache(maxsize=4)
def _read(folder: Path, _content: str) -> Cuts:
    schema = schemas.load(folder)
    return Cuts(read_all(folder, schema), schema)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The evidence as of a day.

    Attributes
    ----------
    as_of : datetime.date
        The day.
    tables : mapping of str to DataFrame
        Each table cut to the day: only rows that could be known, citing only sources published by then,
        with `confidence` (and, beside it, `confidence_why`) recomputed from those sources. All columns are
        text but those that the schema calls numbers. Tables of dated rows also have `known`, the first day of the row.
    last_day : datetime.date
        Last day that the whole evidence reaches.
    """

    as_of: dt.date
    tables: Mapping[str, pd.DataFrame]
    last_day: dt.date
    cuts: Cuts = field(repr=False, default=None)  # type: ignore[assignment] # none in evidence made of frames alone

    @classmethod
    def load(cls, as_of: str | dt.date | None = None, folder: Path = DATA) -> Evidence:
        """Read, validate and cut the tables.

        Parameters
        ----------
        as_of : str or date, optional
            The day; by default the last day that the evidence reaches.
        folder : Path
            Where the tables and their schema stand.

        Raises
        ------
        EvidenceError
            When the schema or a table does not hold together, or the day is not a day.
        """
        cuts = _read(folder, digest(folder))
        last = last_day(cuts)
        return cls(last, {}, last, cuts).cut(as_of or last)

    def cut(self, as_of: str | dt.date) -> Evidence:
        """Return the evidence as of another day; nothing that this cut lacks is lost to it."""
        day = as_of if isinstance(as_of, dt.date) else day_of(as_of)
        return Evidence(day, self.cuts.at(day.isoformat()), self.last_day, self.cuts)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table, for a look at it that is not noted."""
        return self.tables.frame(name) if isinstance(self.tables, Cut) else self.tables[name]

    @property
    def schema(self) -> Schema:
        """What the tables hold."""
        return self.cuts.schema

    @property
    def first_day(self) -> dt.date:
        """The day on which the report's story begins."""
        return self.schema.first_day

    @property
    def whole(self) -> Mapping[str, pd.DataFrame]:
        """All tables as read, of whatever day."""
        return self.cuts.whole if self.cuts else self.tables

    def table(self, name: str) -> pd.DataFrame:
        """Return one table by name, or raise an EvidenceError that names the nearest."""
        if name not in self.tables:
            mend = nearest(name, self.schema.tables) + "use one of " + ", ".join(self.schema.tables)
            raise EvidenceError(Problem("data", 0, "", name, "no such table", mend))
        return self.tables[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name == "tables" or name not in self.tables:
            raise AttributeError(name)
        return self.tables[name]

    def labels(self, identifiers: Iterable[str]) -> dict[str, str]:
        """Return the computed confidence of those rows that have one."""
        found = {i: self._labels[i] for i in identifiers if i in self._labels}
        _ = [self.tables[table] for table, _ in found.values()]  # noted
        return {identifier: label for identifier, (_, label) in found.items()}

    @cached_property
    def _labels(self) -> dict[str, tuple[str, str]]:
        labelled = ((n, frame) for n in self.tables if "confidence_why" in (frame := self.frame(n)))
        return {key: (n, label) for n, f in labelled for key, label in zip(f.iloc[:, 0], f["confidence"], strict=True)}

    @cached_property
    def _row_places(self) -> dict[str, tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        for name, table in self.schema.tables.items():
            if len(table.key) == 1 and name != "actors":
                for place, key in enumerate(self.frame(name)[table.key[0]]):
                    found.setdefault(key, (name, place))
        return found

    def row(self, identifier: str) -> pd.Series:
        """Return the row of any table with this identifier, or raise an EvidenceError: none has it, or only later."""
        if identifier in self._row_places:
            name, place = self._row_places[identifier]
            return self.tables[name].iloc[place]
        ids = [i for n, t in self.schema.tables.items() if len(t.key) == 1 for i in self.whole[n][t.key[0]]]
        what, mend = f"not known by {self.as_of}", "give the cell that names it a since: tag"
        if identifier not in ids:
            what, mend = "no such row", nearest(identifier, ids) + "correct it"
        raise EvidenceError(Problem("data", 0, "", identifier, what, mend))


def label_steps(evidence: Evidence, identifiers: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return, for rows whose label changed before the day of a cut, each label with the first day that had it."""
    wanted, found = {i for i in identifiers if i in evidence._labels}, {}
    for name in dict.fromkeys(evidence._labels[i][0] for i in sorted(wanted)):
        frame, whole = evidence.tables[name], evidence.whole[name]
        _, key = evidence.tables["sources"], frame.columns[0]  # noted
        known = {k: day for k, day in zip(frame[key], frame["known"], strict=True) if k in wanted}
        for row in whole[whole[key].isin(known)].to_dict("records"):
            steps = evidence.cuts.confidence.steps(row, name, known[row[key]], evidence.as_of.isoformat())
            if len(steps) > 1:
                found[row[key]] = steps
    return found


def day_of(text: str) -> dt.date:
    """Read a day, or raise an AskedError."""
    if not is_day(str(text)):
        raise AskedError(Problem("parameters", 0, "as_of", str(text), KINDS["day"].wrong, KINDS["day"].mend))
    return dt.date.fromisoformat(text)


def last_day(cuts: Cuts) -> dt.date:
    """Last day that the evidence reaches: its last dated row, or the last publication of a past figure.

    Forecasts, plans and calendar entries lie ahead of their sources and do not count.
    """
    days = [cuts.schema.first_day.isoformat()]
    for table in (t for t in cuts.schema.resources if t.reaches):
        frame = cuts.whole[table.name]
        if not table.measured:
            days += list(frame[table.day])
            continue
        stated = frame["since"] if "since" in frame.columns else [""] * len(frame)
        for source, period, since in zip(frame[table.sources], frame[table.day], stated, strict=True):
            published = cuts.published.get(source, "")
            days += [published] if not since and published >= period_start(period) else []
    return dt.date.fromisoformat(max(days))


def __getattr__(name: str) -> Any:
    """Give the first day of the report at the project's root to those who have no evidence at hand."""
    if name == "FIRST_DAY":
        return schemas.load(DATA).first_day
    raise AttributeError(name)
