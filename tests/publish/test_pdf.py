"""The report on paper: what an assistive technology finds in it, and that it says what the page says."""

import copy
import io
import itertools
import json
import re
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
import pikepdf
import pytest
from bs4 import BeautifulSoup

from conftest import FIXTURES
from explainer.check.budgets import page_problems
from explainer.project import REPORTS
from explainer.publish.document import PublishError
from explainer.publish.pdf.exporter import render_papers
from explainer.publish.pdf.papers import BRIEF, RECORD, REPORT
from explainer.publish.pdf.prose import same_character
from explainer.publish.resolve import combine
from pdf_reader import Tag, tree
from publish_fixture import FIGURES, chapters, manifest, page

HOSTILE = FIXTURES / "pdf"
PEOPLE = [{"person_id": "aso-taro", "shown": "Aso, Taro", "named": "Aso"},
          {"person_id": "xi-jinping", "shown": "Xi Jinping", "named": "Xi"},
          {"person_id": "tamaki-denny", "shown": "Tamaki, Denny", "named": "Denny Tamaki"}]  # fmt: skip
RECORDED = (
    "# What stands behind it?\n\nTaro Aso spoke first; then Xi Jinping did (@ch-01-first).\n\n"
    "## A register <!-- #a-register -->\n\nOne."
)
NAMED = "Taro Aso spoke after Xi Jinping did.\n\nXi said no more; Aso did, and Yuichiro Tamaki."


def hostile(change=lambda nbs, own: None) -> dict[str, bytes]:
    """Render the fixture whose texts look like commands of Typst, changed if asked."""
    own = json.loads((HOSTILE / "figures" / "latest" / "manifest.json").read_text(encoding="utf-8"))
    nbs = [(path.stem, nbformat.read(path, 4)) for path in sorted((HOSTILE / "notebooks").glob("0*.ipynb"))]
    change(dict(nbs), own)
    return render_papers(combine(nbs, own), own, HOSTILE / "figures" / "latest")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, bytes]:
    """The fixture report with people and a record; nothing of the rendering stays behind."""
    own, nbs = manifest() | {"persons": PEOPLE}, copy.deepcopy(chapters())
    nbs[1][1].cells[-1].source = NAMED
    nbs[1][1].cells[-1].metadata.pop("tags", None)
    nbs.append(("03-the-record", nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(RECORDED, id="all")])))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("temporary")))
        papers = render_papers(combine(nbs, own), own, FIGURES)
        assert list(Path(tempfile.gettempdir()).iterdir()) == []
    return papers


@pytest.fixture(scope="module")
def files(made) -> dict[str, pikepdf.Pdf]:
    return {name: pikepdf.open(io.BytesIO(one)) for name, one in made.items()}


@pytest.fixture(scope="module")
def tags(files) -> Tag:
    return tree(files[REPORT])


@pytest.fixture(scope="module")
def hostile_tags() -> Tag:
    return tree(pikepdf.open(io.BytesIO(hostile()[REPORT])))


def squeezed(text: str) -> str:
    """Return a text without what depends on where lines break."""
    return re.sub(r"[\s\u00ad\u200b\u2060]+", "", text)


# --- the file


@pytest.mark.parametrize("name", [BRIEF, REPORT, RECORD])
def test_the_file_says_that_it_is_accessible_and_what_it_is(files, name):
    with files[name].open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
        assert told["dc:title"] == manifest()["title"]
    root = files[name].Root
    assert bool(root.MarkInfo.Marked) and bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(root.Lang).startswith("en")


def test_each_file_holds_its_layer(files):
    heads = {}
    for name, one in files.items():
        with one.open_outline() as outline:
            heads[name] = [item.title.lstrip("0123456789 ") for item in outline.root]
    first, second = (chapter[1].cells[0].source.splitlines()[0].lstrip("# ") for chapter in chapters())
    assert heads[BRIEF] == [first]
    assert heads[REPORT][:4] == ["Contents", "Figures and tables", first, second]
    assert {"What stands behind it?", "Glossary", "Sources", "Index of persons"} <= set(heads[RECORD])
    assert not {"What stands behind it?", "Glossary"} & set(heads[REPORT])


def test_files_of_one_report_lead_to_each_other_by_name_and_heading(files):
    def away(name):
        links = [a for leaf in files[name].pages for a in leaf.get("/Annots", [])]
        return {str(a.A.URI) for a in links if "/A" in a and not str(a.A.URI).startswith("http")}

    assert {"record.pdf", "report.pdf", "record.pdf#glossary"} <= away(BRIEF) | away(REPORT)
    assert {"brief.pdf", "report.pdf#01-first"} <= away(RECORD)
    assert not any(one.startswith("report.pdf") for one in away(REPORT))


def test_a_file_over_its_budget_is_named_with_the_mend(tmp_path):
    for name, count in ((BRIEF, 3), (REPORT, 57)):
        long = pikepdf.new()
        for _ in range(count):
            long.add_blank_page()
        long.save(tmp_path / name)
    brief, report = page_problems(tmp_path)
    assert (brief.value, report.value) == ("3", "57") and "2 pages. Mend: cut" in str(brief)
    assert "56 pages at most. Mend: shorten" in str(report)
    (tmp_path / BRIEF).unlink()
    assert page_problems(tmp_path) == []  # the brief of an actor is one file


def test_a_figure_without_words_for_the_blind_is_refused():
    def forget(nbs, own):
        own["figures"][0]["alt"] = " "

    with pytest.raises(PublishError, match="'visits' has no alt text"):
        hostile(forget)


def test_a_sign_that_no_font_has_is_refused_with_its_place():
    def write(nbs, own):
        nbs["01-first"].cells[0].source += "\n\nA sign \U0001f600 here."

    with pytest.raises(PublishError, match=r"U\+1F600.*01-first"):
        hostile(write)


# --- the tree of tags


def test_headings_go_down_one_step_at_a_time(tags):
    levels = [int(tag.kind[1]) for tag in tags.walk() if re.fullmatch(r"H[1-6]", tag.kind)]
    assert levels[0] == 1 and max(levels) >= 2
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_figures_have_the_words_of_the_page(tags):
    drawings = BeautifulSoup(page(), "html.parser").select("figure [role=img]")
    assert [tag.alt for tag in tags.all("Figure")] == [one["aria-label"] for one in drawings]


def test_tables_have_headers_and_captions(tags):
    tables = [tag for tag in tags.all("Table") if tag.all("Caption")]
    assert tables
    for table in tables:
        heads = table.all("THead")[0].all("TH")
        assert heads and all(str(head.attributes["/Scope"]) == "/Column" for head in heads)
        assert len(heads) == len(table.all("TBody")[0].all("TR")[0].all("TD", "TH"))


def test_links_have_a_name_and_a_place_to_go(files, tags):
    assert all(link.text().strip() or link.alt for link in tags.all("Link"))
    links = [a for leaf in files[REPORT].pages for a in leaf.get("/Annots", []) if a.get("/Subtype") == "/Link"]
    assert links and all("/A" in a or "/Dest" in a for a in links)
    assert all(str(a.get("/Contents", "")).strip() for a in links)


def test_a_row_leads_to_the_entries_of_its_sources_in_the_list(files):
    links = [(leaf, one) for leaf in files[REPORT].pages for one in leaf.get("/Annots", [])]
    listed = {(leaf.objgen, one.Rect[3]): str(one.A.URI) for leaf, one in links if "/A" in one}
    rows = [one.Dest for _, one in links if "tables name" in str(one.Contents)]
    led = [listed.get((row[0].objgen, row[3])) for row in rows if isinstance(row, pikepdf.Array)]
    tables = [entry["table"]["rows"] for entry in manifest()["figures"] if entry["kind"] == "table"]
    named = [one for rows in tables for row in rows for cell in row if isinstance(cell, list) for one in cell]
    addresses = [manifest()["sources"][one]["url"] for one in named]
    assert led == [address if address.startswith("http") else None for address in addresses] and any(led)


def test_an_address_in_other_letters_is_written_as_the_format_allows():
    def change(nbs, own):
        own["sources"]["mofa-1"]["url"] = "https://example.org/有事?a=%20"

    with pikepdf.open(io.BytesIO(hostile(change)[RECORD])) as pdf:
        links = [a for leaf in pdf.pages for a in leaf.get("/Annots", []) if "/A" in a]
        told = {str(a.A.URI): str(a.Contents) for a in links}
    assert not told["https://example.org/%E6%9C%89%E4%BA%8B?a=%20"].startswith("https:")


def test_everything_said_is_in_a_tag_that_says_what_it_is(tags):
    document = tags.all("Document")[0]
    assert [part for part in document.content if isinstance(part, str) and part.strip()] == []
    loose = [tag.text() for tag in document.content if isinstance(tag, Tag) and tag.kind in ("Span", "Strong", "Em")]
    assert loose == []


def test_japanese_is_marked_and_has_its_reading(files, tags):
    marked = {tag.text().strip() for tag in tags.walk() if tag.lang == "ja"} | set(tags.spoken.get("ja", []))
    assert any("有事" in text for text in marked) and "訪日自粛" in marked
    assert any("yūji" in text for text in marked)
    english = "".join(tags.spoken.get("", []))
    assert not re.search(r"[\u3040-\u30ff\u3400-\u9fff]", english)


# --- the text


def said(tag: Tag) -> str:
    """Return the text of a tag without the numbers of notes."""
    parts = (part if isinstance(part, str) else said(part) for part in tag.content if not is_note(part))
    return "".join(parts)


def is_note(part: str | Tag) -> bool:
    return isinstance(part, Tag) and part.kind == "Link" and part.text().strip().isdigit()


def blocks_of_page(html: str) -> list[str]:
    """Return the texts of the page's chapters, block by block: prose, captions and tables, without notes and tools.

    Who said what is left out: the page sets it as a matrix, paper as a list, row after row.
    """
    soup = BeautifulSoup(html, "lxml")
    tools = "nav, script, template, figure form, .matrix, .sides, .found"
    for gone in soup.select(f"sup, [popover], .hidden, details, .foot, .kicker, {tools}"):
        gone.decompose()
    blocks = soup.select("section.chapter :is(h2, h3, h4, h5, p, li, th, td)")
    texts = (squeezed(block.get_text()) for block in blocks if not block.find(["p", "li", "td"]))
    return [text for text in texts if text]


def missing(html: str, document: Tag) -> list[str]:
    """Return the blocks of the page that the PDF lacks, or has elsewhere in its order.

    A drawing or table floats a little on paper, so exhibits are found in the order of their own, and prose in its.
    """
    text = squeezed(said(document))
    text = re.sub(r"(?<=[^\d\s])Chapter\d+(?=[A-Z])", "", text)
    lost, place = [], 0
    for block in blocks_of_page(html):
        found = text.find(same_character(block), place)
        if found < 0:
            lost.append(block)
        else:
            place = found
    return lost


def start_of_chapters(document: Tag) -> Tag:
    """Return the document from its first chapter on: the contents list says every heading already."""
    parts = document.all("Document")[0].content
    first = next(n for n, part in enumerate(parts) if isinstance(part, Tag) and re.match("H1", part.kind)
                 and part.text().startswith("Chapter"))  # fmt: skip
    return Tag("Document", content=parts[first:])


def test_the_paper_says_what_the_page_says_in_the_same_order(made):
    own, nbs = manifest() | {"persons": []}, chapters()
    document = tree(pikepdf.open(io.BytesIO(render_papers(combine(nbs, own), own, FIGURES)[REPORT])))
    assert len(blocks_of_page(page())) > 20
    lost = missing(page(), start_of_chapters(document))
    assert [block for block in lost if not block.startswith("<script>")] == []  # markup: shown, not read, on paper


def test_a_lost_or_moved_sentence_would_be_found(tags):
    assert missing("<section class=chapter><p>Never printed.</p></section>", start_of_chapters(tags))
    moved = "<section class=chapter><p>Two measures followed.</p><p>Visits halved and stayed low.</p></section>"
    assert missing(moved, start_of_chapters(tags)) == [squeezed("Visits halved and stayed low.")]


def test_text_that_looks_like_a_command_is_printed_as_it_is(hostile_tags):
    text = squeezed(hostile_tags.text())
    for words in ("Money: $5 and #let x = 1, a_b_c, not closed, @nobody <nolabel> [brackets] ~ tilde //",
                  "<script>alert(1)</script>", '#eval("1") $x$ *star* _under_ @ref <lbl>', "1990. A year, not a list.",
                  "= no heading"):  # fmt: skip
        assert squeezed(words) in text.replace("“", '"').replace("”", '"'), words


def test_rows_name_their_sources_and_take_no_note(hostile_tags):
    tables = [tag for tag in hostile_tags.all("Table") if tag.all("THead")[0].text().endswith("Sources")]
    cells = [row.all("TD")[-1] for table in tables for row in table.all("TR")[1:] if len(row.all("TD")) > 1]
    named = [cell for cell in cells if cell.text().strip()]
    assert named and all(cell.all("Link") for cell in named)
    assert not any(is_note(link) for cell in cells for link in cell.all("Link"))


def test_a_note_and_its_number_lead_to_each_other(files, tags):
    heads = [n for n, part in enumerate(tags.all("Document")[0].content) if isinstance(part, Tag)
             and re.match("H2", part.kind) and part.text() == "Notes"]  # fmt: skip
    assert heads
    lists = [tags.all("Document")[0].content[n + 1] for n in heads]
    listed = [label.text().strip() for one in lists for label in one.all("Lbl")]
    used = [tag.text().strip() for tag in tags.all("Link") if is_note(tag)]
    assert listed and Counter(used) >= Counter(listed * 2)  # once in the text, once at the head of the note
    names = {str(a.Contents) for leaf in files[REPORT].pages for a in leaf.get("/Annots", []) if "/Dest" in a}
    assert "Notes" in names and not any(re.search(r"page \d", name) for name in names)


# --- the index and the cover


def test_persons_are_listed_with_the_pages_that_name_them(files):
    text = tree(files[RECORD]).text()
    index = text[text.rindex("Index of persons") :]
    assert re.search(r"Aso, Taro\s*\d+", index) and re.search(r"Xi Jinping\s*\d+", index)
    assert "Tamaki" not in index  # the text names another of the family


def test_the_cover_counts_what_its_file_holds_and_says_where_the_rest_stands(files):
    cover, of_record = (tree(files[name]).text().partition("Contents")[0] for name in (REPORT, RECORD))
    assert "2 chapters, 2 figures and tables" in cover and "1 chapter, 0 figures and tables, 0 notes" in of_record
    assert "tables stand in" not in cover and "corrected later" not in cover


def test_the_cover_says_that_a_correction_may_be_later_and_names_the_file_of_further_tables():
    own, nbs = manifest(), copy.deepcopy(chapters())
    own["corrections"][0]["day"] = "2026-09-01"
    table = next(cell for cell in nbs[1][1].cells if "table" in cell.metadata.get("tags", []))
    nbs[1][1].cells.remove(table)
    nbs.append(
        ("03-the-record", nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(RECORDED, id="all"), table]))
    )
    cover = tree(pikepdf.open(io.BytesIO(render_papers(combine(nbs, own), own, FIGURES)[REPORT]))).text()
    cover = cover.partition("Contents")[0]
    assert "What was corrected later is marked with the day of the correction." in cover
    assert "From Table 1 on, tables stand in record.pdf." in cover


def test_the_cover_answers(tags):
    cover = tags.text().partition("Contents")[0]
    assert "The minister said it “twice”." in cover and "21 August 2026" in cover


# --- the published report


@pytest.fixture(scope="module")
def published() -> tuple[str, list[Tag]]:
    html, papers = REPORTS / "latest" / "report.html", [REPORTS / "latest" / name for name in (REPORT, RECORD)]
    if not html.is_file() or not all(paper.is_file() for paper in papers):
        pytest.skip("no report is built here")
    return html.read_text(encoding="utf-8"), [tree(pikepdf.open(paper)) for paper in papers]


def test_the_published_paper_says_all_that_the_published_page_says(published):
    html, documents = published
    soup = BeautifulSoup(html, "lxml")
    drawn = [tag.alt for document in documents for tag in document.all("Figure")]
    assert drawn == [one["aria-label"] for one in soup.select("figure [role=img]")]
    chapters_of = [start_of_chapters(document).content for document in documents]
    assert missing(html, Tag("Document", content=[part for content in chapters_of for part in content])) == []


def test_the_published_papers_keep_their_budgets():
    assert page_problems(REPORTS / "latest") == []
    assert all(paper.stat().st_size <= 4_000_000 for paper in (REPORTS / "latest").glob("*.pdf"))
