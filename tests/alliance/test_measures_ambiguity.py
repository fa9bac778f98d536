"""The scale from ambiguous to explicit."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from alliance.alliance import numbers as ambiguity
from explainer.evidence.evidence import Evidence

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
    assert set(frame["step"]) <= set(ambiguity.SCALE)
    assert frame["why"].str.len().min() > 10
    assert not frame["why"].str.startswith("not on the scale").any()


def test_the_two_statements(evidence):
    assert ambiguity.step(evidence, ambiguity.ANSWER) == 4
    assert ambiguity.step(evidence, ambiguity.STATEMENT) == 3
    assert ambiguity.steps_of_prime_ministers(evidence, "2025-11-07").index.max() == 2
