"""Fits a chapter to its pages: every note at the foot of the page that has its reference, no table after a gap.

Typst places a note when it meets the reference, and only then learns whether the line, now with less room, still
fits. Where it does not, the line goes to the next page and the note stays behind. So a chapter is set, looked at and
set again: under the last right note of such a page goes an empty space as high as the notes that do not belong there.
The page looks as before, but the line no longer tempts Typst. In the same rounds a long table, which breaks into pages
of its own making, learns how much room the text before it has left, and a figure whether it stands on the page that
calls it (then at the foot) or on the next (then at the head).

Exhibits are measured once and stand in the trials as empty spaces of their height. A mended page stays as it is, and
nothing later moves what is before it, so rounds that go from the front come to an end; the first rounds change all at
once, which brings most of it near.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import typst

from explainer import store as cache
from explainer.project import CACHE
from explainer.publish.pdf.prose import font_files, fonts

MEASURE = b'#import "explainer.typ": *\n#show: report\n#measures()\n#metadata(none) <labels>'
EXHIBIT_CALL, NOTE_CALL = re.compile(r'#exhibit\("([^"]+)"\)'), re.compile(r"#note\((\d+)\)")
BEFORE, BEHIND = ("answer", "extent", "colophon"), ("sources", "glossary", "corrections", "persons")
"""Parts of the report's data that only the front and the back of the document read."""
ROUNDS = 40
EAGER_ROUNDS = 3
PAGE_TOP, PAGE_BOTTOM = 26 * 72 / 25.4, 273 * 72 / 25.4  # of the text on an upright page, see explainer.typ
LANDSCAPE_HEIGHT = 166 * 72 / 25.4
KEPT_TOGETHER = 92 * 72 / 25.4  # the highest table that floats in one piece
LEAST_ROOM = 62 * 72 / 25.4  # less is no start for a long table
SAFETY = 4.0
FEWEST_LAST_ROWS = 2  # on the last page of a table: a lonely row looks like a slip
OVER_NOTES = 14.0  # the line over the notes, with its white space
OVER_ROW_NOTES = 8.0  # the white space over the notes of a table
OVER_FLOAT = 20.0  # the white space over a figure
OVER_TABLE = 20.0  # and over a table
OWN_PAGE = -1.0  # the room of a table that shall begin a page whatever happens
WORTH_WHILE = 30.0  # how much more room must have come up for a table to use it

Place = dict[str, Any]
Measures = dict[str, Any]


@dataclass(frozen=True)
class Fit:
    """What the rounds have found.

    Attributes
    ----------
    blanks
        For a note, the notes whose height stays empty under it.
    rooms
        For a table, the height that it may fill on the page where it starts, or `OWN_PAGE`.
    tops
        The floating exhibits that stand at the head of their page.
    """

    blanks: dict[int, list[int]] = field(default_factory=dict)
    rooms: dict[str, float] = field(default_factory=dict)
    tops: frozenset[str] = frozenset()


def fit_file(fit: Fit, exhibits: Mapping[str, dict[str, Any]], measures: Mapping[str, Measures]) -> dict[str, bytes]:
    """Return the file in which the document reads how it is fitted.

    It stands alone, so that Typst need not lay out again what does not depend on it.
    """
    layouts = {name: _layout(exhibits[name], measured, fit, name) for name, measured in measures.items()}
    blanks = {str(host): notes for host, notes in fit.blanks.items()}
    return {"fit.json": json.dumps({"blanks": blanks, "layouts": layouts}).encode()}


def _layout(entry: dict[str, Any], measured: Measures, fit: Fit, name: str) -> dict[str, Any]:
    top, room = name in fit.tops, fit.rooms.get(name)
    if entry["kind"] == "figure":
        return {"top": top, "height": measured["height"]}
    count = len(measured["rows"])
    together = not entry["landscape"] and table_page(measured, 0, count)["height"] <= KEPT_TOGETHER
    own_page = not together and (room is None or room == OWN_PAGE)
    full = LANDSCAPE_HEIGHT if entry["landscape"] else PAGE_BOTTOM - PAGE_TOP
    breaks = [0, count] if together else table_breaks(measured, full if own_page else room, full)
    pages = [table_page(measured, start, stop) for start, stop in pairwise(breaks)]
    layout = {"top": top, "own_page": own_page, "together": together, "pages": pages, "heights": measured["rows"]}
    return layout | {"height": sum(page["height"] for page in pages)}


def table_page(measured: Measures, start: int, stop: int) -> dict[str, Any]:
    """Return one page of a table: its rows, its height, and how many of its notes stand in the left column."""
    notes = [height for row in measured["notes"][start:stop] for height in row]
    left, notes_height = _two_columns(notes)
    height = measured["header"] + (measured["continued"] if start else measured["caption"])
    height += sum(measured["rows"][start:stop]) + notes_height
    height += measured["foot"] if stop == len(measured["rows"]) else 0
    return {"from": start, "to": stop, "left": left, "height": round(height, 2)}


def _two_columns(heights: list[float]) -> tuple[int, float]:
    """Return how many notes the left of two columns has, and the height of both, the least there is."""
    if not heights:
        return 0, 0.0
    total, left, best = sum(heights), 0.0, (len(heights), sum(heights))
    for number, height in enumerate(heights, start=1):
        left += height
        if max(left, total - left) < best[1]:
            best = number, max(left, total - left)
    return best[0], best[1] + OVER_ROW_NOTES


def table_breaks(measured: Measures, room: float, full: float) -> list[int]:
    """Return the first row of each page of a table, and the end: its rows and their notes fill the pages.

    Parameters
    ----------
    measured
        The heights of its rows and their notes, of its header, caption and foot.
    room
        The height of its first page.
    full
        The height of the others.
    """
    breaks, limit, count = [0], room - SAFETY, len(measured["rows"])
    for n in range(count):
        if n > breaks[-1] and table_page(measured, breaks[-1], n + 1)["height"] > limit:
            limit = full - SAFETY
            breaks.append(n)
    lonely = len(breaks) > 1 and count - breaks[-1] < FEWEST_LAST_ROWS
    if lonely and breaks[-1] - breaks[-2] > 2 * FEWEST_LAST_ROWS:
        breaks[-1] = count - FEWEST_LAST_ROWS
    return [*breaks, count]


def fit_chapters(
    files: Mapping[str, bytes], chapters: list[bytes], exhibits: Mapping[str, dict[str, Any]]
) -> dict[str, bytes]:
    """Fit each chapter alone, for a chapter begins a page and so depends on no other; return the file that says how.

    Parameters
    ----------
    files
        What the document reads.
    chapters
        The Typst source of each chapter, with empty exhibits of the right heights.
    exhibits
        The exhibits' entries in the report's data.
    """
    parts = Parts(files)
    measures = _measures(parts, exhibits)
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda source: _fit_or_kept(parts, source, exhibits, measures), chapters))
    whole = Fit(tops=frozenset().union(*(one.tops for one in found)))
    for one in found:
        whole.blanks.update(one.blanks)
        whole.rooms.update(one.rooms)
    return fit_file(whole, exhibits, measures)


class Parts:
    """Cuts what the document reads down to a few exhibits and notes, so that what it gives can be kept by that.

    Parameters
    ----------
    files
        All that the document reads.
    """

    def __init__(self, files: Mapping[str, bytes]):
        self.files = files
        self.report: dict[str, Any] = json.loads(files["report.json"])
        paths = [Path(__file__), *font_files()]
        self.setter = repr([typst.__version__, *((path.name, path.stat().st_size) for path in paths)]).encode()

    def only(self, exhibits: Iterable[str], notes: Iterable[int], *, drawn: bool) -> dict[str, bytes]:
        """Return the files for some exhibits and notes; with the drawings only where they are drawn."""
        figures = {name: self.report["figures"][name] for name in exhibits}
        kept = {str(number): self.report["notes"][str(number)] for number in sorted(set(notes))}
        report = {**self.report, **dict.fromkeys(BEHIND, ()), **dict.fromkeys(BEFORE, ""), "figures": figures}
        files = {"explainer.typ": self.files["explainer.typ"]}
        files["report.json"] = json.dumps({**report, "notes": kept}, ensure_ascii=False).encode()
        if drawn:
            files |= {one["file"]: self.files[one["file"]] for one in figures.values() if one["kind"] == "figure"}
        return files

    def place(self, kind: str, files: Mapping[str, bytes], *more: bytes) -> Path:
        """Return where a result is kept that was made from files and nothing else."""
        key = hashlib.blake2b(self.setter, digest_size=16)
        for part in (*(name.encode() + b" " + content for name, content in sorted(files.items())), *more):
            key.update(len(part).to_bytes(8, "big") + part)
        return CACHE / kind / key.hexdigest()


def _row_notes(entry: Mapping[str, Any]) -> Iterator[int]:
    """Yield the notes that the rows of a table have."""
    cells = (value for row in entry.get("rows", ()) for value in row)
    listed = (item for value in cells for item in (value if isinstance(value, list) else [value]))
    yield from (item["note"] for item in listed if isinstance(item, dict) and "note" in item)


def _measures(parts: Parts, exhibits: Mapping[str, dict[str, Any]]) -> dict[str, Measures]:
    """Measure the exhibits, all that are not known already in one go."""
    places = {}
    for name in exhibits:
        own = parts.only([name], _row_notes(parts.report["figures"][name]), drawn=True)
        places[name] = parts.place("measures", own)
    known = {name: kept for name, place in places.items() if (kept := _load(place)) is not None}
    missing = [name for name in exhibits if name not in known]
    if missing:
        notes = (note for name in missing for note in _row_notes(parts.report["figures"][name]))
        found = _query({**parts.only(missing, notes, drawn=True), "main": MEASURE}, "<measures>")
        for name in missing:
            known[name] = found[name]
            _keep(places[name], found[name])
    return {name: known[name] for name in exhibits}


def _fit_or_kept(
    parts: Parts, source: bytes, exhibits: Mapping[str, dict[str, Any]], measures: Mapping[str, Measures]
) -> Fit:
    text = source.decode()
    own = [name for name in dict.fromkeys(EXHIBIT_CALL.findall(text)) if name in exhibits]
    notes = map(int, NOTE_CALL.findall(text))
    mine = {name: measures[name] for name in own}
    files = {**parts.only(own, notes, drawn=False), "main": source}
    place = parts.place("fits", files, json.dumps(mine, sort_keys=True).encode())
    kept = _load(place)
    if kept is None:
        fit = _fit(files, exhibits, mine)
        _keep(place, {"blanks": sorted(fit.blanks.items()), "rooms": fit.rooms, "tops": sorted(fit.tops)})
        return fit
    return Fit(dict(kept["blanks"]), kept["rooms"], frozenset(kept["tops"]))


def _load(place: Path) -> Any:
    files = cache.load(place)
    return json.loads(files["found.json"]) if files else None


def _keep(place: Path, found: Any) -> None:
    with contextlib.suppress(OSError):  # a full or read-only disk costs time, not the build
        cache.keep(place, {"found.json": json.dumps(found).encode()})


def _fit(files: Mapping[str, bytes], exhibits: Mapping[str, dict[str, Any]], measures: Mapping[str, Measures]) -> Fit:
    fit = Fit()
    for number in range(ROUNDS):
        places = _query({**files, **fit_file(fit, exhibits, measures)}, "<places>")
        better = improve(places, fit, exhibits, eager=number < EAGER_ROUNDS)
        if better == fit:
            break
        fit = better
    return fit


def _query(files: Mapping[str, bytes], what: str) -> Any:
    found = typst.query(dict(files), what, field="value", one=True, font_paths=fonts(), ignore_system_fonts=True)
    return json.loads(found) if isinstance(found, str) else found


def improve(places: dict[str, Any], fit: Fit, exhibits: Mapping[str, dict[str, Any]], *, eager: bool) -> Fit:
    """Return the fit of the next round: the same when nothing is left to mend.

    Parameters
    ----------
    places
        Where notes, references, tables and figures stand in this round.
    fit
        That of this round.
    exhibits
        The exhibits' entries in the report's data.
    eager
        Whether to mend everything that is wrong; or else only down to the first exhibit that has to move, since that
        moves all that follows.
    """
    notes = places["notes"]
    idle = _idle(notes, fit.blanks)
    blanks = {host: list(under) for host, under in fit.blanks.items() if host not in idle}
    rooms, tops = dict(fit.rooms), set(fit.tops)
    changes = [*_rooms(places, fit, exhibits, eager=eager), *_sides(places, fit), *_mends(notes)]
    for _, target, change in sorted(changes, key=lambda item: (item[0], isinstance(item[1], str))):
        if isinstance(target, int):
            blanks[target] = [*blanks.get(target, []), *change]
            continue
        if isinstance(change, bool):
            tops ^= {target}
        else:
            rooms[target] = change
        if not eager:
            break
    return Fit(blanks, {table: room for table, room in rooms.items() if room}, frozenset(tops))


def _sides(places: dict[str, Any], fit: Fit) -> Iterator[tuple[int, str, bool]]:
    """Yield the floating exhibits that stand at the wrong end of their page: page, exhibit, whether to the head."""
    called = {name: page for name, page, _ in places["calls"]}
    for (name, page, _), _ in places["floats"]:
        top = page > called[name]
        if top != (name in fit.tops):
            yield page, name, top


def _rooms(
    places: dict[str, Any], fit: Fit, exhibits: Mapping[str, dict[str, Any]], *, eager: bool
) -> Iterator[tuple[int, str, float]]:
    """Yield the tables whose room is not what they have been told: page, table, room (0 for a page of their own).

    A table that is told of room and yet heads a page did not fit where it should: it gets its own page, for now
    or, in the later rounds, for good.
    """
    for table, page, y in places["tables"]:
        told = fit.rooms.get(table, 0.0)
        if told == OWN_PAGE or exhibits[table]["landscape"]:
            continue
        room = _room(places, page, y) - (0 if told else OVER_TABLE)
        if room < LEAST_ROOM or (told and y < PAGE_TOP + 1):
            if told:
                yield page, table, 0.0 if eager else OWN_PAGE
        elif room < told - 1 or room > told + WORTH_WHILE:
            yield page, table, round(room, 1)


def _room(places: dict[str, Any], page: int, y: float) -> float:
    """Return the height between a place and the earlier notes at the foot of its page, or a figure over them."""
    notes = sorted((p for p in places["notes"] if p["page"] == page), key=lambda place: place["y"])
    ends = [*(p["y"] for p in notes[1:]), PAGE_BOTTOM]
    earlier = [end - p["y"] for p, end in zip(notes, ends, strict=False) if (p["ref_page"], p["ref_y"]) < (page, y)]
    under = [bottom[2] - top[2] for top, bottom in places["floats"] if top[1] == page and top[2] > y]
    return PAGE_BOTTOM - y - sum(earlier) - OVER_NOTES * bool(earlier) - sum(under) - OVER_FLOAT * len(under)


def _idle(notes: list[Place], blanks: Mapping[int, list[int]]) -> set[int]:
    """Return the hosts that have become superfluous: another right note stands under theirs on the same page."""
    by_note = {place["note"]: place for place in notes}
    right = [place for place in notes if place["page"] == place["ref_page"]]
    return {
        host for host in blanks
        if any(p["page"] == by_note[host]["page"] and p["y"] > by_note[host]["y"] for p in right)
    }  # fmt: skip


def _mends(notes: list[Place]) -> Iterator[tuple[int, int, list[int]]]:
    """Yield what each page with a wrong note needs: page, the note that can be host, the notes to keep place for."""
    for page in sorted({min(p["page"], p["ref_page"]) for p in notes if p["page"] != p["ref_page"]}):
        stray = [p for p in notes if p["page"] == page < p["ref_page"]]
        torn = [p for p in notes if p["ref_page"] == page < p["page"]]
        line = [p for p in notes if torn and p["ref_page"] == page and p["ref_y"] >= torn[0]["ref_y"] - 1]
        right = [p for p in notes if p["page"] == p["ref_page"] == page and p not in line]
        if right:
            host = max(right, key=lambda place: place["y"])
            yield page, host["note"], [p["note"] for p in (*stray, *line)]
