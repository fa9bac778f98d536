"""What differs between two editions: each edit is one change of the right class; equal editions have none."""

import copy
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_markdown_cell

import publish_fixture
from conftest import FIXTURES, Project
from explainer.cli import main
from explainer.editions import changed as changes
from explainer.editions.compare import compare
from explainer.editions.diff import of_built, snapshot
from explainer.evidence.evidence import Evidence
from explainer.project import DATA
from explainer.publish.html.exporter import render
from explainer.publish.resolve import combine


class Checkout(Project):
    """The tables and two small chapters, as another checkout of the project holds them."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        shutil.copytree(DATA, folder / "data")
        shutil.copytree(FIXTURES / "chapters", folder / "notebooks")

    def row(self, table: str, key: str, **values: str) -> None:
        self.tables.change(table, self.tables.place(table, key), **values)

    def text(self, cell: str, old: str, new: str) -> None:
        path = self.folder / "notebooks/01-small.ipynb"
        source = next(c.source for c in nbformat.read(path, 4).cells if c["id"] == cell)
        assert old in source
        self.edit(cell, source.replace(old, new), "01-small")


@pytest.fixture
def sides(tmp_path: Path) -> list[Checkout]:
    return [Checkout(tmp_path / name) for name in ("before", "after")]


def run(first: object, second: object, *options: str) -> str:
    done = CliRunner().invoke(main, ["diff", str(first), str(second), *options])
    assert done.exit_code == 0, done.output
    return done.output


def run_json(first: object, second: object) -> dict:
    return json.loads(run(first, second, "--json"))


EVENT = {"event_id": "2026-02-01-a-seeded-event", "date": "2026-02-01", "actor": "JP", "category": "political",
         "summary": "Something was seeded.", "source_ids": "kyodo-2026-02-03-kihara",
         "confidence": "reported"}  # fmt: skip


def test_equal_editions_differ_in_nothing(sides):
    before, after = sides
    found = run_json(before.folder, after.folder)
    assert (found["changes"], found["follows"], found["counts"]) == ([], [], {})
    assert "Nothing differs." in run("latest", "latest")


def test_three_seeded_changes_are_three(sides):
    before, after = sides
    after.tables.add("events", **EVENT)
    after.row("statements", "2025-11-03-lin-normal", quote="There's nothing strange about it")
    after.text("number", "185 votes", "186 votes")
    found = run_json(before.folder, after.folder)
    assert {(c["kind"], c["change"], c["id"]) for c in found["changes"]} == {
        ("fact", "new", "2026-02-01-a-seeded-event"),
        ("quote", "correction", "2025-11-03-lin-normal"),
        ("number", "correction", "number"),
    }
    assert len(found["changes"]) == 3
    assert [c["id"] for c in found["follows"]] == ["coding"], "what counts these rows is no change of its own"
    quote = next(c for c in found["changes"] if c["kind"] == "quote")
    assert quote["columns"] == ["quote"] and quote["before"].endswith("interactions")
    text = run(before.folder, after.folder)
    assert "+ new        1 event" in text and "! correction 1 paragraph of chapter 1, 1 statement" in text
    assert "185 votes" in text and "186 votes" in text


def test_every_class_and_kind(sides):
    before, after = sides
    runner_up = "ldp-leadership-2025-runoff-takaichi"
    after.row("observations", runner_up, value="186")
    event = "2025-10-28-trump-takaichi-tokyo"
    summary = "Trump and Takaichi signed a critical minerals and rare earths framework when they met in Tokyo."
    after.row("events", event, summary=summary)
    after.row("stakeholders", "jp-cdp", stance="cautious")
    after.row("calendar", "2026-08-04-defence-white-paper-2026", date="2026-08-05")
    cited = after.tables.rows("contested")[after.tables.place("contested", "q01-change-of-position-06")]["source_ids"]
    after.row("contested", "q01-change-of-position-06", source_ids=f"{cited};yomiuri-2025-11-27-leaders-debate")
    after.tables.write("claims", [r for r in after.tables.rows("claims") if r["claim_id"] != "seed-06"])
    after.row("glossary", "survival-threatening-situation", definition="Another definition, never used.")
    told = {"day": "2026-08-20", "place": "survival-threatening-situation", "was": "old", "is": "new"}
    after.tables.add("corrections", correction_id="c1", noticed_by="a reader", **{"class": "update"}, **told)
    after.text("title", "answered a question in the Diet", "gave an answer in the Diet to a question")
    found = run_json(before.folder, after.folder)
    assert {c["id"]: (c["kind"], c["change"]) for c in found["changes"]} == {
        f"{runner_up} 2025-10-04": ("number", "correction"),
        event: ("fact", "wording"),
        "jp-cdp": ("stance", "correction"),
        "2026-08-04-defence-white-paper-2026": ("fact", "correction"),
        "q01-change-of-position-06": ("fact", "update"),
        "seed-06": ("stance", "correction"),
        "survival-threatening-situation": ("fact", "update"),
        "title": ("prose", "wording"),
    }


def test_days_of_one_evidence_are_told_from_earlier_to_later():
    days = [snapshot(day, exhibits=False) for day in ("2026-02-10", "2026-03-01")]
    forth, back = (compare(*sides).as_json() for sides in (days, days[::-1]))
    assert forth == back and forth["from"]["as_of"] == "2026-02-10"
    assert set(forth["counts"]) == {"new", "update"}, "the same row of two days is never a correction"
    events = {c["id"] for c in forth["changes"] if c["where"] == "events" and c["change"] == "new"}
    whole = Evidence.load("2026-03-01").events
    assert events == set(whole.loc[whole["known"] > "2026-02-10", "event_id"])
    cells = {c["id"] for c in forth["changes"] if c["where"] == "01-at-a-glance"}
    assert "points-costs" in cells  # since:2026-02-19


def edition(root: Path, manifest: dict) -> Path:
    (root / "figures/latest").mkdir(parents=True)
    (root / "figures/latest/manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return root / "reports/latest"


def test_built_editions_are_compared_as_they_were_printed(tmp_path):
    manifest = publish_fixture.manifest() | {"prose": {"01-a": {"opening": [["It was said [@a].", "a"]]}}}
    changed = copy.deepcopy(manifest)
    table = next(f for f in changed["figures"] if any(m.get("id") for m in f["table"]["rows_meta"]))
    table["table"]["rows"][0][0] = "Other words"
    table["digest"] = "0" * 16
    figure = next(f for f in changed["figures"] if f["kind"] == "figure")
    figure["claim"] = "Another claim"
    changed["prose"]["01-a"]["opening"][0][0] = "It was not said [@a]."
    first, same, second = (
        of_built(edition(tmp_path / name, one))
        for name, one in (("first", manifest), ("same", manifest), ("second", changed))
    )
    assert compare(first, same).changes == ()
    diff = compare(first, second)
    assert {(c.where, c.id, c.change) for c in diff.changes} == {
        ("rows", table["table"]["rows_meta"][0]["id"], "correction"),
        ("exhibits", figure["id"], "wording"),
        ("01-a", "opening", "correction"),
    }
    assert [c.id for c in diff.follows] == [table["id"]]


def test_the_newer_edition_opens_with_what_changed(evidence):
    notebooks = {key: nb for key, nb in publish_fixture.chapters()}
    told = changes.since_previous(evidence, notebooks)
    assert told["before"]["name"] == "late-summer" and told["total"] == sum(_stands_for(told))
    assert "correct" not in told["text"], "a past edition is rebuilt with what was corrected since: rows do not show it"
    assert "September 2026.** " in told["text"]
    assert changes.since_previous(evidence.cut("2025-11-30"), notebooks) == {}, "the first edition has none before it"


def _stands_for(told: dict) -> list[int]:
    found = []
    for group in told["groups"]:
        for item in group["items"]:
            more = item["what"].rpartition(", and ")[2].removesuffix(" earlier")
            found.append(1 + (int(more) if more.isdigit() and item["what"].endswith(" earlier") else 0))
    return found


def test_the_list_is_folded_in_the_page_and_its_words_are_escaped():
    item = {"change": "new", "day": "2026-02-24", "what": "<b>bold</b> & more", "detail": ""}
    told = {"before": {"name": "x", "title": "X", "as_of": "2026-02-10"}, "text": "This one has one event more."}
    told |= {"total": 1, "groups": [{"title": "1 event", "items": [item]}]}
    manifest = publish_fixture.manifest() | {"changes": told}
    chapters = changes.with_section(dict(publish_fixture.chapters()), manifest)
    first = next(iter(chapters.values()))
    headings = [c.source for c in first.cells if c.cell_type == "markdown" and c.source.startswith("## ")]
    assert headings[0].startswith("## What changed since the edition before"), "at the top: before any other section"
    page = render(combine(chapters.items(), manifest), publish_fixture.FIGURES)
    folded = page[page.index('<details class="changes">') :].partition("</details>")[0]
    assert "All 1 changes since 10 February 2026" in folded
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more (24 February 2026)" in folded and "<b>bold" not in page
    unchanged = dict(publish_fixture.chapters())
    assert changes.with_section(unchanged, {}) == unchanged


def test_the_section_counts_the_corrections_that_the_report_lists():
    listed = [{"class": name} for name in ("correction", "correction", "wording")]
    manifest = {"changes": {"text": "One event more."}, "corrections": listed}
    chapters = changes.with_section(dict(publish_fixture.chapters()), manifest)
    [section] = [c.source for c in next(iter(chapters.values())).cells if c.id == changes.GENERATED]
    assert "Three corrections of earlier editions are listed in the record." in section


def test_an_event_that_the_chapter_tells_is_not_told_again(evidence):
    notebooks = {key: copy.deepcopy(nb) for key, nb in publish_fixture.chapters()}
    told = changes.since_previous(evidence, notebooks)["text"]
    label = re.search(r"\[=([^\]]+)\]", told)[1]
    next(iter(notebooks.values())).cells.append(new_markdown_cell(f"Told above [={label}]."))
    assert f"[={label}]" not in changes.since_previous(evidence, notebooks)["text"]


def test_words_of_a_row_are_never_markup():
    assert changes.plain("a [link](x) *b* <i> @fig-x [=row].") == r"a \[link\](x) \*b\* \<i\> \@fig-x \[=row\]"
