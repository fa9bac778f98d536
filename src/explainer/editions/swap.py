"""Puts a finished build in place of the old one, whole: a reader never meets half of each."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from explainer.evidence.problems import Refusal
from explainer.store import write_whole

AT_FDCWD = -100
RENAME_EXCHANGE = 2


class BuildBusyError(Refusal, RuntimeError):
    """Another build of the same edition is running."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of one edition; a second build of it is refused at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            raise BuildBusyError("another build of this edition is running. Mend: wait for it, or stop it.") from None
        yield


def swap_in(pairs: Sequence[tuple[Path, Path]], journal: Path) -> None:
    """Replace each target folder by its new folder.

    The journal names what is about to be swapped, so that a build killed between two folders is finished by
    `recover` before the next one starts.

    Parameters
    ----------
    pairs : sequence of (new, target)
        Folders on one file system.
    journal : Path
        Where to note them; removed at the end.
    """
    for _, target in pairs:  # a folder that refuses is found before the first is swapped
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".may-write-"):
            pass
    write_whole(journal, json.dumps([[str(new), str(target)] for new, target in pairs]).encode())
    _finish(pairs)
    journal.unlink()


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
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            (target / ".swapped").touch()
            exchange(new, target)
            shutil.rmtree(new)
        else:
            os.rename(new, target)


def exchange(first: Path, second: Path) -> None:
    """Exchange two folders in one step where the system can, else in two renames."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        code = libc.renameat2(AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE)
        if code == 0:
            return
        if ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(second))
    aside = second.with_name(second.name + ".old")
    os.rename(second, aside)
    os.rename(first, second)
    os.rename(aside, first)
