"""The guard that keeps a sentence to its number."""

import re

from explainer.text.wording import MINUS, NUMBER, number

PASSED = "checked: "
"""Begins what a guard prints when it has passed."""


class GuardError(AssertionError):
    """A sentence prints a number that the evidence no longer gives."""


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
        if not re.search(rf"(?<!\d)(?<!\d[.,]){re.escape(shown)}(?!\d|[.,]\d)", value) or not shown.strip():
            raise GuardError(f"{claim}: the sentence says {shown!r}, the evidence {value!r}. Mend the sentence.")
    elif not (found := NUMBER.search(shown)):
        raise GuardError(f"{claim}: {shown!r} holds no number to compare. Mend the guard.")
    else:
        text = found[0]
        now = number(float(value), len(text.partition(".")[2]))
        if now.replace(",", "") != text.replace("-", MINUS).replace(",", ""):
            raise GuardError(f"{claim}: the sentence says {shown!r}, the evidence gives {now}. Mend the sentence.")
    print(f"{PASSED}{claim}: {shown}")
