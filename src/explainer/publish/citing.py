"""Bibliographies: the report and its sources as CSL JSON (Citation Style Language 1.0.2), BibTeX by pandoc, and RIS."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from explainer.publish.document import long_date
from explainer.publish.language import _

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


def author(told: Mapping[str, Any]) -> str:
    """Return who wrote a report, of which a manifest or ``report.toml`` tells."""
    return told.get("author") or _("The explainer authors")


def report_item(told: Mapping[str, Any], as_of: str) -> Item:
    """Return the report itself, in the edition of a day."""
    return {
        "id": f"explainer-{as_of}",
        "type": "report",
        "title": told["title"],
        "author": [{"literal": author(told)}],
        "genre": GENRE,
        "edition": f"Edition of {long_date(as_of)}",
        "language": "en",
        "issued": _issued(as_of),
    }


def _issued(day: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else {}


def sentence(told: Mapping[str, Any]) -> str:
    """Return the report's reference as a sentence."""
    words = _("{author}: {title}. Explanatory report, edition of {day}.")
    return words.format(author=author(told), title=told["title"], day=long_date(told["as_of"]))


# ---- The formats ----


def csl_json(items: Iterable[Item]) -> str:
    """Write items as CSL JSON."""
    return json.dumps(list(items), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def bibtex(items: Iterable[Item]) -> str:
    """Write items as BibTeX, in UTF-8.

    Pandoc quotes what BibTeX would read as a command. A title in no known language stays letter for letter, and the
    day, which BibTeX's own styles do not print, is added for the programs that read it. Months are BibTeX's own, and
    a single brace, which BibTeX counts even where it is quoted, is called by its name.
    """
    import pypandoc

    items = [item | {"language": "und"} for item in items]
    days = {item["id"]: item["issued"]["date-parts"][0][2:] for item in items if "issued" in item}
    written = pypandoc.convert_text(csl_json(items), "bibtex", "csljson", extra_args=["--wrap=none"])
    written = re.sub(r"(?m)^(  month = )\{([a-z]{3})\}", r"\1\2", written)
    for line in (one for one in written.splitlines() if one.count(r"\{") != one.count(r"\}")):
        written = written.replace(line, line.replace(r"\{", r"\textbraceleft{}").replace(r"\}", r"\textbraceright{}"))
    added = {key: f"\n  day = {{{day[0]}}}," for key, day in days.items() if day}
    return re.sub(r"^@\w+\{(.+),$", lambda head: head[0] + added.get(head[1], ""), written, flags=re.MULTILINE)


def ris(items: Iterable[Item]) -> str:
    """Write items as RIS. Its readers part an author at a comma, so a body whose name has one is the publisher."""
    lines = []
    for item in items:
        day = item.get("issued", {"date-parts": [[]]})["date-parts"][0]
        fields = {"TY": RIS_TYPES[item["type"]], "ID": item["id"], "TI": item["title"]}
        name = item["author"][0]["literal"]
        fields |= {"PB" if "," in name else "AU": name, "PY": str(day[0]) if day else ""}
        fields |= {"DA": "/".join([f"{part:02}" for part in day] + [""] * (4 - len(day))) if day else ""}
        fields |= {"ET": item.get("edition"), "M3": item.get("genre"), "LA": item.get("language")}
        fields |= {"UR": item.get("URL"), "N1": item.get("note")}
        lines += [f"{tag}  - {' '.join(text.split())}" for tag, text in fields.items() if text]
        lines += ["ER  - ", ""]
    return "\n".join(lines) + "\n"


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
