"""`explainer check`: every seeded fault is named with its place and mend, and the committed text has none."""

import csv
import io
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from conftest import copy_data
from explainer.check import budgets
from explainer.check.budgets import table_problems
from explainer.check.proof import check_newest
from explainer.check.sentences import check_all, write_ledger
from explainer.cli import main
from explainer.evidence.evidence import Evidence, Problem
from explainer.exhibits.kit import REGISTRY
from explainer.text import chapters as words
from explainer.text.chapters import read_chapters
from good_chapter import (
    FROM,
    GUARD,
    LATER_SOURCE,
    ROW,
    ROW_DAY,
    SOURCE,
    SOURCE_DAY,
    code,
    drop,
    good_chapter,
    insert_after,
    markdown,
    more,
    retag,
    text,
)


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Evidence:
    """The evidence without corrections, whose places are cells of the real chapters."""
    return Evidence.load(folder=copy_data(tmp_path_factory.mktemp("bare") / "data"))


def prose_problems(nb: Any, bare: Evidence) -> list[Problem]:
    """The faults but those of sources that no row uses: the real chapters do."""
    found = [*words.run_problems({"01-good": nb}), *check_all(bare, {"01-good": nb})[1]]
    return [p for p in found if p.file != "sources.csv"]


def test_the_good_chapter_has_no_fault(bare):
    assert prose_problems(good_chapter(), bare) == []


# --- Seeded faults of the text: what is changed, in which other cell it is named, what is said, how it is mended ------


def guard(more_code: str) -> Any:
    return text("number-guard", f"{GUARD}\n{more_code}")


def two_tables_that_touch(nb: Any) -> None:
    insert_after("visitors", code("second", 'show("coding")', "table", FROM))(nb)
    more("number", "@tab-coding has the codes.")(nb)


AGAIN = (code("again", 'show("visitors-from-china")', "figure"), markdown("end", "We end."))
BARE = (markdown("bare", "## Bare"), code("second", 'show("coding")', "table"), markdown("end", "We read @tab-coding."))
OF_FEBRUARY, MISSPELT = (f'guard("185", stated(evidence, "{row}", "185"), "185")' for row in
                         ("2026-02-13-centrist-new-leader", f"{ROW}s"))  # fmt: skip
TEXT_FAULTS = {
    "newest day without a guard": (more("opening", f"The count ends on 29 June 2026 [@{SOURCE}]."),
        "a newest day without a guard: The count ends on 29 June 2026", "add guard(...) with day(...)"),
    "later source": (more("opening", f"The words came later [@{LATER_SOURCE}]."),
        "a source of 2026-01-27 in a cell that stands from 2025-11-11: The words came later", "since:2026-01-27"),
    "later source in the middle of a paragraph": (
        more("opening", f"This stands [@{SOURCE}]. That came later [@{LATER_SOURCE}]. This stands too [@{SOURCE}]."),
        "from 2025-11-11: That came later", "since:2026-01-27"),
    "label row of a later day": (retag("opening", f"since:{SOURCE_DAY}"),
        f"a row of {ROW_DAY} in a cell that stands from {SOURCE_DAY}", f"since:{ROW_DAY}"),
    "orphan claim": (more("opening", "The cabinet met twice that week."), "without citation or guard", "cite its"),
    "unknown citation": (more("opening", f"She said so [@{SOURCE}x]."), "no such source", f"did you mean '{SOURCE}'"),
    "unreadable citation": (more("opening", f"This report agrees [@{SOURCE}, @{SOURCE}]."),
        "does not read as a citation", "[@first-id; @second-id]"),
    "unknown label row": (more("opening", f"She said so [@{SOURCE}] [={ROW}s]."), "no such row", f"mean '{ROW}'"),
    "label of a row without one": (more("opening", f"She said so [@{SOURCE}] [=jp-ishin]."),
        "a row without confidence", "name an event"),
    "unknown glossary term": (more("reading", f"In [this](term:adizz) [@{SOURCE}]."), "no such term", "mean 'adiz'"),
    "unknown exhibit": (more("opening", "@fig-visitors-from-chin shows it."),
        "no such exhibit", "did you mean '@fig-visitors-from-china'"),
    "a table called a figure": (more("opening", "@fig-coding shows it."), "no such exhibit", "@tab-coding"),
    "unknown chapter": (more("opening", "This report says more in @ch-09-more."), "no such chapter", "01-good"),
    "unguarded number": (more("number", f"He won 156 votes [@{SOURCE}]."),
        "a number without a guard before the next heading: He won 156 votes", "add guard"),
    "a guard that goes before its sentence": (retag("number-guard", "guard", FROM, "until:2026-02-09"),
        "number", "a number without a guard", "same since and until"),
    "a guard of nothing": (guard(GUARD.replace("185", "186")),
        "a guard of a number that its section does not print", "remove the guard"),
    "quotation of more than 25 words": (more("opening", f'She said "{"word " * 25}word" [@{SOURCE}].'),
        "too long for a quotation", "25 words"),
    "code cell of eleven lines": (guard("\n".join(["x = 1"] * 10)), "more than ten lines", "move work to the package"),
    "a function in a chapter": (guard("def f():\n    return 1"), "a definition in a chapter", "move it to the package"),
    "a class in a chapter": (guard("class C:\n    x = 1"), "a definition in a chapter", "move it to the package"),
    "a magic": (guard("%pip install x"), "a magic or shell line", "plain Python"),
    "broken code": (guard("x = ("), "does not read as Python", "correct the line"),
    "a guard on a row of a later day": (guard(OF_FEBRUARY), "a row of 2026-02-13", "since:2026-02-13"),
    "a guard on an unknown row": (guard(MISSPELT), "no such row", f"did you mean '{ROW}'"),
    "an unknown exhibit shown": (text("visitors", 'show("visitors-from-chin")'),
        "no such exhibit", "did you mean 'visitors-from-china'"),
    "an exhibit under the wrong tag": (retag("visitors", "table", FROM),
        "a figure in a cell not tagged so", "tag the cell figure"),
    "two lines in an exhibit cell": (more("visitors", 'show("coding")'), "more or less than one line", 'show("id")'),
    "a figure that nobody names": (text("number", "## Number\n\nShe won 185 votes."),
        "visitors", "an exhibit that no text refers to", "@fig-id"),
    "a figure named but not shown": (drop("visitors"), "number", "refers to an exhibit that is not shown", "show it"),
    "a figure named before it is shown": (more("opening", "See @fig-visitors-from-china."),
        "refers to an exhibit that is not shown (as of 2025-11-11)", "give both cells the same days"),
    "a figure shown twice": (insert_after("reading", *AGAIN), "again", "shown a second time", "show it once"),
    "two outputs that touch": (two_tables_that_touch,
        "second", "touches the exhibit 'visitors-from-china'", "put a paragraph between"),
    "an output that nothing reads": (drop("reading"),
        "visitors", "an exhibit that no paragraph reads", "what it shows"),
    "an output that nothing introduces": (insert_after("reading", *BARE),
        "second", "without a sentence that introduces it", "say what it shows"),
    "a heading that skips a level": (insert_after("reading", markdown("deep", "#### Deep\n\nWe go deep.")),
        "deep", "a heading of level 4 under one of level 2", "skip no level"),
    "a second title": (insert_after("reading", markdown("title-2", "# Another?\n\nWe ask.")),
        "title-2", "a second title in a chapter", "'##'"),
    "no title": (drop("title"), "opening", "does not open with its title", "# Title?"),
    "a place on the page": (more("reading", "We see it in the figure above."), "a place on the page", "@fig-id"),
    "as noted above": (more("reading", "As noted above, we differ."), "a place on the page", "@ch-key"),
    "a word that ages": (more("reading", "Our table has nothing so far."),
        "a word that ages: Our table has nothing so far", "give the day"),
    "HTML": (more("reading", "We write <b>so</b>."), "HTML other than a span", "Markdown"),
    "an entity": (more("reading", "This report &amp; ours."), "an entity", "write the character itself"),
    "words struck out": (more("reading", "We ~~strike~~ out."), "words struck out", "remove"),
    "a footnote": (more("reading", "We note[^1] it."), "a footnote", "cite as"),
    "a title underlined": (more("reading", "Our title\n---"), "underlined", "write ## Title"),
    "a table without room": (more("reading", "We list:\n| a | b |\n| - | - |\n| c | d |"),
        "a table that touches", "empty line"),
    "a bar in code": (more("reading", "| a | b |\n| - | - |\n| `x \\| y` | d |"), "a bar in code", "without the bar"),
    "a short row": (more("reading", "| a | b |\n| - | - |\n| c |\n| d | e |"), "a row of 1 cells", "its place"),
    "a long row": (more("reading", "| a | b |\n| - | - |\n| c | d | e |"), "a row of 3 cells", "its place"),
    "a line under another head": (more("reading", "a | b | c\n- | -"), "a row of 2 cells", "its place"),
    "a link that runs": (more("reading", "We [click](javascript:alert(1)) it."), "leads nowhere", "http(s)"),
    "a link to a file": (more("reading", "We [open](../data/x.csv) it."), "leads nowhere", "http(s)"),
    "an address apart": (more("reading", "We [read][1] it.\n\n[1]: https://x.example"), "explained apart", "[words]"),
    "a comment without an end": (more("reading", "We say <!-- so"), "a comment without an end", "-->"),
    "code without an end": (more("reading", "We say\n\n```\nso"), "code without an end", "the same marks"),
    "a definition": (more("reading", "Our word\n: is ours"), "a definition or a box", "a paragraph or a list"),
    "a box": (more("reading", "::: note\nWe say so.\n:::"), "a definition or a box", "a paragraph or a list"),
    "a picture": (more("reading", "We see ![it](x.png)."), "a picture in the text", "register it as a figure"),
    "a link to nowhere": (more("reading", "We [say](#opneing) so."), "an anchor that is nowhere", "mean 'opening'"),
    "an anchor twice": (insert_after("reading", markdown("h", "## X <!-- #x -->"), markdown("i", "## X <!-- #x -->")),
        "i", "an anchor that is taken", "give the heading another"),
    "an anchor of the page's": (more("reading", "## So <!-- #sources -->\n\nWe."), "an anchor that is taken", "anothe"),
    "a citation in a heading": (more("reading", f"## So [@{SOURCE}]\n\nWe."), "a mark in a heading", "into the text"),
    "an empty heading": (more("reading", "## <!-- #so -->\n\nWe."), "a heading without words", "say what comes"),
    "a citation with a page": (more("reading", f"We [see @{SOURCE}, p. 3]."), "does not read as a citation", "[@first"),
    "a citation without its name": (more("reading", f"We [-@{SOURCE}]."), "does not read as a citation", "[@first"),
    "a sign of no font": (more("reading", "We say \u05d5."), "the character U+05D5", "write it otherwise"),
    "a link that holds a note": (more("reading", f"[say [@{SOURCE}]](https://x.example)."), "holds a mark", "[words"),
    "a link that holds a reference": (more("reading", "We [see @fig-x](https://x.example)."), "holds a mark", "[wor"),
    "a link with a title": (more("reading", 'We [say](https://x.example "X") so.'), "a mark or a title", "[words]"),
    "a label of nothing": (more("reading", "We say so [=]."), "a mark that names nothing", "[=row-id]"),
    "a label with a blank": (more("reading", "We say so [= x]."), "a mark that names nothing", "[=row-id]"),
    "a search of nothing": (more("reading", "We say so [?]."), "a mark that names nothing", "[?search-id]"),
    "a reference in capitals": (more("reading", "We see @Fig-x."), "a mark that names nothing", "@fig-id"),
    "a reference in full": (more("reading", "We see @table-x."), "a mark that names nothing", "@tab-id"),
    "a span without an end": (more("reading", 'We say <span lang="ja">so.'), "HTML other than a span", "Markdown"),
    "a span in a span": (more("reading", 'We <span lang="ja"><span lang="zh">so</span></span>.'), "HTML", "Markdown"),
    "an instruction": (more("reading", "We <?php so ?>."), "HTML other than a span", "Markdown"),
    "a declaration": (more("reading", "We <![CDATA[so]]>."), "HTML other than a span", "Markdown"),
    "a footnote in its place": (more("reading", "We note^[so] it."), "a footnote", "cite as"),
    "a box in a quotation": (more("reading", "> [!NOTE]\n> We say so."), "a definition or a box", "a paragraph"),
    "a formula": (more("reading", "We count $x^2$."), "a formula", "in words"),
    "a formula apart": (more("reading", "We count:\n\n$$\nx\n$$"), "a formula", "in words"),
    "a table without a line": (more("reading", "We list:\n\n| a | b |\n| c | d |"), "a row without a head", "above"),
    "emphasis without an end": (more("reading", "We read **「有事」**と."), "emphasis that does not end", "outside of"),
}  # fmt: skip


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
    more("reading", "Our table has nothing so far.", "until:2026-02-09")(nb)
    assert not [p for p in prose_problems(nb, bare) if "ages" in p.what]


def test_a_number_may_be_guarded_as_a_word(bare):
    nb = good_chapter()
    more("number", "We count two of them.")(nb)
    guard('guard("of them", len("ab"), "2")')(nb)
    assert prose_problems(nb, bare) == []


def test_a_source_that_nothing_uses_is_named_with_its_line_and_mend(tables):
    place = len(tables.rows("sources")) + 2
    told = {"source_id": "nobody-2026-01-01-nothing", "url": "https://nobody.example"}
    tables.add("sources", **tables.rows("sources")[0] | told)
    [problem] = check_all(Evidence.load(folder=tables.folder))[1]
    assert (problem.file, problem.row, problem.column) == ("sources.csv", place, "source_id")
    assert "used by no row and no sentence" in problem.what and "cite it or remove" in problem.mend


def test_the_command_names_faults_of_tables_and_text_together(tiny):
    tiny.tables.change("events", 1, confidence="confirmed")
    path = tiny.folder / "notebooks/02-what-was-lost.ipynb"
    nb = nbformat.read(path, 4)
    nb.cells.append(markdown("orphan", "The cabinet met twice that week."))
    nbformat.write(nb, path)
    done = tiny.run("check")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "events.csv:3 [confidence] 'confirmed': too high for its sources" in done.stderr
    assert "02-what-was-lost.ipynb [cell orphan]" in done.stderr
    assert done.stderr.count("Mend: ") == len(done.stderr.strip().splitlines())


def test_the_command_finds_nothing_wrong_with_what_is_committed():
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 0, done.output


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


def test_the_ledger_says_on_what_a_paragraph_rests(bare):
    entries = {e.cell: e for e in check_all(bare, {"01-good": good_chapter()})[0]}
    assert entries["opening"].citations == (SOURCE,) and entries["opening"].since == ROW_DAY
    assert entries["number"].guards == ("votes in the run-off",) and entries["number"].status == "guarded"
    assert entries["title"].status == "own voice"


def test_the_command_writes_the_ledger_as_csv(tiny):
    rows = list(csv.DictReader(io.StringIO(tiny.run("check", "--ledger").stdout)))
    assert {"01-why-it-stopped", "02-what-was-lost"} == {row["chapter"] for row in rows}


def test_an_undated_source_that_no_row_names_has_no_day_and_is_refused(tiny):
    sign = {"source_id": "sign", "publisher": "Ember Courier", "title": "A sign", "origin": "courier"}
    tiny.tables.add("sources", **sign, type="press", lang="en")
    tiny.edit("after", "The sign was put up [@sign].")
    status, said = tiny.ask("check")
    assert status == 1 and "[cell after] 'sign': an undated source that no row names" in said, said


# --- What a sentence owes its reader, and what the report's size is held to


SOURCE, ROW = "yomiuri-2025-11-10-reflects", "2025-11-10-takaichi-no-retract"
SAID = "we will be pulled in whether we like it or not"
FAULTS = {
    "fact": ("On 7 November she answered Okada in the Diet.", "a fact without proof"),
    "quotation": (f'She said "what nobody ever wrote down" [@{SOURCE}].', "is in no row labelled or cited"),
    "absence": (f"No party asked Takaichi for more [@{SOURCE}].", "'No' without a guard or a search"),
    "search": (f"This report found much, but no reply of Takaichi was found [@{SOURCE}].", "without a search"),
    "age": (f"In Tokyo she would not retract it [@{SOURCE}] [={ROW}].", ""),
    "speaker": (
        f'Somebody in Manila said "{SAID}" [@taipeitimes-2025-08-12-marcos].',
        "is said by Ferdinand Marcos Jr, who is not named with it",
    ),
    "voice": (f"Chinese pressure on Japan went on [@{SOURCE}].", "'pressure' in the report's own voice"),
    "count": (f"In November China took 25 measures [@{SOURCE}].", "'25 measures' is a count of this report's"),
}
SOUND = (
    f"In Tokyo she would not retract it [@{SOURCE}].",
    f'Ferdinand Marcos said "{SAID}" [@taipeitimes-2025-08-12-marcos].',
    f"Masuda advised Japan not to yield to pressure [@{SOURCE}].",
    f"This report counts 25 measures of China [@{SOURCE}].",
)


def chapters(text: str, *shown: str) -> dict:
    cells = [new_markdown_cell(f"## One\n\n{text}", id="one")]
    cells += [new_code_cell(f'show("{one}")', id=one, metadata={"tags": ["table"]}) for one in shown]
    return {"01-brief": new_notebook(cells=[new_markdown_cell("# Brief", id="t")]), "02-one": new_notebook(cells=cells)}


def told(evidence, text: str) -> list[str]:
    return [str(one) for one in check_newest(evidence, chapters(text))[1] if one.file.endswith(".ipynb")]


@pytest.mark.parametrize(("text", "what"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_of_a_sentence_is_named_with_its_mend(evidence, text, what):
    found = told(evidence, text)
    assert len(found) == bool(what) and all(what in one and "[cell one]" in one and "Mend: " in one for one in found)


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_sentence_is_let_be(evidence, text):
    assert told(evidence, text) == []


def test_the_newest_text_of_the_report_carries_its_proof(evidence):
    assert check_newest(evidence, read_chapters())[1] == []


def test_a_chapter_beyond_its_budget_is_named_with_what_to_cut(evidence):
    found = told(evidence, "word " * (budgets.limits()["budgets"]["chapter"] + 7))
    assert any("'2,207': longer than the 2,200 words" in one and "Mend: cut 7 words" in one for one in found)


def test_a_table_larger_than_a_page_is_named_outside_the_record(evidence):
    body = chapters("Words.", "events-register")
    assert all(
        "[cell events-register]" in (line := str(one)) and "Mend: " in line for one in table_problems(evidence, body)
    )
    assert {one.value.split()[1] for one in table_problems(evidence, body)} >= {"rows"}
    assert not list(table_problems(evidence, {"01-brief": body["01-brief"], "02-the-record": body["02-one"]}))
