"""Corrections: listed, and marked at the corrected paragraph, row and exhibit, in page and PDF."""

import io
import json

import nbformat
import pytest
from bs4 import BeautifulSoup
from pypdf import PageObject, PdfReader

from conftest import FIXTURES, Tables
from explainer.check.exhibits import misplaced_corrections
from explainer.editions.manifest import corrections
from explainer.evidence.evidence import Evidence
from explainer.publish.pdf.exporter import render_papers
from explainer.publish.resolve import combine
from publish_fixture import chapters, fixture_page, manifest, registers

PDF = FIXTURES / "pdf"


def correction(key: str, place: str, **changed: str) -> dict[str, str]:
    entry = {"correction_id": key, "day": "2026-03-01", "place": place, "class": "correction"}
    return entry | {"was": f"Old {key}.", "is": f"New {key}.", "noticed_by": "a reader", "source_ids": ""} | changed


PLACES = [
    correction("cell", "01-first/read", source_ids="tourism-2026"),
    correction("row", "2026-01-06-ban", **{"class": "update", "day": "2026-03-02"}),
    correction("figure", "fig-visits", **{"class": "wording", "was": "<b>Old</b>"}),
    correction("chapter", "02-second"),
]


@pytest.fixture(scope="module")
def soup() -> BeautifulSoup:
    return BeautifulSoup(fixture_page(manifest() | {"corrections": PLACES}), "html.parser")


def text(node) -> str:
    return " ".join(node.get_text().split())


@pytest.mark.parametrize(
    ("key", "inside", "words"),
    [
        ("cell", "#cell-01-read", "Corrected 1 March 2026"),
        ("row", "#event-2026-01-06-ban", "Updated 2 March 2026"),
        ("figure", "#fig-visits", "Reworded 1 March 2026"),
    ],
)
def test_a_corrected_place_is_marked_and_linked_both_ways(soup, key, inside, words):
    [mark] = soup.select(f"{inside} a.corrected")
    assert (mark["id"], mark["href"], text(mark)) == (f"corrected-{key}", f"#correction-{key}", words)
    entry = soup.find(id=f"correction-{key}")
    assert entry.find("a", role="doc-backlink")["href"] == f"#corrected-{key}"


def test_the_list_says_what_stood_there_what_stands_there_and_who_noticed(soup):
    entries = [text(item) for item in soup.select("ul.corrections li")]
    assert entries[0].startswith("Update, Table 1. It said: “Old row.” It says: “New row.”")
    assert text(soup.select("#corrections h3")[0]) == "2 March 2026"
    assert any("chapter 1. It said: “Old cell.”" in e and "Tourism Office." in e for e in entries)
    assert "Noticed by a reader:" in [text(one) for one in soup.select("#corrections p")]
    assert any("Figure 1. It said: “<b>Old</b>”" in e for e in entries)
    [whole] = [e for e in entries if "Old chapter" in e]
    assert "chapter 2" in whole and "↑" not in whole


def test_a_report_without_corrections_says_so():
    soup = BeautifulSoup(fixture_page(manifest() | {"corrections": []}), "html.parser")
    assert "No correction to this report has been published." in text(soup.find(id="corrections"))
    assert not soup.select(".corrected")


def test_a_mark_does_not_break_the_table_that_its_text_ends_with():
    soup = BeautifulSoup(fixture_page(manifest() | {"corrections": [correction("c", "02-second/lead")]}), "html.parser")
    cell = soup.find(id="cell-02-lead")
    assert cell.table and not cell.table.select(".corrected") and cell.select("p > a.corrected")


def test_a_place_corrected_on_two_days_bears_one_mark_that_leads_to_the_newer():
    two = [correction("old", "01-first/read"), correction("new", "01-first/read", day="2026-03-05")]
    soup = BeautifulSoup(fixture_page(manifest() | {"corrections": two}), "html.parser")
    [mark] = soup.select("#cell-01-read a.corrected")
    assert (mark["href"], text(mark)) == ("#correction-new", "Corrected 5 March 2026")
    assert [item["id"] for item in soup.select("ul.corrections li")] == ["correction-new", "correction-old"]


def test_a_row_shown_twice_is_marked_twice_and_linked_once():
    made = manifest() | {"corrections": [PLACES[1]]}
    table = made["figures"][1]["table"]
    table["rows"].append(table["rows"][1])
    table["rows_meta"].append(table["rows_meta"][1])
    marks = BeautifulSoup(fixture_page(made), "html.parser").select("a.corrected")
    assert [mark.get("id") for mark in marks] == ["corrected-row", None]


def test_a_corrected_statement_is_marked_in_the_matrix_too(evidence):
    place = "2026-06-29-tokyo-lists"
    page = registers(evidence, ["who-said-what"], corrections=[correction("said", place)])
    assert BeautifulSoup(page, "html.parser").select(".matrix a.corrected") and "\ue000" not in page


def pages_of(corrections: list[dict[str, str]]) -> list[PageObject]:
    """Return the pages of report and record."""
    figures = PDF / "figures" / "latest"
    made = json.loads((figures / "manifest.json").read_text(encoding="utf-8")) | {"corrections": corrections}
    made["figures"][1]["table"]["rows_meta"][0]["id"] = "some-row"
    read = [(path.stem, nbformat.read(path, 4)) for path in sorted((PDF / "notebooks").glob("*.ipynb"))]
    files = render_papers(combine(read, made), made, figures)
    return [page for name in ("report.pdf", "record.pdf") for page in PdfReader(io.BytesIO(files[name])).pages]


def test_the_pdf_marks_lists_and_links_the_same():
    places = [correction("cell", "01-first/reading"), correction("row", "some-row", day="2026-03-02")]
    pages = pages_of([*places, correction("figure", "fig-visits", **{"class": "wording"})])
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    for mark in ("Corrected 1 March 2026", "Corrected 2 March 2026", "Reworded 1 March 2026"):
        assert words.count(mark) == 1
    assert "chapter 1. It said: “Old cell.” It says: “New cell.” Noticed by a reader." in words
    links = sum(len(page.get("/Annots", [])) for page in pages)
    assert links - sum(len(page.get("/Annots", [])) for page in pages_of([])) >= 6  # to the list, and back


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (correction("misspelt", "2025-11-10-takaichi-no-retrac"), "place", "'2025-11-10-takaichi-no-retract'"),
        (correction("itself", "itself"), "place", "no such place"),
        (correction("same", "2025-11-10-takaichi-no-retract", was="Five.", **{"is": "Five."}), "is", "before"),
    ],
)
def test_a_correction_without_a_place_or_of_nothing_is_named(tables: Tables, row, column, what):
    tables.add("corrections", **row)
    [found] = misplaced_corrections(Evidence.load(folder=tables.folder), {})
    assert (found.row, found.column) == (2, column) and what in f"{found.what}. {found.mend}"


def test_a_correction_reaches_every_edition_that_holds_its_place(tables: Tables):
    """A correction is made after the day that an edition stands for, and belongs to it all the same."""
    rows = [correction("early", "2025-11-10-takaichi-no-retract", day="2026-12-01")]
    rows += [correction("late", "2026-02-13-centrist-new-leader"), correction("cell", "01-first/read")]
    rows += [correction("later-source", "2025-11-10-takaichi-no-retract", source_ids="ann-2026-01-27-party-leaders")]
    for row in rows:
        tables.add("corrections", **row)
    evidence = Evidence.load(folder=tables.folder)
    done = dict(chapters())

    def kept(day: str) -> list[str]:
        return [c["correction_id"] for c in corrections(evidence.cut(day), done, [])]

    assert kept("2025-11-20") == ["early", "cell"]
    assert kept("2026-03-01") == ["early", "late", "cell", "later-source"]
    assert evidence.last_day.isoformat() < "2026-12-01"
