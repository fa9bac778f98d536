"""Markdown to HTML for the page: house tokens become links, and no markup of an author or of the data runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import mistune
from markupsafe import Markup, escape
from mistune.plugins.table import table

from explainer.publish.language import _

LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
"""What an address may begin with; any other link is shown as the text that it is."""

_SPAN = r'<span lang="(?P<span_lang>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)">(?P<span_text>[^<]*)</span>'
_HEADING_RULES = ("atx_heading", "setex_heading", "raw_html")

Render = Callable[[str, str, str], str]
"""Turns a token into HTML: its kind, its payload, the text in front of it."""


def is_link(address: str) -> bool:
    """Tell whether an address may be linked."""
    return bool(LINK.match(address.strip()))


class PageRenderer(mistune.HTMLRenderer):
    """HTML of the page's prose; what it does not know it prints as text."""

    def __init__(self, house: Render) -> None:
        super().__init__(escape=True)
        self.house = house

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Link to the web or into the page, nowhere else."""
        if not is_link(url):
            return f"[{text}]({escape(url)})"
        return f'<a href="{escape(url)}">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Print an image as its words: pictures come from the registry alone."""
        return str(escape(text))

    def house_token(self, kind: str, payload: str, before: str) -> str:
        """Render a token of the resolved document."""
        return self.house(kind, payload, before)

    def language(self, text: str, lang: str) -> str:
        """Mark a passage in another language."""
        return f'<span lang="{escape(lang)}">{text}</span>'

    def table(self, text: str) -> str:
        """Set a small table of the prose, which scrolls in its own box."""
        label = escape(_("Table"))
        return f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table>\n{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Give header cells their scope."""
        kind = f' class="{align}"' if align in ("right", "center") else ""
        return f'<th scope="col"{kind}>{text}</th>\n' if head else f"<td{kind}>{text}</td>\n"


def _tokens(md: mistune.Markdown) -> None:
    def parse(inline: Any, match: re.Match, state: Any) -> int:
        kind, _bar, payload = match[0][1:-1].partition(":")
        attrs = {"kind": kind, "payload": payload, "before": state.src[: match.start()]}
        state.append_token({"type": "house_token", "attrs": attrs})
        return match.end()

    # named groups: mistune joins the patterns of all rules into one
    md.inline.register("house_token", "\ue000[a-z]+:[^\ue001]*\ue001", parse, before="escape")


def _languages(md: mistune.Markdown) -> None:
    def parse(inline: Any, match: re.Match, state: Any) -> int:
        inner = state.copy()
        inner.src = match["span_text"]
        attrs = {"lang": match["span_lang"]}
        state.append_token({"type": "language", "children": inline.render(inner), "attrs": attrs})
        return match.end()

    md.inline.register("language", _SPAN, parse, before="inline_html")


def markdown(house: Render) -> Callable[[str], Markup]:
    """Return a function from Markdown to HTML.

    Headings are not read here: the page sets them from the document, so a stray one shows as text.
    """
    md = mistune.Markdown(PageRenderer(house), plugins=[table, _tokens, _languages])
    for name in _HEADING_RULES:
        md.block.rules.remove(name)
    return lambda text: Markup(md(text))


def inline(house: Render) -> Callable[[str], Markup]:
    """Return a function from one line of Markdown to HTML without a paragraph around it."""
    whole = markdown(house)
    return lambda text: Markup(re.sub(r"^<p>|</p>\n?$", "", whole(text)))
