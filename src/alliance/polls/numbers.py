"""Opinion polls: approval of the cabinet and views of the remark, with margins where samples are known."""

import math

import pandas as pd

from explainer.evidence.asof import period_start
from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import cited, observations

#: Half width of a 95 per cent interval in standard errors.
Z95 = 1.96


def margin_points(share: float, respondents: float) -> float | None:
    """Return the 95 per cent margin of error in points, as if the sample were a simple random one."""
    if pd.isna(respondents):
        return None
    part = share / 100
    return Z95 * math.sqrt(part * (1 - part) / respondents) * 100


def _poll_day(period: str) -> pd.Timestamp:
    """Return the last day of fieldwork; the middle of the month where only the month is known."""
    exact = len(period) == 10
    return pd.Timestamp(period if exact else period_start(period)) + pd.Timedelta(days=0 if exact else 14)


def approval(evidence: Evidence) -> pd.DataFrame:
    """Return cabinet approval, one row a poll.

    ``derived`` marks values that were computed from a reported change; ``margin_points`` is empty where the
    number of respondents is not known. Pollsters ask in different ways, so only values of one compare.
    """
    polls = evidence.polls[evidence.polls["topic"] == "approval"]
    own = [observations(evidence, p.accept_series).assign(pollster=p.pollster, name=p.name) for p in polls.itertuples()]
    frame = pd.concat(own, ignore_index=True).rename(columns={"value": "approve", "source_id": "source_ids"})
    frame = frame.assign(
        day=frame["period"].map(_poll_day),
        exact_day=frame["period"].str.len() == 10,
        derived=frame["derived"] == "yes",
        margin_points=list(map(margin_points, frame["approve"], frame["respondents"])),
    ).astype({"respondents": "Int64", "margin_points": float})
    columns = ["pollster", "name", "period", "day", "exact_day", "approve", "derived", "respondents", "margin_points"]
    return frame[[*columns, "source_ids"]]


def opinion_remark(evidence: Evidence) -> pd.DataFrame:
    """Return polls on the answer of 7 November 2025 and on using force, one row a question.

    ``accept`` is no problem, appropriate, not careless, in favour or necessary; ``neither`` is the rest,
    rounding included. A poll of which a part was not known by the day is left out.
    """
    rows = []
    for poll in evidence.polls[evidence.polls["topic"] != "approval"].itertuples():
        sides = [answers(evidence, series) for series in (poll.accept_series, poll.reject_series)]
        if not all(poll.period in side.index for side in sides):
            continue
        accept, reject = (side.at[poll.period, "value"] for side in sides)
        margins = [margin_points(share, poll.respondents) for share in (accept, reject)]
        sources = cited(*(side.at[poll.period, "source_ids"] for side in sides))
        about = (poll.topic, poll.pollster, poll.name, poll.period, poll.asked)
        rows.append((*about, accept, reject, round(100 - accept - reject, 1), poll.respondents, *margins, sources))
    columns = ["topic", "pollster", "name", "period", "asked", "accept", "reject", "neither", "respondents"]
    frame = pd.DataFrame(rows, columns=[*columns, "margin_accept", "margin_reject", "source_ids"])
    return frame.astype({"respondents": "Int64", "margin_accept": float, "margin_reject": float})


def answers(evidence: Evidence, series: str) -> pd.DataFrame:
    """Return one side of an answer by period: value (the sum of its degrees) and source_ids, where all are known."""
    found = [observations(evidence, one) for one in list_items(series)]
    frame = (
        pd.concat(found)
        .groupby("period")
        .agg(
            value=("value", lambda values: round(math.fsum(values), 1)),
            source_ids=("source_id", lambda ids: cited(*ids)),
            parts=("value", "size"),
        )
    )
    return frame[frame["parts"] == len(found)]


def lead_margin_points(accept: float, reject: float, respondents: int) -> float:
    """Return the 95 per cent margin of the lead of one answer over another in the same sample, in points."""
    first, second = accept / 100, reject / 100
    return Z95 * math.sqrt((first + second - (first - second) ** 2) / respondents) * 100


def poll(evidence: Evidence, pollster: str, period: str) -> pd.Series:
    """Return one poll on the remark or on force, by pollster and last day of fieldwork."""
    frame = opinion_remark(evidence)
    found = frame[(frame["pollster"] == pollster) & (frame["period"] == period)]
    if len(found) != 1:
        have = ", ".join(frame["pollster"] + " " + frame["period"]) or "none"
        what = f"no such poll by {evidence.as_of}"
        named, mend = f"{pollster} {period}", f"use one of: {have}"
        raise EvidenceError([Problem("observations.csv", 0, "period", named, what, mend)])
    return found.iloc[0]
