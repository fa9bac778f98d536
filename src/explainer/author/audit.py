"""``explainer audit``: a sheet of drawn sentences with all that a judge needs, and room for the verdict."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from explainer.check.proof import Sentence, gathered
from explainer.evidence.evidence import Evidence
from explainer.text.dialect import named, plain, unnamed

STYLE = "table{border-collapse:collapse}td,th{padding:.3em;vertical-align:top;font:14px sans-serif}"


def draw(evidence: Evidence, chapters: Mapping[str, Any], number: int, seed: int) -> pd.DataFrame:
    """Draw factual sentences of the newest text, in proportion to the chapters, in reading order.

    Returns
    -------
    DataFrame
        One a row, with its place, sources, rows and guards; ``verdict`` and ``why`` are empty.
    """
    factual = [one for one in gathered(chapters) if one.factual]
    chosen = sorted(random.Random(seed).sample(range(len(factual)), min(number, len(factual))))
    sources = evidence.whole["sources"].set_index("source_id")
    return pd.DataFrame([{"number": n} | _item(factual[i], sources) for n, i in enumerate(chosen, 1)])


def _item(one: Sentence, sources: pd.DataFrame) -> dict[str, str]:
    cited = []
    for source in named(one.text, "source") or named(one.paragraph, "source"):
        row = sources.loc[source]
        read = f"read: {row.get('read') or 'not said'}"
        cited.append(f"{source}: {row.publisher}, {row.title}, {row.published or 'no day'}, {read}, {row.url}")
    return {
        "chapter": one.place.chapter,
        "cell": one.place.cell.id,
        "sentence": plain(unnamed(one.text)).strip(),
        "sources": "\n".join(cited),
        "rows": "\n".join(named(one.paragraph, "row", "fig", "tab", "search")),
        "guards": one.guards,
        "verdict": "",
        "why": "",
    }


def write(sheet: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the sheet as ``audit.csv`` and ``audit.html`` into a folder; return both."""
    folder.mkdir(parents=True, exist_ok=True)
    table, page = folder / "audit.csv", folder / "audit.html"
    sheet.to_csv(table, index=False, encoding="utf-8-sig")
    head = f"<!doctype html><meta charset=utf-8><title>Audit</title><style>{STYLE}</style>"
    with pd.option_context("display.max_colwidth", None):
        rows = sheet.to_html(index=False).replace(r"\n", "<br>")
    page.write_text(f"{head}{rows}\n", encoding="utf-8")
    return [table, page]
