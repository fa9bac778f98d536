"""The engine builds a report on another subject: the tiny one, copied and renamed as CONTRIBUTING says."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from conftest import Project
from explainer.project import PROJECT, ROOT

OURS = re.compile(r"Takaichi|Taiwan|Tokyo|Diet\b|\balliance", re.IGNORECASE)
"""Words of the subject of this repository's report."""


@pytest.fixture(scope="module")
def storm(tmp_path_factory) -> Project:
    """The report that the commands in CONTRIBUTING leave, built."""
    place = tmp_path_factory.mktemp("begun")
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Begin a report on another crisis")[2]
    commands = section.partition("```sh\n")[2].partition("```")[0].replace("/path/to", str(place))
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "3 tables and 7 paragraphs hold together as of 2024-07-05." in done.stderr
    return Project(place / "my-report", ROOT / "src")


def test_page_and_paper_are_built_whole(storm):
    files = storm.state()
    page = files["reports/latest/report.html"].decode()
    for part in (
        "Why did the ferry stop?",
        "What was lost?",
        'id="fig-crossings"',
        'id="tab-happened"',
        "Ember Courier",
    ):
        assert part in page
    assert files["reports/latest/report.pdf"].startswith(b"%PDF") and len(files["reports/latest/report.pdf"]) > 20_000
    assert {"crossings.svg", "crossings.csv", "happened.csv"} <= {name.rpartition("/")[2] for name in files}


def test_nothing_of_our_own_subject_is_in_it(storm):
    assert OURS.search(PROJECT.told["title"])
    texts = {name: content for name, content in storm.state().items() if name.endswith((".html", ".json", ".csv"))}
    assert {
        name: OURS.findall(content.decode()) for name, content in texts.items() if OURS.search(content.decode())
    } == {}
