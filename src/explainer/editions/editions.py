"""The editions that are published, and the one that a command line asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from explainer.evidence.problems import AskedError, Problem, nearest
from explainer.project import FILE, PROJECT

LATEST = "latest"


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
    """Read the editions in order of their days."""
    editions = [Edition(name, **values) for name, values in PROJECT.told["editions"].items()]
    return {e.name: e for e in sorted(editions, key=lambda e: (e.as_of, e.name))}


def find_edition(name: str) -> Edition:
    """Return one edition by name, or raise an AskedError that names the nearest."""
    editions = read_editions()
    if name not in editions:
        mend = f"{nearest(name, editions)}use one of: {', '.join(editions)}"
        raise AskedError(Problem(FILE, 0, "editions", name, "no such edition", mend))
    return editions[name]
