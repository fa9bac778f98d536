"""What a build refuses: one clear error, the right status, the old report whole."""

from __future__ import annotations

import pytest

from conftest import Project

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
