"""Where the report names a person: what the index of the printed report is made from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A person as the index prints them, and the pattern of their name in the text."""

    id: str
    shown: str
    pattern: re.Pattern[str]


def index(persons: Iterable[dict[str, str]], texts: Iterable[str]) -> list[Person]:
    """Return those persons of the manifest whom the texts name, in the order of the index."""
    known = [Person(one["person_id"], one["shown"], re.compile(rf"\b{re.escape(one['named'])}\b")) for one in persons]
    return named(sorted(known, key=lambda one: one.shown.casefold()), "\n".join(texts))


def named(people: Iterable[Person], text: str) -> list[Person]:
    """Return the persons whom a text names."""
    return [one for one in people if one.pattern.search(text)]
