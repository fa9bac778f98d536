"""Reads the chapters as each edition's reader meets them: on every day on which a cell comes or goes."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from explainer.evidence.evidence import FIRST_DAY, Problem
from explainer.exhibits.subject import exhibits
from explainer.problems import nearest
from explainer.publish.document import BACK_MATTER
from explainer.text import chapters as words
from explainer.text.cells import EXHIBIT, HIDDEN, active, dates, tags
from explainer.text.dialect import COMMENT, headings, named, plain, slug


class Piece(NamedTuple):
    """One thing on the page, in reading order: a heading, a text or an exhibit."""

    chapter: str
    cell: str
    kind: str
    text: str
    level: int = 0
    anchors: tuple[str, ...] = ()


Fault = tuple[Piece, str, str, str]


def change_days(notebooks: Mapping[str, Any], last_day: dt.date) -> list[dt.date]:
    """Days on which the set of cells that stand changes; the first and the last day of the report among them."""
    days = {FIRST_DAY, last_day}
    for since, until in (dates(cell) for nb in notebooks.values() for cell in nb.cells):
        days |= {since} if since else set()
        days |= {until + dt.timedelta(days=1)} if until else set()
    return sorted(day for day in days if FIRST_DAY <= day <= last_day)


def pieces(notebooks: Mapping[str, Any], day: dt.date) -> list[Piece]:
    """Return what a reader of the edition of a day meets, in order."""
    found = []
    for key, nb in notebooks.items():
        for cell in (c for c in nb.cells if active(c, day) and not HIDDEN & set(tags(c))):
            if cell.cell_type == "markdown":
                found += _texts(key, cell.id, cell.source, "aside" in tags(cell))
            elif EXHIBIT & set(tags(cell)):
                found += [Piece(key, cell.id, "exhibit", identifier) for identifier in words.shown(cell)]
    return found


@lru_cache(maxsize=4096)  # a cell stands on many days
def _texts(key: str, cell: str, source: str, aside: bool) -> list[Piece]:
    if aside:
        return [Piece(key, cell, "text", source)]
    found, place = [], 0
    for match in headings(source):
        found.append(Piece(key, cell, "text", COMMENT.sub("", source[place : match.start()]).strip()))
        anchors = tuple(f"{match[3] or ''}{match[4] or ''}".replace("#", "").split())
        found.append(Piece(key, cell, "heading", match[2], len(match[1]), anchors))
        place = match.end()
    found.append(Piece(key, cell, "text", COMMENT.sub("", source[place:]).strip()))
    return [piece for piece in found if piece.text]


def reading_problems(notebooks: Mapping[str, Any], last_day: dt.date) -> list[Problem]:
    """Check order and references on every day on which the text changes; name each fault once, with its first day."""
    found: dict[tuple[str, ...], Problem] = {}
    for day in change_days(notebooks, last_day):
        read = pieces(notebooks, day)
        faults = [*_reference_faults(read), *_anchor_faults(read)]
        for key, group in groupby(read, key=lambda piece: piece.chapter):
            own = list(group)
            faults += [*_heading_faults(own), *(() if words.is_record(key) else _exhibit_faults(own))]
        for piece, value, what, mend in faults:
            place = f"{piece.chapter}.ipynb", 0, f"cell {piece.cell}"
            problem = Problem(*place, value, f"{what} (as of {day})", mend)
            found.setdefault((piece.chapter, piece.cell, value, what), problem)
    return list(found.values())


def _heading_faults(own: Sequence[Piece]) -> Iterator[Fault]:
    """Check that a chapter opens with its one title, and that no level is skipped."""
    if own[0].kind != "heading" or own[0].level != 1:
        yield own[0], own[0].text[:60], "a chapter that does not open with its title", "begin with '# Title?'"
    level = 1
    for piece in (p for p in own[1:] if p.kind == "heading"):
        if piece.level == 1:
            yield piece, piece.text, "a second title in a chapter", "make it a section with '##'"
        elif piece.level > level + 1:
            yield piece, piece.text, f"a heading of level {piece.level} under one of level {level}", "skip no level"
        level = piece.level


def _exhibit_faults(own: Sequence[Piece]) -> Iterator[Fault]:
    """Check that no two exhibits touch, and that each is introduced before and read after."""
    for before, piece, after in zip([None, *own], own, [*own[1:], None], strict=False):
        if piece.kind != "exhibit":
            continue
        if before is not None and before.kind == "exhibit":
            yield piece, piece.text, f"touches the exhibit {before.text!r}", "put a paragraph between the two"
        elif before is None or before.kind != "text":
            yield piece, piece.text, "an exhibit without a sentence that introduces it", "say what it shows"
        if after is None or after.kind == "heading":
            yield piece, piece.text, "an exhibit that no paragraph reads", "say after it what it shows"


def _reference_faults(read: Sequence[Piece]) -> Iterator[Fault]:
    """Check that what is referred to is shown, what is shown is referred to, and nothing is shown twice."""
    shown: dict[str, Piece] = {}
    for piece in (p for p in read if p.kind == "exhibit"):
        if shown.setdefault(piece.text, piece) is not piece:
            yield piece, piece.text, f"shown a second time (first in {shown[piece.text].chapter})", "show it once"
    told = [(k, i, p) for p in read if p.kind != "exhibit" for k in ("fig", "tab") for i in named(p.text, k)]
    for identifier in sorted(shown.keys() - {i for _, i, _ in told}):
        yield shown[identifier], identifier, "an exhibit that no text refers to", "refer to it with @fig-id or @tab-id"
    called = {f"@{exhibit.kind[:3]}-{name}": name for name, exhibit in exhibits().items()}
    for kind, identifier, piece in told:
        if (mark := f"@{kind}-{identifier}") not in called:
            right = [one for one, own in called.items() if own == identifier]
            yield piece, mark, "no such exhibit", nearest(mark, right or called).strip() or "correct it"
        elif identifier not in shown:
            mend = "show it, or give both cells the same days"
            yield piece, identifier, "refers to an exhibit that is not shown", mend


def _anchor_faults(read: Sequence[Piece]) -> Iterator[Fault]:
    """Check that an anchor stands once, and that no link leads to one that is nowhere."""
    known, taken = exhibits(), {piece.chapter for piece in read} | set(BACK_MATTER)
    for piece in read:
        if piece.kind == "heading":
            if piece.anchors and piece.anchors[0] in taken:
                yield piece, f"#{piece.anchors[0]}", "an anchor that is taken", "give the heading another"
            taken.update(piece.anchors or [slug(plain(piece.text))])
        elif piece.kind == "exhibit" and piece.text in known:
            taken.add(f"{known[piece.text].kind[:3]}-{piece.text}")
    for piece in read:
        for anchor in (one for one in named(piece.text, "anchor") if one not in taken):
            mend = nearest(anchor, taken).strip() or "correct it"
            yield piece, f"#{anchor}", "links to an anchor that is nowhere", mend
