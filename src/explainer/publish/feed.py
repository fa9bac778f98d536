"""The page that lists the editions, and the Atom feed of editions and corrections."""

import datetime as dt
import html
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from explainer.publish.document import long_date
from explainer.publish.language import _, spoken

ATOM = "http://www.w3.org/2005/Atom"
FEED_ID = "tag:explainer,2026:report"
STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1f1f1f;--muted:#595959;--accent:#12436d}
@media (prefers-color-scheme:dark){:root{--paper:#151515;--ink:#ddd;--muted:#a6a6a6;--accent:#8ab8de}}
body{background:var(--paper);color:var(--ink);font:1.125rem/1.5 Charter,Georgia,serif;margin:0;padding:2rem 1rem}
main{max-width:40rem;margin:auto}h1{line-height:1.2}a{color:var(--accent)}li{margin:0 0 1.25rem}
ol{list-style:none;padding:0}p{margin:.25rem 0}.about{color:var(--muted)}a.format{display:inline-block;padding:.25rem 0}
"""


def index_page(title: str, editions: Sequence[Mapping[str, Any]]) -> str:
    """Write ``reports/index.html``: every edition with its day, newest first.

    Parameters
    ----------
    title : str
        Title of the report.
    editions : sequence of mapping
        With name, title, as_of (YYYY-MM-DD) and about.
    """
    items = "".join(_item(e) for e in sorted(editions, key=lambda e: e["as_of"], reverse=True))
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    about = html.escape(_("Each edition holds what could be known on its day, and nothing later."), quote=False)
    if len(editions) == 1:  # as in the repository; a site has them all
        more = _("The latest one is kept in the repository; {command} builds the others.")
        about += " " + html.escape(more, quote=False).format(command="<code>make editions</code>")
    feed, heading = _("Editions and corrections"), _("Editions: {title}").format(title=title)
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(spoken())}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="alternate" type="application/atom+xml" title="{html.escape(feed)}" href="feed.xml">'
        f"<title>{html.escape(heading)}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{html.escape(title)}</h1><p>{about}</p>"
        f"<ol>{items}</ol></main></body></html>\n"
    )


def _item(edition: Mapping[str, str]) -> str:
    name, label = html.escape(edition["name"]), html.escape(edition["title"])
    page = html.escape(_("Read {edition} as a page")).format(edition=label)
    papers = {"brief": _("in two pages"), "report": _("as PDF"), "record": _("its record as PDF")}
    formats = "".join(
        f' · <a class="format" href="{name}/{file}.pdf">{html.escape(words)}</a>' for file, words in papers.items()
    )
    links = f'<p><a class="format" href="{name}/report.html">{page}</a>{formats}</p>'
    return (
        f'<li id="{name}"><h2>{label}</h2><p>{long_date(edition["as_of"])}</p>'
        f'<p class="about">{html.escape(edition["about"])}</p>{links}</li>\n'
    )


def atom_feed(
    title: str,
    author: str,
    address: str,
    editions: Sequence[Mapping[str, str]],
    corrections: Sequence[Mapping[str, str]],
) -> str:
    """Write ``reports/feed.xml``: one entry an edition and one a correction, dated by the day each stands for.

    A reader of feeds resolves no relative address: without that of the report, an entry holds its text alone.
    """
    entries = [
        (e["as_of"], f"edition:{e['name']}", f"{e['title']}: {long_date(e['as_of'])}", e["about"] or e["title"],
         f"{e['name']}/report.html")
        for e in editions
    ] + [
        (c["day"], f"correction:{c['correction_id']}", f"{_(c['class']).capitalize()}: {c['place']}",
         _("Was: {was} Is: {now}").format(was=c["was"], now=c["is"]), "latest/report.html#corrections")
        for c in corrections
    ]  # fmt: skip
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    days = [entry[0] for entry in entries] or [dt.date.min.isoformat()]
    _add(feed, id=FEED_ID, title=title, updated=f"{max(days)}T00:00:00Z")
    _link(feed, address, "feed.xml", "self")
    _link(feed, address, "index.html", "alternate")
    ET.SubElement(ET.SubElement(feed, f"{{{ATOM}}}author"), f"{{{ATOM}}}name").text = author
    for day, key, heading, told, page in sorted(entries, reverse=True):
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, id=f"{FEED_ID}:{key}", title=heading, updated=f"{day}T00:00:00Z", content=told)
        _link(entry, address, page, "alternate")
    ET.indent(feed)
    return ET.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _link(parent: ET.Element, address: str, place: str, relation: str) -> None:
    if address:
        ET.SubElement(parent, f"{{{ATOM}}}link", rel=relation, href=address + place)


def _add(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text
