"""What a chapter uses of evidence and code: noted while it runs, so that the build knows when to run it again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FILE = "reads.json"

TABLES: set[tuple[str, str]] = set()
"""Name and day of every table that this process has asked for."""

MODULES: set[str] = set()
"""The modules whose exhibits this process has computed."""


class Noted(Mapping[str, "pd.DataFrame"]):
    """Tables as of a day that note which of them is asked for."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], day: dt.date):
        self.frames, self._day = frames, day.isoformat()

    def __getitem__(self, name: str) -> pd.DataFrame:
        frame = self.frames[name]
        TABLES.add((name, self._day))
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(self.frames)

    def __len__(self) -> int:
        return len(self.frames)


def save(folder: Path, content: str) -> None:
    """Write down what this process has used, and the digest of the tables that it read from."""
    folder.mkdir(parents=True, exist_ok=True)
    read = {"tables": sorted(TABLES), "modules": sorted(MODULES), "content": content}
    (folder / FILE).write_text(json.dumps(read), encoding="utf-8")
