"""What stands in a chapter becomes what a reader sees; what is wrong in it stops the build with its place."""

import copy

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from explainer.publish.document import PublishError, days_between, long_date, reference, source_dating, stale
from explainer.publish.resolve import combine
from explainer.text.cells import active, cut
from explainer.text.dialect import END, START, curl, token

FALL = {"id": "fall", "kind": "figure", "chapter": "01-a", "claim": 'It "fell"', "source_ids": ["kyodo-1"]}
RISE = {"id": "rise", "kind": "figure", "chapter": "02-b", "claim": "It rose", "source_ids": []}
COLUMNS = [{"key": "what", "label": "What", "kind": "text"}, {"key": "s", "label": "Sources", "kind": "sources"}]
LIST = {"id": "list", "kind": "table", "chapter": "01-a", "claim": "All of it", "source_ids": []}
LIST |= {"table": {"columns": COLUMNS, "rows": [["one", ["kyodo-1", "jiji-1"]], ["two", []]]}}
MANIFEST = {
    "title": "T",
    "as_of": "2026-02-10",
    "edition": "test",
    "figures": [FALL, LIST, RISE],
    "sources": {
        "kyodo-1": {"publisher": "Kyodo", "title": "A", "published": "2026-01-27"},
        "jiji-1": {"publisher": "Jiji", "title": "B", "published": ""},
    },
    "labels": {"row-1": {"label": "disputed", "why": "two accounts"}},
    "glossary": [{"term_id": "contingency", "term": "contingency", "source_ids": []}],
}


def prose(text, *tags, cell="p"):
    return new_markdown_cell(text, id=cell, metadata={"tags": list(tags)})


def exhibit(figure, *tags, cell="f"):
    output = new_output("display_data", {"text/plain": figure}, metadata={"explainer": {"figure": figure}})
    return new_code_cell(f"show('{figure}')", id=cell, metadata={"tags": list(tags)}, outputs=[output])


def resolve(*cells, whole=True, manifest=MANIFEST):
    nb = new_notebook(cells=[prose("# Why?\n\nBecause.", cell="title"), *cells])
    return combine([("01-a", nb)], manifest, whole=whole)


def problems(*cells, **options):
    with pytest.raises(PublishError) as caught:
        resolve(*cells, **options)
    return caught.value.problems


def last(nb):
    return nb.cells[-1].source


def note(number):
    return token("note", number)


# --- citations


def test_a_citation_becomes_a_note_after_the_full_stop():
    nb = resolve(prose("He said it [@kyodo-1]. She did not [@kyodo-1; @jiji-1]."))
    assert last(nb) == f"He said it.{note(1)} She did not.{note(2)}"
    assert [n["sources"] for n in nb.metadata["explainer"]["notes"]] == [["kyodo-1"], ["kyodo-1", "jiji-1"]]


def shown(data):
    return new_code_cell("plot()", id="p", outputs=[new_output("display_data", data)])


ROAD = "shows a picture by another road than show(); register it as a figure"
ERRORS = [
    ([prose("X [@kyodo-l].")], "cites the unknown source 'kyodo-l'; the nearest is 'kyodo-1'"),
    ([prose("See @fig-fall.")], "refers to @fig-fall, which is not shown in this edition"),
    ([prose("See @tab-fall."), exhibit("fall", "figure")], "refers to @tab-fall, which is a figure"),
    ([prose("See @tab-list.", cell="q"), exhibit("list", "figure", cell="p")],
     "shows the table 'list' in a cell not tagged so; tag it table"),
    ([prose("See @ch-01-b.")], "refers to @ch-01-b, which is not in the report"),
    ([prose("A [=row-2].")], "labels the unknown row 'row-2'; the nearest is 'row-1'"),
    ([prose("[x](term:contingenci)")], "links the unknown glossary term 'contingenci'; the nearest is 'contingency'"),
    ([prose("## S <!-- #here -->\n\nSee [it](#there).")], "links to #there"),
    ([prose("## A <!-- #said -->\n\na\n\n## B <!-- #said -->\n\nb")], "the anchor #said is taken"),
    ([prose("Look: ![x](x.png)")], "puts a picture into the text"),
    ([shown({"image/png": "iVBO"})], ROAD),
    ([shown({"text/html": "<p><img src='x'></p>"})], ROAD),
    ([shown({"text/html": "<svg/>"})], ROAD),
    ([new_code_cell("show('fall')", id="p", metadata={"tags": ["figure"]})],
     "is tagged figure or table but shows 0 exhibits instead of one"),
    ([exhibit("fall", cell="p")], "not tagged"),
    ([exhibit("fall", "figure", cell="a"), exhibit("fall", "figure", cell="p")], "a second time"),
    ([exhibit("fell", "figure", cell="p")], "the manifest does not have"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "told"), ERRORS, ids=[told for _, told in ERRORS])
def test_an_error_is_named_with_its_cell(cells, told):
    found = problems(*copy.deepcopy(cells))
    assert len(found) == 1 and found[0].startswith("01-a, cell p") and told in found[0], found


def test_all_problems_are_reported_together():
    assert len(problems(prose("X [@nope].", cell="a"), prose("Y [=nope] @fig-nope.", cell="b"))) == 3


def test_notes_of_a_table_are_numbered_where_it_stands():
    nb = resolve(prose("Before [@jiji-1]."), exhibit("list", "table"), prose("After [@jiji-1].", cell="q"))
    rows = nb.metadata["explainer"]["figures"]["list"]["table"]["rows"]
    assert rows == [["one", note(2)], ["two", ""]]
    assert last(nb) == f"After.{note(3)}"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("So [@kyodo-1] [@jiji-1], then.", f"So,{note(1)} then."),
        ("- [@kyodo-1] one\n\n[@jiji-1] two", f"- {note(1)} one\n\n{note(2)} two"),
        ("It fell [=row-1].", f"It fell.\u00a0{token('label', 'row-1')}"),
        ("It fell [@kyodo-1] [=row-1]. So.", f"It fell.{note(1)}\u00a0{token('label', 'row-1')} So."),
        ("It fell [=row-1] [@kyodo-1], so", f"It fell,\u00a0{token('label', 'row-1')}{note(1)} so"),
        ("[=row-1] It fell.", f"{token('label', 'row-1')} It fell."),
        ("A [*contingency*](term:contingency).", f"A {token('term', 'contingency|contingency')}."),
        ("Write to me@fig-tree.org.", "Write to me@fig-tree.org."),
        ("Look: `![x](x.png)`", "Look: `![x](x.png)`"),
        ("## S <!-- #here -->\n\nSee [it](#here).", "## S {#here}\n\nSee [it](#here)."),
    ],
)
def test_notes_and_labels_stand_behind_the_stop_and_the_rest_is_left_alone(typed, set_):
    assert last(resolve(prose(typed))) == set_


CODE = ("`[@nope] @fig-nope 'x'`", "```\n# no heading [@nope]\n```", "~~~\n[@nope]\n~~~", "`` a ` [=nope] ``")


@pytest.mark.parametrize("code", CODE)
def test_code_is_left_alone(code):
    assert last(resolve(prose(f"Text.\n\n{code}"))) == f"Text.\n\n{code}"


def test_a_comment_is_for_editors_alone():
    source = "One.<!-- why: see the\nminutes --> Two.\n\n## More <!-- #more -->\n\n`<!-- kept -->`"
    nb = resolve(prose(source), prose("<!-- nothing else -->", cell="q"))
    assert [c.source for c in nb.cells[1:]] == ["One. Two.", "## More {#more}\n\n`<!-- kept -->`"]


# --- references, labels, terms


def test_figures_and_tables_are_numbered_in_reading_order_across_chapters():
    first = new_notebook(
        cells=[prose("# One?\n\nSee @fig-rise."), exhibit("fall", "figure"), exhibit("list", "table", cell="t")]
    )
    second = new_notebook(cells=[prose("# Two?\n\nSee @fig-fall."), exhibit("rise", "figure")])
    nb = combine([("01-a", first), ("02-b", second)], MANIFEST)
    names = {key: entry["name"] for key, entry in nb.metadata["explainer"]["figures"].items()}
    assert names == {"fall": "Figure 1", "list": "Table 1", "rise": "Figure 2"}
    assert nb.cells[0].source.endswith(f"See {token('ref', 'fig-rise')}.")


def test_a_chapter_reference_gets_a_capital_at_the_start_of_a_sentence():
    document = resolve(prose("See @ch-01-a.")).metadata["explainer"]
    assert reference(document, "ch-01-a", "as in ") == ("chapter 1", "01-a")
    assert reference(document, "ch-01-a", "It ends. ")[0] == "Chapter 1"
    assert reference(document, "ch-01-a", "")[0] == "Chapter 1"
    assert reference(document, "ch-01-a", f"It ends.{note(1)} ")[0] == "Chapter 1"


# --- headings


def test_anchors_come_from_the_comment_or_from_the_words():
    nb = resolve(prose("## What she *said*, and when <!-- #said -->\n\nA.\n\n## Größe & more\n\nB."))
    chapter = nb.metadata["explainer"]["chapters"][0]
    assert (chapter["title"], chapter["anchor"], chapter["number"]) == ("Why?", "01-a", 1)
    assert [(s["anchor"], s["title"]) for s in chapter["sections"]] == [
        ("said", "What she said, and when"),
        ("groe-more", "Größe & more"),
    ]
    assert nb.cells[1].source.startswith("## What she *said*, and when {#said}\n")


def test_every_heading_opens_a_cell_and_ids_stay_single():
    nb = resolve(prose("Lead.\n\n## A\n\na\n\n### B\n\nb", cell="x"), prose("## C\n\nc", cell="y"))
    assert [c.metadata["explainer"].get("heading", {}).get("title") for c in nb.cells] == ["Why?", None, "A", "B", "C"]
    ids = [c["id"] for c in nb.cells]
    assert len(set(ids)) == len(ids)


def test_a_taken_anchor_that_nobody_chose_gets_another():
    sections = resolve(prose("## In short\n\na\n\n## In short\n\nb")).metadata["explainer"]["chapters"][0]["sections"]
    assert [s["anchor"] for s in sections] == ["in-short", "01-a-in-short"]


def test_headings_left_without_text_by_the_date_cut_go():
    nb = resolve(
        prose("## Later\n\n### Much later", cell="h"),
        prose("It came.", "since:2026-03-01", cell="q"),
        prose("## Now\n\nx"),
    )
    assert [s["title"] for s in nb.metadata["explainer"]["chapters"][0]["sections"]] == ["Now"]


def test_a_heading_keeps_what_follows_in_its_own_cells():
    nb = resolve(prose("## Head\n\n### Sub", cell="h"), exhibit("fall", "figure"))
    assert [s["title"] for s in nb.metadata["explainer"]["chapters"][0]["sections"]] == ["Head", "Sub"]


def test_a_chapter_without_a_title_is_an_error():
    with pytest.raises(PublishError, match="0 titles"):
        combine([("01-a", new_notebook(cells=[prose("Text.")]))], MANIFEST)


def test_an_aside_keeps_its_heading_inside():
    nb = resolve(prose("### A box\n\nText.", "aside"))
    assert last(nb) == "**A box**\n\n\nText."
    assert nb.cells[-1].metadata["explainer"]["aside"]
    assert nb.metadata["explainer"]["chapters"][0]["sections"] == []


# --- cells


def test_only_prose_and_exhibits_are_kept():
    hidden = [new_code_cell("x = 1", id=tag, metadata={"tags": [tag]}) for tag in ("parameters", "setup", "guard")]
    nb = resolve(*hidden, new_code_cell("x", id="plain"), exhibit("fall", "figure"), prose("Hidden", "guard"))
    assert [c.metadata["explainer"].get("figure") for c in nb.cells] == [None, "fall"]
    assert nb.cells[-1].source == ""


def test_both_dates_of_a_cell_are_inclusive():
    cell = prose("x", "since:2026-01-26", "until:2026-02-07")
    days = ["2026-01-25", "2026-01-26", "2026-02-07", "2026-02-08"]
    assert [active(cell, day) for day in days] == [False, True, True, False]


def test_cut_leaves_the_notebook_as_it_was():
    nb = new_notebook(cells=[prose("a"), prose("b", "since:2027-01-01", cell="q")])
    before = copy.deepcopy(nb)
    assert len(cut(nb, "2026-01-01").cells) == 1
    assert nb == before


def test_dates_travel_with_the_cell():
    info = resolve(prose("x", "since:2026-01-01", "until:2026-12-31")).cells[-1].metadata["explainer"]
    assert (info["since"], info["until"]) == ("2026-01-01", "2026-12-31")


def test_a_chapter_says_how_far_its_evidence_reaches():
    chapter = resolve(prose("x [@kyodo-1; @jiji-1].")).metadata["explainer"]["chapters"][0]
    assert chapter["evidence_until"] == "2026-01-27"
    assert stale("2026-01-27", "2026-02-10") == ""
    assert stale("2026-01-27", "2026-08-21") == "The newest source that this chapter cites is of 27 January 2026."


def test_a_chapter_alone_says_where_its_references_lead():
    nb = resolve(prose("See @fig-rise, @ch-04-x and [it](#elsewhere) [@kyodo-1]."), whole=False)
    document = nb.metadata["explainer"]
    assert reference(document, "fig-rise") == ("the figure “It rose” in chapter 2", "")
    assert reference(document, "ch-04-x", "see ") == ("chapter 4", "")
    assert last(nb).endswith(f"and it.{note(1)}")
    assert list(document["sources"]) == ["kyodo-1"]


def test_data_cannot_forge_a_token():
    manifest = copy.deepcopy(MANIFEST)
    manifest["figures"][1]["table"]["rows"][0][0] = f"{START}note:9{END}"
    nb = resolve(exhibit("list", "table"), prose(f"{START}note:9{END}"), manifest=manifest)
    assert START not in nb.metadata["explainer"]["figures"]["list"]["table"]["rows"][0][0]
    assert START not in last(nb)


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ('"No," he said.', "“No,” he said."),
        ("Japan's 'red line'", "Japan’s ‘red line’"),
        ('*"yes"* ("no")', "*“yes”* (“no”)"),
        ("\"She said 'no'\"", "“She said ‘no’”"),
        ('<span lang="ja">x</span>', '<span lang="ja">x</span>'),
        ('`"x"` [a](http://x.org/?q="1")', '`"x"` [a](http://x.org/?q="1")'),
    ],
)
def test_quotation_marks_are_curled_outside_code_and_tags(typed, set_):
    assert curl(typed) == set_


def test_days_are_printed_as_words():
    days = ("2025-11-07", "2026-02", "2026", "Heisei 27")
    assert [long_date(day) for day in days] == ["7 November 2025", "February 2026", "2026", "Heisei 27"]
    assert days_between("2026-02", "2026-02-10") == 9


def test_a_source_says_when_its_date_is_no_date():
    assert source_dating({"published": ""}) == "undated"
    machine = {"published": "2026-01-27", "note": "Reprint; machine-dated"}
    assert source_dating(machine) == "27 January 2026 (date set by machine)"
    assert source_dating({"published": "2026-01-27", "note": ""}) == "27 January 2026"
