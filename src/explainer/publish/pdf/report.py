"""What a printed report says beside its prose, as data for the Typst template: exhibits, notes, lists, words."""

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

from nbformat import NotebookNode

from explainer.evidence.confidence import LABEL_RULES
from explainer.project import TEMPLATES
from explainer.publish.citing import author
from explainer.publish.corrections import later_words, mark_words
from explainer.publish.document import (
    TOKEN,
    Document,
    PublishError,
    by_publisher,
    long_date,
    plain,
    row_sources,
    split_tokens,
    stale,
)
from explainer.publish.language import _, ngettext, translated
from explainer.publish.pdf.papers import Paper, leads
from explainer.publish.pdf.prose import Person, ascii_address
from explainer.publish.pdf.tables import USUAL_WIDTH_MM, WIDTH_MM, plan
from explainer.text.dialect import EAST_ASIAN, by_language

TEMPLATE = TEMPLATES / "explainer_typst"
PUBLISHERS_IN_SOURCE_LINE = 8
LONGEST_ANSWER = 360


def report_data(nb: NotebookNode, manifest: dict[str, Any], people: list[Person]) -> dict[str, Any]:
    """Return all that the template reads besides the prose, from the resolved document, the manifest and the index."""
    document = nb.metadata["explainer"]
    day = dt.date.fromisoformat(document["as_of"])
    shown = {key: entry for key, entry in document["figures"].items() if entry["number"]}
    sources = {key: _source(one) for key, one in document["sources"].items()}
    notes, labelled = _cited(nb)
    return {
        "title": document["title"],
        "short_title": manifest.get("short_title") or document["title"],
        "description": manifest.get("description") or "",
        "authors": [author(manifest)],
        "keywords": list(manifest.get("keywords") or ()),
        "language": manifest.get("language") or "en",
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "as_of": long_date(document["as_of"]),
        "answer": _answer(nb),
        "opening": _("A brief") if manifest.get("brief") else _("One chapter"),
        "own_scenario": document.get("own_scenario") or "",
        "corrected_later": later_words(document),
        "chapters": {
            one["anchor"]: {"number": one["number"], "until": stale(one.get("evidence_until") or "", document["as_of"])}
            for one in document["chapters"]
        },
        "notes": _notes(document, notes, sources),
        "figures": {key: _exhibit(entry, document, people) for key, entry in shown.items()},
        "labels": _labels(document, labelled),
        "glossary": [one | {"sources": [sources[key] for key in one["sources"]]} for one in document["glossary"]],
        "corrections": [_correction(entry, sources) for entry in document["corrections"]],
        "cite": document.get("cite") or "",
        "sources": [{"publisher": name, "items": items} for name, items in by_publisher(sources)],
        "persons": [{"id": one.id, "shown": one.shown} for one in people],
        "persons_note": _("Persons of the table of stakeholders, on the pages whose text or tables name them."),
        "sources_note": _("All {count} sources that the report draws on, by publisher.").format(
            count=f"{len(sources):,}"
        ),
        "titles": {one["url"]: f"{one['title']}, {one['publisher']}" for one in sources.values()},
        "words": translated("\n".join(file.read_text(encoding="utf-8") for file in TEMPLATE.glob("*.typ"))),
        "colophon": _colophon(document),
    }


def data_of(paper: Paper, all_: list[Paper], nb: NotebookNode, report: dict[str, Any]) -> dict[str, Any]:
    """Return what one file reads of the report's data: its own exhibits and notes, and its way to the other files."""
    infos = (cell.metadata["explainer"] for cell in nb.cells if cell.cell_type == "code")
    shown = (one["figure"] for one in infos if one["chapter"] in paper.parts)
    figures = {key: _laid_out(report["figures"][key], paper.layout) for key in shown}
    cells = (cell for entry in figures.values() for row in entry.get("rows", ()) for cell in row)
    cited = (cell["sources"] for cell in cells if isinstance(cell, dict) and "sources" in cell)
    document, named_in = nb.metadata["explainer"], dict.fromkeys(one["id"] for sources in cited for one in sources)
    own = report | {
        "layout": paper.layout,
        "leads": leads(nb, all_, paper),
        "others": [one.file for one in all_ if one != paper],
        "figures": figures,
        "notes": {key: notes for key, notes in report["notes"].items() if key in paper.parts},
    }
    own |= {"extent": _extent(document, paper, own, named_in), "more_tables": _more_tables(document, paper, all_)}
    own |= {part: [] for part in ("labels", "glossary", "corrections", "persons") if part not in paper.parts}
    if paper.layout != "record":  # it lists what its rows name: its notes have the others in full
        listed = named_in if "sources" in paper.parts else {}
        items = [one for group in report["sources"] for one in group["items"] if one["id"] in listed]
        own["sources"] = [{"publisher": "", "items": items}] if items else []
    return own


def _laid_out(entry: dict[str, Any], layout: str) -> dict[str, Any]:
    """Return an exhibit as a file sets it: a table with its columns, a drawing of the width that there is."""
    if entry["kind"] == "figure":
        return entry | {"file": f"figures/{entry['id']}{'-narrow' if layout == 'brief' else ''}.svg"}
    printed = [[_as_printed(value) for value in row] for row in entry["rows"]]
    return entry | plan(entry["columns"], printed, WIDTH_MM.get(layout, USUAL_WIDTH_MM))


def _cited(nb: NotebookNode) -> tuple[dict[int, None], dict[str, None]]:
    """Return the notes, and the rows whose label is printed, that the prose has, in reading order."""
    prose = (cell.source for cell in nb.cells if cell.cell_type == "markdown")
    found = [(mark[1], mark[2]) for text in prose for mark in TOKEN.finditer(text)]
    notes = dict.fromkeys(int(payload) for kind, payload in found if kind == "note")
    return notes, dict.fromkeys(payload for kind, payload in found if kind == "label")


def _answer(nb: NotebookNode) -> str:
    """Return the report's answer as the cover gives it: how its first paragraph begins."""
    prose = (cell for cell in nb.cells if cell.cell_type == "markdown")
    bodies = (cell.source.partition("\n")[2] if cell.source.startswith("#") else cell.source for cell in prose)
    first = plain(next((body for body in bodies if body.strip()), "").strip().partition("\n\n")[0])
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z“])", first)
    return " ".join(sentences[:2]) if len(" ".join(sentences[:2])) <= LONGEST_ANSWER else sentences[0]


def people_of(nb: NotebookNode, manifest: dict[str, Any]) -> list[Person]:
    """Return the persons of the index: those of the manifest whom prose or tables name, in its order."""
    texts = [plain(cell.source) for cell in nb.cells if cell.cell_type == "markdown"]
    tables = [entry["table"] for entry in nb.metadata["explainer"]["figures"].values() if entry["kind"] == "table"]
    text = "\n".join([*texts, *(_words(row) for table in tables for row in table["rows"])])
    known = (
        Person(one["person_id"], one["shown"], re.compile(rf"\b{re.escape(one['named'])}\b"))
        for one in sorted(manifest.get("persons", []), key=lambda one: one["shown"].casefold())
    )
    return [one for one in known if one.pattern.search(text)]


def _words(row: list[Any]) -> str:
    return " | ".join(_as_printed(value) for value in row)


def _extent(document: Document, paper: Paper, own: dict[str, Any], in_rows: dict[str, None]) -> str:
    """Say what a file holds: the record lists all sources, another file those that its notes and rows name."""
    chapters = sum(one["key"] in paper.parts for one in document["chapters"])
    printed = {one["n"] for notes in own["notes"].values() for one in notes}
    cited = {one for note in document["notes"] if note["n"] in printed for one in note["sources"]}
    sources = len(document["sources"] if paper.layout == "record" else cited | set(in_rows))
    exhibits, notes = len(own["figures"]), len(printed)
    words = ngettext(
        "{chapters} chapter, {exhibits} figures and tables, {notes} notes, {sources} sources.",
        "{chapters} chapters, {exhibits} figures and tables, {notes} notes, {sources} sources.",
        chapters,
    )
    return words.format(chapters=chapters, exhibits=exhibits, notes=f"{notes:,}", sources=f"{sources:,}")


def _more_tables(document: Document, paper: Paper, all_: list[Paper]) -> dict[str, str]:
    """Return the first table after those of a file, and the file that has it; nothing where there is none."""
    for other in all_[all_.index(paper) + 1 :]:
        for entry in document["figures"].values():
            if entry["kind"] == "table" and entry["number"] and entry["chapter"] in set(other.parts) - set(paper.parts):
                return {"name": entry["name"], "file": other.file}
    return {}


def _colophon(document: Document) -> str:
    edition = _("Edition {name}, evidence as of {day}.")
    edition = edition.format(name=document.get("edition") or document["as_of"], day=long_date(document["as_of"]))
    return f"{edition} " + _(
        "Set by Typst in Source Serif and Source Sans by Frank Grießhammer and Paul D. Hunt, with IPAexGothic and "
        "Noto Sans CJK for Japanese and Chinese. The web page of the same edition holds the same text and the data of "
        "every figure."
    )


def _source(source: dict[str, Any]) -> dict[str, Any]:
    """Return a source with its site, and without its note, which no paper prints.

    Its title may be given in English, and only one in its own script is marked.
    """
    site = (urlsplit(source["url"]).hostname or "").removeprefix("www.")
    own = {"url": ascii_address(source["url"]), "site": site, "note": ""}
    return source | own | {"lang": source["lang"] if EAST_ASIAN.search(source["title"]) else ""}


def _notes(document: Document, printed: dict[int, None], sources: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return each chapter's notes: a source in full the first time, then by the note that has it."""
    first: dict[tuple[str, str], int] = {}
    notes: dict[str, list[dict[str, Any]]] = {}
    for note in document["notes"]:
        if note["n"] in printed:
            seen = {one: first.setdefault((note["chapter"], one), note["n"]) for one in note["sources"]}
            cited = [sources[one] | {"first": n if n != note["n"] else None} for one, n in seen.items()]
            notes.setdefault(note["chapter"], []).append({"n": note["n"], "sources": cited})
    return notes


def _exhibit(entry: dict[str, Any], document: Document, people: list[Person]) -> dict[str, Any]:
    keys = ("id", "kind", "number", "name", "anchor", "claim", "subtitle", "note")
    made = {key: entry.get(key) or "" for key in keys} | {"source_line": _source_line(entry)}
    made["corrected"] = [
        _mark(document, found[2]) for mark in entry.get("corrected", []) for found in TOKEN.finditer(mark)
    ]
    if entry["kind"] == "table":
        return made | _table(entry, document, people)
    if not (entry.get("alt") or "").strip():
        raise PublishError([f"figure {entry['id']!r} has no alt text: write one beside its drawing function"])
    return made | {"alt": entry["alt"]}


def _mark(document: Document, payload: str) -> dict[str, Any]:
    return dict(zip(("id", "words", "first"), mark_words(document, payload), strict=True))


def _source_line(entry: dict[str, Any]) -> str:
    """Return the manifest's source line, cut where a table of events would name a hundred publishers."""
    columns = (entry.get("table") or {}).get("columns", [])
    if entry["kind"] == "table" and any(column.get("kind") == "sources" for column in columns):
        return _("in the rows.")
    parts = (entry.get("source_line") or "").split("; ")
    if len(parts) <= PUBLISHERS_IN_SOURCE_LINE:
        return "; ".join(parts)
    rest = len(parts) - PUBLISHERS_IN_SOURCE_LINE
    own = _(". Calculations: this project") if entry.get("calculated") else "."
    more = _("; and {count} more, named with the data").format(count=rest)
    return "; ".join(parts[:PUBLISHERS_IN_SOURCE_LINE]) + more + own


def _table(entry: dict[str, Any], document: Document, people: list[Person]) -> dict[str, Any]:
    defaults = {"label": "", "kind": "text", "align": "left", "lang": ""}
    table = entry["table"]
    columns = [{key: column.get(key) or given for key, given in defaults.items()} for column in table["columns"]]
    rows = [[_cell(*pair, document) for pair in zip(row, columns, strict=True)] for row in table["rows"]]
    people_in = [[one.id for one in people if one.pattern.search(words)] for words in map(_words, rows)]
    return {"columns": columns, "rows": rows, "people": people_in}


def _cell(value: Any, column: dict[str, Any], document: Document) -> Any:
    """Return a cell: text, or a dictionary that says what it is."""
    if column["kind"] == "sources":
        named = row_sources(document, value)
        return {"sources": [{"id": s["id"], "name": s["name"], "url": ascii_address(s["url"])} for s in named]}
    if not isinstance(value, str):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if column["kind"] == "label" and value in LABEL_RULES:
        return {"label": _(value)}
    found = list(split_tokens(value))
    marks = [_mark(document, payload) for kind, payload in found if kind == "correction"]
    text = found[0][1] if marks else value
    parts = by_language(text) if marks or EAST_ASIAN.search(text) else []
    return {"parts": [{"text": text, "lang": lang} for text, lang in parts], "corrected": marks} if parts else value


def _as_printed(value: Any) -> str:
    if isinstance(value, str):
        return value
    if "sources" in value:
        return "; ".join(one["name"] for one in value["sources"])
    if "parts" in value:
        marks = " ".join(mark["words"] for mark in value["corrected"])
        return "".join(part["text"] for part in value["parts"]) + marks
    return value["label"]


def _labels(document: Document, labelled: dict[str, None]) -> list[dict[str, Any]]:
    rows = {row: document["labels"][row] for row in labelled}
    return [
        {"label": _(label), "rule": f"{_(rule)}.",
         "rows": [{"id": row, "why": entry["why"]} for row, entry in rows.items() if entry["label"] == label]}
        for label, rule in LABEL_RULES.items()
    ]  # fmt: skip


def _correction(entry: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    thanks = _("Noticed by {name}.").format(name=entry["noticed_by"]) if entry.get("noticed_by") else ""
    made = {"class": _(entry["class"]), "day": long_date(entry["day"]), "thanks": thanks}
    return entry | made | {"sources": [sources[one] for one in entry["sources"]]}
