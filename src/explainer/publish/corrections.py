"""Marks what has been corrected: the paragraph, the row or the exhibit, each with a link to its entry in the list.

A correction's `place` is ``chapter/cell``, the id of a row, ``fig-id`` or ``tab-id``, or a chapter as a whole. The mark
is the inline token ``correction:id``, or ``correction:id|again`` where a row is shown a second time.
"""

from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from explainer import N_
from explainer.publish.document import Document, chapter_number, long_date, token
from explainer.publish.language import _
from explainer.text.dialect import clean, curl, ids_of

MARKS = {
    N_("correction"): N_("Corrected {day}"),
    N_("update"): N_("Updated {day}"),
    N_("wording"): N_("Reworded {day}"),
}
"""The classes of corrections, and what is said where each was made."""


def mark_corrections(nb: NotebookNode) -> None:
    """Mark every corrected place of a resolved notebook, and say of each correction where it stands."""
    document = nb.metadata["explainer"]
    corrections = sorted(clean(document["corrections"]), key=lambda c: (c["day"], c["correction_id"]), reverse=True)
    document["corrections"] = [one | {side: curl(one[side]) for side in ("was", "is")} for one in corrections]
    marked: dict[tuple[str, ...], str] = {}
    for one in document["corrections"]:
        mark = (one["place"], one["class"])
        found = [] if mark in marked else [*_cells(nb, one), *_exhibits(document, one), *_rows(document, one)]
        one["where"] = marked.setdefault(mark, found[0] if found else _where(one["place"], document))
        one["marked"] = bool(found)  # an earlier one at a place needs no second mark
        one["sources"] = [source for source in ids_of(one.get("source_ids")) if source in document["sources"]]


def mark_words(document: Document, payload: str) -> tuple[str, str, bool]:
    """Return the id and the words of a mark, and whether it is the first one."""
    key, _bar, again = payload.partition("|")
    one = next(c for c in document["corrections"] if c["correction_id"] == key)
    return key, _(MARKS[one["class"]]).format(day=long_date(one["day"])), not again


def later_words(document: Document) -> str:
    """Return why a mark may bear a day after the edition's; nothing where none does."""
    late = any(one["day"] > document["as_of"] for one in document["corrections"])
    return _("What was corrected later is marked with the day of the correction.") if late else ""


def _cells(nb: NotebookNode, one: dict[str, Any]) -> Iterator[str]:
    """Mark the end of the last text that the cell has become."""
    chapter, _bar, name = one["place"].partition("/")
    infos = [(cell, cell.metadata["explainer"]) for cell in nb.cells if cell.cell_type == "markdown"]
    own = [cell for cell, info in infos if name and (info["chapter"], info["cell"]) == (chapter, name)]
    for cell in [c for c in own if not c.metadata["explainer"].get("heading") or "\n" in c.source.strip()][-1:]:
        text = cell.source.rstrip()
        gap = "\n\n" if text.rpartition("\n")[2].startswith(("|", "`", "~")) else " "
        cell.source = f"{text}{gap}{token('correction', one['correction_id'])}"
        yield _("chapter {number}").format(number=chapter_number(chapter))


def _exhibits(document: dict[str, Any], one: dict[str, Any]) -> Iterator[str]:
    for entry in document["figures"].values():
        if entry["number"] and entry["anchor"] == one["place"]:
            entry["corrected"] = [*entry.get("corrected", []), token("correction", one["correction_id"])]
            yield entry["name"]


def _rows(document: dict[str, Any], one: dict[str, Any]) -> Iterator[str]:
    """Mark the row in its longest text, in every table that shows it."""
    again = ""
    for entry in (e for e in document["figures"].values() if e["number"] and e["kind"] == "table"):
        table = entry["table"]
        texts = [n for n, column in enumerate(table["columns"]) if column.get("kind", "text") == "text"]
        for row, meta in zip(table["rows"], table.get("rows_meta") or [], strict=False):
            if texts and meta.get("id") == one["place"]:
                lengths = [len(str(cell or "")) for cell in row]
                longest = max(texts, key=lengths.__getitem__)
                row[longest] = f"{row[longest] or ''} {token('correction', one['correction_id'] + again)}"
                again = "|again"
                yield entry["name"]


def _where(place: str, document: dict[str, Any]) -> str:
    chapter = place.partition("/")[0]
    known = any(c["key"] == chapter for c in document["chapters"])
    return _("chapter {number}").format(number=chapter_number(chapter)) if known else place
