"""Great-circle distances between places and coasts, and what the map draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from alliance.geography.sphere import Ring, coastline, densify, nearest_pair, outline_around, shortest_km
from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import observations

COASTLINE_SOURCE = "worldatlas-undated-countries-10m"
MAP_COLUMNS = ["mark", "view", "name", "kind", "lat", "lon", "to_lat", "to_lon", "km", "source_ids"]


def place(evidence: Evidence, place_id: str) -> pd.Series:
    """Return one place, or raise an EvidenceError that names those known by the day."""
    found = evidence.places[evidence.places["place_id"] == place_id]
    if found.empty:
        what, mend = f"not known by {evidence.as_of}", f"use one of: {', '.join(evidence.places['place_id'])}"
        raise EvidenceError([Problem("places.csv", 0, "place_id", place_id, what, mend)])
    return found.iloc[0]


def _coordinates_from(row: pd.Series) -> str:
    """Return the source of a place's coordinates, which stands first; the others speak of its meaning."""
    return str(row["source_ids"]).split(";")[0]


def _points(evidence: Evidence, name: str) -> Ring:
    at, _, place_id = name.rpartition(":")
    where = place(evidence, place_id)
    if at == "coast":
        return densify(outline_around(where["lat"], where["lon"], coastline("near")))
    return np.array([[where["lon"], where["lat"]]])


def distance_km(evidence: Evidence, start: str, end: str) -> float:
    """Return the great-circle distance between two places or coasts, such as ``coast:taipei``."""
    return shortest_km(_points(evidence, start), _points(evidence, end))


def distances(evidence: Evidence) -> pd.DataFrame:
    """Return the distances table: what was measured, our figure, and the published figures beside it."""
    known = set(evidence.places["place_id"])
    rows = [_distance_row(evidence, d) for d in evidence.distances.itertuples() if {d.start, d.end} <= known]
    return pd.DataFrame(rows, columns=["distance_id", "what", "km", "published", "published_km", "source_ids"])


def _distance_row(evidence: Evidence, distance: Any) -> tuple:
    found = [observations(evidence, series, None) for series in list_items(distance.published_series)]
    given = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["value", "source_id"])
    values = sorted(set(given["value"]))
    text = " to ".join(f"{v:,.0f}" for v in ([values[0], values[-1]] if len(values) > 1 else values))
    maps = [_coordinates_from(place(evidence, end)) for end in (distance.start, distance.end)]
    coast = [COASTLINE_SOURCE] if "coast" in (distance.start_at, distance.end_at) else []
    ends = (f"{distance.start_at}:{distance.start}", f"{distance.end_at}:{distance.end}")
    cited = ";".join(dict.fromkeys([*given["source_id"], *coast, *maps]))
    single = values[0] if len(values) == 1 else np.nan
    return distance.distance_id, distance.what, distance_km(evidence, *ends), text or "none found", single, cited


def map_frame(evidence: Evidence) -> pd.DataFrame:
    """Return what the map draws: places, the measured lines and the rings of equal distance."""
    places = [
        {"mark": "place", "view": view, "source_ids": _coordinates_from(row)}
        | row[["name", "kind", "lat", "lon"]].to_dict()
        for view in ("near", "region")
        for _, row in evidence.places[evidence.places[view].notna()].sort_values(view).iterrows()
    ]
    return pd.DataFrame(places + _line_rows(evidence) + _ring_rows(evidence), columns=MAP_COLUMNS)


def _line_rows(evidence: Evidence) -> list[dict[str, object]]:
    km, here, there = nearest_pair(_points(evidence, "coast:yonaguni"), _points(evidence, "coast:taipei"))
    lines = [("near", "Yonaguni to Taiwan", km, here, there)]
    for name, end in (("Tokyo to Atami", "atami"), ("Tokyo to Taipei", "taipei")):
        if end in set(evidence.places["place_id"]):
            here, there = _points(evidence, "tokyo")[0], _points(evidence, end)[0]
            lines.append(("region", name, distance_km(evidence, "tokyo", end), here, there))
    common = {"mark": "line", "source_ids": COASTLINE_SOURCE}
    return [
        common | {"view": view, "name": name, "km": km, "lat": a[1], "lon": a[0], "to_lat": b[1], "to_lon": b[0]}
        for view, name, km, a, b in lines
    ]


def _ring_rows(evidence: Evidence) -> list[dict[str, object]]:
    """Rings: as far from Yonaguni as Atami is from Tokyo, and as far from Taipei as Kadena is."""
    rings = [("near", "As far as Atami is from Tokyo", "yonaguni", "tokyo", "atami")]
    rings += [("region", "As far from Taipei as Kadena", "taipei", "taipei", "kadena")]
    rows = []
    for view, name, centre, start, end in rings:
        if end in set(evidence.places["place_id"]):
            at = place(evidence, centre)
            row = {"mark": "ring", "view": view, "name": name, "km": distance_km(evidence, start, end)}
            rows.append(row | {"source_ids": _coordinates_from(at), "lat": at["lat"], "lon": at["lon"]})
    return rows
