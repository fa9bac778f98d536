"""Makes ``coastline.json``, the small extract of public outlines that the map is drawn on.

Not part of a build. Run by hand, with the file of the whole beside it::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/coastline.py package/land-10m.json

The whole is recognised by its checksum, so that anybody can make the same extract again. Only coastlines are
kept: borders would take sides.
"""

import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]

WHOLE = "npm world-atlas@2.0.2, land-10m.json (Natural Earth 4.1.0, 1:10m)"
WHOLE_SHA256 = "9b9f584709c119d63fbadf484ce425260497697b7166be7a2fe360e8c0b171a8"
EXTRACT = Path(__file__).parents[1] / "src" / "alliance" / "geography" / "coastline.json"
LICENCE = (
    "ISC licence. Copyright 2013-2019 Michael Bostock. Permission to use, copy, modify, and/or distribute this "
    "software for any purpose with or without fee is hereby granted, provided that the above copyright notice and "
    'this permission notice appear in all copies. THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL '
    "WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO "
    "EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES "
    "WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER "
    "TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE."
)

#: name -> (west, south, east, north), tolerance in degrees. The near view keeps islets of a few square kilometres.
VIEWS: dict[str, tuple[Box, float]] = {
    "region": ((110.0, 10.0, 148.0, 47.0), 0.03),
    "near": ((117.0, 19.5, 130.0, 28.5), 0.005),
}


def decode_arcs(topology: dict) -> list[Ring]:
    """Turn the steps of a TopoJSON into degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step in steps:
            x, y = x + step[0], y + step[1]
            arc.append((x * kx + dx, y * ky + dy))
        arcs.append(arc)
    return arcs


def decode_rings(topology: dict) -> list[Ring]:
    """Join arcs to closed rings; a negative index means the arc backwards."""
    arcs = decode_arcs(topology)
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for indexes in (ring for polygon in polygons for ring in polygon):
            ring: Ring = []
            for index in indexes:
                part = arcs[index] if index >= 0 else arcs[~index][::-1]
                ring += part[1:] if ring else part
            rings.append(ring)
    return rings


def clip(ring: Ring, box: Box) -> Ring:
    """Cut a ring to a box, one edge after another (Sutherland and Hodgman)."""
    west, south, east, north = box
    for axis, limit, keep_above in ((0, west, True), (0, east, False), (1, south, True), (1, north, False)):
        if not ring:
            return []
        ring = _clip_edge(ring, axis, limit, keep_above)
    return ring


def _clip_edge(ring: Ring, axis: int, limit: float, keep_above: bool) -> Ring:
    def inside(point: Point) -> bool:
        return point[axis] >= limit if keep_above else point[axis] <= limit

    def crossing(a: Point, b: Point) -> Point:
        share = (limit - a[axis]) / (b[axis] - a[axis])
        return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))

    kept: Ring = []
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        if inside(a):
            kept.append(a)
        if inside(a) != inside(b):
            kept.append(crossing(a, b))
    return kept


def simplify(ring: Ring, tolerance: float) -> Ring:
    """Drop points that lie within `tolerance` of the line through those kept (Douglas and Peucker)."""
    if len(ring) < 5:
        return ring
    keep = {0, len(ring) - 1, _farthest(ring, 0, len(ring) - 1)[0]}
    corners = sorted(keep)
    spans = list(pairwise(corners))
    while spans:
        first, last = spans.pop()
        index, distance = _farthest(ring, first, last)
        if distance > tolerance:
            keep.add(index)
            spans += [(first, index), (index, last)]
    return [ring[i] for i in sorted(keep)]


def _farthest(ring: Ring, first: int, last: int) -> tuple[int, float]:
    (ax, ay), (bx, by) = ring[first], ring[last]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    best, far = first, 0.0
    for i in range(first + 1, last):
        x, y = ring[i]
        if length:
            distance = abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
        else:
            distance = ((x - ax) ** 2 + (y - ay) ** 2) ** 0.5
        if distance > far:
            best, far = i, distance
    return best, far


def extract(rings: list[Ring], box: Box, tolerance: float) -> list[list[list[float]]]:
    """Clip, simplify and round all rings of a view; rings that vanish are left out."""
    kept = []
    for ring in rings:
        part = simplify(clip(ring, box), tolerance)
        if len(part) >= 3:
            kept.append([[round(x, 3), round(y, 3)] for x, y in part])
    return kept


def main(path: str) -> None:
    """Check the whole against its checksum and write the extract."""
    content = Path(path).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != WHOLE_SHA256:
        raise SystemExit(f"{path}: checksum {found}, expected {WHOLE_SHA256}. Use {WHOLE}.")
    rings = decode_rings(json.loads(content))
    views = {name: extract(rings, box, tolerance) for name, (box, tolerance) in VIEWS.items()}
    head = {
        "source": WHOLE,
        "sha256_of_source": WHOLE_SHA256,
        "licence": LICENCE,
        "made_by": "python tools/coastline.py",
        "changes": "; ".join(
            f"{n}: clipped to {b}, simplified to {t} degrees, rounded to 0.001 degrees" for n, (b, t) in VIEWS.items()
        ),
    }
    EXTRACT.write_text(json.dumps(head | views, separators=(",", ":")).replace("]],[[", "]],\n[[") + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
