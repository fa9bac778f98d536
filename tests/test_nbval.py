"""Proof that nbval fails when a number, a table cell or a chart's data differs from what is committed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import FIXTURES, Project


def nbval(project: Project) -> subprocess.CompletedProcess[str]:
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "notebooks"]
    config = ["--nbval-sanitize-with", str(FIXTURES.parent / "nbval.cfg")]
    return subprocess.run(
        [sys.executable, *command, *config],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        timeout=200,
    )


def row_of(project: Project, table: str, **values: str) -> int:
    rows = project.tables.rows(table)
    return next(i for i, row in enumerate(rows) if all(row[k] == v for k, v in values.items()))


def change_number(project: Project) -> None:
    place = row_of(project, "observations", series_id="ldp-leadership-2025-runoff-takaichi")
    project.tables.change("observations", place, value="184")


def change_table_cell(project: Project) -> None:
    project.tables.change("statements", row_of(project, "statements", stance="neutral"), stance="cautious")


def change_chart_data(project: Project) -> None:
    place = row_of(project, "observations", series_id="vis_cn_m", period="2025-12")
    project.tables.change("observations", place, value="330401")


@pytest.mark.parametrize("change", [None, change_number, change_table_cell, change_chart_data])
def test_nbval_fails_when_a_number_a_table_cell_or_chart_data_changes(built, tmp_path, change):
    project = Project(Path(shutil.copytree(built.folder, tmp_path / "copy")))
    if change:
        change(project)
    done = nbval(project)
    assert (done.returncode == 0) == (change is None), done.stdout[-2000:]
    if change:
        assert "failed" in done.stdout
