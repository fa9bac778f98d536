"""The page in a real browser with the network shut: nothing asked for, nothing wrong, nothing out of reach."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from bs4 import BeautifulSoup
from PIL import Image, ImageChops

from browsing import Visit, needs_chromium
from explainer.project import FIGURES as PUBLISHED_FIGURES
from explainer.project import REPORTS
from explainer.publish.html.svg import Drawings
from publish_fixture import FIGURES
from publish_fixture import page as fixture_html

sync_api = pytest.importorskip("playwright.sync_api")
PUBLISHED = REPORTS / "latest" / "report.html"
pytestmark = needs_chromium


@pytest.fixture(scope="module", params=["fixture", "published"])
def file(request, small) -> Path:
    if request.param == "fixture":
        return small
    return PUBLISHED if PUBLISHED.is_file() else pytest.skip("no published report")


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """The fixture report."""
    place = tmp_path_factory.mktemp("small") / "report.html"
    place.write_text(fixture_html(), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def at_rest(browser, file) -> Iterator[Visit]:
    """The page as a reader opens it, its own policy in force; tests leave it where the next can go on."""
    with Visit(browser, file, own_policy=True) as visit:
        yield visit


def test_nothing_is_asked_for_and_nothing_is_said(at_rest, file):
    loaded = at_rest.page.evaluate(  # a stand-in that this system lacks is no fault
        "document.fonts.ready.then(() => [...document.fonts]"
        ".filter(f => f.status == 'error' && !f.family.includes(' like ')).length)"
    )
    assert [url for url in at_rest.requests if not url.startswith("data:")] == [file.as_uri()]
    assert (at_rest.said, loaded) == ([], 0)


def test_the_keyboard_reaches_the_contents_the_text_and_a_label(at_rest):
    page = at_rest.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    for key in ("Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('nav')?.id") == "contents"
    page.locator(".skip").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#01-")
    page.locator("button.label").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("[popover]:popover-open").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("[popover]:popover-open").count() == 0


SMALLER = """least => selector => [...document.querySelectorAll(selector)]
    .filter(e => e.checkVisibility({contentVisibilityAuto: true}))
    .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([, box]) => box.height < least || box.width < 23.9).map(([text]) => text)"""
FEW = "tbody tr:nth-child(n+4), li:nth-child(n+6), dl > :nth-child(n+9), svg > *, section > div:nth-of-type(n+4)"


def test_the_page_is_sound_at_every_width(browser, file):
    """Things to press have 24 px but for links inside a sentence, which WCAG exempts; the contents list has more."""
    with Visit(browser, file, 390, "dark") as visit:
        page = visit.page
        pressed = "button, summary, .links a, [role=doc-backlink]"
        assert page.evaluate(f"({SMALLER})(23.9)({pressed!r})") == []
        assert page.evaluate(f"({SMALLER})(39)('nav ol > li > a')") == []
        ground, card = (
            page.evaluate(f"getComputedStyle(document.querySelector('{one}')).backgroundColor")
            for one in ("body", ".card")
        )
        assert (ground, card) == ("rgb(21, 21, 21)", "rgb(255, 255, 255)"), "figures stay light in the dark"
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for width, drawn in ((320, "narrow"), (390, "narrow"), (768, ""), (1280, "wide")):
            visit.look(width, "dark")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            shown = page.locator(".card svg:visible").evaluate_all("all => all.map(svg => svg.classList[0])")
            assert not drawn or set(shown) == {drawn}


SEEN = [(390, "light"), (390, "dark"), (768, "light"), (1440, "dark")]


def test_axe_finds_nothing(browser, small):
    with Visit(browser, small) as visit:
        assert visit.violations() == []
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for width, scheme in SEEN:
            visit.look(width, scheme)
            assert visit.violations() == [], (width, scheme)
            visit.page.locator("button.label").first.click()
            assert visit.violations("[popover]:popover-open") == [], (width, scheme)
            visit.page.keyboard.press("Escape")


def test_axe_finds_nothing_on_the_published_page(browser):
    """Once, and with the first of all that is set alike: rows, entries and paragraphs."""
    if not PUBLISHED.is_file():
        pytest.skip("no published report")
    with Visit(browser, PUBLISHED, 390, "dark") as visit:
        visit.page.evaluate(f"document.querySelectorAll('{FEW}').forEach(one => one.remove())")
        assert visit.violations() == []


def test_the_contents_mark_where_one_reads_and_a_button_leads_back(browser, small):
    with Visit(browser, small) as visit:
        visit.page.evaluate("document.getElementById('in-order').scrollIntoView()")
        current = visit.page.locator("nav [aria-current]")
        sync_api.expect(current).to_have_attribute("href", "#in-order")
        back = visit.page.locator(".return")
        assert not back.is_visible()
        before = visit.page.evaluate("scrollY")
        visit.page.locator("tbody td a[href^='#s_']").first.click()
        back.click()
        visit.page.wait_for_function("before => Math.abs(scrollY - before) < 50", arg=before)
        assert not back.is_visible()


def test_files_are_served_from_the_page_itself(browser, small, tmp_path):
    visit = Visit(browser, small, own_policy=True)
    opened = visit.page
    # the fixture has no picture of its own; the link is that of a real figure
    opened.evaluate(
        "(a => a.after(Object.assign(a.cloneNode(true), {href: 'x/visits.png', id: 'png'})))"
        "(document.querySelector('#fig-visits a[data-kit=wide]'))"
    )
    opened.evaluate("document.querySelector('#png').dataset.kit = 'png'")
    files = {}
    for kind in ("csv", "wide", "png"):
        with opened.expect_download() as waiting:
            opened.locator(f"#fig-visits a[data-kit={kind}]").click()
        files[kind] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(files[kind])
    visit.context.close()
    assert visit.said == []
    assert files["csv"].read_text(encoding="utf-8").splitlines()[0] == '\ufeffMonth,"Visits, thousands"'
    drawn = BeautifulSoup(files["wide"].read_text(encoding="utf-8"), "xml")
    told = " ".join(" ".join(line.get_text() for line in drawn.svg.find_all("text", recursive=False)).split())
    assert (
        told.startswith("Figure 1. Visits “fell” by half after the notice") and "Source: Tourism Office 2026." in told
    )
    assert told.endswith("A remark, and what came of it. As of 21 August 2026.")
    height = int(drawn.svg["height"])
    assert Image.open(files["png"]).size == (2 * 614, 2 * height) and height > int(drawn.svg.svg["height"]) + 50


def test_a_note_is_shown_beside_its_number(browser, small):
    with Visit(browser, small) as visit:
        box, mark = visit.page.locator(".preview"), visit.page.locator("a[role=doc-noteref]").first
        mark.focus()
        sync_api.expect(box).to_contain_text("Agency, Answer in the chamber")
        assert not visit.violations(".preview")
        visit.page.keyboard.press("Escape")
        assert not box.is_visible()
        mark.hover()
        assert box.is_visible()


def test_the_text_is_whole_without_scripts(browser, file, tmp_path):
    html = re.sub(r"content-visibility:\s*auto", "content-visibility:visible", file.read_text(encoding="utf-8"))
    html = re.sub(r'<p class="found".*?</p>', "", html)  # a count that follows the filter
    file, words = tmp_path / "page.html", {}
    file.write_text(html, encoding="utf-8")
    for scripts in (True, False):
        with Visit(browser, file, java_script_enabled=scripts) as visit:
            if scripts:
                visit.page.evaluate(
                    "document.querySelectorAll('.earlier-day, .banner, .found, .tool').forEach(e => e.remove())"
                )
                visit.page.evaluate("document.querySelectorAll('.here, .accounts').forEach(e => e.remove())")
            words[scripts] = " ".join(visit.page.locator("main").inner_text().split())
    assert words[False] == words[True]
    assert len(words[False]) > 500


def test_a_link_far_down_leads_there_with_motion_allowed(browser):
    if not PUBLISHED.is_file():
        pytest.skip("no published report")
    with Visit(browser, PUBLISHED, 390, own_policy=True, reduced_motion="no-preference") as visit:
        for place in ("glossary", "fig-map"):
            visit.page.evaluate(f"location.hash = '{place}'")
            visit.page.wait_for_timeout(1500)  # a smooth scroll would have the heights of all it passes change under it
            top = visit.page.evaluate(f"document.getElementById('{place}').getBoundingClientRect().top")
            assert 0 <= top < 100, place


DRAWINGS = sorted((*FIGURES.glob("*.svg"), *(PUBLISHED_FIGURES / "latest").glob("*.svg")))


@pytest.fixture(scope="module")
def easel(browser) -> Iterator[sync_api.Page]:
    page = browser.new_page(viewport={"width": 640, "height": 1020}, device_scale_factor=2)
    yield page
    page.close()


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_on_the_page_looks_as_it_does_alone(easel, drawing):
    """Rounding differs in the shade of an edge; a line or a word lost or added differs all over."""
    text, drawings = drawing.read_text(encoding="utf-8"), Drawings()
    letters = re.search(r"@font-face.*?(?=</style>)", text)[0]
    inline = drawings.set(text, "wide")
    sheet = f'{letters}:root{{--sans:"Source Sans Pro","IPAexGothic"}}{drawings.sheet()}'
    place = "body{margin:0}body>*{display:block;width:600px;height:500px;margin-bottom:10px}"
    easel.set_content(f'<style>{sheet}{place}</style><img src="data:image/svg+xml,{quote(text)}">{inline}')
    easel.wait_for_function("[...document.images].every(one => one.complete)")
    easel.evaluate("document.fonts.ready")
    shown = Image.open(io.BytesIO(easel.screenshot())).convert("L")
    both = [shown.crop((0, top, 1200, top + 1000)) for top in (0, 1020)]
    blurred = [one.resize((300, 250), Image.Resampling.BOX) for one in both]
    assert sum(blurred[0].histogram()[:250]) > 300, "something is drawn"
    assert sum(ImageChops.difference(*blurred).histogram()[72:]) == 0


# --- On a phone: two taps from a sentence to its source, and one back

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def phone(browser, small) -> Iterator[sync_api.Page]:
    """The page on a phone without scripts; every other address answers with one line."""
    context = browser.new_context(**PHONE)
    context.route(re.compile("^https?://"), lambda route: route.fulfill(body="the source", content_type="text/html"))
    opened = context.new_page()
    opened.goto(small.as_uri())
    yield opened
    context.close()


def in_sight(phone, identifier: str) -> bool:
    return phone.eval_on_selector(
        f"[id='{identifier}']",
        "one => { const box = one.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight }",
    )


def test_two_taps_lead_from_a_sentence_to_its_source_and_one_leads_back(phone):
    home, tried = phone.url.partition("#")[0], 0
    for mark in phone.eval_on_selector_all('a[role="doc-noteref"]', "all => all.map(one => one.id)"):
        note = mark.replace("ref-", "note-")
        phone.tap(f"#{mark}")
        assert phone.url == f"{home}#{note}" and in_sight(phone, note)
        source = phone.locator(f"#{note} a[href^='http']").first
        if source.count():  # some pages have no address to link
            address = source.get_attribute("href")
            source.tap()
            phone.wait_for_url(lambda url: not url.startswith("file:"))
            assert unquote(phone.url).rstrip("/") == unquote(address).rstrip("/")
            phone.go_back()
            tried += 1
        assert phone.url == f"{home}#{note}"
        phone.tap(f"#{note} [role='doc-backlink']")
        assert phone.url == f"{home}#{mark}" and in_sight(phone, mark)
    assert tried >= 3


def test_a_row_of_a_table_is_as_near_to_its_source(phone):
    """A row names its publishers; each leads to the page's entry in the list of sources, and Back leads home."""
    name = phone.locator("tbody td a[href^='#s_']").first
    entry, row = name.get_attribute("href")[1:], phone.locator("tr:has(td a[href^='#s_'])").first.get_attribute("id")
    name.tap()
    assert phone.url.endswith(f"#{entry}") and in_sight(phone, entry)
    assert phone.locator(f"[id='{entry}'] a[href^='http']").count() == 1
    phone.go_back()
    assert in_sight(phone, row)


def test_a_wide_table_is_read_row_by_row(phone):
    """Each value stands after the name of its column, and nothing lies beside the screen."""
    wide = phone.locator("table.wide")
    heads = [f'"{name}:"' for name in wide.first.locator("thead th").all_text_contents()]
    shown = "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    assert wide.first.locator("tbody tr").first.locator("td").evaluate_all(shown) == heads[1:]
    assert wide.evaluate_all("all => all.filter(one => one.scrollWidth > innerWidth).length") == 0
