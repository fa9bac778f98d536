"""Kernels that start by forking from a warm parent.

An ordinary kernel spends most of its start importing pandas, matplotlib and IPython. Here one process, the
zygote, imports them once; every kernel is a fork of it. The zygote runs no chapter, so nothing of one chapter
can reach the next: each kernel begins with the zygote's memory as it was after the imports. The package is among
them, so the charts' style is set before the first cell, and kernels of one zygote share the seed of `hash`.

The parts, and how they hang together::

    build process ── control socket ──▶ zygote ── fork ──▶ kernel (own session, own process group)
         ▲                                 │
         └───────── status socket ─────────┘   one per kernel: "pid\\n", later "exit code\\n"

Nothing outlives its owner. The zygote reads the end of the control socket when the build ends in whatever way,
kills the kernels that are left, and exits; a kernel dies with its zygote.

Where forking is impossible or unwise, the same kernelspec starts an ordinary ipykernel.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import types
import uuid
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from jupyter_core.paths import jupyter_runtime_dir

from explainer.project import DRAWINGS_VARIABLE, KERNELSPECS, OUTPUT_VARIABLE, SOURCE

KERNEL_NAME = "explainer-fork"
NO_FORK = "EXPLAINER_NO_FORK"

# What a kernel imports before its first cell is answered, and what every chapter imports.
_WARM = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "encodings.idna",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "explainer.evidence.evidence",
    "explainer.text.wording",
    "alliance",
)
# Settings that an interpreter or a library reads once, at its start: they cannot be changed by a fork, so
# kernels that differ in one of them have different zygotes.
_READ_AT_START = ("PYTHON", "MPL", "LC_", "LANG", "LD_", "OMP_", "OPENBLAS_", "MKL_", "HOME", "EXPLAINER_")
_READ_LATER = (OUTPUT_VARIABLE, DRAWINGS_VARIABLE)  # the first is another for each chapter
_INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
_ZYGOTE_CODE = "from explainer.run.kernel import zygote_main; zygote_main({})"
_START_TIMEOUT_S = 60
_LARGEST_REQUEST = 1 << 20
_LONGEST_SOCKET_PATH = 100  # the system's limit, 108 on Linux, less a hyphen and a number
_PR_SET_PDEATHSIG = 1


def use_kernelspecs() -> str:
    """Let Jupyter find the forking kernel in this process and its children; return the kernel's name."""
    folder = str(KERNELSPECS)
    known = [part for part in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if part]
    if folder not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join([folder, *known])
    return KERNEL_NAME


def fork_available(env: dict[str, str] | None = None) -> bool:
    """Whether kernels are forked here.

    Not on macOS, whose system libraries do not survive a fork; not under a debugger or a tracer, whose hooks
    would not reach the kernel; not when EXPLAINER_NO_FORK is set to anything but 0.
    """
    settings = os.environ if env is None else env
    return (
        hasattr(os, "fork")
        and hasattr(socket, "send_fds")
        and sys.platform != "darwin"
        and sys.gettrace() is None
        and "pydevd" not in sys.modules
        and settings.get(NO_FORK, "") in ("", "0")
    )


# ---------------------------------------------------------------------------------------------------------------
# The build's side


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of this process's zygote; manages it as a local process otherwise."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Talk to the kernel through sockets in a folder of the user's own, and encrypt what is said.

        Numbered ports can be reached by other users of a machine, and a port that is free when the manager looks
        may be taken when the kernel binds it: with many kernels at once that happens.
        """
        kwargs.setdefault("transport_encryption", "auto")
        if self.parent is not None and fork_available(kwargs.get("env")):
            _use_socket_files(self.parent)
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Start the kernel that `cmd` names: forked when possible, the ordinary way when not."""
        if not self._forkable(cmd, kwargs):
            return await super().launch_kernel(cmd, **kwargs)
        try:
            self.process = fork_kernel(cmd[3:], kwargs["env"], kwargs.get("cwd"), kwargs)
        except (OSError, ValueError) as error:
            self.log.warning("No forked kernel (%s); starting an ordinary one.", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid  # a kernel leads its own group
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    @staticmethod
    def _forkable(cmd: list[str], kwargs: dict[str, Any]) -> bool:
        piped = any(kwargs.get(name) == subprocess.PIPE for name in ("stdin", "stdout", "stderr"))
        ours = cmd[:3] == [sys.executable, "-m", "ipykernel_launcher"]
        return ours and not piped and fork_available(kwargs["env"])

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
        """Wait a second, not more, before a kernel that does not end is told to: it has nothing left to say."""
        return min(recommended, 2.0)


def _use_socket_files(manager: Any) -> None:
    """Let a manager that has chosen nothing yet meet its kernel at socket files, where Jupyter keeps what it runs."""
    folder = jupyter_runtime_dir()
    place = os.path.join(folder, f"kernel-{manager.kernel_id or uuid.uuid4()}-ipc")
    if manager.transport == "tcp" and not manager.shell_port and len(place) < _LONGEST_SOCKET_PATH:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        manager.cache_ports = False
        manager.transport, manager.ip = "ipc", place


class ForkedKernel:
    """The part of `subprocess.Popen` that a provisioner uses, for a process that is not our child."""

    stdin = stdout = stderr = None

    def __init__(self, status: socket.socket) -> None:
        """Wait until the zygote says the number of the new process on `status`."""
        self.returncode: int | None = None
        self._status = status
        self._heard = b""
        pid = self._line(_START_TIMEOUT_S)
        if pid is None:
            raise OSError("the warm parent ended or did not answer")
        self.pid = pid

    def _line(self, timeout: float | None) -> int | None:
        """Return the next number from the zygote; None when there is none in time or ever."""
        while b"\n" not in self._heard:
            if not select.select([self._status], [], [], timeout)[0]:
                return None
            received = self._status.recv(64)
            if not received:  # the zygote is gone, and its kernels with it
                self.returncode = -signal.SIGKILL
                self._status.close()
                return None
            self._heard += received
        line, _, self._heard = self._heard.partition(b"\n")
        return int(line)

    def poll(self, timeout: float | None = 0) -> int | None:
        """Return the exit code (negative: the signal that ended it), or None while the kernel runs."""
        if self.returncode is None and (code := self._line(timeout)) is not None:
            self.returncode = code
            self._status.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the kernel and return its exit code."""
        if self.poll(timeout) is None:
            raise subprocess.TimeoutExpired(f"kernel {self.pid}", timeout or 0)
        return self.returncode

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


_zygotes: dict[Any, tuple[subprocess.Popen | _Lent, socket.socket]] = {}
_lent = False
_lock = threading.Lock()


def fork_kernel(
    arguments: list[str], env: dict[str, str], cwd: str | None = None, streams: dict[str, Any] | None = None
) -> ForkedKernel:
    """Fork a kernel with these arguments, this environment and this working directory.

    `streams` may say `stdin`, `stdout`, `stderr` as `subprocess.Popen` takes them, pipes excepted.
    The first call of a process waits for the zygote's imports, about as long as one ordinary start.
    """
    folder = os.path.abspath(cwd or os.curdir)
    os.stat(folder)  # a missing folder is the caller's error, as it is with Popen
    request = json.dumps({"arguments": arguments, "env": env, "cwd": folder}).encode()
    ours, theirs = socket.socketpair()
    key = _key(env)
    with open(os.devnull, "r+b") as null, theirs:
        descriptors = [theirs.fileno(), *_descriptors(streams or {}, null.fileno())]
        with _lock:
            zygote, control = _zygote(env, key)
            try:
                socket.send_fds(control, [request], descriptors)
            except OSError:
                _lose(key, zygote)
                raise
    try:
        return ForkedKernel(ours)
    except OSError:
        _lose(key, zygote)  # a parent that does not answer in a minute must not start the kernel later, unattended
        raise


def warm(env: dict[str, str] | None = None) -> None:
    """Start the zygote now, without waiting for it, so that it imports while the caller does other work."""
    settings = dict(os.environ) if env is None else env
    if fork_available(settings):
        with _lock:
            _zygote(settings, _key(settings))


@contextlib.contextmanager
def lent_to_forks() -> Iterator[None]:
    """Warm a zygote, and let the processes that are forked meanwhile have their kernels from it.

    For the workers of a pool, which must end with this process: the zygote lives as long as any of them.
    """
    global _lent
    warm()
    _lent = True
    try:
        yield
    finally:
        _lent = False


class _Lent:
    """The zygote of the process that this one was forked from, as far as this one can tell."""

    def poll(self) -> None:
        """Say that it runs: whether it does, its socket tells."""

    def kill(self) -> None:
        """Leave it alone."""

    def wait(self, timeout: float | None = None) -> None:
        """Leave it alone."""


def _lose(key: Any, zygote: subprocess.Popen | _Lent) -> None:
    """Give up a zygote that does not answer; the next kernel gets another."""
    zygote.kill()
    if isinstance(zygote, _Lent):
        _zygotes.pop(key, (None, None))


def _descriptors(streams: dict[str, Any], null: int) -> Iterator[int]:
    """Yield the three descriptors that Popen would give to a kernel; its standard input is always empty."""
    for name, inherited in (("stdin", null), ("stdout", 1), ("stderr", 2)):
        stream = streams.get(name)
        if stream is None:
            yield inherited
        elif stream == subprocess.DEVNULL:
            yield null
        else:
            yield stream if isinstance(stream, int) else stream.fileno()


def _zygote(env: dict[str, str], key: Any) -> tuple[subprocess.Popen | _Lent, socket.socket]:
    """Return the zygote that fits `env` and its control socket, started now when there is none.

    A zygote that an edit of the package has outdated stays, idle, until this process ends: kernels may run in it.
    """
    code = _zygotes[key][0].poll() if key in _zygotes else -1
    if code is not None and code > 0:
        raise OSError("the warm parent could not be prepared")
    if code is not None:
        _zygotes[key] = _start_zygote(env)
    return _zygotes[key]


def _key(env: dict[str, str]) -> tuple[Any, Any]:
    """Say what a zygote depends on: the settings read at start, and the package's files as they are now."""
    settings = tuple(sorted((k, v) for k, v in env.items() if k.startswith(_READ_AT_START) and k not in _READ_LATER))
    files = (p for p in SOURCE.rglob("*") if p.is_file() and p.suffix != ".pyc")
    return settings, frozenset((str(p), (s := p.stat()).st_mtime_ns, s.st_size) for p in files)


def _start_zygote(env: dict[str, str]) -> tuple[subprocess.Popen, socket.socket]:
    # Each message whole, with its descriptors, so that several processes may send. Systems without do not fork.
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    # One BLAS thread, or the zygote would hold threads, which do not survive a fork.
    settings = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"} | env
    settings.setdefault("MPLBACKEND", _INLINE_BACKEND)  # as ipykernel sets it before any import
    settings["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # quiet: nothing is debugged here
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", _ZYGOTE_CODE.format(theirs.fileno())],
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # a Ctrl-C in the terminal is the build's to answer
        )
    return process, ours


def _leave_zygotes() -> None:
    """Close every zygote's socket, which ends it and its kernels."""
    for process, control in _zygotes.values():
        control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
    _zygotes.clear()


def _forget_zygotes() -> None:
    """In a fork of the build: the zygotes are the parent's, and must see the end of the parent's sockets.

    Unless they are lent.
    """
    global _lock
    _lock = threading.Lock()
    for key, (process, control) in list(_zygotes.items()):
        if _lent:
            _zygotes[key] = (_Lent(), control)
        else:
            control.close()
            del _zygotes[key]
        if isinstance(process, subprocess.Popen):
            process.returncode = 0  # not this process's child: nothing to wait for


atexit.register(_leave_zygotes)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_zygotes)


# ---------------------------------------------------------------------------------------------------------------
# The zygote's side


def zygote_main(control_descriptor: int) -> None:
    """Import what kernels need, then serve until the owner is gone; in a fork, be the kernel."""
    del sys.path[0]  # as ipykernel_launcher does: the working directory must not hide a library
    _import_warm_modules()
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else threading.active_count()
    if threads != 1:
        sys.exit(f"explainer.run.kernel: a library holds {threads - 1} thread(s); kernels start the ordinary way")
    gc.collect()
    gc.freeze()  # collections in the kernels then leave the shared pages alone
    os.chdir("/")
    job = _Zygote(socket.socket(fileno=control_descriptor)).serve()
    _run_kernel(*job)


def _import_warm_modules() -> None:
    # pandas asks at import whether it is in a notebook, and shows 20 columns if so.
    builtins.get_ipython = lambda: types.SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    importlib.import_module("pandas")
    del builtins.get_ipython  # type: ignore[attr-defined]
    for module in _WARM:
        # A module that fails here fails again in the chapter that imports it, where the reader of the error is.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    # The tables once read and checked: a chapter finds them so, if the files are still the same, and else reads them.
    with contextlib.suppress(Exception):
        sys.modules["explainer.evidence.evidence"].Evidence.load()


class _Zygote:
    """Forks kernels on request and reports their ends."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._kernels: dict[int, socket.socket] = {}
        self._wake, waker = socket.socketpair()
        for end in (self._wake, waker):
            end.setblocking(False)
        self._waker = waker
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)

    def serve(self) -> tuple[dict[str, Any], list[int]]:
        """Serve until the owner is gone. Returns in a kernel only, with its request and its three streams."""
        while True:
            ready, _, _ = select.select([self._control, self._wake], [], [])
            if self._wake in ready:
                self._wake.recv(4096)
                self._report_ends()
            if self._control in ready:
                received = self._receive()
                if received is None:
                    self._end()
                job = self._fork(*received)
                if job is not None:
                    return job

    def _receive(self) -> tuple[dict[str, Any], list[int]] | None:
        request, descriptors, _, _ = socket.recv_fds(self._control, _LARGEST_REQUEST, 4)
        return (json.loads(request), descriptors) if request else None

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], list[int]] | None:
        status, *streams = descriptors
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            _die_with(zygote)
            self._close()
            os.close(status)
            return request, streams
        for stream in streams:
            os.close(stream)
        self._kernels[pid] = socket.socket(fileno=status)
        self._tell(self._kernels[pid], pid)
        return None

    def _report_ends(self) -> None:
        for pid in list(self._kernels):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                with self._kernels.pop(pid) as channel:
                    self._tell(channel, os.waitstatus_to_exitcode(status))

    @staticmethod
    def _tell(channel: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):  # the owner may be gone; the control socket says so in a moment
            channel.sendall(b"%d\n" % number)

    def _close(self) -> None:
        """In a kernel: let go of everything that is the zygote's."""
        signal.set_wakeup_fd(-1)
        for each in (self._control, self._wake, self._waker, *self._kernels.values()):
            each.close()

    def _end(self) -> None:
        for pid in self._kernels:
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError):
                    kill(pid, signal.SIGKILL)
        os._exit(0)


def _die_with(zygote: int) -> None:
    """Make this kernel the leader of a session that ends when the zygote does.

    Linux sends the signal; elsewhere ipykernel's own watch on its parent ends the kernel within a second.
    """
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote:
        os._exit(1)


def _run_kernel(request: dict[str, Any], streams: list[int]) -> None:
    """Take on the request's environment, folder and streams, and run an ipykernel as its launcher would."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
        os.close(stream)
    parent = os.getppid()
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(parent))
    time.tzset()
    os.chdir(request["cwd"])
    _reseed()
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [find_spec("ipykernel_launcher").origin, *request["arguments"]]
    app = IPKernelApp.instance(parent_handle=parent)
    app.initialize()
    app.start()
    # ipykernel's exit stops the output thread while the control thread may still flush through it, and then
    # waits for the control thread: about one ordinary kernel in ten hangs so until it is killed.
    app.control_thread.join(timeout=1)


def _reseed() -> None:
    """Give the kernel its own random state, as a fresh interpreter has, instead of the zygote's."""
    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002 - the legacy state is the one that the fork copied
