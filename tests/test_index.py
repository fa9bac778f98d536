"""The list of editions and the feed."""

from __future__ import annotations

import feedparser
import html5lib

from explainer.project import REPORTS
from explainer.publish.feed import atom_feed, index_page

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


def read(address: str) -> feedparser.FeedParserDict:
    found = feedparser.parse(atom_feed("A report", "Us", address, EDITIONS, [CORRECTION]))
    assert (found.version, found.bozo) == ("atom10", False)
    return found


def test_the_feed_holds_editions_and_corrections_newest_first():
    found = read("")
    assert [e.title for e in found.entries] == ["Correction: ch. 2", "Late: 28 January 2026", "Early: 30 November 2025"]
    assert (found.feed.updated, found.feed.author) == ("2026-02-01T00:00:00Z", "Us")
    assert [e.content[0].value for e in found.entries] == ["Was: 5 Is: 6", "second", "<b>first</b>"]
    assert found.entries[-1].content[0].type == "text/plain"


def test_a_feed_has_whole_addresses_or_none_and_all_that_atom_asks_for():
    bare, whole = read(""), read("https://reports.example/a/")
    assert not any(part.get("links") for part in (bare.feed, *bare.entries))
    links = {link.href: link.rel for part in (whole.feed, *whole.entries) for link in part.links}
    assert links["https://reports.example/a/feed.xml"] == "self"
    assert links["https://reports.example/a/latest/report.html#corrections"] == "alternate"
    assert all(address.startswith("https://reports.example/a/") for address in links)
    for part in (bare.feed, *bare.entries, whole.feed, *whole.entries):  # RFC 4287, 4.1
        assert part.id and part.title and part.updated_parsed


def test_the_committed_feed_and_index_are_read_without_a_fault():
    found = feedparser.parse((REPORTS / "feed.xml").read_text(encoding="utf-8"))
    assert not found.bozo and len({e.id for e in found.entries}) == len(found.entries) > 40
    for page in ((REPORTS / "index.html").read_text(encoding="utf-8"), index_page("A report", EDITIONS)):
        html5lib.HTMLParser(strict=True).parse(page)
