"""China's measures, stances and the register, on tables small enough to check by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from alliance.reactions import numbers as reactions
from alliance.reactions.words import china_measures, reason_words, said_words, status_words
from explainer.evidence.evidence import Evidence, EvidenceError

EVENTS = [
    ("ban", "2026-01-06", "CN", "A ban", "named the remark", "a;b;c"),
    ("more", "2026-02-24", "CN", "A longer ban", "until spring", "d"),
    ("flight", "2025-12-09", "", "A flight", "", "e"),
]
STATEMENTS = [
    ("s1", "2025-11-07", "pm", "remark", "supportive", "", "", "confirmed"),
    ("s2", "2025-11-10", "party", "remark", "critical", "Take it back, before harm is done", "en", "reported"),
    ("s3", "2025-11-12", "party", "remark", "critical", "", "", "reported"),
    ("s4", "2026-02-01", "party", "remark", "cautious", "撤回", "ja", "reported"),
    ("s5", "2026-02-01", "party", "policy", "critical", "", "", "disputed"),
    ("s6", "2026-02-02", "friend", "other", "neutral", "We wait and see how this goes on now", "en", "reported"),
]


@pytest.fixture
def small() -> Evidence:
    events = pd.DataFrame(EVENTS, columns=["event_id", "date", "actor", "summary", "detail", "source_ids"])
    more = {"end_date": "", "category": "economic", "confidence": "reported", "question_id": ""}
    events = events.assign(known=events["date"], **more)
    columns = ["statement_id", "date", "stakeholder_id", "question", "stance", "quote", "quote_lang", "confidence"]
    statements = pd.DataFrame(STATEMENTS, columns=columns)
    more = {"actor": "JP", "speaker": "Bo Ito", "translation": "outlet", "paraphrase": "said so", "source_ids": "x"}
    statements = statements.assign(known=statements["date"], **more)
    holders = [("pm", "The minister", "JP"), ("party", "A party", "JP"), ("friend", "A friend", "KR")]
    stakeholders = pd.DataFrame([*holders, ("mute", "M", "US")], columns=["stakeholder_id", "name", "actor"])
    stakeholders = stakeholders.assign(kind="party", known="2025-11-07", short="", matrix=[1, 2, 3, 4])
    actors = pd.DataFrame({"actor": ["JP", "KR", "US", "CN"], "name": ["Japan", "Korea", "US", "China"]})
    actors["side"] = actors["actor"]
    day = dt.date(2026, 3, 1)
    sources = pd.DataFrame([("x", "The Paper (via a copy)", "en")], columns=["source_id", "publisher", "lang"])
    tables = {"events": events, "statements": statements, "stakeholders": stakeholders, "actors": actors}
    tables |= {"sources": sources}
    return Evidence(day, tables, day)


MEASURES = [
    ("m-ban", "2026-01-06", "", "CN", "Trade", "Ban", "remark", "named the remark", "yes", "ban"),
    ("m-flight", "2025-12-09", "", "CN", "Military and coast guard", "Flight", "none", "", "no", "flight"),
    ("m-reply", "2026-01-06", "", "JP", "Diplomacy", "Reply", "none", "", "no", "ban"),
]
TURNS = [
    ("m-ban", "2026-02-24", "extended", "until spring", "2026-05-31", "more"),
    ("m-ban", "2026-03-02", "again", "not yet known", "", "later"),
]


def coded(small: Evidence, *changes: tuple[str, str, object]) -> Evidence:
    """The small evidence with its measures, some cells changed: id, column, value."""
    columns = "measure_id date until actor kind name tie reason lasting event_id"
    measures = pd.DataFrame(MEASURES, columns=columns.split()).set_index("measure_id")
    for row, column, value in changes:
        measures.loc[row, column] = value
    steps = pd.DataFrame(TURNS, columns=["measure_id", "date", "step", "words", "until", "event_id"])
    return replace(small, tables={**small.tables, "measures": measures.reset_index(), "measure_steps": steps})


def test_measures_of_one_side_stand_in_order_with_the_steps_known_by_the_day(small):
    frame = reactions.measure_steps(coded(small))
    assert frame[["id", "step", "step_date"]].to_numpy().tolist() == [
        ["flight", "began", "2025-12-09"],
        ["ban", "began", "2026-01-06"],
        ["ban", "extended", "2026-02-24"],
    ]
    assert list(reactions.measure_steps(coded(small), "JP")["measure"]) == ["Reply"]


def test_the_latest_step_keeps_the_most_direct_sources_of_all(small):
    row = reactions.measures_now(coded(small)).iloc[-1]
    assert (row["step"], row["until"], row["source_ids"]) == ("extended", "2026-05-31", "a;b;d")


def test_a_reason_that_the_event_does_not_give_is_refused(small):
    with pytest.raises(EvidenceError, match="named the weather"):
        reactions.measure_steps(coded(small, ("m-ban", "reason", "named the weather")))


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2026-03-01", "Extended 24 Feb 2026; set to run to 31 May 2026"),
        ("2026-06-01", "Extended 24 Feb 2026; ended 31 May 2026"),
    ],
)
def test_an_end_lies_ahead_until_it_has_passed(small, as_of, words):
    assert status_words(reactions.measures_now(coded(small)).iloc[-1], as_of) == words


def test_a_single_act_has_no_end_to_look_for(small):
    events = small.events[small.events["event_id"] != "more"]
    frame = china_measures(coded(replace(small, tables={**small.tables, "events": events}))).set_index("id")
    assert frame["status"].to_dict() == {"flight": "A single act", "ban": "No end found"}


def test_a_reason_says_whether_it_was_her_words():
    assert reason_words(pd.Series({"tie": "remark", "reason": "it said so"})) == "Named her words: it said so"
    assert reason_words(pd.Series({"tie": "none", "reason": ""})) == "None found"


def test_every_row_of_the_coding_stands_in_the_table_on_the_last_day(evidence):
    frame = pd.concat([reactions.measure_steps(evidence, side) for side in ("CN", "JP")])
    assert set(frame["id"]) == set(evidence.measures["event_id"])
    assert len(frame) == len(evidence.measures) + len(evidence.measure_steps)
    assert set(frame["kind"]) == set(reactions.KINDS) and set(frame["tie"]) == set(reactions.TIES)
    assert (frame["step_date"] >= frame["date"]).all() and frame["measure"].nunique() <= frame["id"].nunique()


def test_a_stakeholder_stands_where_most_of_its_undisputed_statements_stand(small):
    frame = reactions.stance_matrix(small).set_index("stakeholder_id")
    assert frame["stance"].to_dict() == {"pm": "supportive", "party": "critical"}
    party = frame.loc["party"]
    assert (party["others"], party["latest"], party["statements"]) == ("cautious", "cautious", 3)


def test_a_tie_goes_to_the_latest_statement(small):
    fewer = small.statements[~small.statements["statement_id"].isin(["s2", "s5"])]
    small = replace(small, tables={**small.tables, "statements": fewer})
    assert reactions.stance_matrix(small).set_index("stakeholder_id").loc["party", "stance"] == "cautious"


def test_who_said_what_shows_the_latest_words_and_every_silence(small):
    frame = reactions.who_said_what(small)[["stakeholder_id", "question", "stance", "earlier"]]
    assert frame[frame["stakeholder_id"] != "friend"].to_numpy().tolist() == [
        ["pm", "remark", "supportive", ""],
        ["pm", "policy;measures;alliance", "", ""],
        ["party", "remark", "cautious", "critical"],
        ["party", "policy", "critical", ""],
        ["party", "measures;alliance", "", ""],
        ["mute", "remark;policy;measures;alliance", "", ""],
    ]


def test_a_quotation_stands_in_english_with_its_translation_status(small):
    frame = reactions.who_said_what(small)
    chosen = frame[frame["stakeholder_id"].isin(["friend", "party"])].sort_values("stakeholder_id", kind="stable")
    words = [said_words(row) for _, row in chosen.iterrows()]
    assert chosen["question"].iloc[0] == "other", "words on other matters, where there are no others"
    assert words[0] == "Bo Ito: “We wait and see how this goes on now” (The Paper's translation)"
    assert words[1] == "No public position found"
    assert words[2] == "Bo Ito: said so"  # a Japanese quotation is given by its paraphrase


def test_the_register_names_actors_and_keeps_every_event(small):
    frame = reactions.events_register(small)
    assert frame[["id", "who"]].to_numpy().tolist() == [["flight", ""], ["ban", "China"], ["more", "China"]]
