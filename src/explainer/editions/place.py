"""Where a build reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from explainer.project import CACHE, FIGURES, NOTEBOOKS, REPORTS


@dataclass(frozen=True)
class Place:
    """Where a build reads and writes; tests point it elsewhere."""

    notebooks: Path = NOTEBOOKS
    reports: Path = REPORTS
    figures: Path = FIGURES
    cache: Path = CACHE

    @property
    def journal(self) -> Path:
        """Note of a swap in progress."""
        return self.cache / "swap.json"
