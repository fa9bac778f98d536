"""The prose's Markdown for page and paper: house tokens are set, and no markup of an author or of the data runs."""

import re
from collections.abc import Callable
from typing import Any

import mistune
from mistune.plugins.table import table

LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
"""What an address may begin with; any other link is shown as the text that it is."""

_SPAN = r'<span lang="(?P<span_lang>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)">(?P<span_text>[^<]*)</span>'

Render = Callable[[str, str, str], str]
"""Sets a token: its kind, its payload, the text in front of it."""


class Prose(mistune.HTMLRenderer):
    """What page and paper set alike; what they do not know they print as text."""

    def __init__(self, house: Render) -> None:
        super().__init__(escape=True)
        self.house = house

    def house_token(self, kind: str, payload: str, before: str) -> str:
        """Set a token of the resolved document."""
        return self.house(kind, payload, before)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Link to the web or into the report, nowhere else."""
        return self.linked(text, url) if LINK.match(url.strip()) else f"{self.text('[')}{text}{self.text(f']({url})')}"

    def linked(self, text: str, url: str) -> str:
        """Set a link that may be followed."""
        raise NotImplementedError

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Print an image as its words: pictures come from the registry alone."""
        return text


def reader(renderer: Prose) -> Callable[[str], str]:
    """Return a function that sets Markdown.

    Headings are not read here: page and paper set them from the document, so a stray one shows as text.
    """
    md = mistune.Markdown(renderer, plugins=[table, _house])
    for rules in (md.block.rules, md.block.list_rules, md.block.block_quote_rules):
        rules[:] = [name for name in rules if name not in ("atx_heading", "setex_heading", "raw_html")]
    return lambda text: str(md(text))


def _house(md: mistune.Markdown) -> None:
    """Add the rules for house tokens and for words in another language."""

    def token(inline: Any, match: re.Match, state: Any) -> int:
        kind, _bar, payload = match[0][1:-1].partition(":")
        attrs = {"kind": kind, "payload": payload, "before": state.src[: match.start()]}
        state.append_token({"type": "house_token", "attrs": attrs})
        return match.end()

    def language(inline: Any, match: re.Match, state: Any) -> int:
        inner = state.copy()
        inner.src = match["span_text"]
        attrs = {"lang": match["span_lang"]}
        state.append_token({"type": "language", "children": inline.render(inner), "attrs": attrs})
        return match.end()

    # named groups: mistune joins the patterns of all rules into one
    md.inline.register("house_token", "\ue000[a-z]+:[^\ue001]*\ue001", token, before="escape")
    md.inline.register("language", _SPAN, language, before="inline_html")
