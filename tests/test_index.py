"""The list of editions and the feed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from explainer.publish.feed import ATOM, atom_feed, index_page

EDITIONS = [
    {"name": "early", "title": "Early", "as_of": "2025-11-30", "about": "<b>first</b>"},
    {"name": "late", "title": "Late", "as_of": "2026-01-28", "about": "second"},
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


def test_the_feed_holds_editions_and_corrections_newest_first():
    feed = ET.fromstring(atom_feed("A report", EDITIONS, [CORRECTION], "Us"))
    titles = [e.findtext(f"{{{ATOM}}}title") for e in feed.iter(f"{{{ATOM}}}entry")]
    assert titles == ["Correction: ch. 2", "Late: 28 January 2026", "Early: 30 November 2025"]
    assert feed.findtext(f"{{{ATOM}}}updated") == "2026-02-01T00:00:00Z"
    assert feed.find(f"{{{ATOM}}}entry/{{{ATOM}}}link").get("href") == "latest/report.html#corrections"
