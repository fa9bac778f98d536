"""Measures the build side by side with papermill and nbconvert on the same notebooks.

Prints a table and writes ``benchmarks/results.json``. All is done in copies of the project; nothing here is a test,
and a figure that falls short is printed as it is. Rows can be measured one by one (``--only NAME``); the file keeps
the others.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
PARTS = ("src", "data", "requirements", "notebooks", "report.toml")
BIN = Path(sys.executable).parent
FEW, MANY = 20, 200
LAST_DAY = "2026-08-21"
EDITIONS = """
import datetime as dt, sys
from explainer.editions.build import build_all
from explainer.editions.request import requested
if __name__ == "__main__":
    build_all([requested(None, day, sys.argv[1] or None, {}) for day in sys.argv[2:]], pdf=False)
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds (or another unit) of ours and of what it is set against."""

    name: str
    what: str
    ours: float
    against: float
    wanted: str
    met: bool
    runs: int
    unit: str = "s"
    note: str = ""


class Copy:
    """A copy of the project, without a cache, with its own command line."""

    def __init__(self, folder: Path):
        self.folder = folder
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
            else:
                shutil.copy(source, folder / part)
        self.run([sys.executable, "-m", "compileall", "-q", "src"])  # an installed package is compiled, too

    @property
    def environment(self) -> dict[str, str]:
        """The copy's own code goes first; kernels of others find it, too."""
        return {**os.environ, "PYTHONPATH": str(self.folder / "src")}

    def run(self, command: list[str], cwd: str = ".") -> float:
        """Run a command in the copy and return the seconds that it took."""
        start = time.perf_counter()
        done = subprocess.run(command, cwd=self.folder / cwd, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(command[:4])} failed:\n{done.stderr[-2000:]}")
        return time.perf_counter() - start

    def build(self, *options: str) -> float:
        """Build with our command line."""
        return self.run([sys.executable, "-m", "explainer.cli", "build", *options])

    def editions(self, days: list[str], focus: str = "") -> float:
        """Build the editions of many days in one request, as HTML: the report, or a brief from one actor's side."""
        return self.run([sys.executable, "-c", EDITIONS, focus, *days])

    @property
    def notebooks(self) -> list[Path]:
        """The chapters."""
        return sorted((self.folder / "notebooks").glob("[0-9][0-9]-*.ipynb"))

    def change_event(self, number: int) -> None:
        """Change the words of one row of events, which page and PDF print."""
        path = self.folder / "data" / "events.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        rows[len(rows) // 2]["summary"] += f" Changed {number} times."
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@contextlib.contextmanager
def copy() -> Iterator[Copy]:
    """Make a fresh copy, and remove it."""
    with tempfile.TemporaryDirectory(prefix="explainer-bench-") as folder:
        yield Copy(Path(folder) / "project")


def median(measure: Callable[[], float], runs: int) -> float:
    """Return the median of several measurements."""
    return statistics.median(measure() for _ in range(runs))


# --- What others do with the same notebooks: their command lines, ordinary kernels, HTML only


def papermill(project: Copy, notebook: Path, target: Path, day: str) -> None:
    """Run one chapter as anyone would."""
    command = [str(BIN / "papermill"), str(notebook), str(target), "-k", "python3", "-p", "as_of", day]
    project.run([*command, "--no-progress-bar"], cwd="notebooks")


def nbconvert(project: Copy, notebooks: list[Path]) -> None:
    """Convert chapters in one process."""
    project.run([str(BIN / "jupyter"), "nbconvert", "--to", "html", "--log-level=ERROR", *map(str, notebooks)])


def cut_notebooks(project: Copy, day: str) -> list[Path]:
    """Write the chapters without the cells that do not stand on a day, which papermill cannot leave out."""
    folder = project.folder / "cut" / day
    code = (
        "import sys, pathlib, nbformat\nfrom explainer.run.chapter import prepare, read_chapters\n"
        "for key, nb in read_chapters().items():\n"
        "    nbformat.write(prepare(nb, sys.argv[1], {}), pathlib.Path(sys.argv[2]) / (key + '.ipynb'))"
    )
    folder.mkdir(parents=True)
    project.run([sys.executable, "-c", code, day, str(folder)])
    return sorted(folder.glob("*.ipynb"))


def others_report() -> float:
    """Run and convert the chapters of one report, one after the other."""
    with copy() as project:
        chapters = cut_notebooks(project, LAST_DAY)
        start = time.perf_counter()
        for notebook in chapters:
            target = notebook.with_suffix(".out.ipynb")
            papermill(project, notebook, target, LAST_DAY)
            nbconvert(project, [target])
        return time.perf_counter() - start


def others_editions(days: list[str]) -> float:
    """Run the chapters of many editions in two processes, and convert each edition in one."""
    with copy() as project:
        chapters = {day: cut_notebooks(project, day) for day in days}
        targets = {day: [p.with_suffix(".out.ipynb") for p in paths] for day, paths in chapters.items()}
        jobs = [(p, t, day) for day in days for p, t in zip(chapters[day], targets[day], strict=True)]
        start = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda job: papermill(project, *job), jobs))
            list(pool.map(lambda day: nbconvert(project, targets[day]), days))
        return time.perf_counter() - start


# --- The rows


def spread(count: int) -> list[str]:
    """Return so many days, evenly spread over the last 200 that the evidence reaches."""
    import datetime as dt

    last = dt.date.fromisoformat(LAST_DAY)
    return [(last - dt.timedelta(days=n * MANY // count)).isoformat() for n in reversed(range(count))]


def cold() -> float:
    """Build one report from nothing, HTML and PDF."""
    with copy() as project:
        return project.build()


def report(runs: int, _: int) -> Row:
    """One whole report."""
    ours, against = median(cold, runs), median(others_report, runs)
    what = "one whole report, cold: HTML and PDF against papermill and nbconvert in a loop, HTML only"
    return Row("report", what, ours, against, "3 times as fast", ours * 3 <= against, runs)


def unchanged(runs: int, _: int) -> Row:
    """Nothing changed."""
    with copy() as project:
        full = project.build()
        ours = median(project.build, runs)
    return Row(
        "unchanged", "nothing changed, against a full build of ours", ours, full, "under 0.5 s", ours < 0.5, runs
    )


def event(runs: int, _: int) -> Row:
    """One row of events changed."""
    with copy() as project:
        full, times = project.build(), []
        for number in range(runs):
            project.change_event(number)
            times.append(project.build())
    ours = statistics.median(times)
    what = "one row of events changed, against a full build of ours"
    return Row("event", what, ours, full, "under half", ours < full / 2, runs)


def twenty(_: int, runs: int) -> Row:
    """Twenty editions."""
    days = spread(FEW)

    def ours_once() -> float:
        with copy() as project:
            return project.editions(days)

    ours, against = median(ours_once, runs), median(lambda: others_editions(days), runs)
    what = "twenty editions, HTML, against papermill in two processes and nbconvert in one process each"
    return Row("twenty", what, ours, against, "4 times as fast", ours * 4 <= against, runs)


def growth(_: int, runs: int) -> list[Row]:
    """Time an edition and peak memory with 20 and with 200 editions: briefs, or it would take most of an hour."""
    seconds: dict[int, list[float]] = {FEW: [], MANY: []}
    memory: dict[int, list[float]] = {FEW: [], MANY: []}
    for count in [FEW, MANY] * runs:
        with copy() as project, Peak() as peak:
            seconds[count].append(project.editions(spread(count), "CN") / count)
        memory[count].append(peak.megabytes)
    few, many = (statistics.median(seconds[count]) for count in (FEW, MANY))
    small, large = (statistics.median(memory[count]) for count in (FEW, MANY))
    return [
        Row("growth", "seconds an edition (a brief, HTML), 200 against 20", many, few, "at most 10% more",
            many <= few * 1.1, runs),
        Row("memory", "peak of all processes, 200 such editions against 20", large, small, "within 20%",
            large <= small * 1.2, runs, "MB"),
    ]  # fmt: skip


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


ROWS = {"report": report, "unchanged": unchanged, "event": event, "twenty": twenty, "growth": growth}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=ROWS, action="append", help="measure this row; may be repeated")
    parser.add_argument("--runs", type=int, default=5, help="measurements of which the median counts")
    parser.add_argument("--archive-runs", type=int, default=1, help="the same for twenty and more editions")
    given = parser.parse_args()
    kept = json.loads(RESULTS.read_text())["rows"] if RESULTS.exists() else {}
    for name in given.only or ROWS:
        made = ROWS[name](given.runs, given.archive_runs)
        for row in made if isinstance(made, list) else [made]:
            kept[row.name] = {k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(row).items()}
            print(line(kept[row.name]), flush=True)
        machine = {"cores": len(os.sched_getaffinity(0)), "python": platform.python_version()}
        text = json.dumps({"machine": machine | {"system": platform.system()}, "rows": kept}, indent=1, sort_keys=True)
        RESULTS.write_text(text + "\n", encoding="utf-8")


def line(row: dict[str, object]) -> str:
    """Write one row of the table."""
    times = float(row["against"]) / float(row["ours"])  # type: ignore[arg-type]
    verdict = "met" if row["met"] else "MISSED"
    numbers = f"{row['ours']:>9.2f} {row['unit']:<2} {row['against']:>9.2f} {row['unit']:<2} {times:>7.2f}x"
    return f"{row['name']:<10}{numbers}  {row['wanted']:<17} {verdict:<7} {row['what']}"


if __name__ == "__main__":
    main()
