"""No anachronism: every sentence, every guard and every exhibit of the committed chapters, day by day."""

import datetime as dt
import io
from contextlib import redirect_stdout
from typing import Any

import pytest

from explainer.check import order as reading
from explainer.evidence.evidence import Evidence
from explainer.exhibits.kit import REGISTRY
from explainer.project import NOTEBOOKS
from explainer.text import chapters as words
from explainer.text import dialect
from explainer.text.cells import active, dates, tags
from good_chapter import GUARD, good_chapter, text

SETUP = """
from explainer.evidence.evidence import Evidence
from explainer.text.guard import guard
from explainer.exhibits.lookups import value
evidence = Evidence.load("2026-08-21")
"""


@pytest.fixture(scope="module")
def texts() -> dict[str, Any]:
    return words.read_chapters(NOTEBOOKS)


@pytest.fixture(scope="module")
def days(texts, evidence) -> list[dt.date]:
    return reading.change_days(texts, evidence.last_day)


def sentences_of(texts: dict[str, Any], day: dt.date) -> list[tuple[str, str, str]]:
    return [
        (key, c.id, sentence)
        for key, nb in texts.items()
        for c in nb.cells
        if c.cell_type == "markdown" and active(c, day)
        for paragraph in dialect.paragraphs(c.source)
        for sentence in dialect.sentences(paragraph)
    ]


def assert_no_anachronism(texts: dict[str, Any], cut: Evidence) -> int:
    """Look every name in every sentence up in the evidence as it was on the day."""
    sources, terms = set(cut.sources["source_id"]), set(cut.glossary["term_id"])
    published = dict(zip(cut.sources["source_id"], cut.sources["published"], strict=True))
    rows = {i for f in cut.tables.values() if "confidence_why" in f for i in f.iloc[:, 0]}
    seen = 0
    for key, name, sentence in sentences_of(texts, cut.as_of):
        where = (str(cut.as_of), key, name, sentence)
        assert set(dialect.named(sentence, "source")) <= sources, where
        assert max((published[i] for i in dialect.named(sentence, "source")), default="") <= str(cut.as_of), where
        assert set(dialect.named(sentence, "row")) <= rows, where
        assert set(dialect.named(sentence, "term")) <= terms, where
        seen += len(dialect.named(sentence, "source"))
    return seen


def test_on_every_day_of_change_no_sentence_names_what_came_later(texts, days, evidence):
    assert len(days) >= 10
    assert sum(assert_no_anachronism(texts, evidence.cut(day)) for day in days) > 1000


def first_days(texts: dict[str, Any], days: list[dt.date]) -> dict[dt.date, list[tuple[str, Any]]]:
    """Code cells by the first day on which they stand."""
    found: dict[dt.date, list[tuple[str, Any]]] = {}
    for key, nb in texts.items():
        for c in (c for c in nb.cells if c.cell_type == "code"):
            found.setdefault(dates(c)[0] or days[0], []).append((key, c))
    return found


def test_every_exhibit_has_something_to_show_on_its_first_day(texts, days, evidence):
    faults = []
    for day, cells in first_days(texts, days).items():
        cut = evidence.cut(day)
        for key, c in cells:
            for call in words.calls(c.source, "show") if {"figure", "table"} & set(tags(c)) else []:
                name = words.argument(call, 0, "identifier")
                if REGISTRY[name].data(cut).empty:
                    faults.append(f"{key}, cell {c.id}: {name} is empty on {day}")
    assert not faults, "\n".join(faults)


def broken_guards(
    texts: dict[str, Any], days: list[dt.date], evidence: Evidence, patch: pytest.MonkeyPatch
) -> list[str]:
    """Run every guard against the evidence as of its first day."""
    faults = []
    for day, cells in sorted(first_days(texts, days).items()):
        cut = evidence.cut(day)
        patch.setattr(Evidence, "load", classmethod(lambda cls, *_, cut=cut: cut))
        for key, c in cells:
            if "guard" in tags(c):
                faults += _run(texts[key], c, f"{key}, cell {c.id}, as of {day}")
    return faults


def test_every_guard_holds_on_its_first_day(texts, days, evidence, monkeypatch):
    faults = broken_guards(texts, days, evidence, monkeypatch)
    assert not faults, "\n".join(faults)


def test_a_guard_that_does_not_hold_is_found(evidence, days, monkeypatch):
    nb = good_chapter()
    text("setup", SETUP)(nb)
    text("number-guard", GUARD.replace('"185"', '"186"'))(nb)
    [fault] = broken_guards({"01-good": nb}, days, evidence, monkeypatch)
    assert "cell number-guard, as of 2026-01-28: GuardError" in fault


def _run(nb: Any, guard: Any, place: str) -> list[str]:
    """Run a guard cell after its chapter's parameters and set-up, without a kernel."""
    names: dict[str, Any] = {}
    before = [c.source for c in nb.cells if {"parameters", "setup"} & set(tags(c))]
    try:
        with redirect_stdout(io.StringIO()):
            exec("\n".join([*before, guard.source]), names)
    except Exception as error:  # noqa: BLE001  (whatever a cell raises is the finding)
        return [f"{place}: {type(error).__name__}: {error}"]
    return []
