"""What a build refuses: one clear error, the right status, the old report whole."""

from __future__ import annotations

import pytest

from conftest import Project

REFUSED = [
    (["build", "-p", "focsu=CN"], 2, "unknown parameter 'focsu': did you mean 'focus'?"),
    (["build", "--focus", "XX"], 2, "no such actor"),
    (["build", "--as-of", "2031-01-01"], 2, "the evidence reaches"),
    (["build", "--as-of", "2001-01-01"], 2, "the evidence begins"),
    (["build", "--as-of", "tomorrow"], 2, "does not read as a day"),
    (["build", "--edition", "lates"], 2, "did you mean 'latest'?"),
    (["build", "-p", "focus"], 2, "name=value"),
]


@pytest.mark.parametrize(("arguments", "status", "message"), REFUSED)
def test_bad_parameters_stop_before_a_kernel_starts(tiny_built, arguments, status, message):
    before = tiny_built.state()
    done = tiny_built.run(*arguments)
    assert done.returncode == status and message in done.stderr
    assert "Traceback" not in done.stderr and tiny_built.state() == before


def bad_date(project: Project) -> None:
    project.tables.change("events", 1, date="2024-02-30")


def unknown_source(project: Project) -> None:
    project.tables.change("events", 1, source_ids="nobody-2024-01-01-nothing")


def too_many_fields(project: Project) -> None:
    path = project.tables.path("events")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], lines[2] + ",surplus"]) + "\n", encoding="utf-8")


def not_utf8(project: Project) -> None:
    path = project.tables.path("events")
    path.write_bytes(path.read_bytes() + "\névé".encode("latin-1"))


def unknown_label(project: Project) -> None:
    project.tables.change("events", 1, confidence="sure")


def missing_column(project: Project) -> None:
    rows = [{k: v for k, v in row.items() if k != "actor"} for row in project.tables.rows("events")]
    project.tables.write("events", rows)


def duplicate_id(project: Project) -> None:
    project.tables.change("events", 1, event_id=project.tables.rows("events")[0]["event_id"])


FAULTS = {
    bad_date: ("events.csv:3 [date] '2024-02-30'", "YYYY-MM-DD"),
    unknown_source: ("events.csv:3 [source_ids] 'nobody-2024-01-01-nothing'", "sources.csv"),
    too_many_fields: ("events.csv:3", "fields"),
    not_utf8: ("events.csv", "UTF-8"),
    unknown_label: ("events.csv:3 [confidence] 'sure'", "use one of"),
    missing_column: ("events.csv:1 [actor]", "missing"),
    duplicate_id: ("events.csv:3 [event_id]", "duplicate"),
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_bad_evidence_is_refused_and_the_old_report_stays(tiny, fault):
    (tiny.folder / "reports/latest").mkdir(parents=True)
    (tiny.folder / "reports/latest/report.html").write_text("old")
    before = tiny.state()
    fault(tiny)
    for command in ("check", "build"):
        done = tiny.run(command)
        assert done.returncode == 1, done.stderr
        assert all(words in done.stderr for words in FAULTS[fault]), done.stderr
        assert "Traceback" not in done.stderr
    assert tiny.state() == before
