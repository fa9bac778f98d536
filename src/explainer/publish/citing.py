"""Bibliographies: the report and its sources as CSL JSON, BibTeX and RIS.

An item is a CSL-JSON item (Citation Style Language 1.0.2); the two other formats are written from it by pybtex and
rispy.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from explainer.publish.document import long_date
from explainer.publish.language import _

AUTHOR = "The explainer authors"
GENRE = "Explanatory report"
RIS_TYPES = {"report": "RPRT", "webpage": "ELEC"}

Item = dict[str, Any]


def source_item(identifier: str, source: Mapping[str, Any]) -> Item:
    """Return one source; a page without a day of its own gets none."""
    item = {
        "id": identifier,
        "type": "webpage",
        "title": source["title"],
        "author": [{"literal": source["publisher"]}],
        "URL": source["url"],
        "language": source["lang"],
        "issued": _issued(source["published"]),
        "note": source["note"],
    }
    return {key: value for key, value in item.items() if value}


def report_item(title: str, as_of: str) -> Item:
    """Return the report itself, in the edition of a day."""
    return {
        "id": f"explainer-{as_of}",
        "type": "report",
        "title": title,
        "author": [{"literal": AUTHOR}],
        "genre": GENRE,
        "edition": f"Edition of {long_date(as_of)}",
        "language": "en",
        "issued": _issued(as_of),
    }


def _issued(day: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else {}


def sentence(title: str, as_of: str) -> str:
    """Return the report's reference as a sentence."""
    words = _("{author}: {title}. Explanatory report, edition of {day}.")
    return words.format(author=_("The explainer authors"), title=title, day=long_date(as_of))


# ---- The formats ----


def csl_json(items: Iterable[Item]) -> str:
    """Write items as CSL JSON."""
    return json.dumps(list(items), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def bibtex(items: Iterable[Item]) -> str:
    """Write items as BibTeX, in UTF-8; addresses stand as they are, for biblatex and hyperref."""
    from pybtex.database import BibliographyData, Entry
    from pybtex.database.output.bibtex import Writer

    class Plain(Writer):
        def _write_field(self, stream: Any, type: str, value: str) -> None:
            if type == "url":
                stream.write(f",\n    url = {{{quote(value, safe=_SAFE)}}}")
            else:
                super()._write_field(stream, type, value)

    entries = {item["id"]: Entry(*_bibtex_entry(item)) for item in items}
    out = io.StringIO()
    Plain().write_stream(BibliographyData(entries), out)
    return out.getvalue()


_SAFE = "/:?#[]@!$&'()*+,;=%~"


def _bibtex_entry(item: Item) -> tuple[str, dict[str, str]]:
    day = (*item.get("issued", {"date-parts": [[]]})["date-parts"][0], "", "", "")[:3]
    fields = {
        "author": "{" + _balanced(item["author"][0]["literal"]) + "}",
        "title": "{" + _balanced(item["title"]) + "}",
        "year": str(day[0]),
        "month": str(day[1]),
        "day": str(day[2]),
        "edition": item.get("edition", ""),
        "type": item.get("genre", ""),
        "url": item.get("URL", ""),
        "language": item.get("language", ""),
        "note": _balanced(item.get("note", "")),
    }
    return "misc", {name: text for name, text in fields.items() if text}


def _balanced(text: str) -> str:
    """BibTeX counts braces; a title's own are written as round ones."""
    return text.replace("{", "(").replace("}", ")")


def ris(items: Iterable[Item]) -> str:
    """Write items as RIS, without the numbers that rispy would put between them."""
    import rispy

    class Plain(rispy.RisWriter):
        def set_header(self, count: int) -> str:
            return ""

    return rispy.dumps([_ris_entry(item) for item in items], implementation=Plain).lstrip("\n")


def _ris_entry(item: Item) -> dict[str, Any]:
    day = item.get("issued", {"date-parts": [[]]})["date-parts"][0]
    entry = {
        "type_of_reference": RIS_TYPES[item["type"]],
        "id": item["id"],
        "title": item["title"],
        "authors": [item["author"][0]["literal"]],
        "year": str(day[0]) if day else "",
        "date": "/".join(f"{part:02}" for part in day) + "/" if day else "",
        "edition": item.get("edition", ""),
        "type_of_work": item.get("genre", ""),
        "language": item.get("language", ""),
        "urls": [item["URL"]] if item.get("URL") else [],
        "notes": [item["note"]] if item.get("note") else [],
    }
    return {name: value for name, value in entry.items() if value}


@dataclass(frozen=True)
class Format:
    """One format of a bibliography: what it is called, how it is written, how a file of it is named."""

    name: str
    write: Callable[[Iterable[Item]], str]
    ending: str
    media_type: str

    def uri(self, items: Iterable[Item]) -> str:
        """Return items as an address that holds them, fit for a double-quoted attribute."""
        return f"data:{self.media_type};charset=utf-8,{quote(self.write(items))}"


FORMATS = {
    "csl": Format("CSL JSON", csl_json, "json", "application/json"),
    "bibtex": Format("BibTeX", bibtex, "bib", "application/x-bibtex"),
    "ris": Format("RIS", ris, "ris", "application/x-research-info-systems"),
}
