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
        have = ", ".join(evidence.places["place_id"])
        raise EvidenceError(
            [Problem("places.csv", 0, "place_id", place_id, f"not known by {evidence.as_of}", f"use one of: {have}")]
        )
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
    rows = [_line("near", "Yonaguni to Taiwan", here[::-1], there[::-1], km)]
    for name, end in (("Tokyo to Atami", "atami"), ("Tokyo to Taipei", "taipei")):
        if end in set(evidence.places["place_id"]):
            here, there = (place(evidence, i)[["lat", "lon"]].astype(float).to_numpy() for i in ("tokyo", end))
            rows.append(_line("region", name, here, there, distance_km(evidence, "tokyo", end)))
    return rows


def _line(view: str, name: str, start: np.ndarray, end: np.ndarray, km: float) -> dict[str, object]:
    (lat, lon), (to_lat, to_lon) = start, end
    ends = {"lat": lat, "lon": lon, "to_lat": to_lat, "to_lon": to_lon}
    return {"mark": "line", "view": view, "name": name, "km": km, "source_ids": COASTLINE_SOURCE} | ends


def _ring_rows(evidence: Evidence) -> list[dict[str, object]]:
    """Rings: as far from Yonaguni as Atami is from Tokyo, and as far from Taipei as Kadena is."""
    rings = []
    if "atami" in set(evidence.places["place_id"]):
        rings.append(("near", "As far as Atami is from Tokyo", "yonaguni", distance_km(evidence, "tokyo", "atami")))
    rings.append(("region", "As far from Taipei as Kadena", "taipei", distance_km(evidence, "taipei", "kadena")))
    return [
        {"mark": "ring", "view": view, "name": name, "km": km, "source_ids": _coordinates_from(centre)}
        | centre[["lat", "lon"]].to_dict()
        for view, name, centre, km in ((v, n, place(evidence, i), km) for v, n, i, km in rings)
    ]
