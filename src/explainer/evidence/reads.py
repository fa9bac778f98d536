"""What a chapter uses of evidence and code: noted while it runs, so that the build knows when to run it again."""

import json
from pathlib import Path

FILE = "reads.json"

TABLES: set[tuple[str, str]] = set()
"""Name and day of every table that this process has asked for."""

MODULES: set[str] = set()
"""The modules whose exhibits this process has computed."""


def save(folder: Path, content: str) -> None:
    """Write down what this process has used, and the digest of the tables that it read from."""
    folder.mkdir(parents=True, exist_ok=True)
    read = {"tables": sorted(TABLES), "modules": sorted(MODULES), "content": content}
    (folder / FILE).write_text(json.dumps(read), encoding="utf-8")
