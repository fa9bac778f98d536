"""Every note at the foot of the page that has its reference.

Typst places a note when it meets the reference, and only then learns whether the line, now with less room, still fits.
Where it does not, the line goes to the next page and the note stays behind; in a long table that happens on
every page. So the pages are set, looked at and set again: under the last right note of such a page goes an empty
space as high as the notes that do not belong there. The page looks as before, but the line no longer tempts Typst.
Pages before the one mended stay as they are, and a chapter begins a page, so rounds that mend one page of each chapter
come to an end; the first rounds try all pages at once, which is nearly always enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import Any

import typst

from .typst_text import fonts

ROUNDS = 60
EAGER_ROUNDS = 5

Place = dict[str, Any]
Blanks = dict[int, list[int]]


def with_blanks(files: Mapping[str, bytes], blanks: Blanks) -> dict[str, bytes]:
    """Return the files of the document and, beside them, the empty spaces under notes.

    They stand in a file of their own, so that Typst need not lay out again what does not depend on them.
    """
    return {**files, "blanks.json": json.dumps({str(host): notes for host, notes in blanks.items()}).encode()}


def settle(files: Mapping[str, bytes], chapters: Mapping[str, str]) -> Blanks:
    """Return for some notes the list of notes whose height must stay empty under them."""
    blanks: Blanks = {}
    for number in range(ROUNDS):
        mended = mend(_places(files, blanks), chapters, blanks, all_pages=number < EAGER_ROUNDS)
        if mended == blanks:
            return blanks
        blanks = mended
    return blanks


def _places(files: Mapping[str, bytes], blanks: Blanks) -> list[Place]:
    found = typst.query(
        with_blanks(files, blanks), "<note-places>", field="value", one=True, font_paths=fonts(),
        ignore_system_fonts=True,
    )  # fmt: skip
    return json.loads(found) if isinstance(found, str) else found


def mend(places: Iterable[Place], chapters: Mapping[str, str], blanks: Blanks, *, all_pages: bool) -> Blanks:
    """Return the blanks of the next round.

    Parameters
    ----------
    places
        Where each note and its reference stand in this round.
    chapters
        The chapter of each note.
    blanks
        Those of this round.
    all_pages
        Whether to mend every wrong page of a chapter, or only the first, which cannot go wrong again.
    """
    places = sorted(places, key=lambda place: place["note"])
    idle = _idle(places, blanks)
    made = {host: list(notes) for host, notes in blanks.items() if host not in idle}
    for _, own in groupby(places, key=lambda place: chapters[str(place["note"])]):
        found = _mends(list(own))
        for host, notes in found if all_pages else islice(found, 1):
            made[host] = [*made.get(host, []), *notes]
    return made


def _idle(places: list[Place], blanks: Blanks) -> set[int]:
    """Return the hosts that have become superfluous: another note stands under theirs on the same page."""
    by_note = {place["note"]: place for place in places}
    right = [place for place in places if place["page"] == place["ref_page"]]
    return {
        host for host in blanks
        if any(p["page"] == by_note[host]["page"] and p["y"] > by_note[host]["y"] for p in right)
    }  # fmt: skip


def _mends(places: list[Place]) -> Iterator[tuple[int, list[int]]]:
    """Yield a host and the notes to keep its place for, for each wrong page on which some note can be host."""
    for page in sorted({min(p["page"], p["ref_page"]) for p in places if p["page"] != p["ref_page"]}):
        stray = [p for p in places if p["page"] == page < p["ref_page"]]
        torn = [p for p in places if p["ref_page"] == page < p["page"]]
        line = [p for p in places if torn and p["ref_page"] == page and p["ref_y"] >= torn[0]["ref_y"] - 1]
        right = [p for p in places if p["page"] == p["ref_page"] == page and p not in line]
        if right:
            host = max(right, key=lambda place: place["y"])
            yield host["note"], [p["note"] for p in (*stray, *line)]
