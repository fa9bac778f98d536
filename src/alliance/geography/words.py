"""Exhibits on place and words: the map, the distances, earlier leaders' words."""

from __future__ import annotations

import pandas as pd

from alliance.alliance import drawing as ambiguity_charts
from alliance.alliance import numbers as ambiguity
from alliance.geography import drawing as geography_charts
from alliance.geography import numbers as geography
from explainer.exhibits.kit import Column, Exhibit, register
from explainer.text import wording as facts

SOURCES = Column("source_ids", "Sources", kind="sources")


def _km(frame: pd.DataFrame, mark: str, name: str) -> str:
    found = frame[(frame["mark"] == mark) & (frame["name"] == name)]
    return facts.number(float(found["km"].iloc[0])) if len(found) else ""


def _map_alt(frame: pd.DataFrame) -> str:
    atami = _km(frame, "ring", "As far as Atami is from Tokyo")
    ring = (
        f" A dashed ring of {atami} kilometres around Yonaguni, the distance from Tokyo to Atami, ends short of "
        "Taiwan's coast."
        if atami
        else ""
    )
    return (
        f"Map of the waters around Taiwan. A line of {_km(frame, 'line', 'Yonaguni to Taiwan')} kilometres joins "
        f"Yonaguni, Japan's westernmost island, to Taiwan's east coast.{ring} Ishigaki and Miyako lie farther east, "
        f"the Senkaku/Diaoyu Islands north of them, Kadena on Okinawa in the north-east. A small map shows Tokyo "
        f"{_km(frame, 'line', 'Tokyo to Taipei')} kilometres from Taipei."
    )


register(
    Exhibit(
        id="map",
        kind="figure",
        data=geography.map_frame,
        draw=geography_charts.draw_map,
        claim="Japan's westernmost island lies just off Taiwan, its capital far away",
        subtitle="Coastlines, selected places and great-circle distances; the ring in the small map shows all "
        "points as far "
        "from Taipei as the US base at Kadena",
        note="Squares are capitals, triangles military bases. No borders are drawn. The Senkaku/Diaoyu Islands "
        "are administered by Japan and claimed by China and by Taiwan. "
        "Coastlines: Natural Earth through the package world-atlas (ISC licence, copyright Michael Bostock).",
        alt=_map_alt,
        calculated=True,
        columns=[
            Column("name", "Place or line"),
            Column("mark", "Mark"),
            Column("lat", "Latitude", kind="number", align="right", format="{:.2f}"),
            Column("lon", "Longitude", kind="number", align="right", format="{:.2f}"),
            Column("km", "km", kind="number", align="right", format="{:,.0f}"),
        ],
        rows=lambda f: f.drop_duplicates(["name", "mark"]),
    )
)


def _distances_claim(frame: pd.DataFrame) -> str:
    km = frame.set_index("distance_id")["km"]
    return (
        f"Japan and Taiwan are {facts.number(km['yonaguni-taiwan'])} km or {facts.number(km['tokyo-taipei'])} km "
        "apart, depending on the ends"
    )


register(
    Exhibit(
        id="distances",
        kind="table",
        data=geography.distances,
        claim=_distances_claim,
        row_id="distance_id",
        subtitle="Great-circle distances computed from public coordinates and coastlines, beside published figures",
        note="Good to a few kilometres. Published figures often mean other ends: a harbour, an airport, a named "
        "city. They "
        "differ from ours for that reason where no error is known.",
        calculated=True,
        columns=[
            Column("what", "From and to"),
            Column("km", "Computed, km", kind="number", align="right", format="{:,.0f}"),
            Column("published", "Published, km", align="right"),
            SOURCES,
        ],
    )
)


# --- Earlier words ----------------------------------------------------------------------------------------


def _words_claim(frame: pd.DataFrame) -> str:
    ministers = frame[(frame["side"] == "JP") & frame["role"].str.startswith("Prime Minister")].set_index(
        "precedent_id"
    )
    answer = ministers["step"].get(ambiguity.ANSWER, 0)
    earlier = ministers[ministers["start"] < pd.Timestamp("2025-11-07")]["step"].max()
    if answer > earlier:
        return "No prime minister in these records was as explicit in office before November 2025"
    return "Earlier prime ministers in these records were as explicit in office"


def _words_alt(frame: pd.DataFrame) -> str:
    japan, us = (frame[frame["side"] == s] for s in ("JP", "US"))
    ministers = japan[japan["role"].str.startswith("Prime Minister") & (japan["start"] < pd.Timestamp("2025-11-07"))]
    latest = frame[frame["precedent_id"].isin([ambiguity.ANSWER, ambiguity.STATEMENT])]
    steps = "; ".join(f"{r.speaker}, {facts.day(r.date)}: step {r.step}" for r in latest.itertuples())
    return (
        f"Chart with one line for each of {len(frame)} statements in order of time, on five steps from "
        f"declining to say (0) to saying one would act "
        f"(4): {len(japan)} Japanese and {len(us)} American. Japan's prime ministers before November 2025 stand on "
        f"steps {ministers['step'].min()} to {ministers['step'].max()}. {steps}."
    )


def _rule() -> str:
    steps = "; ".join(f"{n} {label.lower()} ({rule})" for n, (label, rule) in ambiguity.SCALE.items())
    return f"Steps: {steps}."


register(
    Exhibit(
        id="earlier-words",
        kind="figure",
        data=ambiguity.earlier_words,
        draw=ambiguity_charts.draw_earlier_words,
        claim=_words_claim,
        subtitle=lambda f: (
            f"Statements on Taiwan by leaders of Japan and the United States, {f['start'].min().year} to "
            f"{f['start'].max().year}, coded by this project"
        ),
        note=lambda f: (
            _rule() + " The choice of statements is not complete, and the step is a judgement; the table gives "
            "the reason for each."
        ),
        alt=_words_alt,
        calculated=True,
        row_id="precedent_id",
        columns=[
            Column("date", "Date", kind="date"),
            Column("speaker", "Speaker"),
            Column("role", "Role"),
            Column("step", "Step", kind="number", align="right"),
            Column("what_it_said", "What was said"),
            Column("quote", "In these words"),
            Column("why", "Why this step"),
            Column("precedent_id", "Confidence", kind="label"),
            SOURCES,
        ],
    )
)
