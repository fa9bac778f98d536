"""What machines read of the page: schema.org, Open Graph, and the list of anchors that do not change."""

import json
import re
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from explainer.publish.citing import author
from explainer.publish.document import Document, long_date
from explainer.publish.language import _

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PREVIEW = "preview.png"
PREVIEW_SIZE = (1200, 630)

PERSON = re.compile(
    r"(?:(?:Prime|Foreign|Defen[cs]e|Vice) Minister|President|Ambassador|Governor|Secretary) [A-Z]"
    r"|[A-Z][a-z]+ [A-Z][a-z]+(?:,|$)"
)
PASSING = re.compile(r"(h|c|ref|note|why|cell|corrected)-|s_")
"""Beginnings of anchors that hold within one edition only: helpers of the page, numbers, cells."""


def description(document: Document) -> str:
    """Return what the report is, with its day."""
    day = long_date(document["as_of"])
    about = document.get("description") or _("An explanatory report.")
    return f"{about} " + _("As it could be known on {day}.").format(day=day)


def address(document: Document, part: str) -> str:
    """Return where a part of a published edition stands in the web; empty where the report names no address."""
    base, published = document.get("address"), {edition["name"] for edition in document["editions"]}
    return f"{base}{document['edition']}/{part}" if base and document["edition"] in published else ""


def social(document: Document) -> list[tuple[str, str, str]]:
    """Return the attributes, names and contents of the page's meta elements for links that are shared."""
    title, about = document["title"], description(document)
    width, height = PREVIEW_SIZE
    picture = _("{title}. As of {day}. Events as marks, by the side that acted.")
    shown = address(document, PREVIEW)  # an address that is not whole leads nowhere from where a link is shared
    card = "summary_large_image" if shown else "summary"
    named = {"description": about, "author": author(document), "twitter:card": card}
    graph = {
        "og:type": "article",
        "og:title": title,
        "og:description": document.get("finding") or about,
        "og:locale": "en_GB",
        "article:published_time": document["as_of"],
    }
    if shown:
        graph |= {"og:url": address(document, "report.html"), "og:image": shown, "og:image:type": "image/png"}
        graph |= {"og:image:width": str(width), "og:image:height": str(height)}
        graph["og:image:alt"] = picture.format(title=title, day=long_date(document["as_of"]))
    return [("name", *pair) for pair in named.items()] + [("property", *pair) for pair in graph.items()]


def linked_data(document: Document, anchors: Iterable[str]) -> Markup:
    """Return the page's JSON-LD: the report, and a review of each claim that it shows.

    No character of it can end the element in which it stands.
    """
    rows = set(anchors)
    shown = [claim for claim in document["claims"] if f"row-{claim['claim_id']}" in rows]
    graph = [_report(document), *(_review(claim, document) for claim in shown)]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return Markup(re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text))


def _report(document: Document) -> dict[str, Any]:
    us = {"@type": "Organization", "@id": "#us", "name": author(document)}
    made = {
        "@type": ["Report", "Article"],
        "@id": "#report",
        "headline": document["title"],
        "description": description(document),
        "author": us,
        "publisher": {"@id": "#us"},
        "datePublished": document["as_of"],
        "dateModified": document["as_of"],
        "version": f"edition of {long_date(document['as_of'])}",
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": LICENCE,
        "url": address(document, "report.html"),
        "image": address(document, PREVIEW),
        "hasPart": [
            {"@type": "Chapter", "@id": f"#{one['anchor']}", "name": one["title"]} for one in document["chapters"]
        ],
        "correction": [
            {"@type": "CorrectionComment", "@id": f"#correction-{one['correction_id']}", "datePublished": one["day"]}
            for one in document["corrections"]
        ],
    }
    return {name: value for name, value in made.items() if value}


def _review(claim: dict[str, Any], document: Document) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": "Claim"}
    whose = claim["claimant"]
    if whose[:1].islower():  # what has no name is where it appears
        item["appearance"] = {"@type": "CreativeWork", "name": whose}
    else:  # a person by title or by a name before a comma
        item["author"] = {"@type": "Person" if PERSON.match(whose) else "Organization", "name": whose}
    if claim.get("date"):
        item["datePublished"] = claim["date"]
    verdict = document["verdicts"].get(claim["verdict"], {})
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": verdict.get("name", claim["verdict"])}
    if "rating" in verdict:  # "disputed" and "not found" are no degree of truth and get a name only
        rating |= {"ratingValue": verdict["rating"], "bestRating": 5, "worstRating": 1}
    made = {
        "@type": "ClaimReview",
        "@id": f"#row-{claim['claim_id']}",
        "url": address(document, f"report.html#row-{claim['claim_id']}"),
        "datePublished": document["as_of"],
        "author": {"@id": "#us"},
        "claimReviewed": claim["claim"],
        "itemReviewed": item,
        "reviewRating": rating,
    }
    return {name: value for name, value in made.items() if value}


def anchors(html: str) -> list[str]:
    """Return the anchors of a page that stand for the same thing in every edition, in reading order."""
    return [name for name in re.findall(r'<[^<>]*\sid="([^"]+)"', html) if not PASSING.match(name)]


def anchor_list(html: str, document: dict[str, Any]) -> str:
    """Write ``anchors.json``: where a chapter, section, exhibit, row, term or source can be linked."""
    made = {"page": "report.html", "edition": document["edition"], "as_of": document["as_of"], "anchors": anchors(html)}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"
