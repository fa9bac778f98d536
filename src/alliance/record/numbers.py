"""Registers that only the record holds: statements, polls, searches that found nothing, audits."""

from __future__ import annotations

import pandas as pd

from alliance.translation import marks
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import codes


def statements_register(evidence: Evidence) -> pd.DataFrame:
    """Return every statement in order of its day, with its words, or else what it said.

    Columns: ``id``, ``label``, ``date``, ``who``, ``said``, ``reacts_to``, ``stance``, ``source_ids``, ``known``.
    """
    frame = evidence.statements.sort_values(["date", "statement_id"], kind="stable")
    said = frame["paraphrase"]
    quoted = ("“" + frame["quote"] + "”" + frame["statement_id"].map(marks(evidence))).where(frame["quote"] != "", said)
    frame = frame.assign(
        id=frame["statement_id"],
        label=frame["statement_id"],
        who=[f"{name}, {role}" if role else name for name, role in zip(frame["speaker"], frame["role"], strict=True)],
        said=quoted,
        reacts_to=frame["reacts_to"].map(codes(evidence, "reacts_to")),
    )
    columns = ["id", "label", "date", "who", "said", "reacts_to", "stance", "source_ids", "known"]
    return frame[columns].reset_index(drop=True)


def polls_register(evidence: Evidence) -> pd.DataFrame:
    """Return every reading of a Japanese poll: pollster, question, end of fieldwork, answers in per cent.

    ``accept`` is support, appropriate, no problem, not careless, in favour or necessary, summed where an answer has
    degrees. Columns: ``id``, ``date``, ``who``, ``asked``, ``accept``, ``reject``, ``source_ids``.
    """
    found = []
    for poll in evidence.polls.itertuples():
        accept, reject = (_shares(evidence, series) for series in (poll.accept_series, poll.reject_series))
        for period, reading in accept.iterrows():
            if poll.period in ("", period):
                row = (f"{poll.poll_id}-{period}", period, poll.name, poll.asked_of)
                found.append((*row, reading["value"], reject["value"].get(period), reading["source_id"]))
    columns = ["id", "date", "who", "asked", "accept", "reject", "source_ids"]
    frame = pd.DataFrame(found, columns=columns).drop_duplicates("id")
    return frame.sort_values(["date", "id"], kind="stable").reset_index(drop=True)


def _shares(evidence: Evidence, series: str) -> pd.DataFrame:
    """Return one side of an answer by period, value and source: the sum of its degrees where all are known."""
    degrees, own = list_items(series), evidence.observations
    own = own[own["series_id"].isin(degrees)].drop_duplicates(["series_id", "period"])
    frame = own.groupby("period").agg(value=("value", "sum"), source_id=("source_id", "first"), parts=("value", "size"))
    return frame[frame["parts"] == len(degrees)].round({"value": 1})


def searches_register(evidence: Evidence) -> pd.DataFrame:
    """Return what was looked for and not found, or found otherwise; columns as in the table ``searches``."""
    return evidence.searches.sort_values("looked_for", kind="stable").reset_index(drop=True)


def audits_register(evidence: Evidence) -> pd.DataFrame:
    """Return the audits held of this report, as they were; columns as in the table ``audits``."""
    return evidence.audits.sort_values(["held_on", "audit_id"], kind="stable").reset_index(drop=True)
