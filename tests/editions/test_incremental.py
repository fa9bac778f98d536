"""What is built again and what is not, why, by whom, and that it makes no difference to the bytes."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Project
from explainer.editions.used import Now, modules, tables
from explainer.evidence import reads
from explainer.exhibits.lookups import observations
from explainer.project import ROOT


def test_the_tables_that_are_asked_for_are_noted(evidence, monkeypatch):
    monkeypatch.setattr(reads, "TABLES", set())
    event = evidence.frame("events")["event_id"].iloc[0]
    asked = (
        (lambda: observations(evidence, "no-such-series"), {"observations"}),
        (lambda: evidence.row(event), {"observations", "events"}),
        (lambda: evidence.labels([event, "no-such-row"]), {"observations", "events"}),
        (lambda: evidence.table("places"), {"observations", "events", "places"}),
    )
    for ask, noted in asked:
        ask()
        assert {(name, evidence.as_of.isoformat()) for name in noted} == reads.TABLES


def test_a_table_as_of_a_day_changes_with_what_was_known_by_then(evidence):
    names = tables((name, day) for name in ("events", "glossary") for day in ("2025-11-10", "2025-11-20", "2026-01-30"))
    found = Now(evidence)(names)
    assert len({found[name] for name in names[:3]}) == 3 and all(found.values())
    assert found == Now(evidence.cut("2025-11-30"))(names)
    gone = ["table no-such-table as of 2025-11-10", "module alliance/none.py"]
    assert Now(evidence)(gone) == dict.fromkeys(gone, "")


PUBLISH = "explainer/publish/templates"
DEPENDS = [
    ("alliance.polls.words", "alliance/polls/numbers.py", "explainer/publish/html/exporter.py"),
    ("alliance.polls.drawing", "explainer/exhibits/theme.py", "explainer/cli.py"),
    ("alliance.polls.words", "explainer/exhibits/explainer.mplstyle", "alliance/geography/numbers.py"),
    ("alliance.geography.words", "alliance/geography/coastline.json", "alliance/polls/numbers.py"),
    ("explainer.publish.html.exporter", "explainer/publish/html/svg.py", "explainer/publish/pdf/exporter.py"),
    ("explainer.publish.pdf.exporter", "explainer/publish/resolve.py", "explainer/publish/html/svg.py"),
    (f"{PUBLISH}/explainer_html", f"{PUBLISH}/explainer_html/style.css", f"{PUBLISH}/explainer_typst/explainer.typ"),
]


@pytest.mark.parametrize(("root", "used", "not_used"), DEPENDS)
def test_code_depends_on_what_it_imports_and_on_what_lies_beside_that(root, used, not_used):
    files = {name.removeprefix("module ") for name in modules(root)}
    assert used in files and not_used not in files


def explained(project: Project, *options: str) -> dict[str, str]:
    """Build, and return for each part ``ran`` or ``kept`` and why."""
    done = project.run("build", "--explain", *options)
    assert done.returncode == 0, done.stderr
    found = re.findall(r"^\S+  (\S+) +(ran|kept)  \((.*)\)$", done.stdout, flags=re.M)
    return {part: f"{what}: {why}" for part, what, why in found}


def add_line(project: Project, file: str, line: str) -> None:
    with (project.folder / file).open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")


def test_what_changed_is_named_and_runs_only_what_used_it(project):
    shutil.copytree(ROOT / "src/explainer", project.folder / "src/explainer")
    shutil.copytree(ROOT / "requirements", project.folder / "requirements")
    project.code = project.folder / "src"
    assert all(why.startswith("kept") for why in explained(project).values())  # although it stands elsewhere
    project.tables.change("events", 0, what="The first crossing of the year was cancelled.")
    why = explained(project)
    assert why["01-why-it-stopped"] == "ran: table events as of 2024-07-05"
    assert why["02-what-was-lost"].startswith("kept")
    add_line(project, "src/ferry/crossings/drawing.py", "# A remark.")
    add_line(project, "src/explainer/publish/templates/explainer_html/style.css", "hr{color:red}")
    why = explained(project)
    assert why["02-what-was-lost"] == "ran: module ferry/crossings/drawing.py"
    # the chapter gave the same again: the page runs for its own style sheet, the papers not at all
    assert why["report.html"] == "ran: module explainer/publish/templates/explainer_html/style.css"
    assert why["report.pdf"].startswith("kept")


def test_a_file_of_the_report_that_is_gone_comes_back_from_the_cache(tiny_with_report):
    project = tiny_with_report
    before = project.state()
    (project.folder / "reports/latest/report.html").unlink()
    (project.folder / "figures/latest/manifest.json").write_text("{}", encoding="utf-8")
    assert all(why.startswith("kept") for why in explained(project).values())
    assert project.state() == before


def drawings(project: Project) -> dict[str, int]:
    """Each kept drawing, with the time of its last use."""
    return {folder.name: folder.stat().st_mtime_ns for folder in (project.folder / ".cache/drawings").iterdir()}


def test_a_chapter_that_runs_again_draws_only_what_looks_different(tiny_with_report):
    project = tiny_with_report
    project.edit("crossings", 'show("crossings")  # as before')
    before, pictures = drawings(project), project.state()
    assert explained(project)["02-what-was-lost"] == "ran: cell crossings"
    after = drawings(project)
    assert list(after) == list(before) and all(after[name] > before[name] for name in before)
    assert project.state() == pictures
    explained(project, "--force")
    assert drawings(project) == after  # all anew means these, too


def test_whatever_of_the_cache_is_torn_the_next_build_makes_the_same(tiny_with_report):
    project = tiny_with_report
    before = project.state()
    torn = [path for path in (project.folder / ".cache").rglob("*") if path.is_file() and path.stat().st_size > 1]
    assert {"chapters", "drawings", "editions", "fonts", "pages", "papers", "requests"} == {
        path.relative_to(project.folder).parts[1] for path in torn
    }
    for path in torn:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (project.folder / "reports/latest/report.html").unlink()
    why = explained(project)
    assert all(what.startswith("ran") for what in why.values()), why
    assert project.state() == before


def test_a_build_that_finds_nothing_changed_imports_no_library(tiny_built):
    code = "import sys\nfrom explainer.cli import main\nmain(['build'], standalone_mode=False)\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tiny_built.folder, env=tiny_built.environment, capture_output=True, text=True
    )
    assert done.returncode == 0 and "report.html" in done.stdout
    assert not {"pandas", "numpy", "nbformat", "pydantic", "matplotlib", "tqdm"} & set(done.stdout.split())


SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@pytest.fixture
def scheduler(project: Project, tmp_path: Path) -> Iterator[str]:
    """The address of a Dask scheduler with two worker processes on loopback."""
    place = tmp_path / "scheduler.json"
    common = {"env": project.environment, "cwd": project.folder} | SILENT
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nworkers", "2", "--nthreads", "1"]
    options = ["--scheduler-file", str(place)]
    running = [subprocess.Popen([*scheduler, "--no-dashboard", *options], **common)]
    try:
        while not place.exists() or not place.read_text():
            assert running[0].poll() is None
            time.sleep(0.1)
        running.append(subprocess.Popen([*worker, "--no-dashboard", "--host", "127.0.0.1", *options], **common))
        yield json.loads(place.read_text())["address"]
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(timeout=20)


def test_the_workers_of_a_cluster_make_the_same_bytes(project, scheduler):
    before = project.state()
    done = project.run("build", "--force", "--dask", scheduler)
    assert done.returncode == 0, done.stderr
    assert project.state() == before


def test_a_scheduler_that_does_not_answer_is_named(project):
    before = project.state()
    done = project.run("build", "--force", "--dask", "tcp://127.0.0.1:1")
    assert done.returncode == 1 and "127.0.0.1:1" in done.stderr and "Traceback" not in done.stderr
    assert project.state() == before


def test_an_archive_that_is_killed_goes_on_where_it_was(project):
    archive = ["build", "--every", "week", "--from", "2024-03-18", "--to", "2024-03-31", "--no-pdf", "--workers", "1"]
    command = [sys.executable, "-m", "explainer.cli", *archive]
    running = subprocess.Popen(command, cwd=project.folder, env=project.environment, **SILENT)
    first, second = (project.folder / "reports" / day / "report.html" for day in ("2024-03-18", "2024-03-25"))
    while not first.exists():
        assert running.poll() is None
        time.sleep(0.05)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert not second.exists()
    done = project.run(*archive, "--explain")
    assert done.returncode == 0 and second.exists(), done.stderr
    assert len(re.findall(r"^2024-03-18 .* kept ", done.stdout, flags=re.M)) == 4
    table = done.stdout.split("edition")[-1].splitlines()
    done_again, the_rest = (line.split() for line in table[1:])
    assert done_again[:3] == ["2024-03-18", "0", "0"]
    assert the_rest[0] == "2024-03-25" and int(the_rest[2]) > 0  # its chapters may have been kept before the end
    assert not first.with_name("report.pdf").exists()


def test_what_a_process_made_before_does_not_change_a_picture():
    code = (
        "import sys\nimport explainer.publish.html.exporter, explainer.publish.pdf.exporter\n"
        "from explainer.publish.pdf.prose import check_glyphs\ncheck_glyphs([('x', 'a')])\n"
        "sys.exit('matplotlib_fontja' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
