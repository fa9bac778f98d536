"""Registers that only the record holds: statements, polls, searches that found nothing, audits."""

import pandas as pd

from alliance.polls.numbers import answers
from alliance.translation import marks
from explainer.evidence.evidence import Evidence
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
        accept, reject = (answers(evidence, series) for series in (poll.accept_series, poll.reject_series))
        for period, reading in accept.iterrows():
            if poll.period in ("", period):
                about = (f"{poll.poll_id}-{period}", period, poll.name, poll.asked_of)
                source = reading["source_ids"].partition(";")[0]
                found.append((*about, reading["value"], reject["value"].get(period), source))
    columns = ["id", "date", "who", "asked", "accept", "reject", "source_ids"]
    frame = pd.DataFrame(found, columns=columns).drop_duplicates("id")
    return frame.sort_values(["date", "id"], kind="stable").reset_index(drop=True)


def searches_register(evidence: Evidence) -> pd.DataFrame:
    """Return what was looked for and not found, or found otherwise; columns as in the table ``searches``."""
    return evidence.searches.sort_values("looked_for", kind="stable").reset_index(drop=True)


def audits_register(evidence: Evidence) -> pd.DataFrame:
    """Return the audits held of this report, as they were; columns as in the table ``audits``."""
    return evidence.audits.sort_values(["held_on", "audit_id"], kind="stable").reset_index(drop=True)
