"""Text for Typst: Markdown, string literals, and the check that every character has a glyph."""

import re
import string
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote

from nbformat import NotebookNode, from_dict

from explainer.faces import same_character, undrawn
from explainer.publish.corrections import mark_words
from explainer.publish.document import TOKEN, Document, PublishError, reference, title_of, token
from explainer.publish.language import _
from explainer.publish.markdown import Prose, reader

Passage = tuple[str, str]
"""The place where an editor finds a text of the report, and the text."""


class Person(NamedTuple):
    """A person as the index prints them, and the pattern of their name in the text."""

    id: str
    shown: str
    pattern: re.Pattern[str]


def literal(text: str) -> str:
    """Return a Typst string literal that means exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{{{ord(found[0]):x}}}", escaped) + '"'


def ascii_address(url: str) -> str:
    """Return an address in the letters that PDF takes and no font lacks."""
    return quote(url, safe=string.punctuation)


FORMS = {
    "emphasis": "#emph[{}];",
    "strong": "#strong[{}];",
    "language": '#foreign("{lang}")[{}];',
    "softbreak": " ",
    "linebreak": "#linebreak();",
    "paragraph": "{}\n\n",
    "block_text": "{}\n",
    "blank_line": "",
    "block_quote": "#quote(block: true)[{}]\n\n",
    "thematic_break": "#separator\n\n",
    "list_item": "[{}], ",
    "table": "#prose-table({})\n\n",
    "table_head": "({}), ",
    "table_body": "{}",
    "table_row": "{}",
}
"""Typst of what holds other Markdown. With the methods below these are all tokens that the reader gives."""


class PaperProse(Prose):
    """Typst of the paper's prose: each text is a string literal, which nothing can take for a command."""

    def _get_method(self, name: str) -> Callable[..., str]:
        if name not in FORMS and name not in vars(PaperProse) | vars(Prose):
            raise PublishError([f"the paper has no form for {name!r} of Markdown"])  # that of HTML would be commands
        return FORMS[name].format if name in FORMS else super()._get_method(name)

    def text(self, text: str) -> str:
        """Set a text as it is; at its ends a space stays one that Typst may drop."""
        return re.sub(r"\S(.*\S)?", lambda words: f"#{literal(words[0])};", text, flags=re.DOTALL)

    def inline_html(self, html: str) -> str:
        """Show markup as the text that it is."""
        return self.text(html)

    def codespan(self, text: str) -> str:
        """Set code in a line."""
        return f"#raw({literal(TOKEN.sub('', text))});"

    def block_code(self, code: str, info: str | None = None) -> str:
        """Set code in lines of its own."""
        return f"#raw(block: true, {literal(TOKEN.sub('', code).rstrip())})\n\n"

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
    read = reader(PaperProse(partial(_command, document)))
    cells = []
    for cell in own:
        kept = {"cell_type": cell.cell_type, "id": cell["id"], "source": _typst(cell, people, read)}
        kept |= {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
        cells.append(kept | {"metadata": {"explainer": dict(cell.metadata["explainer"])}})
    return from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _typst(cell: NotebookNode, people: list[Person], read: Callable[[str], str]) -> str:
    heading, text = cell.metadata["explainer"].get("heading"), cell.source
    if not heading:
        return read(_marked(text, people)).strip()
    title, text = read(title_of(cell)).strip(), read(_marked(text.partition("\n")[2], people)).strip()
    return f"#section({heading['level']}, {literal(heading['anchor'])})[{title}]\n{text}"


def _marked(text: str, people: list[Person]) -> str:
    """Return Markdown with a token for the index where a paragraph first names a person; headings stay as they are."""
    paragraphs = text.split("\n")
    for n, paragraph in enumerate(paragraphs):
        if not paragraph.startswith("#"):
            bare = re.sub(rf"{TOKEN.pattern}|\]\([^()]*\)", lambda other: " " * len(other[0]), paragraph)
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


def strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Walk the data; a place reads like `figures, polls, rows, 3`."""
    if isinstance(value, str) and place.rpartition(", ")[2] not in ("url", "alt", "id"):
        yield place, same_character(value)
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value, start=1)
        for key, item in items:
            yield from strings(item, f"{place}, {key}" if place else str(key))


def check_glyphs(passages: Iterable[tuple[str, str]]) -> None:
    """Raise when a character has no glyph in the report's fonts, naming it and where it stands."""
    missing: dict[str, list[str]] = {}
    for place, text in passages:
        for what in undrawn(text).values():
            missing.setdefault(what, []).append(place)
    if missing:
        mend = "write it otherwise, or add a face that has it to explainer.faces"
        counted = ((what, found[0], len(found) - 1) for what, found in sorted(missing.items()))
        raise PublishError(
            [f"{what}, used in {place}{f' and {more} more' if more else ''}: {mend}" for what, place, more in counted]
        )
