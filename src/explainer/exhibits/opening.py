"""What every chapter begins with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from explainer.evidence.evidence import Evidence
from explainer.exhibits.kit import Gallery
from explainer.exhibits.lookups import value
from explainer.exhibits.subject import exhibits
from explainer.text.guard import guard


def opened(key: str, as_of: str) -> tuple[Evidence, Callable[..., None], Callable[..., None], Callable[..., float]]:
    """Return what `explainer.chapter` says."""
    exhibits()
    evidence = Evidence.load(as_of)
    return evidence, Gallery(evidence, key).show, guard, partial(value, evidence)
