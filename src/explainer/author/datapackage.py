"""Describes the tables for others: ``data/README.md`` and ``data/datapackage.json``, both from the schema."""

import json
from pathlib import Path
from typing import Any

from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import FILE, Schema, Table
from explainer.project import DATA


def resource(table: Table) -> dict[str, Any]:
    """Describe one table as a Data Resource."""
    # Table Schema counts an empty key part as missing, and knows no lists: such keys are stated in words only.
    whole = all(table.column(name).required for name in table.key)
    single = [key.model_dump(exclude={"list"}) for key in table.body.foreignKeys if not key.list]
    fields = []
    for column in table.columns:
        limits = column.constraints.model_dump(exclude_defaults=True, mode="json")
        told = {"name": column.name, "type": column.type, "description": column.meaning, "unit": column.unit}
        fields.append({key: value for key, value in (told | {"constraints": limits}).items() if value})
    schema = {"fields": fields, "missingValues": [""]} | ({"primaryKey": list(table.key)} if whole else {})
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "description": table.row,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema | ({"foreignKeys": single} if single else {}),
    }


def datapackage(schema: Schema) -> dict[str, Any]:
    """Describe all tables as a Data Package."""
    about = schema.model_dump(include={"name", "title", "description", "licenses"}, mode="json")
    return {"profile": "tabular-data-package", **about, "resources": [resource(table) for table in schema.resources]}


def readme(evidence: Evidence) -> str:
    """Write the human-readable notes on every table."""
    about = (
        f"Generated from `{FILE}` by `make data`; do not edit by hand. The tables are UTF-8 CSV with a header, taken "
        f"from public sources, one fact a row. They reach {evidence.last_day}."
    )
    parts = ["# The evidence tables", "", about, "", *(f"- {note}" for note in evidence.schema.notes), ""]
    for table in evidence.schema.resources:
        frame = evidence.whole[table.name]
        days = sorted(filter(None, frame[table.coverage])) if table.coverage else []
        reach = f", {days[0]} to {days[-1]}" if days else ""
        key = "` + `".join(table.key)
        parts += [f"## {table.name}", "", f"{table.row}. {len(frame)} rows{reach}. Key: `{key}`.", ""]
        parts += ["| column | type | meaning |", "| --- | --- | --- |"]
        for column in table.columns:
            link, values = table.links.get(column.name), column.constraints.enum
            kind = "list of ids" if link and link.list else column.kind
            kind += (f", {column.unit}" if column.unit else "") + (", required" if column.required else "")
            meaning = column.meaning.replace("|", "\\|") + (f" ({', '.join(values)})" if values else "")
            meaning += f"; see `{link.reference.resource}`" if link else ""
            parts.append(f"| `{column.name}` | {kind} | {meaning} |")
        parts.append("")
    return "\n".join(parts)


def write(folder: Path = DATA) -> None:
    """Write both files."""
    evidence = Evidence.load(folder=folder)
    text = json.dumps(datapackage(evidence.schema), ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    (folder / "README.md").write_text(readme(evidence), encoding="utf-8")
