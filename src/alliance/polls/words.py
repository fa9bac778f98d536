"""Exhibits of chapter 3 on opinion: approval of the cabinet and views of the remark."""

import pandas as pd

from alliance.polls.numbers import approval, opinion_remark
from explainer.exhibits.kit import register
from explainer.text.wording import in_words, number, period

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


def _approval_stops(frame: pd.DataFrame) -> str:
    last = frame.sort_values("day").groupby("name", sort=False).last()
    early = last[last["day"] < last["day"].max() - pd.Timedelta(days=EARLY_DAYS)]
    stops = ", ".join(f"{name} ({period(row.period)})" for name, row in early.iterrows())
    return f"The last readings found are of different months; long before the others end {stops}." if stops else ""


def _approval_alt(frame: pd.DataFrame) -> str:
    parts = []
    for name, polls in frame.groupby("name", sort=False):
        first, last = polls.sort_values("day").iloc[0], polls.sort_values("day").iloc[-1]
        parts.append(f"{name} {number(first['approve'], 1)} ({period(first['period'])})")
        if len(polls) > 1:
            parts[-1] += f" to {number(last['approve'], 1)} ({period(last['period'])})"
    return "One small panel a pollster with its readings of cabinet approval in per cent: " + "; ".join(parts) + "."


register("approval", approval, _approval_claim, _approval_alt, note=_approval_stops, calculated=True)


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


def _opinion_alt(frame: pd.DataFrame) -> str:
    rows = "; ".join(
        f"{row.name}, {period(row.period)}: {number(row.accept, 1)} for and {number(row.reject, 1)} against"
        for row in frame.itertuples()
    )
    return f"Diverging bars, rejection to the left and acceptance to the right, in per cent. {rows}."


register("opinion-remark", opinion_remark, _opinion_claim, _opinion_alt, calculated=True)
