"""The form of ``report.toml``: whatever stands in it is input, so each value has a form and each fault its place."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from explainer.kinds import FIRST_YEAR, LAST_YEAR, Kind, is_address, is_clean, matching
from explainer.problems import Problem, nearest

FILE = "report.toml"


class Named(NamedTuple):
    """A table whose names are the author's own: the form of each name and of each value."""

    name: Kind
    value: Any
    needed: str = ""


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and is_clean(value.replace("\n", " "))


WORDS = Kind(_is_words, "is no text, or holds what cannot be seen", 'write visible words: "..."')
DAY = Kind(
    lambda value: type(value) is dt.date and FIRST_YEAR <= value.year <= LAST_YEAR,
    "is no day",
    f"write YYYY-MM-DD, unquoted and without a time, in a year from {FIRST_YEAR} to {LAST_YEAR}",
)
FORM = "does not have the form that it must have"
_SMALL = "write small letters and digits, joined by '-', a letter first: it becomes the name of a folder"
NAME = matching(r"[a-z][a-z0-9]{0,39}(-[a-z0-9]{1,40}){0,5}", "cannot name an edition", _SMALL)
KEY = matching(r"\w[\w.-]{0,79}", FORM, "write letters, digits, '.', '_' and '-' only")
PARAMETER = matching(r"(?!as_of\Z)[a-z]\w{0,79}", FORM, "name a parameter; the day is as_of of the edition itself")
MODULE = matching(r"[A-Za-z]\w*", "cannot name a package", 'name a package in src/, such as "ferry"')
PART = matching(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*(:[A-Za-z]\w*)?", FORM, 'write "package.module" or "package.module:name"')
LANGUAGE = matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", FORM, 'write a language code such as "en", "ja" or "de"')
_HOST = r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[\w.~-]+)*/"
_PLACE = matching(_HOST, FORM, 'write "https://host/folder/", with "/" at its end')
ADDRESS = replace(_PLACE, fits=lambda value: _PLACE.fits(value) and is_address(value))
SIZE = Kind(lambda value: type(value) is int and value > 0, "is no whole number from 1", "write one")
RATING = Kind(lambda value: type(value) is int and 1 <= value <= 5, "is no rating", "write 1 to 5")
VALUE = Kind(
    lambda value: (type(value) in (int, float) and abs(value) < 1e15) or _is_words(value),
    "is neither a number nor a text",
    "write one of the two",
)

EDITION = {"title!": WORDS, "as_of!": DAY, "about": WORDS, "parameters": Named(PARAMETER, VALUE), "language": LANGUAGE}
BUDGETS = ("brief", "chapter", "report", "rows", "columns", "brief_rows", "brief_columns")
REPORT: dict[str, Any] = {
    "title!": WORDS,
    "description": WORDS,
    "author": WORDS,
    "address": ADDRESS,
    "subject!": MODULE,
    "keywords": [WORDS],
    "parts": dict.fromkeys(("parameters", "preview_data", "preview_marks"), PART),
    "editions!": Named(NAME, EDITION, "latest"),
    "verdicts": Named(KEY, {"name!": WORDS, "rating": RATING}),
    "matrix": {"stances": [KEY], "questions": [KEY]},
    "counted": Named(KEY, WORDS),
    "han": {"chinese_by": [WORDS]},
    "checks": {
        "budgets": dict.fromkeys(BUDGETS, SIZE),
        "tables": Named(KEY, WORDS),
        "own_voice": Named(WORDS, WORDS),
        "counted": {"nouns": [WORDS]},
    },
}
"""What the file may say; ``!`` marks what it must."""


def problems(told: Any, form: Any = REPORT, place: str = "") -> Iterator[Problem]:
    """Yield what in the file has not the form that it must have, and what means nothing there."""
    if isinstance(form, Kind):
        if not form.fits(told):
            yield Problem(FILE, 0, place, str(told), form.wrong, form.mend)
    elif isinstance(form, list):
        if isinstance(told, list):
            for item in told:
                yield from problems(item, form[0], place)
        else:
            yield Problem(FILE, 0, place, str(told), "is no list", 'write ["...", "..."]')
    elif not isinstance(told, Mapping):
        yield Problem(FILE, 0, place, str(told), "is no table", f"write [{place}] and its lines under it")
    elif isinstance(form, Named):
        if form.needed and form.needed not in told:
            yield Problem(FILE, 0, place, "", f"has no {form.needed!r}", f"add [{place}.{form.needed}]")
        for name, value in told.items():
            below = f"{place}.{name}"
            yield from problems(name, form.name, below)
            yield from problems(value, form.value, below)
    else:
        known = {name.rstrip("!"): below for name, below in form.items()}
        for name in (n for n in known if f"{n}!" in form and n not in told):
            yield Problem(FILE, 0, place, "", f"needs {name} = ...", "add the line")
        for name, value in told.items():
            if name in known:
                yield from problems(value, known[name], f"{place}.{name}".lstrip("."))
            else:
                mend = f"{nearest(name, known)}use one of: {', '.join(known)}"
                yield Problem(FILE, 0, place, "", f"{name[:80]!r} means nothing here", mend)
