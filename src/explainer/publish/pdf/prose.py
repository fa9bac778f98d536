"""Text for Typst: Markdown through pandoc, string literals, and the check that every character has a glyph."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import pypandoc
from nbformat import NotebookNode, from_dict

from explainer.faces import same_character, unprintable
from explainer.project import TEMPLATES
from explainer.publish.corrections import mark_words
from explainer.publish.document import TOKEN, Document, PublishError, reference, token
from explainer.publish.language import _
from explainer.publish.pdf.persons import Person

_NUMBERED = re.compile("\ue000(\\d+)\ue001")
_MARK = "\ue002"  # stands between two cells on the way into pandoc
_BOUNDARY = "\ue003"  # and on the way out, where nothing has swallowed it
_FILTER = TEMPLATES / "explainer_typst" / "markdown.lua"
_HEADING_ANCHOR = re.compile(r"\A(#{1,6} .*) \{#([^{}\s]+)\}[ \t]*$", re.MULTILINE)
_READER = "commonmark+pipe_tables+strikeout"


Passage = tuple[str, str]
"""The place where an editor finds a text of the report, and the text."""


def literal(text: str) -> str:
    """Return a Typst string literal that means exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{{{ord(found[0]):x}}}", escaped) + '"'


def markdown_to_typst(texts: Sequence[str], render: Callable[[str, str, str], str]) -> list[str]:
    """Turn Markdown texts into Typst, all in one call of pandoc.

    Parameters
    ----------
    texts
        Markdown with the inline tokens of the resolved document.
    render
        Turns a token's kind, payload and the text before it into Typst.
    """
    commands: list[str] = []

    def number(found: re.Match[str]) -> str:
        commands.append(render(found[1], found[2], found.string[: found.start()]))
        return f"\ue000{len(commands) - 1}\ue001"

    marked = [TOKEN.sub(number, text) for text in texts]
    parts = _split(_pandoc(f"\n\n{_MARK}\n\n".join(marked)))
    if len(parts) != len(texts):  # an unclosed block in one text swallowed the next
        parts = [_pandoc(text).strip() for text in marked]
    return [_NUMBERED.sub(lambda found: commands[int(found[1])], part) for part in parts]


def _split(converted: str) -> list[str]:
    return [part.strip() for part in converted.split(_BOUNDARY)]


def _pandoc(markdown: str) -> str:
    command = [pypandoc.get_pandoc_path(), "--sandbox", "--wrap=none", f"--from={_READER}", "--to=typst"]
    done = subprocess.run(
        [*command, f"--lua-filter={_FILTER}"],
        input=markdown.encode(), capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise PublishError([f"pandoc could not read the Markdown: {done.stderr.decode().strip()}"])
    return done.stdout.decode()


def with_typst(nb: NotebookNode, people: list[Person], parts: Collection[str]) -> NotebookNode:
    """Return the cells of some chapters with Typst for Markdown, without outputs: nbconvert would copy them twice."""
    document, own = nb.metadata["explainer"], [one for one in nb.cells if one.metadata["explainer"]["chapter"] in parts]
    texts = [
        _marked(_HEADING_ANCHOR.sub(r"\1 <!-- #\2 -->", cell.source), people) if cell.cell_type == "markdown" else ""
        for cell in own
    ]
    made = markdown_to_typst(texts, lambda kind, payload, before: _command(document, kind, payload, before))
    cells = []
    for cell, text in zip(own, made, strict=True):
        kept = {"cell_type": cell.cell_type, "id": cell["id"], "source": text}
        kept |= {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
        cells.append(kept | {"metadata": {"explainer": dict(cell.metadata["explainer"])}})
    return from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _marked(text: str, people: list[Person]) -> str:
    """Return Markdown with a token for the index where a paragraph first names a person; headings stay as they are."""
    paragraphs = text.split("\n")
    for n, paragraph in enumerate(paragraphs):
        if not paragraph.startswith("#"):
            bare = TOKEN.sub(lambda other: " " * len(other[0]), paragraph)
            for one in people:
                if found := one.pattern.search(bare):
                    mark, place = token("person", one.id), found.start()
                    paragraph = paragraph[:place] + mark + paragraph[place:]
                    bare = bare[:place] + " " * len(mark) + bare[place:]
            paragraphs[n] = paragraph
    return "\n".join(paragraphs)


def _command(document: Document, kind: str, payload: str, before: str) -> str:
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


def passages(nb: NotebookNode) -> Iterator[Passage]:
    """Yield the prose, cell by cell."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            chapter = cell.metadata["explainer"]["chapter"]
            yield f"{chapter}, cell {cell.get('id', '?')}", same_character(cell.source)


def strings(value: Any, place: str) -> Iterator[Passage]:
    """Walk the data; a place reads like `figures, polls, rows, 3`."""
    if isinstance(value, str) and place.rpartition(", ")[2] not in ("url", "alt", "id"):
        yield place, same_character(value)
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value, start=1)
        for key, item in items:
            yield from strings(item, f"{place}, {key}" if place else str(key))


def check_glyphs(passages: Iterable[Passage]) -> None:
    """Raise when a character has no glyph in the report's fonts, naming it and where it stands."""
    missing: dict[str, list[str]] = {}
    for place, text in passages:
        for character in unprintable(text):
            missing.setdefault(character, []).append(place)
    if missing:
        raise PublishError([_complaint(*item) for item in sorted(missing.items())])


def _complaint(character: str, places: list[str]) -> str:
    name = unicodedata.name(character, "unnamed")
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return (
        f"no shipped font has the character {character!r} (U+{ord(character):04X}, {name}), used in {places[0]}{more}:"
        " write it otherwise, or add a face that has it to explainer.publish.pdf.prose"
    )
