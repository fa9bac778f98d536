"""The controls of the page in a real browser: what each shows, hides and says, now and as of an earlier day."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browsing import Visit, needs_chromium
from explainer.evidence.evidence import Evidence, EvidenceError
from explainer.exhibits.kit import REGISTRY, Gallery
from explainer.text.dialect import curl
from publish_fixture import registers

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def controls(tmp_path_factory, evidence) -> Path:
    """A page with every control: the fixture's kits aside, a short timeline and the matrix of an early day."""
    place = tmp_path_factory.mktemp("controls") / "report.html"
    shown = ["events-register", "who-said-what", "contested-who-summoned-whom"]
    place.write_text(registers(evidence.cut("2025-11-20"), shown), encoding="utf-8")
    return place


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


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_axe_finds_nothing_before_and_after_each_control(browser, controls, width, scheme):
    with Visit(browser, controls, width, scheme) as visit:
        visit.page.evaluate("document.querySelector('#sources').remove()")  # long, and the same on the small page
        assert visit.violations() == []
        found = []
        for use, place in CONTROLS:
            use(visit.page)
            found += [f"{use.__name__}: {one}" for one in visit.violations(place)]
        assert found == []


@pytest.fixture(scope="module")
def used(browser, controls) -> Iterator[Visit]:
    with Visit(browser, controls) as visit:
        yield visit


@pytest.fixture
def opened(used):
    """The page with every control, its timeline unfiltered."""
    used.page.locator("#tab-events-register").get_by_role("button", name="Show all").click()
    return used.page


def shown_events(opened) -> list[str]:
    script = "rows => rows.filter(row => !row.hidden && !row.classList.contains('off')).map(row => row.id)"
    return opened.eval_on_selector_all("#tab-events-register tbody tr", script)


def test_the_timeline_filters_by_actor_kind_confidence_and_words(opened):
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


def test_a_link_to_an_event_that_the_filter_hides_shows_it(opened):
    opened.get_by_label("Search").fill("nothing at all")
    assert shown_events(opened) == []
    opened.evaluate("location.hash = 'event-2025-11-07-diet-answer'")
    opened.wait_for_timeout(200)
    assert "event-2025-11-07-diet-answer" in shown_events(opened)
    link = opened.locator("#event-2025-11-07-diet-answer a").first
    assert link.get_attribute("href") == "#event-2025-11-07-diet-answer"


def test_the_timeline_goes_to_a_day_and_takes_the_focus_there(opened):
    jump_to_a_day(opened)
    focused = opened.evaluate("document.activeElement.closest('tr').id")
    assert focused.startswith("event-2025-11-14")
    assert "14 Nov 2025" in opened.locator(".found").inner_text()


def test_where_the_sides_differ_each_is_read_in_place(opened):
    button = opened.locator("#tab-events-register .here").first
    link = opened.locator("#event-2025-11-14-funakoshi-wu a.sides")
    assert link.get_attribute("href") == "#tab-contested-who-summoned-whom"
    button.click()
    accounts = opened.locator(".accounts").first
    assert button.get_attribute("aria-expanded") == "true"
    assert accounts.locator("dt").count() == opened.locator("#tab-contested-who-summoned-whom tbody tr").count()


def test_the_matrix_is_sorted_by_any_column(opened):
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
        wanted |= {("BUTTON", "button"), ("SUMMARY", "")}
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
        box = register.locator(".scroll")
        box.evaluate("box => { box.scrollIntoView(); box.scrollTop = 1e4 }")
        tops = box.evaluate("box => [box, box.querySelector('thead th')].map(one => one.getBoundingClientRect().top)")
        assert abs(tops[0] - tops[1]) < 2, "its head stays in sight"
        rows = register.locator("tbody tr")
        every, status = rows.count(), register.locator(".found")
        assert status.inner_text() == f"{every} rows"
        register.get_by_label("Filter these rows").fill("takaichi november")
        assert status.inner_text() == f"{register.locator('tbody tr:not(.off)').count()} of {every} rows"
        assert 0 < register.locator("tbody tr:not(.off)").count() < every
        assert visit.violations("#tab-statements-register") == []
        hidden = register.locator("tbody tr.off").first.get_attribute("id")
        visit.page.evaluate(f"location.hash = '{hidden}'")
        sync_api.expect(status).to_have_text(f"All {every} rows")
        links = rows.evaluate_all("all => all.map(row => row.cells[0].querySelector('a').hash === '#' + row.id)")
        assert all(links)
        section = visit.page.locator("section.record")
        visit.page.emulate_media(media="print")
        assert not section.is_visible(), "print leaves the record out unless asked"
        visit.page.evaluate("print = () => {}; document.querySelector('.with-record button').click()")
        assert section.is_visible()


def test_no_control_stands_without_scripts(browser, controls):
    with Visit(browser, controls, java_script_enabled=False) as visit:
        assert visit.page.locator("main input, main select, main form, .banner, thead button").count() == 0
        assert visit.page.locator("#tab-events-register tbody tr").count() > 20


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


def test_the_file_of_a_filtered_register_holds_what_is_shown(opened, tmp_path):
    exhibit = opened.locator("#tab-events-register")
    exhibit.locator("input[type=search]").fill("seafood")
    shown = exhibit.locator("tbody tr:not(.off)").count()
    with opened.expect_download() as waiting:
        exhibit.locator("a[data-kit=csv]").click()
    waiting.value.save_as(tmp_path / "events.csv")
    rows = list(csv.reader((tmp_path / "events.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    assert 0 < shown == len(rows) - 1 < exhibit.locator("tbody tr").count()


# --- The page set back to an earlier day agrees with the evidence as of that day, row for row


REGISTERS = ["events-register", "china-measures", *(one for one in REGISTRY if one.startswith("contested"))]
SHOWN = [*REGISTERS, "who-said-what"]
DAYS = ("2025-10-25", "2025-11-08", "2025-11-16", "2025-12-12", "2026-01-28", "2026-02-10", "2026-06-30")


@pytest.fixture(scope="module")
def dated(browser, tmp_path_factory, evidence):
    place = tmp_path_factory.mktemp("day") / "report.html"
    place.write_text(registers(evidence, SHOWN), encoding="utf-8")
    opened = browser.new_page(reduced_motion="reduce")
    opened.goto(place.as_uri())
    opened.locator(".earlier-day summary").click()
    yield opened
    opened.close()


SOURCE = "const source = a => document.getElementById(a.hash.slice(1)).firstElementChild.id.slice(2);"
READ_ROWS = (
    f"ids => {{ {SOURCE} "
    + """return Object.fromEntries(ids.map(id => [id, [...document.querySelectorAll(`#tab-${id} tbody tr`)]
    .filter(row => !row.hidden && !row.closest('[hidden]')).map(row => [...row.cells].map(cell => {
        const copy = cell.cloneNode(true);
        copy.querySelectorAll('[hidden], .sides, .here, .accounts').forEach(part => part.remove());
        const links = [...copy.querySelectorAll('a[href^="#s_"]')].map(source);
        return links.length ? links : copy.textContent.trim();
    }))])) }"""
)
READ_MATRIX = (
    f"() => {{ {SOURCE} "
    + """return Object.fromEntries([...document.querySelectorAll('.matrix .state')]
    .filter(state => !state.hidden).map(state => [state.parentElement.id, [
        state.querySelector('b').textContent, state.querySelector('.changed')?.textContent ?? '',
        state.querySelector('p:nth-child(2)').textContent, state.querySelector('.cited').firstChild.textContent.trim(),
        state.querySelector('a[href^="#label-"]').textContent,
        [...state.querySelectorAll('a[href^="#s_"]')].map(source)]])) }"""
)


def go_to(dated, day: str) -> None:
    dated.locator(".day input[type=date]").fill(day)
    dated.locator(".day input[type=date]").dispatch_event("change")
    dated.wait_for_function("day => document.querySelector('article').dataset.shown === day", arg=day)


def expected(evidence: Evidence, one: str) -> dict[str, Any]:
    try:
        return Gallery(evidence, "01-registers").compute(one).record["table"]
    except EvidenceError:  # nothing to show by that day
        return {"columns": [], "rows": [], "rows_meta": []}


@pytest.mark.parametrize("day", DAYS)
def test_every_row_of_the_registers_and_of_the_matrix_is_that_of_the_day(dated, evidence, day):
    go_to(dated, day)
    cut = evidence.cut(day)
    shown = dated.evaluate(READ_ROWS, REGISTERS)
    for one in REGISTERS:
        rows = [
            [curl(cell) if isinstance(cell, str) else cell or "" for cell in row] for row in expected(cut, one)["rows"]
        ]
        assert shown[one] == rows, one
    table = expected(cut, "who-said-what")
    wanted = {}
    for row, meta in zip(table["rows"], table["rows_meta"], strict=True):
        if meta["taken"]:
            now, _, before = meta["taken"].partition(" (earlier: ")
            changed = f"changed; earlier {before.rstrip(')')}" if before else ""
            value = [now, changed, curl(row[2]), row[3], row[4], row[5]]
            wanted[f"said-{meta['stakeholder_id']}-{meta['question']}"] = value
    assert dated.evaluate(READ_MATRIX) == wanted


def test_prose_of_that_day_stands_alone_and_coming_back_restores_the_page(dated, evidence):
    go_to(dated, evidence.as_of.isoformat())  # the page is shared: a test before may have left it on another day
    before = dated.locator("main").inner_text()
    go_to(dated, "2025-12-12")
    text = dated.locator("main").inner_text()
    assert "Said early. [Jiji Press]" in text
    assert "Said late." not in text
    assert "You see this page as of 12 December 2025" in dated.locator(".banner").inner_text()
    assert "are still those of 10 October 2026" in dated.locator(".banner").inner_text()
    dated.locator(".banner button").click()
    assert dated.locator("main").inner_text() == before
    assert ("Said late." in before, "Said early" in before) == (True, False)


def test_the_slider_and_the_field_go_together(dated):
    slider, field = dated.locator(".day input[type=range]"), dated.locator(".day input[type=date]")
    go_to(dated, "2026-02-10")
    assert slider.get_attribute("aria-valuetext") == "10 February 2026"
    slider.focus()
    dated.keyboard.press("ArrowLeft")
    sync_api.expect(field).to_have_value("2026-02-09")
    assert slider.get_attribute("aria-valuetext") == "9 February 2026"
    field.fill("2020-01-01")
    field.dispatch_event("change")
    assert field.input_value() == "2026-02-09"


def test_a_label_of_an_earlier_day_is_named_as_the_page_names_it(dated):
    """In a translated page the words of the labels are others than their codes."""
    rule = '<p id="label-reported"><span class="label">berichtet</span></p>'
    dated.evaluate("rule => document.body.insertAdjacentHTML('beforeend', rule)", rule)
    try:
        go_to(dated, "2025-11-08")
        shown = dated.locator('a[href^="#label-"]', has_text="berichtet")
        assert shown.count() and shown.first.get_attribute("href") == "#label-reported"
    finally:
        dated.evaluate("document.querySelector('#label-reported').remove()")
