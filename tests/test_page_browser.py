"""The page in a real browser with the network shut: nothing asked for, nothing wrong, nothing out of reach."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from PIL import Image, ImageChops

from explainer.project import FIGURES as PUBLISHED_FIGURES
from explainer.project import REPORTS
from explainer.publish.html.svg import Drawings
from publish_fixture import FIGURES, registers
from publish_fixture import page as fixture_html

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PUBLISHED = REPORTS / "latest" / "report.html"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"), reason="no Chromium: install Debian's chromium, or set CHROMIUM"
)


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


@pytest.fixture(scope="module")
def controls(tmp_path_factory, evidence) -> Path:
    """A page with every control: the fixture's kits aside, a short timeline and the matrix of an early day."""
    place = tmp_path_factory.mktemp("controls") / "report.html"
    shown = ["events-register", "who-said-what", "contested-who-summoned-whom"]
    place.write_text(registers(evidence.cut("2025-11-20"), shown), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """The fixture report."""
    place = tmp_path_factory.mktemp("small") / "report.html"
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
        self.context.set_default_timeout(8000)
        self.context.set_default_navigation_timeout(60000)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())
        if scripts:  # sections far off are laid out late, and until then axe measures places that nobody sees
            self.page.add_style_tag(content="* { content-visibility: visible !important }")
            self.page.evaluate("new Promise(done => requestIdleCallback(() => done()))")  # controls come when idle

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_) -> None:
        self.context.close()

    def violations(self, place: str = "body") -> list[str]:
        self.page.evaluate("typeof axe === 'undefined'") and self.page.evaluate(axe_script())
        found = self.page.evaluate(
            "([place, rules]) => axe.run(place, {runOnly: {type: 'tag', values: rules}})", [place, RULES]
        )
        return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


def test_nothing_is_asked_for_and_nothing_is_said(browser, file):
    context = browser.new_context(offline=True)  # here the page's own policy stands
    opened = context.new_page()
    requests, said = [], []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(file.as_uri())
    loaded = opened.evaluate(  # a stand-in that this system lacks is no fault
        "document.fonts.ready.then(() => [...document.fonts]"
        ".filter(f => f.status == 'error' && !f.family.includes(' like ')).length)"
    )
    context.close()
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    assert said == []
    assert loaded == 0


SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
WIDTHS = pytest.mark.parametrize("width", [390, 768, 1440])


@SCHEMES
@WIDTHS
def test_axe_finds_nothing(browser, small, width, scheme):
    with Visit(browser, small, width, scheme) as visit:
        assert visit.violations() == []
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        visit.page.locator("button.label").first.click()
        assert visit.page.locator("[popover]:popover-open").count() == 1
        assert visit.violations() == []


@SCHEMES
@WIDTHS
def test_axe_finds_nothing_before_and_after_each_control(browser, controls, width, scheme):
    with Visit(browser, controls, width, scheme) as visit:
        visit.page.evaluate("document.querySelector('#sources').remove()")  # long, and the same on the small page
        assert visit.violations() == []
        found = []
        for use, place in CONTROLS:
            use(visit.page)
            found += [f"{use.__name__}: {one}" for one in visit.violations(place)]
        assert found == []


def test_axe_finds_nothing_on_the_published_page(browser):
    """Once, for it takes a minute and a half; the combinations are tried on the small pages."""
    if not PUBLISHED.is_file():
        pytest.skip("no published report")
    with Visit(browser, PUBLISHED, 390, "dark") as visit:
        assert visit.violations() == []


def filter_events(opened) -> None:
    opened.get_by_label("Kind").select_option("economic")
    opened.get_by_label("Search").fill("zzz")
    opened.get_by_label("Search").fill("")


def jump_to_a_day(opened) -> None:
    opened.get_by_role("button", name="Show all").click()
    opened.get_by_label("Go to day").fill("2025-11-14")
    opened.get_by_label("Go to day").dispatch_event("change")


def show_the_sides(opened) -> None:
    opened.get_by_role("button", name="Show here").first.click()


def sort_the_matrix(opened) -> None:
    opened.get_by_role("button", name="Her words").click()


def go_back_a_day(opened) -> None:
    opened.locator(".earlier-day summary").click()
    opened.locator(".day input[type=date]").fill("2025-11-12")
    opened.locator(".day input[type=date]").dispatch_event("change")


CONTROLS = (
    (filter_events, "#tab-events-register"),
    (jump_to_a_day, "#tab-events-register form"),
    (show_the_sides, "#event-2025-11-14-funakoshi-wu"),
    (sort_the_matrix, "#tab-who-said-what thead"),
    (go_back_a_day, "body"),
)


# --- the controls


def shown_events(opened) -> list[str]:
    script = "rows => rows.filter(row => !row.hidden && !row.classList.contains('off')).map(row => row.id)"
    return opened.eval_on_selector_all("#tab-events-register tbody tr", script)


def test_the_timeline_filters_by_actor_kind_confidence_and_words(browser, controls):
    with Visit(browser, controls) as visit:
        opened = visit.page
        status = opened.locator(".found")
        every = shown_events(opened)
        assert status.inner_text() == f"All {len(every)} events"
        opened.get_by_label("Kind").select_option("economic")
        kinds = opened.eval_on_selector_all(
            "#tab-events-register tbody tr:not(.off)", "rows => rows.map(row => row.dataset.category)"
        )
        assert set(kinds) == {"economic"}
        assert status.inner_text() == f"{len(kinds)} of {len(every)} events"
        opened.get_by_role("button", name="Show all").click()
        opened.get_by_label("How sure").select_option("disputed")
        assert shown_events(opened) == ["event-2025-11-14-funakoshi-wu"]
        opened.get_by_role("button", name="Show all").click()
        opened.locator("#tab-events-register").get_by_label("Who").select_option(label="Komeito")
        assert shown_events(opened) == [one for one in every if "komeito" in one]
        opened.get_by_role("button", name="Show all").click()
        opened.get_by_label("Search").fill("SAITO coalition")
        assert len(shown_events(opened)) == 1
        opened.get_by_role("button", name="Show all").click()
        assert shown_events(opened) == every


def test_a_link_to_an_event_that_the_filter_hides_shows_it(browser, controls):
    with Visit(browser, controls) as visit:
        visit.page.get_by_label("Search").fill("nothing at all")
        assert shown_events(visit.page) == []
        visit.page.evaluate("location.hash = 'event-2025-11-07-diet-answer'")
        visit.page.wait_for_timeout(200)
        assert "event-2025-11-07-diet-answer" in shown_events(visit.page)
        link = visit.page.locator("#event-2025-11-07-diet-answer a").first
        assert link.get_attribute("href") == "#event-2025-11-07-diet-answer"


def test_the_timeline_goes_to_a_day_and_takes_the_focus_there(browser, controls):
    with Visit(browser, controls) as visit:
        jump_to_a_day(visit.page)
        focused = visit.page.evaluate("document.activeElement.closest('tr').id")
        assert focused.startswith("event-2025-11-14")
        assert "14 Nov 2025" in visit.page.locator(".found").inner_text()


def test_where_the_sides_differ_each_is_read_in_place(browser, controls):
    with Visit(browser, controls) as visit:
        button = visit.page.locator("#tab-events-register .here").first
        link = visit.page.locator("#event-2025-11-14-funakoshi-wu a.sides")
        assert link.get_attribute("href") == "#tab-contested-who-summoned-whom"
        button.click()
        accounts = visit.page.locator(".accounts").first
        assert button.get_attribute("aria-expanded") == "true"
        assert accounts.locator("dt").count() == visit.page.locator("#tab-contested-who-summoned-whom tbody tr").count()


def test_the_matrix_is_sorted_by_any_column(browser, controls):
    with Visit(browser, controls) as visit:
        opened = visit.page
        first = "#tab-who-said-what th:nth-child(2)"
        ranks = """() => [...document.querySelectorAll('#tab-who-said-what tbody tr')].map(row =>
            [...row.cells[1].querySelectorAll('.state')].filter(p => !p.hidden).map(p => +p.dataset.rank)[0] ?? 9)"""
        opened.get_by_role("button", name="Her words").click()
        assert opened.locator(first).get_attribute("aria-sort") == "ascending"
        assert opened.evaluate(ranks) == sorted(opened.evaluate(ranks))
        opened.get_by_role("button", name="Her words").click()
        assert opened.locator(first).get_attribute("aria-sort") == "descending"
        assert opened.evaluate(ranks) == sorted(opened.evaluate(ranks), reverse=True)
        assert opened.locator("[aria-sort]").count() == 1


def test_every_control_is_reached_and_used_by_the_keyboard_alone(browser, controls):
    with Visit(browser, controls) as visit:
        opened, met = visit.page, set()
        for _ in range(90):
            opened.keyboard.press("Tab")
            here = opened.evaluate(
                "(e => [e.textContent.trim(), e.tagName, e.type || '', getComputedStyle(e).outlineStyle])"
                "(document.activeElement)"
            )
            met.add((here[1], here[2]))
            if here[2] != "date":  # its parts take the focus in turn, and show it themselves
                assert here[3] != "none", here
            if here[1] == "SUMMARY" and "earlier day" in here[0]:
                opened.keyboard.press("Enter")
            if here[2] == "search":
                opened.keyboard.type("travel")
            if here[2] == "range":
                opened.keyboard.press("ArrowLeft")
        wanted = {("INPUT", "search"), ("SELECT", "select-one"), ("INPUT", "date"), ("INPUT", "range")}
        wanted |= {("BUTTON", "reset"), ("BUTTON", "button"), ("SUMMARY", "")}
        assert wanted <= met
        assert "You see this page as of" in opened.locator(".banner").inner_text()
        assert "of" in opened.locator(".found").inner_text()


@pytest.fixture(scope="module")
def record(tmp_path_factory, evidence) -> Path:
    """A record of two registers."""
    place = tmp_path_factory.mktemp("record") / "report.html"
    shown = ["statements-register", "evidence-counts"]
    place.write_text(registers(evidence.cut("2025-11-20"), shown, "07-the-record"), encoding="utf-8")
    return place


def test_a_register_says_its_rows_filters_them_and_links_to_each(browser, record):
    with Visit(browser, record) as visit:
        register = visit.page.locator("#tab-statements-register")
        rows = register.locator("tbody tr")
        every, status = rows.count(), register.locator(".found")
        assert status.inner_text() == f"{every} rows"
        register.get_by_label("Filter these rows").fill("takaichi november")
        assert status.inner_text() == f"{register.locator('tbody tr:not(.off)').count()} of {every} rows"
        assert 0 < register.locator("tbody tr:not(.off)").count() < every
        hidden = register.locator("tbody tr.off").first.get_attribute("id")
        visit.page.evaluate(f"location.hash = '{hidden}'")
        sync_api.expect(status).to_have_text(f"All {every} rows")
        links = rows.evaluate_all("all => all.map(row => row.cells[0].querySelector('a').hash === '#' + row.id)")
        assert all(links)
        assert visit.violations() == []


def test_the_head_of_a_register_stays_in_sight(browser, record):
    with Visit(browser, record) as visit:
        box = visit.page.locator("#tab-statements-register .scroll")
        box.evaluate("box => { box.scrollIntoView(); box.scrollTop = 1e4 }")
        tops = box.evaluate("box => [box, box.querySelector('thead th')].map(one => one.getBoundingClientRect().top)")
        assert abs(tops[0] - tops[1]) < 2


def test_print_leaves_the_record_out_unless_asked(browser, record):
    with Visit(browser, record) as visit:
        section = visit.page.locator("section.record")
        visit.page.emulate_media(media="print")
        assert not section.is_visible()
        visit.page.evaluate("print = () => {}; document.querySelector('.with-record button').click()")
        assert section.is_visible()


def test_the_contents_mark_where_one_reads_and_a_button_leads_back(browser, small):
    with Visit(browser, small) as visit:
        visit.page.evaluate("document.getElementById('in-order').scrollIntoView()")
        current = visit.page.locator("nav [aria-current]")
        sync_api.expect(current).to_have_attribute("href", "#in-order")
        back = visit.page.locator(".return")
        assert not back.is_visible()
        before = visit.page.evaluate("scrollY")
        visit.page.locator("tbody td a[href^='#s.']").first.click()
        back.click()
        visit.page.wait_for_function("before => Math.abs(scrollY - before) < 50", arg=before)
        assert not back.is_visible()


def test_no_control_stands_without_scripts(browser, controls):
    with Visit(browser, controls, scripts=False) as visit:
        assert visit.page.locator("main input, main select, main form, .banner, thead button").count() == 0
        assert visit.page.locator("#tab-events-register tbody tr").count() > 20


def test_files_are_served_from_the_page_itself(browser, small, tmp_path):
    context = browser.new_context(offline=True, accept_downloads=True)  # the page's own policy stands
    opened = context.new_page()
    said = []
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(small.as_uri())
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
    context.close()
    assert said == []
    assert files["csv"].read_bytes() == b"\xef\xbb\xbf" + (FIGURES / "visits.csv").read_bytes()
    drawn = BeautifulSoup(files["wide"].read_text(encoding="utf-8"), "xml")
    told = " ".join(" ".join(line.get_text() for line in drawn.svg.find_all("text", recursive=False)).split())
    assert (
        told.startswith("Figure 1. Visits “fell” by half after the notice") and "Source: Tourism Office 2026." in told
    )
    assert told.endswith("A remark, and what came of it. As of 21 August 2026.")
    height = int(drawn.svg["height"])
    assert Image.open(files["png"]).size == (2 * 614, 2 * height) and height > int(drawn.svg.svg["height"]) + 50


def test_a_day_has_an_address(browser, controls):
    with Visit(browser, controls) as visit:
        visit.page.goto(f"{controls.as_uri()}#day-2025-11-12")
        banner = visit.page.locator(".banner p")
        sync_api.expect(banner).to_contain_text("12 November 2025")
        visit.page.locator(".day input[type=date]").fill("2025-11-10")
        sync_api.expect(banner).to_contain_text("10 November 2025")
        visit.page.reload()
        sync_api.expect(banner).to_contain_text("10 November 2025")
        visit.page.locator(".banner button").click()
        assert visit.page.url == controls.as_uri()


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


def test_the_contents_are_two_presses_of_tab_away(browser, file):
    with Visit(browser, file) as visit:
        for key in ("Tab", "Tab", "Enter", "Tab"):
            visit.page.keyboard.press(key)
        assert visit.page.evaluate("document.activeElement.closest('nav')?.id") == "contents"


def test_the_file_of_a_filtered_register_holds_what_is_shown(browser, controls, tmp_path):
    with Visit(browser, controls) as visit:
        exhibit = visit.page.locator("#tab-events-register")
        exhibit.locator("input[type=search]").fill("seafood")
        shown = exhibit.locator("tbody tr:not(.off)").count()
        with visit.page.expect_download() as waiting:
            exhibit.locator("a[data-kit=csv]").click()
        waiting.value.save_as(tmp_path / "events.csv")
        rows = list(csv.reader((tmp_path / "events.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)))
        assert 0 < shown == len(rows) - 1 < exhibit.locator("tbody tr").count()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_never_scrolls_sideways(browser, file, width):
    with Visit(browser, file, width) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_gets_the_narrow_drawing(browser, file):
    sizes = {}
    for width in (390, 1280):
        with Visit(browser, file, width) as visit:
            sizes[width] = visit.page.locator(".card svg:visible").evaluate_all("all => all.map(s => s.classList[0])")
    assert (set(sizes[390]), set(sizes[1280])) == ({"narrow"}, {"wide"})


def test_the_text_is_whole_without_scripts(browser, file, tmp_path):
    html = re.sub(r"content-visibility:\s*auto", "content-visibility:visible", file.read_text(encoding="utf-8"))
    html = re.sub(r'<p class="found".*?</p>', "", html)  # a count that follows the filter
    file, words = tmp_path / "page.html", {}
    file.write_text(html, encoding="utf-8")
    for scripts in (True, False):
        with Visit(browser, file, scripts=scripts) as visit:
            if scripts:
                visit.page.evaluate(
                    "document.querySelectorAll('.earlier-day, .banner, .found, .tool').forEach(e => e.remove())"
                )
                visit.page.evaluate("document.querySelectorAll('.here, .accounts').forEach(e => e.remove())")
            words[scripts] = " ".join(visit.page.locator("main").inner_text().split())
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


@pytest.mark.parametrize("place", ["glossary", "fig-map"])
def test_a_link_far_down_leads_there_with_motion_allowed(browser, place):
    if not PUBLISHED.is_file():
        pytest.skip("no published report")
    opened = browser.new_page(viewport={"width": 390, "height": 900}, reduced_motion="no-preference")
    opened.goto(PUBLISHED.as_uri())
    opened.evaluate(f"location.hash = '#{place}'")
    opened.wait_for_timeout(1500)  # a smooth scroll would have the heights of all that it passes change under it
    top = opened.evaluate(f"document.getElementById('{place}').getBoundingClientRect().top")
    opened.close()
    assert 0 <= top < 100


DRAWINGS = sorted((*FIGURES.glob("*.svg"), *(PUBLISHED_FIGURES / "latest").glob("*.svg")))


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_on_the_page_looks_as_it_does_alone(browser, drawing):
    """Rounding differs in the shade of an edge; a line or a word lost or added differs all over."""
    text, drawings = drawing.read_text(encoding="utf-8"), Drawings()
    letters = re.search(r"@font-face.*?(?=</style>)", text)[0]
    inline = drawings.set(text, "wide")
    sheet = f'{letters}:root{{--sans:"Source Sans Pro","IPAexGothic"}}{drawings.sheet()}'
    opened = browser.new_page(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    before = picture_of(opened, f'<img src="data:image/svg+xml,{quote(text)}">')
    after = picture_of(opened, f"<style>{sheet}</style>{inline}")
    opened.close()
    assert before.size == after.size
    blurred = [one.resize((one.width // 4, one.height // 4), Image.Resampling.BOX) for one in (before, after)]
    assert sum(ImageChops.difference(*blurred).histogram()[72:]) == 0


def picture_of(page, markup: str) -> Image.Image:
    page.set_content(
        f"<style>body{{margin:0}}body>:last-child{{display:block;width:600px;height:500px}}</style>{markup}"
    )
    page.wait_for_function("[...document.images].every(one => one.complete)")
    page.evaluate("document.fonts.ready")
    return Image.open(io.BytesIO(page.locator("body > :last-child").screenshot())).convert("L")


def test_figures_stay_light_in_the_dark(browser, file):
    with Visit(browser, file, scheme="dark") as visit:
        ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        card = visit.page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
    assert (ground, card) == ("rgb(21, 21, 21)", "rgb(255, 255, 255)")


def test_things_to_press_are_large_enough(browser, file):
    """24 px for all that is not a link inside a sentence, which WCAG exempts; the contents list gets more."""
    script = """selector => [...document.querySelectorAll(selector)]
        .filter(e => e.checkVisibility({contentVisibilityAuto: true}))
        .map(e => [e.textContent.trim(), e.getBoundingClientRect().height]).filter(([, height]) => height < LEAST)"""
    with Visit(browser, file, 390) as visit:
        small = visit.page.evaluate(script.replace("LEAST", "23.9"), "button, summary, .links a, [role=doc-backlink]")
        contents = visit.page.evaluate(script.replace("LEAST", "39"), "nav ol > li > a")
    assert small == []
    assert contents == []
