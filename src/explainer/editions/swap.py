"""Puts a finished build in place of the old one, whole: a reader never meets half of each."""

import ctypes
import errno
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from explainer.problems import Refusal
from explainer.store import write_whole

AT_FDCWD = -100
RENAME_EXCHANGE = 2


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of one edition; a second build of it is refused at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        held = FileLock(path).acquire(blocking=False)
    except Timeout:
        raise Refusal("another build of this edition is running. Mend: wait for it, or stop it.") from None
    with held:
        yield


def swap_in(pairs: Sequence[tuple[Path, Path]], journal: Path) -> None:
    """Replace each target, a folder or a file, by its new one.

    The journal names what is about to be swapped, so that a build killed between two of them is finished by
    `recover` before the next one starts.

    Raises
    ------
    Refusal
        When the system refuses in the middle.
    """
    near: list[tuple[Path, Path]] = []
    try:
        for new, target in pairs:
            near.append((target.with_name(f".{target.name}.new"), target))
            _put_beside(new, *near[-1])
        write_whole(journal, json.dumps([[str(new), str(target)] for new, target in near]).encode())
    except BaseException:
        for new, _ in near:
            _remove(new)
        raise
    try:
        _finish(near)
    except OSError as error:
        what = f"{error.filename or 'system'}: {error.strerror or error}. Part of the edition is in place."
        mend = "mend the folder, or make room, and build again, which puts the rest in place first."
        raise Refusal(f"{what} Mend: {mend}") from None
    journal.unlink()


def _put_beside(new: Path, near: Path, target: Path) -> None:
    """Move what is new to its target's side, from whatever mount; a folder that refuses is found here."""
    if target.is_symlink() or (target.exists() and target.is_dir() != new.is_dir()):
        kind = "link" if target.is_symlink() else "folder" if target.is_dir() else "file"
        what = f"a {kind} stands where a {'folder' if new.is_dir() else 'file'} is to be put"
        raise OSError(0, f"{what}. Mend: move it away", str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove(near)
    shutil.move(new, near)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def recover(journal: Path) -> bool:
    """Finish a swap that was killed in the middle; tell whether there was one."""
    if not journal.exists():
        return False
    try:
        pairs = [(Path(new), Path(target)) for new, target in json.loads(journal.read_text())]
    except (ValueError, TypeError):
        journal.unlink()  # the note itself was torn: nothing had been swapped yet
        return False
    _finish(pairs)
    journal.unlink()
    return True


def _finish(pairs: Sequence[tuple[Path, Path]]) -> None:
    for new, target in pairs:
        done = new / ".swapped"  # left in the old folder by the exchange, so that a second pass skips the pair
        if not new.exists() or done.exists():
            shutil.rmtree(new, ignore_errors=True)
        elif new.is_file() and target.is_file() and target.read_bytes() == new.read_bytes():
            new.unlink()  # the same already stays, so that nobody is told of a change
        elif new.is_dir() and target.exists():
            (target / ".swapped").touch()
            exchange(new, target)
            shutil.rmtree(new)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(new, target)


def exchange(first: Path, second: Path) -> None:
    """Exchange two folders in one step where the system can, else in two renames."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        code = libc.renameat2(AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE)
        if code == 0:
            return
        if ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(second))
    aside = second.with_name(second.name + ".old")
    shutil.move(second, aside)  # where layers of a container forbid to rename a folder, it is copied
    os.rename(first, second)
    shutil.move(aside, first)
