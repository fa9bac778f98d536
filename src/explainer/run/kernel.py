"""Kernels that start by forking from a warm parent: the fork server of the standard library.

An ordinary kernel spends most of its start importing pandas, matplotlib and IPython. Here `multiprocessing`'s fork
server imports them once (see `explainer.run.warm`) and every kernel is a fork of it. The server runs no chapter, so
nothing of one chapter reaches the next. A kernel ends with the process that asked for it, however that ends.

Where forking is impossible or unwise, the same kernelspec starts an ordinary ipykernel.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import multiprocessing.forkserver
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from jupyter_core.paths import jupyter_runtime_dir

from explainer.project import KERNELSPECS, ROOT
from explainer.run.warm import PARENT, PATH, ROOT_VARIABLE

KERNEL_NAME = "explainer-fork"
NO_FORK = "EXPLAINER_NO_FORK"
READ_AT_START = ("PYTHON", "MPL", "LC_", "LANG", "LD_", "OMP_", "MKL_", "HOME", "EXPLAINER_NO")
"""Settings that an interpreter or a library reads once: a kernel that wants others starts the ordinary way."""
LONGEST_SOCKET_PATH = 100  # the system's limit, 108 on Linux, less a hyphen and a number
LONGEST_TEMPORARY = 75  # the same less the two names that `multiprocessing` adds for the fork server's socket

_lock = threading.Lock()
_kernels: set[Kernel] = set()
_ending = threading.Event()
_started_with: dict[str, str] | None = None


def use_kernelspecs() -> str:
    """Let Jupyter find the forking kernel in this process and its children; return the kernel's name."""
    known = [part for part in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if part]
    if str(KERNELSPECS) not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join([str(KERNELSPECS), *known])
    with _lock:  # two threads that make the first client at once would both resolve its classes, and one would fail
        _resolved()
    return KERNEL_NAME


@cache
def _resolved() -> None:
    """Have traitlets find the classes that a kernel's client names."""
    from jupyter_client.manager import AsyncKernelManager

    AsyncKernelManager().client()


def fork_available(env: dict[str, str] | None = None) -> bool:
    """Whether kernels are forked here.

    Not on macOS, whose system libraries do not survive a fork; not under a debugger or a tracer, whose hooks
    would not reach the kernel; not where the folder of temporary files lies too deep for a socket; not when
    EXPLAINER_NO_FORK is set to anything but 0, or a setting that is read at start differs from the warm parent's.
    """
    settings = dict(os.environ) if env is None else env
    return (
        hasattr(os, "fork")
        and sys.platform != "darwin"
        and sys.gettrace() is None
        and "pydevd" not in sys.modules
        and not multiprocessing.current_process().daemon  # a worker of Dask, which may have no children
        and len(tempfile.gettempdir()) <= LONGEST_TEMPORARY
        and settings.get(NO_FORK, "") in ("", "0")
        and _started_with in (None, _read_at_start(settings))
    )


def _read_at_start(settings: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in settings.items() if key.startswith(READ_AT_START)}


def warm() -> Any:
    """Start the warm parent unless it runs, without waiting for its imports; return its `multiprocessing` context."""
    global _started_with
    context = multiprocessing.get_context("forkserver")
    with _lock:
        # One BLAS thread, or the parent would hold threads, which do not survive a fork; no warning of a debugger's.
        only = {"OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1", ROOT_VARIABLE: str(ROOT)}
        before = {name: os.environ.get(name) for name in only}
        os.environ |= only
        try:
            context.set_forkserver_preload(["explainer.run.warm"])
            multiprocessing.forkserver.ensure_running()
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        _started_with = _started_with or _read_at_start(dict(os.environ))
    return context


def begin() -> None:
    """Allow kernels again after `end_all`."""
    _ending.clear()


def end_all() -> None:
    """End every kernel of this process, and begin none until `begin`: nobody waits for them any more."""
    _ending.set()
    for kernel in list(_kernels):
        kernel.kill_group()


class Kernel:
    """The part of `subprocess.Popen` that a provisioner uses, for a process of the fork server."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], env: dict[str, str], cwd: str | None):
        folder = os.path.abspath(cwd or os.curdir)
        os.stat(folder)  # a missing folder is the caller's error, as it is with Popen
        context = warm()
        self.process = context.Process(target=_be_kernel, args=(arguments, env, folder), daemon=True)
        with _lock:  # `multiprocessing` counts and cleans its children without one
            self.process.start()
        self.pid = self.process.pid
        _kernels.add(self)
        if _ending.is_set():  # it was begun while the others were ended
            self.kill_group()

    def poll(self) -> int | None:
        """Return the exit code (negative: the signal that ended it), or None while the kernel runs."""
        code = self.process.exitcode
        if code is not None:
            _kernels.discard(self)
        return code

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the kernel and return its exit code."""
        self.process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(f"kernel {self.pid}", timeout or 0)
        return code

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's process if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    def kill_group(self) -> None:
        """End the kernel and what it started."""
        if self.poll() is None:
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(self.pid, signal.SIGKILL)


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of the warm parent; manages it as a local process otherwise."""

    process: Any  # a `Kernel`, or a Popen

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Talk to the kernel through sockets in a folder of the user's own, and encrypt what is said.

        Numbered ports can be reached by other users of a machine, and a port that is free when the manager looks
        may be taken when the kernel binds it: with many kernels at once that happens.
        """
        kwargs.setdefault("transport_encryption", "auto")
        if self.parent is not None and fork_available(kwargs.get("env")):
            manager, folder = self.parent, jupyter_runtime_dir()  # where Jupyter keeps what it runs
            place = os.path.join(folder, f"kernel-{manager.kernel_id or uuid.uuid4()}-ipc")
            if manager.transport == "tcp" and not manager.shell_port and len(place) < LONGEST_SOCKET_PATH:
                os.makedirs(folder, mode=0o700, exist_ok=True)
                manager.cache_ports = False
                manager.transport, manager.ip = "ipc", place
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel that `cmd` names: forked when possible, the ordinary way when not."""
        redirected = any(kwargs.get(name) is not None for name in ("stdin", "stdout", "stderr"))
        ours = cmd[:3] == [sys.executable, "-m", "ipykernel_launcher"]
        if not ours or redirected or not fork_available(kwargs["env"]):
            return await super().launch_kernel(cmd, **kwargs)
        try:
            self.process = Kernel(cmd[3:], dict(kwargs["env"]), kwargs.get("cwd"))
        except (OSError, EOFError) as error:
            self.log.warning("No forked kernel (%s); starting an ordinary one.", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid  # a kernel leads its own group
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel's group, never a stranger that inherited the number of a kernel long gone.

        The interrupt with which Jupyter opens every shutdown is left out: it meets kernels that are just becoming
        idle, and they complain of it on the terminal. One that is busy is told to terminate a second later.
        """
        if signum == signal.SIGINT and getattr(self.parent, "shutting_down", False):
            return
        if self.process is not None and self.process.poll() is None:
            await super().send_signal(signum)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Wait a moment for the kernel's end, since Jupyter looks for it ten times a second only."""
        for _ in range(20):
            if await self.poll() is not None:
                return
            await asyncio.sleep(0.005)

    def get_shutdown_wait_time(self, recommended: float = 5.0) -> float:
        """Wait two seconds, not more, before a kernel that does not end is told to: it has nothing left to say."""
        return min(recommended, 2.0)


def _be_kernel(arguments: list[str], env: dict[str, str], cwd: str) -> None:
    """In the fork: take on environment and folder, lead a group, run an ipykernel as its launcher would."""
    import numpy as np

    os.setsid()
    end_with(multiprocessing.parent_process(), PARENT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env, JPY_PARENT_PID=str(PARENT))
    time.tzset()
    os.chdir(cwd)
    sys.path[:] = PATH
    random.seed()
    np.random.seed()  # noqa: NPY002 - the legacy state is the one that the fork copied
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [getattr(find_spec("ipykernel_launcher"), "origin", ""), *arguments]
    app = IPKernelApp.instance(parent_handle=PARENT)
    app.initialize()
    app.start()
    # ipykernel's exit stops the output thread while the control thread may still flush through it, and then
    # waits for the control thread: about one ordinary kernel in ten hangs so until it is killed.
    app.control_thread.join(timeout=1)


def end_with(owner: Any, parent: int) -> None:
    """End this process, and the group that it leads, when `owner` or its `parent` ends in whatever way."""

    def wait() -> None:
        while owner.is_alive() and os.getppid() == parent:
            owner.join(timeout=1)
        os.killpg(0, signal.SIGKILL) if os.getpgid(0) == os.getpid() else os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()
