"""The situations of Japanese security law, from fetching nationals to an attack on Japan."""

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items

FORCE = {"no": "No force", "limited": "Limited force", "yes": "Force"}
"""May the Self-Defense Forces use force? Using weapons to guard or rescue is not force in the sense of the law."""

COLUMNS = ["situation_id", "rung", "question", "name", "name_en", "name_ja", "force", "trigger", "sdf_may",
           "diet_approval", "legal_basis", "examples", "november", "january", "source_ids"]  # fmt: skip


def situations(evidence: Evidence) -> pd.DataFrame:
    """Return the situations from an attack on Japan downwards, each with its question and the two statements.

    How a situation stands in a statement is empty as long as the row that says so is not known.
    """
    frame = evidence.situations
    frame = frame.assign(
        rung=frame["rung"].astype(int),
        name=frame["short"],
        force=frame["may_use_force"].map(FORCE),
        sdf_may=frame["sdf_may"].str.replace(";", "; "),
        november=frame["november"].where(frame["november_id"].isin(evidence.precedents["precedent_id"]), ""),
        january=frame["january"].where(frame["january_id"].isin(evidence.contested["contested_id"]), ""),
    )
    return frame.sort_values("rung", ascending=False, ignore_index=True)[COLUMNS]


def ladder_disputes(evidence: Evidence) -> pd.DataFrame:
    """Return each situation with the Government's examples, the two statements, and the questions known about it."""
    asked = dict(zip(evidence.contested["question_id"], evidence.contested["question"], strict=True))
    frame, bearing = situations(evidence), evidence.situations.set_index("situation_id")["question_ids"]
    questions = [[asked[q] for q in list_items(bearing[s]) if q in asked] for s in frame["situation_id"]]
    marks = [[f"{day}: {how}" for day, how in (("7 November 2025", n), ("26 January 2026", j)) if how]
             for n, j in zip(frame["november"], frame["january"], strict=True)]  # fmt: skip
    frame = frame.assign(statements=["\n".join(m) for m in marks], contested=["\n".join(q) for q in questions])
    return frame[["situation_id", "name_en", "examples", "statements", "contested", "source_ids"]]


def may_use(evidence: Evidence, force: str) -> int:
    """Return in how many situations force is allowed as given (``no``, ``limited``, ``yes``)."""
    return int((evidence.situations["may_use_force"] == force).sum())
