"""The build through its command line: what it makes, what it refuses, and that a failure loses nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from conftest import FIXTURES, Project, copy_project
from explainer.build.swap import BuildBusyError, exchange, locked, recover, swap_in


def edit(project: Project, chapter: str, cell: str, source: str) -> None:
    path = project.folder / "notebooks" / f"{chapter}.ipynb"
    nb = nbformat.read(path, 4)
    next(c for c in nb.cells if c["id"] == cell).source = source
    nbformat.write(nb, path)


# --- What a build makes ---------------------------------------------------------------------------------------


def test_a_build_writes_report_figures_and_notebooks(built):
    folder = built.folder
    html = (folder / "reports/latest/report.html").read_text(encoding="utf-8")
    assert "185 votes" in html and "knows of the second statement" in html
    assert "had not heard" not in html  # cut by its until: tag
    assert "Set beside our edition of 10 February 2026 row by row" in html and '<details class="changes">' in html
    assert (folder / "reports/latest/report.pdf").read_bytes().startswith(b"%PDF")
    manifest = json.loads((folder / "figures/latest/manifest.json").read_text(encoding="utf-8"))
    assert [f["id"] for f in manifest["figures"]] == ["coding", "visitors-from-china"]
    for entry in manifest["figures"]:
        assert all((folder / "figures/latest" / name).stat().st_size for name in entry["files"].values())
    nb = nbformat.read(folder / "notebooks/02-small.ipynb", 4)
    figure = next(c for c in nb.cells if c["id"] == "visitors")
    assert re.search(r"numbers [0-9a-f]{16}", figure.outputs[0].data["text/plain"])


def test_a_second_build_elsewhere_gives_the_same_bytes(built, tmp_path):
    again = copy_project(tmp_path / "somewhere" / "else")
    assert again.run("build", "--force").returncode == 0
    first, second = built.state(), again.state()
    assert set(first) == set(second) and len(first) >= 8
    assert [name for name in first if first[name] != second[name]] == []
    for name in ("01-small", "02-small"):
        path = Path("notebooks") / f"{name}.ipynb"
        assert (built.folder / path).read_bytes() == (again.folder / path).read_bytes()


def test_nothing_changed_runs_nothing_and_a_changed_cell_runs_its_chapter(project):
    project.run("build")
    assert project.run("build", "--explain").stdout.count("kept") == 5
    edit(project, "01-small", "late", "This report has another sentence here.")
    explained = project.run("build", "--explain").stdout
    assert re.search(r"01-small +ran", explained) and re.search(r"02-small +kept", explained)
    assert b"another sentence here" in project.state()["reports/latest/report.html"]


def test_an_earlier_day_is_an_edition_of_its_own(built, tmp_path):
    project = copy_project(tmp_path / "early")
    done = project.run("build", "--as-of", "2025-11-30")
    assert done.returncode == 0, done.stderr
    html = project.state()["reports/2025-11-30/report.html"].decode()
    assert "had not heard" in html and "knows of the second" not in html
    assert "reports/latest/report.html" not in project.state()
    manifest = json.loads(project.state()["figures/2025-11-30/manifest.json"])
    assert max(s["published"] for s in manifest["sources"].values()) <= "2025-11-30"


# --- What it refuses: one clear error, the right status, the old report whole -----------------------------------

REFUSED = [
    (["build", "-p", "focsu=CN"], 2, "unknown parameter 'focsu': did you mean 'focus'?"),
    (["build", "--focus", "XX"], 2, "no such actor"),
    (["build", "--as-of", "2031-01-01"], 2, "the evidence reaches"),
    (["build", "--as-of", "2001-01-01"], 2, "the evidence begins"),
    (["build", "--as-of", "tomorrow"], 1, "does not read as a day"),
    (["build", "--edition", "lates"], 2, "did you mean 'latest'?"),
    (["build", "-p", "focus"], 2, "name=value"),
]


@pytest.mark.parametrize(("arguments", "status", "message"), REFUSED)
def test_bad_parameters_stop_before_a_kernel_starts(built, arguments, status, message):
    before = built.state()
    done = built.run(*arguments)
    assert done.returncode == status and message in done.stderr
    assert "Traceback" not in done.stderr and built.state() == before


def bad_date(project: Project) -> None:
    project.tables.change("events", 3, date="2026-02-30")


def unknown_source(project: Project) -> None:
    project.tables.change("statements", 3, source_ids="nobody-2026-01-01-nothing")


def too_many_fields(project: Project) -> None:
    path = project.tables.path("events")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:4], lines[4] + ",surplus", *lines[5:]]) + "\n", encoding="utf-8")


def not_utf8(project: Project) -> None:
    path = project.tables.path("events")
    path.write_bytes(path.read_bytes() + "\névé".encode("latin-1"))


def unknown_stance(project: Project) -> None:
    project.tables.change("statements", 3, stance="angry")


def missing_column(project: Project) -> None:
    rows = [{k: v for k, v in row.items() if k != "stance"} for row in project.tables.rows("statements")]
    project.tables.write("statements", rows)


def duplicate_id(project: Project) -> None:
    project.tables.change("events", 3, event_id=project.tables.rows("events")[0]["event_id"])


FAULTS = {
    bad_date: ("events.csv:5 [date] '2026-02-30'", "YYYY-MM-DD"),
    unknown_source: ("statements.csv:5 [source_ids] 'nobody-2026-01-01-nothing'", "sources.csv"),
    too_many_fields: ("events.csv:5", "fields"),
    not_utf8: ("events.csv", "UTF-8"),
    unknown_stance: ("statements.csv:5 [stance] 'angry'", "use one of"),
    missing_column: ("statements.csv:1 [stance]", "missing"),
    duplicate_id: ("events.csv:5 [event_id]", "duplicate"),
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_bad_evidence_is_refused_and_the_old_report_stays(project, fault):
    (project.folder / "reports/latest").mkdir(parents=True)
    (project.folder / "reports/latest/report.html").write_text("old")
    before = project.state()
    fault(project)
    for command in ("check", "build"):
        done = project.run(command)
        assert done.returncode == 1, done.stderr
        assert all(words in done.stderr for words in FAULTS[fault]), done.stderr
        assert "Traceback" not in done.stderr
    assert project.state() == before


def test_markup_in_a_text_field_is_shown_as_text(project):
    identifier = project.tables.rows("cameo")[0]
    assert identifier
    rows = project.tables.rows("glossary")
    rows[0]["definition"] = '<script>alert(1)</script><img src=x onerror=alert(2)> #eval("1") ${x}'
    project.tables.write("glossary", rows)
    done = project.run("build")
    assert done.returncode == 0, done.stderr
    html = project.state()["reports/latest/report.html"].decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html and "<img src=x" not in html


def test_a_failing_cell_is_named_and_kept_and_the_old_report_stays(project):
    assert project.run("build").returncode == 0
    before = project.state()
    edit(project, "01-small", "number-guard", "total = 1\nraise ValueError('no such luck')")
    done = project.run("build")
    assert done.returncode == 1
    assert "01-small, cell number-guard: ValueError: no such luck" in done.stderr
    assert "----> 2 raise ValueError" in done.stderr
    kept = project.folder / ".cache/failed/01-small.ipynb"
    assert kept.exists() and str(kept) in done.stderr
    assert project.state() == before


def test_a_wrong_number_in_the_prose_breaks_the_build(project):
    path = project.folder / "notebooks/01-small.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('shown=\\"185\\"', 'shown=\\"186\\"'), encoding="utf-8")
    done = project.run("build")
    assert done.returncode == 1 and "the sentence says '186', the evidence gives 185" in done.stderr


def test_an_unreadable_notebook_is_named(project):
    (project.folder / "notebooks/02-small.ipynb").write_text("{ not json")
    done = project.run("build")
    assert done.returncode == 1 and "02-small.ipynb: not readable as a notebook" in done.stderr


def test_a_broken_editions_file_is_named(project):
    (project.folder / "editions.toml").write_text("[latest]\nas_of = 2026-13-01\n")
    done = project.run("build")
    assert done.returncode == 2 and "editions.toml" in done.stderr and "Traceback" not in done.stderr


def test_a_damaged_cache_entry_is_found_out_and_built_again(project):
    project.run("build")
    before = project.state()
    for path in (project.folder / ".cache/chapters").rglob("notebook.ipynb"):
        path.write_text(path.read_text(encoding="utf-8").replace("185", "999"), encoding="utf-8")
    (project.folder / "reports/latest/report.html").unlink()  # else nothing is taken from the cache
    done = project.run("build", "--explain")
    assert done.returncode == 0 and re.search(r"01-small +ran", done.stdout)
    assert project.state() == before


def test_a_killed_build_leaves_the_old_report_and_the_next_one_works(project):
    project.run("build")
    before = project.state()
    edit(project, "01-small", "number-guard", "import time\ntime.sleep(60)")
    running = subprocess.Popen(
        [sys.executable, "-m", "explainer.cli", "build"],
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(6)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert project.state() == before
    edit(project, "01-small", "number-guard", "print('mended')")
    assert project.run("build").returncode == 0


# --- The swap ---------------------------------------------------------------------------------------------------


def folders(tmp_path: Path) -> list[tuple[Path, Path]]:
    pairs = [(tmp_path / f"new{n}", tmp_path / f"target{n}") for n in (1, 2)]
    for new, target in pairs:
        for folder, text in ((new, "new"), (target, "old")):
            folder.mkdir()
            (folder / "file").write_text(text)
    return pairs


def test_a_swap_killed_between_two_folders_is_finished_by_the_next_build(tmp_path, monkeypatch):
    pairs, journal = folders(tmp_path), tmp_path / "swap.json"
    calls = []

    def once(first: Path, second: Path) -> None:
        if calls:
            raise KeyboardInterrupt
        calls.append(first)
        exchange(first, second)

    monkeypatch.setattr("explainer.build.swap.exchange", once)
    with pytest.raises(KeyboardInterrupt):
        swap_in(pairs, journal)
    assert (pairs[1][1] / "file").read_text() == "old" and journal.exists()
    monkeypatch.undo()
    assert recover(journal)
    assert [(target / "file").read_text() for _, target in pairs] == ["new", "new"]
    assert not journal.exists() and not any(new.exists() for new, _ in pairs) and not recover(journal)
    assert not any((target / ".swapped").exists() for _, target in pairs)


def test_a_torn_journal_is_dropped(tmp_path):
    journal = tmp_path / "swap.json"
    journal.write_text('[["half')
    assert not recover(journal) and not journal.exists()


def test_a_second_build_of_the_same_edition_is_refused(tmp_path):
    with locked(tmp_path / "lock"), pytest.raises(BuildBusyError, match="another build"), locked(tmp_path / "lock"):
        pass


# --- nbval: a change in what was computed is seen ------------------------------------------------------------------


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
def test_nbval_fails_when_a_number_a_table_cell_or_chart_data_changes(project, change):
    assert project.run("build").returncode == 0
    if change:
        change(project)
    done = nbval(project)
    assert (done.returncode == 0) == (change is None), done.stdout[-2000:]
    if change:
        assert "failed" in done.stdout
