"""What every chapter begins with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from alliance import Gallery
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import value
from explainer.text.guard import guard


def opened(key: str, as_of: str) -> tuple[Evidence, Callable[..., None], Callable[..., None], Callable[..., float]]:
    """Return what `explainer.chapter` says."""
    evidence = Evidence.load(as_of)
    return evidence, Gallery(evidence, key).show, guard, partial(value, evidence)
