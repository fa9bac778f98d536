"""China's measures, stances and the register, on tables small enough to check by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from alliance.reactions import numbers as reactions
from alliance.reactions.numbers import KINDS, MEASURES, TIES, Measure, Step
from alliance.reactions.words import china_measures, reason_words, said_words, status_words
from explainer.evidence.evidence import Evidence, EvidenceError

EVENTS = [
    ("ban", "2026-01-06", "CN", "A ban", "named the remark", "a;b;c"),
    ("more", "2026-02-24", "CN", "A longer ban", "until spring", "d"),
    ("flight", "2025-12-09", "", "A flight", "", "e"),
]
STATEMENTS = [
    ("s1", "2025-11-07", "pm", "remark", "supportive", "", "", "confirmed"),
    (
        "s2",
        "2025-11-10",
        "party",
        "remark",
        "critical",
        "Take it back, please, before the harm is done",
        "en",
        "reported",
    ),
    ("s3", "2025-11-12", "party", "remark", "critical", "", "", "reported"),
    ("s4", "2026-02-01", "party", "remark", "cautious", "撤回", "ja", "reported"),
    ("s5", "2026-02-01", "party", "policy", "critical", "", "", "disputed"),
    ("s6", "2026-02-02", "friend", "other", "neutral", "We wait and see how this goes on now", "en", "reported"),
]


@pytest.fixture
def small() -> Evidence:
    events = pd.DataFrame(EVENTS, columns=["event_id", "date", "actor", "summary", "detail", "source_ids"])
    events = events.assign(known=events["date"], end_date="", category="economic", confidence="reported")
    columns = ["statement_id", "date", "stakeholder_id", "question", "stance", "quote", "quote_lang", "confidence"]
    statements = pd.DataFrame(STATEMENTS, columns=columns)
    statements = statements.assign(
        actor="JP",
        speaker="Bo Ito",
        translation="outlet",
        paraphrase="said so",
        source_ids="x",
        known=statements["date"],
    )
    holders = [
        ("pm", "The minister", "JP"),
        ("party", "A party", "JP"),
        ("friend", "A friend", "KR"),
        ("mute", "M", "US"),
    ]
    stakeholders = pd.DataFrame(holders, columns=["stakeholder_id", "name", "actor"])
    stakeholders = stakeholders.assign(kind="party", known="2025-11-07")
    actors = pd.DataFrame({"actor": ["JP", "KR", "US", "CN"], "name": ["Japan", "Korea", "US", "China"]})
    actors["side"] = actors["actor"]
    day = dt.date(2026, 3, 1)
    tables = {"events": events, "statements": statements, "stakeholders": stakeholders, "actors": actors}
    return Evidence(day, tables, day)


BAN = Measure(
    "ban", "Ban", KINDS[2], "remark", "named the remark", lasting=True,
    steps=(Step("more", "extended", "until spring", until="2026-05-31"), Step("later", "again", "not yet known")),
)  # fmt: skip
FLIGHT = Measure("flight", "Flight", KINDS[3], "none")


def test_measures_stand_in_order_with_the_steps_known_by_the_day(small, monkeypatch):
    monkeypatch.setattr(reactions, "MEASURES", (BAN, FLIGHT))
    frame = reactions.measure_steps(small)
    assert frame[["id", "step", "step_date"]].to_numpy().tolist() == [
        ["flight", "began", "2025-12-09"],
        ["ban", "began", "2026-01-06"],
        ["ban", "extended", "2026-02-24"],
    ]


def test_the_latest_step_keeps_the_most_direct_sources_of_all(small, monkeypatch):
    monkeypatch.setattr(reactions, "MEASURES", (BAN,))
    row = reactions.measures_now(small).iloc[0]
    assert (row["step"], row["until"], row["source_ids"]) == ("extended", "2026-05-31", "a;b;d")


def test_a_reason_that_the_event_does_not_give_is_refused(small, monkeypatch):
    monkeypatch.setattr(reactions, "MEASURES", (Measure("ban", "Ban", KINDS[2], "remark", "named the weather"),))
    with pytest.raises(EvidenceError, match="named the weather"):
        reactions.measure_steps(small)


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2026-03-01", "Extended 24 Feb 2026; set to run to 31 May 2026"),
        ("2026-06-01", "Extended 24 Feb 2026; ended 31 May 2026"),
    ],
)
def test_an_end_lies_ahead_until_it_has_passed(small, monkeypatch, as_of, words):
    monkeypatch.setattr(reactions, "MEASURES", (BAN,))
    assert status_words(reactions.measures_now(small).iloc[0], as_of) == words


def test_a_single_act_has_no_end_to_look_for(small, monkeypatch):
    monkeypatch.setattr(reactions, "MEASURES", (FLIGHT, Measure("ban", "Ban", KINDS[2], "none", lasting=True)))
    frame = china_measures(small).set_index("id")
    assert frame["status"].to_dict() == {"flight": "A single act", "ban": "No end found"}


def test_a_reason_says_whether_it_was_her_words():
    assert reason_words(pd.Series({"tie": "remark", "reason": "it said so"})) == "Named her words: it said so"
    assert reason_words(pd.Series({"tie": "none", "reason": ""})) == "None found"


def test_every_coded_measure_is_of_a_known_kind_and_tie():
    assert {m.kind for m in MEASURES} == set(KINDS)
    assert {m.tie for m in MEASURES} == set(TIES)
    assert len({m.event for m in MEASURES}) == len({m.name for m in MEASURES}) == len(MEASURES)


def test_the_coding_agrees_with_the_evidence_on_the_last_day(evidence):
    frame = reactions.measure_steps(evidence)
    assert set(frame["id"]) == {m.event for m in MEASURES}
    assert len(frame) == len(MEASURES) + sum(len(m.steps) for m in MEASURES)
    assert (frame["step_date"] >= frame["date"]).all()


def test_no_step_is_known_before_its_day(evidence):
    frame = reactions.measure_steps(evidence.cut("2025-11-30"))
    assert frame["step_date"].max() <= "2025-11-30"


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
    frame = reactions.who_said_what(small, ("pm", "party", "mute")).fillna("")
    shown = frame[["stakeholder_id", "question", "stance", "earlier"]].to_numpy().tolist()
    assert shown == [
        ["pm", "remark", "supportive", ""],
        ["pm", "policy;measures;alliance", "", ""],
        ["party", "remark", "cautious", "critical"],
        ["party", "policy", "critical", ""],
        ["party", "measures;alliance", "", ""],
        ["mute", "remark;policy;measures;alliance", "", ""],
    ]


def test_words_on_other_matters_stand_only_where_there_are_no_others(small):
    frame = reactions.who_said_what(small, ("friend", "party"))
    assert list(frame.loc[frame["question"] == "other", "stakeholder_id"]) == ["friend"]


def test_a_quotation_stands_in_english_with_its_translation_status(small):
    frame = reactions.who_said_what(small, ("friend", "party"))
    words = [said_words(row) for _, row in frame.iterrows()]
    assert words[0] == "Bo Ito: “We wait and see how this goes on now” (outlet's translation)"
    assert words[1] == "No public position found"
    assert words[2] == "Bo Ito: said so"  # a Japanese quotation is given by its paraphrase


def test_the_register_names_actors_and_keeps_every_event(small):
    frame = reactions.events_register(small)
    assert frame[["id", "who"]].to_numpy().tolist() == [["flight", ""], ["ban", "China"], ["more", "China"]]


def test_the_matrix_knows_its_stakeholders(evidence):
    known = set(evidence.stakeholders["stakeholder_id"])
    assert set(reactions.MATRIX) <= known
    assert set(reactions.SHORT_NAMES) <= known
    assert set(reactions.stance_matrix(evidence)["stance"]) <= set(
        evidence.schema.tables["statements"].column("stance").values
    )
