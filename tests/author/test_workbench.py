"""The analysts' commands, the make targets, and the package of tables for others."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import frictionless
import nbformat
import pytest
from click.testing import CliRunner

from conftest import Project
from explainer.author import chapters as new_chapter
from explainer.author import datapackage as package
from explainer.cli import main
from explainer.problems import AskedError
from explainer.project import DATA, ROOT


def test_a_new_chapter_passes_the_checks_and_says_what_to_fill(tiny: Project):
    done = tiny.run("new-chapter", "06-what-comes-next")
    assert done.returncode == 0, done.stderr
    path = tiny.folder / "notebooks/06-what-comes-next.ipynb"
    assert done.stdout.strip() == str(path)
    assert all(cell in done.stderr for cell, _ in new_chapter.CELLS)
    nbformat.validate(nbformat.read(path, 4))
    assert path.name not in tiny.run("check").stderr
    cells = nbformat.read(path, 4).cells
    prose_words = sum(len(c.source.split()) for c in cells if c.cell_type == "markdown")
    code_lines = sum(len(c.source.splitlines()) for c in cells if c.cell_type == "code")
    assert prose_words >= 25 * code_lines, "it must not break the rule of 25 words for each line of code"


@pytest.mark.parametrize("name", ["6-short", "06_under", "06-Ünicode", "../06-out", "06-", "06-a.ipynb.ipynb"])
def test_a_name_that_no_chapter_can_have_is_refused(tmp_path, name):
    with pytest.raises(AskedError, match="not the name of a chapter"):
        new_chapter.write(name, "2026-08-21", tmp_path)
    assert not list(tmp_path.rglob("*"))


def test_a_chapter_is_never_written_over(tmp_path):
    shutil.copytree(ROOT / "tests/fixtures/chapters", tmp_path / "notebooks")
    before = {p: p.read_bytes() for p in (tmp_path / "notebooks").glob("*.ipynb")}
    with pytest.raises(AskedError, match=r"taken by 01-small\.ipynb.*such as 03"):
        new_chapter.write("01-small", "2026-08-21", tmp_path / "notebooks")
    assert {p: p.read_bytes() for p in (tmp_path / "notebooks").glob("*.ipynb")} == before
    assert CliRunner().invoke(main, ["new-chapter", "01-again"]).exit_code == 2


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # not those of `make test`
    return subprocess.run(["make", *arguments], cwd=folder, env=own, capture_output=True, text=True, check=False)


def test_make_clean_takes_what_can_be_made_again_and_nothing_else(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    kept = ["reports/latest/report.html", "reports/index.html", "figures/latest/a.svg", "figures/static/b.svg",
            "data/events.csv", "notebooks/01-a.ipynb", "src/explainer/cli.py"]  # fmt: skip
    gone = [".venv/bin/python", ".cache/chapters/x", "reports/2025-12-24/report.html", "figures/latest_focus-CN/a.svg",
            ".pytest_cache/x", ".ruff_cache/x", "notebooks/.ipynb_checkpoints/x", "src/explainer.egg-info/x",
            "src/explainer/__pycache__/x.pyc"]  # fmt: skip
    for name in kept + gone:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert make(tmp_path, "clean").returncode == 0
    left = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} - {"Makefile"}
    assert left == set(kept)


def test_make_says_what_it_can_do_and_what_is_missing(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    told = make(tmp_path, "help").stdout
    assert all(f"make {name}" in told for name in ("report", "watch", "lab", "new-chapter", "clean"))
    for name in ("setup", "report"):
        (tmp_path / f"requirements/{name}.txt").parent.mkdir(exist_ok=True)
        (tmp_path / f"requirements/{name}.txt").touch()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for name in ("bin/python", ".report"):
        (tmp_path / ".venv" / name).touch()
    done = make(tmp_path, "new-chapter")
    assert done.returncode == 2 and "NAME=06-what-comes-next" in done.stderr


def test_the_committed_descriptions_are_those_that_the_schema_gives(evidence):
    written = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert written == package.datapackage(evidence.schema), "run `make data`"
    assert (DATA / "README.md").read_text(encoding="utf-8") == package.readme(evidence), "run `make data`"


def test_every_table_and_column_says_what_it_is(evidence):
    for table in evidence.schema.resources:
        assert len(table.row.split()) >= 2, table.name
        for column in table.columns:
            assert len(column.meaning) >= 4 and not column.meaning.endswith("."), (table.name, column.name)
            assert column.unit or column.kind != "number", (table.name, column.name)


def test_frictionless_finds_the_package_valid():
    report = frictionless.Package(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_frictionless_sees_a_value_that_the_schema_forbids(tables):
    tables.change("claims", 3, verdict="perhaps")
    damaged = frictionless.Package(str(tables.folder / "datapackage.json"))
    [fault] = damaged.validate().flatten(["rowNumber", "fieldName"])
    assert fault == [5, "verdict"]
