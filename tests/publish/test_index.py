"""The list of editions and the feed."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import html5lib

from conftest import Project
from explainer.project import REPORTS
from explainer.publish.feed import atom_feed, index_page

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


def test_the_index_lists_the_newest_edition_first_or_says_how_to_build_more():
    page = index_page("A report", EDITIONS)
    assert page.index("late/report.html") < page.index("early/report.pdf")
    assert "make editions" in index_page("A report", EDITIONS[:1]) and "make" not in page
    assert "&lt;b&gt;first" in page and "<b>" not in page and "http://" not in page and "https://" not in page


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


def test_the_index_lists_no_edition_that_is_not_there(tiny_built: Project):
    page = (tiny_built.folder / "reports/index.html").read_text(encoding="utf-8")
    assert "latest/report.html" in page and "spring" not in page.lower()


# --- The site


class Page(HTMLParser):
    def __init__(self, path: Path):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.ids |= {value for name, value in attrs if name == "id"}
        self.links += [value for name, value in attrs if name in ("href", "src")]


def test_a_site_has_every_edition_and_no_dead_link(tiny: Project):
    done = tiny.run("site")
    assert done.returncode == 1 and "reports/spring/report.html: the edition is not built. Mend: " in done.stderr
    for _ in range(2):  # the second time there is something to replace
        assert tiny.run("build", "--all").returncode == 0
        done = tiny.run("site")
        assert done.returncode == 0, done.stderr
    site = tiny.folder / "site"
    pages = {path: Page(path) for path in site.rglob("*.html")}
    assert {path.relative_to(site).as_posix() for path in pages} == {
        "index.html", "reports/index.html", "reports/spring/report.html", "reports/latest/report.html"}  # fmt: skip
    for path, page in pages.items():
        local = [urlsplit(link) for link in page.links if not urlsplit(link).scheme]
        assert local
        for link in local:
            target = (path.parent / unquote(link.path)).resolve() if link.path else path
            assert target.is_file() and target.is_relative_to(site), f"{path}: {link.geturl()}"
            assert not link.fragment or unquote(link.fragment) in pages[target].ids, f"{path}: {link.geturl()}"
    read = [link for link in pages[site / "reports/index.html"].links if link.endswith("report.html")]
    assert read == ["latest/report.html", "spring/report.html"]
    assert (site / "figures/latest/crossings.csv").is_file() and (site / "reports/feed.xml").is_file()
    (tiny.folder / "reports/spring/report.pdf").unlink()
    done = tiny.run("site")
    assert done.returncode == 1 and "reports/index.html 'spring/report.pdf': leads nowhere" in done.stderr
    assert (site / "reports/spring/report.pdf").is_file(), "the older site stays"
    shutil.rmtree(site)
    site.mkdir()
    done = tiny.run("site")
    assert done.returncode == 1 and "site: is not a site that was laid here" in done.stderr
