"""The page in a real browser with the network shut: nothing asked for, nothing wrong, nothing out of reach."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image, ImageChops

from explainer.paths import FIGURES as PUBLISHED_FIGURES
from explainer.paths import REPORTS
from explainer.publish import svg
from publish_fixture import FIGURES
from publish_fixture import page as fixture_html

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PUBLISHED = REPORTS / "latest" / "report.html"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install Debian's chromium, or set CHROMIUM")


def axe_script() -> str:
    """Return axe-core, which the wheel of axe-playwright-python carries."""
    place = os.environ.get("AXE") or Path(find_spec("axe_playwright_python").origin).with_name("axe.min.js")
    return Path(place).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=["fixture", "published"])
def file(request, tmp_path_factory) -> Path:
    if request.param == "published":
        if not PUBLISHED.is_file():
            pytest.skip("no published report")
        return PUBLISHED
    place = tmp_path_factory.mktemp("page") / "report.html"
    place.write_text(fixture_html(), encoding="utf-8")
    return place


class Visit:
    """A page opened with the network shut, and what it asked for and said meanwhile."""

    def __init__(self, browser, file: Path, width: int = 1280, scheme: str = "light", scripts: bool = True):
        # axe is a script of the test and not of the page, so the page's policy must not stop it
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            offline=True,
            bypass_csp=True,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_) -> None:
        self.context.close()

    def violations(self) -> list[str]:
        self.page.evaluate(axe_script())
        found = self.page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


def test_nothing_is_asked_for_and_nothing_is_said(browser, file):
    context = browser.new_context(offline=True)  # here the page's own policy stands
    opened = context.new_page()
    requests, said = [], []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(file.as_uri())
    broken = opened.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.alt)")
    loaded = opened.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status == 'error').length)"
    )
    context.close()
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    assert said == []
    assert broken == []
    assert loaded == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(browser, file, width, scheme):
    with Visit(browser, file, width, scheme) as visit:
        visit.page.evaluate("document.querySelectorAll('figure:nth-of-type(-n+3) details').forEach(d => d.open = true)")
        assert visit.violations() == []


def test_axe_finds_nothing_with_a_label_open(browser, file):
    with Visit(browser, file, 390) as visit:
        visit.page.locator("button.label").first.click()
        assert visit.page.locator("[popover]:popover-open").count() == 1
        assert visit.violations() == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_never_scrolls_sideways(browser, file, width):
    with Visit(browser, file, width) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_gets_the_narrow_drawing(browser, file):
    sizes = {}
    for width in (390, 1280):
        with Visit(browser, file, width) as visit:
            sizes[width] = visit.page.evaluate("document.querySelector('picture img').naturalWidth")
    assert sizes[390] < sizes[1280]


def test_the_text_is_whole_without_scripts(browser, file):
    words = {}
    for scripts in (True, False):
        with Visit(browser, file, scripts=scripts) as visit:
            words[scripts] = visit.page.locator("main").inner_text()
    assert words[False] == words[True]
    assert len(words[False]) > 500


def test_the_keyboard_reaches_the_text_and_a_label(browser, file):
    with Visit(browser, file) as visit:
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.className") == "skip"
        outline = visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("location.hash").startswith("#01-")
        visit.page.locator("button.label").first.focus()
        visit.page.keyboard.press("Enter")
        assert visit.page.locator("[popover]:popover-open").count() == 1
        visit.page.keyboard.press("Escape")
        assert visit.page.locator("[popover]:popover-open").count() == 0


def test_a_note_leads_there_and_back(browser, file):
    with Visit(browser, file) as visit:
        visit.page.locator("#ref-1").click()
        assert visit.page.evaluate("location.hash") == "#note-1"
        visit.page.locator("#note-1 [role=doc-backlink]").click()
        assert visit.page.evaluate("location.hash") == "#ref-1"


DRAWINGS = sorted((*FIGURES.glob("*.svg"), *(PUBLISHED_FIGURES / "latest").glob("*.svg")))


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_made_small_looks_as_before(browser, drawing):
    """Letters set as text differ in the shade of an edge; a line or a word lost or added differs all over."""
    text = drawing.read_text(encoding="utf-8")
    opened = browser.new_page(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    before, after = (picture_of(opened, one) for one in (text, svg.small(text)))
    opened.close()
    assert before.size == after.size
    blurred = [one.resize((one.width // 4, one.height // 4), Image.Resampling.BOX) for one in (before, after)]
    assert sum(ImageChops.difference(*blurred).histogram()[72:]) == 0


def picture_of(page, text: str) -> Image.Image:
    page.set_content(f'<body style="margin:0"><img src="data:image/svg+xml,{quote(text)}">')
    page.wait_for_function("document.images[0].complete")
    return Image.open(io.BytesIO(page.locator("img").screenshot())).convert("L")


def test_figures_stay_light_in_the_dark(browser, file):
    with Visit(browser, file, scheme="dark") as visit:
        ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        card = visit.page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
    assert (ground, card) == ("rgb(21, 21, 21)", "rgb(255, 255, 255)")


def test_things_to_press_are_large_enough(browser, file):
    """24 px for all that is not a link inside a sentence, which WCAG exempts; the contents list gets more."""
    script = """selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility())
        .map(e => [e.textContent.trim(), e.getBoundingClientRect().height]).filter(([, height]) => height < LEAST)"""
    with Visit(browser, file, 390) as visit:
        small = visit.page.evaluate(script.replace("LEAST", "23.9"), "button, summary, .links a, [role=doc-backlink]")
        contents = visit.page.evaluate(script.replace("LEAST", "39"), "nav ol > li > a")
    assert small == []
    assert contents == []
