"""The one schema of a report's evidence, read from ``schema.yaml`` beside its tables.

The file is written in the words of Frictionless Table Schema and a few of our own, which its head explains. The engine
knows by name only the table ``sources``, which every report has, and ``actors``, ``series``, ``observations``,
``persons``, ``glossary`` and ``corrections``, which a report may have.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from explainer.kinds import QUOTE_WORDS, fits_quotation, is_day, list_items
from explainer.problems import EvidenceError, Problem, nearest

__all__ = ["QUOTE_WORDS", "Column", "Schema", "Table", "fits_quotation", "is_day", "list_items", "load"]

FILE = "schema.yaml"
SOURCE_COLUMNS = ("source_id", "publisher", "title", "url", "published", "type", "lang", "origin", "speaks_for", "note")
"""Columns of the table of sources that every report has."""


class _Words(BaseModel):
    """A part of the file: a word that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class Constraints(_Words):
    """What a value must keep to."""

    required: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    maxLength: int = 0
    minimum: float | None = None
    maximum: float | None = None


class Column(_Words):
    """One column: its kind and meaning, what it may hold and where its values must exist."""

    name: str
    type: Literal["string", "date", "number", "integer"] = "string"
    format: Literal["", "uri"] = ""
    look: Literal["", "id", "period", "lang", "quotation"] = Field("", alias="kind")
    meaning: str = Field(alias="description")
    unit: str = ""
    constraints: Constraints = Constraints()
    requires: tuple[str, ...] = ()

    @cached_property
    def kind(self) -> str:
        """A key of `kinds.KINDS`."""
        return {"date": "day", "string": self.look or ("url" if self.format else "text")}.get(self.type, self.type)

    @property
    def required(self) -> bool:
        """Whether an empty value is an error."""
        return self.constraints.required


class Reference(_Words):
    """Where a foreign key leads."""

    resource: str
    fields: str


class ForeignKey(_Words):
    """A column whose values are keys of another table."""

    fields: str
    reference: Reference
    list: bool = False


class TableSchema(_Words):
    """The columns of a table, its key, and its links to others."""

    primaryKey: tuple[str, ...]
    fields: tuple[Column, ...]
    foreignKeys: tuple[ForeignKey, ...] = ()


class Table(_Words):
    """One evidence table: what a row is, its columns in file order, its key, and how its rows stand in time.

    The words of our own, from `day` to `id_from`, are explained at the head of ``schema.yaml``.
    """

    name: str
    row: str = Field(alias="description")
    day: str = ""
    end: str = ""
    measured: bool = False
    stands: str = ""
    coverage: str = ""
    reaches: bool = False
    coding: bool = False
    whose: str = ""
    named_by: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    add: str = ""
    id_from: tuple[tuple[str | int, ...], ...] = ()
    body: TableSchema = Field(alias="schema")

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        return self.body.primaryKey

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in file order."""
        return self.body.fields

    @cached_property
    def names(self) -> list[str]:
        """Column names in file order."""
        return [column.name for column in self.columns]

    @cached_property
    def numbers(self) -> list[str]:
        """The columns that hold numbers."""
        return [column.name for column in self.columns if column.kind in ("number", "integer")]

    @cached_property
    def links(self) -> dict[str, ForeignKey]:
        """Where the values of a column must be found, by the column's name."""
        return {key.fields: key for key in self.body.foreignKeys}

    def naming(self, table: str) -> str:
        """Return the first column whose values are keys of a table, empty where none is."""
        return next((c for c in self.names if c in self.links and self.links[c].reference.resource == table), "")

    @cached_property
    def sources(self) -> str:
        """The column that cites sources, empty where none does."""
        return self.naming("sources")

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)


class Schema(_Words):
    """All tables of a report's evidence, by name, and what the package of them says of itself."""

    name: str
    title: str
    description: str
    licenses: tuple[dict[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    first_day: dt.date
    resources: tuple[Table, ...]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables by name, in the order of the file."""
        return {table.name: table for table in self.resources}


def load(folder: Path) -> Schema:
    """Read the schema of the tables in a folder, once; an EvidenceError names all that is unknown or not there."""
    try:
        return _read(folder / FILE, (folder / FILE).read_bytes())
    except FileNotFoundError:
        raise EvidenceError(_fault("", "the file is missing", "write the schema of the tables")) from None


@lru_cache(maxsize=8)
def _read(path: Path, content: bytes) -> Schema:
    try:
        raw = yaml.load(content, yaml.CSafeLoader)
        schema = Schema.model_validate(raw)
        problems = list(_unknown_names(schema))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"not readable as YAML ({getattr(error, 'problem', None) or error})"
        problems = [_fault("", what, "mend the line", row=mark.line + 1 if mark else 0)]
    except ValidationError as error:
        problems = [_fault(_where(raw, e["loc"]), _said(e), "see the head of the file") for e in error.errors()]
    if problems:
        raise EvidenceError(problems)
    return schema


def _fault(where: str, what: str, mend: str, value: str = "", row: int = 0) -> Problem:
    return Problem(FILE, row, where, value, what, mend, fatal=True)


def _said(error: Any) -> str:
    """Say in our own words what a value is not."""
    kind = error["type"]
    if kind in ("extra_forbidden", "missing"):
        return "means nothing here" if kind == "extra_forbidden" else "is missing"
    return re.sub("^(Input|Value error,|.*?) should be ", "is not ", error["msg"]).removeprefix("Value error, ")


def _where(raw: Any, steps: tuple[int | str, ...]) -> str:
    """Write a place in the file with names instead of numbers."""
    parts = []
    for step in steps:
        held = raw if isinstance(raw, dict) else dict(enumerate(raw)) if isinstance(raw, list) else {}
        raw = held.get(step)
        parts.append(str(raw.get("name", step) if isinstance(raw, dict) and isinstance(step, int) else step))
    return ".".join(p for p in parts if p not in ("resources", "schema", "fields"))


def _unknown_names(schema: Schema) -> Iterator[Problem]:
    """Name what points to a table or a column that is not there, and what every report needs."""
    have = schema.tables["sources"].names if "sources" in schema.tables else []
    for name in (n for n in SOURCE_COLUMNS if n not in have):
        yield _fault("sources", "every report needs this column", "add it to the table", name)
    for table in schema.resources:
        if {"since", "confidence"} & set(table.names) and not table.sources:
            yield _fault(table.name, "no column cites sources", "add source_ids and its foreign key")
        named = [*table.key, *table.named_by, *table.order, *(p for part in table.id_from for p in part)]
        named += [table.day, table.end, table.coverage, table.whose, *(c for f in table.columns for c in f.requires)]
        for pattern, column in ((c.constraints.pattern, c.name) for c in table.columns):
            try:
                re.compile(pattern)
            except re.error as error:
                mend = "write a regular expression"
                yield _fault(f"{table.name}.{column}", f"no pattern ({error})", mend, pattern)
        ends = [link.reference for link in table.links.values()]
        owned = [(table, n) for n in [*named, *table.links] if n and isinstance(n, str)]
        owned += [(schema.tables[end.resource], end.fields) for end in ends if end.resource in schema.tables]
        for owner, name in owned:
            if name not in owner.names:
                mend = nearest(name, owner.names) + f"name a column of {owner.name}"
                yield _fault(table.name, "no such column", mend, name)
        for name in {table.stands, *(end.resource for end in ends)} - {"", "always", "cited", *schema.tables}:
            yield _fault(table.name, "no such table", nearest(name, schema.tables) + "name a table", name)


def __getattr__(name: str) -> Any:
    """Give the tables of the report at the project's root to those who have no evidence at hand."""
    if name == "TABLES":
        from explainer.project import DATA

        return load(DATA).tables
    raise AttributeError(name)
