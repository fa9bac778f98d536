"""Where chapters and pages are made: threads and processes of this machine, or the workers of a Dask cluster.

A chapter runs in a kernel of its own, so the thread that waits for it costs nothing. A page is worked out in a
process, forked from the same warm parent as the kernels.
"""

import concurrent.futures as cf
import contextlib
import logging
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, parent_process
from typing import Any

from explainer.problems import AskedError
from explainer.project import CACHE
from explainer.run import kernel as kernels


@dataclass(frozen=True)
class Pool:
    """Who makes chapters, who makes pages, and how many at once."""

    chapters: cf.Executor
    pages: cf.Executor
    workers: int


def cores() -> int:
    """Return how many processes may work at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def begin(dask: str | None = None) -> None:
    """Have the warm parent import what kernels and pages need while this process reads; asked twice, it starts once.

    Dask's workers, where `dask` names their scheduler, need none.
    """
    if dask and not re.search(r"\w:\d+/?$|^inproc://", dask):
        raise AskedError(f"--dask {dask!r}: no address. Mend: write it like tcp://127.0.0.1:8786.")
    if places := os.environ.get("PYTHONPATH"):  # relative ones hold for kernels too, which run in another folder
        os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, places.split(os.pathsep)))
    if not os.access(os.path.expanduser("~"), os.W_OK):  # libraries keep their settings there, and complain
        (CACHE / "home").mkdir(parents=True, exist_ok=True)
        os.environ["HOME"] = str(CACHE / "home")
    os.environ.pop("MPLBACKEND", None)  # drawings are written, not shown; a wrong name would end every chapter
    if not dask and kernels.fork_available():
        kernels.warm()


@contextmanager
def at_work(workers: int | None = None, dask: str | None = None) -> Iterator[Pool]:
    """Open a pool of workers; when something fails, what has not begun is dropped and what runs is ended.

    Parameters
    ----------
    workers : int, optional
        Chapters, and pages, that are made at once; by default as many pages as cores, and one chapter more.
    dask : str, optional
        Address of a Dask scheduler, whose workers are used instead.

    Raises
    ------
    OSError
        When Dask is not installed or no scheduler answers; says which and the mend.
    """
    begin(dask)
    kernels.begin()
    with _dask_pool(dask) if dask else _local_pool(workers) as pool:
        try:
            yield pool
        except BaseException:
            for name in ("asyncio", "papermill"):
                logging.getLogger(name).setLevel(logging.CRITICAL)  # kernels that are ended complain there
            if not dask:
                pool.chapters.shutdown(wait=False, cancel_futures=True)
                pool.pages.shutdown(wait=False, cancel_futures=True)
            kernels.end_all()
            for worker in active_children():
                worker.kill()
            raise


@contextmanager
def _local_pool(asked: int | None) -> Iterator[Pool]:
    workers = asked or cores()
    kernels_at_once = asked or workers + 1  # a kernel waits for messages a fifth of its time
    how: dict[str, Any] = {"mp_context": kernels.warm()} if kernels.fork_available() else {}
    how |= {"initializer": _begin}
    with cf.ThreadPoolExecutor(kernels_at_once) as chapters, cf.ProcessPoolExecutor(workers, **how) as pages:
        yield Pool(chapters, pages, workers)


def _begin() -> None:
    """In a worker: end with the build, however that ends; a Ctrl-C in the terminal is the build's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kernels.end_with(parent_process(), os.getppid())


@contextmanager
def _dask_pool(address: str) -> Iterator[Pool]:
    try:
        from distributed import Client
    except ImportError:
        raise OSError(0, "Dask is not installed. Mend: pip install 'explainer[dask]'", "--dask") from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        what = f"no Dask scheduler answers ({error}). Mend: start one there, or name its address"
        raise OSError(0, what, address) from None
    with contextlib.closing(client):
        executor = client.get_executor(pure=False)
        yield Pool(executor, executor, max(1, sum(client.nthreads().values())))
