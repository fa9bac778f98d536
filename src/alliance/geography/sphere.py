"""Distances on a sphere, and the outlines of coasts that they are measured from and maps are drawn with."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

EARTH_RADIUS_KM = 6371.0
"""Mean radius; the ellipsoid would change the distances of the report by less than half a per cent."""

COASTLINE = Path(__file__).with_name("coastline.json")
STEP_DEGREES = 0.01  # coasts are measured at points at most this far apart (about a kilometre)

Ring = np.ndarray
"""Points of a closed outline, one row each: longitude, latitude."""


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
    """Return the shortest distance between two sets of points, to the metre, and the two points that it joins.

    Beyond the metre stands what one processor's sine has and another's has not.
    """
    away = np.asarray(great_circle_km(first[:, 1, None], first[:, 0, None], second[None, :, 1], second[None, :, 0]))
    i, j = np.unravel_index(np.argmin(away), away.shape)
    return round(float(away[i, j]), 3), first[i], second[j]
