"""The list of editions and the feed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from explainer.publish.feed import ATOM, atom_feed, index_page

EDITIONS = [
    {"name": "early", "title": "Early", "as_of": "2025-11-30", "about": "<b>first</b>", "here": True},
    {"name": "late", "title": "Late", "as_of": "2026-01-28", "about": "second", "here": True},
]
CORRECTION = {
    "correction_id": "c1",
    "day": "2026-02-01",
    "place": "ch. 2",
    "class": "correction",
    "was": "5",
    "is": "6",
}


def test_the_index_lists_the_newest_edition_first_and_shows_markup_as_text():
    page = index_page("A report", EDITIONS)
    assert page.index("late/report.html") < page.index("early/report.pdf")
    assert "&lt;b&gt;first" in page and "<b>" not in page and "http://" not in page and "https://" not in page


def test_the_index_names_an_edition_that_is_not_built_and_leads_nowhere():
    page = index_page("A report", [EDITIONS[0] | {"here": False}, EDITIONS[1]])
    assert "Early" in page and "early/" not in page and "late/report.html" in page


def read(address: str) -> ET.Element:
    return ET.fromstring(atom_feed("A report", "Us", address, EDITIONS, [CORRECTION]))


def test_the_feed_holds_editions_and_corrections_newest_first():
    feed = read("")
    titles = [e.findtext(f"{{{ATOM}}}title") for e in feed.iter(f"{{{ATOM}}}entry")]
    assert titles == ["Correction: ch. 2", "Late: 28 January 2026", "Early: 30 November 2025"]
    assert feed.findtext(f"{{{ATOM}}}updated") == "2026-02-01T00:00:00Z"


def test_a_feed_has_whole_addresses_or_none_and_all_that_atom_asks_for():
    assert not list(read("").iter(f"{{{ATOM}}}link"))
    feed = read("https://reports.example/a/")
    links = {link.get("href"): link.get("rel") for link in feed.iter(f"{{{ATOM}}}link")}
    assert links["https://reports.example/a/feed.xml"] == "self"
    assert links["https://reports.example/a/latest/report.html#corrections"] == "alternate"
    assert all(address.startswith("https://reports.example/a/") for address in links)
    for one in (read(""), feed):
        for part in (one, *one.iter(f"{{{ATOM}}}entry")):  # RFC 4287, 4.1: an entry without a page has content
            assert all(part.findtext(f"{{{ATOM}}}{name}") for name in ("id", "title", "updated"))
        assert all(entry.findtext(f"{{{ATOM}}}content") for entry in one.iter(f"{{{ATOM}}}entry"))
