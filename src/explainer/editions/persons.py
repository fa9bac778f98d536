"""The persons whom the index of the printed report lists: those that the table of stakeholders names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explainer.evidence.evidence import Evidence
from explainer.project import PROJECT

_TITLE = re.compile(r"\A(?:(?:Prime|Foreign|Vice) Minister|President|Ambassador|Governor|Minister|Secretary) ")
_GROUP = re.compile(r"(?:spokespersons|experts|essayists|scholars|figures|foreign ministry)\b.*\(([^()]*)\)")
_OFFICE = re.compile(r"\band Secretary (\w+)")
_NAME = re.compile(r"(?:[A-Z][a-z]+ )?[A-Z][a-z]*(?:-[a-z]+)?")


def persons(evidence: Evidence) -> list[dict[str, str]]:
    """Return the persons with `family` and, where the table has it, `given` name and `order` of the two.

    A stakeholder that is a person gives its own name; one that is a group gives the names in its brackets.
    """
    if "stakeholders" not in evidence.schema.tables:
        return []
    found: dict[tuple[str, str], dict[str, str]] = {}
    family_first = PROJECT.told.get("persons", {}).get("family_first", ())
    for row in evidence.stakeholders.to_dict("records"):
        order = "family first" if row["country"] in family_first else "given first"
        for name in _names(row["name"], row["kind"]):
            one = _person(name, order)
            found.setdefault((one["family"], one["given"]), one)
    return sorted(found.values(), key=lambda one: (one["family"].casefold(), one["given"]))


def _names(name: str, kind: str) -> Iterator[str]:
    if kind == "official":
        yield _TITLE.sub("", name).partition(",")[0].strip()
        return
    group, office = _GROUP.search(name), _OFFICE.search(name)
    if office:
        yield office[1]
    for part in re.split(r", | and ", group[1]) if group else ():
        part = part.removeprefix("chair ")
        if _NAME.fullmatch(part) and (" " not in part or "-" in part):
            yield part


def _person(name: str, order: str) -> dict[str, str]:
    words = name.split()
    if len(words) == 1:
        return {"family": name, "given": "", "order": order}
    family, given = (words[0], words[1:]) if order == "family first" else (words[-1], words[:-1])
    return {"family": family, "given": " ".join(given), "order": order}
