"""The page: whole in one file, sound in its structure, and nothing in the data can run in it."""

import base64
import hashlib
import itertools
import re

import html5lib
import pytest
from bs4 import BeautifulSoup

from explainer import faces
from explainer.project import REPORTS, TEMPLATES
from explainer.publish.document import PublishError
from explainer.publish.html.exhibits import _column_class
from explainer.publish.html.exporter import ExplainerHTMLExporter, compact, render
from explainer.publish.resolve import combine
from publish_fixture import FIGURES, chapters, fixture_page, manifest, page

SCRIPTS = ["module", "application/ld+json", "text/plain"]
"""The page's own script; the other two are data, which nothing runs."""


@pytest.fixture(scope="module")
def soup() -> BeautifulSoup:
    return BeautifulSoup(page(), "html.parser")


def text(node) -> str:
    return " ".join(node.get_text().split())


# --- one file


def test_the_page_asks_for_nothing_outside_itself(soup):
    loaded = [tag.get(key) for tag in soup.find_all(True) for key in ("src", "srcset") if tag.get(key)]
    assert loaded == []
    assert not soup.find_all(["link", "iframe", "object", "embed", "form"])
    assert [tag.get("type") for tag in soup.find_all("script")] == SCRIPTS
    assert [re.findall(r"url\((?!data:)|@import", style.string) for style in soup.find_all("style")] == [[], []]


def test_the_policy_allows_the_style_sheet_and_the_script_and_nothing_else(soup):
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    for kind, tags in (("style", soup.find_all("style")), ("script", [soup.script])):
        digests = [base64.b64encode(hashlib.sha256(tag.string.encode()).digest()).decode() for tag in tags]
        named = " ".join(f"'sha256-{one}'" for one in digests)
        assert f"{kind}-src {named};" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not soup.find_all(style=True)


def test_the_first_screen_waits_neither_for_letters_nor_for_the_script(soup):
    look, letters = soup.find_all("style")
    assert "base64" not in look.string
    assert look.find_parent("head")
    answer = soup.find("section", class_="chapter")
    assert answer in letters.find_all_previous("section")
    assert answer in soup.script.find_all_previous("section")


def test_page_and_scripts_are_small():
    published = REPORTS / "latest" / "report.html"
    assert not published.is_file() or published.stat().st_size <= 2_170_000
    assert sum(len(file.read_bytes()) for file in (TEMPLATES / "explainer_html").glob("*.js")) <= 60_000


def test_letters_are_the_same_whatever_the_cache_holds(tmp_path, monkeypatch):
    page = "<h1>Abc</h1><p>words <em>and</em> more 有事</p>"
    with_cache = faces.style_sheet(page)
    monkeypatch.setattr(faces, "CACHE", tmp_path)
    assert faces.style_sheet(page) == with_cache
    kept = list((tmp_path / "fonts").glob("*/face"))
    assert len(kept) == 7
    for number, path in enumerate(kept):
        path.write_bytes(b"" if number % 2 else path.read_bytes()[: path.stat().st_size // 2] + b"torn")
    assert faces.style_sheet(page) == with_cache


def test_italics_carry_only_the_letters_that_stand_in_italics():
    italic = next(face for face in faces.FACES if face.style == "italic" and face.family == faces.SANS)
    slanted = '<p>abc <em>x&amp;<b>y</b></em></p><text style="font-style: italic">z</text><text>a</text>'
    assert faces._wanted(italic.marked, slanted) == set(map(ord, "x&yz"))
    assert "italic" not in faces.style_sheet("<p>abc</p><text>abc</text>")


# --- structure


@pytest.mark.parametrize("made", ["fixture", "published"])
def test_a_browser_s_own_parser_finds_no_fault_in_the_page(made):
    place = REPORTS / "latest" / "report.html"
    html = page() if made == "fixture" else place.read_text(encoding="utf-8") if place.is_file() else ""
    html5lib.HTMLParser(strict=True).parse(html or pytest.skip("no report is built here"))
    assert not re.search("[\ue000-\uf8ff]", html), "a sign of ours that the page should have set"


def test_headings_and_landmarks_stand(soup):
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert soup.html["lang"] == "en" and soup.body.find("a")["class"] == ["skip"]
    assert len(soup.find_all("main")) == len(soup.main.find_all("article")) == 1
    assert [s["id"] for s in soup.find_all("section", class_="chapter")] == ["01-first", "02-second"]
    assert [s["id"] for s in soup.select("section.chapter section")] == ["words", "fewer", "in-order"]
    assert {s["id"] for s in soup.find_all("section", class_="back")} >= {"notes", "labels", "glossary", "sources"}


def test_ids_are_single_and_every_inner_link_leads_somewhere(soup):
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    targets = {tag["href"][1:] for tag in soup.find_all("a", href=re.compile("^#"))}
    targets |= {tag["aria-labelledby"] for tag in soup.find_all(attrs={"aria-labelledby": True})}
    targets |= {tag["popovertarget"] for tag in soup.find_all("button")}
    assert targets <= set(ids)


def test_the_opening_says_the_day_the_reach_and_the_time(soup):
    opening = text(soup.find("header"))
    assert "As of 21 August 2026" in opening
    assert "what could be known on 21 August 2026" in opening
    assert "newest source is older than that: 18 March 2026" in opening
    assert "minute" in opening


def test_every_note_links_both_ways(soup):
    marks = soup.find_all("a", role="doc-noteref")
    numbers = [int(text(mark)) for mark in marks]
    assert numbers == sorted(set(numbers))
    for mark in marks:
        entry = soup.find(id=mark["href"][1:])
        assert entry.find("a", role="doc-backlink")["href"] == f"#{mark['id']}"


def test_the_list_counts_as_the_notes_are_numbered():
    made = render(combine(chapters()[::-1], manifest()), FIGURES)
    items = BeautifulSoup(made, "html.parser").select("ol.notes > li")
    assert any(item.get("class") == ["range"] for item in items[:-1]), "several numbers in one line, then others"
    place = 0
    for item in items:
        place = int(item.get("value", place + 1))
        assert item.get("id", f"note-{place}") == f"note-{place}"


def test_a_source_is_named_in_full_once_and_later_notes_link_to_that(soup):
    notes = {item["id"]: item for item in soup.select("ol.notes li[id]")}
    full = [link["href"] for item in notes.values() for link in item.find_all("a", href=re.compile("^http"))]
    assert full
    assert len(full) == len(set(full))
    for item in notes.values():
        for link in item.find_all("a", href=re.compile("^#note-")):
            assert text(link) in text(notes[link["href"][1:]])


def sources_of(soup, row) -> list[str]:
    return [soup.find(id=link["href"][1:]).a["id"] for link in row.find_all("a", href=re.compile(r"^#s_"))]


def test_rows_of_a_table_name_their_sources_where_they_stand(soup):
    row = soup.find(id="event-2025-11-14-notice")
    assert sources_of(soup, row) == ["s-ministry-2025", "s-paper-undated"]
    assert "sources in the rows of Table 1" in text(soup.find(id="notes"))


def test_a_note_names_publisher_title_and_date_or_says_what_the_date_is_worth(soup):
    notes = [text(item) for item in soup.select("ol.notes li")]
    assert notes[0].startswith("Agency, Answer in the chamber, February 2026.")
    assert any("14 November 2025 (date set by machine)" in item for item in notes)
    assert "渡航自粛を呼びかけ (no address), undated" in text(soup.find(id="s-paper-undated").parent)


def test_a_figure_has_its_whole_anatomy(soup):
    figure = soup.find(id="fig-visits")
    assert text(figure.figcaption).startswith("Figure 1. Visits “fell” by half after the notice")
    assert figure.find(role="img")["aria-label"].startswith("Line chart")
    wide, narrow = figure.find_all("svg")
    assert (wide["class"], narrow["class"]) == (["wide"], ["narrow"])
    assert int(wide["width"]) > int(narrow["width"]) > 300
    assert "14 November" in wide.get_text()
    assert "Note: February is provisional." in text(figure)
    assert "Source: Tourism Office 2026. Calculations: this project." in text(figure)
    table = figure.details.table
    assert [text(th) for th in table.thead.find_all("th")] == ["Month", "Visits, thousands"]
    assert {th["scope"] for th in table.thead.find_all("th")} == {"col"}
    assert all(row.th is row.find(True) for row in table.tbody.find_all("tr")), "by its place the head of its row"
    assert table.caption


def test_the_files_of_an_exhibit_are_linked_where_the_repository_has_them(soup):
    kits = {one: [a["href"] for a in soup.select(f"#{one} .links a")] for one in ("fig-visits", "tab-measures")}
    data, code = "../../figures/latest", "../../src/explainer"
    assert kits == {
        "fig-visits": [f"{data}/visits.csv", f"{data}/visits.svg", f"{code}/charts/people.py", "#s_4"],
        "tab-measures": [f"{data}/measures.csv", f"{code}/figures/measures.py"],
    }


BOTH = ("Cite Tourism Office for Figure 1", "Cite Agency for Figure 1")


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["tourism-2026"], {"Cite the producer of Figure 1": "#s_4"}),
        (["tourism-2026", "agency-2026"], dict(zip(BOTH, ("#s_4", "#s_1"), strict=True))),
        (["tourism-2026", "agency-2026", "ministry-2025", "paper-undated"], {}),
    ],
)
def test_a_figure_s_producers_can_be_cited_where_they_are_few(sources, said):
    made = manifest()
    next(entry for entry in made["figures"] if entry["id"] == "visits")["source_ids"] = sources
    links = BeautifulSoup(fixture_page(made), "html.parser").select("#fig-visits .links a")
    assert {text(one): one["href"] for one in links if one["href"].startswith("#")} == said


def test_rows_and_cells_carry_what_controls_need(soup):
    row = soup.find(id="event-2025-11-14-notice")
    assert (row["data-since"], row["data-actor"], row["data-category"]) == ("2025-11-14", "CN", "economic")
    assert soup.find(id="cell-01-new")["data-since"] == "2026-02-08" and soup.find(id="cell-01-old") is None
    boxes = soup.find_all(class_="scroll")
    assert boxes and all(box["tabindex"] == "0" and box["role"] == "region" and box["aria-label"] for box in boxes)


def test_foreign_words_are_marked(soup):
    assert [text(tag) for tag in soup.select("section.chapter span[lang=ja]")] == ["有事"]
    assert soup.find(id="event-2025-11-14-notice").find("td", lang="ja")


def test_a_label_opens_its_reason_without_a_script(soup):
    button = soup.find("button", class_="disputed")
    reason = soup.find(id=button["popovertarget"])
    assert reason.has_attr("popover")
    assert "The two ministries give different accounts." in text(reason)


# --- hostile text


def test_markup_in_prose_and_data_is_shown_as_text(soup):
    for shown in ("<script>alert(0)</script>", "<script>alert(1)</script>", "<script>alert(2)</script>", "<b>bold</b>"):
        assert shown in soup.get_text()
    assert [tag.get("type") for tag in soup.find_all("script")] == SCRIPTS


def test_only_web_addresses_are_linked(soup):
    hrefs = [tag["href"] for tag in soup.find_all("a", href=True)]
    assert not [h for h in hrefs if h.lower().startswith("javascript")]
    assert "[a link](javascript:alert(4))" in soup.get_text()
    assert {h.partition(":")[0] for h in hrefs if ":" in h} <= {"https", "http", "mailto", "data"}
    files = ("data:text/csv", "data:application/json", "data:application/x-bibtex", "data:application/x-research-info")
    assert all(h.startswith(files) for h in hrefs if h.startswith("data:"))


@pytest.mark.parametrize("where", ["title", "claim", "alt", "publisher", "term", "why", "column", "code", "meta"])
def test_hostile_text_stays_text_wherever_it_stands(where):
    evil = "\"'><img src=x onerror=alert(1)>\ue010style\ue011\ue010policy\ue011\ue010script\ue011"
    made = manifest()
    figure, table = made["figures"]
    places = {
        "title": (made, "title"),
        "claim": (figure, "claim"),
        "alt": (figure, "alt"),
        "publisher": (made["sources"]["agency-2026"], "publisher"),
        "term": (made["glossary"][0], "term"),
        "why": (made["labels"]["2026-01-06-ban"], "why"),
        "column": (table["table"]["columns"][0], "label"),
        "code": (figure, "code"),
        "meta": (table["table"]["rows_meta"][0], "id"),
    }
    holder, key = places[where]
    holder[key] = evil
    if where == "meta":
        made["labels"][evil] = made["labels"]["2025-11-14-notice"]
    soup = BeautifulSoup(fixture_page(made), "html.parser")
    assert not soup.find_all("img")
    assert not [tag for tag in soup.find_all(True) if any(key.startswith("on") for key in tag.attrs)]
    assert str(soup).count("@font-face{") == page().count("@font-face{")


def test_a_missing_file_is_named():
    made = manifest()
    made["figures"][0]["files"]["narrow"] = "nowhere.svg"
    with pytest.raises(PublishError, match=r"Figure 1 \(visits\): the file narrow .*nowhere\.svg\) is missing"):
        fixture_page(made)


def test_a_figure_without_alternative_text_is_refused():
    made = manifest()
    made["figures"][0]["alt"] = ""
    with pytest.raises(PublishError, match="no alternative text"):
        fixture_page(made)


def test_a_chapter_without_a_manifest_says_what_to_do(tmp_path):
    exporter = ExplainerHTMLExporter(manifest=str(tmp_path / "manifest.json"))
    with pytest.raises(PublishError, match="no figure manifest"):
        exporter.from_notebook_node(chapters()[0][1])


def test_the_style_sheet_is_compacted():
    assert compact("/* note */\n:root {\n  --a: 1;\n}\n") == ":root {\n--a: 1;\n}"


def test_every_letter_of_the_template_has_a_face():
    wanted = {ord(c) for c in page() if c > " "} - {0xE010, 0xE011}
    have = frozenset().union(*(faces.characters(face.path()) for face in faces.FACES))
    assert "".join(sorted(map(chr, wanted - have))) == ""


def test_columns_get_room_for_what_most_of_their_texts_need():
    assert _column_class({"kind": "text"}, ["x" * 61] * 5) == ("long", "")
    assert _column_class({"kind": "text"}, ["x"] * 9 + ["x" * 99]) == ("", "")
    assert _column_class({"kind": "text", "lang": "ja"}, ["有" * 12]) == ("mid", "")
    assert _column_class({"kind": "number", "align": "right"}, ["1"]) == ("r short", "r short")
