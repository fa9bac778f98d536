"""Every location of the project, from one root."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(__file__).resolve().parent
SOURCE = ROOT / "src"
"""The engine and its subject."""

DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"
REPORTS = ROOT / "reports"
EDITIONS = ROOT / "editions.toml"
CACHE = ROOT / ".cache"
TEMPLATES = PACKAGE / "publish" / "templates"
KERNELSPECS = PACKAGE / "kernelspecs"

OUTPUT_VARIABLE, DRAWINGS_VARIABLE = "EXPLAINER_FIGURES", "EXPLAINER_DRAWINGS"
"""Environment variables by which a build tells a chapter where its exhibits go, and where drawings are kept."""
