"""Bibliographies: every source and the report itself in three formats that other programs read back."""

import calendar
import json
import re
from typing import Any
from urllib.parse import unquote

import jsonschema
import pybtex.database
import pytest
import rispy
import yaml
from bs4 import BeautifulSoup
from click.testing import CliRunner
from pybtex.plugin import find_plugin
from pybtex.richtext import Text

from conftest import FIXTURES
from explainer.cli import main
from explainer.evidence import sources
from explainer.project import PROJECT, ROOT
from explainer.publish import citing
from explainer.publish.html.page import Page
from explainer.publish.resolve import combine
from publish_fixture import FIGURES, chapters, manifest, page

HOSTILE = {"publisher": "Smith & {Sons}, Ltd. and others", "title": 'A "quoted" title: 5% of_x ~ {half',
           "url": "https://example.org/a_b?c=%20&d~e#f", "published": "2025-11", "type": "press", "lang": "ja",
           "note": "reprint of #1"}  # fmt: skip
PLAIN = find_plugin("pybtex.backends", "text")()  # by its name it would be searched for anew for every field
NONE = {"date-parts": [[]]}
MONTHS = {name: f"{n:02}" for n, name in enumerate(calendar.month_name)}


def export(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["export", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Read BibTeX as pybtex does: strictly, with each name in its parts."""
    read = {}
    for key, entry in pybtex.database.parse_string(text, "bibtex").entries.items():
        [person] = entry.persons["author"]
        assert len(person.last_names) == 1 and str(person) == person.last_names[0], "a body's name is one word"
        words = {name: Text.from_latex(value) for name, value in [*entry.fields.items(), ("author", str(person))]}
        read[key] = {
            name: re.sub(r"\\(/|\$)", lambda m: m[1].strip("/"), text.render(PLAIN)) for name, text in words.items()
        }
        read[key]["url"] = entry.fields.get("url", "")
    return read


def read_ris(text: str) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in rispy.loads(text)}


def straight(text: str) -> str:
    return " ".join(re.sub('[“”‘’"]', "'", text).split())


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
        assert csl[key]["title"] == source["title"]
        said = {straight(one[key]["title"]) for one in (csl, bib, ris)}
        assert said == {straight(source["title"])}
        assert csl[key].get("URL", "") == bib[key]["url"] == ris[key].get("urls", [""])[0] == source["url"]
        day = "-".join(f"{n:02}" for n in csl[key].get("issued", NONE)["date-parts"][0])
        assert [day, ris[key].get("date", "").strip("/").replace("/", "-")] == [source["published"]] * 2
        parts = bib[key].get("year", ""), MONTHS.get(bib[key].get("month"), ""), bib[key].get("day", "").zfill(2)
        assert "-".join(parts).startswith(source["published"]) if source["published"] else not parts[0]
        names = [csl[key]["author"][0]["literal"], straight(bib[key]["author"])]
        names += [ris[key]["publisher"]] if "," in source["publisher"] else ris[key]["authors"]
        assert names == [source["publisher"], straight(source["publisher"]), source["publisher"]]


def test_marks_of_the_formats_in_a_title_do_no_harm():
    items = [citing.source_item("x", HOSTILE)]
    [entry] = read_bibtex(citing.bibtex(items)).values()
    assert (entry["url"], entry["month"]) == (HOSTILE["url"], "November")
    assert straight(entry["title"]) == straight(HOSTILE["title"]).replace("{", r"\textbraceleft ")
    assert entry["author"].replace("\\", "") == "Smith & Sons, Ltd. and others", "pybtex drops quoted braces"
    [read] = read_ris(citing.ris(items)).values()
    assert (read["title"], read["date"], read["publisher"]) == (HOSTILE["title"], "2025/11//", HOSTILE["publisher"])
    assert json.loads(citing.csl_json(items))[0]["issued"] == {"date-parts": [[2025, 11]]}


@pytest.mark.parametrize("form", READERS)
def test_the_report_itself_is_cited_with_its_day(form):
    text = export(form, "--report", "--edition", "statement-week")
    assert list(READERS[form](text)) == ["explainer-2026-01-28"]
    assert "Edition of 28 January 2026" in text and "If the alliance is tested" in text


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
    """By what our file uses of the schema that cffconvert carries; it knows a report only as what is preferred."""
    schema = json.loads((FIXTURES / "cff-1.2.0.schema.json").read_text(encoding="utf-8"))
    told = yaml.load((ROOT / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)
    jsonschema.validate(told, schema, format_checker=jsonschema.FormatChecker())
    with pytest.raises(jsonschema.ValidationError, match="'report' is not one of"):
        jsonschema.validate(told | {"type": "report"}, schema)
    assert told["preferred-citation"]["title"] == told["title"] == PROJECT.told["title"]
    assert told["preferred-citation"]["authors"] == told["authors"] == [{"name": PROJECT.told["author"]}]


def test_a_chapter_alone_is_no_report_to_cite():
    alone = combine(chapters()[:1], manifest(), whole=False)
    assert "cite" not in Page(alone, FIGURES, "").back.parts
