"""A brief from one actor's side: its rows and nobody else's, two to four pages, empty parts said openly."""

import io
import re
import shutil
from pathlib import Path

import nbformat
import pikepdf
import pytest

from alliance.brief import numbers as brief
from conftest import copy_project
from explainer.check import sentences as prose
from explainer.check.order import reading_problems
from explainer.editions import parameters
from explainer.editions.editions import requested
from explainer.editions.manifest import write_manifest
from explainer.editions.pages import make_html, make_pdf
from explainer.evidence.evidence import EvidenceError
from explainer.exhibits.kit import Gallery
from explainer.project import NOTEBOOKS
from explainer.text import chapters as words

FOLDER = NOTEBOOKS / parameters.BRIEFS
ACTORS = ("CN", "JP", "US", "TW", "FR", "JP-JCP", "UN")


def build(evidence, focus: str, stage: Path) -> tuple[str, bytes]:
    """Build a brief without a kernel: run its exhibits and publish them as the build does."""
    (stage / "figures").mkdir(parents=True)
    edition = requested(None, str(evidence.as_of), focus, {})
    nb = nbformat.read(FOLDER / "01-brief.ipynb", 4)
    gallery = Gallery(evidence, "01-brief")
    for cell in nb.cells:
        if "table" in cell.metadata.get("tags", []):
            shown = gallery.compute(re.search(r'show\("([\w-]+)", focus=focus\)', cell.source)[1], focus=focus)
            shown.save(stage / "figures")
            data, metadata = shown._repr_mimebundle_()
            cell.outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
    values = parameters.check(edition.values, evidence)
    manifest = write_manifest(stage / "figures", edition, evidence, values, {"01-brief": nb}, {})
    figures = {path.name: path.read_bytes() for path in sorted((stage / "figures").iterdir())}
    made = [make({"01-brief": nbformat.writes(nb)}, manifest, figures) for make in (make_html, make_pdf)]
    return made[0]["report.html"].decode(), made[1]["report.pdf"]


@pytest.mark.parametrize("focus", ["CN", "JP", "US", "FR"])
def test_a_brief_has_two_to_four_pages_and_names_its_actor(evidence, focus, tmp_path):
    html, pdf = build(evidence, focus, tmp_path)
    name = brief.short_name(evidence, focus)
    assert f"<h1>Brief: {name} in “If the alliance is tested" in html
    assert html.count('<figure class="table') + html.count("<figure") >= 6
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert 2 <= len(opened.pages) <= 4


def test_what_is_empty_is_said(evidence, tmp_path):
    html, _ = build(evidence, "FR", tmp_path)
    assert "No act found by 10 October 2026." in html and "Of France, no act is on record" in html
    assert "Of France, 1 statement is on record" in html


def test_an_early_brief_holds_nothing_later(evidence, tmp_path):
    html, _ = build(evidence.cut("2025-10-20"), "TW", tmp_path)
    assert "found by 20 October 2025." in html
    own = r'<section[^>]*"h-corrections">.*?</section>|"correction":\[.*?\]'  # told in every edition, whatever its day
    assert len(re.findall(own, html, flags=re.S)) == 2
    html = re.sub(own + "|<style>.*?</style>", "", html, flags=re.S)
    assert not re.search(r"(?:November|December) 2025|\b2026\b", html)


def test_a_state_speaks_through_its_bodies_and_nobody_else(evidence):
    own = brief.members(evidence, "CN")
    assert {"CN", "CN-MFA", "CN-PLA", "CN-UN"} <= own and not own & {"CN-MEDIA", "CN-BUSINESS", "CN-ANALYST"}
    assert brief.members(evidence, "JP-LDP") == {"JP-LDP"}
    with pytest.raises(EvidenceError, match="no such actor"):
        brief.members(evidence, "XX")


@pytest.mark.parametrize("focus", ACTORS)
def test_rows_are_those_of_the_actor(evidence, focus):
    own = brief.members(evidence, focus)
    said = brief.said(evidence, focus)
    assert set(said["actor"]) <= own and len(said) == sum(row in own for row in evidence.statements["actor"])
    did, heard = brief.did(evidence, focus), brief.heard(evidence, focus)
    assert all(set(codes.split(";")) & own for codes in did["actor"])
    assert not set(heard["id"]) & {*did["event_id"], *said["statement_id"]}


def test_what_others_did_and_said_to_it(evidence):
    heard = brief.heard(evidence, "JP")
    assert "2026-01-06-dual-use-ban" in set(heard.loc[heard["done"], "id"])
    assert "2026-01-06-dual-use-ban" in set(brief.did(evidence, "CN")["event_id"])
    told = set(heard.loc[~heard["done"], "id"])
    frame = evidence.statements[evidence.statements["statement_id"].isin(told)]
    assert len(frame) and frame["actor"].isin(brief.members(evidence, "JP")).sum() == 0
    assert brief.names_it(evidence, "US").search("the US said") and not brief.names_it(evidence, "US").search("USSR")


def test_the_frame_keeps_the_rules_of_chapters(evidence):
    texts = words.read_chapters(FOLDER)
    assert reading_problems(texts, evidence.last_day) == []
    known = prose.known_by_day(evidence, texts)
    for key, nb in texts.items():
        places = prose.placed(key, nb)
        entries = []
        problems = list(prose.check_chapter(nb, places, known, entries))
        assert problems == [] and len(entries) > 10


def test_the_command_line_builds_a_brief_beside_the_report(tmp_path):
    project = copy_project(tmp_path / "project")
    shutil.copytree(FOLDER, project.folder / "notebooks" / parameters.BRIEFS)
    done = project.run("build", "--focus", "TW")
    assert done.returncode == 0, done.stderr
    files = project.state()
    assert b"Brief: Taiwan in" in files["reports/latest_focus-TW/report.html"]
    assert not any(name.startswith("reports/latest/") for name in files), "the report itself is not touched"
