"""What a value of the evidence must look like: days, periods, numbers, addresses, quotations, lists."""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

QUOTE_WORDS = 25
QUOTE_CHARACTERS = 90  # for scripts written without spaces
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""No day of a report lies outside these years: one that does is a slip of the pen."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffd\U000e0100-\U000e01ef]"
)
_ADDRESS = re.compile(r"https?://(%[0-9A-Fa-f]{2}|[^\s<>\"\\%])+")
_HOST = re.compile(r"([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.|$))+")
MARKS_AT_MOST = 4  # combining marks on one letter; no language needs more


def is_day(text: str) -> bool:
    """Tell whether `text` is a calendar day written YYYY-MM-DD, in a year that a report may speak of."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and FIRST_YEAR <= day.year <= LAST_YEAR


def is_period(text: str) -> bool:
    """Tell whether `text` is a year, a month or a day (YYYY, YYYY-MM, YYYY-MM-DD)."""
    return len(text) in (4, 7, 10) and is_day((text + "-01-01")[:10])


def period_start(period: str) -> str:
    """First day of a year, month or day; empty for an empty text."""
    return (period + "-01-01")[:10] if period else ""


def period_end(period: str) -> str:
    """Last day of a year, month or day; empty for an empty text."""
    if len(period) == 7:
        return f"{period}-{calendar.monthrange(int(period[:4]), int(period[5:]))[1]}"
    return f"{period}-12-31" if len(period) == 4 else period


def fits_quotation(text: str) -> bool:
    """Tell whether a quotation keeps to the house limit: 25 words; 90 characters of a script without spaces.

    Words tied by hyphens count one by one, but for a compound of two.
    """
    if _UNSPACED.search(text):
        return len(text) <= QUOTE_CHARACTERS
    tied = (len(re.findall(r"[^\W_][^\W_'\u2019.]*", word)) for word in re.split(r"[\s\u2013\u2014/]+", text))
    return sum(n if n > 2 else min(n, 1) for n in tied) <= QUOTE_WORDS


def is_clean(text: str) -> bool:
    """Tell whether `text` is free of control, invisible and reordering characters and of white space at its ends."""
    return text == text.strip() and not stray(text)


def stray(text: str) -> str:
    """Return the first character of a text that is invisible, reorders, or is one mark too many; empty for none."""
    if text.isprintable() and (text.isascii() or not (_BLANK.search(text) or _piled(text))):
        return ""
    return next((c for c in text if is_hidden(c)), _piled(text))


def is_hidden(letter: str) -> bool:
    """Tell whether a character has no shape, or none that everybody agrees on; white space of any width is none."""
    unseen = not letter.isprintable() and unicodedata.category(letter) != "Zs"
    return unseen or _BLANK.match(letter) is not None


def _piled(text: str) -> str:
    marks = 0
    for letter in text if any(map(unicodedata.combining, text)) else "":
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > MARKS_AT_MOST:
            return letter
    return ""


def is_address(text: str) -> bool:
    """Tell whether a browser can open `text`: http(s), a host of whole names or numbers, a port that there is."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        if "[" in parts.netloc or host[-1:].isdigit():
            ip_address(host)
        elif not host.isascii():
            host = host.encode("idna").decode()
    except ValueError:
        return False
    named = ":" in host or _HOST.fullmatch(host) is not None
    return named and port != 0 and "@" not in parts.netloc and _ADDRESS.fullmatch(text) is not None


def list_items(text: str) -> list[str]:
    """Split a ``;`` list into its items; an empty text is an empty list."""
    if ";" not in text:
        return [text.strip()] if text else []
    return [item.strip() for item in text.split(";")]


@dataclass(frozen=True)
class Kind:
    """What a text must look like: a test for one that is not empty, what fails it is not, and the mend."""

    fits: Callable[[Any], bool]
    wrong: str
    mend: str


def matching(pattern: str, wrong: str, mend: str) -> Kind:
    """Return what a text is that has a form, as a regular expression of ASCII."""
    fits = re.compile(pattern, re.ASCII).fullmatch
    return Kind(lambda value: isinstance(value, str) and fits(value) is not None, wrong, mend)


_YEARS = f"in a year from {FIRST_YEAR} to {LAST_YEAR}"
_PLAIN = "write a plain decimal number of at most 15 digits, no separators, minus as '-'"
_UNSEEN = "remove control and invisible characters and white space at the ends"
_SHORT = f"shorten the quotation to {QUOTE_WORDS} words ({QUOTE_CHARACTERS} characters in Chinese or Japanese)"
_AS = "does not read as"
KINDS = {
    "text": Kind(is_clean, "holds white space at an end, a pile of marks or a character that cannot be seen", _UNSEEN),
    "id": matching("[A-Za-z0-9][A-Za-z0-9._-]*", f"{_AS} an identifier", "use letters, digits, '.', '_' and '-' only"),
    "day": Kind(is_day, f"{_AS} a day", f"write an existing day as YYYY-MM-DD, {_YEARS}"),
    "period": Kind(is_period, f"{_AS} a period", f"write YYYY, YYYY-MM or YYYY-MM-DD, {_YEARS}"),
    "number": matching(r"-?\d{1,15}(\.\d{1,15})?", f"{_AS} a number", _PLAIN),
    "integer": matching(r"-?\d{1,15}", f"{_AS} a whole number", "write a whole number"),
    "url": Kind(is_address, f"{_AS} an address", "write a full http(s) address that a browser opens"),
    "lang": matching("[a-z]{2,3}(-[A-Za-z]+)?", f"{_AS} a language code", "write a language code such as en, ja or zh"),
    "quotation": Kind(fits_quotation, "is too long for a quotation", _SHORT),
}
