"""On a phone: two taps from a sentence to its source, and one back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from browsing import needs_chromium
from publish_fixture import page as fixture_html

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = needs_chromium
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def phone(browser, tmp_path_factory) -> Iterator[sync_api.Page]:
    """The page on a phone without scripts; every other address answers with one line."""
    file = tmp_path_factory.mktemp("phone") / "report.html"
    file.write_text(fixture_html(), encoding="utf-8")
    context = browser.new_context(**PHONE)
    context.route(re.compile("^https?://"), lambda route: route.fulfill(body="the source", content_type="text/html"))
    opened = context.new_page()
    opened.goto(file.as_uri())
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
    name = phone.locator("tbody td a[href^='#s.']").first
    entry, row = name.get_attribute("href")[1:], phone.locator("tr:has(td a[href^='#s.'])").first.get_attribute("id")
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
