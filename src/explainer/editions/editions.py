"""The editions that are published, and the one that a command line asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from explainer.evidence.problems import Refusal, nearest
from explainer.project import FILE, PROJECT

LATEST = "latest"


class EditionError(Refusal, ValueError):
    """What the report's file says of its editions, or the edition asked for, is not as it should be."""

    status = 2


@dataclass(frozen=True)
class Edition:
    """One edition: its name, its day, its parameters, and the language of page and paper (see `publish.language`)."""

    name: str
    title: str
    as_of: dt.date
    about: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"

    @property
    def values(self) -> dict[str, Any]:
        """All parameters of the edition, the day among them."""
        return {"as_of": self.as_of.isoformat(), **self.parameters}


def read_editions() -> dict[str, Edition]:
    """Read the editions in order of their days.

    Raises
    ------
    EditionError
        When an edition lacks its title or day.
    """
    editions = [_edition(name, values) for name, values in PROJECT.told.get("editions", {}).items()]
    return {e.name: e for e in sorted(editions, key=lambda e: (e.as_of, e.name))}


def _edition(name: str, values: Mapping[str, Any]) -> Edition:
    if not isinstance(values, Mapping) or not isinstance(values.get("as_of"), dt.date) or not values.get("title"):
        raise EditionError(f'{FILE} [editions.{name}]: needs title = "..." and as_of = YYYY-MM-DD (a day, unquoted).')
    about, parameters = values.get("about", ""), values.get("parameters", {})
    return Edition(name, values["title"], values["as_of"], about, parameters, values.get("language", "en"))


def find_edition(name: str) -> Edition:
    """Return one edition by name, or raise an EditionError that names the nearest."""
    editions = read_editions()
    if name not in editions:
        raise EditionError(f"{FILE}: no edition {name!r}. {nearest(name, editions)}Use one of: {', '.join(editions)}.")
    return editions[name]
