"""The who-said-what table as a matrix: a row for each stakeholder, a column for each question.

The rows are those of the exhibit's table; the page sets them, like the PDF, which prints them one below another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from explainer.publish.language import _
from explainer.text.dialect import curl

Cell = Callable[[str, Any], Markup]
"""Sets one value of a row by the key of its column."""


def is_matrix(table: dict[str, Any]) -> bool:
    """Tell whether a table's rows are positions of stakeholders on questions."""
    return bool(table.get("rows_meta")) and {"stakeholder_id", "question", "taken"} <= set(table["rows_meta"][0])


def questions(table: dict[str, Any], first: Sequence[str] = ()) -> dict[str, str]:
    """Return the questions with their names, `first` ones first; words on other matters are none."""
    place = _places(table)["position"]
    named: dict[str, str] = {}
    for row, meta in zip(table["rows"], table["rows_meta"], strict=True):
        names = row[place].partition(":")[0].split(", ")  # a row of silence names several
        named.update(zip(meta["question"].split(";"), names, strict=True))
    return {key: named[key] for key in dict.fromkeys([*first, *named]) if key in named and key != "other"}


def holders(table: dict[str, Any]) -> dict[str, str]:
    """Return the stakeholders with their names, in the order of the exhibit."""
    pairs = zip(table["rows"], table["rows_meta"], strict=True)
    return {meta["stakeholder_id"]: row[_places(table)["stakeholder"]] for row, meta in pairs}


def positions(table: dict[str, Any], states: dict[str, Any]) -> dict[tuple[str, str], list[tuple[list[Any], dict]]]:
    """Return the rows of each stakeholder on each question: one on the day, and those that stood before it."""
    source = states or table
    found: dict[tuple[str, str], list[tuple[list[Any], dict]]] = {}
    current = {(m["id"], m["question"]): r for r, m in zip(table["rows"], table["rows_meta"], strict=True)}
    for row, meta in zip(source["rows"], source["rows_meta"], strict=True):
        if not meta["taken"]:
            continue
        standing = current.get((meta["id"], meta["question"])) if not meta.get("until") else None
        found.setdefault((meta["stakeholder_id"], meta["question"]), []).append((standing or row, meta))
    return found


def position(table: dict[str, Any], row: list[Any], meta: dict[str, Any], cell: Cell) -> Markup:
    """Set one position: stance, with a mark where it changed, words, day, how sure, sources."""
    value = {key: row[place] for key, place in _places(table).items()}
    now, _bar, before = meta["taken"].partition(" (earlier: ")
    words = _("changed; earlier {stance}").format(stance=before.rstrip(")"))
    changed = Markup(' <span class="changed">{}</span>').format(words) if before else ""
    return Markup('<p class="stance {}"><b>{}</b>{}</p><p>{}</p><p class="cited">{} {} <span>{}</span></p>').format(
        meta["stance"],
        now,
        changed,
        cell("words", curl(value["words"])),
        value["date"],
        *(cell(key, value[key]) for key in ("label", "source_ids")),
    )


def _places(table: dict[str, Any]) -> dict[str, int]:
    return {column["key"]: n for n, column in enumerate(table["columns"])}
