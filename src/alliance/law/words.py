"""Exhibits on the law: the ladder of situations as a diagram and as a table."""

import pandas as pd

from alliance.law import numbers as law
from explainer.exhibits.kit import register
from explainer.text.wording import capital, in_words


def _claim(frame: pd.DataFrame) -> str:
    named = frame.loc[frame["november"] != "", "name"].str.lower()
    where = (
        f"The November answer named the {named.iloc[0]}"
        if len(named)
        else f"This report lists {len(frame)} situations of Japan's law"
    )
    return where + ("; the January sentence, as reported, named none" if (frame["january"] != "").any() else "")


def _alt(frame: pd.DataFrame) -> str:
    steps = "; ".join(f"{r.question} Yes: {r.name}, {r.force.lower()}" for r in frame.itertuples())
    marks = [f"{day} at {r.name.lower()} ({how})" for r in frame.itertuples()
             for day, how in (("7 November 2025", r.november), ("26 January 2026", r.january)) if how]  # fmt: skip
    placed = f" The prime minister's statements stand beside it: {'; '.join(marks)}." if marks else ""
    return f"Decision diagram of {len(frame)} questions, the gravest first; no leads to the next. {steps}.{placed}"


register("situations-ladder", law.situations, _claim, _alt, row_id="situation_id")


def _table_claim(frame: pd.DataFrame) -> str:
    counts = (in_words(int((frame["force"] == force).sum())) for force in law.FORCE.values())
    none, limited, full = counts
    of = in_words(len(frame))
    return (f"Of the {of} situations in this report's list {full} allows the use of force, "
            f"{limited} allows it within limits, {none} do not")  # fmt: skip


register("situations", law.situations, _table_claim, row_id="situation_id")


def _disputes_claim(frame: pd.DataFrame) -> str:
    disputed = frame[frame["contested"] != ""]
    most = disputed.loc[disputed["contested"].str.count("\n").idxmax(), "name_en"]
    where, of = capital(in_words(len(disputed))), in_words(len(frame))
    listed = f"{where} of the {of} situations in this report's list are contested"
    return f"{listed}, in most questions the {most[0].lower()}{most[1:]}"


register("ladder-disputes", law.ladder_disputes, _disputes_claim, row_id="situation_id")
