"""Says why a result is made anew: what of all that it was made from has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from explainer.editions.modules import file_hash
from explainer.evidence.reads import Fingerprints
from explainer.project import PROJECT

FIRST = "not built before"
FORCED = "asked for with --force"
LOST = "its result is no longer in the cache"
NAMED = 3


def named(found: Iterable[str]) -> str:
    """Join the first few of what was found, and count the rest."""
    found = list(found)
    rest = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(found[:NAMED]) + rest


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Name the keys of two mappings whose values differ."""
    gone = [f"{key} (gone)" for key in old if key not in new]
    fresh = [f"{key} (new)" for key in new if key not in old]
    return named([*(key for key in new if key in old and old[key] != new[key]), *fresh, *gone])


def cells_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Say what differs of the parts that a chapter's key is made of."""
    found = []
    if cells := differences(old.get("cells", {}), new["cells"]):
        found.append(f"cells: {cells}")
    if values := differences(old.get("parameters", {}), new["parameters"]):
        found.append(f"parameters: {values}")
    other = {key for key in new if key not in ("cells", "parameters") and old.get(key) != new[key]}
    return "; ".join([*found, *sorted(other)])


class Reader:
    """Holds what chapters have read against the evidence and the package as they are now.

    Parameters
    ----------
    fingerprints : Fingerprints
        Of the evidence as of the edition's day.
    tables : Path
        Folder in which the rows' hashes of tables once read are kept, so that a changed row can be named.
    """

    def __init__(self, fingerprints: Fingerprints, tables: Path):
        self.fingerprints = fingerprints
        self.tables = tables

    def sealed(self, read: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
        """Return what a chapter read with the hash of each thing, to be kept beside its result."""
        notes = [[note, self.fingerprints.of(tuple(note))] for note in read["notes"]]
        for note, found in notes:
            if len(note) == 2:
                self._keep_rows(note, found)
        return {"notes": notes, "files": dict(files)}

    def _keep_rows(self, note: list[str], found: str) -> None:
        path = self.tables / f"{found}.json"
        if not path.exists() and note[0] == self.fingerprints.day:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(self.fingerprints.rows(note[1])), encoding="utf-8")

    def changed(self, sealed: Mapping[str, Any]) -> str:
        """Name what of all that a chapter read is not as it was; empty when it stands."""
        files = [f"module {path}" for path, found in sealed["files"].items() if file_hash(PROJECT.file(path)) != found]
        notes = [self._answer(note, found) for note, found in sealed["notes"]]
        return named([*files, *dict.fromkeys(filter(None, notes))])

    def _answer(self, note: list[str], found: str) -> str:
        if self.fingerprints.of(tuple(note)) == found:
            return ""
        _, table, *rest = note
        if not table:
            return f"row {rest[1]}"
        if rest:
            return f"{table}.csv where {rest[0]} is {rest[1]}"
        return f"{table}.csv: {self._rows(table, found)}".rstrip(": ")

    def _rows(self, table: str, found: str) -> str:
        try:
            old = json.loads((self.tables / f"{found}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        changed = differences(old, self.fingerprints.rows(table))
        return f"row {changed}" if changed else "order of rows"
