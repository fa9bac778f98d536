"""The words, the situations, the seats, and how plainly others spoke before: numbers that a hand can check."""

import datetime as dt

import pandas as pd
import pytest

from alliance.alliance import numbers as ambiguity
from alliance.elections import numbers as elections
from alliance.law import numbers as law
from alliance.statement import numbers as statement
from alliance.statement import words as titles
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.kit import Gallery


def test_wordings_hold_one_sentence_a_day_in_one_language(evidence):
    japanese, english = statement.wordings(evidence), statement.wordings(evidence, "en")
    assert set(japanese["date"]) == set(english["date"]) == {"2025-11-07", "2026-01-26"}
    assert "2025-11-07-takaichi-us-forces" not in set(japanese["statement_id"])  # another sentence of that day
    assert not set(japanese["statement_id"]) & set(english["statement_id"])
    assert japanese["quote"].str.contains("存立危機事態|日米同盟").all()
    assert english["quote"].str.contains("survival-threatening|alliance").all()


def test_the_statements_stand_side_by_side(evidence):
    frame = statement.two_statements(evidence).set_index("aspect")
    assert list(frame.index) == list(evidence.comparison["aspect"])
    assert "survival-threatening" in frame.at["The legal category", "november"]
    assert "no legal category" in frame.at["The legal category", "january"]
    assert frame.at["The sentence, in one English version", "january"].startswith("“If the US military")
    early = statement.two_statements(evidence.cut("2025-11-30"))
    assert (early["november"] != "").all()
    assert (early["january"] == "").all()
    assert len(statement.two_statements(evidence.cut("2026-01-28"))) == len(evidence.comparison)


def test_earlier_leaders_are_japanese_and_in_order(evidence):
    frame = statement.earlier_leaders(evidence)
    months = list(frame["date"].str[:7])
    assert months == sorted(months)
    assert not frame["who"].str.startswith("Joe Biden").any()
    before = frame[(frame["date"] < "2025-11-07") & frame["role"].str.startswith("Prime Minister")]
    assert before["step"].max() < frame.set_index("precedent_id").at["2025-11-07-takaichi-diet", "step"] == 4


def test_all_claims_of_the_article_have_a_verdict_and_a_source(evidence):
    frame = statement.seed_claims(evidence)
    assert list(frame["number"]) == [str(n) for n in range(1, 33)]
    assert frame["verdict"].isin(statement.VERDICTS.values()).all()
    known = set(evidence.sources["source_id"])
    assert all(set(list_items(cited)) and set(list_items(cited)) <= known for cited in frame["source_ids"])
    assert sum(statement.verdict_count(evidence, "seed", code) for code in statement.VERDICTS) == len(frame)
    assert statement.verdict_count(evidence, "seed", "supported") == 10


def test_every_claim_stands_in_the_chapter(evidence):
    table = Gallery(evidence, "02-the-statement").compute("claims").record["table"]
    assert [row[1] for row in table["rows"]] == list(statement.seed_claims(evidence)["claim"])
    assert all(row[2] and row[3] and row[4] for row in table["rows"])


def test_claims_are_numbered_by_their_id(evidence):
    frame = statement.seed_claims(evidence.cut("2026-01-27"))
    assert 0 < len(frame) < 32
    assert list(frame["number"]) == [i.removeprefix("seed-").lstrip("0") for i in frame["claim_id"]]


def test_situations_stand_from_the_gravest_down(evidence):
    frame = law.situations(evidence)
    assert list(frame["rung"]) == list(range(8, 0, -1))
    assert (law.may_use(evidence, "yes"), law.may_use(evidence, "limited"), law.may_use(evidence, "no")) == (1, 1, 6)


@pytest.mark.parametrize(
    ("day", "november", "january"), [("2025-11-12", 0, 0), ("2025-11-30", 1, 0), ("2026-01-28", 1, 3)]
)
def test_statements_stand_on_the_ladder_by_day(evidence, day, november, january):
    frame = law.situations(evidence.cut(day))
    assert int((frame["november"] != "").sum()) == november
    assert int((frame["january"] != "").sum()) == january


def test_seats_add_up_to_the_house(evidence):
    frame = elections.lower_house_seats(evidence)
    assert frame["seats_after"].sum() == 465
    assert frame.iloc[0]["party"] == "ldp" and frame["seats_after"].iloc[0] > 310
    assert elections.two_thirds_of(frame) == 310 == elections.two_thirds(evidence)
    assert (elections.seats(evidence, "ldp", "before"), elections.seats(evidence, "ldp", "after")) == (198, 316)
    known = frame[frame["seats_before"].notna()]
    assert (known["change"] == known["seats_after"] - known["seats_before"]).all()
    assert pd.isna(elections.seats(evidence, "sdp", "before"))  # not in the sources: empty, never zero


def test_november_does_not_know_of_january(evidence):
    november = law.ladder_disputes(evidence.cut("2025-11-30")).set_index("situation_id")
    latest = law.ladder_disputes(evidence).set_index("situation_id")
    assert not november[["statements", "contested"]].apply(lambda c: c.str.contains("January 2026")).any(axis=None)
    assert november.at["survival-threatening", "statements"] == "7 November 2025: named"
    assert latest.at["survival-threatening", "contested"].count("\n") == 4
    assert latest.at["armed-attack-occurred", "contested"] == ""


def test_a_title_on_wordings_holds_for_every_text_or_is_not_made():
    day = "2026-01-26"
    frame = pd.DataFrame({"date": [day] * 3, "quote": ["同盟はつぶれる", "同盟が潰れる", "同盟つぶれます"]})
    assert titles._wordings_claim(frame).startswith("3 Japanese wordings of the January sentence differ in style")
    other = frame.replace("同盟が潰れる", "同盟が揺らぐ")
    assert titles._wordings_claim(other) == "One sentence, 3 Japanese wordings"
    english = pd.DataFrame({"date": [day] * 2, "quote": ["it will collapse", "it would collapse"]})
    assert titles._translations_claim(english) == "The English texts of the January sentence say “will” or “would”"
    could = english.replace("it will collapse", "it could collapse")
    assert titles._translations_claim(could) == "One sentence, 2 English translations"


# --- From ambiguous to explicit


ROWS = [
    ("late", "2022-10", "Ann Lee", "Prime Minister of Japan", "JP", 0.0),
    ("early", "2021-04-04", "Bo Ito and Cy Roe", "Prime Minister of Japan; US President", "JP", 2.0),
    ("party", "2023", "Di Abe", "LDP Vice-President", "JP-LDP", 4.0),
    ("ally", "2023-05-01", "Ed Fox", "US President", "US", 4.0),
    ("law", "2023-06-01", "Flo Gil", "Prime Minister of Japan", "JP", float("nan")),
]
COLUMNS = ["precedent_id", "date", "speaker", "role", "actor", "explicitness"]


@pytest.fixture
def small() -> Evidence:
    frame = pd.DataFrame(ROWS, columns=COLUMNS).assign(
        what_it_said="", quote="", explicitness_reason="because", confidence="reported", source_ids="source"
    )
    return Evidence(dt.date(2026, 1, 1), {"precedents": frame}, dt.date(2026, 1, 1))


def test_rows_on_the_scale_stand_in_order_with_side_and_office(small):
    frame = ambiguity.earlier_words(small)
    assert frame[["precedent_id", "side", "in_office"]].to_numpy().tolist() == [
        ["early", "JP", "yes"], ["late", "JP", "yes"], ["party", "JP", "no"], ["ally", "US", "yes"]]  # fmt: skip


@pytest.mark.parametrize(
    ("speaker", "name"),
    [("Taro Aso", "Aso"), ("Eisaku Sato and Richard Nixon", "Sato–Nixon"), ("Kishida Cabinet", "Kishida Cabinet"),
     ("US and Japanese foreign and defence ministers", "2+2")],
)  # fmt: skip
def test_names_fit_a_chart(speaker, name):
    assert ambiguity.short_name(speaker) == name


def test_steps_of_prime_ministers_leave_out_party_and_ally(small):
    assert ambiguity.steps_of_prime_ministers(small, "2024-01-01").to_dict() == {0: 1, 2: 1}
    assert ambiguity.steps_of_prime_ministers(small, "2022-01-01").to_dict() == {2: 1}


def test_every_coded_statement_has_a_step_and_a_reason(evidence):
    frame = ambiguity.earlier_words(evidence)
    assert set(frame["step"]) <= set(range(5))
    assert frame["why"].str.len().min() > 10
    assert not frame["why"].str.startswith("not on the scale").any()
