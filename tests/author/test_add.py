"""`explainer add`: the id is proposed, what does not fit is refused with the reason, no other row changes a byte."""

import pytest

from explainer.author.add import add, kinds, propose_id
from explainer.evidence.evidence import Evidence, EvidenceError

SOURCES = ("yomiuri-2025-11-10-reflects", "jiji-2025-11-10-not-retract")
EVENT = {"date": "2025-11-09", "actor": "JP-PM", "category": "diplomatic", "confidence": "confirmed",
         "summary": 'The prime minister met "nobody", and said so.', "source_ids": ";".join(SOURCES)}  # fmt: skip
STATEMENT = {"date": "2025-11-09", "speaker": "Sanae Takaichi", "actor": "JP-PM", "reacts_to": "2025-11-07",
             "question": "remark", "stance": "supportive", "confidence": "reported", "source_ids": SOURCES[0],
             "paraphrase": "Repeated the government's earlier position."}  # fmt: skip
SOURCE = {"publisher": "Mainichi Shimbun (via Yahoo)", "title": "Première réponse: what was said", "origin": "mainichi",
          "url": "https://example.org/a,b", "published": "2025-12-20", "type": "press", "lang": "ja",
          "read": "passage"}  # fmt: skip
GOOD = {
    "event": (EVENT, "2025-11-09-met-nobody-so"),
    "statement": (STATEMENT, "2025-11-09-takaichi-repeated-governments"),
    "source": (SOURCE, "mainichi-2025-12-20-premiere-reponse-what"),
}
TABLE = {"event": "events", "statement": "statements", "source": "sources"}


@pytest.mark.parametrize("kind", GOOD)
def test_a_row_is_written_in_its_place_and_no_other_byte_changes(tables, kind):
    row, identifier = GOOD[kind]
    path = tables.path(TABLE[kind])
    before = path.read_bytes()
    told = add(kind, row, tables.folder)
    after = path.read_bytes()
    [line] = set(after.splitlines(keepends=True)) - set(before.splitlines(keepends=True))
    assert after.replace(line, b"", 1) == before
    assert told == (identifier, after.splitlines(keepends=True).index(line) + 1)
    written = next(r for r in tables.rows(TABLE[kind]) if identifier in r.values())
    assert {name: written[name] for name in row} == row
    keys = [(r.get("date", ""), next(iter(r.values()))) for r in tables.rows(TABLE[kind])]
    assert keys == sorted(keys)
    assert Evidence.load(folder=tables.folder)  # the tables still hold together


REFUSED = [
    ("event", {"date": "20 December"}, "events.csv [date] '20 December'", "YYYY-MM-DD"),
    ("event", {"source_ids": "yomiuri-2025-11-10-reflect"}, "no such row in sources.csv", "did you mean 'yomiuri-"),
    ("event", {"event_id": "2025-11-10-no-retraction"}, "duplicate of line 13", "its own identifier"),
    ("event", {"since": "2025-11-01"}, "known before it could be", "2025-11-10 or later"),
    ("event", {"source_ids": "yomiuri-2025-11-10-reflects"}, "too high for its sources", "write reported"),
    ("statement", {"quote": "Words"}, "is empty beside a quote", "Language of the quotation"),
    ("statement", {"stakeholder_id": "jp-ishinn"}, "no such row in stakeholders.csv", "did you mean 'jp-ishin'"),
    ("source", {"origin": ""}, "[origin]", "fill in origin"),
]


@pytest.mark.parametrize(("kind", "change", "what", "mend"), REFUSED)
def test_what_does_not_fit_is_refused_with_the_reason_and_nothing_is_written(tables, kind, change, what, mend):
    before = tables.path(TABLE[kind]).read_bytes()
    with pytest.raises(EvidenceError) as caught:
        add(kind, GOOD[kind][0] | change, tables.folder)
    assert what in str(caught.value) and mend in str(caught.value), caught.value
    assert tables.path(TABLE[kind]).read_bytes() == before


def test_a_page_that_stands_already_is_refused_by_its_address(tables):
    url = tables.rows("sources")[4]["url"].replace("https://", "https://www.")
    with pytest.raises(EvidenceError, match="the same address as line 6"):
        add("source", SOURCE | {"source_id": "mainichi-new", "url": url + "/"}, tables.folder)


CROSSED = ["--date", "2024-05-11", "--what", "The ferry crossed.", "--source-ids", "courier-2024-05-11-back"]


def test_the_command_says_the_line_and_counts_the_rows_anew(tiny):
    done = tiny.run("add", "event", *CROSSED, "--confidence", "reported")
    assert (done.returncode, done.stdout) == (0, "events.csv:4 2024-05-11-ferry-crossed\n"), done.stderr
    assert "3 rows" in (tiny.folder / "data/README.md").read_text(encoding="utf-8")


def test_the_command_refuses_with_every_reason_at_once(tiny):
    before = tiny.tables.rows("events")
    done = tiny.run("add", "event", *CROSSED, "--confidence", "sure", "--actor", "Nobody at all")
    assert done.returncode == 1 and "[confidence]" in done.stderr and "[actor]" in done.stderr
    assert tiny.tables.rows("events") == before


def test_a_proposed_id_is_free_and_plain():
    events, sources = kinds()["event"], kinds()["source"]
    row = {"date": "2025-12-20", "summary": "Jägers' own café, naïvely reopened"}
    assert propose_id(events, row, set()) == "2025-12-20-jagers-own-cafe-naively"
    assert propose_id(events, row, {"2025-12-20-jagers-own-cafe-naively"}) == "2025-12-20-jagers-own-cafe-naively-2"
    assert propose_id(sources, {"publisher": "朝日", "title": "語"}, set()) == "undated"


def test_a_byte_order_mark_and_a_last_line_without_an_end_stay_whole(tables):
    path = tables.path("events")
    last, before = tables.rows("events")[-1], b"\xef\xbb\xbf" + path.read_bytes().rstrip(b"\n")
    path.write_bytes(before)
    identifier, line = add("event", last | {"event_id": f"{last['date']}-zero"}, tables.folder)
    assert path.read_bytes().startswith(before + b"\n" + identifier.encode())
    assert line == len(before.splitlines()) + 1


def test_each_table_can_say_how_rows_are_added(tables):
    path = tables.folder / "schema.yaml"
    text = path.read_text(encoding="utf-8")
    key = "named_by: [term]\n"
    path.write_text(text.replace(key, f"{key}    order: [term_id]\n    add: term\n    id_from: [[term, 2]]\n"))
    row = {"term": "Carrier group", "definition": "Ships", "source_ids": SOURCES[0]}
    assert add("term", row, tables.folder)[0] == "carrier-group"
