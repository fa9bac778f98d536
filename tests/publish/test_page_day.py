"""The page set back to an earlier day agrees with the evidence as of that day, row for row, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from browsing import needs_chromium
from explainer.evidence.evidence import Evidence, EvidenceError
from explainer.exhibits.kit import REGISTRY, Gallery
from explainer.text.dialect import curl
from publish_fixture import registers

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = needs_chromium
REGISTERS = [
    "events-register",
    "china-measures",
    *(one for one in REGISTRY if one.startswith("contested")),
]
SHOWN = [*REGISTERS, "who-said-what"]
DAYS = ("2025-10-25", "2025-11-08", "2025-11-16", "2025-12-12", "2026-01-28", "2026-02-10", "2026-06-30")


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory, evidence):
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
        const links = [...copy.querySelectorAll('a[href^="#s."]')].map(source);
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
        [...state.querySelectorAll('a[href^="#s."]')].map(source)]])) }"""
)


def go_to(page, day: str) -> None:
    page.locator(".day input[type=date]").fill(day)
    page.locator(".day input[type=date]").dispatch_event("change")
    page.wait_for_function("day => document.querySelector('article').dataset.shown === day", arg=day)


def expected(evidence: Evidence, one: str) -> dict[str, Any]:
    try:
        return Gallery(evidence, "01-registers").compute(one).record["table"]
    except EvidenceError:  # nothing to show by that day
        return {"columns": [], "rows": [], "rows_meta": []}


@pytest.mark.parametrize("day", DAYS)
def test_every_row_of_the_registers_and_of_the_matrix_is_that_of_the_day(page, evidence, day):
    go_to(page, day)
    cut = evidence.cut(day)
    shown = page.evaluate(READ_ROWS, REGISTERS)
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
    assert page.evaluate(READ_MATRIX) == wanted


def test_prose_of_that_day_stands_and_later_prose_does_not(page):
    go_to(page, "2025-12-12")
    text = page.locator("main").inner_text()
    assert "Said early. [Jiji Press]" in text
    assert "Said late." not in text
    assert "You see this page as of 12 December 2025" in page.locator(".banner").inner_text()
    assert "are still those of 10 October 2026" in page.locator(".banner").inner_text()
    page.locator(".banner button").click()
    text = page.locator("main").inner_text()
    assert ("Said late." in text, "Said early" in text) == (True, False)


def test_coming_back_restores_the_page(page, evidence):
    go_to(page, evidence.as_of.isoformat())  # the page is shared: a test before may have left it on another day
    before = page.locator("main").inner_text()
    go_to(page, "2025-11-08")
    assert page.locator("main").inner_text() != before
    page.locator(".banner button").click()
    assert page.locator("main").inner_text() == before


def test_the_slider_and_the_field_go_together(page):
    slider, field = page.locator(".day input[type=range]"), page.locator(".day input[type=date]")
    go_to(page, "2026-02-10")
    assert slider.get_attribute("aria-valuetext") == "10 February 2026"
    slider.focus()
    page.keyboard.press("ArrowLeft")
    sync_api.expect(field).to_have_value("2026-02-09")
    assert slider.get_attribute("aria-valuetext") == "9 February 2026"
    field.fill("2020-01-01")
    field.dispatch_event("change")
    assert field.input_value() == "2026-02-09"


def test_a_label_of_an_earlier_day_is_named_as_the_page_names_it(page):
    """In a translated page the words of the labels are others than their codes."""
    rule = '<p id="label-reported"><span class="label">berichtet</span></p>'
    page.evaluate("rule => document.body.insertAdjacentHTML('beforeend', rule)", rule)
    try:
        go_to(page, "2025-11-08")
        shown = page.locator('a[href^="#label-"]', has_text="berichtet")
        assert shown.count() and shown.first.get_attribute("href") == "#label-reported"
    finally:
        page.evaluate("document.querySelector('#label-reported').remove()")
