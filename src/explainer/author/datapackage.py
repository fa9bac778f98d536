"""Describes the tables for others: ``data/README.md`` and ``data/datapackage.json``, both from the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import KINDS, TABLES, Column, Table
from explainer.project import DATA

PROFILE = "tabular-data-package"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def field(column: Column) -> dict[str, Any]:
    """Describe one column as a Table Schema field."""
    kind = "string" if column.many else KINDS[column.kind].package_type
    described: dict[str, Any] = {"name": column.name, "type": kind, "description": column.meaning}
    if column.unit:
        described["unit"] = column.unit
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    if column.longest:
        constraints["maxLength"] = column.longest
    if column.low is not None and kind != "string":
        constraints |= {"minimum": column.low, "maximum": column.high}
    return described | ({"constraints": constraints} if constraints else {})


def resource(table: Table) -> dict[str, Any]:
    """Describe one table as a Data Resource."""
    foreign = [
        {"fields": c.name, "reference": {"resource": c.refers_to, "fields": TABLES[c.refers_to].key[0]}}
        for c in table.columns
        if c.refers_to and not c.many
    ]
    # Table Schema counts an empty key part as missing, so a key that may hold one is stated in words only.
    whole = all(table.column(name).required for name in table.key)
    key = {"primaryKey": list(table.key)} if whole else {}
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "description": table.row,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [field(c) for c in table.columns],
            "missingValues": [""],
            **key,
            **({"foreignKeys": foreign} if foreign else {}),
        },
    }


def datapackage() -> dict[str, Any]:
    """Describe all tables as a Data Package."""
    return {
        "name": "explainer-evidence",
        "profile": PROFILE,
        "title": "Evidence behind the report",
        "description": "Events, statements, law, economy and security around the Japanese prime minister's words on "
        "Taiwan of 7 November 2025 and 26 January 2026, one fact a row, each with its sources.",
        "licenses": [LICENCE],
        "resources": [resource(table) for table in TABLES.values()],
    }


def readme(evidence: Evidence) -> str:
    """Write the human-readable notes on every table."""
    parts = [
        "# The evidence tables",
        "",
        "Generated from `src/explainer/schema.py` by `make data`; do not edit by hand. The tables are UTF-8 CSV with a "
        f"header, typed by hand from public sources, one fact a row. They reach {evidence.last_day}.",
        "",
        "- An empty cell means: not known, or not applicable.",
        "- `source_ids` and other lists are joined with `;`.",
        "- Quotations are at most 25 words; whose translation a quotation is stands beside it.",
        "- Alterations: rows from separate research topics were merged, pages with the same address share one id, "
        "codes of actors were harmonised, and statements that stood twice were joined. No value was converted or "
        "filled in.",
        "- Texts and tables: CC BY 4.0. The sources keep their own terms.",
        "",
    ]
    for table in TABLES.values():
        frame = evidence._whole[table.name]
        parts += [
            f"## {table.name}",
            "",
            f"{table.row}. {len(frame)} rows{_reach(frame)}. Key: `{'` + `'.join(table.key)}`.",
            "",
            "| column | type | meaning |",
            "| --- | --- | --- |",
        ]
        parts += [f"| `{c.name}` | {_type(c)} | {_meaning(c)} |" for c in table.columns] + [""]
    return "\n".join(parts)


def _reach(frame: Any) -> str:
    for name in ("date", "period", "published"):
        if name in frame.columns and len(frame):
            days = sorted(d for d in frame[name] if d)
            return f", {days[0]} to {days[-1]}" if days else ""
    return ""


def _type(column: Column) -> str:
    text = "list of ids" if column.many else column.kind
    return text + (f", {column.unit}" if column.unit else "") + (", required" if column.required else "")


def _meaning(column: Column) -> str:
    text = column.meaning.replace("|", "\\|")
    if column.values:
        text += f" ({', '.join(column.values)})"
    return text + (f"; see `{column.refers_to}`" if column.refers_to else "")


def write(folder: Path = DATA) -> None:
    """Write both files."""
    text = json.dumps(datapackage(), ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    (folder / "README.md").write_text(readme(Evidence.load(folder=folder)), encoding="utf-8")
