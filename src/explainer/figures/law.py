"""Exhibits on the law: the ladder of situations as a diagram and as a table."""

from __future__ import annotations

import pandas as pd

from explainer.charts.law import draw_situations_ladder
from explainer.figures.core import Column, Exhibit, register
from explainer.measures import law


def _alt(frame: pd.DataFrame) -> str:
    rungs = "; ".join(f"{r.rung} {r.name_en} ({r.force.lower()})" for r in frame.sort_values("rung").itertuples())
    places = ""
    if (frame["november"] != "").any():
        places += (
            f" The answer of 7 November 2025 named rung {int(frame.loc[frame['november'] != '', 'rung'].iloc[0])}."
        )
    if (frame["january"] != "").any():
        places += (
            " The sentence of 26 January 2026 named none; it spoke of fetching nationals and of an attack on US forces."
        )
    return f"Diagram of {len(frame)} rungs from the lowest to the highest: {rungs}.{places}"


register(
    Exhibit(
        id="situations-ladder",
        kind="figure",
        data=law.situations,
        draw=draw_situations_ladder,
        claim="Force for another country is allowed on one rung only, and within limits",
        subtitle="Situations of Japan's security law from the lowest rung up; darker boxes allow more force",
        note="Simplified: the rungs are different powers, not stages through which every crisis passes. Where the "
        "two utterances stand is this report's reading.",
        alt=_alt,
        columns=[
            Column("rung", "Rung", kind="number", align="right"),
            Column("name_en", "Situation"),
            Column("name_ja", "In Japanese", lang="ja"),
            Column("force", "Force"),
        ],
    )
)

register(
    Exhibit(
        id="situations",
        kind="table",
        data=law.situations,
        claim="Each rung has its own trigger, its own powers and its own part for the Diet",
        subtitle="What must be the case, what the Self-Defense Forces may do, and what the Diet decides",
        columns=[
            Column("rung", "Rung", kind="number", align="right"),
            Column("name_en", "Situation"),
            Column("name_ja", "In Japanese", lang="ja"),
            Column("trigger", "What must be the case"),
            Column("sdf_may", "The forces may"),
            Column("force", "Force"),
            Column("diet_approval", "The Diet"),
            Column("examples", "The government's examples"),
            Column("source_ids", "Sources", kind="sources"),
        ],
        row_id="situation_id",
    )
)
