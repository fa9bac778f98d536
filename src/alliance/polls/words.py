"""Exhibits of chapter 3 on opinion: approval of the cabinet and views of the remark."""

from __future__ import annotations

import pandas as pd

from alliance.polls.numbers import approval, opinion_remark
from explainer.exhibits.columns import SOURCES, amount, amounts, date, yes_or_no
from explainer.exhibits.kit import Column, register
from explainer.text.wording import in_words, number, period

_MARGIN_NOTE = (
    "Margins of error are 95 per cent intervals as if the sample were a simple random one; they are drawn where the "
    "number of respondents is known. Weighting and non-response make the true uncertainty larger. Mainichi asks a "
    "panel by smartphone, Jiji asks face to face, the others by telephone where the method is known."
)


EARLY_DAYS = 120
"""A pollster whose last reading lies further back than this from the newest of all is named in the note."""


def _approval_claim(frame: pd.DataFrame) -> str:
    series = [polls.sort_values("day")["approve"] for _, polls in frame.groupby("name") if len(polls) > 1]
    if not series:
        return "Approval of the cabinet, one reading a pollster"
    change = [polls.iloc[-1] - polls.iloc[0] for polls in series]
    lower, higher = (sum(sign * value > 0 for value in change) for sign in (-1, 1))
    return (
        f"At {in_words(lower)} of {in_words(len(series))} pollsters approval was lower at the last reading found than"
        f" at the first, at {in_words(higher)} higher"
    )


def _approval_note(frame: pd.DataFrame) -> str:
    last = frame.sort_values("day").groupby("name", sort=False).last()
    early = last[last["day"] < last["day"].max() - pd.Timedelta(days=EARLY_DAYS)]
    stops = ", ".join(f"{name} ({period(row.period)})" for name, row in early.iterrows())
    return (
        "Grey dots are the other pollsters' readings. Hollow points were computed from a reported"
        " change. Readings dated by month stand in its middle. "
        + (f"The last readings found are of different months; long before the others end {stops}. " if stops else "")
        + "JNN is the network of TBS, ANN that of TV Asahi. "
        + _MARGIN_NOTE
        + " Pollsters word and press the question differently, so levels do not compare between panels."
    )


def _approval_alt(frame: pd.DataFrame) -> str:
    parts = []
    for name, polls in frame.groupby("name", sort=False):
        first, last = polls.sort_values("day").iloc[0], polls.sort_values("day").iloc[-1]
        parts.append(f"{name} {number(first['approve'], 1)} ({period(first['period'])})")
        if len(polls) > 1:
            parts[-1] += f" to {number(last['approve'], 1)} ({period(last['period'])})"
    return "One small panel a pollster with its readings of cabinet approval in per cent: " + "; ".join(parts) + "."


register(
    "approval",
    data=approval,
    draw="draw_approval",
    claim=_approval_claim,
    subtitle="Share of respondents who support the Takaichi cabinet, per cent, by pollster; vertical axis from 35",
    note=_approval_note,
    alt=_approval_alt,
    columns=[
        Column("name", "Pollster"),
        date("period", "Fieldwork to", period),
        *amounts(1, approve="Approve, %", margin_points="Margin, points"),
        amount("respondents", "Respondents", 0),
        yes_or_no("derived", "Computed from a change"),
        SOURCES,
    ],
    calculated=True,
)


def _opinion_claim(frame: pd.DataFrame) -> str:
    remark = frame[frame["topic"] == "remark"]
    ahead = int((remark["accept"] > remark["reject"]).sum())
    force = frame[frame["topic"] == "force"]
    split = (force["accept"] > force["reject"]).nunique() == 2
    disagree = f"{in_words(len(force))} polls on collective self-defence disagree" if split else ""
    if remark.empty:
        return disagree.capitalize() or "Polls on collective self-defence"
    which = f"all {in_words(len(remark))}" if ahead == len(remark) else f"{in_words(ahead)} of {in_words(len(remark))}"
    title = f"In {which} polls on the answer more respondents accepted than rejected it"
    return f"{title}; {disagree}" if disagree else title


def _opinion_note(frame: pd.DataFrame, as_of: str = "9999") -> str:
    missing = "No poll on the remark of 26 January 2026 was found. "
    return (
        "“For it” joins appropriate, no problem, not careless, in favour and necessary. The questions differ, and "
        "some answers follow the wording. " + (missing if as_of >= "2026-01-26" else "") + _MARGIN_NOTE
    )


def _opinion_alt(frame: pd.DataFrame) -> str:
    rows = "; ".join(
        f"{row.name}, {period(row.period)}: {number(row.accept, 1)} for and {number(row.reject, 1)} against"
        for row in frame.itertuples()
    )
    return f"Diverging bars, rejection to the left and acceptance to the right, in per cent. {rows}."


register(
    "opinion-remark",
    data=opinion_remark,
    draw="draw_opinion_remark",
    claim=_opinion_claim,
    subtitle="Share of respondents in Japan by poll, per cent; the rest gave neither answer",
    note=_opinion_note,
    alt=_opinion_alt,
    columns=[
        Column(
            "topic", "About", format={"remark": "Answer of 7 November", "force": "Collective self-defence"}.__getitem__
        ),
        Column("name", "Pollster"),
        date("period", "Fieldwork to", period),
        Column("asked", "Asked"),
        *amounts(1, accept="For, %", reject="Against, %", margin_accept="Margin (for), points"),
        amount("respondents", "Respondents", 0),
        SOURCES,
    ],
    calculated=True,
)
