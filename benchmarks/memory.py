"""How much memory a command and all that it starts hold at once."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path


class Peak:
    """Watches the memory of this process and all that it started: shared pages count once."""

    def __enter__(self) -> Peak:
        self.megabytes, self._end = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(1):
            self.megabytes = max(self.megabytes, sum(map(_proportional_kb, _tree())) / 1024)


def _tree() -> list[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, waiting = [], [os.getpid()]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += [pid for pid, parent in parents.items() if parent == one]
    return found


def _proportional_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
