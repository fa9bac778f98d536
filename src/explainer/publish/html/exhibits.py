"""Figures and tables as the page's template wants them."""

import re
from pathlib import Path
from typing import Any

from markupsafe import Markup

from explainer import N_
from explainer.evidence.confidence import LABEL_RULES
from explainer.evidence.sources import span
from explainer.publish.document import START, Document, PublishError, row_sources, split_tokens
from explainer.publish.html import svg
from explainer.publish.html.inline import Inline
from explainer.publish.language import _
from explainer.text.chapters import is_record
from explainer.text.dialect import curl, ids_of

PUBLISHERS_IN_LINE = 6
"""A source line names so many publishers; more are folded away behind their number."""
PRODUCERS_TO_CITE = 3
"""A figure whose data come from so many publishers at most has a link by which to cite each."""
LONG_CELL, MIDDLE_CELL = 60, 20
"""Columns in which most texts have so many characters get room on a phone."""
USUAL = 0.8
KIT = {"csv": N_("Data (CSV)"), "wide": N_("Drawing (SVG)"), "png": N_("Picture (PNG)")}
SHOWN = ("id", "kind", "name", "anchor", "claim", "subtitle", "note", "alt")
STATED = ("taken", "earlier")
"""What the page knows of a row of the matrix and prints, so that it need not stand in the row's attributes too."""
WIDE_SCRIPTS = frozenset({"ja", "zh", "ko"})


class Exhibits:
    """The exhibits of one page, with what they leave to other parts of it.

    Parameters
    ----------
    document
        The resolved document.
    figures_dir
        The folder of the edition's drawings and tables.
    code_root
        What stands before a path of the repository in links to code.
    inline
        Sets what stands inside cells.
    """

    def __init__(self, document: Document, figures_dir: Path, code_root: str, inline: Inline) -> None:
        self.document, self.figures_dir, self.code_root, self.inline = document, figures_dir, code_root, inline
        self.drawings = svg.Drawings()
        tables = [entry for entry in document["figures"].values() if entry["kind"] == "table" and entry["anchor"]]
        sized = [(entry["id"], (entry.get("table") or {}).get("rows_meta") or []) for entry in tables]
        sized.sort(key=lambda item: len(item[1]))  # of several tables with a row, the fullest carries its anchor
        self.owners = {row_name(meta): one for one, metas in sized for meta in metas}
        self.row_ids: set[str] = set()
        self.earlier: list[list[Any]] = []
        self.in_tables: dict[int, dict[str, Any]] = {}

    def view(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Return an exhibit as the template sets it."""
        table = entry.get("table") or {"columns": [], "rows": []}
        view = {key: entry.get(key, "") for key in SHOWN}
        shown = table
        if entry["kind"] != "table":  # of a chart's numbers, the file of its data has the sources
            kept = [n for n, column in enumerate(table["columns"]) if column.get("kind") != "sources"]
            rows = [[row[n] for n in kept] for row in table["rows"]]
            shown = table | {"columns": [table["columns"][n] for n in kept], "rows": rows}
        view |= {"table": self._table(entry, shown), "sources": self._source_line(entry, table)}
        if table.get("rows_meta") and table["rows_meta"][0].keys() >= {"stakeholder_id", "question", "taken"}:
            view["matrix"] = self._matrix(entry, table)
        elif entry.get("states"):
            self._turns(entry, table, view["table"]["rows"])
        view["counted"] = entry["kind"] == "table" and is_record(entry.get("chapter", ""))
        view |= {"calculated": bool(entry.get("calculated")), "kit": self._kit(entry)}
        path, _bar, name = entry.get("code", "").partition("#")
        view["code"] = {"href": self.code_root + path, "path": path, "name": name}
        view |= {"corrected": [self.inline.marks(mark) for mark in entry.get("corrected", [])]}
        if entry["kind"] == "figure":
            view |= {size: self._drawing(entry, size) for size in ("wide", "narrow")}
            if not view["alt"]:
                raise PublishError([f"{entry['name']} ({entry['id']}) has no alternative text"])
        return view

    def _drawing(self, entry: dict[str, Any], size: str) -> Markup:
        name = (entry.get("files") or {}).get(size, "")
        path = self.figures_dir / name
        if not name or not path.is_file():
            raise PublishError([f"{entry['name']} ({entry['id']}): the file {size} ({path}) is missing; rebuild"])
        try:
            return self.drawings.set(path.read_text(encoding="utf-8"), size)
        except ValueError as error:
            raise PublishError([f"{entry['name']} ({entry['id']}), {size}: {error}"]) from error

    def _kit(self, entry: dict[str, Any]) -> list[dict[str, str]]:
        """Return the files of an exhibit: links that work in the repository, which the script serves from the page."""
        kinds = [kind for kind in KIT if kind in entry["files"]]
        root = f"{self.code_root}figures/{self.document['edition']}/"
        return [{"kind": kind, "words": _(KIT[kind]), "href": root + entry["files"][kind]} for kind in kinds]

    def _table(self, entry: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
        metas = table.get("rows_meta") or [{}] * len(table["rows"])
        columns, looks = [], []
        for n, column in enumerate(table["columns"], start=1):
            head, cell = _column_class(column, [row[n - 1] for row in table["rows"]])
            columns.append(column | {"head": head})
            looks += [f"{look[0]}{n}" for look in cell.split()]
        if len(columns) > 4 or (len(columns) > 2 and any("long" in column["head"] for column in columns)):
            looks.append("wide")  # for a phone
        main = entry["kind"] == "table"
        rows = []
        for row, meta in zip(table["rows"], metas, strict=True):
            attrs = self._row_attrs(entry, meta, _slug(entry, row)) if main else Markup("")
            cells = [self._cell(entry, column, value) for column, value in zip(columns, row, strict=True)]
            rows.append({"attrs": attrs, "cells": cells})
        if main:
            self._link_sides(table, rows, metas)
        return {"columns": columns, "rows": rows, "class": " ".join(looks)}

    def _matrix(self, entry: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
        """Arrange who said what by stakeholder and question; how it stood on earlier days goes into the parcel.

        The rows are those of the exhibit's table, which the PDF prints one below another; words on other matters stand
        with the stakeholder.
        """
        places = {column["key"]: n for n, column in enumerate(table["columns"])}
        named, holders, standing = dict[str, str](), dict[str, str](), dict[tuple[str, str], list[Any]]()
        for row, meta in zip(table["rows"], table["rows_meta"], strict=True):
            names = row[places["position"]].partition(":")[0].split(", ")  # a row of silence names several
            named.update(zip(meta["question"].split(";"), names, strict=True))
            holders[meta["stakeholder_id"]] = row[places["stakeholder"]]
            standing[meta["id"], meta["question"]] = row
        found: dict[tuple[str, str], dict[str, Any]] = {}
        states = entry.get("states") or table
        for row, meta in zip(states["rows"], states["rows_meta"], strict=True):
            holder, question = meta["stakeholder_id"], meta["question"]
            if meta["taken"]:
                place = found.setdefault((holder, question), {"id": f"said-{holder}-{question}", "state": None})
                rank, now = self.document["matrix"]["stances"].index(meta["stance"]), not meta.get("until")
                html = self._position(entry, table, (now and standing.get((meta["id"], question))) or row, meta)
                state = {"rank": rank, "since": meta.get("since", ""), "html": html, "was": meta.get("was", "")}
                if now:
                    place["state"] = state
                else:
                    dates = [state["since"], meta["until"]]
                    self.earlier.append([place["id"], "in", *dates, str(html), rank, state["was"]])
        asked = [key for key in dict.fromkeys([*self.document["matrix"]["questions"], *named]) if key in named]
        asked = [key for key in asked if key != "other"]
        rows = [
            {"name": name, "other": found.get((key, "other")), "cells": [found.get((key, one)) for one in asked]}
            for key, name in holders.items()
        ]
        return {"questions": [named[key] for key in asked], "rows": rows, "nothing": _("No public position found")}

    def _position(self, entry: dict[str, Any], table: dict[str, Any], row: list[Any], meta: dict[str, Any]) -> Markup:
        """Set one position: stance, with a mark where it changed, words, day, how sure, sources."""
        value = {column["key"]: cell for column, cell in zip(table["columns"], row, strict=True)}
        value["words"] = curl(value["words"])
        set_ = {column["key"]: self._cell(entry, column, value[column["key"]]) for column in table["columns"]}
        now, _bar, before = meta["taken"].partition(" (earlier: ")
        words = _("changed; earlier {stance}").format(stance=before.rstrip(")"))
        changed = Markup(' <span class="changed">{}</span>').format(words) if before else ""
        return Markup('<p class="stance {}"><b>{}</b>{}</p><p>{}</p><p class="cited">{} {} <span>{}</span></p>').format(
            meta["stance"], now, changed, set_["words"], value["date"], set_["label"], set_["source_ids"]
        )

    def _turns(self, entry: dict[str, Any], table: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """Put what a row said on earlier days into the parcel, and mark in the row what of it changed."""
        stood: dict[str, list[tuple[list[Any], dict[str, Any]]]] = {}
        for row, meta in zip(entry["states"]["rows"], entry["states"]["rows_meta"], strict=True):
            stood.setdefault(meta["id"], []).append((row, meta))
        for now, meta, made in zip(table["rows"], table["rows_meta"], rows, strict=True):
            *before, (standing, last) = stood.get(meta["id"]) or [(now, meta)]
            for n, column in enumerate(table["columns"]):
                if column.get("kind") == "label" or all(row[n] == standing[n] for row, _ in before):
                    continue
                place = f"was-{meta['id']}-{n}"
                for row, then in before:
                    value = curl(row[n]) if isinstance(row[n], str) else row[n]
                    html = str(self._cell(entry, column, value))
                    self.earlier.append([place, "in", then["since"], then["until"], html, 0])
                made["cells"][n] = Markup('<div id="{}"><div class="state" data-since="{}">{}</div></div>').format(
                    place, last["since"], made["cells"][n]
                )

    def _row_attrs(self, entry: dict[str, Any], meta: dict[str, Any], own: str) -> Markup:
        """Return a row's anchor (once in the report) and the data by which it can be filtered and dated."""
        attrs = Markup("")
        name = row_name(meta) or own
        if name and self.owners.get(name, entry["id"]) == entry["id"] and name not in self.row_ids:
            self.row_ids.add(name)
            attrs += Markup(' id="{}"').format(name)
        for key, value in meta.items():
            if value and key not in ("id", "accounts", *STATED):
                attrs += Markup(' data-{}="{}"').format(re.sub(r"[^a-z0-9]+", "-", key.lower()), value)
        return attrs

    def _link_sides(self, table: dict[str, Any], rows: list[dict[str, Any]], metas: list[dict[str, Any]]) -> None:
        """Link an event to the accounts of the sides where they differ."""
        for row, meta in zip(rows, metas, strict=True):
            accounts = self.document["figures"].get(f"contested-{meta.get('accounts')}")
            if accounts and accounts["anchor"]:
                place = next(n for n, column in enumerate(table["columns"]) if column["key"] == "summary")
                link = Markup(' <a class="sides" href="#{}">{}</a>').format(
                    accounts["anchor"], _("What each side says")
                )
                row["cells"][place] += link

    def _cell(self, entry: dict[str, Any], column: dict[str, Any], value: Any) -> Markup:
        if column.get("kind") == "sources":
            return self._cited(entry, value)
        text = "" if value is None else str(value)
        if column.get("kind") == "label" and text in LABEL_RULES:
            return self.inline.label(text, "")
        text, mark, marks = text.partition(START)
        lines = Markup("<br>").join(self.inline.languages(line, column.get("lang") or "") for line in text.split("\n"))
        return lines + self.inline.marks(mark + marks)

    def _cited(self, entry: dict[str, Any], value: Any) -> Markup:
        """Name the sources of a row where it stands; its note, which paper needs, is left out of the list of notes."""
        if not isinstance(value, list):
            self.in_tables |= {int(note): entry for kind, note in split_tokens(value) if kind == "note"}
        return self.inline.cited(one["id"] for one in row_sources(self.document, value))

    def _source_line(self, entry: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
        """Return the publishers behind an exhibit, each linked to its entries in the list of sources."""
        ids = ids_of(entry.get("source_ids"))
        if entry["kind"] == "table" and any(c.get("kind") == "sources" for c in table["columns"]):
            return {"in_rows": True, "items": [], "folded": False, "pages": len(ids)}
        groups: dict[str, list[str]] = {}
        for one in ids:
            groups.setdefault(self.document["sources"][one]["name"], []).append(one)
        items, link = [], Markup('<a href="#{}">{}</a>{}')
        for name, found in groups.items():
            years = span([self.document["sources"][one]["published"][:4] for one in found])
            items.append(link.format(self.inline.anchors[found[0]], name, f" {years}" if years else ""))
        few = entry["kind"] == "figure" and len(groups) <= PRODUCERS_TO_CITE
        producers = [(name, self.inline.anchors[found[0]]) for name, found in groups.items()] if few else []
        line = {"in_rows": False, "items": items, "folded": len(items) > PUBLISHERS_IN_LINE, "pages": len(ids)}
        return line | {"producers": producers}


def row_name(meta: dict[str, Any]) -> str:
    """Return the anchor of a table's row: ``event-`` and its id for events, ``row-`` for others."""
    return f"{'event' if 'category' in meta else 'row'}-{meta['id']}" if meta.get("id") else ""


def _slug(entry: dict[str, Any], row: list[Any]) -> str:
    """Return the anchor of a register's row without an id: its table and the first words of its first cell."""
    words = re.sub(r"[^a-z0-9]+", "-", str(row[0]).lower()).strip("-")[:32]
    return f"{entry['id']}-{words}" if words and is_record(entry.get("chapter", "")) else ""


def _column_class(column: dict[str, Any], cells: list[Any]) -> tuple[str, str]:
    """Return the classes of a column's head and of its cells: width by what most texts need, alignment."""
    kind = column.get("kind", "text")
    lengths = sorted(len(cell) for cell in cells if isinstance(cell, str)) or [0]
    usual = lengths[int(len(lengths) * USUAL)] * (2 if column.get("lang") in WIDE_SCRIPTS else 1)
    look = ["r"] if column.get("align") == "right" else []
    look += ["short"] if kind in ("date", "number") else []
    width = ["long" if usual > LONG_CELL else "mid"] if kind == "text" and usual > MIDDLE_CELL else []
    return " ".join(look + width), " ".join(look)
