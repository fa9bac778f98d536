"""Drawings kept by what they show: a build draws again only what looks different, or is drawn by other code."""

import contextlib
import hashlib
import os
import platform
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explainer import store as kept
from explainer.project import DRAWINGS_VARIABLE, LOCK, PROJECT

DRAWN_BY = ("explainer/exhibits", "explainer/evidence", "explainer/text", "explainer/faces.py")
"""Parts of the engine that draw; they and all of the subject count: a spare drawing costs less than a stale one."""


def kept_or_drawn(identifier: str, frame: pd.DataFrame, draw: Callable[[], dict[str, bytes]]) -> dict[str, bytes]:
    """Return an exhibit's pictures, from the build's cache where the same frame was drawn before.

    Parameters
    ----------
    identifier : str
        The exhibit's id; ids inside a drawing come from it.
    frame : DataFrame
        All that the drawing shows.
    draw : callable
        Draws the pictures.
    """
    folder = os.environ.get(DRAWINGS_VARIABLE)
    if not folder:
        return draw()
    key = hashlib.blake2b(f"{identifier} {_code()} {_content(frame)}".encode(), digest_size=16)
    place = Path(folder) / key.hexdigest()
    pictures = kept.load(place)
    if pictures is None:
        pictures = draw()
        with contextlib.suppress(OSError):  # a full or read-only disk costs time, not the build
            kept.keep(place, pictures)
    return pictures


def _content(value: Any) -> str:
    """Write a value out whole: `repr` of a long array or table leaves its middle out."""
    if isinstance(value, pd.DataFrame | pd.Series):
        return f"{value.to_csv()} {value.dtypes} {_content(value.attrs)}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {value.tolist()}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_content(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_content, value))
    return repr(value)


@cache
def _code() -> str:
    """Hash of everything that draws: the package's own part and the pinned libraries."""
    found = hashlib.blake2b(platform.python_version().encode(), digest_size=16)
    for part in (PROJECT.subject, *DRAWN_BY):
        paths = (PROJECT.file(part), *PROJECT.file(part).rglob("*"))
        for path in sorted(p for p in paths if p.is_file() and p.suffix != ".pyc"):
            found.update(PROJECT.name_of(path).encode() + b"\0" + path.read_bytes() + b"\0")
    with contextlib.suppress(OSError):  # a package without its checkout has no lock file
        found.update(LOCK.read_bytes())
    return found.hexdigest()
