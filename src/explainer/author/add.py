"""Adds one row to a table: proposes its id, refuses what does not fit, writes it in order."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pandera.errors

from explainer.evidence.evidence import (
    EvidenceError,
    Problem,
    broken_links,
    confidence_problems,
    link_problems,
    read_all,
    schema,
    sense_problems,
    value_problems,
)
from explainer.evidence.schema import TABLES, Column, Table
from explainer.project import DATA

KINDS = {"source": "sources", "event": "events", "statement": "statements"}
"""What can be added, and the table in which it goes."""

ORDER = {"sources": ("source_id",), "events": ("date", "event_id"), "statements": ("date", "statement_id")}
ID_WORDS = {"sources": ("title", 3), "events": ("summary", 4), "statements": ("paraphrase", 2)}
"""Column and number of words from which an id is proposed."""

SMALL_WORDS = re.compile(
    "(?:a|about|after|an|and|are|as|asked|at|be|by|for|from|had|has|he|her|his|in|is|it|its|minister|not|of|on|or"
    "|prime|said|says|she|that|the|their|they|this|to|was|were|which|while|who|will|with|would)"
)
_NEW_LINE = 10**9  # no table has so many lines: tells the new row's problems from others


def plain_words(text: str) -> list[str]:
    """Return the words of a text that may stand in an id, without accents and small words."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [w for w in re.findall(r"[a-z0-9]+", ascii_text.replace("'", "")) if not SMALL_WORDS.fullmatch(w)]


def propose_id(name: str, row: Mapping[str, str], taken: set[str]) -> str:
    """Propose an id for a new row, from its date and its words, that no other row of the table has."""
    column, count = ID_WORDS[name]
    described = plain_words(row.get("label") or row.get(column, ""))[:count]
    if name == "sources":
        outlet = plain_words(row.get("publisher", "").split(" (")[0])[:1]
        parts = [*outlet, row.get("published") or "undated", *described]
    else:
        speaker = plain_words(row.get("speaker", "").split(" (")[0])[-1:]
        parts = [row.get("date", ""), *speaker, *described]
    proposal = "-".join(filter(None, parts)) or "row"
    free = (f"{proposal}-{n}" if n > 1 else proposal for n in range(1, len(taken) + 2))
    return next(identifier for identifier in free if identifier not in taken)


class Addition:
    """A row on its way into a table.

    Parameters
    ----------
    kind : {"source", "event", "statement"}
    folder : Path
        Where the tables stand.

    Raises
    ------
    EvidenceError
        When the tables as they stand have faults: those come first.
    """

    def __init__(self, kind: str, folder: Path = DATA):
        self.table: Table = TABLES[KINDS[kind]]
        self.folder = folder
        self.tables = read_all(folder)
        self.taken = set(self.tables[self.table.name][self.table.key[0]])

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / f"{self.table.name}.csv"

    def propose_id(self, row: Mapping[str, str]) -> str:
        """Propose an id for the row."""
        return propose_id(self.table.name, row, self.taken)

    def column_problems(self, column: Column, text: str) -> list[Problem]:
        """Check one value of the new row, links included, before the rest is known."""
        frame = pd.DataFrame({column.name: [text], "_line": [_NEW_LINE]})
        found = list(self._form_problems(column, frame))
        if column.refers_to and not found:
            known = set(self.tables[column.refers_to][TABLES[column.refers_to].key[0]])
            found += broken_links(frame, self.table, column, known)
        return [replace(problem, row=0) for problem in found]

    def _form_problems(self, column: Column, frame: pd.DataFrame) -> Iterator[Problem]:
        try:
            self.table.pandera().columns[column.name].validate(frame[[column.name]], lazy=True)
        except pandera.errors.SchemaErrors as error:
            for check in error.failure_cases["check"]:
                value = frame[column.name].iloc[0]
                yield Problem(
                    self.path.name, 0, column.name, value, "does not fit", schema.mend_for(column, str(check))
                )

    def row_problems(self, row: Mapping[str, str]) -> list[Problem]:
        """Check the whole row among the others: values, links, sense, confidence."""
        name = self.table.name
        fresh = pd.DataFrame([{**{c: row.get(c, "") for c in self.table.names}, "_line": _NEW_LINE}])
        grown = {**self.tables, name: pd.concat([self.tables[name], fresh], ignore_index=True)}
        found = value_problems(grown[name], self.table)
        found += [*link_problems(grown), *sense_problems(grown), *confidence_problems(grown)]
        return [replace(problem, row=0) for problem in found if problem.row == _NEW_LINE]

    def write(self, row: Mapping[str, str]) -> int:
        """Write the row in its place, the bytes of all others untouched.

        Returns
        -------
        int
            The line on which it stands.

        Raises
        ------
        EvidenceError
            When the row does not fit; the file stays as it is.
        """
        problems = self.row_problems(row)
        if problems:
            raise EvidenceError(problems)
        before = self.path.read_bytes()
        line, offset = place_of(before, self.table, row)
        new = _csv_line([row.get(name, "") for name in self.table.names])
        head = before[:offset]
        text = head + (b"" if head.endswith(b"\n") else b"\n") + new + before[offset:]
        beside = self.path.with_suffix(".csv.new")
        beside.write_bytes(text)
        os.replace(beside, self.path)
        return line


def _csv_line(cells: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue().encode()


def place_of(content: bytes, table: Table, row: Mapping[str, str]) -> tuple[int, int]:
    """Find where a row belongs: the line, and the offset in bytes, after the last row that sorts before it."""
    order = ORDER[table.name]
    mine = tuple(row.get(name, "") for name in order)
    text = content.decode("utf-8-sig")
    extra = len(content) - len(text.encode())  # a byte order mark
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)  # splitlines() would also split at other breaks
    reader = csv.reader(iter(lines), strict=True)
    header = next(reader)
    after = reader.line_num
    for cells in reader:
        if cells and tuple(cells[header.index(name)] for name in order) < mine:
            after = reader.line_num
    return after + 1, extra + len("".join(lines[:after]).encode())
