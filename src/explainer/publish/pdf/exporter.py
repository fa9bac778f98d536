"""The report as a PDF: the resolved document, written as Typst through an nbconvert template and compiled.

Typst holds the page to PDF/UA-1 and refuses a figure without alt text. Prose goes through pandoc; everything else
(tables, captions, sources) is data in `report.json`, which the template reads, so no text can be taken for a command.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pikepdf
import typst
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets import Unicode, default

from explainer.project import TEMPLATES
from explainer.publish import citing
from explainer.publish.corrections import mark_words
from explainer.publish.document import (
    BACK_MATTER,
    LABELS,
    LANGUAGES,
    TOKEN,
    PublishError,
    long_date,
    plain,
    reference,
    source_dating,
    split_tokens,
    stale,
    token,
)
from explainer.publish.language import TYPST_WORD, _, speaking
from explainer.publish.pdf.fit import fit_chapters
from explainer.publish.pdf.persons import Person, index, named
from explainer.publish.pdf.prose import Passage, check_glyphs, fonts, literal, markdown_to_typst, same_character
from explainer.publish.pdf.tables import plan
from explainer.publish.resolve import combine
from explainer.text.dialect import EAST_ASIAN, by_language

TEMPLATE = TEMPLATES / "explainer_typst"
AUTHOR = citing.AUTHOR
KEYWORDS = ("Taiwan", "Japan-US alliance", "Japan", "China", "explanatory report")
PUBLISHERS_IN_SOURCE_LINE = 8
LONGEST_PRINTED_ADDRESS = 90
LONGEST_ANSWER = 360
_HEADING_ANCHOR = re.compile(r"\A(#{1,6} .*) \{#([^{}\s]+)\}[ \t]*$", re.MULTILINE)


class ExplainerPDFExporter(TemplateExporter):
    """Exports the report, or one chapter of it, as PDF/UA-1 set by Typst."""

    export_from_notebook = "Explainer PDF"
    output_mimetype = "application/pdf"
    manifest = Unicode(
        "", help="The figure manifest; by default ../figures/latest/manifest.json beside the notebook's folder."
    ).tag(config=True)

    optimistic_validation = True  # nothing but the report's own steps touches the notebook

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    @default("template_extension")
    def _template_extension_default(self) -> str:
        return ".typ.j2"

    @default("template_name")
    def _template_name_default(self) -> str:
        return TEMPLATE.name

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Export a notebook: a resolved one as it is, any other as a chapter published alone."""
        resources = self._init_resources(resources)
        own = resources.get("explainer") or self._one_chapter(nb, resources)
        with speaking(own["manifest"].get("language")):
            return self._export(own, resources, **kwargs)

    def _export(self, own: dict[str, Any], resources: dict[str, Any], **kwargs: Any) -> tuple[bytes, dict[str, Any]]:
        people = _people(own["nb"], own["manifest"]) if own["whole"] else []
        files, report = _files(own["nb"], own["manifest"], Path(own["figures"]), people, whole=own["whole"])
        prose = _with_typst(own["nb"], people)

        def typst_of(part: NotebookNode, parts: str) -> tuple[bytes, dict[str, Any]]:
            told = copy.copy(resources) | {"explainer": {"parts": parts}}
            source, told = super(ExplainerPDFExporter, self).from_notebook_node(part, told, **kwargs)
            return same_character(source).encode(), told

        trials = [typst_of(part, "trial")[0] for part in _chapters(prose)]
        source, resources = typst_of(prose, "whole" if own["whole"] else "chapter")
        resources["output_extension"] = self.file_extension
        return _compile({**files, "main": source}, trials, report), resources

    def _one_chapter(self, nb: NotebookNode, resources: dict[str, Any]) -> dict[str, Any]:
        folder = Path(resources["metadata"].get("path") or ".")
        path = Path(self.manifest) if self.manifest else folder.parent / "figures" / "latest" / "manifest.json"
        if not path.is_file():
            raise PublishError([f"no figure manifest at {path}: run `make report`, or name one with --manifest"])
        manifest = json.loads(path.read_text(encoding="utf-8"))
        resolved = combine([(resources["metadata"].get("name") or "notebook", nb)], manifest, whole=False)
        return {"nb": resolved, "manifest": manifest, "figures": path.parent, "whole": False}


def render_pdf(resolved: NotebookNode, manifest: dict[str, Any], figures: Path, *, whole: bool = True) -> bytes:
    """Return the PDF of a resolved document.

    Parameters
    ----------
    resolved
        What `preprocess.combine` returns.
    manifest
        The figure manifest of the edition.
    figures
        The folder that holds the manifest's files.
    whole
        False for a chapter published alone: no cover, no contents.

    Raises
    ------
    PublishError
        For a figure without alt text or file, or a character that no shipped font has.
    """
    own = {"nb": resolved, "manifest": manifest, "figures": str(figures), "whole": whole}
    return ExplainerPDFExporter().from_notebook_node(resolved, {"explainer": own})[0]


# ---- From the document to the files that Typst reads ----


def _files(
    nb: NotebookNode, manifest: dict[str, Any], figures: Path, people: list[Person], *, whole: bool
) -> tuple[dict[str, bytes], dict[str, Any]]:
    document = nb.metadata["explainer"]
    report = _report(document, manifest, _rows_labelled(nb), whole=whole) | {"answer": _answer(nb) if whole else ""}
    for entry in report["figures"].values():
        if entry["kind"] == "table":
            entry["people"] = [named(people, _words(row)) for row in entry["rows"]]
    report["persons"] = [{"id": one.id, "shown": one.shown} for one in people]
    check_glyphs([*_passages(nb), *_strings(report, "")])
    drawings = [entry for entry in report["figures"].values() if entry["kind"] == "figure"]
    files = {entry["file"]: _picture(entry, figures) for entry in drawings}
    files["explainer.typ"] = (TEMPLATE / "explainer.typ").read_bytes()
    files["report.json"] = json.dumps(_drawable(report), ensure_ascii=False).encode()
    return files, report


def _answer(nb: NotebookNode) -> str:
    """Return the report's answer as the cover gives it: how its first paragraph begins."""
    prose = (cell for cell in nb.cells if cell.cell_type == "markdown")
    bodies = (cell.source.partition("\n")[2] if cell.source.startswith("#") else cell.source for cell in prose)
    first = plain(next((body for body in bodies if body.strip()), "").strip().partition("\n\n")[0])
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z“])", first)
    return " ".join(sentences[:2]) if len(" ".join(sentences[:2])) <= LONGEST_ANSWER else sentences[0]


def _people(nb: NotebookNode, manifest: dict[str, Any]) -> list[Person]:
    """Return the persons of the index: those of the manifest whom prose or tables name."""
    texts = [plain(cell.source) for cell in nb.cells if cell.cell_type == "markdown"]
    tables = [entry["table"] for entry in nb.metadata["explainer"]["figures"].values() if entry["kind"] == "table"]
    return index(manifest.get("persons", []), [*texts, *(_words(row) for table in tables for row in table["rows"])])


def _words(row: list[Any]) -> str:
    return " | ".join(_as_printed(value) for value in row)


def _report(
    document: dict[str, Any], manifest: dict[str, Any], labelled: dict[str, None], *, whole: bool
) -> dict[str, Any]:
    day = dt.date.fromisoformat(document["as_of"])
    shown = {key: entry for key, entry in document["figures"].items() if entry["number"]}
    sources = document["sources"]
    return {
        "title": document["title"],
        "short_title": manifest.get("short_title") or document["title"],
        "description": manifest.get("description") or "",
        "authors": list(manifest.get("authors") or [AUTHOR]),
        "keywords": list(KEYWORDS),
        "language": manifest.get("language") or "en",
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "as_of": long_date(document["as_of"]),
        "opening": _("A brief") if manifest.get("brief") else _("One chapter"),
        "brief": bool(manifest.get("brief")),
        "own_scenario": document.get("own_scenario") or "",
        "extent": _extent(document, len(shown)),
        "chapters": {c["anchor"]: _chapter(c, document["as_of"]) for c in document["chapters"]},
        "notes": _notes(document),
        "figures": {key: _exhibit(entry, document) for key, entry in shown.items()},
        "labels": _labels(document, labelled),
        "glossary": [_term(entry, sources) for entry in document["glossary"]] if whole else [],
        "corrections": [_correction(entry, sources) for entry in document["corrections"]] if whole else [],
        "cite": document.get("cite") or "" if whole else "",
        "sources": _by_publisher(sources) if whole else [],
        "persons_note": _("Persons of the table of stakeholders, on the pages whose text or tables name them."),
        "sources_note": _("All {count} sources that the report draws on, by publisher.").format(
            count=f"{len(sources):,}"
        ),
        "words": {words: _(words) for words in TYPST_WORD.findall((TEMPLATE / "explainer.typ").read_text("utf-8"))},
        "colophon": _colophon(document),
    }


def _extent(document: dict[str, Any], exhibits: int) -> str:
    chapters = len(document["chapters"])
    notes, sources = f"{len(document['notes']):,}", f"{len(document['sources']):,}"
    words = _("{chapters} chapters, {exhibits} figures and tables, {notes} notes, {sources} sources.")
    if chapters == 1:
        words = _("1 chapter, {exhibits} figures and tables, {notes} notes, {sources} sources.")
    return words.format(chapters=chapters, exhibits=exhibits, notes=notes, sources=sources)


def _colophon(document: dict[str, Any]) -> str:
    edition = _("Edition {name}, evidence as of {day}.")
    edition = edition.format(name=document.get("edition") or document["as_of"], day=long_date(document["as_of"]))
    return f"{edition} " + _(
        "Set by Typst in Source Serif and Source Sans by Frank Grießhammer and Paul D. Hunt, with IPAexGothic for "
        "Japanese and Chinese. The web page of the same edition holds the same text and the data of every figure."
    )


def _chapter(chapter: dict[str, Any], as_of: str) -> dict[str, Any]:
    return {"number": chapter["number"], "until": stale(chapter.get("evidence_until") or "", as_of)}


def _source(source: dict[str, Any]) -> dict[str, str]:
    code = (source.get("lang") or "en").split("-")[0]
    return {
        "publisher": source["publisher"],
        "title": source["title"],
        "url": _web_address(source.get("url") or ""),
        "dated": source_dating(source),
        "language": "" if code == "en" else _(LANGUAGES.get(code, code)),
        # The title may be given in English; only one in its own script is marked.
        "lang": code if EAST_ASIAN.search(source["title"]) else "",
    }


def _notes(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the notes: a source in full the first time that a chapter cites it, then by the note that has it."""
    first: dict[tuple[str, str], int] = {}
    notes: dict[str, list[dict[str, Any]]] = {}
    for note in document["notes"]:
        own = notes[str(note["n"])] = []
        for one in note["sources"]:
            seen = first.setdefault((note["chapter"], one), note["n"])
            own.append(_source(document["sources"][one]) | {"first": seen if seen != note["n"] else None})
    return notes


def _web_address(url: str) -> str:
    return url if re.match(r"https?://\S+\Z", url) else ""


def _by_publisher(sources: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for _key, source in sorted(sources.items(), key=_in_the_list):
        groups.setdefault(source["publisher"], []).append(_source(source) | {"shown": _shown_address(source)})
    return [{"publisher": publisher, "items": items} for publisher, items in groups.items()]


def _in_the_list(item: tuple[str, dict[str, Any]]) -> tuple[str, str, str]:
    """Order sources by publisher, then by day, the undated last."""
    return item[1]["publisher"].casefold(), item[1].get("published") or "9999", item[0]


def _shown_address(source: dict[str, Any]) -> str:
    """Return an address as paper can hold it: without its scheme, cut when long (the link has the whole)."""
    shown = re.sub(r"^https?://(www\.)?", "", _web_address(source.get("url") or "")).rstrip("/")
    shown = shown.encode("ascii", "ignore").decode()  # an address in another script: its link has the whole
    shown = shown if len(shown) <= LONGEST_PRINTED_ADDRESS else shown[: LONGEST_PRINTED_ADDRESS - 1] + "…"
    return re.sub(r"([/?&=._%-]|[^\W_]{16}(?=\w))", "\\1\u200b", shown)


def _exhibit(entry: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    keys = ("id", "kind", "number", "name", "anchor", "claim", "subtitle", "note")
    made = {key: entry.get(key) or "" for key in keys} | {"source_line": _source_line(entry)}
    made["corrected"] = [
        _mark(document, found[2]) for mark in entry.get("corrected", []) for found in TOKEN.finditer(mark)
    ]
    return made | (_drawing(entry) if entry["kind"] == "figure" else _table(entry, document))


def _mark(document: dict[str, Any], payload: str) -> dict[str, Any]:
    return dict(zip(("id", "words", "first"), mark_words(document, payload), strict=True))


def _drawing(entry: dict[str, Any]) -> dict[str, Any]:
    if not (entry.get("alt") or "").strip():
        raise PublishError([f"figure {entry['id']!r} has no alt text: write one beside its drawing function"])
    return {"alt": entry["alt"], "file": f"figures/{entry['id']}.svg"}


def _source_line(entry: dict[str, Any]) -> str:
    """Return the manifest's source line, cut where a table of events would name a hundred publishers."""
    columns = (entry.get("table") or {}).get("columns", [])
    if entry["kind"] == "table" and any(column.get("kind") == "sources" for column in columns):
        return _("the notes in each row.")
    parts = (entry.get("source_line") or "").split("; ")
    if len(parts) <= PUBLISHERS_IN_SOURCE_LINE:
        return "; ".join(parts)
    rest = len(parts) - PUBLISHERS_IN_SOURCE_LINE
    own = _(". Calculations: this project") if entry.get("calculated") else "."
    more = _("; and {count} more, named with the data").format(count=rest)
    return "; ".join(parts[:PUBLISHERS_IN_SOURCE_LINE]) + more + own


def _table(entry: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    defaults = {"label": "", "kind": "text", "align": "left", "lang": ""}
    table = entry["table"]
    columns = [{key: column.get(key) or given for key, given in defaults.items()} for column in table["columns"]]
    rows = [[_cell(*pair, document) for pair in zip(row, columns, strict=True)] for row in table["rows"]]
    chosen = plan(columns, [[_as_printed(value) for value in row] for row in rows])
    return {"columns": columns, "rows": rows} | dataclasses.asdict(chosen)


def _cell(value: Any, column: dict[str, Any], document: dict[str, Any]) -> Any:
    if not isinstance(value, str):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    found = list(split_tokens(value))
    if column["kind"] == "sources" and found and found[0][0] == "note":
        return {"note": int(found[0][1])}
    if column["kind"] == "label" and value in LABELS:
        return {"label": _(value)}
    marks = [_mark(document, payload) for kind, payload in found if kind == "correction"]
    text = found[0][1] if marks else value
    parts = by_language(text) if marks or EAST_ASIAN.search(text) else []
    return {"parts": [{"text": text, "lang": lang} for text, lang in parts], "corrected": marks} if parts else value


def _as_printed(value: Any) -> str:
    if isinstance(value, str):
        return value
    if "parts" in value:
        marks = " ".join(mark["words"] for mark in value["corrected"])
        return "".join(part["text"] for part in value["parts"]) + marks
    return str(value.get("note") or value.get("label"))


def _rows_labelled(nb: NotebookNode) -> dict[str, None]:
    """Return the rows whose label the prose prints, in reading order."""
    prose = (cell.source for cell in nb.cells if cell.cell_type == "markdown")
    return dict.fromkeys(found[2] for text in prose for found in TOKEN.finditer(text) if found[1] == "label")


def _labels(document: dict[str, Any], labelled: dict[str, None]) -> list[dict[str, Any]]:
    rows = {row: document["labels"][row] for row in labelled}
    return [
        {"label": _(label), "rule": _(rule),
         "rows": [{"id": row, "why": entry["why"]} for row, entry in rows.items() if entry["label"] == label]}
        for label, rule in LABELS.items()
    ]  # fmt: skip


def _term(entry: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    ids = entry.get("source_ids") or []
    ids = [one.strip() for one in ids.split(";")] if isinstance(ids, str) else ids
    made = {key: entry.get(key) or "" for key in ("term_id", "term", "term_ja", "reading", "definition")}
    return made | {"sources": [_source(sources[one]) for one in ids if one in sources]}


def _correction(entry: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    ids = [one.strip() for one in (entry.get("source_ids") or "").split(";")]
    thanks = _("Noticed by {name}.").format(name=entry["noticed_by"]) if entry.get("noticed_by") else ""
    made = {key: entry[key] for key in ("correction_id", "class", "where", "was", "is", "marked")}
    made |= {"day": long_date(entry["day"]), "thanks": thanks}
    return made | {"sources": [_source(sources[one]) for one in ids if one in sources]}


def _picture(entry: dict[str, Any], figures: Path) -> bytes:
    path = figures / Path(entry["file"]).name
    if not path.is_file():
        raise PublishError([f"figure {entry['id']!r} has no drawing at {path}: run `make report`"])
    return path.read_bytes()


# ---- Prose ----


def _with_typst(nb: NotebookNode, people: list[Person]) -> NotebookNode:
    """Return the cells with Typst for Markdown, and without outputs: nbconvert copies all that it is given, twice."""
    document = nb.metadata["explainer"]
    texts = [
        _marked(_HEADING_ANCHOR.sub(r"\1 <!-- #\2 -->", cell.source), people) if cell.cell_type == "markdown" else ""
        for cell in nb.cells
    ]
    made = markdown_to_typst(texts, lambda kind, payload, before: _command(document, kind, payload, before))
    cells = []
    for cell, text in zip(nb.cells, made, strict=True):
        new = new_markdown_cell if cell.cell_type == "markdown" else new_code_cell
        cells.append(new(text, id=cell["id"], metadata={"explainer": dict(cell.metadata["explainer"])}))
    return new_notebook(cells=cells)


def _marked(text: str, people: list[Person]) -> str:
    """Return Markdown with a token for the index where a paragraph first names a person; headings stay as they are."""
    paragraphs = text.split("\n")
    for n, paragraph in enumerate(paragraphs):
        if not paragraph.startswith("#"):
            for one in people:
                found = one.pattern.search(TOKEN.sub(lambda other: " " * len(other[0]), paragraph))
                if found:
                    start = found.start()
                    paragraph = paragraph[:start] + token("person", one.id) + paragraph[start:]
            paragraphs[n] = paragraph
    return "\n".join(paragraphs)


def _command(document: dict[str, Any], kind: str, payload: str, before: str) -> str:
    """Return the Typst of one inline token."""
    if kind == "note":
        return f"#note({int(payload)});"
    if kind == "label":
        return f"#confidence({literal(payload)}, {literal(_(document['labels'][payload]['label']))});"
    if kind == "person":
        return f"#person({literal(payload)});"
    if kind == "term":
        term, _bar, words = payload.partition("|")
        return f"#term({literal(term)}, {literal(words)});"
    if kind == "correction":
        key, words, first = mark_words(document, payload)
        return f"#corrected({literal(key)}, {literal(words)}, first: {str(first).lower()});"
    if kind == "ref":
        name, anchor = reference(document, payload, before)
        name = literal(name.replace(" ", "\u00a0") if anchor else name)
        return f"#xref({literal(anchor)}, {name});" if anchor else f"#{name};"
    raise PublishError([f"unknown inline token {kind!r}"])


# ---- Glyphs ----


def _passages(nb: NotebookNode) -> Iterator[Passage]:
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            chapter = cell.metadata["explainer"]["chapter"]
            yield Passage(f"{chapter}, cell {cell.get('id', '?')}", same_character(cell.source))


def _strings(value: Any, place: str) -> Iterator[Passage]:
    """Walk the data; a place reads like `figures, polls, rows, 3`."""
    if isinstance(value, str) and place.rpartition(", ")[2] not in ("url", "alt"):
        yield Passage(place, same_character(value))
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value, start=1)
        for key, item in items:
            yield from _strings(item, f"{place}, {key}" if place else str(key))


def _drawable(value: Any) -> Any:
    """Return the data with each printed character in the code that the fonts have; addresses stay as they are."""
    if isinstance(value, str):
        return same_character(value)
    if isinstance(value, list):
        return [_drawable(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key == "url" else _drawable(item) for key, item in value.items()}
    return value


# ---- Typst ----


def _chapters(nb: NotebookNode) -> Iterator[NotebookNode]:
    for _key, cells in groupby(nb.cells, key=lambda cell: cell.metadata["explainer"]["chapter"]):
        part = copy.copy(nb)
        part.cells = list(cells)
        yield part


def _compile(files: dict[str, bytes], trials: list[bytes], report: dict[str, Any]) -> bytes:
    day = dt.datetime(**report["day"], tzinfo=dt.UTC)
    try:
        made = typst.compile(
            {**files, **fit_chapters(files, trials, report["figures"])},
            font_paths=fonts(),
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=int(day.timestamp()),
        )
    except (typst.TypstError, RuntimeError) as error:
        raise PublishError([f"Typst could not set the PDF: {error}"]) from error
    return _packed(made)


def _packed(made: bytes) -> bytes:
    """Return a PDF at less than half its size: Typst writes the thousands of tags and links one by one, in plain."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return packed.getvalue()


__all__ = ["BACK_MATTER", "ExplainerPDFExporter", "render_pdf"]
