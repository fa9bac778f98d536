"""The dialect of the chapters' Markdown: one parser, for the checker and for the publisher.

Beside Markdown a text may hold citations ``[@a; @b]``, labels ``[=row]``, searches that found nothing ``[?id]``,
references ``@fig-x``, ``@tab-x`` and ``@ch-x``, terms ``[words](term:id)``, links ``[words](#anchor)``, headings
``## Title <!-- #anchor #older-anchor -->``, and ``<span lang="ja">``. A resolved text holds inline tokens instead:
``<START>kind:payload<END>``.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from explainer.project import PROJECT

START, END = "\ue000", "\ue001"
"""The two characters around an inline token."""
TOKEN = re.compile(f"{START}([a-z]+):([^{END}]*){END}")

_FENCE = r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?)(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
_SPAN = r"(?<![\\`])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)"
CODE = re.compile(f"(?:{_FENCE})|(?:{_SPAN})", re.MULTILINE | re.DOTALL)
HEADING = re.compile(
    r"^(#{1,6})[ \t]+(.*?)[ \t]*"
    r"(?:<!--[ \t]*#([\w.:-]+)((?:[ \t]+#[\w.:-]+)*)[ \t]*-->)?[ \t]*#*[ \t]*$",
    re.MULTILINE,
)
"""A heading: its marks, its title, its anchor if the author wrote one, and anchors that led here before."""
COMMENT = re.compile(r"[ \t]*<!--(?!(?:[ \t]*#[\w.:-]+)+[ \t]*-->).*?-->", re.DOTALL)
"""A comment, which no reader sees; that of a heading holds its anchor instead."""
MARK = re.compile(r"\[@([^\[\]]+)\]|\[=([^\[\]\s]+)\]|\[\?([^\[\]]+)\]")
"""A citation cluster (group 1), a confidence label (group 2), or searches that found nothing (group 3)."""
_MARK = r"\[(?:@[^\[\]]+|=[^\[\]\s]+|\?[^\[\]]+)\]"
MARKS = re.compile(rf"([ \t]*\n?[ \t]*)({_MARK}(?:[ \t]*\n?[ \t]*{_MARK})*)([.,;:!?]+[”’\"']?)?")
"""Marks in a row: the space before them, they, and the stop after them."""
INLINE = re.compile(
    rf"(?P<marks>{MARKS.pattern})"
    r"|\[(?P<text>[^\[\]]+)\]\(term:(?P<term>[^()\s]+)\)"
    r"|(?<!!)\[(?P<words>[^\[\]]+)\]\(#(?P<anchor>[^()\s]+)\)"
    r"|(?<![\w@/.])@(?P<ref>fig|tab|ch)-(?P<key>[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)"
)
"""All that a text can name, one of `marks`, `term`, `anchor` and `ref`."""
_ID = r"@[A-Za-z0-9][\w.-]*"
_TABLE = re.compile(r"^[^\n]*\|[^\n]*\n {0,3}(?=[^\n]*\|)[|:-][ |:-]*(?:\n[^\n]*\|[^\n]*)*$", re.MULTILINE)
"""A table: its head, the line under it, its rows."""
_ROW = re.compile(r"^ {0,3}\|.*$", re.MULTILINE)
QUOTATION = re.compile(r"\u201c([^\u201c\u201d]+)\u201d|(?<!\w)\"([^\"\n]+)\"")

_LETTER, _WITHIN = r"[\u3040-\u30ff\u3400-\u9fff]", r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
EAST_ASIAN = re.compile(rf"{_LETTER}(?:{_WITHIN}|[ 0-9]{{1,4}}(?={_LETTER}))*")
"""A run of Japanese or Chinese."""
_SPAN_JA = re.compile(r'(\()?<span lang="ja">([^<]*)</span>')
_QUOTES = re.compile(
    rf"(?P<keep>{CODE.pattern}|<[^<>]*>|\]\([^()\s]*\)|\[[@=?][^\[\]]*\]|https?://\S+|{START}[^{END}]*{END})"
    r"|(?P<quote>[\"'])",
    re.MULTILINE | re.DOTALL,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!No\.)[)\u201d\"*]*\s+(?=[A-Z\u201c\"\[*(@])")

REFUSED = tuple(
    (re.compile(pattern, re.MULTILINE), what, mend)
    for pattern, what, mend in (
        (r"<(?:/?(?!span\b)[a-zA-Z]|\?|!(?!--))[^>]*>|<span(?! lang=\"[a-z-]+\">[^<]*</span>)[^>]*>",
         "HTML other than a span with its language", "write it in Markdown"),
        (rf"\[(?!{_ID}(?:\s*;\s*{_ID})*\])(?:\s*@|[^\[\]@]*(?<![\w.@])@(?!(?:fig|tab|ch)-)[A-Za-z0-9])[^\[\]]*\](?!\()",
         "does not read as a citation", "write [@source-id] or [@first-id; @second-id]"),
        (r"\[\?\s*\]|\[=(?:\]|[^\[\]]*\s[^\[\]]*\])|@(?!(?:fig|tab|ch)-)(?i:fig(?:ure)?|tab(?:le)?|ch(?:apter)?)s?-\w+",
         "a mark that names nothing", "write [=row-id], [?search-id], @fig-id, @tab-id or @ch-id"),
        (r"^#{1,6}[ \t]*(?:<!--[^\n]*-->[ \t]*)?#*[ \t]*$", "a heading without words", "say what comes, or remove it"),
        (rf"^#{{1,6}}[ \t][^\n]*?(?:{_MARK}|(?<![\w@/.])@(?:fig|tab|ch)-\w)", "a mark in a heading",
         "put it into the text"),
        (r"!\[[^\[\]]*\][(\[]", "a picture in the text", "register it as a figure"),
        (r"(?<!!)\[[^\[\]]+\]\((?!(?i:https?://|mailto:)|#|term:)[^\s)]*",
         "a link that leads nowhere", "write http(s)://..., mailto:..., #anchor or term:id"),
        (rf"\[[^\[\]\n]*(?:{_MARK}|(?<![\w@/.])@(?:fig|tab|ch)-\w)[^\[\]\n]*\]\(|\]\([^\s()]+[ \t]+[\"'(]",
         "a link that holds a mark or a title", "write [words](address), and the mark after it"),
        (r"^ {0,3}\*?\[[^\[\]]+\]:", "an address or a word that is explained apart", "write [words](address)"),
        (r"^ {0,3}(?::::|!!! |> ?\[!)|\S\n {0,3}:[ \t]", "a definition or a box, which neither format has",
         "write a paragraph or a list"),
        (r"<!--(?!(?s:.)*?-->)", "a comment without an end", "end it with -->"),
        (r"&(?:[A-Za-z]+|#\d+|#[xX][0-9A-Fa-f]+);", "an entity, which is printed as it stands",
         "write the character itself"),
        (r"\$\$|(?<![\w\\])\$(?=[A-Za-z\\])[^$\n]*\$", "a formula, which neither format sets", "say it in words"),
        (r"~~[^~\n]+~~", "words struck out, which the page cannot set", "remove them"),
        (r"\[\^[^\[\]]+\]|\^\[", "a footnote, which neither format has", "cite as [@source-id], or say it in the text"),
        (r"^(?![#>|*-])(?=[^\n]*\S)[^\n|]*(?:\|[^\n|]*)?\n {0,3}(?:=+|-+)[ \t]*$",
         "a heading that is underlined", "write ## Title"),
        (r"^(?! {0,3}\|)(?=[^\n]*\S)[^\n]*\n {0,3}\|[^\n]*\n {0,3}\|[ :|-]+$",
         "a table that touches the text before it", "put an empty line before the table"),
        (r"\*\*[^*\n]+[\u3001\u3002\u300d\u300f\uff09]\*\*(?=[\u3040-\u30ff\u3400-\u9fff])",
         "emphasis that does not end before Japanese or Chinese", "put the mark outside of the stars"),
    )
)  # fmt: skip
"""What cannot be set on page and paper alike: pattern, what it is, and the mend."""


def named(text: str, *kinds: str) -> list[str]:
    """Return the names of these kinds in a text, in order; code names nothing.

    A kind is `source`, `search`, `row`, `term` or `anchor`, or `fig`, `tab` or `ch`: what a reference leads to.
    """
    return [name for kind, name in _named(text) if kind in kinds]


@lru_cache(maxsize=4096)  # every check asks again
def _named(text: str) -> list[tuple[str, str]]:
    found = []
    for match in (match for code, part in parts(text) if not code for match in INLINE.finditer(part)):
        for sources, row, searches in MARK.findall(match["marks"] or ""):
            found += [("row", row)] if row else []
            found += [("source" if sources else "search", one) for one in cluster(sources or searches)]
        found += [(match["ref"], match["key"])] if match["ref"] else []
        found += [(kind, match[kind]) for kind in ("term", "anchor") if match[kind]]
    return found


def cluster(text: str) -> list[str]:
    """Return the source ids of a citation's inside: ``a; @b``."""
    return [one for part in text.split(";") if (one := part.strip().lstrip("@?"))]


def unnamed(text: str) -> str:
    """Return a text without its citations, labels and references; words that are linked stay."""
    return INLINE.sub(lambda match: match["text"] or match["words"] or " ", text)


def refused(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a cell holds that page and paper cannot set alike: the text, what it is, and the mend."""
    for pattern, what, mend in REFUSED:
        yield from ((match[0].strip(), what, mend) for match in outside(text, pattern))
    for code in CODE.finditer(text):
        if code["fence"] and not re.search(r"\n {0,3}[`~]{3,}[ \t]*$", code[0]):
            yield code["fence"], "code without an end", "end it with the same marks"
    tables = list(outside(text, _TABLE))
    for table in tables:
        head, *rows = (re.sub(r"^\||\|$", "", line.strip()) for line in table[0].splitlines())
        for row in rows:
            if len(bars := re.findall(r"(?<!\\)\|", row)) != len(re.findall(r"(?<!\\)\|", head)):
                yield row, f"a row of {len(bars) + 1} cells, not as many as its head", "give each cell its place"
    for line in outside(text, _ROW):
        if not any(table.start() <= line.start() < table.end() for table in tables):
            yield line[0].strip(), "a row without a head and a line of dashes", "write them above, or remove the bars"
        yield from (
            (code[0], "a bar in code in a table", "write it without the bar")
            for code in CODE.finditer(line[0])
            if "|" in code[0]
        )


def headings(text: str) -> list[re.Match[str]]:
    """Return the headings of a text: matches of `HEADING` that do not stand in code."""
    return list(outside(text, HEADING))


def paragraphs(source: str) -> list[str]:
    """Split a Markdown cell into paragraphs and list items; headings and comments are left out."""
    found = []
    for block in re.split(r"\n\s*\n", source):
        lines = [line for line in block.splitlines() if not re.match(r"#{1,6} |<!--.*-->\s*$", line)]
        text = "\n".join(lines).strip()
        items = re.split(r"(?m)^\s*(?:[-*]|\d+\.)\s+", text)
        found += [item.strip() for item in items if item.strip()]
    return found


def sentences(text: str) -> list[str]:
    """Split a paragraph into sentences, each with the citations that stand in it."""
    return [part for part in _SENTENCE_END.split(" ".join(text.split())) if part]


def sentence_with(text: str, mark: str) -> str:
    """Return the sentence of a paragraph in which `mark` stands."""
    return next((sentence for sentence in sentences(text) if mark in sentence), " ".join(text.split()))


def outside(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that do not begin in code."""
    spans: list[tuple[int, int]] | None = None
    for match in pattern.finditer(text):
        spans = [code.span() for code in CODE.finditer(text)] if spans is None else spans
        if not any(start <= match.start() < stop for start, stop in spans):
            yield match


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return text with a change made everywhere but in code spans and code blocks."""
    return "".join(part if code else change(part) for code, part in parts(text))


def parts(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a text in order, each with whether it is code."""
    place = 0
    for match in CODE.finditer(text):
        yield from ((False, text[place : match.start()]), (True, match[0]))
        place = match.end()
    yield False, text[place:]


def slug(text: str) -> str:
    """Return text as a plain anchor: lower case, ASCII, hyphens."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-") or "section"


def ids_of(value: Any) -> list[str]:
    """Return ids from a list, or from text joined with semicolons."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    return list(value or [])


def token(kind: str, payload: object) -> str:
    """Return the inline token of a kind and payload."""
    return f"{START}{kind}:{payload}{END}"


def split_tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, payload) in order; plain text between tokens has the kind "text"."""
    place = 0
    for match in TOKEN.finditer(text):
        if match.start() > place:
            yield "text", text[place : match.start()]
        yield match[1], match[2]
        place = match.end()
    if place < len(text):
        yield "text", text[place:]


def plain(text: str) -> str:
    """Return text as words alone: tokens, tags and the commonest Markdown marks taken out."""
    words = TOKEN.sub(lambda m: m[2].partition("|")[2] if m[1] == "term" else "", text)
    words = re.sub(r"<[^<>]*>|[*`]", "", words)
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).split())


def clean(value: Any) -> Any:
    """Return data without the two characters that mark tokens, so that no cell of a table can forge one."""
    if isinstance(value, str):
        return value.replace(START, "\ufffd").replace(END, "\ufffd")
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    return value


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


def by_language(text: str) -> list[tuple[str, str]]:
    """Return the parts of a text, each with the language that it is in where that is not the report's own.

    Kana are Japanese; Chinese signs alone are Chinese, but Japanese where the report says so: in a text that has none
    of the words that it names (`han` in ``report.toml``).
    """
    chinese_by, parts, place = PROJECT.told.get("han", {}).get("chinese_by", [""]), [], 0
    for found in EAST_ASIAN.finditer(text):
        kana = re.search(r"[\u3040-\u30ff]", found[0])
        chinese = not kana and any(re.search(rf"\b{re.escape(word)}", text) for word in chinese_by)
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
