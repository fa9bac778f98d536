"""Exhibits on the law: the ladder of situations as a diagram and as a table."""

from __future__ import annotations

import pandas as pd

from alliance.law import numbers as law
from explainer.exhibits.columns import SOURCES, texts
from explainer.exhibits.kit import Column, register
from explainer.text.wording import capital, in_words


def _claim(frame: pd.DataFrame) -> str:
    named = frame.loc[frame["november"] != "", "name"].str.lower()
    where = (
        f"The Diet answer named the {named.iloc[0]}"
        if len(named)
        else f"This report lists {len(frame)} situations of Japan's law"
    )
    return where + ("; the words on television, as reported, named none" if (frame["january"] != "").any() else "")


def _alt(frame: pd.DataFrame) -> str:
    steps = "; ".join(f"{r.question} Yes: {r.name}, {r.force.lower()}" for r in frame.itertuples())
    marks = [f"{day} at {r.name.lower()} ({how})" for r in frame.itertuples()
             for day, how in (("7 November 2025", r.november), ("26 January 2026", r.january)) if how]  # fmt: skip
    placed = f" The prime minister's statements stand beside it: {'; '.join(marks)}." if marks else ""
    return f"Decision diagram of {len(frame)} questions, the gravest first; no leads to the next. {steps}.{placed}"


def _note(frame: pd.DataFrame) -> str:
    note = ("Simplified: situations can exist together, and the Government judges each on all information. The "
            "triggers in full, with what each allows, stand in the table of situations. Where no force is allowed, "
            "weapons may in some be used to guard or to rescue; in an important influence situation other forces may "
            "be supplied away from combat. The list is this report's: it counts an attack as two, imminent and begun, "
            "and three powers with the situations that the law names.")  # fmt: skip
    if (frame["january"] != "").any():
        note += (" In the words of 26 January, as reported, she named no situation: the hollow marks show the rescue "
                 "of which she spoke and the category that the Mainichi saw in her words.")  # fmt: skip
    return note


register(
    "situations-ladder", data=law.situations, draw="draw_situations_ladder", claim=_claim,
    subtitle="Questions that decide which situation of Japan's security laws exists, and whether it allows force",
    note=_note, alt=_alt, row_id="situation_id",
    columns=[*texts(question="Question", name="If yes", force="Force", november="7 November 2025",
                    january="26 January 2026"), SOURCES],
)  # fmt: skip


def _table_claim(frame: pd.DataFrame) -> str:
    counts = (in_words(int((frame["force"] == force).sum())) for force in law.FORCE.values())
    none, limited, full = counts
    of = in_words(len(frame))
    return (f"Of the {of} situations in this report's list {full} allows the use of force, "
            f"{limited} allows it within limits, {none} do not")  # fmt: skip


register(
    "situations", data=law.situations, row_id="situation_id", claim=_table_claim,
    subtitle="Situations in Japan's security laws, the gravest first: when each exists and what it allows",
    note="In some of the others weapons may be used to guard or to rescue, which Japan's government does not count as "
         "the use of force. How the Diet takes part is told as far as the texts read show it.",
    columns=[Column("name_en", "Situation"), Column("name_ja", "In Japanese", lang="ja"),
             *texts(trigger="When it exists", force="Force", sdf_may="What the Self-Defense Forces may do",
                    diet_approval="The Diet"), SOURCES],
)  # fmt: skip


def _disputes_claim(frame: pd.DataFrame) -> str:
    disputed = frame[frame["contested"] != ""]
    most = disputed.loc[disputed["contested"].str.count("\n").idxmax(), "name_en"]
    where, of = capital(in_words(len(disputed))), in_words(len(frame))
    listed = f"{where} of the {of} situations in this report's list are contested"
    return f"{listed}, in most questions the {most[0].lower()}{most[1:]}"


register(
    "ladder-disputes", data=law.ladder_disputes, row_id="situation_id", claim=_disputes_claim,
    subtitle="The Government's own examples, where the two statements stand, and what is contested, the gravest first",
    note="Examples are illustrations given over the years; the Government judges each case on all information. Empty: "
         "no statement stands there, or no dispute was found. The accounts of each question stand in this record.",
    columns=[Column("name_en", "Situation"), Column("examples", "Examples given", format=capital),
             Column("statements", "The two statements"), Column("contested", "What is contested"), SOURCES],
)  # fmt: skip
