"""One catalogue for page and paper: nothing printed that it lacks, and a translation reaches both."""

import io
import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import pikepdf
import pytest
from babel.messages.pofile import read_po, write_po
from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from nbformat.v4 import new_markdown_cell, new_notebook

from explainer.project import PACKAGE, TEMPLATES
from explainer.publish import language
from explainer.publish.feed import atom_feed, index_page
from explainer.publish.pdf.exporter import render_papers
from explainer.publish.resolve import combine, mark_own_scenario, own_scenario_words
from pdf_reader import Tag, tree
from publish_fixture import FIGURES, chapters, fixture_page, manifest

PSEUDO = "eo"
EXTRACT = ["-m", "babel.messages.frontend", "extract", "-F", "pyproject.toml", "src/explainer", "-o"]


def pseudo(message: str) -> str:
    """Return a message as the pseudo-translation has it: marked, with its places kept."""
    return f"‹{message}›"


def english(text: str) -> list[str]:
    """Return the words of a text that the pseudo-translation has not said."""
    while text != (rest := re.sub("‹[^‹›]*›", "", text)):
        text = rest
    return re.findall("[A-Za-z]+", text)


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A folder with a language in which every word that Babel finds is marked."""
    folder = tmp_path_factory.mktemp("locale")
    path = folder / PSEUDO / "LC_MESSAGES" / "explainer.po"
    path.parent.mkdir(parents=True)
    subprocess.run([sys.executable, *EXTRACT, path], cwd=PACKAGE.parents[1], check=True, capture_output=True)
    catalogue = read_po(io.BytesIO(path.read_bytes()))
    for message in catalogue:
        message.string = tuple(map(pseudo, message.id)) if message.pluralizable else pseudo(message.id)
    with path.open("wb") as stream:
        write_po(stream, catalogue)
    return folder


@pytest.fixture
def spoken(marked, monkeypatch):
    """Speak that language."""
    monkeypatch.setattr(language, "LOCALE", marked)
    with language.speaking(PSEUDO):
        yield


@pytest.fixture(scope="module")
def translated(marked):
    """The fixture report, page and paper, in that language."""
    told = manifest() | {"language": PSEUDO, "persons": []}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "LOCALE", marked)
        page = fixture_page(told)
        made = render_papers(combine(chapters(), told), told, FIGURES)
    papers = [tree(pikepdf.open(io.BytesIO(paper))) for paper in made.values()]
    return BeautifulSoup(page, "html.parser"), Tag("Files", content=papers)


def written(soup: BeautifulSoup) -> list[str]:
    """Return the texts of the page that are the interface's own: outside prose, captions, rows, lists of sources."""
    prose = "title, h1, h3, .chapter > h2, .cell > :not(figure), nav li > a, .own, .jump li:not(.contents)"
    data = "figcaption, table, dt, dd, time, code, .notes, .description, .corrections, .note, .source, #cite p"
    for gone in soup.select(f"style, script, svg, {prose}, {data}"):
        gone.decompose()
    texts = [str(one) for one in soup.find_all(string=True) if not isinstance(one, PreformattedString)]
    return [text.strip() for text in texts if re.search(r"[A-Za-z]{3}", text)]


def test_every_word_of_the_page_comes_from_the_catalogue(translated):
    soup, _paper = translated
    assert soup.html["lang"] == PSEUDO
    own = written(BeautifulSoup(str(soup), "html.parser"))
    assert len(own) > 5
    assert [text for text in own if not re.search("[‹›]", text)] == []
    labels = [tag["aria-label"] for tag in soup.find_all(attrs={"aria-label": True}) if tag.get("role") != "img"]
    assert soup.select_one(".kicker + h2") and pseudo("Chapter 1") in soup.get_text()
    assert labels and all("‹" in label for label in labels)


def test_no_word_of_a_template_stands_unmarked():
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.glob("explainer_html/*.j2")]
    bare = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", "".join(texts))
    soup = BeautifulSoup(re.sub(r' (?!aria-label|title)[a-z-]+="[^"]*"', "", bare), "html.parser")
    said = [tag.get(name, "") for tag in soup.find_all() for name in ("aria-label", "title")]
    assert re.findall("[A-Za-z]+", soup.get_text() + "".join(said)) == []


EDITIONS = [{"name": "n1", "title": "7", "as_of": "2026-01-28", "about": "8", "here": True}]
CORRECTION = {"correction_id": "9", "day": "2026-02-01", "place": "10", "class": "wording", "was": "11", "is": "12"}


def test_no_word_of_the_list_of_editions_and_of_the_feed_is_left_in_english(spoken):
    soup = BeautifulSoup(index_page("1", EDITIONS), "html.parser")
    soup.style.decompose()
    assert soup.code.extract().string == "make editions"
    assert soup.html["lang"] == PSEUDO
    assert english(soup.get_text() + soup.link["title"]) == []
    feed = ElementTree.fromstring(atom_feed("1", "1", "", EDITIONS, [CORRECTION]))
    said = [one.text or "" for one in feed.iter() if one.tag.rpartition("}")[2] in ("title", "content", "name")]
    assert len(said) == 6
    assert english(" ".join(said)) == []


def test_no_word_about_a_reader_s_own_scenario_is_left_in_english(spoken):
    shown = {"0": "figure", "1": "table"}
    figures = [{"kind": kind, "id": one, "claim": "1", "own_scenario": True} for one, kind in shown.items()]
    places = [{"heading": {"level": 1}}, {"heading": {"level": 2}}, {"figure": "0"}, {"figure": "1"}]
    cells = [
        new_markdown_cell("# 2", id=f"c{n}", metadata={"explainer": {"chapter": "04-x"} | place})
        for n, place in enumerate([*places, places[1], places[2]])
    ]
    nb = new_notebook(cells=cells)
    mark_own_scenario(nb, {"own_scenario": "3", "figures": figures})
    boxes = [cell.source for cell in nb.cells if cell.metadata["explainer"].get("aside")]
    assert len(boxes) == 3
    assert english(" ".join([own_scenario_words("3"), *boxes])) == []


PAPER = "Contents;Figures and tables;What the labels mean;Glossary;Sources;Note:;Source:;undated;Figure;Table;Chapter 1"


def test_a_translation_reaches_the_paper(translated):
    said = translated[1].text()
    assert [words for words in PAPER.split(";") if pseudo(words) not in said] == []


def test_months_and_languages_are_named_by_the_language_itself(translated):
    assert "Aŭgusto" in translated[0].select_one(".standing").get_text()
    assert "August" not in translated[1].text()
    with language.speaking("fr"):
        assert (language.month_name(8), language.language_name("ja")) == ("août", "japonais")


def test_what_is_counted_is_said_in_the_plural_of_the_language(spoken):
    said = [language.ngettext("{count} minute", "{count} minutes", count) for count in (1, 2)]
    assert said == ["‹{count} minute›", "‹{count} minutes›"]


def test_a_translation_reaches_the_script(translated):
    script = translated[0].find("script", type="module").string
    said = json.loads(re.search(r"const SAID = (\{.*\});", script)[1])
    assert said == {words: pseudo(words) for words in re.findall(r'\b_\("(.*?)"', script)}
    assert "const SAID = {};" in fixture_page()


def test_a_language_without_a_translation_speaks_english():
    with language.speaking("qq"):
        assert language._("Contents") == "Contents" and language.spoken() == "qq"
    assert language.spoken() == "en"
