"""Markdown as text: what is code in it, its headings and citations, its quotation marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from explainer.publish.document import END, START

_FENCE = r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?)(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
_SPAN = r"(?<![\\`])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)"
CODE = re.compile(f"(?:{_FENCE})|(?:{_SPAN})", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*(?:<!--[ \t]*#([\w.:-]+)[ \t]*-->)?[ \t]*#*[ \t]*$", re.MULTILINE)
"""A heading: its marks, its title, its anchor if the author wrote one."""
MARK = re.compile(r"\[@([^\[\]]+)\]|\[=([^\[\]\s]+)\]")
"""A citation cluster (group 1) or a confidence label (group 2)."""
_MARK = r"\[(?:@[^\[\]]+|=[^\[\]\s]+)\]"
MARKS = re.compile(rf"([ \t]*\n?[ \t]*)({_MARK}(?:[ \t]*\n?[ \t]*{_MARK})*)([.,;:!?]+[”’\"']?)?")
"""Marks in a row: the space before them, they, and the stop after them."""
_QUOTES = re.compile(
    rf"(?P<keep>{CODE.pattern}|<[^<>]*>|\]\([^()\s]*\)|\[[@=][^\[\]]*\]|https?://\S+|{START}[^{END}]*{END})"
    r"|(?P<quote>[\"'])",
    re.MULTILINE | re.DOTALL,
)


EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff][\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]*")
"""A run of Japanese or Chinese."""
_SPAN_JA = re.compile(r'(\()?<span lang="ja">([^<]*)</span>')


def by_language(text: str) -> list[tuple[str, str]]:
    """Return the parts of a text, each with the language that it is in where that is not the report's own.

    Kana are Japanese; Chinese signs alone are Chinese where the text speaks of Taiwan or China, and Japanese else.
    """
    parts, place = [], 0
    for found in EAST_ASIAN.finditer(text):
        kana = re.search(r"[\u3040-\u30ff]", found[0])
        chinese = not kana and re.search(r"\b(Taiwan|China|Chinese)", text)
        parts += [(text[place : found.start()], ""), (found[0], "zh" if chinese else "ja")]
        place = found.end()
    return [part for part in (*parts, (text[place:], "")) if part[0]]


def with_readings(text: str, readings: dict[str, str]) -> str:
    """Return Markdown with a term's reading after its first Japanese writing; what is told is taken out of `readings`.

    Parameters
    ----------
    text
        Markdown in which Japanese is marked as `<span lang="ja">`.
    readings
        From a term in Japanese to its reading in Latin letters.
    """

    def add(found: re.Match) -> str:
        reading = readings.pop(found[2], "")
        if not reading:
            return found[0]
        said = f'<span lang="ja-Latn">*{reading}*</span>'
        return f"{found[0]}, {said}" if found[1] else f"{found[0]} ({said})"

    return _SPAN_JA.sub(add, text)


def slug(text: str) -> str:
    """Return text as a plain anchor: lower case, ASCII, hyphens."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-") or "section"


def inside_code(text: str, place: int) -> bool:
    """Tell whether a place in a text lies in a code span or block."""
    return any(m.start() <= place < m.end() for m in CODE.finditer(text))


def clean(value: Any) -> Any:
    """Return data without the two characters that mark tokens, so that no cell of a table can forge one."""
    if isinstance(value, str):
        return value.replace(START, "\ufffd").replace(END, "\ufffd")
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    return value


def ids_of(value: Any) -> list[str]:
    """Return ids from a list, or from text joined with semicolons."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    return list(value or [])


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return text with a change made everywhere but in code spans and code blocks."""
    made, place = [], 0
    for match in CODE.finditer(text):
        made += [change(text[place : match.start()]), match[0]]
        place = match.end()
    return "".join([*made, change(text[place:])])


def curl(text: str) -> str:
    """Return text with typographic quotation marks; code, tags and addresses stay as they are."""
    opened: dict[int, bool] = {}

    def mark(match: re.Match) -> str:
        if match["keep"]:
            return match[0]
        lead = text[: match.start()].rstrip("*_")
        before = lead[-1:]
        opening = opened.get(len(lead) - 1, not before or before.isspace() or before in "([{—–-/“‘|")
        opened[match.start()] = opening
        pair = "“”" if match["quote"] == '"' else "‘’"
        return pair[0] if opening else pair[1]

    return _QUOTES.sub(mark, text)
