"""The tables for others: the package is valid, says the schema's own words, and is not older than it."""

from __future__ import annotations

import json

import pytest

from explainer.author import datapackage as package
from explainer.project import DATA

frictionless = pytest.importorskip("frictionless")


def test_the_committed_descriptions_are_those_that_the_schema_gives(evidence):
    written = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert written == package.datapackage(evidence.schema), "run `make data`"
    assert (DATA / "README.md").read_text(encoding="utf-8") == package.readme(evidence), "run `make data`"


def test_every_table_and_column_says_what_it_is(evidence):
    for table in evidence.schema.resources:
        assert len(table.row.split()) >= 2, table.name
        for column in table.columns:
            assert len(column.meaning) >= 4 and not column.meaning.endswith("."), (table.name, column.name)
            assert column.unit or column.kind != "number", (table.name, column.name)


def test_frictionless_finds_the_package_valid():
    report = frictionless.Package(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_frictionless_sees_a_value_that_the_schema_forbids(tables):
    tables.change("claims", 3, verdict="perhaps")
    damaged = frictionless.Package(str(tables.folder / "datapackage.json"))
    [fault] = damaged.validate().flatten(["rowNumber", "fieldName"])
    assert fault == [5, "verdict"]
