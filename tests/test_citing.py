"""Bibliographies: every source and the report itself in three formats that other programs read back."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pypandoc
import pytest
import yaml
from bs4 import BeautifulSoup
from click.testing import CliRunner

from explainer.cli import main
from explainer.evidence import sources
from explainer.project import PROJECT, ROOT
from explainer.publish import citing
from explainer.publish.html.page import Page
from explainer.publish.resolve import combine
from publish_fixture import FIGURES, chapters, manifest, page

HOSTILE = {
    "publisher": "Smith & {Sons}, Ltd. and others",
    "title": 'A "quoted" title: 5% of_x ~ {half',
    "url": "https://example.org/a_b?c=%20&d~e#f",
    "published": "2025-11",
    "type": "press",
    "lang": "ja",
    "note": "reprint of #1",
}


NONE = {"date-parts": [[]]}


def export(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["export", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def read_bibtex(text: str) -> dict[str, dict[str, Any]]:
    """Read BibTeX as pandoc does."""
    return {item["id"]: item for item in json.loads(pypandoc.convert_text(text, "csljson", "bibtex"))}


def read_ris(text: str) -> dict[str, dict[str, str]]:
    """Read RIS: a record goes from TY to ER, and each of its lines has one field."""
    records = (dict(line.split("  - ", 1) for line in record.splitlines() if line) for record in text.split("ER  - \n"))
    return {record["ID"]: record for record in records if record}


READERS = {"csl": lambda text: {item["id"]: item for item in json.loads(text)}, "bibtex": read_bibtex, "ris": read_ris}


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
        assert (csl[key]["title"], ris[key]["TI"]) == (source["title"], " ".join(source["title"].split()))
        assert csl[key].get("URL", "") == bib[key].get("URL", "") == ris[key].get("UR", "") == source["url"]
        days = ["-".join(f"{n:02}" for n in one.get("issued", NONE)["date-parts"][0]) for one in (csl[key], bib[key])]
        assert days == [source["published"], ris[key].get("DA", "").strip("/").replace("/", "-")] == days[::-1]
        names = [csl[key]["author"][0]["literal"], bib[key]["author"][0]["literal"].replace("’", "'")]
        names.append(ris[key]["PB" if "," in source["publisher"] else "AU"])
        assert names == [source["publisher"]] * 3


def test_marks_of_the_formats_in_a_title_do_no_harm():
    items = [citing.source_item("x", HOSTILE)]
    [entry] = read_bibtex(citing.bibtex(items)).values()
    assert entry["URL"] == HOSTILE["url"]
    assert entry["title"] == HOSTILE["title"].replace('"quoted"', "“quoted”")
    assert entry["author"] == [{"literal": HOSTILE["publisher"]}]
    [read] = read_ris(citing.ris(items)).values()
    assert (read["TI"], read["DA"], read["PB"]) == (HOSTILE["title"], "2025/11//", HOSTILE["publisher"])
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


def test_the_repository_is_cited_as_the_format_allows():
    """Citation File Format 1.2.0: a file as a whole is of software or data, and its preferred citation a report."""
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(told) and told.get("type", "software") == "software"
    assert told["preferred-citation"]["type"] == "report"
    assert told["preferred-citation"]["title"] == told["title"] == PROJECT.told["title"]
    assert told["preferred-citation"]["authors"] == told["authors"] == [{"name": PROJECT.told["author"]}]


def test_a_chapter_alone_is_no_report_to_cite():
    made = manifest()
    alone = combine(chapters()[:1], made, whole=False)
    assert "cite" not in Page(alone, FIGURES, "").back.parts
