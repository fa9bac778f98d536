"""What a chapter reads of the evidence: noted while it runs, so that the build knows when to run it again.

A note says what was asked of the evidence as of a day: a whole table, the rows of a table that have a value in a
column, or the one row of any table that has an identifier. `Fingerprints` says by a hash what the answer to a note
is; the chapter stands as long as all its answers do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from explainer.evidence.evidence import Evidence

FILE = "reads.json"

_NONE = np.array([], dtype=int)

Note = tuple[str, ...]
"""``(day, table)``, ``(day, table, column, value)`` or ``(day, "", "row", identifier)``."""

NOTES: set[Note] = set()
"""What this process has asked so far."""

MODULES: set[str] = set()
"""The modules whose exhibits this process has computed."""


class Noted(Mapping[str, "pd.DataFrame"]):
    """Tables as of a day that note which of them is asked for."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], day: dt.date):
        self.frames = frames
        self._day = day.isoformat()
        self._places: dict[tuple[str, str], dict[str, np.ndarray]] = {}
        self._picked: dict[tuple[str, ...], pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        frame = self.frames[name]
        NOTES.add((self._day, name))
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(self.frames)

    def __len__(self) -> int:
        return len(self.frames)

    def pick(self, name: str, column: str, values: Iterable[str]) -> pd.DataFrame:
        """Return the rows that have one of the values, in the table's order; note only these."""
        if (name, column) not in self._places:
            self._places[name, column] = self.frames[name].groupby(column, sort=False).indices
        places, values = self._places[name, column], list(values)
        NOTES.update((self._day, name, column, value) for value in values)
        if (name, column, *values) not in self._picked:
            found = [places[value] for value in dict.fromkeys(values) if value in places]
            self._picked[name, column, *values] = self.frames[name].take(np.sort(np.concatenate([_NONE, *found])))
        return self._picked[name, column, *values].copy(deep=False)

    def note_row(self, identifier: str) -> None:
        """Note that the row of any table that has this identifier was asked for."""
        NOTES.add((self._day, "", "row", identifier))


def save(folder: Path, content: str) -> None:
    """Write down what this process has read, and the digest of the tables that it read from."""
    whole = {note[:2] for note in NOTES if len(note) == 2}
    notes = sorted(note for note in NOTES if len(note) == 2 or note[:2] not in whole)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"notes": notes, "modules": sorted(MODULES), "content": content}, ensure_ascii=False)
    (folder / FILE).write_text(text, encoding="utf-8")


class Fingerprints:
    """Hashes of what the evidence answers."""

    def __init__(self, evidence: Evidence):
        self._evidence = evidence
        self._others: dict[str, Fingerprints] = {}
        self._rows: dict[str, dict[str, str]] = {}

    @property
    def day(self) -> str:
        """Day of the evidence."""
        return self._evidence.as_of.isoformat()

    def of(self, note: Note) -> str:
        """Return the hash of the answer to a note."""
        day, table, *rest = note
        if day != self.day:
            return self._at(day).of(note)
        if not rest:
            return _hash(json.dumps(self.rows(table)))
        if not table:
            return self._by_identifier.get(rest[1], "")
        lines, frame = list(self.rows(table).values()), self._evidence.tables.frames[table]
        return _hash("".join(lines[place] for place in np.flatnonzero(frame[rest[0]] == rest[1])))

    def _at(self, day: str) -> Fingerprints:
        if day not in self._others:
            self._others[day] = Fingerprints(self._evidence.cut(day))
        return self._others[day]

    def rows(self, table: str) -> dict[str, str]:
        """Return the hash of each row of a table, by its key."""
        if table not in self._rows:
            frame = self._evidence.tables.frames[table]
            keys = self._evidence.keys_of(table)
            hashes: dict[str, str] = {}
            for key, row in zip(keys, frame.itertuples(index=False, name=None), strict=True):
                hashes[key if key not in hashes else f"{key} ({len(hashes)})"] = _hash(repr(row))
            self._rows[table] = hashes
        return self._rows[table]

    @cached_property
    def _by_identifier(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for table in self._evidence.tables.frames:
            for key, value in self.rows(table).items():
                found[key] = f"{found.get(key, '')}{table} {value};"
        return found


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()
