"""Numbers and dates as the report prints them, and the guard that keeps a sentence to its number."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\u2212"
_NUMBER = re.compile(rf"[{MINUS}-]?\d[\d,]*(?:\.\d+)?")


class GuardError(AssertionError):
    """A sentence prints a number that the evidence no longer gives."""


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


def guard(claim: str, value: float | int | str, shown: str) -> None:
    """Fail when the number that a sentence prints is not the one that the evidence gives.

    Parameters
    ----------
    claim : str
        What the sentence says, in a few words; named in the error.
    value : float, int or str
        The number, recomputed, in the unit of `shown`; or the words of a row, which must contain `shown`.
    shown : str
        The number as the sentence prints it, such as ``"45 per cent"``. The value is rounded to its precision.

    Raises
    ------
    GuardError
        When the two differ.
    """
    if isinstance(value, str):
        if shown not in value:
            raise GuardError(f"{claim}: the sentence says {shown!r}, the evidence {value!r}. Mend the sentence.")
    else:
        found = _NUMBER.search(shown)
        if not found:
            raise GuardError(f"{claim}: {shown!r} holds no number to compare. Mend the guard.")
        text = found.group()
        decimals = len(text.partition(".")[2])
        now = number(float(value), decimals)
        if now.replace(",", "") != text.replace("-", MINUS).replace(",", ""):
            raise GuardError(f"{claim}: the sentence says {shown!r}, the evidence gives {now}. Mend the sentence.")
    print(f"checked: {claim}: {shown}")
