"""Exhibits of a brief: one actor's side of the evidence, parameterised by its code.

A table names as many rows as a page holds; its CSV has all. Where nothing was found the table says so.
"""

from collections.abc import Callable
from functools import partial

import pandas as pd

from alliance.brief import numbers as brief
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.kit import register
from explainer.text.wording import day, number

SHOWN = {"said": 5, "did": 5, "heard": 5, "weight": 5, "disputed": 3, "profile": 2}
CITED = 2
SAME_SPEAKER = 2
NAME, AS_OF = "actor_name", "as_of"


def _data(evidence: Evidence, focus: str = brief.DEFAULT, *, of: Callable[..., pd.DataFrame], text: str, nothing: str):
    """Return the rows of one part of a brief with the actor's name, or one row that says that there is none."""
    frame = of(evidence, focus)
    extra = {NAME: brief.short_name(evidence, focus), AS_OF: evidence.as_of.isoformat()}
    if frame.empty:
        blank = dict.fromkeys([*frame.columns, "source_ids"], "")
        frame = pd.DataFrame([blank | {text: f"{nothing} found by {day(evidence.as_of)}."}], columns=list(blank))
    return frame.assign(**extra)


def _is_empty(frame: pd.DataFrame) -> bool:
    return len(frame) == 1 and frame["source_ids"].iloc[0] == ""


PLURALS = {"act or word": "acts or words", "account of a contested question": "accounts of contested questions"}


def _claim(frame: pd.DataFrame, thing: str, column: str = "", lead: str = "Of") -> str:
    """Say how many rows there are, and which value of a column they have most often."""
    name, count = frame[NAME].iloc[0], len(frame)
    if _is_empty(frame):
        return f"{lead} {name}, no {thing} is on record"
    counted = f"{number(count)} {PLURALS.get(thing, thing + 's')} are" if count > 1 else f"1 {thing} is"
    often = frame[column].mode() if column else []
    most = f", most often {often[0]}" if len(often) == 1 and count > 1 else ""
    return f"{lead} {name}, {counted} on record{most}"


def _subtitle(frame: pd.DataFrame, part: str, what: str) -> str:
    whole = _is_empty(frame) or len(frame) <= SHOWN[part]
    return what if whole else f"{what}, {SHOWN[part]} of {len(frame)}"


def _rows(frame: pd.DataFrame, part: str, key: str = "", speaker: str = "", order: str = "") -> pd.DataFrame:
    """Take the weightiest rows, not more than two of one speaker, each with its first sources: the report names all."""
    chosen = frame[frame.groupby(speaker).cumcount() < SAME_SPEAKER] if speaker else frame
    chosen = chosen.head(SHOWN[part]).assign(label=lambda f: f[key] if key else "")
    chosen["source_ids"] = chosen["source_ids"].map(lambda ids: ";".join(list_items(ids)[:CITED]))
    return chosen.sort_values(order, kind="stable") if order else chosen


def _words(row: pd.Series) -> str:
    """Print a statement: speaker, then the quotation in English with its translation status, else the paraphrase."""
    quoted = row["quote"] and row["quote_lang"] == "en"
    said = f"\u201c{row['quote']}\u201d{row['mark']}" if quoted else row["paraphrase"]
    return f"{row['speaker']}: {said}" if row["speaker"] else said


def _said_rows(frame: pd.DataFrame) -> pd.DataFrame:
    chosen = _rows(frame, "said", "statement_id", "speaker", "date")
    return chosen.assign(words=[_words(row) for _, row in chosen.iterrows()])


register(
    "brief-profile",
    partial(_data, of=brief.profile, text="position", nothing="No profile"),
    lambda f: _claim(f, "profile"),
    subtitle=lambda f: _subtitle(f, "profile", "Position and interests, in our summary"),
    rows=partial(_rows, part="profile"),
    row_id="stakeholder_id",
)
register(
    "brief-said",
    partial(_data, of=brief.said, text="paraphrase", nothing="No statement"),
    lambda f: _claim(f, "statement", "stance"),
    subtitle=lambda f: _subtitle(f, "said", "Words and their coded stance, in order of their days"),
    rows=_said_rows,
    row_id="statement_id",
)
register(
    "brief-did",
    partial(_data, of=brief.did, text="summary", nothing="No act"),
    lambda f: _claim(f, "act", "category"),
    subtitle=lambda f: _subtitle(f, "did", "Acts and measures, in order of their days"),
    rows=partial(_rows, part="did", key="event_id", order="date"),
    row_id="event_id",
)
register(
    "brief-weight",
    partial(_data, of=brief.weight, text="what", nothing="No published figure"),
    lambda f: _claim(f, "published figure", lead="On"),
    subtitle=lambda f: _subtitle(f, "weight", "Newest value of each series that shows its weight or names it"),
    rows=partial(_rows, part="weight"),
)
register(
    "brief-heard",
    partial(_data, of=brief.heard, text="what", nothing="No act towards it and no words on it"),
    lambda f: _claim(f, "act or word", lead="Of others towards"),
    subtitle=lambda f: _subtitle(f, "heard", "Acts with it as target, words that name it, in order of their days"),
    rows=partial(_rows, part="heard", key="id", speaker="who", order="date"),
    row_id="id",
)
register(
    "brief-disputed",
    partial(_data, of=brief.disputed, text="position", nothing="No account of its own in a contested question"),
    lambda f: _claim(f, "account of a contested question"),
    subtitle=lambda f: _subtitle(f, "disputed", "Its account; the report sets the others beside it"),
    rows=partial(_rows, part="disputed", key="contested_id"),
    row_id="contested_id",
)
