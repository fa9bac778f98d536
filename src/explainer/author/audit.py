"""``explainer audit``: a sheet of drawn sentences with all that a judge needs, and room for the verdict."""

from __future__ import annotations

import csv
import html
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from explainer.check.proof import Sentence, gathered
from explainer.evidence.evidence import Evidence
from explainer.text.dialect import named, plain, unnamed

FIELDS = ("number", "chapter", "cell", "sentence", "sources", "rows", "guards", "verdict", "why")


def draw(evidence: Evidence, chapters: Mapping[str, Any], number: int, seed: int) -> list[dict[str, str]]:
    """Draw factual sentences of the newest text, in proportion to the chapters, in reading order.

    Returns
    -------
    list of dict
        One an item, with the fields of `FIELDS`; ``verdict`` and ``why`` are empty.
    """
    factual = [one for one in gathered(chapters) if one.factual]
    chosen = sorted(random.Random(seed).sample(range(len(factual)), min(number, len(factual))))
    sources = evidence.whole["sources"].set_index("source_id")
    return [_item(n, factual[i], sources) for n, i in enumerate(chosen, 1)]


def _item(number: int, one: Sentence, sources: Any) -> dict[str, str]:
    cited = []
    for source in named(one.text, "source") or named(one.paragraph, "source"):
        row = sources.loc[source]
        told = (
            row["publisher"],
            row["title"],
            row["published"] or "no day",
            f"read: {row.get('read') or 'not said'}",
            row["url"],
        )
        cited.append(f"{source}: {', '.join(told)}")
    return {
        "number": str(number),
        "chapter": one.place.chapter,
        "cell": str(one.place.cell.id),
        "sentence": plain(unnamed(one.text)).strip(),
        "sources": "\n".join(cited),
        "rows": "\n".join(named(one.paragraph, "row", "fig", "tab", "search")),
        "guards": one.guards,
        "verdict": "",
        "why": "",
    }


def write(items: Sequence[Mapping[str, str]], folder: Path) -> list[Path]:
    """Write the sheet as ``audit.csv`` and ``audit.html`` into a folder; return both."""
    folder.mkdir(parents=True, exist_ok=True)
    table, page = folder / "audit.csv", folder / "audit.html"
    with table.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, FIELDS)
        writer.writeheader()
        writer.writerows(items)
    head = "".join(f"<th>{name}</th>" for name in FIELDS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(item[f]).replace(chr(10), '<br>')}</td>" for f in FIELDS) + "</tr>"
        for item in items
    )
    style = (
        "table{border-collapse:collapse}td,th{border:1px solid;padding:.3em;vertical-align:top;font:14px sans-serif}"
    )
    top = f"<!doctype html><meta charset=utf-8><title>Audit</title><style>{style}</style>"
    page.write_text(f"{top}<table><tr>{head}</tr>{rows}</table>\n", encoding="utf-8")
    return [table, page]
