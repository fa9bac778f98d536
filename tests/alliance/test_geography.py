"""Distances: known by hand, and beside what others have published."""

import csv
import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import coastline as make_coastline
from alliance.geography import numbers as geography
from alliance.geography import sphere
from explainer.evidence.evidence import EvidenceError
from explainer.project import DATA

LATITUDES, LONGITUDES = st.floats(-85, 85), st.floats(-179, 179)


def test_distances_on_the_sphere_by_hand():
    quarter = np.pi / 2 * sphere.EARTH_RADIUS_KM
    assert sphere.great_circle_km(0, 0, 0, 90) == pytest.approx(quarter)
    assert sphere.great_circle_km(0, 25, 90, 140) == pytest.approx(quarter)
    assert sphere.great_circle_km(35, 139, 35, 139) == 0
    assert sphere.great_circle_km(60, 0, 60, 1) == pytest.approx(55.6, abs=0.1)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_is_the_same_both_ways(lat1, lon1, lat2, lon2):
    there = sphere.great_circle_km(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(sphere.great_circle_km(lat2, lon2, lat1, lon1), abs=1e-6)
    assert 0 <= there <= np.pi * sphere.EARTH_RADIUS_KM + 1e-6


@given(st.floats(-60, 60), LONGITUDES, st.floats(1, 3000))
def test_every_point_of_a_ring_is_equally_far(lat, lon, radius):
    ring = sphere.circle_points(lat, lon, radius)
    away = sphere.great_circle_km(lat, lon, ring[:, 1], ring[:, 0])
    assert np.allclose(away, radius, atol=0.01)


SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])


def test_a_place_has_the_outline_around_it_or_at_sea_the_nearest():
    islet, far = SQUARE / 4 + 1.2, SQUARE + 10
    assert sphere.outline_around(1, 1, [islet, SQUARE]) is SQUARE, "although the shore of the islet is nearer"
    assert sphere.outline_around(3, 1, [far, SQUARE]) is SQUARE and sphere.outline_around(9, 9, [far, SQUARE]) is far


def test_densify_keeps_corners_and_closes_the_gaps():
    dense = sphere.densify(SQUARE, 0.5)
    assert len(dense) == 16 and {(0.0, 0.0), (2.0, 2.0)} <= {tuple(p) for p in dense}
    assert np.abs(np.roll(dense, -1, axis=0) - dense).max() <= 0.5


def test_the_shortest_way_between_two_coasts_joins_their_nearest_points():
    km, here, there = sphere.nearest_pair(SQUARE, SQUARE + np.array([3.0, 0.0]))
    assert (tuple(here), tuple(there)) in {((2.0, 0.0), (3.0, 0.0)), ((2.0, 2.0), (3.0, 2.0))}
    assert km == pytest.approx(sphere.great_circle_km(2, 2, 2, 3), rel=0.001)


def published(series_id: str) -> list[float]:
    with (DATA / "observations.csv").open(encoding="utf-8", newline="") as handle:
        return [float(r["value"]) for r in csv.DictReader(handle) if r["series_id"] == series_id]


@pytest.mark.parametrize(
    ("start", "end", "series", "tolerance_km"),
    [
        ("coast:yonaguni", "coast:taipei", "distance-yonaguni-taiwan", 3),  # printed as 110 by three outlets
        ("coast:yonaguni", "coast:taipei", "distance-own-calculation-yonaguni-to-taiwan", 2),
        ("coast:miyako", "coast:kadena", "distance-own-calculation-okinawa-main-island-to-miyako", 2),
        ("kadena", "coast:taipei", "distance-own-calculation-kadena-airfield-to-nearest-coast-of-taiwan", 2),
        ("basco", "coast:taipei", "distance-own-calculation-basco-airport-to-nearest-coast-of-taiwan", 2),
        ("andersen", "coast:taipei", "distance-own-calculation-andersen-afb-to-nearest-coast-of-taiwan", 5),
        ("coast:taipei", "coast:fuzhou", "taiwan-strait-width-narrowest-part", 10),  # printed as 130, islands apart
        ("andersen", "taipei", "distance-guam-taipei", 80),  # printed as 2,700, to the hundred and from no named point
    ],
)
def test_distances_agree_with_published_ones(evidence, start, end, series, tolerance_km):
    for given_km in published(series):
        assert geography.distance_km(evidence, start, end) == pytest.approx(given_km, abs=tolerance_km)


def test_an_unknown_place_is_named(evidence):
    with pytest.raises(EvidenceError, match=r"atlantis.*use one of"):
        geography.distance_km(evidence, "tokyo", "atlantis")


def test_a_place_known_later_leaves_the_tables_of_earlier_days(evidence):
    before, after = evidence.cut("2026-01-26"), evidence.cut("2026-01-28")
    assert "tokyo-atami" not in set(geography.distances(before)["distance_id"])
    assert "tokyo-atami" in set(geography.distances(after)["distance_id"])
    assert "As far as Atami is from Tokyo" not in set(geography.map_frame(before)["name"])


def test_rows_of_the_map_cite_only_where_coordinates_come_from(evidence):
    ids = {i for text in geography.map_frame(evidence)["source_ids"] for i in text.split(";")}
    assert ids <= set(evidence.sources["source_id"])
    assert len(ids) <= 6


def test_the_extract_carries_its_licence_and_the_checksum_of_the_whole():
    extract = json.loads(make_coastline.EXTRACT.read_text("utf-8"))
    assert "Copyright 2013-2019 Michael Bostock" in extract["licence"]
    assert extract["sha256_of_source"] == make_coastline.WHOLE_SHA256
    assert make_coastline.EXTRACT.stat().st_size < 120_000


def test_small_islands_survive_in_the_near_view(evidence):
    for place_id in ("yonaguni", "ishigaki", "miyako"):
        where = geography.place(evidence, place_id)
        outline = sphere.outline_around(where["lat"], where["lon"], sphere.coastline("near"))
        away = sphere.great_circle_km(where["lat"], where["lon"], outline[:, 1], outline[:, 0])
        assert away.min() < 15 and len(outline) < 120  # an island, not the mainland


def test_another_file_is_refused(tmp_path):
    other = tmp_path / "land.json"
    other.write_text("{}")
    with pytest.raises(SystemExit, match=hashlib.sha256(b"{}").hexdigest()):
        make_coastline.main(str(other))
