"""Stock tools, on chapters as they stand: no build before, no option of ours; and a report begun by the book."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from conftest import FIXTURES, Project
from explainer.project import PROJECT, ROOT

CHAPTER = "02-what-was-lost"


@pytest.fixture(scope="module")
def ferry(tiny_built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("stock") / "tiny"
    shutil.copytree(tiny_built.folder, folder)
    return Project(folder, tiny_built.code)


def run(project: Project, module: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    folder = project.folder / "notebooks"
    return subprocess.run(command, cwd=folder, env=project.environment, capture_output=True, text=True, timeout=200)


@pytest.fixture(scope="module")
def early(ferry: Project) -> Path:
    path = ferry.folder / "early.ipynb"
    done = run(ferry, "papermill", f"{CHAPTER}.ipynb", path, "-p", "as_of", "2024-04-01")
    assert done.returncode == 0, done.stderr
    return path


def test_papermill_runs_a_chapter_for_an_earlier_day(early: Path):
    cells = {c.id: c for c in nbformat.read(early, 4).cells}
    told = [output.text for output in cells["crossings"].outputs]
    assert told == ["does not stand on 1 April 2024\n"] and "checked" not in str(cells["count-guard"].outputs)


def test_a_chapter_and_what_papermill_makes_of_it_become_a_page_and_a_paper(ferry: Project):
    path = ferry.folder / "notebooks/out.ipynb"
    done = run(ferry, "papermill", f"{CHAPTER}.ipynb", path, "-p", "as_of", "2024-07-05")
    assert done.returncode == 0, done.stderr
    names = (f"{CHAPTER}.ipynb", path.name)
    done = run(ferry, "nbconvert", "--to", "explainer-html", "--output-dir", ferry.folder, *names)
    assert done.returncode == 0, done.stderr
    for name in names:
        assert 'id="fig-crossings"' in (ferry.folder / name).with_suffix(".html").read_text(encoding="utf-8")
    done = run(ferry, "nbconvert", "--to", "explainer-pdf", "--output-dir", ferry.folder, path.name)
    assert done.returncode == 0 and (ferry.folder / "out.pdf").read_bytes().startswith(b"%PDF"), done.stderr


def test_a_chapter_is_never_set_with_figures_of_another_day(ferry: Project, early: Path):
    done = run(ferry, "nbconvert", "--to", "explainer-html", early)
    assert done.returncode and "explainer build --as-of 2024-04-01" in done.stderr
    assert ferry.run("build", "--as-of", "2024-04-01", "--no-pdf").returncode == 0
    done = run(ferry, "nbconvert", "--to", "explainer-html", early)
    assert done.returncode == 0, done.stderr
    page = early.with_suffix(".html").read_text(encoding="utf-8")
    assert "1 April 2024" in page and 'id="fig-crossings"' not in page


def test_the_module_is_a_command_and_says_where_it_must_run(tmp_path: Path, ferry: Project):
    shutil.copytree(ferry.code / "explainer", tmp_path / "lib/explainer")
    command = [sys.executable, "-m", "explainer", "check"]
    done = subprocess.run(command, cwd=tmp_path, env=ferry.environment | {"PYTHONPATH": str(tmp_path / "lib")},
                          capture_output=True, text=True, timeout=100)  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "") and "Traceback" not in done.stderr
    assert "report.toml: the file is missing, or is none. Mend: restore it, or work in a report's folder" in done.stderr


def test_nbval_fails_when_a_number_a_table_cell_or_chart_data_changes(project: Project):
    command = ["-q", "-p", "no:cacheprovider", "--nbval", ".", "--nbval-sanitize-with", FIXTURES.parent / "nbval.cfg"]
    done = run(project, "pytest", *command)
    assert done.returncode == 0, done.stdout[-2000:]
    project.tables.change("events", 1, what="The ferry crosses the lake once more.")
    project.tables.change("observations", 0, value="183")
    done = run(project, "pytest", *command)
    failed = re.findall(r"FAILED \S*?(\d\d)-[\w-]+\.ipynb::Cell (\d+)", done.stdout)
    table, figure, guard = ("01", "2"), ("02", "2"), ("02", "3")
    assert failed == [table, figure, guard], done.stdout[-2000:]
    assert "once more" in done.stdout and "the evidence gives 183" in done.stdout


OURS = re.compile(r"Takaichi|Taiwan|Tokyo|Diet\b|\balliance", re.IGNORECASE)
"""Words of the subject of this repository's report."""


def test_the_commands_in_contributing_leave_a_whole_report_without_a_word_of_ours(tmp_path):
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Begin a report on another crisis")[2]
    commands = section.partition("```sh\n")[2].partition("```")[0].replace("/path/to", str(tmp_path))
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src")}
    shell = ["bash", "-euo", "pipefail", "-c", commands]
    done = subprocess.run(shell, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "3 tables and 7 paragraphs hold together as of 2024-07-05." in done.stderr
    files = Project(tmp_path / "my-report").state()
    texts = {name: content.decode() for name, content in files.items() if name.endswith((".html", ".json", ".csv"))}
    for part in ("Why did the ferry stop?", "What was lost?", 'id="fig-crossings"', 'id="tab-happened"'):
        assert part in texts["reports/latest/report.html"]
    assert files["reports/latest/report.pdf"].startswith(b"%PDF")
    assert OURS.search(PROJECT.told["title"])
    assert {name: OURS.findall(text) for name, text in texts.items() if OURS.search(text)} == {}
