"""The manifest of an edition: its exhibits in reading order, and all that the publisher prints besides."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from explainer.editions import parameters as report_parameters
from explainer.editions.compare import snapshot_prose
from explainer.editions.editions import Edition, read_editions
from explainer.evidence import sources
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import short_name
from explainer.project import PROJECT
from explainer.store import write_whole
from explainer.text.dialect import named

TOLD = ("title", "description", "author", "address", "keywords", "verdicts", "matrix")
"""What the manifest takes over from ``report.toml``."""


def plain(values: report_parameters.Values) -> dict[str, Any]:
    """Return parameters as a notebook's cell would set them: a day as text, a whole number without decimals."""
    told = values.model_dump(mode="json").items()
    return {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in told}


def write_manifest(
    figures: Path,
    edition: Edition,
    evidence: Evidence,
    values: report_parameters.Values,
    done: Mapping[str, NotebookNode],
    told: Mapping[str, Any],
) -> dict[str, Any]:
    """Join the exhibits' records, in reading order, with all that the publisher prints besides."""
    shown, editions, day = _records(figures, done), read_editions().values(), evidence.as_of.isoformat()
    manifest: dict[str, Any] = {
        **{"edition": edition.name, "edition_title": edition.title, "language": edition.language},
        **{name: PROJECT.told[name] for name in TOLD if name in PROJECT.told},
        "as_of": day,
        "first_day": evidence.first_day.isoformat(),
        "last_day": evidence.last_day.isoformat(),
        "parameters": plain(values),
        "own_scenario": report_parameters.changed(values),
        "figures": shown,
        "sources": sources.records(evidence),
        "glossary": _rows(evidence, "glossary"),
        "labels": labels(evidence),
        "corrections": corrections(evidence, done, [record["id"] for record in shown]),
        "claims": _rows(evidence, "claims"),
        "prose": {  # for `explainer diff`: paragraphs, each with its sources
            chapter: {cell: [[one, *named(one, "source")] for one in told] for cell, told in cells.items()}
            for chapter, cells in snapshot_prose(done, day).items()
        },
        "changes": dict(told),
        "persons": _rows(evidence, "persons"),
        "editions": [{"name": e.name, "title": e.title, "as_of": str(e.as_of), "about": e.about} for e in editions],
    }
    if values.focus != report_parameters.EVERYTHING:  # a brief has a title of its own, and no lists at the end
        name = f"Brief: {short_name(evidence, values.focus)}"
        title = {"title": f"{name} in \u201c{manifest['title']}\u201d", "short_title": name, "brief": True}
        manifest |= {**title, "glossary": [], "claims": [], "persons": []}
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
    (figures / "manifest.json").write_text(f"{text}\n", encoding="utf-8")
    return manifest


def _records(figures: Path, done: Mapping[str, NotebookNode]) -> list[dict[str, Any]]:
    """Take the records that the exhibits left in the folder, in the order in which the chapters show them."""
    paths = sorted(figures.glob("*.json"))
    records = {entry["id"]: entry for entry in (json.loads(path.read_text(encoding="utf-8")) for path in paths)}
    for path in paths:
        path.unlink()
    cells = (cell for nb in done.values() for cell in nb.cells if cell.cell_type == "code")
    told = (output.get("metadata", {}).get("explainer") for cell in cells for output in cell.outputs)
    return [records[one["figure"]] for one in told if one]


def labels(evidence: Evidence) -> dict[str, dict[str, str]]:
    """Computed confidence of every row that has one, with the reason."""
    labelled = (frame for frame in evidence.tables.values() if "confidence_why" in frame)
    rows = (row for f in labelled for row in zip(f.iloc[:, 0], f["confidence"], f["confidence_why"], strict=True))
    return {identifier: {"label": label, "why": why} for identifier, label, why in rows}


def corrections(evidence: Evidence, done: Mapping[str, NotebookNode], exhibits: Sequence[str]) -> list[dict[str, Any]]:
    """Return the corrections of what this edition holds: its chapters, their cells, its exhibits, its rows."""
    places = {f"{key}/{cell.get('id')}" for key, nb in done.items() for cell in nb.cells} | set(done)
    places |= {f"{prefix}-{name}" for name in exhibits for prefix in ("fig", "tab")}
    for name, table in evidence.schema.tables.items():
        if len(table.key) == 1:
            places |= set(evidence.table(name)[table.key[0]])
    return [one for one in _rows(evidence, "corrections") if one["place"] in places]


def _rows(evidence: Evidence, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table that a report may have."""
    if name not in evidence.schema.tables:
        return []
    return evidence.table(name).drop(columns="known", errors="ignore").to_dict("records")


def write_index(folder: Path, manifest: Mapping[str, Any], reports: Path) -> list[Path]:
    """Write the page that lists the editions that are in `reports`, and the feed of them; return both files."""
    from explainer.publish.citing import author
    from explainer.publish.feed import atom_feed, index_page
    from explainer.publish.language import speaking

    corrections = _rows(Evidence.load(), "corrections")
    here = {path.parent.name for path in reports.glob("*/report.html")} | {manifest["edition"]}
    editions = [edition for edition in manifest["editions"] if edition["name"] in here]
    told = (manifest["title"], author(manifest), manifest.get("address", ""))
    with speaking(manifest.get("language")):
        page, feed = index_page(manifest["title"], editions), atom_feed(*told, editions, corrections)
    files = {folder / "index.html": page, folder / "feed.xml": feed}
    for path, text in files.items():
        write_whole(path, text.encode())
    return list(files)
