"""From executed chapters and the figure manifest to one resolved document, shared by page and PDF.

`combine` joins the chapters and takes step after step with them; `document` describes the result. `alone` resolves a
chapter that nbconvert publishes alone, as papermill may leave it: of its own day, with that day's manifest.

A report that was built with a reader's own assumptions is marked, so that nobody takes it for a published edition. The
build says in the manifest what differs from the report's own scenario, and which exhibits follow it. A box opens each
chapter and each section that holds one; the opening block of page and PDF says the same.
"""

import copy
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from explainer.project import FIGURES
from explainer.publish import citing
from explainer.publish.corrections import mark_corrections
from explainer.publish.document import PREFIXES, Draft, PublishError, chapter_number
from explainer.publish.headings import drop_empty_headings, number_exhibits, split_headings
from explainer.publish.inline import ResolveInline
from explainer.publish.language import _, ngettext, speaking
from explainer.text.cells import EARLIER, EXHIBIT, HIDDEN, TagError, cut, dates, earlier_prose, tags
from explainer.text.chapters import parameters_of
from explainer.text.dialect import COMMENT, curl, outside, outside_code, paragraphs, plain, sentences, unnamed

IMAGE = re.compile(r"!\[[^\]]*\]\(")
INJECTED = "injected-parameters"
"""Papermill's own tag of the cell that it puts in."""


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
        nb = _join(chapters, manifest)
        draft, found = Draft(nb, manifest, whole), _finding(nb)
        nb.cells = [cell for cell in nb.cells if _keep(draft, cell)]
        split_headings(draft)
        drop_empty_headings(draft)
        draft.document["own_scenario"] = own_scenario_words(manifest.get("own_scenario", ""))
        mark_own_scenario(nb, manifest)
        number_exhibits(draft)
        ResolveInline(draft).work()
        if draft.problems:
            raise PublishError(draft.problems)
        draft.document["finding"] = found
        if whole:
            draft.document["cite"] = citing.sentence(manifest)
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
    kept_keys = ["title", "description", "as_of", "first_day", "edition", "parameters", "labels", "corrections"]
    kept_keys += ["claims", "editions", "changes", "brief", "language", "verdicts", "matrix", "author", "address"]
    document = {name: copy.deepcopy(manifest.get(name)) for name in kept_keys}
    document |= {name: document[name] or {} for name in ("parameters", "labels", "changes", "verdicts", "matrix")}
    document |= {name: document[name] or [] for name in ("corrections", "claims", "editions")}
    document |= {"chapters": listed, "earlier": earlier}
    return new_notebook(cells=cells, metadata={"explainer": document})


def _finding(nb: NotebookNode) -> str:
    """Return the first sentence of the text in plain words: what a link that is shared shows."""
    texts = (text for cell in nb.cells if cell.cell_type == "markdown" for text in paragraphs(cell.source))
    first = next(iter(sentences(next(texts, ""))), "")
    return re.sub(r"\s+([,;:])", r"\1", plain(unnamed(first)).rstrip(" .")) + ("." if first else "")


def _cell_id(key: str, identifier: str) -> str:
    """Return a cell's id, which is one of its kind in the report."""
    return f"{key.partition('-')[0]}-{identifier}"[:60]


def _earlier(key: str, chapter: NotebookNode, day: str) -> list[dict[str, Any]]:
    """Return the prose that a chapter had on earlier days; a chapter that was run already has it beside its cells."""
    found = chapter.metadata.get(EARLIER) or earlier_prose(chapter, day)
    ids = ({side: entry[side] and _cell_id(key, entry[side]) for side in ("before", "after")} for entry in found)
    return [dict(entry) | {"chapter": key} | near for entry, near in zip(found, ids, strict=True)]


def _keep(draft: Draft, cell: NotebookNode) -> bool:
    """Tell whether a reader sees a cell; of an exhibit's cell its one output is left."""
    cell_tags = set(tags(cell))
    if cell.cell_type == "markdown":
        cell.metadata["explainer"]["aside"] = "aside" in cell_tags
        cell.source = outside_code(cell.source, lambda text: COMMENT.sub("", text))
        if any(outside(cell.source, IMAGE)):
            draft.complain(cell, "puts a picture into the text; register it as a figure")
        return not cell_tags & HIDDEN and bool(cell.source.strip())
    return cell.cell_type == "code" and _exhibit(draft, cell, cell_tags)


def _exhibit(draft: Draft, cell: NotebookNode, cell_tags: set[str]) -> bool:
    outputs = cell.get("outputs", [])
    shown = [output for output in outputs if _figure_id(output)]
    for output in outputs:
        if not _figure_id(output) and _has_picture(output):
            draft.complain(cell, "shows a picture by another road than show(); register it as a figure")
    if not cell_tags & EXHIBIT:
        if shown:
            draft.complain(cell, f"shows {_figure_id(shown[0])!r} but is not tagged figure or table")
        return False
    if len(shown) != 1:
        draft.complain(cell, f"is tagged figure or table but shows {len(shown)} exhibits instead of one")
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


def own_scenario_words(changed: str) -> str:
    """Return what the opening block says; nothing for a report under its own assumptions."""
    if not changed:
        return ""
    words = _(
        "A reader's own copy, not a published edition. Changed in its scenario: {changed}. Only the figures and "
        "tables of that scenario follow the change; the text keeps the report's own assumptions."
    )
    return curl(words.format(changed=changed))


def mark_own_scenario(nb: NotebookNode, manifest: dict[str, Any]) -> None:
    """Open with a box each chapter and section that shows an exhibit of a reader's own scenario."""
    changed = manifest.get("own_scenario", "")
    own = {e["id"]: e for e in manifest.get("figures", []) if e.get("own_scenario")} if changed else {}
    places: dict[int, list[dict[str, Any]]] = {}
    headings: dict[int, int] = {}
    for number, cell in enumerate(nb.cells):
        info = cell.metadata["explainer"]
        if info.get("heading"):
            level = info["heading"]["level"]
            headings = {k: n for k, n in headings.items() if k < level} | {level: number}
        if info.get("figure") in own:
            for level in {1, 2} & headings.keys():
                places.setdefault(headings[level], []).append(own[info["figure"]])
    for number in sorted(places, reverse=True):
        nb.cells[number : number + 1] = _with_box(nb.cells[number], changed, places[number])


def _with_box(cell: NotebookNode, changed: str, shown: list[dict[str, Any]]) -> list[NotebookNode]:
    """Return a heading's cell as heading, box and text."""
    heading, _bar, text = cell.source.partition("\n")
    info = cell.metadata["explainer"]
    box = _like(cell, "own", _words(changed, shown, info["heading"]["level"], info["chapter"]))
    box.metadata["explainer"]["aside"] = True
    rest = [_like(cell, "text", text.strip("\n"))] if text.strip() else []
    cell.source = heading
    return [cell, box, *rest]


def _like(cell: NotebookNode, name: str, source: str) -> NotebookNode:
    """Return a cell of the same place and days without the heading."""
    made = new_markdown_cell(source, id=f"{cell['id'][:50]}-{name}", metadata=copy.deepcopy(cell.metadata))
    made.metadata["explainer"].pop("heading", None)
    return made


def _words(changed: str, shown: list[dict[str, Any]], level: int, chapter: str) -> str:
    refs = [f"@{PREFIXES[e['kind']]}-{e['id']}" for e in shown]
    named = refs[0] if len(refs) == 1 else _("{first} and {last}").format(first=", ".join(refs[:-1]), last=refs[-1])
    part = _("chapter {number}").format(number=chapter_number(chapter)) if level == 1 else _("this section")
    follow = ngettext("{named} of {part} follows the change.", "{named} of {part} follow the change.", len(refs))
    claim = next((e["claim"] for e in shown if e["kind"] == "figure"), shown[0]["claim"])
    opening = _("A reader's own assumptions.")
    end = _("The sentences, and all other numbers, keep the report's own assumptions.")
    return f"**{opening}** {changed}. {follow.format(named=named, part=part)} {claim}. {end}"


def alone(nb: NotebookNode, metadata: Mapping[str, Any], named: str = "") -> tuple[NotebookNode, dict[str, Any], Path]:
    """Resolve a chapter on its own.

    Parameters
    ----------
    nb : NotebookNode
        The chapter with its outputs.
    metadata : mapping
        What nbconvert knows of it: `name` and `path`.
    named : str
        The figure manifest; by default that of the chapter's day, in the ``figures`` beside it or of the report.

    Returns
    -------
    tuple of NotebookNode, dict and Path
        What `combine` gives, the manifest, and where it stands.

    Raises
    ------
    PublishError
        When there is no manifest, or it is of another day than the chapter.
    """
    nb, day = copy.deepcopy(nb), ""
    for cell in nb.cells:
        if {"parameters", INJECTED} & set(tags(cell)):
            day = _day(cell.source) or day
            cell.metadata["tags"] = ["setup"]
    path = Path(named) if named else _found(Path(metadata.get("path") or "."), day)
    manifest = read_manifest(path)
    if day and manifest["as_of"] != day:
        raise PublishError(
            f"the chapter is of {day}, its figures in {path.parent} of {manifest['as_of']}. "
            f"Mend: explainer build --as-of {day}, which makes its figures, or run the chapter for that other day."
        )
    return combine([(metadata.get("name") or "notebook", nb)], manifest, whole=False), manifest, path


def _day(source: str) -> str:
    try:
        return str(parameters_of(source).get("as_of", ""))
    except (SyntaxError, ValueError, TypeError):
        return ""


def _found(folder: Path, day: str) -> Path:
    """Return the manifest of the day, beside the folder or of the report; else that of the latest edition."""
    places, names = (folder.resolve().parent / "figures", FIGURES), ("latest", day or "latest", "*")
    found = [path for place in places for name in names for path in place.glob(f"{name}/manifest.json")]
    of_day = (path for path in found if not day or read_manifest(path).get("as_of") == day)
    return next(of_day, found[0] if found else places[0] / "latest" / "manifest.json")


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a figure manifest."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise PublishError(
            f"there is no figure manifest at {path}. "
            "Mend: run the build, or name one: --ExplainerHTMLExporter.manifest=PATH (on paper ExplainerPDFExporter)."
        ) from None
