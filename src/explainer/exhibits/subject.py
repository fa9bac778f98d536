"""The subject's exhibits: a package with a folder a topic, whose ``words.py`` registers what it shows."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

from explainer.exhibits.kit import REGISTRY, Exhibit
from explainer.project import PROJECT


def exhibits() -> dict[str, Exhibit]:
    """Return the exhibits of the report by id, its subject imported."""
    import_module(PROJECT.subject)
    return REGISTRY


def topics(package: str, folders: Iterable[str]) -> None:
    """Import the words of every topic of a subject; its package does so with its own name and path."""
    for topic in pkgutil.iter_modules(folders):
        if topic.ispkg and find_spec(name := f"{package}.{topic.name}.words"):
            import_module(name)
