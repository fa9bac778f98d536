"""The words, the situations, the seats: numbers that a hand can check."""

from __future__ import annotations

import pandas as pd
import pytest

from alliance.elections import numbers as elections
from alliance.law import numbers as law
from alliance.statement import numbers as statement
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.kit import Gallery


def test_wordings_hold_one_sentence_a_day_in_one_language(evidence: Evidence) -> None:
    japanese, english = statement.wordings(evidence), statement.translations(evidence)
    assert set(japanese["date"]) == set(english["date"]) == {"2025-11-07", "2026-01-26"}
    assert "2025-11-07-takaichi-us-forces" not in set(japanese["statement_id"])  # another sentence of that day
    assert not set(japanese["statement_id"]) & set(english["statement_id"])
    assert japanese["quote"].str.contains("存立危機事態|日米同盟").all()
    assert english["quote"].str.contains("survival-threatening|alliance").all()


def test_the_statements_stand_side_by_side(evidence: Evidence) -> None:
    frame = statement.two_statements(evidence).set_index("aspect")
    assert list(frame.index) == [aspect for aspect, _, _ in statement.PAIRS]
    assert "survival-threatening" in frame.at["The legal category", "november"]
    assert "no legal category" in frame.at["The legal category", "january"]
    assert frame.at["The sentence, in one English version", "january"].startswith("“If the US military")
    early = statement.two_statements(evidence.cut("2025-11-30"))
    assert (early["november"] != "").all()
    assert (early["january"] == "").all()
    assert len(statement.two_statements(evidence.cut("2026-01-28"))) == len(statement.PAIRS)


def test_earlier_leaders_are_japanese_and_in_order(evidence: Evidence) -> None:
    frame = statement.earlier_leaders(evidence)
    months = list(frame["date"].str[:7])
    assert months == sorted(months)
    assert not frame["who"].str.startswith("Joe Biden").any()
    before = frame[(frame["date"] < "2025-11-07") & frame["role"].str.startswith("Prime Minister")]
    assert before["step"].max() < frame.set_index("precedent_id").at["2025-11-07-takaichi-diet", "step"] == 4


def test_all_claims_of_the_article_have_a_verdict_and_a_source(evidence: Evidence) -> None:
    frame = statement.seed_claims(evidence)
    assert list(frame["number"]) == [str(n) for n in range(1, 33)]
    assert frame["verdict"].isin(statement.VERDICTS.values()).all()
    known = set(evidence.sources["source_id"])
    assert all(set(list_items(cited)) and set(list_items(cited)) <= known for cited in frame["source_ids"])
    assert sum(statement.verdict_count(evidence, "seed", code) for code in statement.VERDICTS) == len(frame)
    assert statement.verdict_count(evidence, "seed", "supported") == 11


def test_every_claim_stands_in_the_chapter(evidence: Evidence) -> None:
    table = Gallery(evidence, "02-the-statement").compute("claims").record["table"]
    assert [row[1] for row in table["rows"]] == list(statement.seed_claims(evidence)["claim"])
    assert all(row[2] and row[3] and row[4] for row in table["rows"])


def test_claims_are_numbered_by_their_id(evidence: Evidence) -> None:
    frame = statement.seed_claims(evidence.cut("2026-01-27"))
    assert 0 < len(frame) < 32
    assert list(frame["number"]) == [i.removeprefix("seed-").lstrip("0") for i in frame["claim_id"]]


def test_situations_stand_from_the_gravest_down(evidence: Evidence) -> None:
    frame = law.situations(evidence)
    assert list(frame["rung"]) == list(range(8, 0, -1))
    assert (law.may_use(evidence, "yes"), law.may_use(evidence, "limited"), law.may_use(evidence, "no")) == (1, 1, 6)


@pytest.mark.parametrize(
    ("day", "november", "january"),
    [("2025-11-12", 0, 0), ("2025-11-30", 1, 0), ("2026-01-28", 1, 3)],
)
def test_statements_stand_on_the_ladder_by_day(evidence: Evidence, day: str, november: int, january: int) -> None:
    frame = law.situations(evidence.cut(day))
    assert int((frame["november"] != "").sum()) == november
    assert int((frame["january"] != "").sum()) == january


def test_seats_add_up_to_the_house(evidence: Evidence) -> None:
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
