"""Fits a chapter to its pages: every note at the foot of the page that has its reference, no table after a gap.

Typst places a note when it meets the reference, and only then learns whether the line, now with less room, still
fits. Where it does not, the line goes to the next page and the note stays behind. So a chapter is set, looked at and
set again: under the last right note of such a page goes an empty space as high as the notes that do not belong there.
The page looks as before, but the line no longer tempts Typst. In the same rounds a long table, which breaks into pages
of its own making, learns how much room the text before it has left.

A mended page stays as it is, and nothing later moves what is before it, so rounds that change one thing each come to
an end; the first rounds change all at once, which is nearly always enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import typst

from .typst_text import fonts

ROUNDS = 40
EAGER_ROUNDS = 6
PAGE_TOP, PAGE_BOTTOM = 26 * 72 / 25.4, 273 * 72 / 25.4  # of the text on an upright page, see explainer.typ
LEAST_ROOM = 85 * 72 / 25.4  # less is no start for a long table
OVER_NOTES = 14.0  # the line over the notes, with its white space
OVER_FLOAT = 20.0  # the white space over a figure
OVER_TABLE = 20.0  # and over a table
REFUSED = -1.0  # the room of a table that shall have a page of its own whatever happens

Place = dict[str, Any]


@dataclass(frozen=True)
class Fit:
    """What the rounds have found: for a note, the notes whose height stays empty under it; for a table, its room."""

    blanks: dict[int, list[int]] = field(default_factory=dict)
    rooms: dict[str, float] = field(default_factory=dict)

    def file(self) -> dict[str, bytes]:
        """Return the file that the document reads it from.

        It stands alone, so that Typst need not lay out again what does not depend on it.
        """
        blanks = {str(host): notes for host, notes in self.blanks.items()}
        return {"fit.json": json.dumps({"blanks": blanks, "rooms": self.rooms}).encode()}


def fit_chapters(files: Mapping[str, bytes], chapters: list[bytes], uprights: Mapping[str, bool]) -> Fit:
    """Fit each chapter alone, for a chapter begins a page and so depends on no other.

    Parameters
    ----------
    files
        What the document reads.
    chapters
        The Typst source of each chapter.
    uprights
        For each table, whether it stands on an upright page.
    """
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda source: _fit({**files, "main": source}, uprights), chapters))
    blanks = {host: notes for one in found for host, notes in one.blanks.items()}
    return Fit(blanks, {table: room for one in found for table, room in one.rooms.items()})


def _fit(files: Mapping[str, bytes], uprights: Mapping[str, bool]) -> Fit:
    fit = Fit()
    for number in range(ROUNDS):
        places = _places(files, fit)
        better = improve(places, fit, uprights, all_at_once=number < EAGER_ROUNDS)
        if better == fit:
            break
        fit = better
    return fit


def _places(files: Mapping[str, bytes], fit: Fit) -> dict[str, Any]:
    found = typst.query(
        {**files, **fit.file()}, "<places>", field="value", one=True, font_paths=fonts(), ignore_system_fonts=True
    )
    return json.loads(found) if isinstance(found, str) else found


def improve(places: dict[str, Any], fit: Fit, uprights: Mapping[str, bool], *, all_at_once: bool) -> Fit:
    """Return the fit of the next round: the same when nothing is left to mend.

    Parameters
    ----------
    places
        Where notes, references, tables and figures stand in this round.
    fit
        That of this round.
    uprights
        For each table, whether it stands on an upright page.
    all_at_once
        Whether to mend everything that is wrong, or only what comes first.
    """
    rooms = dict(fit.rooms)
    for table, room in islice(_rooms(places, fit, uprights), None if all_at_once else 1):
        rooms[table] = room
        if not all_at_once:
            return Fit(fit.blanks, rooms | {table: room or REFUSED})
    rooms = {table: room for table, room in rooms.items() if room}
    notes = places["notes"]
    idle = _idle(notes, fit.blanks)
    blanks = {host: list(under) for host, under in fit.blanks.items() if host not in idle}
    for host, under in islice(_mends(notes), None if all_at_once else 1):
        blanks[host] = [*blanks.get(host, []), *under]
    return Fit(blanks, rooms)


def _rooms(places: dict[str, Any], fit: Fit, uprights: Mapping[str, bool]) -> Iterator[tuple[str, float]]:
    """Yield the tables whose room is not what they have been told, with the right one (0 for a page of their own).

    A table that is told of room and yet heads a page did not fit where it should: it gets its own page, and so the next
    round sees again where the text before it ends.
    """
    for table, page, y in places["tables"]:
        told = fit.rooms.get(table, 0.0)
        if told == REFUSED or not uprights[table]:
            continue
        room = _room(places, page, y) - (0 if told else OVER_TABLE)
        if room < LEAST_ROOM or (told and y < PAGE_TOP + 1):
            room = 0.0
        if abs(room - told) > 1:
            yield table, round(room, 1)


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


def _mends(notes: list[Place]) -> Iterator[tuple[int, list[int]]]:
    """Yield a host and the notes to keep its place for, for each wrong page on which some note can be host."""
    for page in sorted({min(p["page"], p["ref_page"]) for p in notes if p["page"] != p["ref_page"]}):
        stray = [p for p in notes if p["page"] == page < p["ref_page"]]
        torn = [p for p in notes if p["ref_page"] == page < p["page"]]
        line = [p for p in notes if torn and p["ref_page"] == page and p["ref_y"] >= torn[0]["ref_y"] - 1]
        right = [p for p in notes if p["page"] == p["ref_page"] == page and p not in line]
        if right:
            host = max(right, key=lambda place: place["y"])
            yield host["note"], [p["note"] for p in (*stray, *line)]
