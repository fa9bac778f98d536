"""Where chapters and formats are made: processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

import concurrent.futures as cf
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import Any

from explainer.run import kernel as kernels

PR_SET_PDEATHSIG = 1
PATIENCE_S = 5
Done = Callable[[Any], None]


def cores() -> int:
    """Return how many processes may work at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Work:
    """Jobs under way, each with what is to be done with its result."""

    def __init__(self, pool: cf.Executor, workers: int):
        self.pool = pool
        self.workers = workers
        self._waiting: dict[cf.Future[Any], Done] = {}

    def submit(self, then: Done, job: Callable[..., Any], *arguments: Any) -> None:
        """Have a job done, and `then` told its result, in this process."""
        self._waiting[self.pool.submit(job, *arguments)] = then

    @property
    def idle(self) -> bool:
        """Whether a worker has, or will soon have, nothing to do."""
        return len(self._waiting) <= self.workers

    def step(self) -> bool:
        """Wait until a job is done and take its result further; tell whether there was one.

        Raises
        ------
        Exception
            What a job raised.
        """
        if not self._waiting:
            return False
        for future in cf.wait(self._waiting, return_when=cf.FIRST_COMPLETED).done:
            self._waiting.pop(future)(future.result())
        return True


@contextmanager
def at_work(workers: int | None = None, dask: str | None = None) -> Iterator[Work]:
    """Open a pool of workers; when something fails, what has not begun is dropped.

    Parameters
    ----------
    workers : int, optional
        Number of local processes; as many as there are cores by default.
    dask : str, optional
        Address of a Dask scheduler, whose workers are used instead.
    """
    _absolute_python_path()
    with _dask_pool(dask) if dask else _local_pool(workers or cores()) as work:
        try:
            yield work
        except BaseException:
            work.pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _local_pool(workers: int) -> Iterator[Work]:
    how: dict[str, Any] = {}
    if kernels.fork_available():
        how = {"mp_context": get_context("fork"), "initializer": _begin, "initargs": (os.getpid(),)}
    with kernels.lent_to_forks(), cf.ProcessPoolExecutor(workers, **how) as pool:
        try:
            yield Work(pool, workers)
        except BaseException:
            _end_workers()
            raise


def _end_workers() -> None:
    """Have the workers drop what they are doing: nobody waits for it any more."""
    workers = active_children()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(PATIENCE_S)
        worker.kill()


def _begin(owner: int) -> None:
    """In a forked worker: end with the build, however that ends; a Ctrl-C in the terminal is the build's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != owner:
        os._exit(1)


def _leave(signum: int, _frame: Any) -> None:
    """Break the job off, once: on its way out it ends its kernel and removes its folders."""
    signal.signal(signum, signal.SIG_IGN)
    raise SystemExit(128 + signum)


@contextmanager
def _dask_pool(address: str) -> Iterator[Work]:
    try:
        from distributed import Client
    except ImportError:
        raise OSError(0, "Dask is not installed. Mend: pip install 'explainer[dask]'", "--dask") from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise OSError(0, f"no Dask scheduler answers ({error})", address) from None
    with contextlib.closing(client):
        yield Work(client.get_executor(pure=False), max(1, sum(client.nthreads().values())))


def _absolute_python_path() -> None:
    """Make the places where Python looks for modules hold in every folder: kernels run in that of the notebooks."""
    if places := os.environ.get("PYTHONPATH"):
        os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, places.split(os.pathsep)))
