"""Exhibits on the words: the two statements, their wordings, earlier leaders, and claims with verdicts."""

from functools import partial

import pandas as pd

from alliance.palette import ANSWER, REMARK
from alliance.statement import numbers as statement
from explainer.exhibits.kit import register

register(
    "two-statements",
    statement.two_statements,
    "In November she named a legal category; in January she named the alliance",
)


JANUARY = str(REMARK.date())


def _count(frame: pd.DataFrame, what: str) -> str:
    days = frame["date"].nunique()
    sentences = "Two sentences" if days == 2 else "One sentence"
    return f"{sentences}, {len(frame)} {what}{'' if len(frame) == 1 else 's'}"


def _wordings_claim(frame: pd.DataFrame) -> str:
    """Say what the texts of January share, where they share it."""
    quotes = frame.loc[frame["date"] == JANUARY, "quote"]
    if len(quotes) < 2 or not quotes.is_unique or not quotes.str.contains("つぶれ|潰れ").all():
        return _count(frame, "Japanese wording")
    return f"{len(quotes)} Japanese wordings of the January sentence differ in style; in all the alliance collapses"


def _translations_claim(frame: pd.DataFrame) -> str:
    """Say which verb forms the translations of January give the alliance."""
    quotes = frame.loc[frame["date"] == JANUARY, "quote"]
    used = [verb for verb in ("will", "would", "could") if quotes.str.contains(rf"\b{verb}\b").any()]
    if used != ["will", "would"]:
        return _count(frame, "English translation")
    return "The English texts of the January sentence say “will” or “would”"


register("wordings", statement.wordings, _wordings_claim, row_id="statement_id")

register("translations", partial(statement.wordings, lang="en"), _translations_claim, row_id="statement_id")


def _leaders_claim(frame: pd.DataFrame) -> str:
    before = frame[frame["date"] < str(ANSWER.date())]
    top = before[before["step"] == 4]
    if top["role"].str.startswith("Prime Minister").any():
        return "Earlier prime ministers were as explicit in office"
    return (f"{len(top)} of {len(before)} Japanese statements listed before November 2025 were as explicit, none by a "
            "prime minister in office")  # fmt: skip


register("earlier-leaders", statement.earlier_leaders, _leaders_claim, row_id="precedent_id", calculated=True)


def _verdicts(frame: pd.DataFrame) -> str:
    counts = frame["verdict"].value_counts()
    return "; ".join(f"{counts[v]} {v.lower()}" for v in statement.VERDICTS.values() if v in counts)


def _hold(frame: pd.DataFrame, verdict: str) -> int:
    return int((frame["verdict_code"] == verdict).sum())


register(
    "claims",
    statement.seed_claims,
    lambda f: (
        f"Of {len(f)} claims {_hold(f, 'supported')} hold as written, {_hold(f, 'supported_with_context')} with context"
    ),
    row_id="claim_id",
    meta=("verdict_code",),
    subtitle=lambda f: f"Claims of the article from which this report began, in its order: {_verdicts(f)}",
)

register(
    "circulating-claims",
    partial(statement.claims, chosen="circulating"),
    lambda f: f"Of {len(f)} other claims in circulation, {int((f['verdict_code'] == 'disputed').sum())} are disputed",
    row_id="claim_id",
    meta=("verdict_code",),
    subtitle=lambda f: f"Claims by governments, press and experts, by date: {_verdicts(f)}",
)
