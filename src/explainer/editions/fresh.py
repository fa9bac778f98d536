"""Tells whether an edition stands as it was built, from hashes alone: nothing else of the package is imported."""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from explainer.project import CACHE, DATA, FILE, JOURNAL, LOCK, NOTEBOOKS, PROJECT
from explainer.store import write_whole

FORM = 4
"""Raised when what the build keeps changes its form."""
UNCHANGED = "nothing that it is made from has changed"

Row = tuple[str, str, dict[str, tuple[bool, str]]]
"""An edition, its folder, and for each part whether it was made and why."""


def hashed(content: bytes) -> str:
    """Return a short hash."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def file_hash(path: Path) -> str:
    """Return the hash of a file; empty when it is not there."""
    try:
        return hashed(path.read_bytes()) if path.is_file() else ""
    except OSError:
        return ""


def source_hash(path: Path) -> str:
    """Return the hash of what an author wrote in a notebook; its outputs do not count."""
    try:
        nb = json.loads(path.read_bytes() if path.is_file() else b"")
        cells = [[c.get("id"), c["cell_type"], c["source"], c["metadata"].get("tags")] for c in nb["cells"]]
        return hashed(json.dumps([cells, nb["metadata"].get("kernelspec")]).encode())
    except (ValueError, KeyError, TypeError, OSError, AttributeError, RecursionError):
        return ""  # the build says what is wrong with it


def inputs() -> dict[str, str]:
    """Return the hash of everything that any edition is made from."""
    code = (p for f in PROJECT.packages.values() for p in f.rglob("*") if p.is_file() and p.suffix != ".pyc")
    files = sorted([*code, *DATA.glob("*.csv"), *DATA.glob("*.yaml"), PROJECT.root / FILE, LOCK])
    chapters = sorted(p for name in ("", "briefs/", "earlier/") for p in NOTEBOOKS.glob(f"{name}[0-9][0-9]-*.ipynb"))
    found = {str(path): file_hash(path) for path in files} | {str(path): source_hash(path) for path in chapters}
    return found | {"python": platform.python_version(), "form": str(FORM)}


def _outputs(written: Iterable[str]) -> dict[str, str]:
    """Return the hash of every file of some files and folders."""
    files = (p for place in map(Path, written) for p in (place.rglob("*") if place.is_dir() else [place]))
    return {str(path): file_hash(path) for path in files if not path.is_dir()}


def _note(question: Any) -> Path:
    return CACHE / "requests" / f"{hashed(json.dumps(question).encode())}.json"


def standing(question: Any, now: Mapping[str, str]) -> list[Row] | None:
    """Return what the same command line made when everything was as it is now, if all of it stands; else None."""
    try:
        kept = json.loads(_note(question).read_bytes())
    except (OSError, ValueError):
        return None
    if JOURNAL.exists() or kept["inputs"] != now or kept["outputs"] != _outputs(kept["written"]):
        return None
    return [(name, folder, {key: (False, UNCHANGED) for key in parts}) for name, folder, parts in kept["rows"]]


def remember(question: Any, now: Mapping[str, str], rows: Iterable[Row], written: Iterable[Path]) -> None:
    """Keep what a command line made, so that it need not be understood again."""
    places = list(map(str, written))
    kept = {"inputs": now, "rows": list(rows), "written": places, "outputs": _outputs(places)}
    write_whole(_note(question), json.dumps(kept).encode())


def state_file(edition: str) -> Path:
    """Return where is kept what each part of an edition was made from in its last build."""
    return CACHE / "editions" / f"{edition}.json"


def read_state(edition: str) -> dict[str, Any]:
    """Return what each part of an edition was made from in its last build; empty when it cannot be read."""
    try:
        return json.loads(state_file(edition).read_bytes())
    except (OSError, ValueError):
        return {}
