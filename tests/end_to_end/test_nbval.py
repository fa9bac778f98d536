"""Proof that nbval fails when a number, a table cell or a chart's data differs from what is committed."""

from __future__ import annotations

import re
import subprocess
import sys

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


def test_nbval_fails_when_a_number_a_table_cell_or_chart_data_changes(project):
    done = nbval(project)
    assert done.returncode == 0, done.stdout[-2000:]
    project.tables.change("events", 1, what="The ferry crosses the lake once more.")
    project.tables.change("observations", 0, value="183")
    done = nbval(project)
    failed = re.findall(r"FAILED \S*?(\d\d)-[\w-]+\.ipynb::Cell (\d+)", done.stdout)
    table, figure, guard = ("01", "2"), ("02", "2"), ("02", "3")
    assert failed == [table, figure, guard], done.stdout[-2000:]
    assert "once more" in done.stdout and "the evidence gives 183" in done.stdout
