"""The claim ledger: every paragraph of the chapters with what it rests on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass

FIELDS = ("chapter", "cell", "since", "until", "status", "citations", "guards", "paragraph")


@dataclass(frozen=True)
class Entry:
    """One paragraph of the ledger."""

    chapter: str
    cell: str
    since: str
    until: str
    status: str
    citations: tuple[str, ...]
    guards: tuple[str, ...]
    text: str


def write_ledger(entries: Iterable[Entry]) -> str:
    """Write the claim ledger as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows([";".join(v) if isinstance(v, tuple) else v for v in astuple(e)] for e in entries)
    return buffer.getvalue()
