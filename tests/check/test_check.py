"""`explainer check`: every seeded fault is named with its place and mend, and the committed text has none."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import alliance as figures
from conftest import Tables, copy_data
from explainer.check import order as reading
from explainer.check.ledger import write_ledger
from explainer.check.sentences import check_all
from explainer.cli import main
from explainer.evidence.evidence import Evidence, Problem
from explainer.exhibits.kit import REGISTRY
from explainer.project import NOTEBOOKS
from explainer.text import chapters as words
from explainer.text import dialect
from explainer.text.cells import active, dates, tags

SOURCE, SOURCE_DAY = "yomiuri-2025-11-10-reflects", "2025-11-10"
LATER_SOURCE = "ann-2026-01-27-party-leaders"
ROW, ROW_DAY = "2025-11-10-takaichi-no-retract", "2025-11-11"
GUARD = 'guard("votes in the run-off", value(evidence, "ldp-leadership-2025-runoff-takaichi", "2025-10-04"), "185")'

SETUP = "\n".join(
    [
        "from explainer.evidence.evidence import Evidence",
        "from explainer.text.guard import guard",
        "from explainer.exhibits.lookups import value",
        'evidence = Evidence.load("2026-08-21")',
    ]
)


def markdown(name: str, source: str, *marks: str) -> Any:
    return new_markdown_cell(source, id=name, metadata={"tags": list(marks)})


def code(name: str, source: str, *marks: str) -> Any:
    return new_code_cell(source, id=name, metadata={"tags": list(marks)})


def good_chapter() -> Any:
    """A chapter without a fault; the faults below each change one thing of it."""
    return new_notebook(
        cells=[
            markdown("title", "# What is in it?\n\nThis chapter shows one figure and one number."),
            code("parameters", 'as_of = "2026-08-21"', "parameters"),
            markdown("opening", f"## Opening\n\nShe spoke in the Diet [@{SOURCE}] [={ROW}].", f"since:{ROW_DAY}"),
            markdown(
                "number", "## Number\n\nShe won 185 votes. @fig-visitors-from-china shows visits.", "since:2026-01-28"
            ),
            code("number-guard", GUARD, "guard", "since:2026-01-28"),
            code("visitors", 'show("visitors-from-china")', "figure", "since:2026-01-28"),
            markdown("reading", f"In [adiz](term:adiz) it stood [@{SOURCE}].", "since:2026-01-28"),
        ]
    )


def cell(nb: Any, name: str) -> Any:
    return next(c for c in nb.cells if c.id == name)


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Evidence:
    """The evidence without corrections, whose places are cells of the real chapters."""
    return Evidence.load(folder=copy_data(tmp_path_factory.mktemp("bare") / "data"))


def prose_problems(nb: Any, bare: Evidence) -> list[Problem]:
    """The faults but those of sources that no row uses: the real chapters do."""
    return [p for p in check_all(bare, {"01-good": nb})[1] if p.file != "sources.csv"]


def test_the_good_chapter_has_no_fault(bare):
    assert prose_problems(good_chapter(), bare) == []


# --- Seeded faults of the text: what is changed, in which cell it is named, what is said, how it is mended ----------


def text(name: str, source: str, *marks: str) -> Callable[[Any], None]:
    """Give a cell other words (more words, where they begin with a new line) and more tags."""

    def change(nb: Any) -> None:
        found = cell(nb, name)
        found.source = found.source + source if source.startswith("\n") else source
        found.metadata["tags"] = [*found.metadata["tags"], *marks]

    change.place = name
    return change


def retag(name: str, *marks: str) -> Callable[[Any], None]:
    def change(nb: Any) -> None:
        cell(nb, name).metadata.update(tags=list(marks))

    change.place = name
    return change


def insert_after(name: str, *made: Any) -> Callable[[Any], None]:
    def change(nb: Any) -> None:
        place = nb.cells.index(cell(nb, name)) + 1
        nb.cells[place:place] = copy.deepcopy(list(made))

    return change


def drop(name: str) -> Callable[[Any], None]:
    return lambda nb: nb.cells.remove(cell(nb, name))


OPEN = ("since:2025-10-04",)
TEXT_FAULTS = {
    "newest day without a guard": (
        text("opening", f"\n\nThe count ends on 29 June 2026 [@{SOURCE}]."),
        "opening",
        "a newest day without a guard: The count ends on 29 June 2026",
        "add guard(...) with day(...)",
    ),
    "later source": (
        text("opening", f"\n\nThe words came later [@{LATER_SOURCE}]."),
        "a source of 2026-01-27 in a cell that stands from 2025-11-11: The words came later",
        "since:2026-01-27",
    ),
    "later source in the middle of a paragraph": (
        text(
            "opening", f"\n\nThis stands [@{SOURCE}]. That came later [@{LATER_SOURCE}]. This stands too [@{SOURCE}]."
        ),
        "from 2025-11-11: That came later",
        "since:2026-01-27",
    ),
    "label row of a later day": (
        retag("opening", f"since:{SOURCE_DAY}"),
        f"a row of {ROW_DAY} in a cell that stands from {SOURCE_DAY}",
        f"since:{ROW_DAY}",
    ),
    "orphan claim": (
        text("opening", "\n\nThe cabinet met twice that week."),
        "without citation or guard",
        "cite its source",
    ),
    "unknown citation": (
        text("opening", f"\n\nShe said so [@{SOURCE}x]."),
        "no such source",
        f"did you mean '{SOURCE}'",
    ),
    "unreadable citation": (
        text("opening", f"\n\nThis report agrees [@{SOURCE}, @{SOURCE}]."),
        "does not read as a citation",
        "[@first-id; @second-id]",
    ),
    "unknown label row": (
        text("opening", f"\n\nShe said so [@{SOURCE}] [={ROW}s]."),
        "no such row",
        f"did you mean '{ROW}'",
    ),
    "label of a row without one": (
        text("opening", f"\n\nShe said so [@{SOURCE}] [=jp-ishin]."),
        "a row without confidence",
        "name an event",
    ),
    "unknown glossary term": (
        text("reading", f"\n\nIn [this](term:adizz) too [@{SOURCE}]."),
        "no such term",
        "did you mean 'adiz'",
    ),
    "unknown exhibit": (
        text("opening", "\n\n@fig-visitors-from-chin shows it."),
        "no such exhibit",
        "did you mean '@fig-visitors-from-china'",
    ),
    "a table called a figure": (text("opening", "\n\n@fig-coding shows it."), "no such exhibit", "@tab-coding"),
    "unknown chapter": (text("opening", "\n\nThis report says more in @ch-09-more."), "no such chapter", "01-good"),
    "unguarded number": (
        text("number", "\n\nHe won 156 votes [@yomiuri-2025-11-10-reflects]."),
        "a number without a guard before the next heading: He won 156 votes",
        "add guard",
    ),
    "a guard that goes before its sentence": (
        retag("number-guard", "guard", "since:2026-01-28", "until:2026-02-09"),
        "number",
        "a number without a guard",
        "same since and until",
    ),
    "a guard of nothing": (
        text("number-guard", GUARD + "\n" + GUARD.replace("185", "186")),
        "a guard of a number that its section does not print",
        "remove the guard",
    ),
    "quotation of more than 25 words": (
        text("opening", f'\n\nShe said "{"word " * 25}word" [@{SOURCE}].'),
        "too long for a quotation",
        "25 words",
    ),
    "unknown tag": (retag("opening", "sinse:2025-11-11"), "unknown tag 'sinse:2025-11-11'", "since:YYYY-MM-DD"),
    "a day that does not exist": (retag("opening", "since:2026-02-30"), "unknown tag", "since:YYYY-MM-DD"),
    "since after until": (
        retag("opening", "since:2026-02-01", "until:2026-01-01"),
        "a cell that never stands",
        "put since before until",
    ),
    "code cell of eleven lines": (
        text("number-guard", "\n".join([GUARD, *["x = 1"] * 10])),
        "more than ten lines",
        "move work to the package",
    ),
    "a function in a chapter": (
        text("number-guard", f"def f():\n    return 1\n{GUARD}"),
        "a definition in a chapter",
        "move it to the package",
    ),
    "a class in a chapter": (
        text("number-guard", f"class C:\n    x = 1\n{GUARD}"),
        "a definition in a chapter",
        "move it to the package",
    ),
    "a magic": (text("number-guard", f"%pip install x\n{GUARD}"), "a magic or shell line", "plain Python"),
    "broken code": (text("number-guard", f"{GUARD}\nx = ("), "does not read as Python", "correct the line"),
    "a guard on a row of a later day": (
        text(
            "number-guard", f'{GUARD}\nguard("185", stated(evidence, "2026-02-13-centrist-new-leader", "185"), "185")'
        ),
        "a row of 2026-02-13",
        "since:2026-02-13",
    ),
    "a guard on an unknown row": (
        text("number-guard", f'{GUARD}\nguard("185", stated(evidence, "{ROW}s", "185"), "185")'),
        "no such row",
        f"did you mean '{ROW}'",
    ),
    "an unknown exhibit shown": (
        text("visitors", 'show("visitors-from-chin")'),
        "no such exhibit",
        "did you mean 'visitors-from-china'",
    ),
    "an exhibit under the wrong tag": (
        retag("visitors", "table", "since:2026-01-28"),
        "a figure in a cell not tagged so",
        "tag the cell figure",
    ),
    "two lines in an exhibit cell": (text("visitors", '\nshow("coding")'), "more or less than one line", 'show("id")'),
    "a figure that nobody names": (
        text("number", "## Number\n\nShe won 185 votes."),
        "visitors",
        "an exhibit that no text refers to",
        "@fig-id",
    ),
    "a figure named but not shown": (drop("visitors"), "number", "refers to an exhibit that is not shown", "show it"),
    "a figure named before it is shown": (
        text("opening", "\n\nSee @fig-visitors-from-china."),
        "refers to an exhibit that is not shown (as of 2025-11-11)",
        "give both cells the same days",
    ),
    "a figure shown twice": (
        insert_after("reading", code("again", 'show("visitors-from-china")', "figure"), markdown("end", "We end.")),
        "again",
        "shown a second time",
        "show it once",
    ),
    "two outputs that touch": (
        lambda nb: (
            insert_after("visitors", code("second", 'show("coding")', "table", "since:2026-01-28"))(nb),
            text("number", "\n\n@tab-coding has the codes.")(nb),
        ),
        "second",
        "touches the exhibit 'visitors-from-china'",
        "put a paragraph between",
    ),
    "an output that nothing reads": (
        drop("reading"),
        "visitors",
        "an exhibit that no paragraph reads",
        "what it shows",
    ),
    "an output that nothing introduces": (
        insert_after(
            "reading",
            markdown("bare", "## Bare"),
            code("second", 'show("coding")', "table"),
            markdown("end", "We read @tab-coding."),
        ),
        "second",
        "without a sentence that introduces it",
        "say what it shows",
    ),
    "a heading that skips a level": (
        insert_after("reading", markdown("deep", "#### Deep\n\nWe go deep.")),
        "deep",
        "a heading of level 4 under one of level 2",
        "skip no level",
    ),
    "a second title": (
        insert_after("reading", markdown("title-2", "# Another?\n\nWe ask.")),
        "title-2",
        "a second title in a chapter",
        "'##'",
    ),
    "no title": (drop("title"), "opening", "does not open with its title", "# Title?"),
    "a place on the page": (text("reading", "\n\nWe see it in the figure above."), "a place on the page", "@fig-id"),
    "as noted above": (text("reading", "\n\nAs noted above, we differ."), "a place on the page", "@ch-key"),
    "a word that ages": (
        text("reading", "\n\nOur table has nothing so far."),
        "a word that ages: Our table has nothing so far",
        "give the day",
    ),
    **{
        f"cannot be set: {what}": (text("reading", f"\n\n{source}"), what, mend)
        for source, what, mend in (
            ("This report &amp; ours.", "an entity", "write the character itself"),
            ("We ~~strike~~ out.", "words struck out", "remove"),
            ("We note[^1] it.", "a footnote", "cite as"),
            ("Our title\n---", "underlined", "write ## Title"),
            ("We list:\n| a | b |\n| - | - |\n| c | d |", "a table that touches", "empty line"),
            ("| a | b |\n| - | - |\n| `x \\| y` | d |", "a bar in code", "without the bar"),
            ("We read **「有事」**と.", "emphasis that does not end", "outside of the stars"),
        )
    },
    "HTML": (text("reading", "\n\nWe write <b>so</b>."), "HTML other than a span", "Markdown"),
}


@pytest.mark.parametrize("name", TEXT_FAULTS)
def test_a_fault_of_the_text_is_named_with_its_cell_and_mend(bare, name):
    change, *place, what, mend = TEXT_FAULTS[name]
    nb = good_chapter()
    change(nb)
    found = prose_problems(nb, bare)
    assert all(p.file == "01-good.ipynb" and p.mend for p in found)
    named = [p for p in found if what in p.what]
    place = place[0] if place else change.place
    assert [p.column for p in named[:1]] == [f"cell {place}"], "\n".join(map(str, found))
    assert mend in named[0].mend, named[0]


def test_words_of_an_exhibit_come_under_the_same_checks(bare, monkeypatch):
    exhibit = REGISTRY["visitors-from-china"]
    note = "As the figure above shows, 99.9 per cent came."
    for words_of_it in (note, lambda frame: f"As the figure above shows, 99.9 per cent of {len(frame)} came."):
        monkeypatch.setitem(REGISTRY, exhibit.id, replace(exhibit, note=words_of_it))
        found = prose_problems(good_chapter(), bare)
        assert {(p.file, p.column) for p in found} == {("alliance/economy/words.py", f"exhibit {exhibit.id}, note")}
        assert [p.value for p in found] == ["figure above", "99.9"] and found[1].mend == "compute it from the frame"


def test_words_in_a_cell_with_an_end_may_age(bare):
    nb = good_chapter()
    text("reading", "\n\nOur table has nothing so far.", "until:2026-02-09")(nb)
    assert not [p for p in prose_problems(nb, bare) if "ages" in p.what]


def test_a_number_may_be_guarded_as_a_word(bare):
    nb = good_chapter()
    text("number", "\n\nWe count two of them.")(nb)
    text("number-guard", f'{GUARD}\nguard("of them", 2, "2")')(nb)
    assert prose_problems(nb, bare) == []


# --- Seeded faults of the tables --------------------------------------------------------------------------------------


def unused_source(tables: Tables) -> None:
    rows = tables.rows("sources")
    tables.write(
        "sources", [*rows, rows[0] | {"source_id": "nobody-2026-01-01-nothing", "url": "https://nobody.example"}]
    )


def too_confident(tables: Tables) -> None:
    tables.change(
        "statements", row_of(tables, "statements", "2026-01-26-takaichi-alliance-en-cna"), confidence="confirmed"
    )


def row_of(tables: Tables, table: str, identifier: str) -> int:
    return next(n for n, row in enumerate(tables.rows(table)) if identifier in row.values())


TABLE_FAULTS = {
    unused_source: ("sources.csv", "source_id", "used by no row and no sentence", "cite it or remove"),
    too_confident: ("statements.csv", "confidence", "too high for its sources", "write reported"),
}


@pytest.mark.parametrize("fault", TABLE_FAULTS, ids=lambda f: f.__name__)
def test_a_fault_of_the_tables_is_named_with_its_line_and_mend(tables, fault):
    file, column, what, mend = TABLE_FAULTS[fault]
    fault(tables)
    [problem] = check_all(Evidence.load(folder=tables.folder))[1]
    assert (problem.file, problem.column) == (file, column) and problem.row > 1, problem
    assert what in problem.what and mend in problem.mend, problem


# --- The command ------------------------------------------------------------------------------------------------------


def test_the_command_names_faults_of_tables_and_text_together(tiny):
    tiny.tables.change("events", 1, confidence="confirmed")
    path = tiny.folder / "notebooks/02-what-was-lost.ipynb"
    nb = nbformat.read(path, 4)
    nb.cells.append(markdown("orphan", "The cabinet met twice that week."))
    nbformat.write(nb, path)
    done = tiny.run("check")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "events.csv:" in done.stderr and "02-what-was-lost.ipynb [cell orphan]" in done.stderr
    assert done.stderr.count("Mend: ") == len(done.stderr.strip().splitlines())


def test_the_command_finds_nothing_wrong_with_what_is_committed():
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 0, done.output


# --- The ledger -------------------------------------------------------------------------------------------------------


def test_the_ledger_has_every_paragraph_of_every_chapter(evidence):
    texts = words.read_chapters()
    rows = list(csv.DictReader(io.StringIO(write_ledger(check_all(evidence, texts)[0]))))
    columns = ["chapter", "cell", "since", "until", "status", "citations", "guards", "paragraph"]
    assert list(rows[0]) == columns
    listed = {(row["chapter"], row["cell"]): "" for row in rows}
    for row in rows:
        listed[row["chapter"], row["cell"]] += row["paragraph"] + " "
    for key, nb in texts.items():
        for c in (c for c in nb.cells if c.cell_type == "markdown"):
            for line in c.source.splitlines():
                plain = " ".join(line.strip().lstrip("-*0123456789. ").split())
                if plain and not line.startswith(("#", "<!--")):
                    assert plain in listed.get((key, c.id), ""), (key, c.id, line)
    assert {row["status"] for row in rows} <= {"cited", "guarded", "exhibit", "own voice", "aside", "record"}
    assert set(texts) == {row["chapter"] for row in rows}


def test_the_ledger_says_on_what_a_paragraph_rests(bare):
    entries = {e.cell: e for e in check_all(bare, {"01-good": good_chapter()})[0]}
    assert entries["opening"].citations == (SOURCE,) and entries["opening"].since == ROW_DAY
    assert entries["number"].guards == ("votes in the run-off",) and entries["number"].status == "guarded"
    assert entries["title"].status == "own voice"


def test_the_command_writes_the_ledger_as_csv(tiny):
    done = tiny.run("check", "--ledger")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    chapters = {"01-why-it-stopped", "02-what-was-lost"}
    assert chapters == {row["chapter"] for row in rows} and all(row["paragraph"] for row in rows)


# --- No anachronism: every sentence, every guard and every exhibit of the committed chapters, day by day ------------


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


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_on_any_day_no_sentence_names_what_came_later(data, texts, days, evidence):
    day = data.draw(st.dates(days[0], days[-1]))
    assert_no_anachronism(texts, evidence.cut(day))


def test_a_later_source_in_a_sentence_is_an_anachronism(evidence):
    nb = good_chapter()
    text("opening", f"\n\nThis stands [@{SOURCE}]. That came later [@{LATER_SOURCE}].")(nb)
    with pytest.raises(AssertionError, match="That came later"):
        assert_no_anachronism({"01-good": nb}, evidence.cut("2026-01-26"))


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


class SilentGallery:
    """Stands in for the gallery where only guards are run."""

    def __init__(self, *_: Any, **__: Any):
        self.show = str


def broken_guards(
    texts: dict[str, Any], days: list[dt.date], evidence: Evidence, patch: pytest.MonkeyPatch
) -> list[str]:
    """Run every guard against the evidence as of its first day."""
    patch.setattr(figures, "Gallery", SilentGallery)
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
    nb.cells.insert(1, code("setup", SETUP, "setup"))
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
