"""Exhibits of the second chapter: the words, earlier words, the election, the claims."""

from __future__ import annotations

from functools import partial

import pandas as pd

from explainer.charts.elections import draw_lower_house_seats
from explainer.facts import day, period
from explainer.figures.core import Column, Exhibit, register
from explainer.measures import elections, statement

SOURCES = Column("source_ids", "Sources", kind="sources")
LABEL = Column("label", "How sure", kind="label")
VERDICTS = {
    "supported": "Supported",
    "supported_with_context": "Supported, with context",
    "imprecise": "Imprecise",
    "not_found": "Not found",
    "disputed": "Disputed",
    "refuted": "Refuted",
}

register(
    Exhibit(
        id="two-statements",
        kind="table",
        data=statement.two_statements,
        claim=lambda f: (
            "The November answer named a legal category, the January sentence did not"
            if f["january"].any()
            else "The November answer named a legal category"
        ),
        subtitle="The prime minister's words in the Diet and on television, as printed",
        note="Wordings differ between outlets; the table of wordings lists those that were found.",
        columns=[
            Column("aspect", ""),
            Column("november", "7 November 2025"),
            Column("january", "26 January 2026"),
            SOURCES,
        ],
    )
)

register(
    Exhibit(
        id="wordings",
        kind="table",
        data=statement.wordings,
        claim=lambda f: f"{len(f)} wordings of two sentences were found",
        subtitle="Each as printed, with its language and whose rendering it is",
        columns=[
            Column("date", "Day", kind="date", format=day),
            Column("quote", "Words"),
            Column("whose", "Whose"),
            Column("note", "What to know"),
            LABEL,
            SOURCES,
        ],
        row_id="statement_id",
    )
)


def _leaders_claim(frame: pd.DataFrame) -> str:
    before = frame[(frame["date"] < "2025-11-07") & frame["role"].str.startswith("Prime Minister")]
    top = int(before["step"].max()) if len(before) else 0
    return f"No prime minister before November 2025 went beyond step {top} of five, from 0 to 4"


register(
    Exhibit(
        id="earlier-leaders",
        kind="table",
        data=statement.earlier_leaders,
        claim=_leaders_claim,
        subtitle="What leaders of Japan said of a conflict over Taiwan; step 0 declines to say, step 4 names a case",
        note="The steps are this project's coding; chapter 5 gives the rule. Former leaders speak for themselves.",
        columns=[
            Column("date", "When", kind="date", format=period),
            Column("speaker", "Who"),
            Column("role", "As"),
            Column("what_it_said", "What was said"),
            Column("step", "Step", kind="number", align="right", format="{:.0f}"),
            LABEL,
            SOURCES,
        ],
        row_id="precedent_id",
        calculated=True,
    )
)


def _seats(frame: pd.DataFrame) -> pd.Series:
    return frame.set_index("party")["seats_after"]


def _seats_alt(frame: pd.DataFrame) -> str:
    both = frame[frame["seats_before"].notna()]
    parts = "; ".join(f"{r.party} {r.seats_before:.0f} to {r.seats_after}" for r in both.itertuples())
    return f"Chart of seats by party, two points each, before and after the vote of 8 February 2026: {parts}."


register(
    Exhibit(
        id="lower-house-seats",
        kind="figure",
        data=elections.lower_house_seats,
        draw=draw_lower_house_seats,
        claim=lambda f: f"The LDP won {_seats(f)['LDP']} of 465 seats, more than two thirds",
        subtitle="Seats in the House of Representatives by party, before the campaign and after 8 February 2026",
        note="Before the campaign the Centrist Reform Alliance had 167 seats, or 172 by another count; earlier "
        "seats of independents and the SDP were not found.",
        alt=_seats_alt,
        columns=[
            Column("party", "Party"),
            Column("seats_before", "Before", kind="number", align="right", format="{:.0f}"),
            Column("seats_after", "After", kind="number", align="right"),
        ],
    )
)

for _set, _id, _what in (
    ("seed", "claims", "claims of the article that this report began from"),
    ("circulating", "circulating-claims", "claims that are often repeated"),
):
    register(
        Exhibit(
            id=_id,
            kind="table",
            data=partial(statement.claims, which=_set),
            claim=lambda f, what=_what: (
                f"{(f['verdict'] == 'supported').sum()} of {len(f)} {what} hold without qualification"
            ),
            subtitle="Each claim in our words, what the sources show, and the verdict",
            columns=[
                Column("number", "No.", kind="number", align="right"),
                Column("claim", "Claim"),
                *([Column("claimant", "Who says so")] if _set == "circulating" else []),
                Column("verdict", "Verdict", format=VERDICTS.__getitem__),
                Column("evidence", "What the sources show"),
                SOURCES,
            ],
            row_id="claim_id",
            meta=("verdict",),
        )
    )
