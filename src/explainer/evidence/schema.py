"""The one schema of a report's evidence, read from ``schema.yaml`` beside its tables.

The file is written in the words of Frictionless Table Schema and a few of our own, which its head explains. The engine
knows by name only the table ``sources``, which every report has, and ``actors``, ``series``, ``observations``,
``persons``, ``glossary`` and ``corrections``, which a report may have.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError
from pydantic_core import SchemaError, SchemaValidator, core_schema

from explainer.kinds import FIRST_YEAR, KINDS, LAST_YEAR, QUOTE_WORDS, fits_quotation, is_day, list_items, stray
from explainer.problems import EvidenceError, Problem, nearest, text_of

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
    enum: tuple[str, ...] = Field(default=(), min_length=1)
    pattern: str = ""
    maxLength: int = Field(default=0, ge=1)
    minimum: FiniteFloat | None = None
    maximum: FiniteFloat | None = None

    @cached_property
    def matches(self) -> Callable[[str], bool]:
        """Tell whether a text has the form of `pattern`, in a time that grows as the text does: nothing backtracks."""
        return SchemaValidator(core_schema.str_schema(pattern=rf"\A(?:{self.pattern})\z")).isinstance_python


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

    primaryKey: tuple[str, ...] = Field(min_length=1)
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
    first_day: dt.date = Field(ge=dt.date(FIRST_YEAR, 1, 1), le=dt.date(LAST_YEAR, 12, 31))
    resources: tuple[Table, ...]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables by name, in the order of the file."""
        return {table.name: table for table in self.resources}


def load(folder: Path) -> Schema:
    """Read the schema of the tables in a folder, once; an EvidenceError names all that is unknown or not there."""
    return _read(text_of(folder / FILE))


class _Loader(yaml.CSafeLoader):
    """Refuses a name that stands twice, of which YAML would keep the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Return the names of a part and their values."""
        seen = set[str]()
        for key in (str(key.value) for key, _ in node.value):
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"{key!r} stands twice", problem_mark=node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


@lru_cache(maxsize=8)
def _read(text: str) -> Schema:
    lines, unseen = re.split("\r?\n", text.replace("\t", " ")), KINDS["text"]
    if problems := [
        _fault("", unseen.wrong, unseen.mend, s, n) for n, line in enumerate(lines, 1) if (s := stray(line))
    ]:
        raise EvidenceError(problems)
    try:
        raw = yaml.load(text, _Loader)  # noqa: S506 - a safe one
        schema = Schema.model_validate(raw)
        problems = list(_unknown_names(schema)) or list(_misfits(schema))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, what = mark.line + 1 if mark else 0, "not readable as YAML"
        what += f" ({error.problem})" if type(error) is yaml.MarkedYAMLError else ""  # our own, not the library's
        problems = [_fault("", what, "mend the line", "".join(lines[line - 1 : line]).strip(), line)]
    except ValidationError as error:
        problems = [_fault(_where(raw, e["loc"]), _said(e), "see the head of the file") for e in error.errors()]
    except (ValueError, RecursionError):
        problems = [_fault("", "holds a day or a number that there is none of", "write an existing day as YYYY-MM-DD")]
    if problems:
        raise EvidenceError(problems)
    return schema


def _fault(where: str, what: str, mend: str, value: str = "", row: int = 0) -> Problem:
    return Problem(FILE, row, where, value, what, mend, fatal=True)


def _said(error: Any) -> str:
    """Say in our own words what a value is not."""
    kind = error["type"]
    expected = f"is not {error['ctx']['expected']}" if kind == "literal_error" else SAID.get(kind.split("_")[0])
    return expected or "does not have the form that it must have"


SAID = {
    "extra": "means nothing here", "missing": "is missing", "model": "is no table of names and values",
    "dict": "is no table of names and values", "tuple": "is no list", "string": "is no text", "date": "is no day",
    "bool": "is neither true nor false", "int": "is no whole number", "float": "is no number",
    "finite": "is no number", "too": "is empty", "greater": "is too small", "less": "is too large",
}  # fmt: skip
"""What a value is not, by the first word of the type of its fault."""


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
        ends = [link.reference for link in table.links.values()]
        owned = [(table, n) for n in [*named, *table.links] if n and isinstance(n, str)]
        owned += [(schema.tables[end.resource], end.fields) for end in ends if end.resource in schema.tables]
        for owner, name in owned:
            if name not in owner.names:
                mend = nearest(name, owner.names) + f"name a column of {owner.name}"
                yield _fault(table.name, "no such column", mend, name)
        for name in {table.stands, *(end.resource for end in ends)} - {"", "always", "cited", *schema.tables}:
            yield _fault(table.name, "no such table", nearest(name, schema.tables) + "name a table", name)


def _misfits(schema: Schema) -> Iterator[Problem]:
    """Name what stands twice, and what does not go with the kind of its column."""
    for place, names in (("", [t.name for t in schema.resources]), *((t.name, t.names) for t in schema.resources)):
        for name in (n for n in dict.fromkeys(names) if names.count(n) > 1 or not KINDS["id"].fits(n)):
            yield _fault(place, "stands twice, or names no file or column", "give each a name of its own", name)
    if schema.tables["sources"].key != SOURCE_COLUMNS[:1]:
        yield _fault("sources.primaryKey", "is not source_id", "write [source_id]")
    for table in schema.resources:
        words = [*table.key, table.whose, *table.named_by, *table.order, *(p for part in table.id_from for p in part)]
        days, lists = (table.day, table.end, table.coverage), [name for name, link in table.links.items() if link.list]
        for column in table.columns:
            place, limits = f"{table.name}.{column.name}", column.constraints
            bounds = [bound for bound in (limits.minimum, limits.maximum) if bound is not None]
            number = column.name in table.numbers
            if (column.name in days and column.kind not in ("day", "period")) or (column.name in words and number):
                yield _fault(place, f"a column of kind {column.kind} where another must be", "name one that fits")
            if column.name in table.key and column.name in lists:
                yield _fault(place, "a list as a part of the key", "name another column")
            if bool(column.look) + bool(column.format) + (column.type != "string") > 1:
                yield _fault(place, "type, format and kind exclude each other", "leave out all but one")
            if bounds and (not number or bounds != sorted(bounds)):
                yield _fault(place, "bounds of no number, or the least above the most", "correct minimum and maximum")
            try:
                _ = limits.pattern and limits.matches
            except SchemaError:
                mend = "write a regular expression, without a look ahead or back"
                yield _fault(place, "no pattern", mend, limits.pattern)


def __getattr__(name: str) -> Any:
    """Give the tables of the report at the project's root to those who have no evidence at hand."""
    if name == "TABLES":
        from explainer.project import DATA

        return load(DATA).tables
    raise AttributeError(name)
