"""Bibliographies: every source and the report itself in three formats that other programs read back."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
import rispy
from bs4 import BeautifulSoup
from click.testing import CliRunner
from pybtex.database import parse_string

from explainer.cli import main
from explainer.evidence import sources
from explainer.publish import citing
from explainer.publish.html.page import Page
from explainer.publish.resolve import combine
from publish_fixture import FIGURES, chapters, manifest, page

HOSTILE = {
    "publisher": "Smith & {Sons} and others",
    "title": 'A "quoted" title: 5% of_x ~ {half',
    "url": "https://example.org/a_b?c=%20&d~e#f",
    "published": "2025-11",
    "type": "press",
    "lang": "ja",
    "note": "reprint of #1",
}


def export(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["export", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


READERS = {
    "csl": lambda text: {item["id"]: item for item in json.loads(text)},
    "bibtex": lambda text: parse_string(text, "bibtex").entries,
    "ris": lambda text: {item["id"]: item for item in rispy.loads(text)},
}


@pytest.mark.parametrize("form", READERS)
def test_every_source_of_an_edition_is_written_and_read_back(form, evidence):
    cut = evidence.cut("2025-11-30")
    read = READERS[form](export(form, "--edition", "first-answer"))
    assert list(read) == list(cut.sources["source_id"])
    assert set(read) < set(evidence.sources["source_id"])


def test_the_three_formats_say_the_same_of_a_source(evidence):
    records = sources.records(evidence)
    csl, bib, ris = (READERS[form](export(form)) for form in READERS)
    for key, source in records.items():
        assert (csl[key]["title"], ris[key]["title"]) == (source["title"], source["title"])
        assert csl[key].get("URL", "") == source["url"]
        assert unquote(bib[key].fields.get("url", "")) == unquote(source["url"])
        assert ris[key].get("urls", [""]) == [source["url"]]
        day = "-".join(f"{part:02}" for part in csl[key].get("issued", {"date-parts": [[]]})["date-parts"][0])
        assert day == source["published"] == ris[key].get("date", "").strip("/").replace("/", "-")
        assert bib[key].fields.get("year", "") == source["published"][:4]
        assert csl[key]["author"][0]["literal"] == source["publisher"] == ris[key]["authors"][0]


def test_marks_of_the_formats_in_a_title_do_no_harm():
    items = [citing.source_item("x", HOSTILE)]
    entry = parse_string(citing.bibtex(items), "bibtex").entries["x"]
    assert entry.fields["url"] == HOSTILE["url"]
    assert entry.fields["title"] == '{A "quoted" title: 5\\% of\\_x \\textasciitilde\\ (half}'
    assert [str(p) for p in entry.persons["author"]] == ["{Smith \\& (Sons) and others}"]
    [read] = rispy.loads(citing.ris(items))
    assert (read["title"], read["date"], read["authors"]) == (HOSTILE["title"], "2025/11/", [HOSTILE["publisher"]])
    assert json.loads(citing.csl_json(items))[0]["issued"] == {"date-parts": [[2025, 11]]}


@pytest.mark.parametrize("form", READERS)
def test_the_report_itself_is_cited_with_its_day(form):
    text = export(form, "--report", "--edition", "statement-week")
    assert list(READERS[form](text)) == ["explainer-2026-01-28"]
    assert "Edition of 28 January 2026" in text and "If the alliance is tested" in text


def test_an_unknown_edition_is_named_with_the_nearest():
    done = CliRunner().invoke(main, ["export", "ris", "--edition", "first-anser"])
    assert done.exit_code == 2 and "first-answer" in done.output


def test_the_page_holds_the_reference_in_words_and_as_three_files():
    box = BeautifulSoup(page(), "html.parser").find(id="cite")
    words = "The explainer authors: A remark, and what came of it. Explanatory report, edition of 21 August 2026."
    assert words in " ".join(box.get_text().split())
    files = {a["download"]: unquote(a["href"].partition(",")[2]) for a in box.find_all("a", download=True)}
    assert list(files) == ["explainer-2026-08-21.json", "explainer-2026-08-21.bib", "explainer-2026-08-21.ris"]
    for form, text in zip(READERS, files.values(), strict=True):
        assert list(READERS[form](text)) == ["explainer-2026-08-21"]
    assert len(str(box)) < 3000


def test_a_chapter_alone_is_no_report_to_cite():
    made = manifest()
    alone = combine(chapters()[:1], made, whole=False)
    assert "cite" not in Page(alone, FIGURES, "").back_matter
