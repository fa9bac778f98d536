"""Citations: how a source is written, in a note, in a source line, in a bibliography."""

from collections.abc import Iterable

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.kinds import list_items
from explainer.problems import EvidenceError, Problem

MANY_PUBLISHERS = 20
"""A source line names no more publishers than this; a longer list stands with the rows, each with its note."""

FIELDS = ("publisher", "title", "url", "published", "type", "lang", "note")


def records(evidence: Evidence) -> dict[str, dict[str, str]]:
    """Return what the publisher prints of each source of the cut, by id."""
    return {row["source_id"]: {k: row[k] for k in FIELDS} for row in evidence.sources.to_dict("records")}


def cited_in(frame: pd.DataFrame) -> list[str]:
    """Return the ids in a frame's `source_ids` (or `source_id`) column, each once, in order of appearance."""
    column = next((c for c in ("source_ids", "source_id") if c in frame.columns), None)
    return [] if column is None else list(dict.fromkeys(i for text in frame[column] for i in list_items(text)))


def source_line(evidence: Evidence, ids: Iterable[str], calculated: bool = False) -> str:
    """Write the source line of an exhibit: each publisher once, with its years."""
    ids = list(ids)
    known = evidence.sources.set_index("source_id")
    if missing := [i for i in ids if i not in known.index]:
        what = f"no such source by {evidence.as_of}"
        raise EvidenceError(Problem("figures", 0, "source_ids", missing[0], what, "cite a source of this day"))
    years: dict[str, set[str]] = {}
    for i in ids:
        publisher = str(known.at[i, "publisher"]).split(" (")[0]
        years.setdefault(publisher, set()).add(str(known.at[i, "published"])[:4])
    if len(years) > MANY_PUBLISHERS:
        return f"{len(years)} publishers, named row by row" + (". Calculations: this project" if calculated else "")
    parts = [f"{publisher} {span(found)}".strip() for publisher, found in years.items()]
    return ". ".join(filter(None, ["; ".join(parts), "Calculations: this project" if calculated else ""]))


def span(years: Iterable[str]) -> str:
    """Return the first and the last of some years; empty for none."""
    return "\u2013".join(dict.fromkeys(end(filter(None, years), default="") for end in (min, max)))
