"""From executed chapters and the figure manifest to one resolved document, shared by page and PDF.

`combine` joins the chapters and takes step after step with them; `document` describes the result.
"""

import copy
import re
from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from explainer.publish import citing
from explainer.publish.corrections import mark_corrections
from explainer.publish.document import Draft, PublishError, chapter_number
from explainer.publish.headings import drop_empty_headings, number_exhibits, split_headings
from explainer.publish.inline import ResolveInline
from explainer.publish.language import speaking
from explainer.publish.own_scenario import mark_own_scenario, opening
from explainer.text.cells import EARLIER, EXHIBIT, HIDDEN, TagError, cut, dates, earlier_prose, tags
from explainer.text.dialect import COMMENT, outside, outside_code, paragraphs, plain, sentences, unnamed

IMAGE = re.compile(r"!\[[^\]]*\]\(")


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
        draft.document["own_scenario"] = opening(manifest.get("own_scenario", ""))
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
