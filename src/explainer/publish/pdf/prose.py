"""Text for Typst: Markdown, string literals, and the check that every character has a glyph."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import font_source_sans_pro
import font_source_serif_pro
from fontTools.ttLib import TTFont
from nbformat import NotebookNode, from_dict

from explainer.faces import folder_of
from explainer.publish.corrections import mark_words
from explainer.publish.document import TOKEN, Document, PublishError, reference, token
from explainer.publish.language import _
from explainer.publish.markdown import Prose, reader
from explainer.publish.pdf.persons import Person

# Two weights of each face and their italics: all that the pages use.
_FACES = (
    (font_source_serif_pro, ("SourceSerifPro-Regular.otf", "SourceSerifPro-It.otf")),
    (font_source_serif_pro, ("SourceSerifPro-Semibold.otf", "SourceSerifPro-SemiboldIt.otf")),
    (font_source_sans_pro, ("SourceSansPro-Regular.otf", "SourceSansPro-It.otf")),
    (font_source_sans_pro, ("SourceSansPro-Semibold.otf", "SourceSansPro-SemiboldIt.otf")),
)
_EAST_ASIAN = (
    ("matplotlib_fontja", "fonts/ipaexg.ttf"),
    ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf"),  # simplified Chinese, which the first lacks
)

# Two codes of one character; the Japanese font draws only the second.
_SAME_CHARACTER = str.maketrans({"內": "内"})

# White space, and signs that have an effect but no shape.
_SHAPELESS = frozenset("\n\t\u00ad\u200b\u200c\u200d\u2060\ue000\ue001")


Passage = tuple[str, str]
"""The place where an editor finds a text of the report, and the text."""


def literal(text: str) -> str:
    """Return a Typst string literal that means exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{{{ord(found[0]):x}}}", escaped) + '"'


def ascii_address(url: str) -> str:
    """Return an address in the letters that PDF takes and no font lacks."""
    return quote(url, safe=string.punctuation)


def same_character(text: str) -> str:
    """Return the text with each character in the code under which the fonts have it."""
    return text.translate(_SAME_CHARACTER)


FORMS = {
    "emphasis": "#emph[{}];",
    "strong": "#strong[{}];",
    "language": '#foreign("{lang}")[{}];',
    "softbreak": " ",
    "linebreak": "#linebreak();",
    "paragraph": "{}\n\n",
    "block_text": "{}\n",
    "block_quote": "#quote(block: true)[{}]\n\n",
    "thematic_break": "#separator\n\n",
    "list_item": "[{}], ",
    "table": "#prose-table({})\n\n",
    "table_head": "({}), ",
    "table_body": "{}",
    "table_row": "{}",
}
"""Typst of what holds other Markdown."""


class PaperProse(Prose):
    """Typst of the paper's prose: each text is a string literal, which nothing can take for a command."""

    def _get_method(self, name: str) -> Callable[..., str]:
        return FORMS[name].format if name in FORMS else super()._get_method(name)

    def text(self, text: str) -> str:
        """Set a text as it is; at its ends a space stays one that Typst may drop."""
        return re.sub(r"\S(.*\S)?", lambda words: f"#{literal(words[0])};", text, flags=re.DOTALL)

    def inline_html(self, html: str) -> str:
        """Show markup as the text that it is."""
        return self.text(html)

    def codespan(self, text: str) -> str:
        """Set code in a line."""
        return f"#raw({literal(text)});"

    def block_code(self, code: str, info: str | None = None) -> str:
        """Set code in lines of its own."""
        return f"#raw(block: true, {literal(code.rstrip())})\n\n"

    def linked(self, text: str, url: str) -> str:
        """Set a link that may be followed."""
        if url.startswith("#"):
            return f"#xref({literal(url[1:])})[{text}];"
        return f"#link({literal(ascii_address(url))})[{text}];"

    def list(self, text: str, ordered: bool, **attrs: Any) -> str:
        """Set a list."""
        return f"#enum(start: {attrs.get('start', 1)}, {text})\n\n" if ordered else f"#list({text})\n\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Set a cell of a small table of the prose."""
        return f"table.cell(align: {align or 'auto'})[{text}], "


def with_typst(nb: NotebookNode, people: list[Person], parts: Collection[str]) -> NotebookNode:
    """Return the cells of some chapters with Typst for Markdown, without outputs: nbconvert would copy them twice."""
    document, own = nb.metadata["explainer"], [one for one in nb.cells if one.metadata["explainer"]["chapter"] in parts]
    read = reader(PaperProse(lambda kind, payload, before: _command(document, kind, payload, before)))
    cells = []
    for cell in own:
        kept = {"cell_type": cell.cell_type, "id": cell["id"], "source": _typst(cell, people, read)}
        kept |= {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
        cells.append(kept | {"metadata": {"explainer": dict(cell.metadata["explainer"])}})
    return from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _typst(cell: NotebookNode, people: list[Person], read: Callable[[str], str]) -> str:
    heading, text = cell.metadata["explainer"].get("heading"), cell.source
    opening = ""
    if heading:
        title, _bar, text = text.partition("\n")
        title = read(re.sub(r"^#+ | \{#[^{}]*\}$", "", title)).strip()
        opening = f"#section({heading['level']}, {literal(heading['anchor'])})[{title}]\n"
    return opening + read(_marked(text, people)).strip()


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


def font_files() -> list[Path]:
    """Return the faces that Typst sets the report in."""
    files = [Path(package.__file__).parent / "files" / name for package, names in _FACES for name in names]
    # Its package is not imported: that would change the font of every chart that this process draws later.
    return [*files, *(folder_of(package) / file for package, file in _EAST_ASIAN)]


@cache
def _drawable() -> frozenset[int]:
    faces = [frozenset(TTFont(file, lazy=True).getBestCmap()) for file in font_files()]
    latin, east_asian = faces[: -len(_EAST_ASIAN)], faces[-len(_EAST_ASIAN) :]
    return frozenset.intersection(*latin).union(*east_asian)


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
        for character in set(text) - _SHAPELESS:
            if ord(character) not in _drawable():
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
