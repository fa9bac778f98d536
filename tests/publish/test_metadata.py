"""What machines read: JSON-LD, Open Graph, the preview, anchors that never change; the index and the feed."""

import json
import re
import shutil
import struct
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import html5lib
import pytest
from bs4 import BeautifulSoup

from alliance.statement.numbers import VERDICTS
from anchors import ANCHORS, anchors_of_source
from conftest import Project
from explainer.editions.pages import preview
from explainer.project import PROJECT, REPORTS
from explainer.publish import metadata
from explainer.publish.feed import atom_feed, index_page
from explainer.publish.resolve import combine
from publish_fixture import chapters, fixture_page, manifest, page

CLAIMS = [
    {"claim_id": f"claim-{verdict}", "claimant": "A paper", "date": "2026-01-06", "claim": f"It is {verdict}.",
     "verdict": verdict}
    for verdict in VERDICTS
]  # fmt: skip


def resolved(made: dict) -> dict:
    return combine(chapters(), made).metadata["explainer"]


def page_with_claims(claims: list[dict], shown: list[str]) -> str:
    made = manifest() | {"claims": claims, "corrections": [], "description": "A fixture."}
    made |= {"verdicts": PROJECT.told["verdicts"]}
    table = made["figures"][1]["table"]
    for key in shown:
        table["rows"].append(table["rows"][0])
        table["rows_meta"].append({"id": key, "verdict_code": "x"})
    return fixture_page(made)


def graph_of(html: str) -> list[dict]:
    [block] = BeautifulSoup(html, "html.parser").find_all("script", type="application/ld+json")
    read = json.loads(block.string)
    assert read["@context"] == "https://schema.org"
    return read["@graph"]


@pytest.fixture(scope="module")
def graph() -> list[dict]:
    hidden = CLAIMS[0] | {"claim_id": "claim-that-no-exhibit-shows"}
    return graph_of(page_with_claims([*CLAIMS, hidden], [claim["claim_id"] for claim in CLAIMS]))


def test_the_report_is_described_with_its_day(graph):
    report = graph[0]
    assert report["@type"] == ["Report", "Article"]
    assert (report["datePublished"], report["version"]) == ("2026-08-21", "edition of 21 August 2026")
    assert report["headline"] == manifest()["title"] and report["license"].startswith("https://creativecommons.org/")
    assert [part["@id"] for part in report["hasPart"]] == ["#01-first", "#02-second"]
    [note] = graph_of(page())[0]["correction"]
    assert note["@type"] == "CorrectionComment" and note["@id"] == "#correction-c1"


def test_each_claim_shown_is_reviewed_and_rated_by_its_verdict(graph):
    reviews = {review["@id"]: review for review in graph[1:]}
    assert len(reviews) == len(VERDICTS) and {r["@type"] for r in reviews.values()} == {"ClaimReview"}
    rated = {url: review["reviewRating"].get("ratingValue") for url, review in reviews.items()}
    assert rated["#row-claim-supported"] == 5 and rated["#row-claim-refuted"] == 1
    assert rated["#row-claim-disputed"] is None and rated["#row-claim-not_found"] is None
    for verdict, words in VERDICTS.items():
        review = reviews[f"#row-claim-{verdict}"]
        assert review["reviewRating"]["alternateName"] == words
        assert review["claimReviewed"] == f"It is {verdict}."
        assert review["itemReviewed"]["author"] == {"@type": "Organization", "name": "A paper"}


def test_an_earlier_edition_reviews_no_claim_of_a_later_day(evidence):
    early, late = (
        [c["claim_id"] for c in evidence.cut(day).claims.to_dict("records")] for day in ("2025-11-30", "2026-08-21")
    )
    assert set(early) < set(late) and not [key for key in early if key.startswith("seed-")]
    claims = evidence.cut("2025-11-30").claims.drop(columns="known").to_dict("records")
    graph = graph_of(page_with_claims(claims, late))
    assert {review["@id"] for review in graph[1:]} == {f"#row-{key}" for key in early}


def test_no_claim_can_end_the_element_in_which_it_stands():
    evil = "</script><script>alert(1)</script><!-- \u2028 & \ue010style\ue011"
    html = page_with_claims([CLAIMS[0] | {"claim": evil, "claimant": evil}], ["claim-supported"])
    assert graph_of(html)[1]["claimReviewed"] == evil
    for mark in ("<script", "@font-face{"):
        assert html.count(mark) == page().count(mark)


def test_a_shared_link_has_words_a_day_and_a_picture():
    head = BeautifulSoup(page_with_claims([], []), "html.parser").head
    read = {tag.get("property") or tag.get("name"): tag.get("content") for tag in head.find_all("meta")}
    assert (read["og:title"], read["og:type"]) == (manifest()["title"], "article")
    assert read["description"] == "A fixture. As it could be known on 21 August 2026."
    assert read["og:description"] == 'The minister said it "twice".', "the finding: the first sentence of the text"
    assert "og:image" not in read and read["twitter:card"] == "summary"


def test_with_an_address_all_that_machines_follow_is_whole():
    made = {**manifest(), "address": "https://reports.example/", "claims": CLAIMS[:1]}
    document = resolved(made)
    read = {name: content for _, name, content in metadata.social(document)}
    assert read["og:image"] == "https://reports.example/latest/preview.png"
    assert read["og:url"] == "https://reports.example/latest/report.html"
    assert read["twitter:card"] == "summary_large_image"
    assert "21 August 2026" in read["og:image:alt"]
    report, review = json.loads(metadata.linked_data(document, ["row-claim-supported"]))["@graph"]
    assert report["image"] == read["og:image"]
    assert review["url"] == "https://reports.example/latest/report.html#row-claim-supported"


@pytest.mark.parametrize(
    ("claimant", "told"),
    [
        ("the article that it began from", {"appearance": "CreativeWork"}),
        ("China's Foreign Ministry", {"author": "Organization"}),
        ("Prime Minister Takaichi", {"author": "Person"}),
        ("Takahide Kiuchi, Nomura Research Institute", {"author": "Person"}),
    ],
)
def test_a_claim_is_told_as_somebodys_or_as_of_the_work_in_which_it_stands(claimant, told):
    document = resolved({**manifest(), "claims": [{**CLAIMS[0], "claimant": claimant}]})
    item = json.loads(metadata.linked_data(document, ["row-claim-supported"]))["@graph"][1]["itemReviewed"]
    assert {name: item[name]["@type"] for name in ("author", "appearance") if name in item} == told


def drawn(evidence, manifest: dict) -> bytes:
    page = preview(manifest, evidence)
    return page.make(*page.arguments)[page.name]


def test_the_preview_has_the_stated_size_and_is_the_same_each_time(evidence):
    made = {"title": PROJECT.told["title"], "as_of": "2025-11-30"}
    first, second = (drawn(evidence.cut("2025-11-30"), made) for _ in range(2))
    assert first == second and len(first) < 120_000 and PROJECT.told["description"].endswith(".")
    assert struct.unpack(">II", first[16:24]) == metadata.PREVIEW_SIZE
    assert drawn(evidence, {"title": PROJECT.told["title"], "as_of": "2026-08-21"}) != first


def test_the_list_of_anchors_holds_what_stays_and_nothing_that_is_numbered():
    read = json.loads(metadata.anchor_list(page(), manifest()))
    assert (read["page"], read["edition"], read["as_of"]) == ("report.html", "latest", "2026-08-21")
    listed = set(read["anchors"])
    assert listed >= {"01-first", "words", "fig-visits", "tab-measures", "event-2025-11-14-notice", "term-contingency"}
    assert listed >= {"s-agency-2026", "notes", "sources", "cite", "label-settled", "correction-c1"}
    assert not [name for name in listed if re.match(r"(ref|note|why|cell|h|c)-", name)]
    ids = {tag["id"] for tag in BeautifulSoup(page(), "html.parser").find_all(id=True)}
    assert listed <= ids


def test_no_anchor_that_was_published_is_lost(evidence):
    """Links from elsewhere lead to these. A heading may be reworded and a row corrected; its anchor stays."""
    listed = ANCHORS.read_text(encoding="utf-8").split()
    lost = sorted(set(listed) - anchors_of_source(evidence))
    assert not lost, f"anchors are gone, and links to them break; restore them: {', '.join(lost)}"
    assert len(listed) > 250 and listed == sorted(set(listed))


def test_new_anchors_are_put_on_the_list(evidence):
    new = sorted(anchors_of_source(evidence) - set(ANCHORS.read_text(encoding="utf-8").split()))
    assert not new, f"run tests/anchors.py to add to {ANCHORS.name}: {' '.join(new)}"


# --- The list of editions, the feed and the site


EDITIONS = [
    {"name": "early", "title": "Early", "as_of": "2025-11-30", "about": "<b>first</b>"},
    {"name": "late", "title": "Late", "as_of": "2026-01-28", "about": "second"},
]
CORRECTION = {"correction_id": "c1", "day": "2026-02-01", "place": "ch. 2", "class": "correction"}
CORRECTION |= {"was": "5", "is": "6"}


def test_the_index_lists_the_newest_edition_first_or_says_how_to_build_more():
    html = index_page("A report", EDITIONS)
    assert html.index("late/report.html") < html.index("early/report.pdf")
    assert "make editions" in index_page("A report", EDITIONS[:1]) and "make" not in html
    assert "&lt;b&gt;first" in html and "<b>" not in html and "http://" not in html and "https://" not in html


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
    for html in ((REPORTS / "index.html").read_text(encoding="utf-8"), index_page("A report", EDITIONS)):
        html5lib.HTMLParser(strict=True).parse(html)


def test_the_index_lists_no_edition_that_is_not_there(tiny_built: Project):
    html = (tiny_built.folder / "reports/index.html").read_text(encoding="utf-8")
    assert "latest/report.html" in html and "spring" not in html.lower()


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
    for path, html in pages.items():
        local = [urlsplit(link) for link in html.links if not urlsplit(link).scheme]
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
