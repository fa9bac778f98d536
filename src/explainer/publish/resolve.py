"""From executed chapters and the figure manifest to one resolved document, shared by page and PDF.

Six preprocessors in a row, each of which can be tried alone: `SelectCells`, `SplitHeadings`,
`DropEmptyHeadings`, `MarkOwnScenario`, `NumberExhibits`, `ResolveInline`. `combine` joins the chapters and runs
them. `model` describes the result.
"""

from __future__ import annotations

import copy
import difflib
import itertools
import re
from collections.abc import Iterable
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from traitlets import Bool, Dict, List

from explainer.publish import citing
from explainer.publish.corrections import mark_corrections
from explainer.publish.document import BACK_MATTER, START, TOKEN, PublishError, chapter_number, plain, token
from explainer.publish.language import _, speaking
from explainer.publish.own_scenario import mark_own_scenario, opening
from explainer.text.cells import EARLIER, HIDDEN, TagError, cut, dates, earlier_prose, tags
from explainer.text.dialect import (
    HEADING,
    MARK,
    MARKS,
    clean,
    curl,
    ids_of,
    inside_code,
    outside_code,
    slug,
    with_readings,
)

EXHIBIT = frozenset({"figure", "table"})
NAMES = {"figure": ("Figure", "fig"), "table": ("Table", "tab")}
INLINE = re.compile(
    rf"(?P<marks>{MARKS.pattern})"
    r"|\[(?P<text>[^\[\]]+)\]\(term:(?P<term>[^()\s]+)\)"
    r"|(?<!!)\[(?P<words>[^\[\]]+)\]\(#(?P<anchor>[^()\s]+)\)"
    r"|(?<![\w@/.])@(?P<ref>fig|tab|ch)-(?P<key>[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)"
)


def combine(
    chapters: Iterable[tuple[str, NotebookNode]], manifest: dict[str, Any], *, whole: bool = True
) -> NotebookNode:
    """Return one resolved notebook of executed chapters.

    Parameters
    ----------
    chapters
        Pairs of a chapter's key (its file name without ending) and its executed notebook, in reading order.
    manifest
        The figure manifest of the edition.
    whole
        False for a chapter published alone: references that leave it become plain words instead of errors,
        and only the sources that it cites are kept.

    Raises
    ------
    PublishError
        Lists everything that is wrong with the text, each line naming chapter and cell.
    """
    with speaking(manifest.get("language")):
        return _combine(chapters, manifest, whole=whole)


def _combine(chapters: Iterable[tuple[str, NotebookNode]], manifest: dict[str, Any], *, whole: bool) -> NotebookNode:
    nb = _join(chapters, manifest)
    problems: list[str] = []
    for step in (SelectCells, SplitHeadings, DropEmptyHeadings, MarkOwnScenario, NumberExhibits, ResolveInline):
        problems = step(manifest=manifest, problems=problems, whole=whole, enabled=True).apply(nb)
    if problems:
        raise PublishError(problems)
    if whole:
        nb.metadata["explainer"]["cite"] = citing.sentence(manifest["title"], manifest["as_of"])
    mark_corrections(nb)
    return nb


def _join(chapters: Iterable[tuple[str, NotebookNode]], manifest: dict[str, Any]) -> NotebookNode:
    cells, listed, problems, earlier = [], [], [], []
    for key, chapter in chapters:
        number = chapter_number(key)
        listed.append({"key": key, "number": number, "title": key, "anchor": key, "sections": []})
        try:
            kept = cut(chapter, manifest["as_of"]).cells
            earlier += _earlier(key, chapter, manifest["as_of"])
        except TagError as error:
            problems.append(f"{key}: {error}")
            continue
        for cell in kept:
            since, until = dates(cell)
            info = {
                "chapter": key,
                "cell": cell.get("id"),
                "since": since and str(since),
                "until": until and str(until),
            }
            cell["id"] = _cell_id(key, cell.get("id", "cell"))
            cell.metadata["explainer"] = {name: value for name, value in info.items() if value}
            cells.append(cell)
    if problems:
        raise PublishError(problems)
    kept_keys = ("title", "description", "as_of", "first_day", "edition", "parameters", "labels", "corrections")
    kept_keys += ("claims", "editions", "changes", "brief", "language")
    document = {name: copy.deepcopy(manifest.get(name)) for name in kept_keys}
    document |= {name: document[name] or {} for name in ("parameters", "labels", "changes")}
    document |= {name: document[name] or [] for name in ("corrections", "claims", "editions")}
    document |= {"chapters": listed, "earlier": earlier}
    return new_notebook(cells=cells, metadata={"explainer": document})


def _cell_id(key: str, identifier: str) -> str:
    """Return a cell's id, which is one of its kind in the report."""
    return f"{key.partition('-')[0]}-{identifier}"[:60]


def _earlier(key: str, chapter: NotebookNode, day: str) -> list[dict[str, Any]]:
    """Return the prose that a chapter had on earlier days; a chapter that was run already has it beside its cells."""
    found = chapter.metadata.get(EARLIER) or earlier_prose(chapter, day)
    ids = ({side: entry[side] and _cell_id(key, entry[side]) for side in ("before", "after")} for entry in found)
    return [dict(entry) | {"chapter": key} | near for entry, near in zip(found, ids, strict=True)]


class _Step(Preprocessor):
    """A preprocessor that knows the manifest and gathers problems instead of stopping at the first."""

    manifest = Dict()
    problems = List()
    whole = Bool(True)

    def complain(self, cell: NotebookNode, what: str) -> None:
        """Note a problem, naming the chapter and the cell."""
        info = cell.metadata.get("explainer", {})
        self.problems = [*self.problems, f"{info.get('chapter', '?')}, cell {info.get('cell', '?')}: {what}"]

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Work on a copy, so that the caller's notebook stays as it was."""
        nb = copy.deepcopy(nb)
        nb.metadata.setdefault("explainer", {})["problems"] = self.apply(nb)
        return nb, resources

    def apply(self, nb: NotebookNode) -> list[str]:
        """Change the notebook in place and return the problems found so far."""
        self.work(nb, nb.metadata.setdefault("explainer", {}))
        return list(self.problems)

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Change the notebook in place."""
        raise NotImplementedError


class SelectCells(_Step):
    """Keep what a reader sees: prose, and the outputs of `figure` and `table` cells."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Drop hidden cells and turn exhibit cells into their one output."""
        nb.cells = [cell for cell in nb.cells if self._keep(cell)]

    def _keep(self, cell: NotebookNode) -> bool:
        cell_tags = set(tags(cell))
        if cell.cell_type == "markdown":
            cell.metadata["explainer"]["aside"] = "aside" in cell_tags
            outside_code(cell.source, lambda text: self._refuse_images(cell, text))
            return not cell_tags & HIDDEN and bool(cell.source.strip())
        return cell.cell_type == "code" and self._exhibit(cell, cell_tags)

    def _refuse_images(self, cell: NotebookNode, text: str) -> str:
        if re.search(r"!\[[^\]]*\]\(", text):
            self.complain(cell, "puts a picture into the text; register it as a figure")
        return text

    def _exhibit(self, cell: NotebookNode, cell_tags: set[str]) -> bool:
        outputs = cell.get("outputs", [])
        shown = [output for output in outputs if _figure_id(output)]
        for output in outputs:
            if not _figure_id(output) and _has_picture(output):
                self.complain(cell, "shows a picture by another road than show(); register it as a figure")
        if not cell_tags & EXHIBIT:
            if shown:
                self.complain(cell, f"shows {_figure_id(shown[0])!r} but is not tagged figure or table")
            return False
        if len(shown) != 1:
            self.complain(cell, f"is tagged figure or table but shows {len(shown)} exhibits instead of one")
            return False
        cell.source, cell.outputs = "", shown
        cell.metadata["explainer"]["figure"] = _figure_id(shown[0])
        return True


def _figure_id(output: NotebookNode) -> str:
    return output.get("metadata", {}).get("explainer", {}).get("figure", "")


def _has_picture(output: NotebookNode) -> bool:
    data = output.get("data", {})
    markup = "".join(data.get("text/html", "")) + "".join(data.get("text/markdown", ""))
    drawn = re.search(r"<(img|svg|canvas|object)\b|!\[", markup)
    return bool(drawn) or any(kind.startswith("image/") for kind in data)


class SplitHeadings(_Step):
    """Give every heading a cell's first line and an anchor that is one of its kind in the report."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Split Markdown cells before each heading and note it in the cell's metadata."""
        taken = {chapter["anchor"] for chapter in document["chapters"]} | set(BACK_MATTER)
        cells: list[NotebookNode] = []
        for cell in nb.cells:
            cells += self._split(cell, taken) if cell.cell_type == "markdown" else [cell]
        nb.cells = cells

    def _split(self, cell: NotebookNode, taken: set[str]) -> list[NotebookNode]:
        if cell.metadata["explainer"].get("aside"):  # a box's heading is a label in it, not a section
            cell.source = HEADING.sub(lambda mark: f"**{mark[2]}**\n", cell.source)
            return [cell]
        marks = [m for m in HEADING.finditer(cell.source) if not inside_code(cell.source, m.start())]
        edges = [0, *(m.start() for m in marks), len(cell.source)]
        pieces = [cell.source[start:stop].strip("\n") for start, stop in itertools.pairwise(edges)]
        opened = zip(pieces, [None, *marks], strict=True)
        made = [self._piece(cell, text, mark, taken) for text, mark in opened if text]
        for number, piece in enumerate(made[1:], start=2):
            piece["id"] = f"{cell.get('id', 'cell')}-{number}"
        return made

    def _piece(self, cell: NotebookNode, text: str, mark: re.Match | None, taken: set[str]) -> NotebookNode:
        piece = copy.deepcopy(cell)
        piece.source = text
        if not mark:
            return piece
        level, title = len(mark[1]), mark[2]
        own = level == 1 and not mark[3]  # a chapter is called by its key, unless it had another name before
        anchor = piece.metadata["explainer"]["chapter"] if own else self._anchor(cell, mark, taken)
        piece.source = f"{mark[1]} {title} {{#{anchor}}}" + text[mark.end() - mark.start() :]
        piece.metadata["explainer"]["heading"] = {"level": level, "title": title, "anchor": anchor}
        return piece

    def _anchor(self, cell: NotebookNode, mark: re.Match, taken: set[str]) -> str:
        anchor = mark[3] or slug(plain(mark[2]))
        if anchor in taken and mark[3]:
            chapter = chapter_number(cell.metadata["explainer"]["chapter"])
            self.complain(cell, f"the anchor #{anchor} is taken; try #{anchor}-{chapter}")
        if anchor in taken and not mark[3]:
            anchor = f"{cell.metadata['explainer']['chapter']}-{anchor}"
        taken.add(anchor)
        return anchor


class DropEmptyHeadings(_Step):
    """Drop headings that an edition's date cut has left without text, then list what is left."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Go from the end, so that a section emptied of its last subsection goes as well."""
        kept: list[NotebookNode] = []
        for cell in reversed(nb.cells):
            info = cell.metadata["explainer"]
            heading = info.get("heading")
            if not heading or _body(cell) or _holds(heading, kept, info["chapter"]):
                kept.append(cell)
        nb.cells = kept[::-1]
        self._list(nb, document)

    def _list(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        present = {cell.metadata["explainer"]["chapter"] for cell in nb.cells}
        document["chapters"] = [c for c in document["chapters"] if c["key"] in present]
        for chapter in document["chapters"]:
            own = [c for c in nb.cells if c.metadata["explainer"]["chapter"] == chapter["key"]]
            headings = [h for h in (c.metadata["explainer"].get("heading") for c in own) if h]
            titles = [h for h in headings if h["level"] == 1]
            if len(titles) != 1:
                self.complain(own[0], f"the chapter has {len(titles)} titles (lines with one #) instead of one")
            chapter["title"] = plain(curl(titles[0]["title"])) if titles else chapter["key"]
            chapter["anchor"] = titles[0]["anchor"] if titles else chapter["key"]
            chapter["sections"] = [h | {"title": plain(curl(h["title"]))} for h in headings if h["level"] > 1]
            chapter["words"] = sum(len(plain(c.source).split()) for c in own if c.cell_type == "markdown")


def _body(cell: NotebookNode) -> str:
    return cell.source.partition("\n")[2].strip()


def _holds(heading: dict[str, Any], later: list[NotebookNode], chapter: str) -> bool:
    """Tell whether the cell that follows (the last of `later`) belongs under a heading."""
    if not later or later[-1].metadata["explainer"]["chapter"] != chapter:
        return False
    following = later[-1].metadata["explainer"].get("heading")
    return not following or following["level"] > heading["level"]


class MarkOwnScenario(_Step):
    """Say where a reader's own assumptions stand in for the report's."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Put the boxes in; the opening block reads the same words from the document."""
        document["own_scenario"] = opening(self.manifest.get("own_scenario", ""))
        mark_own_scenario(nb, self.manifest)


class NumberExhibits(_Step):
    """Number figures and tables in reading order and take their entries from the manifest."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """List the exhibits shown, in order, then those of other chapters without a number."""
        known = {entry["id"]: entry for entry in self.manifest.get("figures", [])}
        counts = {"figure": 0, "table": 0}
        shown: dict[str, dict] = {}
        for cell in nb.cells:
            figure = cell.metadata["explainer"].get("figure")
            if not figure:
                continue
            if figure not in known:
                near = _nearest(figure, known)
                self.complain(cell, f"shows {figure!r}, which the manifest does not have{near}")
            elif figure in shown:
                self.complain(cell, f"shows {figure!r} a second time")
            else:
                kind = known[figure]["kind"]
                counts[kind] += 1
                shown[figure] = _numbered(known[figure], counts[kind], cell.metadata["explainer"]["chapter"])
        others = {} if self.whole else {k: _elsewhere(v) for k, v in known.items() if k not in shown}
        document["figures"] = shown | others


def _numbered(entry: dict[str, Any], number: int, chapter: str) -> dict[str, Any]:
    word, prefix = _name(entry["kind"]), NAMES[entry["kind"]][1]
    made = clean(copy.deepcopy(entry))
    made |= {"number": number, "name": f"{word} {number}"}
    made |= {"anchor": f"{prefix}-{entry['id']}", "chapter": chapter}
    for key in ("claim", "subtitle", "note"):
        made[key] = curl(made.get(key) or "")
    table = made.get("table") or {}
    texts = [n for n, column in enumerate(table.get("columns", [])) if column.get("kind", "text") == "text"]
    for row in table.get("rows", []):
        for n in texts:
            row[n] = curl(row[n]) if isinstance(row[n], str) else row[n]
    return made


def _name(kind: str) -> str:
    return _("Figure") if kind == "figure" else _("Table")


def _elsewhere(entry: dict[str, Any]) -> dict[str, Any]:
    word = _name(entry["kind"])
    where = chapter_number(entry.get("chapter", ""))
    name = _("the {kind} “{claim}”").format(kind=word.lower(), claim=curl(entry["claim"]))
    name += _(" in chapter {number}").format(number=where) if where else ""
    return {"id": entry["id"], "kind": entry["kind"], "number": None, "name": name, "anchor": ""}


class ResolveInline(_Step):
    """Turn citations, references, labels and glossary links into tokens, and number the notes."""

    def work(self, nb: NotebookNode, document: dict[str, Any]) -> None:
        """Walk the cells in reading order; tables get their notes where they stand."""
        self.document = document
        self.sources = clean(self.manifest.get("sources", {}))
        self.terms = {entry["term_id"] for entry in self.manifest.get("glossary", [])}
        self.anchors = _anchors(document)
        document["notes"] = []
        document["labels"] = clean(document.get("labels", {}))
        readings = {e["term_ja"]: e["reading"] for e in self.manifest.get("glossary", []) if e.get("reading")}
        unread: dict[str, dict[str, str]] = {}
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                left = unread.setdefault(cell.metadata["explainer"]["chapter"], dict(readings))
                cell.source = outside_code(cell.source, lambda text, left=left: with_readings(text, left))
                self._markdown(cell)
            else:
                self._exhibit(cell)
                self._read(cell, readings)
        self._earlier_prose(document)
        document["glossary"] = clean(copy.deepcopy(self.manifest.get("glossary", [])))
        document["sources"] = self._sources()
        for chapter in document["chapters"]:
            chapter["evidence_until"] = self._evidence_until(chapter["key"])

    def _markdown(self, cell: NotebookNode) -> None:
        self.cell = cell
        text = curl(clean(cell.source))
        cell.source = outside_code(text, lambda piece: INLINE.sub(self._inline, piece))
        heading = cell.metadata["explainer"].get("heading")
        if heading:
            heading["title"] = plain(curl(heading["title"]))

    def _earlier_prose(self, document: dict[str, Any]) -> None:
        """Resolve prose of earlier days, which names its sources in the text: notes are numbered for today's."""
        kept = []
        for entry in document.get("earlier", []):
            self.cell = NotebookNode(metadata={"explainer": entry})
            problems, notes, self.problems = list(self.problems), len(document["notes"]), []
            text = outside_code(curl(clean(entry["source"])), lambda piece: INLINE.sub(self._inline, piece))
            added = {note["n"]: note["sources"] for note in document["notes"][notes:]}
            del document["notes"][notes:]
            text = TOKEN.sub(lambda mark, added=added: _named(mark, added), text)
            if not self.problems:  # a reference to what only an earlier edition shows cannot be kept
                kept.append(entry | {"source": text})
            self.problems = problems
        document["earlier"] = kept

    def _inline(self, match: re.Match) -> str:
        for kind in ("marks", "term", "anchor", "ref"):
            if match[kind]:
                return getattr(self, f"_{kind}")(match)
        return match[0]

    def _marks(self, match: re.Match) -> str:
        """Set notes and labels behind the stop that follows them, neighbouring citations as one note."""
        space, marks, stop = MARKS.fullmatch(match["marks"]).groups()
        line = match.string[: match.start()].rpartition("\n")[2]
        opens = not line.strip(" \t-*+>|0123456789.")
        made: list[str] = []
        for cited, group in itertools.groupby(MARK.finditer(marks), key=lambda mark: bool(mark[1])):
            if cited:
                made.append(self._note([one for mark in group for one in _cluster(mark[1])]))
            else:
                made += ["\u00a0" + self._label(mark[2]) for mark in group]
        text = "".join(made)
        if opens:  # marks that open their line: the space is layout
            return space + (stop or "") + text.removeprefix("\u00a0")
        gap = space if text.startswith("\u00a0") and not stop else ""
        return (stop or "") + (gap + text.removeprefix("\u00a0") if gap else text)

    def _note(self, ids: list[str]) -> str:
        unknown = [one for one in ids if one not in self.sources]
        for one in unknown:
            self.complain(self.cell, f"cites the unknown source {one!r}{_nearest(one, self.sources)}")
        number = len(self.document["notes"]) + 1
        chapter = self.cell.metadata["explainer"]["chapter"]
        note = {"n": number, "sources": ids, "anchor": f"note-{number}", "ref": f"ref-{number}"}
        self.document["notes"].append(note | {"chapter": chapter})
        return token("note", number)

    def _label(self, row: str) -> str:
        if row not in self.document["labels"]:
            near = _nearest(row, self.document["labels"])
            self.complain(self.cell, f"labels the unknown row {row!r}{near}")
        return token("label", row)

    def _term(self, match: re.Match) -> str:
        term = match["term"]
        if term not in self.terms:
            self.complain(self.cell, f"links the unknown glossary term {term!r}{_nearest(term, self.terms)}")
        return token("term", f"{term}|{plain(match['text'])}")

    def _anchor(self, match: re.Match) -> str:
        if match["anchor"] in self.anchors:
            return match[0]
        if self.whole:
            near = _nearest(match["anchor"], self.anchors)
            self.complain(self.cell, f"links to #{match['anchor']}, which is not in this edition{near}")
        return match["words"]

    def _ref(self, match: re.Match) -> str:
        kind, key = match["ref"], match["key"]
        if kind == "ch":
            chapters = [chapter["key"] for chapter in self.document["chapters"]]
            if self.whole and key not in chapters:
                near = _nearest(key, chapters)
                self.complain(self.cell, f"refers to @ch-{key}, which is not in the report{near}")
            return token("ref", f"ch-{key}")
        entry = self.document["figures"].get(key)
        if not entry:
            near = _nearest(key, self.document["figures"])
            self.complain(self.cell, f"refers to @{kind}-{key}, which is not shown in this edition{near}")
        elif NAMES[entry["kind"]][1] != kind:
            self.complain(self.cell, f"refers to @{kind}-{key}, which is a {entry['kind']}")
        return token("ref", f"{kind}-{key}")

    def _exhibit(self, cell: NotebookNode) -> None:
        self.cell = cell
        entry = self.document["figures"].get(cell.metadata["explainer"]["figure"])
        if not entry:
            return  # reported by NumberExhibits
        for source in entry.get("source_ids", []):
            if source not in self.sources:
                self.complain(cell, f"{entry['name']} names the unknown source {source!r}")
        # Only a table is read in the running text, and only there are sources notes; under a chart, the
        # folded table of its numbers links to the list of sources, because paper does not print it.
        if entry["kind"] != "table":
            return
        table = entry.get("table") or {}
        cited = [n for n, column in enumerate(table.get("columns", [])) if column.get("kind") == "sources"]
        for row in table.get("rows", []):
            for n in cited:
                row[n] = self._note(list(row[n])) if row[n] else ""

    def _read(self, cell: NotebookNode, readings: dict[str, str]) -> None:
        """Give a table's Japanese terms their readings, on a line of their own."""
        entry = self.document["figures"].get(cell.metadata["explainer"]["figure"]) or {}
        table = entry.get("table") or {}
        for n, column in enumerate(table.get("columns", [])):
            for row in table["rows"] if column.get("lang") == "ja" else []:
                reading = readings.get(re.sub(r"[（(].*", "", str(row[n])).strip(), "")
                row[n] = f"{row[n]}\n{reading}" if reading else row[n]

    def _sources(self) -> dict[str, dict]:
        if self.whole:
            return self.sources
        used = {one for note in self.document["notes"] for one in note["sources"]}
        for entry in self.document["figures"].values():
            if entry["number"]:
                used |= set(entry.get("source_ids", [])) | _listed_sources(entry)
        used |= {one for entry in self.document["glossary"] for one in ids_of(entry.get("source_ids"))}
        return {key: value for key, value in self.sources.items() if key in used}

    def _evidence_until(self, chapter: str) -> str:
        cited = {s for note in self.document["notes"] if note["chapter"] == chapter for s in note["sources"]}
        days = [self.sources[one].get("published") or "" for one in cited if one in self.sources]
        return max(days, default="")


def _named(mark: re.Match, notes: dict[int, list[str]]) -> str:
    """Turn a note of earlier prose into its sources; a label is left out, for it may have been another then."""
    kind, payload = mark[1], mark[2]
    if kind == "note":
        return token("from", ";".join(notes[int(payload)]))
    return "" if kind == "label" else mark[0]


def _cluster(text: str) -> list[str]:
    parts = [part.strip().removeprefix("@") for part in text.split(";")]
    return [part for part in parts if part]


def _listed_sources(entry: dict[str, Any]) -> set[str]:
    table = entry.get("table") or {}
    cited = [n for n, column in enumerate(table.get("columns", [])) if column.get("kind") == "sources"]
    return {one for row in table.get("rows", []) for n in cited for one in ids_of(row[n]) if START not in one}


def _anchors(document: dict[str, Any]) -> set[str]:
    exhibits = {entry["anchor"] for entry in document["figures"].values() if entry["anchor"]}
    chapters = {chapter["anchor"] for chapter in document["chapters"]}
    sections = {s["anchor"] for chapter in document["chapters"] for s in chapter["sections"]}
    return exhibits | chapters | sections | set(BACK_MATTER)


def _nearest(wrong: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.5)
    return f"; the nearest is {close[0]!r}" if close else ""
