"""The words of page and paper: one catalogue, so that a translation is a file and not a fork.

`locale/explainer.pot` holds every word that the formats add to the prose. A translation is
`locale/<language>/LC_MESSAGES/explainer.po`; no step of compiling is needed. Words stand in three places: in Python as
`_("...")`, in the page's templates and script as they are (they are translated when they are loaded), in the Typst
template as `word("...")`.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2.ext import Extension

from explainer.project import PACKAGE

LOCALE = PACKAGE / "locale"
CATALOGUE = LOCALE / "explainer.pot"
SOURCE_LANGUAGE = "en"

_EXPRESSION = r"\{\{.*?\}\}"
_TAG = rf"<[!/a-zA-Z](?:{_EXPRESSION}|\{{%.*?%\}}|[^<>])*>"
_HARD = re.compile(rf"(\{{#.*?#\}}|\{{%.*?%\}}|{_TAG})", re.DOTALL)
_SOFT = re.compile(rf"({_EXPRESSION})", re.DOTALL)
_SAID = re.compile(rf'((?:aria-label|title|placeholder)=")((?:{_EXPRESSION}|[^"{{])*)(")', re.DOTALL)
_LITERAL = re.compile(r"(')([A-Z][^'<>{}]*?)( ?')")
_SCRIPT_WORDS = re.compile(r"(?<=const WORDS = \{).*?(?=\n\};)", re.DOTALL)
_SCRIPT_TEXT = re.compile(r"(\"|`)((?:(?!\1).)*[A-Za-z]{2}(?:(?!\1).)*)\1")
TYPST_WORD = re.compile(r'\bword\(\s*"([^"]+)"')
_LETTERS = re.compile(r"[A-Za-z]{2}")
_NO_WORDS = re.compile(
    r'\A\s*[a-z-]+="|\\ue010'
)  # attributes that a template sets apart, and places for the style sheet

Translate = Callable[[str], str]
_spoken: ContextVar[tuple[str, gettext.NullTranslations]] = ContextVar(
    "spoken", default=(SOURCE_LANGUAGE, gettext.NullTranslations())
)


def _(text: str) -> str:
    """Return a word of the interface in the language that is spoken."""
    return _spoken.get()[1].gettext(text) if text else text


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return _spoken.get()[0]


def _locale() -> Locale:
    try:
        return Locale.parse(spoken(), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE)


def month_name(month: int) -> str:
    """Return the name of a month (1 to 12) in the language that is spoken."""
    return _locale().months["format"]["wide"][month]


def language_name(code: str) -> str:
    """Return the name of a language in the language that is spoken; an unknown one is its code."""
    return _locale().languages.get("fil" if code == "tl" else code, code)


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Speak a language for a while; an unknown one is the source language.

    Parameters
    ----------
    language
        Its code, such as ``ja``; empty for the language already spoken.
    """
    if not language or language == spoken():
        yield
        return
    token = _spoken.set((language, translation(language)))
    try:
        yield
    finally:
        _spoken.reset(token)


def translation(language: str) -> gettext.NullTranslations:
    """Return the translation of a language, read from its `.po`; one that changes nothing when there is none."""
    path = LOCALE / language / "LC_MESSAGES" / "explainer.po"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=None)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


# ---- The page's templates


class Interface(Extension):
    """Translates the words of a template when it is loaded; those that stand beside data keep their places."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template in the language that is spoken."""
        if not str(filename).startswith(str(PACKAGE)) or not str(filename).endswith(".html.j2"):
            return source
        return template(source, _).replace('<html lang="en">', f'<html lang="{spoken()}">')


def template(source: str, translate: Translate) -> str:
    """Return a template with its words translated.

    What stands between two tags is one message; an expression in it is `{0}`, `{1}`.
    """
    parts = _HARD.split(source)
    for n, part in enumerate(parts):
        if n % 2 == 0:
            parts[n] = _run(part, translate)
        elif part.startswith("<"):
            parts[n] = _SAID.sub(lambda found: found[1] + _run(found[2], translate) + found[3], part)
    return "".join(parts)


def _run(text: str, translate: Translate) -> str:
    pieces = _SOFT.split(text)
    pieces[1::2] = [_LITERAL.sub(lambda found: _literal(found, translate), piece) for piece in pieces[1::2]]
    if not any(_LETTERS.search(piece) for piece in pieces[::2]) or _NO_WORDS.search(text):
        return "".join(pieces)
    whole = "".join(piece if n % 2 == 0 else f"{{{n // 2}}}" for n, piece in enumerate(pieces))
    message = " ".join(whole.split())
    said = translate(message)
    if said == message:
        return "".join(pieces)
    before, after = whole[: len(whole) - len(whole.lstrip())], whole[len(whole.rstrip()) :]
    filled = re.sub(r"\{(\d+)\}", lambda found: pieces[2 * int(found[1]) + 1], escape(said, quote=True))
    return before + filled + after


def _literal(found: re.Match[str], translate: Translate) -> str:
    return found[1] + translate(found[2]).replace("'", "’") + found[3] if _LETTERS.search(found[2]) else found[0]


def script(source: str, translate: Translate) -> str:
    """Return the page's script with the texts of its table of words translated; `${...}` in them stays."""

    def say(found: re.Match[str]) -> str:
        said = translate(found[2])
        return found[0] if said == found[2] else found[1] + said.replace(found[1], "’") + found[1]

    return _SCRIPT_WORDS.sub(lambda table: _SCRIPT_TEXT.sub(say, table[0]), source)
