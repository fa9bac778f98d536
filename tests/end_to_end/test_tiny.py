"""The engine builds a report on another subject: the tiny one, copied and renamed as CONTRIBUTING says."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from conftest import Project
from explainer.project import PROJECT, ROOT

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
