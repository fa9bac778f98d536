"""Numbers and dates as the report prints them, and as its sentences are read for them."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

from explainer.text.dialect import unnamed

MINUS = "\u2212"
NUMBER = re.compile(rf"[{MINUS}-]?\d[\d,]*(?:\.\d+)?")
NUMBER_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
"""Numbers that a sentence prints as words, from nought upwards."""
OTHER_WORDS = {0: ("zero", "none", "nothing"), 1: ("once", "a", "single"), 2: ("twice", "both")}
"""Other words for some of them."""

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NOT_NUMBERS = (
    r"<!--.*?-->",
    r"`[^`]*`",
    r"\]\([^)]*\)",
    r"<span[^>]*>.*?</span>",
    r"[\u201c\"][^\u201d\"]*[\u201d\"]",
    rf"\b\d{{1,2}}(?:(?: and |, | to |\u2013|-)\d{{1,2}})* {_MONTH}\b",
    rf"\b{_MONTH} \d{{1,2}}\b",
    r"\b(?:1[89]|20)\d\d(?:[\u2013/-]\d{2,4})?s?\b",
    r"\b[A-Za-z]+[-\u2011]?\d+[A-Za-z]*\b",
    r"\b(?:Articles?|Art\.|Resolution|S\.Res\.|Section|chapters?|No\.|question|paragraphs?|rung|level|codes?"
    r"|axis from)"
    r" \d[\d.,\u2013-]*"
    r"(?:(?:, | and | to | or )\d[\d.\u2013-]*)*",
    r"\b\d+(?:st|nd|rd|th)\b",
    r"(?m)^\s*\d+\.\s",
    r"\b\d+-\d+-\d+\b",
    r"\bG\d+\b",
    r"\b9[059] per cent (?:intervals?|margins?)\b",
    r"\d{1,2}:\d\d",
)


NEWEST = re.compile(
    r"\b(?:ends? (?:on|with)|last|latest|newest|most recent|up to|reach(?:es)?)\b[^.;]{0,40}?"
    rf"(?P<after>\b\d{{1,2}} {_MONTH} \d{{4}})|(?P<before>\b\d{{1,2}} {_MONTH} \d{{4}}) is the (?:last|newest|latest)\b"
)
"""A day of which a sentence says that nothing newer is known."""


def number(value: float, decimals: int = 0) -> str:
    """Write a number for reading: thousands separators, halves rounded away from zero, a true minus sign."""
    quantum = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(quantum, ROUND_HALF_UP)
    rounded = abs(rounded) if rounded == 0 else rounded
    return f"{rounded:,}".replace("-", MINUS)


def per_cent(value: float, decimals: int = 0) -> str:
    """Write a share for charts and tables, such as ``45%``."""
    return number(value, decimals) + "%"


def day(value: dt.date | str, year: bool = True) -> str:
    """Write a day as the prose does: ``26 January 2026``."""
    value = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{value.day} {value:%B}" + (f" {value.year}" if year else "")


def period(text: str) -> str:
    """Write YYYY, YYYY-MM or YYYY-MM-DD for reading."""
    if len(text) == 10:
        return day(text)
    return f"{dt.date.fromisoformat(text + '-01'):%B %Y}" if len(text) == 7 else text


def in_words(value: int) -> str:
    """Write a whole number below ten as a word, and others in figures."""
    return NUMBER_WORDS[value] if 0 <= value < 10 else number(value)


def out_of(part: int, whole: int) -> str:
    """Write how many of all, as ``five of 12``."""
    return f"{in_words(part)} of {in_words(whole)}"


def short(text: str) -> str:
    """Write YYYY, YYYY-MM or YYYY-MM-DD as tables do: ``2026``, ``Jan 2026``, ``26 Jan 2026``."""
    return re.sub(r"([A-Z][a-z]{2})[a-z]* ", r"\1 ", period(text))


def capital(text: str) -> str:
    """Return words as a sentence begins."""
    return text[:1].upper() + text[1:]


def numbers_in(text: str) -> list[str]:
    """Numbers that a paragraph states: not dates, years, names, articles, quotations or addresses."""
    text = unnamed(text)
    for pattern in _NOT_NUMBERS:
        text = re.sub(pattern, " ", text)
    return [match.rstrip(",") for match in NUMBER.findall(text)]


def normal(number: str) -> str:
    """Return a number without separators and sign, so that two ways of writing it compare."""
    return number.replace(",", "").replace("\u2212", "").lstrip("-")


def printed_numbers(text: str) -> set[str]:
    """Every number that a text prints, in figures or as a word."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    found = {str(n) for n, word in enumerate(NUMBER_WORDS) if words & {word, *OTHER_WORDS.get(n, ())}}
    return found | {normal(number.rstrip(",")) for number in NUMBER.findall(text)}


def trillions(billions: float) -> str:
    """Write billions as trillions: two decimals below one, one from there on, and nothing as 0."""
    if billions == 0:
        return "0"
    return f"{billions / 1000:.2f}" if abs(billions) < 995 else f"{billions / 1000:.1f}"


def length_words(low: float, high: float) -> str:
    """Write a span of months: in months below two years, in years from there on."""
    a, b, unit = str(round(low)), str(round(high)), "months"
    if high >= 24:
        a, b = (f"{x / 12:.1f}".removesuffix(".0") for x in (low, high))
        unit = "years"
    span = b if a == b else f"up to {b}" if a == "0" else f"{a}\u2013{b}"
    return f"{span} {unit}"
