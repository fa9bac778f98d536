"""Opinion polls: approval of the cabinet and views of the remark, with margins where samples are known."""

from __future__ import annotations

import math
import re

import pandas as pd

from explainer.evidence.asof import period_start
from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.exhibits.lookups import observations

#: Half width of a 95 per cent interval in standard errors.
Z95 = 1.96

#: Pollster key (ending of the series ids) and name, by the first reading of the cabinet.
POLLSTERS = {
    "jnn": "JNN (TBS)",
    "fnn": "Sankei/FNN",
    "nikkei": "Nikkei",
    "yomiuri": "Yomiuri",
    "asahi": "Asahi",
    "ann": "ANN (TV Asahi)",
    "kyodo": "Kyodo",
    "nhk": "NHK",
    "mainichi": "Mainichi",
    "jiji": "Jiji",
}

_NUMBER = r"(\d[\d,]*)"
#: How notes state a sample, most exact first.
_STATED = (
    re.compile(rf"{_NUMBER} landline and {_NUMBER} mobile respondents"),
    re.compile(rf"{_NUMBER} of [\d,]+ answered"),
    re.compile(rf"{_NUMBER} (?:respondents|valid answers|people|adults(?! sampled))"),
)
_RATES = (
    re.compile(rf"response (?P<rate>[\d.]+) percent of (?P<asked>{_NUMBER})"),
    re.compile(rf"(?P<asked>{_NUMBER}) sampled, (?P<rate>[\d.]+) percent answered"),
    re.compile(rf"(?P<rate>[\d.]+) percent of (?P<asked>{_NUMBER}) responded"),
)
#: Notes of values that were computed from a reported change; some notes speak of the disapproval only.
_DERIVED = re.compile(r"^(?:derived|this project's arithmetic)|(?<!dis)approval (?:derived|computed)")
_RATE_ALONE = re.compile(r"response ([\d.]+) percent")
_ASKED_ALONE = re.compile(rf"{_NUMBER} adults sampled")


def _count(text: str) -> int:
    return int(text.replace(",", ""))


def sample_size(note: str, series_note: str = "") -> int | None:
    """Return the number of respondents that a poll's note states, or None.

    A response rate counts when the number asked stands in the same note or, for a series, in the note of
    the series.
    """
    for pattern in _STATED:
        found = pattern.search(note)
        if found:
            return sum(_count(group) for group in found.groups())
    for pattern in _RATES:
        found = pattern.search(note)
        if found:
            return round(float(found["rate"]) / 100 * _count(found["asked"]))
    rate, asked = _RATE_ALONE.search(note), _ASKED_ALONE.search(series_note)
    return round(float(rate[1]) / 100 * _count(asked[1])) if rate and asked else None


def margin_points(share: float, respondents: int | None) -> float | None:
    """Return the 95 per cent margin of error in points, as if the sample were a simple random one."""
    if not respondents:
        return None
    part = share / 100
    return Z95 * math.sqrt(part * (1 - part) / respondents) * 100


APPROVAL_COLUMNS = [
    "pollster",
    "name",
    "period",
    "day",
    "exact_day",
    "approve",
    "derived",
    "respondents",
    "margin_points",
    "source_ids",
]


def _poll_day(period: str) -> pd.Timestamp:
    """Return the last day of fieldwork; the middle of the month where only the month is known."""
    return pd.Timestamp(period if len(period) == 10 else period_start(period)) + pd.Timedelta(
        days=0 if len(period) == 10 else 14
    )


def _poll_notes(evidence: Evidence, key: str, period: str) -> str:
    """Return the notes of a poll on both answers: some outlets give the sample with the disapproval only."""
    both = [observations(evidence, f"jp-{answer}-{key}") for answer in ("approve", "disapprove")]
    return " | ".join(note for frame in both for note in frame.loc[frame["period"] == period, "note"])


def _approval_row(evidence: Evidence, key: str, poll: pd.Series, series_note: str) -> dict:
    """Return one poll of one pollster with its sample and margin, where known."""
    size = sample_size(_poll_notes(evidence, key, poll["period"]), series_note)
    return {
        "pollster": key,
        "name": POLLSTERS[key],
        "period": poll["period"],
        "day": _poll_day(poll["period"]),
        "exact_day": len(poll["period"]) == 10,
        "approve": poll["value"],
        "derived": bool(_DERIVED.search(poll["note"])),
        "respondents": size,
        "margin_points": margin_points(poll["value"], size),
        "source_ids": poll["source_id"],
    }


def approval(evidence: Evidence) -> pd.DataFrame:
    """Return cabinet approval, one row a poll.

    ``derived`` marks values that were computed from a reported change; ``margin_points`` is empty where the
    number of respondents is not known. Pollsters ask in different ways, so only values of one compare.
    """
    notes = evidence.series.set_index("series_id")["note"]
    rows = [
        _approval_row(evidence, key, poll, notes.get(f"jp-approve-{key}", ""))
        for key in POLLSTERS
        for _, poll in observations(evidence, f"jp-approve-{key}").iterrows()
    ]
    frame = pd.DataFrame(rows, columns=APPROVAL_COLUMNS)
    frame = frame.astype({"respondents": "Int64", "margin_points": float, "approve": float})
    frame.attrs["as_of"] = evidence.as_of.isoformat()  # the drawing marks no day that had not come
    return frame


#: Questions on the remark: pollster, when, what was asked in short, and the series that accept and reject.
#: Two series are added where a pollster offered four answers.
REMARK_POLLS = (
    (
        "fnn",
        "2025-11-23",
        "appropriate?",
        ("jp-remark-fnn-appropriate", "jp-remark-fnn-somewhat-appropriate"),
        ("jp-remark-fnn-somewhat-not", "jp-remark-fnn-not"),
    ),
    (
        "mainichi",
        "2025-11-23",
        "a problem?",
        ("jp-remark-mainichi-noproblem",),
        ("jp-remark-mainichi-problem",),
    ),
    (
        "nikkei",
        "2025-11",
        "appropriate?",
        ("jp-remark-nikkei-appropriate",),
        ("jp-remark-nikkei-inappropriate",),
    ),
    ("jnn", "2025-12-07", "a problem?", ("jp-remark-jnn-noproblem",), ("jp-remark-jnn-problem",)),
    (
        "jiji",
        "2025-12-08",
        "appropriate?",
        ("jp-remark-jiji-appropriate",),
        ("jp-remark-jiji-inappropriate",),
    ),
    (
        "kyodo",
        "2025-12-21",
        "careless?",
        ("jp-remark-kyodo-dec-notcareless",),
        ("jp-remark-kyodo-dec-careless",),
    ),
)
#: Questions on using collective self-defence in a Taiwan contingency.
FORCE_POLLS = (
    ("kyodo", "2025-11-16", "for or against?", ("jp-csd-kyodo-for",), ("jp-csd-kyodo-against",)),
    ("ann", "2025-11-16", "force necessary?", ("jp-csd-ann-necessary",), ("jp-csd-ann-not",)),
)
OPINION_COLUMNS = [
    "topic",
    "pollster",
    "name",
    "period",
    "asked",
    "accept",
    "reject",
    "neither",
    "respondents",
    "margin_accept",
    "margin_reject",
    "source_ids",
]


def _answers(evidence: Evidence, series: tuple[str, ...], period: str) -> list[pd.Series]:
    """Return the observations that make up one side of an answer; fewer than asked for when not yet known."""
    found = [observations(evidence, series_id) for series_id in series]
    return [frame[frame["period"] == period].iloc[0] for frame in found if (frame["period"] == period).any()]


def _opinion_row(evidence: Evidence, topic: str, poll: tuple) -> dict | None:
    """Return one poll's two sides with their margins, or None when a part of it was not known by the day."""
    key, period, asked, accept_series, reject_series = poll
    accept, reject = _answers(evidence, accept_series, period), _answers(evidence, reject_series, period)
    if len(accept) < len(accept_series) or len(reject) < len(reject_series):
        return None
    series_note = evidence.series.set_index("series_id")["note"][accept_series[0]]
    size = sample_size(f"{accept[0]['note']} | {series_note} | {_poll_notes(evidence, key, period)}")
    sides = [round(sum(answer["value"] for answer in answers), 1) for answers in (accept, reject)]
    return {
        "topic": topic,
        "pollster": key,
        "name": POLLSTERS[key],
        "period": period,
        "asked": asked,
        "accept": sides[0],
        "reject": sides[1],
        "neither": round(100 - sum(sides), 1),
        "respondents": size,
        "margin_accept": margin_points(sides[0], size),
        "margin_reject": margin_points(sides[1], size),
        "source_ids": ";".join(dict.fromkeys(answer["source_id"] for answer in (*accept, *reject))),
    }


def opinion_remark(evidence: Evidence) -> pd.DataFrame:
    """Return polls on the answer of 7 November 2025 and on using force, one row a question.

    ``accept`` is no problem, appropriate, not careless, in favour or necessary; ``neither`` is the rest,
    rounding included.
    """
    polls = [("remark", poll) for poll in REMARK_POLLS] + [("force", poll) for poll in FORCE_POLLS]
    rows = [row for topic, poll in polls if (row := _opinion_row(evidence, topic, poll))]
    frame = pd.DataFrame(rows, columns=OPINION_COLUMNS)
    frame = frame.astype({"respondents": "Int64", "margin_accept": float, "margin_reject": float})
    frame.attrs["as_of"] = evidence.as_of.isoformat()
    return frame


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
        raise EvidenceError(
            [Problem("observations.csv", 0, "period", f"{pollster} {period}", what, f"use one of: {have}")]
        )
    return found.iloc[0]


def series_words(evidence: Evidence, series_id: str, words: str) -> str:
    """Return `words` if the note of a series says them, such as a margin of error that the pollster states."""
    notes = evidence.series.set_index("series_id")["note"]
    if words not in notes.get(series_id, ""):
        what = "the note of the series does not say this"
        raise EvidenceError([Problem("series.csv", 0, "note", words, what, "quote the note or cite another series")])
    return words
