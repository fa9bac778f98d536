"""What all tests share."""

import csv
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from matplotlib.figure import Figure

from browsing import CHROMIUM, FLAGS
from explainer.evidence.evidence import Evidence
from explainer.exhibits.kit import REGISTRY
from explainer.exhibits.subject import exhibits
from explainer.exhibits.theme import Size
from explainer.project import DATA, ROOT

# a shell in the background has these ignored, which whoever is begun here would inherit
for _told in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_told) is signal.SIG_IGN:
        signal.signal(_told, signal.SIG_DFL)

exhibits()
FIXTURES = Path(__file__).parent / "fixtures"
TINY = Path(__file__).parent / "tiny"
"""A whole report on an invented subject, for what hangs on no subject: it builds in a few seconds."""


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    return Evidence.load()


@pytest.fixture(scope="session")
def drawings(evidence: Evidence) -> dict[str, tuple[pd.DataFrame, dict[Size, Figure]]]:
    """Every figure of the last day: its frame, and the drawing of each size."""
    figures = {name: exhibit for name, exhibit in REGISTRY.items() if exhibit.kind == "figure"}
    frames = {name: exhibit.data(evidence) for name, exhibit in figures.items()}
    return {
        name: (frame, {size: figures[name].drawing(frame, size) for size in Size}) for name, frame in frames.items()
    }


class Tables:
    """A copy of the tables that a test may damage."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.csv"

    def rows(self, name: str) -> list[dict[str, str]]:
        with self.path(name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def write(self, name: str, rows: list[dict[str, str]]) -> None:
        with self.path(name).open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, name: str, row: int, **values: str) -> dict[str, str]:
        """Change one row (0 is the first) and return it as it now stands."""
        rows = self.rows(name)
        rows[row].update(values)
        self.write(name, rows)
        return rows[row]

    def place(self, name: str, key: str) -> int:
        """Return the number of the row with this id."""
        return next(n for n, row in enumerate(self.rows(name)) if next(iter(row.values())) == key)

    def add(self, name: str, **values: str) -> None:
        """Add a row at the end; what is not given is empty."""
        empty = dict.fromkeys(self.path(name).read_text(encoding="utf-8").splitlines()[0].split(","), "")
        self.write(name, [*self.rows(name), empty | values])


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(copy_data(tmp_path / "data"))


def copy_data(folder: Path) -> Path:
    """Copy the tables without the corrections: their places are cells of chapters that a copy does not have."""
    shutil.copytree(DATA, folder)
    head = (folder / "corrections.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "corrections.csv").write_text(f"{head}\n", encoding="utf-8")
    return folder


class Project:
    """A copy of a report that a test may damage, used through the command line of its own code or of ours."""

    def __init__(self, folder: Path, code: Path | None = None):
        self.folder, self.code = folder, code or folder / "src"
        self.tables = Tables(folder / "data")

    def run(self, *arguments: str, timeout: int = 240) -> subprocess.CompletedProcess[str]:
        """Run ``explainer`` with the copy's own code and data."""
        return subprocess.run(
            [sys.executable, "-m", "explainer.cli", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.code)}

    def edit(self, cell: str, source: str, chapter: str = "02-what-was-lost") -> None:
        """Give a cell of a chapter another text."""
        path = self.folder / f"notebooks/{chapter}.ipynb"
        nb = nbformat.read(path, 4)
        next(c for c in nb.cells if c["id"] == cell).source = source
        nbformat.write(nb, path)

    def state(self) -> dict[str, bytes]:
        """Every file of the rendered report."""
        files = [p for part in ("reports", "figures") for p in (self.folder / part).rglob("*") if p.is_file()]
        return {p.relative_to(self.folder).as_posix(): p.read_bytes() for p in files}


def copy_project(folder: Path) -> Project:
    """Copy what the command line needs, with the compiled modules: a copy need not compile them again."""
    for name in ("src", "requirements"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.egg-info"))
    copy_data(folder / "data")
    shutil.copy(ROOT / "report.toml", folder)
    shutil.copytree(FIXTURES / "chapters", folder / "notebooks")
    return Project(folder)


def copy_tiny(folder: Path) -> Project:
    """Copy the tiny report; our own code makes it."""
    return Project(Path(shutil.copytree(TINY, folder)), ROOT / "src")


@pytest.fixture(scope="session")
def tiny_built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny report, built by the first worker that needs it, for all of them; tests must not change it."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "built"
    with place.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.fstat(lock.fileno()).st_size:  # its end when it was opened tells of the time before
            shutil.rmtree(place, ignore_errors=True)  # of a worker that failed
            done = copy_tiny(place).run("build")
            assert done.returncode == 0, done.stderr
            lock.write("built")
    return Project(place, ROOT / "src")


@pytest.fixture
def project(tiny_built: Project, tmp_path: Path) -> Project:
    """The tiny report, built, with its cache, at another place, for one test to break."""
    return Project(shutil.copytree(tiny_built.folder, tmp_path / "project", symlinks=True), tiny_built.code)


SERVED = """
import json, os, sys, traceback
from click.testing import CliRunner
from explainer.cli import main
from explainer.project import PROJECT
print("loaded", flush=True)
for line in sys.stdin:
    PROJECT.__dict__.pop("told", None)
    PROJECT.__dict__.pop("packages", None)
    done = CliRunner().invoke(main, json.loads(line))
    raised = "" if done.exception is None or isinstance(done.exception, SystemExit) else done.exc_info
    trace = "".join(traceback.format_exception(*raised)) if raised else ""
    print(json.dumps([done.exit_code, done.stdout, done.stderr + trace]), flush=True)
"""
"""The command line, loaded once for many questions about a report that changes under it."""


class Tiny(Project):
    """The tiny report with a command line that is loaded already; `whole` sets the report back."""

    def __init__(self, folder: Path):
        super().__init__(copy_tiny(folder).folder, ROOT / "src")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVED], cwd=self.folder, env=self.environment, stderr=subprocess.DEVNULL, **pipes
        )
        self.process.stdout.readline()  # it looks for its report while it loads: until then the folder must stand

    def run(self, *arguments: str, timeout: int = 0) -> subprocess.CompletedProcess[str]:
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()
        return subprocess.CompletedProcess(arguments, *json.loads(self.process.stdout.readline()))

    def ask(self, *arguments: str) -> tuple[int, str]:
        """Return the exit status of a command and all that it says."""
        done = self.run(*arguments)
        return done.returncode, done.stdout + done.stderr

    def whole(self, like: Path = TINY) -> None:
        """Set the report back to what it was, unbuilt, or to what another folder has."""
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        shutil.copytree(like, self.folder, dirs_exist_ok=True, symlinks=True)


@pytest.fixture(scope="module")
def tiny_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """One process for a module: after a report whose subject fails, as in `test_gate.py`, its kernels know none."""
    tiny = Tiny(tmp_path_factory.mktemp("tiny") / "tiny")
    yield tiny
    tiny.process.stdin.close()
    tiny.process.wait(timeout=60)


@pytest.fixture
def tiny(tiny_once: Tiny) -> Tiny:
    """The tiny report, whole and not built yet."""
    tiny_once.whole()
    return tiny_once


@pytest.fixture
def tiny_with_report(tiny_once: Tiny, tiny_built: Project) -> Tiny:
    """The tiny report with a report of yesterday and all that a build keeps."""
    tiny_once.whole(tiny_built.folder)
    return tiny_once


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
