"""What all tests share."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from explainer.evidence import Evidence
from explainer.paths import DATA


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    return Evidence.load()


class Tables:
    """A copy of the tables that a test may damage."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.csv"

    def rows(self, name: str) -> list[dict[str, str]]:
        with self.path(name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def write(self, name: str, rows: list[dict[str, str]]) -> None:
        with self.path(name).open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, name: str, row: int, **values: str) -> dict[str, str]:
        """Change one row (0 is the first) and return it as it now stands."""
        rows = self.rows(name)
        rows[row].update(values)
        self.write(name, rows)
        return rows[row]


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    return Tables(folder)
