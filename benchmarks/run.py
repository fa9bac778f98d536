"""Measures the build side by side with papermill, ploomber-engine and nbconvert on the same notebooks.

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
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from memory import Peak

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
PARTS = ("src", "data", "requirements", "notebooks", "report.toml")
BIN = Path(sys.executable).parent
FEW, MANY = 20, 200
LAST_DAY = "2026-10-10"
EDITIONS = """
import datetime as dt, sys
from explainer.editions.build import build_all
from explainer.editions.editions import requested
if __name__ == "__main__":
    build_all([requested(None, day, None, {}) for day in sys.argv[1:]], pdf=False)
"""
PLOOMBER = """
import pathlib, sys
from ploomber_engine import execute_notebook
for path in sys.argv[1:]:
    execute_notebook(path, path.replace(".ipynb", ".out.ipynb"), progress_bar=False)
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

    def editions(self, days: list[str]) -> float:
        """Build the editions of many days in one request, as HTML."""
        return self.run([sys.executable, "-c", EDITIONS, *days])

    @property
    def notebooks(self) -> list[Path]:
        """The chapters."""
        return sorted((self.folder / "notebooks").glob("[0-9][0-9]-*.ipynb"))

    def change_sentence(self, number: int) -> None:
        """Change one sentence of chapter 3, which page and PDF print."""
        path = self.folder / "notebooks" / "03-reactions.ipynb"
        chapter = json.loads(path.read_text(encoding="utf-8"))
        cells = [cell for cell in chapter["cells"] if cell["cell_type"] == "markdown"]
        cells[len(cells) // 2]["source"] += [" We say so" + " again" * number + "."]
        path.write_text(json.dumps(chapter, ensure_ascii=False, indent=1), encoding="utf-8")

    def change_event(self, number: int) -> None:
        """Change the words of one row of events, which page and PDF print."""
        path = self.folder / "data" / "events.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        row = min(rows, key=lambda one: len(one["summary"]))  # a row has a longest length
        row["summary"] = row["summary"].partition(" Changed")[0] + f" Changed {number} times."
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


def paired(ours: Callable[[], float], others: Callable[[], float], runs: int) -> tuple[float, float]:
    """Return the medians of two measurements that are taken by turns, since a machine may be slower later."""
    times = [(ours(), others()) for _ in range(runs)]
    return statistics.median(one for one, _ in times), statistics.median(other for _, other in times)


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


def ploomber_report() -> float:
    """Run the chapters of one report in one process, without kernels, and convert them in another."""
    with copy() as project:
        chapters = cut_notebooks(project, LAST_DAY)
        start = time.perf_counter()
        project.run([sys.executable, "-c", PLOOMBER, *map(str, chapters)], cwd="notebooks")
        nbconvert(project, [path.with_suffix(".out.ipynb") for path in chapters])
        return time.perf_counter() - start


def one_page_of_others(project: Copy) -> Path:
    """Write the chapters, as they are committed with their outputs, as one page of nbconvert's."""
    paths = [ROOT / "notebooks" / path.name for path in project.notebooks]
    chapters = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    whole = chapters[0] | {"cells": [cell for chapter in chapters for cell in chapter["cells"]]}
    for number, cell in enumerate(whole["cells"]):
        cell["id"] = f"cell-{number}"
    path = project.folder / "whole.ipynb"
    path.write_text(json.dumps(whole), encoding="utf-8")
    project.run([str(BIN / "jupyter"), "nbconvert", "--to", "html", "--embed-images", "--no-input", str(path)])
    return path.with_suffix(".html")


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
    ours, against = paired(cold, others_report, runs)
    what = "one whole report, cold: HTML and PDFs against papermill and nbconvert in a loop, HTML only"
    return Row("report", what, ours, against, "4 times as fast", ours * 4 <= against, runs)


def ploomber(runs: int, _: int) -> list[Row]:
    """One whole report beside an engine that needs no kernels."""
    if find_spec("ploomber_engine") is None:
        print("ploomber  is not installed: pip install ploomber-engine")
        return []
    ours, against = paired(cold, ploomber_report, runs)
    what = "the same against ploomber-engine in one process and nbconvert in one, HTML only"
    return [Row("ploomber", what, ours, against, "none", True, runs)]


def unchanged(runs: int, _: int) -> Row:
    """Nothing changed."""
    with copy() as project:
        full = project.build()
        ours = median(project.build, runs)
    what = "nothing changed, against a full build of ours"
    return Row("unchanged", what, ours, full, "under 0.3 s", ours < 0.3, runs)


def changed(name: str, what: str, share: float, wanted: str, change: Callable[[Copy, int], None], runs: int) -> Row:
    """Something small changed, against a full build of ours."""
    full, times = [], []
    with copy() as project:
        project.build()
        for number in range(1, runs + 1):
            change(project, number)
            times.append(project.build())
            full.append(project.build("--force"))
    ours, whole = statistics.median(times), statistics.median(full)
    return Row(name, f"{what}, against a full build of ours", ours, whole, wanted, ours <= whole * share, runs)


def sentence(runs: int, _: int) -> Row:
    """One sentence of a chapter changed."""
    return changed("sentence", "one sentence of a chapter changed", 0.2, "a fifth", Copy.change_sentence, runs)


def event(runs: int, _: int) -> Row:
    """One row of events changed."""
    return changed("event", "one row of events changed", 0.5, "under half", Copy.change_event, runs)


def twenty(_: int, runs: int) -> Row:
    """Twenty editions."""
    days = spread(FEW)

    def ours_once() -> float:
        with copy() as project:
            return project.editions(days)

    ours, against = paired(ours_once, lambda: others_editions(days), runs)
    what = "twenty editions, HTML, against papermill in two processes and nbconvert in one process each"
    return Row("twenty", what, ours, against, "5 times as fast", ours * 5 <= against, runs)


def growth(_: int, runs: int) -> list[Row]:
    """Time an edition and peak memory with 20 and with 200 whole editions."""
    seconds: dict[int, list[float]] = {FEW: [], MANY: []}
    memory: dict[int, list[float]] = {FEW: [], MANY: []}
    for count in [FEW, MANY] * runs:
        with copy() as project, Peak() as peak:
            seconds[count].append(project.editions(spread(count)) / count)
        memory[count].append(peak.megabytes)
    few, many = (statistics.median(seconds[count]) for count in (FEW, MANY))
    small, large = (statistics.median(memory[count]) for count in (FEW, MANY))
    return [
        Row("growth", "seconds an edition, HTML, 200 against 20", many, few, "at most 10% more",
            many <= few * 1.1, runs),
        Row("memory", "peak of all processes, 200 such editions against 20", large, small, "within 20%",
            large <= small * 1.2, runs, "MB"),
    ]  # fmt: skip


def check(runs: int, _: int) -> Row:
    """All checks of evidence and prose."""
    with copy() as project:
        ours = median(lambda: project.run([sys.executable, "-m", "explainer.cli", "check"]), runs)
    return Row("check", "explainer check, against the two seconds wanted", ours, 2.0, "under 2 s", ours < 2, runs)


def opening(runs: int, _: int) -> list[Row]:
    """Open the page on a phone with a quarter of the speed, packed as servers do, beside nbconvert's."""
    from opening import opened

    with copy() as project:
        project.build("--no-pdf")
        pages = [project.folder / "reports" / "latest" / "report.html", one_page_of_others(project)]
        sent = [zlib.compress(page.read_bytes(), wbits=31) for page in pages]
        times = [[opened(content) for content in sent] for _ in range(runs)]
    what = "{} on a phone, processor four times slowed, gzip, against one page of nbconvert --embed-images"
    found = []
    for number, (name, said) in enumerate((("paint", "first paint"), ("ready", "time to interactive"))):
        ours, against = (statistics.median(one[page][number] for one in times) for page in (0, 1))
        found.append(Row(name, what.format(said), ours, against, "at most half", ours * 2 <= against, runs))
    return found


ROWS = {one.__name__: one for one in (report, ploomber, unchanged, sentence, event, check, opening, twenty, growth)}


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
