"""Results kept by what they were made from, each with a hash by which a damaged one is found out."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

SEAL = "sha256"


def hash_of(files: Mapping[str, bytes]) -> str:
    """Return a hash of files, their names included."""
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        total.update(name.encode() + b"\0" + content + b"\0")
    return total.hexdigest()


def load(folder: Path) -> dict[str, bytes] | None:
    """Return the files of a result; None when there is none. A damaged one is dropped."""
    with contextlib.suppress(OSError, ValueError):
        paths = [p for p in folder.rglob("*") if p.is_file() and p.name != SEAL]
        files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}
        if (folder / SEAL).read_text() == hash_of(files):
            os.utime(folder)
            return files
    shutil.rmtree(folder, ignore_errors=True)
    return None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads it meanwhile finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def keep(folder: Path, files: Mapping[str, bytes]) -> None:
    """Keep a result, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
    for name, content in files.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_bytes(content)
    (fresh / SEAL).write_text(hash_of(files))
    shutil.rmtree(folder, ignore_errors=True)
    try:
        os.replace(fresh, folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(fresh, ignore_errors=True)  # another process has kept the same result meanwhile


def variants(folder: Path) -> Iterator[Path]:
    """Yield the results under a key, the newest first: they differ in what they read."""
    if folder.is_dir():
        yield from sorted((p for p in folder.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)


def prune(folder: Path, count: int) -> None:
    """Drop the results that were not used for the longest time, all but so many."""
    for path in sorted((p.parent for p in folder.rglob(SEAL)), key=lambda p: p.stat().st_mtime)[:-count]:
        shutil.rmtree(path, ignore_errors=True)
