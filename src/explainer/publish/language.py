"""The words of page and paper, which a translation says in another language: it is a file and not a fork.

Words stand as `_("...")` in Python, in the page's templates and in its script, as `N_("...")` in tables, and as
`word("...")` in the Typst template. Babel extracts them (`tool.babel` in `pyproject.toml`). A translation is
`locale/<language>/LC_MESSAGES/explainer.po`; no step of compiling is needed.
"""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel import Locale, UnknownLocaleError
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from explainer.project import PACKAGE

LOCALE = PACKAGE / "locale"
SOURCE_LANGUAGE = "en"

_spoken: ContextVar[tuple[str, gettext.NullTranslations]] = ContextVar(
    "spoken", default=(SOURCE_LANGUAGE, gettext.NullTranslations())
)


def _(text: str) -> str:
    """Return a word of the interface in the language that is spoken."""
    return _spoken.get()[1].gettext(text) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """Return words that go with a number in the language that is spoken."""
    return _spoken.get()[1].ngettext(one, many, count)


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


def translated(source: str) -> dict[str, str]:
    """Return the words of a script, or of a Typst template, that the language that is spoken says otherwise."""
    found = extract("javascript", io.BytesIO(source.encode()), {"_": None, "word": None})
    return {words: said for _line, words, *_rest in found if isinstance(words, str) and (said := _(words)) != words}
