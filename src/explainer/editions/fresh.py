"""Tells whether an edition stands as it was built, from hashes alone: nothing else of the package is imported."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from explainer.editions.editions import Edition
from explainer.editions.place import Place
from explainer.project import DATA, FILE, LOCK, PROJECT
from explainer.store import write_whole

FORM = 3
"""Raised when what the build keeps changes its form."""


def hashed(content: bytes) -> str:
    """Return a short hash."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def file_hash(path: Path) -> str:
    """Return the hash of a file; empty when it is not there."""
    try:
        return hashed(path.read_bytes())
    except OSError:
        return ""


def hash_files(paths: Iterable[Path]) -> dict[str, str]:
    """Return the hash of each file, by its place."""
    return {str(path): file_hash(path) for path in paths}


def stamps(paths: Iterable[Path]) -> dict[str, str]:
    """Return size and time of each file, by its place: for large ones that come with a package and are not edited."""
    stats = {str(path): path.stat() for path in paths if path.is_file()}
    return {place: f"{stat.st_size} {stat.st_mtime_ns}" for place, stat in stats.items()}


def source_hash(path: Path) -> str:
    """Return the hash of what an author wrote in a notebook; its outputs do not count."""
    try:
        nb = json.loads(path.read_bytes())
        cells = [[c.get("id"), c["cell_type"], c["source"], c["metadata"].get("tags")] for c in nb["cells"]]
        return hashed(json.dumps([cells, nb["metadata"].get("kernelspec")]).encode())
    except (ValueError, KeyError, TypeError, OSError, AttributeError, RecursionError):
        return ""  # the build says what is wrong with it


def inputs(place: Place) -> dict[str, str]:
    """Return the hash of everything that any edition is made from."""
    code = (p for f in PROJECT.packages.values() for p in f.rglob("*") if p.is_file() and p.suffix != ".pyc")
    told = PROJECT.root / FILE
    found = hash_files(sorted([*code, *DATA.glob("*.csv"), *DATA.glob("*.yaml"), told, LOCK]))
    folders = (place.notebooks / name for name in ("", "briefs", "earlier"))
    chapters = sorted(path for folder in folders for path in folder.glob("[0-9][0-9]-*.ipynb"))
    found |= {str(path): source_hash(path) for path in chapters}
    return found | {"python": platform.python_version(), "form": str(FORM)}


def outputs(pairs: Iterable[tuple[Path, Path]]) -> dict[str, str]:
    """Return the hash of every file of an edition by the place where it stands, or will: pairs of (now, then)."""
    found: dict[str, str] = {}
    for now, then in pairs:
        files = [p for p in now.rglob("*") if p.is_file()] if now.is_dir() else [now]
        hashes = zip(files, hash_files(files).values(), strict=True)
        found |= {str(then / path.relative_to(now)): digest for path, digest in hashes}
    return found


UNCHANGED = "nothing that it is made from has changed"


def standing(place: Place, question: Any, now: Mapping[str, str]) -> list[tuple[str, str, dict[str, Any]]] | None:
    """Return the editions that a command line asks for, with their folders and parts, if all stand; else None.

    The last thing that the question holds is whether the PDF is wanted.
    """
    found = []
    for edition in remembered(place, question, now):
        state = read_state(place, edition)
        if not stands(place, edition, state, now) or state["pdf"] != question[-1]:
            return None
        parts = {key: (False, UNCHANGED) for key in sorted([*state["chapters"], *state["pages"]])}
        found.append((edition.name, str(place.reports / edition.name), parts))
    return found or None


def _question_file(place: Place, question: Any, now: Mapping[str, str]) -> Path:
    return place.cache / "requests" / f"{hashed(json.dumps([question, sorted(now.items())]).encode())}.json"


def remember(place: Place, question: Any, now: Mapping[str, str], editions: Iterable[Edition]) -> None:
    """Keep which editions a command line asked for, so that it need not be understood again."""
    asked = _text({"editions": [request(edition) for edition in editions]})
    write_whole(_question_file(place, question, now), asked)


def remembered(place: Place, question: Any, now: Mapping[str, str]) -> list[Edition]:
    """Return the editions that the same command line asked for when everything was as it is now."""
    try:
        found = json.loads(_question_file(place, question, now).read_bytes())["editions"]
        return [Edition(n, t, dt.date.fromisoformat(day), about, own) for n, t, day, about, own in found]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def state_file(place: Place, edition: Edition) -> Path:
    """Return where the state of an edition's last build is kept."""
    return place.cache / "editions" / f"{edition.name}.json"


def request(edition: Edition) -> list[Any]:
    """Return what was asked for, as JSON holds it."""
    return [edition.name, edition.title, str(edition.as_of), edition.about, dict(edition.parameters)]


def read_state(place: Place, edition: Edition) -> dict[str, Any]:
    """Return the state of an edition's last build; empty when there is none that can be read."""
    try:
        state = json.loads(state_file(place, edition).read_bytes())
        return state if isinstance(state, dict) and state.pop("seal") == _seal(state) else {}
    except (OSError, ValueError, KeyError):
        return {}


def write_state(path: Path, state: Mapping[str, Any]) -> Path:
    """Write the state of a build."""
    write_whole(path, _text({**state, "seal": _seal(state)}))
    return path


def _seal(state: Mapping[str, Any]) -> str:
    return hashed(str(FORM).encode() + _text(state))


def _text(state: Mapping[str, Any]) -> bytes:
    return json.dumps(state, ensure_ascii=False, sort_keys=True).encode()


def stands(place: Place, edition: Edition, state: Mapping[str, Any], now: Mapping[str, str]) -> bool:
    """Tell whether nothing that an edition was made from has changed, and nothing of what was written."""
    if not state or state["request"] != request(edition) or place.journal.exists():
        return False
    if state["inputs"] != now or state["fonts"] != stamps(map(Path, state["fonts"])):
        return False
    folders = (place.reports / edition.name, place.figures / edition.name)
    beside = [path for path in map(Path, state["outputs"]) if not any(map(path.is_relative_to, folders))]
    return state["outputs"] == outputs((path, path) for path in (*folders, *beside))
