"""Great-circle distances between places and coasts, and what the map draws."""

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
    known = set(evidence.places["place_id"])
    marks = [_mark_row(evidence, m) for m in evidence.map_marks.itertuples() if m.end.rpartition(":")[2] in known]
    return pd.DataFrame(places + marks, columns=MAP_COLUMNS)


def _mark_row(evidence: Evidence, mark: Any) -> dict[str, Any]:
    """Return a measured line with its ends, or a ring of its length around its centre."""
    km, here, there = nearest_pair(_points(evidence, mark.start), _points(evidence, mark.end))
    row = {"mark": mark.mark, "view": mark.view, "name": mark.name, "km": km}
    if mark.mark == "ring":
        centre = place(evidence, mark.centre)
        return row | {"lat": centre["lat"], "lon": centre["lon"], "source_ids": _coordinates_from(centre)}
    ends = {"lat": here[1], "lon": here[0], "to_lat": there[1], "to_lon": there[0]}
    return row | ends | {"source_ids": COASTLINE_SOURCE}
