"""China's measures, stances and the register, polls, intensity and acts: tables small enough to check by hand."""

import datetime as dt
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

from alliance.intensity import numbers as intensity
from alliance.palette import KINDS
from alliance.polls import numbers as polls
from alliance.polls import words as poll_words
from alliance.reactions import numbers as reactions
from alliance.reactions import words as said
from alliance.timeline import words as timeline
from alliance.timeline.numbers import Acts, acts_of
from explainer.evidence.evidence import Evidence, EvidenceError
from explainer.exhibits.lookups import codes

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
def small(evidence) -> Evidence:
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
    tables |= {"sources": sources, "codes": evidence.codes}
    return Evidence(day, tables, day)


MEASURES = [
    ("m-ban", "2026-01-06", "", "CN", "Trade", "Ban", "remark", "named the remark", "yes", "ban"),
    ("m-flight", "2025-12-09", "", "CN", "Military and coast guard", "Flight", "none", "", "no", "flight"),
    ("m-reply", "2026-01-06", "", "JP", "Diplomacy", "Reply", "none", "", "no", "ban"),
]
TURNS = [
    ("m-ban", "2026-02-24", "extended", "until spring", "other", "2026-05-31", "more"),
    ("m-ban", "2026-03-02", "again", "not yet known", "none", "", "later"),
]


def coded(small: Evidence, *changes: tuple[str, str, object]) -> Evidence:
    """The small evidence with its measures, some cells changed: id, column, value."""
    columns = "measure_id date until actor kind name tie reason lasting event_id"
    measures = pd.DataFrame(MEASURES, columns=columns.split()).set_index("measure_id")
    for row, column, value in changes:
        measures.loc[row, column] = value
    steps = pd.DataFrame(TURNS, columns=["measure_id", "date", "step", "words", "tie", "until", "event_id"])
    return replace(small, tables={**small.tables, "measures": measures.reset_index(), "measure_steps": steps})


def test_measures_of_one_side_stand_in_order_with_the_steps_known_by_the_day(small):
    frame = reactions.measure_steps(coded(small))
    assert frame[["id", "step", "step_date"]].to_numpy().tolist() == [
        ["flight", "began", "2025-12-09"],
        ["ban", "began", "2026-01-06"],
        ["ban", "extended", "2026-02-24"],
    ]
    assert list(frame["turn_tie"]) == ["none", "remark", "other"]  # of the turn, not of the measure
    assert list(reactions.measure_steps(coded(small), "JP")["measure"]) == ["Reply"]


def test_the_latest_step_keeps_the_most_direct_sources_of_all(small):
    row = reactions.measures_now(coded(small)).iloc[-1]
    assert (row["step"], row["until"], row["source_ids"]) == ("extended", "2026-05-31", "a;b;d")


def test_a_reason_that_the_event_does_not_give_is_refused(small):
    with pytest.raises(EvidenceError, match="named the weather"):
        reactions.measure_steps(coded(small, ("m-ban", "reason", "named the weather")))


@pytest.mark.parametrize(
    ("as_of", "words"),
    [("2026-03-01", "Extended 24 Feb 2026; set to run to 31 May 2026"),
     ("2026-06-01", "Extended 24 Feb 2026; ended 31 May 2026")],
)  # fmt: skip
def test_an_end_lies_ahead_until_it_has_passed(small, as_of, words):
    assert said.status_words(reactions.measures_now(coded(small)).iloc[-1], as_of) == words


def test_a_single_act_has_no_end_to_look_for(small):
    events = small.events[small.events["event_id"] != "more"]
    frame = said.china_measures(coded(replace(small, tables={**small.tables, "events": events}))).set_index("id")
    assert frame["status"].to_dict() == {"flight": "A single act", "ban": "No end found"}


def test_a_reason_says_whether_it_was_her_words(evidence):
    given = said.china_measures(evidence).set_index("tie")["reason_given"]
    assert given["remark"].str.startswith("Named her words: ").all() and set(given["none"]) == {"None found"}


def test_every_row_of_the_coding_stands_in_the_table_on_the_last_day(evidence):
    frame = pd.concat([reactions.measure_steps(evidence, side) for side in ("CN", "JP")])
    assert set(frame["id"]) == set(evidence.measures["event_id"])
    assert len(frame) == len(evidence.measures) + len(evidence.measure_steps)
    assert set(frame["kind"]) == set(KINDS) and set(frame["tie"]) == set(codes(evidence, "tie"))
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
    words = [said.said_words(row) for _, row in chosen.iterrows()]
    assert chosen["question"].iloc[0] == "other", "words on other matters, where there are no others"
    assert words[0] == "Bo Ito: “We wait and see how this goes on now” (The Paper's translation)"
    assert words[1] == "No public position found"
    assert words[2] == "Bo Ito: said so"  # a Japanese quotation is given by its paraphrase


def test_the_register_names_actors_and_keeps_every_event(small):
    frame = reactions.events_register(small)
    assert frame[["id", "who"]].to_numpy().tolist() == [["flight", ""], ["ban", "China"], ["more", "China"]]


@pytest.mark.parametrize(
    ("sides", "title"),
    [("CN", "A reason was given for two of three Chinese steps, for one of them her words"),
     ("JP", "A reason was given for two of three Japanese steps")],
)  # fmt: skip
def test_reasons_are_counted_by_one_rule_for_both_sides(sides, title):
    frame = pd.DataFrame({"tie": ["remark", "other", "none"]})
    assert {"CN": said._measures_claim, "JP": partial(said._given, whose="Japanese")}[sides](frame) == title


def test_entries_are_counted_as_entries():
    stances = ["critical", "critical", "supportive", "conditional", "cautious"]
    frame = pd.DataFrame({"side": [*["JP"] * 5, "CN"], "stance": [*stances, "critical"]})
    title = "Of five Japanese entries two are coded critical, one supportive, one conditional, one cautious"
    assert said._stance_claim(frame) == title


# --- Polls


def test_margin_of_half_of_a_thousand_is_three_points():
    assert polls.margin_points(50, 1000) == pytest.approx(3.099, abs=0.001)
    assert polls.margin_points(50, float("nan")) is None


def test_margin_of_a_lead_is_wider_than_of_a_share():
    assert polls.lead_margin_points(50, 50, 1000) == pytest.approx(6.198, abs=0.001)
    assert polls.lead_margin_points(48.8, 44.2, 1046) == pytest.approx(5.84, abs=0.01)


def test_four_answers_are_joined_to_two_sides(evidence):
    poll = polls.poll(evidence, "fnn", "2025-11-23")
    assert (poll["accept"], poll["reject"]) == (61.0, 35.7)  # 22.6 + 38.4 and 21.5 + 14.2
    assert poll["margin_accept"] == pytest.approx(2.99, abs=0.01)


def test_an_unknown_poll_names_those_there_are(evidence):
    with pytest.raises(EvidenceError, match="kyodo 2025-11-16"):
        polls.poll(evidence, "kyodo", "2025-11-17")


def test_readings_computed_from_a_change_are_marked(evidence):
    frame = polls.approval(evidence).set_index(["pollster", "period"])
    assert frame.loc[("kyodo", "2025-10"), "derived"]
    assert not frame.loc[("kyodo", "2025-11-16"), "derived"]
    assert frame.loc[("kyodo", "2025-11-16"), "respondents"] == 1046


def test_approval_is_compared_within_each_pollster():
    readings = [("A", 1, 70), ("A", 2, 60), ("B", 1, 50), ("B", 2, 55), ("C", 1, 80)]
    frame = pd.DataFrame(readings, columns=["name", "day", "approve"])
    title = "At one of two pollsters approval was lower at the last reading found than at the first, at one higher"
    assert poll_words._approval_claim(frame) == title


def test_polls_on_force_are_named_beside_those_on_the_answer():
    rows = [("remark", 60, 30), ("remark", 50, 25), ("force", 48, 44), ("force", 33, 48)]
    frame = pd.DataFrame(rows, columns=["topic", "accept", "reject"])
    title = "In all two polls on the answer more respondents accepted than rejected it"
    assert poll_words._opinion_claim(frame) == title + "; two polls on collective self-defence disagree"
    assert poll_words._opinion_claim(frame[:2]) == title


# --- Intensity, and acts by day


CODED = [
    ("a", "2025-11-10", "CN", "JP", "163"),  # a Monday
    ("b", "2025-11-16", "CN", "JP;US", "112"),  # the Sunday of the same week
    ("c", "2025-11-17", "CN", "JP", "141"),
    ("d", "2025-11-17", "JP", "JP", "112"),  # within one side
    ("e", "2025-11-18", "JP", "CN", ""),  # not coded
    ("f", "2026-01-26", "JP", "CN", "093"),
]


@pytest.fixture
def weeks(evidence) -> Evidence:
    events = pd.DataFrame(CODED, columns=["event_id", "date", "actor", "target", "cameo_code"])
    events = events.assign(summary="", cameo_reason="", source_ids="s")
    act, word, aid = "material conflict", "verbal conflict", "material cooperation"
    codes = [("163", "w", act, act, -8.0), ("112", "x", word, word, -2.0), ("141", "y", word, act, -6.5)]
    codes += [("093", "z", aid, word, -2.0)]
    cameo = pd.DataFrame(codes, columns=["cameo_code", "label", "quad", "quad_other", "goldstein"])
    actors = pd.DataFrame({"actor": ["CN", "JP", "US"], "side": ["CN", "JP", "US"]})
    day = dt.date(2026, 1, 30)
    return Evidence(day, {"events": events, "cameo": cameo, "actors": actors, "codes": evidence.codes}, day)


@pytest.mark.parametrize(
    ("code", "gdelt", "other"),
    [("036", "verbal cooperation", "verbal cooperation"), ("061", "material cooperation", "material cooperation"),
     ("093", "material cooperation", "verbal conflict"), ("112", "verbal conflict", "verbal conflict"),
     ("141", "verbal conflict", "material conflict"), ("163", "material conflict", "material conflict")],
)  # fmt: skip
def test_quad_classes_of_both_conventions(evidence, code, gdelt, other):
    assert list(evidence.cameo.set_index("cameo_code").loc[code, ["quad", "quad_other"]]) == [gdelt, other]


def test_only_coded_events_between_two_sides_count(weeks):
    assert list(intensity.coded_events(weeks)["event_id"]) == ["a", "b", "c", "f"]


def test_weeks_run_from_monday_to_sunday(weeks):
    assert intensity.week_sum(weeks, "CN-JP", "2025-11-10") == -10.0
    assert intensity.week_sum(weeks, "CN-JP", "2025-11-10", "events") == 2
    assert intensity.week_sum(weeks, "CN-JP", "2025-11-17") == -6.5
    assert intensity.week_sum(weeks, "CN-JP", "2025-11-24") == 0


def test_weights_and_counts_stand_side_by_side(weeks):
    frame = intensity.intensity_sensitivity(weeks).set_index("pair")
    china = frame.loc["CN-JP"]
    assert (china["events"], china["goldstein_sum"], china["goldstein_mean"], china["conflict"]) == (3, -16.5, -5.5, 3)
    assert (china["material_gdelt"], china["material_other"]) == (1, 2)
    assert china["events_per_week"] == 0.4  # 3 events in 55 days


def test_phases_follow_the_calendar(weeks):
    assert list(intensity.intensity_sensitivity(weeks)["phase"])[-1] == "26 January to 28 February 2026"
    assert intensity.phase_weeks(weeks)["26 January to 28 February 2026"] == pytest.approx(4 / 7)


def test_nothing_coded_gives_an_empty_frame_with_columns(weeks):
    tables = {**weeks.tables, "events": weeks.events.assign(cameo_code="")}
    uncoded = replace(weeks, tables=tables)
    assert intensity.intensity_by_week(uncoded).empty
    assert list(intensity.intensity_by_week(uncoded).columns) == intensity.WEEK_COLUMNS


def overview_of(*acts: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.to_datetime([day for day, _ in acts]), "side": [side for _, side in acts]})


EARLY = [("2025-11-01", "CN"), ("2025-11-08", "CN"), ("2025-11-09", "JP")]
LATER = [("2025-12-30", "CN"), ("2026-01-10", "CN"), ("2026-03-01", "JP")]


def test_acts_are_counted_before_after_and_within_eight_weeks():
    assert acts_of(overview_of(*EARLY, *LATER), "CN") == Acts(total=4, after=3, within=2)
    assert acts_of(overview_of(*EARLY, *LATER), "JP") == Acts(total=2, after=2, within=1)


@pytest.mark.parametrize(
    ("acts", "title"),
    [(EARLY, "Japan acted in 1 of 3 events, China in 2; after 7 November Japan 1, China 1"),
     ([*EARLY, *LATER],
      "Japan acted in 2 of 6 events, China in 4; in the eight weeks after 7 November Japan 1, China 2")],
)  # fmt: skip
def test_the_overview_counts_both_sides_by_one_rule(acts, title):
    assert timeline._claim(overview_of(*acts)) == title
