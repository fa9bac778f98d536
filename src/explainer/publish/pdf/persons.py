"""Where the report names a person: what the index of the printed report is made from.

A family name alone counts only where it can mean one person: as soon as the report names another of that family, the
full name is needed. Better a page too few than a page of somebody else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass

_BESIDE_NAMES = """
President Minister Governor Ambassador Secretary Chairman Chairwoman Chair Leader Mr Ms Mrs Dr Senator Admiral General
Representative Speaker Premier Spokesman Spokeswoman Spokesperson Professor Founder Candidate Presidents In On By When
After Before If But And The That For With Both As Asked While Since Had Under At To Of Between Where Neither Only
Whether Then Also Answering
January February March April May June July August September October November December
"""
TITLES = frozenset(_BESIDE_NAMES.split())
"""Capitalised words that may stand before a family name without being a given name."""
_WORD = r"[A-Z][\w’'-]*"


@dataclass(frozen=True)
class Person:
    """A person as the index prints them, and the pattern of their name in the text."""

    id: str
    shown: str
    pattern: re.Pattern[str]


def index(persons: Iterable[dict[str, str]], texts: Iterable[str], beside: Iterable[str] = ()) -> list[Person]:
    """Return the persons that can be told apart in the texts.

    Parameters
    ----------
    persons
        With `family`, `given` (may be empty) and `order`, as the manifest has them.
    texts
        Everything in which names are looked for.
    beside
        Further capitalised words that may stand before a family name without being a given name.
    """
    text = "\n".join(texts)
    known = [_person(one, text, TITLES | set(beside)) for one in persons]
    return [one for one in known if one and one.pattern.search(text)]


def _person(one: dict[str, str], text: str, beside: Set[str]) -> Person | None:
    family, family_first = one["family"], one["order"] == "family first"
    others = Counter(_given_names(family, text, beside, family_first=family_first))
    given = one["given"] or (next(iter(others)) if len(others) == 1 else "")
    if not one["given"] and len(others) > 1:
        return None
    full = f"{family} {given}" if family_first else f"{given} {family}"
    alone = rf"\b{re.escape(family)}\b"
    unique = not set(others) - {given, *given.split()}
    pattern = alone if unique else rf"\b{re.escape(full)}\b"
    shown = f"{family} {given}" if family_first else f"{family}, {given}"
    slug = re.sub(r"[^a-z]+", "-", f"{family} {given}".lower()).strip("-")
    return Person(slug, shown if given else family, re.compile(pattern))


def _given_names(family: str, text: str, beside: Set[str], *, family_first: bool) -> list[str]:
    """Return what stands as a given name beside each mention of a family name."""
    name = re.escape(family)
    if family_first:
        found = re.findall(rf"\b{name} ({_WORD})", text)
    else:  # looked for from the family name: a pattern that began with any name would be tried at every word
        ends = (mention.start() for mention in re.finditer(rf"(?<= ){name}\b", text))
        found = [word[1] for end in ends if (word := re.search(rf"\b({_WORD}) \Z", text[max(0, end - 60) : end]))]
    return [word for word in found if word not in beside and not word.isupper() and not word.endswith(("’s", "'s"))]


def named(people: Iterable[Person], text: str) -> list[Person]:
    """Return the persons whom a text names."""
    return [one for one in people if one.pattern.search(text)]
