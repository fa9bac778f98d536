"""Briefs: the report from one actor's side, built from a notebook of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explainer.editions.parameters import EVERYTHING
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import short_name

BRIEFS = "briefs"
"""Folder of the briefs' notebooks, beside the chapters; each takes the actor as its parameter `focus`."""


def chapters_folder(notebooks: Path, focus: str) -> Path:
    """Return where the chapters of a build stand: the report's, or those of a brief."""
    return notebooks if focus == EVERYTHING else notebooks / BRIEFS


def differences(evidence: Evidence, focus: str, report: str) -> dict[str, Any]:
    """Return what the manifest of a brief has instead of the report's: its title, and no lists at the end."""
    if focus == EVERYTHING:
        return {}
    title = f"Brief: {short_name(evidence, focus)}"
    return {
        "title": f"{title} in \u201c{report}\u201d",
        "short_title": title,
        "brief": True,
        "glossary": [],
        "claims": [],
        "persons": [],
    }


def is_whole(manifest: Mapping[str, Any]) -> bool:
    """Tell whether a manifest is that of a whole report; a brief has no cover, glossary or list of all sources."""
    return not manifest.get("brief")
