"""One catalogue for page and paper: nothing printed that it lacks, and a translation reaches both."""

from __future__ import annotations

import gettext
import io
import re
from xml.etree import ElementTree

import pikepdf
import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from nbformat.v4 import new_markdown_cell, new_notebook

from explainer.publish import catalogue, language, own_scenario
from explainer.publish.feed import atom_feed, index_page
from explainer.publish.pdf.exporter import render_papers
from explainer.publish.resolve import combine
from pdf_reader import Tag, tree
from publish_fixture import FIGURES, chapters, fixture_page, manifest

PSEUDO = "eo"
MARK = "§"


def pseudo(message: str) -> str:
    """Return a message as the pseudo-translation has it: marked, with its places kept."""
    return MARK + message + MARK


@pytest.fixture(scope="module")
def messages() -> set[str]:
    return {message.id for message in read_po(io.BytesIO(language.CATALOGUE.read_bytes())) if message.id}


@pytest.fixture(scope="module")
def marked(tmp_path_factory, messages):
    """A folder with a language in which every word is marked."""
    folder = tmp_path_factory.mktemp("locale")
    path = folder / PSEUDO / "LC_MESSAGES" / "explainer.po"
    path.parent.mkdir(parents=True)
    quoted = [(one.replace("\\", "\\\\").replace('"', '\\"'), pseudo(one).replace('"', '\\"')) for one in messages]
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(head + "\n".join(f'msgid "{a}"\nmsgstr "{b}"\n' for a, b in sorted(quoted)), encoding="utf-8")
    return folder


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


def test_the_catalogue_is_the_one_that_the_words_make():
    assert language.CATALOGUE.read_bytes() == catalogue.catalogue(), "run python -m explainer.publish.catalogue"


def test_the_page_in_english_is_as_its_templates_say(monkeypatch):
    spoken = fixture_page()
    monkeypatch.setattr(language.Interface, "preprocess", lambda self, source, name, filename=None: source)
    assert fixture_page() == spoken


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
    assert [text for text in own if MARK not in text] == []
    labels = [tag["aria-label"] for tag in soup.find_all(attrs={"aria-label": True}) if tag.get("role") != "img"]
    assert labels and all(MARK in label or re.fullmatch(r".*(Figure|Table).*", label) for label in labels)


class Wordless(gettext.NullTranslations):
    """A language without words: what the catalogue has becomes dots, so that a word left over was never in it."""

    def __init__(self, messages: set[str]) -> None:
        self.messages = messages

    def gettext(self, message: str) -> str:
        return re.sub(r"[A-Za-z]+(?![^{}]*\})", ".", message) if message in self.messages else message


@pytest.fixture
def wordless(messages):
    token = language._spoken.set((PSEUDO, Wordless(messages)))
    yield
    language._spoken.reset(token)


EDITIONS = [{"name": "n1", "title": "7", "as_of": "2026-01-28", "about": "8", "here": True}]
CORRECTION = {"correction_id": "9", "day": "2026-02-01", "place": "10", "class": "wording", "was": "11", "is": "12"}


def test_no_word_of_the_list_of_editions_and_of_the_feed_is_left_in_english(wordless):
    soup = BeautifulSoup(index_page("1", EDITIONS), "html.parser")
    soup.style.decompose()
    assert soup.code.extract().string == "make editions"
    assert soup.html["lang"] == PSEUDO
    assert re.findall("[A-Za-z]+", soup.get_text() + soup.link["title"]) == ["Januaro"]
    feed = ElementTree.fromstring(atom_feed("1", "1", "", EDITIONS, [CORRECTION]))
    said = [one.text or "" for one in feed.iter() if one.tag.rpartition("}")[2] in ("title", "content", "name")]
    assert len(said) == 6
    assert set(re.findall("[A-Za-z]+", " ".join(said))) <= {"Januaro", "Februaro"}


def test_no_word_about_a_reader_s_own_scenario_is_left_in_english(wordless):
    shown = {"0": "figure", "1": "table"}
    figures = [{"kind": kind, "id": one, "claim": "1", "own_scenario": True} for one, kind in shown.items()]
    places = [{"heading": {"level": 1}}, {"heading": {"level": 2}}, {"figure": "0"}, {"figure": "1"}]
    cells = [
        new_markdown_cell("# 2", id=f"c{n}", metadata={"explainer": {"chapter": "04-x"} | place})
        for n, place in enumerate([*places, places[1], places[2]])
    ]
    nb = new_notebook(cells=cells)
    own_scenario.mark_own_scenario(nb, {"own_scenario": "3", "figures": figures})
    boxes = [cell.source for cell in nb.cells if cell.metadata["explainer"].get("aside")]
    assert len(boxes) == 3
    said = " ".join([own_scenario.opening("3"), *boxes])
    assert re.findall("[A-Za-z]+", re.sub(r"@(?:fig|tab)-\d", "", said)) == []


PAPER = "Contents;Figures and tables;What the labels mean;Glossary;Sources;Note:;Source:;undated;Figure;Table"


@pytest.mark.parametrize("words", PAPER.split(";"))
def test_a_translation_reaches_the_paper(translated, words):
    assert pseudo(words) in translated[1].text()


def test_months_and_languages_are_named_by_the_language_itself(translated):
    assert "Aŭgusto" in translated[0].select_one(".standing").get_text()
    assert "August" not in translated[1].text()
    with language.speaking("fr"):
        assert (language.month_name(8), language.language_name("ja")) == ("août", "japonais")


def test_words_beside_data_keep_their_places(translated):
    soup, paper = translated
    assert f"{MARK}Chapter 1{MARK}" in paper.text()
    assert soup.select_one(".kicker + h2") and f"{MARK}Chapter 1{MARK}" in soup.get_text()


@pytest.mark.parametrize(("source", "made"), [
    ("<p>All {{ n }} rows</p>", "<p>{{ n }} Reihen</p>"),
    ('<a aria-label="Back to {{ n }}">↑</a>', '<a aria-label="Zu {{ n }}">↑</a>'),
    ("{% if a > b %}<b>Sources</b>{% endif %}", "{% if a > b %}<b>Quellen &lt;</b>{% endif %}"),
    ("{{ list('Numbers of ' ~ name) }}", "{{ list('Zahlen von ' ~ name) }}"),
    ("{# Sources #}{{ sources }}", "{# Sources #}{{ sources }}"),
])  # fmt: skip
def test_words_of_a_template_are_replaced_where_they_stand(source, made):
    told = {"All {0} rows": "{0} Reihen", "Back to {0}": "Zu {0}", "Sources": "Quellen <", "Numbers of": "Zahlen von"}
    assert language.template(source, lambda words: told.get(words, words)) == made


def test_words_of_the_script_are_replaced_in_its_table_alone():
    source = 'const WORDS = {\n  all: "All", day: (day) => `Show ${day}`,\n};\nmake("All", { type: "search" });'
    made = language.script(source, lambda words: {"All": "Alle", "Show ${day}": "Zeige ${day}"}.get(words, words))
    assert made == 'const WORDS = {\n  all: "Alle", day: (day) => `Zeige ${day}`,\n};\nmake("All", { type: "search" });'


def test_a_language_without_a_translation_speaks_english():
    with language.speaking("qq"):
        assert language._("Contents") == "Contents" and language.spoken() == "qq"
    assert language.spoken() == "en"
