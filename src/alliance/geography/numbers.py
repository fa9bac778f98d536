"""Great-circle distances between places and coasts, and what the map draws."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.exhibits.lookups import observations

EARTH_RADIUS_KM = 6371.0
"""Mean radius; the ellipsoid would change the distances of the report by less than half a per cent."""

COASTLINE = Path(__file__).with_name("coastline.json")
COASTLINE_SOURCE = "worldatlas-undated-countries-10m"
STEP_DEGREES = 0.01
"""Coasts are measured at points at most this far apart (about a kilometre)."""

Ring = np.ndarray
"""Points of a closed outline, one row each: longitude, latitude."""


@dataclass(frozen=True)
class Distance:
    """One line of the distances table: from where to where, and who has published a figure for it.

    A name that begins with ``coast:`` stands for the nearest point of the outline around that place.
    """

    distance_id: str
    start: str
    end: str
    what: str
    published: tuple[str, ...] = ()


DISTANCES = (
    Distance(
        "yonaguni-taiwan",
        "coast:yonaguni",
        "coast:taipei",
        "Yonaguni to Taiwan, coast to coast",
        ("distance-yonaguni-taiwan",),
    ),
    Distance("tokyo-atami", "tokyo", "atami", "Tokyo to Atami, city to city"),
    Distance("tokyo-taipei", "tokyo", "taipei", "Tokyo to Taipei, city to city"),
    Distance("taipei-yonaguni", "taipei", "yonaguni", "Taipei to Yonaguni airport"),
    Distance("tokyo-yonaguni", "tokyo", "yonaguni", "Tokyo to Yonaguni airport", ("distance-yonaguni-tokyo",)),
    Distance(
        "ishigaki-taiwan",
        "coast:ishigaki",
        "coast:taipei",
        "Ishigaki to Taiwan, coast to coast",
        ("distance-ishigaki-taiwan",),
    ),
    Distance("kadena-taiwan", "kadena", "coast:taipei", "Kadena Air Base to the nearest coast of Taiwan"),
    Distance(
        "senkaku-ishigaki",
        "senkaku",
        "coast:ishigaki",
        "Senkaku/Diaoyu Islands to Ishigaki",
        ("distance-ishigaki-senkaku",),
    ),
    Distance(
        "senkaku-taiwan",
        "senkaku",
        "coast:taipei",
        "Senkaku/Diaoyu Islands to Taiwan",
        ("distance-diaoyu-mainland-to-keelung",),
    ),
    Distance(
        "senkaku-china",
        "senkaku",
        "coast:fuzhou",
        "Senkaku/Diaoyu Islands to the Chinese mainland",
        ("distance-diaoyu-mainland-to-wenzhou", "distance-diaoyu-mainland-to-fuzhou"),
    ),
    Distance(
        "taiwan-china",
        "coast:taipei",
        "coast:fuzhou",
        "Taiwan to the Chinese mainland, islands left out",
        ("taiwan-strait-width-narrowest-part",),
    ),
    Distance("miyako-okinawa", "coast:miyako", "coast:kadena", "Miyako Strait, Miyako to Okinawa, coast to coast"),
    Distance(
        "batanes-taiwan",
        "basco",
        "coast:taipei",
        "Basco (Batanes, Philippines) to Taiwan",
        ("distance-batanes-taiwan",),
    ),
    Distance(
        "guam-taipei", "andersen", "taipei", "Andersen Air Force Base (Guam) to Taipei", ("distance-guam-taipei",)
    ),
)

NEAR_PLACES = (
    "taipei",
    "hualien",
    "kaohsiung",
    "fuzhou",
    "xiamen",
    "yonaguni",
    "ishigaki",
    "miyako",
    "kadena",
    "senkaku",
    "taiwan-strait-mid",
    "bashi-channel",
    "miyako-strait",
)
REGION_PLACES = (
    "tokyo",
    "atami",
    "taipei",
    "beijing",
    "seoul",
    "kadena",
    "sasebo",
    "iwakuni",
    "yokosuka",
    "misawa",
    "manila",
    "yonaguni",
)
MAP_COLUMNS = ["mark", "view", "name", "kind", "lat", "lon", "to_lat", "to_lon", "km", "source_ids"]
DISTANCE_COLUMNS = ["distance_id", "what", "km", "published", "published_km", "source_ids"]


def great_circle_km(
    lat1: float | np.ndarray, lon1: float | np.ndarray, lat2: float | np.ndarray, lon2: float | np.ndarray
) -> float | np.ndarray:
    """Return the length of the shortest way over a sphere, in kilometres (haversine)."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half = np.sin((phi2 - phi1) / 2) ** 2
    half = half + np.cos(phi1) * np.cos(phi2) * np.sin(np.radians(np.subtract(lon2, lon1)) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))


def circle_points(lat: float, lon: float, radius_km: float, number: int = 181) -> Ring:
    """Return the points that all lie `radius_km` from a place, as longitude and latitude."""
    bearing = np.linspace(0, 2 * np.pi, number)
    angle, phi = radius_km / EARTH_RADIUS_KM, np.radians(lat)
    lats = np.arcsin(np.sin(phi) * np.cos(angle) + np.cos(phi) * np.sin(angle) * np.cos(bearing))
    lons = np.radians(lon) + np.arctan2(
        np.sin(bearing) * np.sin(angle) * np.cos(phi), np.cos(angle) - np.sin(phi) * np.sin(lats)
    )
    return np.degrees(np.column_stack([lons, lats]))


@cache
def coastline(view: str) -> tuple[Ring, ...]:
    """Return the outlines of one view (``near`` or ``region``) from the committed extract."""
    return tuple(np.asarray(ring) for ring in json.loads(COASTLINE.read_text("utf-8"))[view])


def contains(ring: Ring, lat: float, lon: float) -> bool:
    """Tell whether a point lies inside an outline (even-odd rule)."""
    x, y = ring[:, 0], ring[:, 1]
    nx, ny = np.roll(x, -1), np.roll(y, -1)
    crosses = (y > lat) != (ny > lat)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x + (lat - y) / (ny - y) * (nx - x)
    return bool(np.count_nonzero(crosses & (lon < at)) % 2)


def outline_around(lat: float, lon: float, rings: Sequence[Ring]) -> Ring:
    """Return the outline that a place lies in, or, for a place drawn at sea, the nearest one."""
    inside = [ring for ring in rings if contains(ring, lat, lon)]
    if inside:
        return min(inside, key=len)
    return min(rings, key=lambda ring: float(np.min(great_circle_km(lat, lon, ring[:, 1], ring[:, 0]))))


def densify(ring: Ring, step: float = STEP_DEGREES) -> Ring:
    """Put points between those of an outline so that neighbours are at most `step` degrees apart."""
    following = np.roll(ring, -1, axis=0)
    counts = np.maximum(1, np.ceil(np.abs(following - ring).max(axis=1) / step).astype(int))
    parts = [a + (b - a) * np.arange(n)[:, None] / n for a, b, n in zip(ring, following, counts, strict=True)]
    return np.concatenate(parts)


def shortest_km(first: Ring, second: Ring) -> float:
    """Return the shortest distance between two sets of points, in kilometres."""
    return nearest_pair(first, second)[0]


def nearest_pair(first: Ring, second: Ring) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the shortest distance between two sets of points and the two points that it joins."""
    away = great_circle_km(first[:, 1][:, None], first[:, 0][:, None], second[:, 1][None, :], second[:, 0][None, :])
    i, j = np.unravel_index(np.argmin(away), away.shape)
    return float(away[i, j]), first[i], second[j]


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
    where = place(evidence, name.removeprefix("coast:"))
    if name.startswith("coast:"):
        return densify(outline_around(where["lat"], where["lon"], coastline("near")))
    return np.array([[where["lon"], where["lat"]]])


def distance_km(evidence: Evidence, start: str, end: str) -> float:
    """Return the great-circle distance between two places or coasts, such as ``coast:taipei``."""
    return shortest_km(_points(evidence, start), _points(evidence, end))


def distances(evidence: Evidence) -> pd.DataFrame:
    """Return the distances table: what was measured, our figure, and the published figures beside it."""
    known = set(evidence.places["place_id"])
    rows = [
        _distance_row(evidence, d)
        for d in DISTANCES
        if {d.start.removeprefix("coast:"), d.end.removeprefix("coast:")} <= known
    ]
    return pd.DataFrame(rows, columns=DISTANCE_COLUMNS)


def _distance_row(evidence: Evidence, distance: Distance) -> dict[str, object]:
    found = [observations(evidence, series, None) for series in distance.published]
    given = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["value", "source_id"])
    values = sorted(set(given["value"]))
    text = " to ".join(f"{v:,.0f}" for v in ([values[0], values[-1]] if len(values) > 1 else values))
    ends = [place(evidence, p.removeprefix("coast:")) for p in (distance.start, distance.end)]
    coast = [COASTLINE_SOURCE] if "coast:" in distance.start + distance.end else []
    maps = [_coordinates_from(end) for end in ends]
    return {
        "distance_id": distance.distance_id,
        "what": distance.what,
        "km": distance_km(evidence, distance.start, distance.end),
        "published": text or "none found",
        "published_km": values[0] if len(values) == 1 else np.nan,
        "source_ids": ";".join(dict.fromkeys([*given["source_id"], *coast, *maps])),
    }


def map_frame(evidence: Evidence) -> pd.DataFrame:
    """Return what the map draws: places, the measured lines and the rings of equal distance.

    The outlines and the points of the rings travel in ``attrs``: they are ground, not data.
    """
    known = evidence.places.set_index("place_id")
    rows = [
        _place_row(known.loc[i], view)
        for view, ids in (("near", NEAR_PLACES), ("region", REGION_PLACES))
        for i in ids
        if i in known.index
    ]
    rows += _line_rows(evidence) + _ring_rows(evidence)
    frame = pd.DataFrame(rows, columns=MAP_COLUMNS)
    rings = frame[frame["mark"] == "ring"]
    frame.attrs = {
        "coast": {view: coastline(view) for view in ("near", "region")},
        "rings": [circle_points(r.lat, r.lon, r.km) for r in rings.itertuples()],
    }
    return frame


def _place_row(row: pd.Series, view: str) -> dict[str, object]:
    return {
        "mark": "place",
        "view": view,
        "name": row["name"],
        "kind": row["kind"],
        "lat": row["lat"],
        "lon": row["lon"],
        "source_ids": _coordinates_from(row),
    }


def _line_rows(evidence: Evidence) -> list[dict[str, object]]:
    km, here, there = nearest_pair(_points(evidence, "coast:yonaguni"), _points(evidence, "coast:taipei"))
    rows = [_line("near", "Yonaguni to Taiwan", here[::-1], there[::-1], km)]
    for name, end in (("Tokyo to Atami", "atami"), ("Tokyo to Taipei", "taipei")):
        if end in set(evidence.places["place_id"]):
            ends = [place(evidence, i)[["lat", "lon"]].astype(float).to_numpy() for i in ("tokyo", end)]
            rows.append(_line("region", name, *ends, distance_km(evidence, "tokyo", end)))
    return rows


def _line(view: str, name: str, start: np.ndarray, end: np.ndarray, km: float) -> dict[str, object]:
    return {
        "mark": "line",
        "view": view,
        "name": name,
        "lat": start[0],
        "lon": start[1],
        "to_lat": end[0],
        "to_lon": end[1],
        "km": km,
        "source_ids": COASTLINE_SOURCE,
    }


def _ring_rows(evidence: Evidence) -> list[dict[str, object]]:
    """Rings: as far from Yonaguni as Atami is from Tokyo, and as far from Taipei as Kadena is."""
    rings = []
    if "atami" in set(evidence.places["place_id"]):
        rings.append(("near", "As far as Atami is from Tokyo", "yonaguni", distance_km(evidence, "tokyo", "atami")))
    rings.append(("region", "As far from Taipei as Kadena", "taipei", distance_km(evidence, "taipei", "kadena")))
    return [
        {
            "mark": "ring",
            "view": view,
            "name": name,
            "km": km,
            "lat": place(evidence, centre)["lat"],
            "lon": place(evidence, centre)["lon"],
            "source_ids": _coordinates_from(place(evidence, centre)),
        }
        for view, name, centre, km in rings
    ]
