"""`explainer add`: the id is proposed, what does not fit is refused with the reason, no other row changes a byte."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conftest import Project
from explainer.author.add import Addition, place_of, propose_id
from explainer.evidence.evidence import Evidence, EvidenceError
from explainer.evidence.schema import TABLES

EVENT = {
    "date": "2025-12-20",
    "actor": "JP-PM",
    "category": "diplomatic",
    "summary": 'The prime minister met "nobody", and said so.',
    "source_ids": "yomiuri-2025-11-10-reflects;jiji-2025-11-10-not-retract",
    "confidence": "confirmed",
}
STATEMENT = {
    "date": "2025-12-20",
    "speaker": "Sanae Takaichi",
    "actor": "JP-PM",
    "reacts_to": "2025-11-07",
    "question": "remark",
    "stance": "supportive",
    "paraphrase": "Repeated the government's earlier position.",
    "source_ids": "yomiuri-2025-11-10-reflects",
    "confidence": "reported",
}
SOURCE = {
    "publisher": "Mainichi Shimbun (via Yahoo)",
    "title": "Première réponse: what was said",
    "url": "https://example.org/a,b",
    "published": "2025-12-20",
    "type": "press",
    "lang": "ja",
    "origin": "mainichi",
}
GOOD = {
    "event": (EVENT, "2025-12-20-met-nobody-so"),
    "statement": (STATEMENT, "2025-12-20-takaichi-repeated-governments"),
    "source": (SOURCE, "mainichi-2025-12-20-premiere-reponse-what"),
}
TABLE = {"event": "events", "statement": "statements", "source": "sources"}


def options(row: dict[str, str]) -> list[str]:
    return [part for name, text in row.items() for part in (f"--{name.replace('_', '-')}", text)]


def content(project: Project, kind: str) -> bytes:
    return project.tables.path(TABLE[kind]).read_bytes()


@pytest.mark.parametrize("kind", GOOD)
def test_a_row_is_written_in_its_place_and_no_other_byte_changes(project, kind):
    row, identifier = GOOD[kind]
    before = content(project, kind)
    done = project.run("add", kind, "--no-ask", *options(row))
    assert done.returncode == 0, done.stderr
    after = content(project, kind)
    [line] = set(after.splitlines(keepends=True)) - set(before.splitlines(keepends=True))
    assert after.replace(line, b"", 1) == before
    number = after.splitlines(keepends=True).index(line) + 1
    assert done.stdout.strip() == f"{TABLE[kind]}.csv:{number} {identifier}"
    written = next(r for r in project.tables.rows(TABLE[kind]) if identifier in r.values())
    assert {name: written[name] for name in row} == row
    keys = [(r.get("date", ""), next(iter(r.values()))) for r in project.tables.rows(TABLE[kind])]
    assert keys == sorted(keys)
    assert Evidence.load(folder=project.tables.folder)  # the tables still hold together
    assert f"{len(keys)} rows" in (project.folder / "data/README.md").read_text(encoding="utf-8")


REFUSED = [
    ("event", {"date": "20 December"}, "events.csv [date] '20 December'", "YYYY-MM-DD"),
    ("event", {"category": "diplomacy"}, "[category]", "did you mean 'diplomatic'?"),
    ("event", {"summary": ""}, "[summary]", "fill in summary"),
    ("event", {"source_ids": "yomiuri-2025-11-10-reflect"}, "no such row in sources.csv", "did you mean 'yomiuri-"),
    ("event", {"event_id": "2025-11-10-no-retraction"}, "duplicate of line 12", "its own identifier"),
    ("event", {"end_date": "2025-12-01"}, "ends before it starts", "correct one of the two"),
    ("event", {"since": "2025-12-01"}, "known before it could be", "2025-12-20 or later"),
    ("event", {"source_ids": "yomiuri-2025-11-10-reflects"}, "too high for its sources", "write reported"),
    ("statement", {"quote": "word " * 25 + "word"}, "too long for a quotation", "25 words"),
    ("statement", {"quote": "Words"}, "a quotation without its language", "language code"),
    ("statement", {"stakeholder_id": "jp-ishinn"}, "no such row in stakeholders.csv", "did you mean 'jp-ishin'"),
    ("source", {"origin": ""}, "[origin]", "fill in origin"),
    ("source", {"url": "example.org"}, "does not read as an address", "http"),
]


@pytest.mark.parametrize(("kind", "change", "what", "mend"), REFUSED)
def test_what_does_not_fit_is_refused_with_the_reason_and_nothing_is_written(tables, kind, change, what, mend):
    addition = Addition(kind, tables.folder)
    before = addition.path.read_bytes()
    row = GOOD[kind][0] | change
    row.setdefault(addition.table.key[0], addition.propose_id(row))
    with pytest.raises(EvidenceError) as caught:
        addition.write(row)
    assert what in str(caught.value) and mend in str(caught.value), caught.value
    assert addition.path.read_bytes() == before


def test_a_page_that_stands_already_is_refused_by_its_address(tables):
    addition = Addition("source", tables.folder)
    url = tables.rows("sources")[4]["url"]
    with pytest.raises(EvidenceError, match="the same address as line 6"):
        addition.write(SOURCE | {"source_id": "mainichi-new", "url": url + "/"})


def test_the_command_refuses_with_every_reason_at_once(project):
    before = content(project, "event")
    done = project.run("add", "event", "--no-ask", *options(EVENT | {"category": "diplomacy", "date": ""}))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "[category]" in done.stderr and "[date]" in done.stderr
    assert content(project, "event") == before


def test_faulty_tables_are_named_before_anything_is_added(project):
    project.tables.change("events", 3, date="soon")
    done = project.run("add", "event", "--no-ask", *options(EVENT))
    assert done.returncode == 1 and "events.csv:5 [date] 'soon'" in done.stderr


def test_columns_are_asked_for_one_by_one_until_the_answer_fits(project):
    given = {k: v for k, v in EVENT.items() if k not in ("date", "category")}
    # date (twice), end_date, target, category (twice), label, detail, code, reason, since, id
    answers = ["tomorrow", "2025-12-20", "", "", "diplomacy", "diplomatic", "", "", "", "", "", ""]
    done = subprocess.run(
        [sys.executable, "-m", "explainer.cli", "add", "event", "--ask", *options(given)],
        cwd=project.folder,
        env=project.environment,
        input="\n".join(answers) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "'tomorrow'" in done.stderr and "YYYY-MM-DD" in done.stderr
    assert "Local day of the event" in done.stderr and "diplomatic, economic" in done.stderr
    assert "event_id [2025-12-20-met-nobody-so]" in done.stderr
    assert done.stdout.strip().endswith("2025-12-20-met-nobody-so")


def test_an_answer_broken_off_writes_nothing(project):
    before = content(project, "event")
    done = subprocess.run(
        [sys.executable, "-m", "explainer.cli", "add", "event", "--ask"],
        cwd=project.folder,
        env=project.environment,
        input="2025-12-20\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and content(project, "event") == before


def test_a_proposed_id_is_free_and_plain():
    row = {"date": "2025-12-20", "summary": "Jägers' own café, naïvely reopened"}
    assert propose_id("events", row, set()) == "2025-12-20-jagers-own-cafe-naively"
    assert propose_id("events", row, {"2025-12-20-jagers-own-cafe-naively"}) == "2025-12-20-jagers-own-cafe-naively-2"
    assert propose_id("sources", {"publisher": "朝日", "title": "語"}, set()) == "undated"


def test_a_place_is_found_behind_fields_that_run_over_lines():
    table = TABLES["sources"]
    header = ",".join(table.names)
    tail = "," * (len(table.names) - 2)
    text = f'{header}\na,"two\nlines"{tail}\nc,x{tail}\n'.encode()
    line, offset = place_of(text, table, {"source_id": "b"})
    assert line == 4 and text[offset:].startswith(b"c,x")
    assert place_of(b"\xef\xbb\xbf" + text, table, {"source_id": "d"}) == (5, len(text) + 3)
