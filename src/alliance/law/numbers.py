"""The situations of Japanese security law, from fetching nationals to an attack on Japan."""

from __future__ import annotations

import pandas as pd

from explainer.evidence.evidence import Evidence, EvidenceError

FORCE = {"no": "No force", "limited": "Limited force", "yes": "Force"}
"""May the Self-Defense Forces use force? Using weapons to guard or rescue is not force in the sense of the law."""

QUESTIONS = {
    "armed-attack-occurred": "Has an armed attack on Japan occurred?",
    "armed-attack-imminent": "Is a clear danger of one imminent?",
    "anticipated-attack": "Is one foreseeable, as tension rises?",
    "survival-threatening": "Is a close country attacked, so that Japan's own survival is clearly in danger?",
    "important-influence": "Left alone, could events gravely affect Japan's peace and security?",
    "asset-protection": "Are forces that work with Japan's interfered with, short of armed attack and combat?",
    "protect-nationals": "Are nationals abroad in danger, with local order, consent and no combat?",
    "transport-nationals": "Is it another emergency abroad from which nationals need transport?",
}
"""The question that each situation answers: its trigger in a few words, for the diagram."""

NAMES = {
    "armed-attack-occurred": "Armed attack situation (attack has occurred)",
    "armed-attack-imminent": "Armed attack situation (attack is imminent)",
    "anticipated-attack": "Anticipated armed attack situation",
    "survival-threatening": "Survival-threatening situation",
    "important-influence": "Important influence situation",
    "asset-protection": "Protection of partner forces' weapons",
    "protect-nationals": "Protection and rescue of nationals abroad",
    "transport-nationals": "Transport of nationals abroad",
}
"""The names of the situations, short enough for a box."""

MARKS = (
    ("survival-threatening", "november", "named", "2025-11-07-takaichi-diet"),
    ("survival-threatening", "january", "as some read her", "q02-which-category-05"),
    ("protect-nationals", "january", "rescue, in her words", "q02-which-category-05"),
    ("transport-nationals", "january", "rescue, in her words", "q02-which-category-05"),
)
"""Where the two statements stand: situation, statement, how it stands there, and the row that says so."""

COLUMNS = ["situation_id", "rung", "question", "name", "name_en", "name_ja", "force", "trigger", "sdf_may",
           "diet_approval", "legal_basis", "examples", "november", "january", "source_ids"]  # fmt: skip


def situations(evidence: Evidence) -> pd.DataFrame:
    """Return the situations from an attack on Japan downwards, each with its question and the two statements."""
    frame = evidence.situations
    frame = frame.assign(
        rung=frame["rung"].astype(int),
        question=frame["situation_id"].map(QUESTIONS),
        name=frame["situation_id"].map(NAMES),
        force=frame["may_use_force"].map(FORCE),
        sdf_may=frame["sdf_may"].str.replace(";", "; "),
        november=[_marks(evidence, s, "november") for s in frame["situation_id"]],
        january=[_marks(evidence, s, "january") for s in frame["situation_id"]],
    )
    return frame.sort_values("rung", ascending=False)[COLUMNS].reset_index(drop=True)


CONTESTED = {
    "survival-threatening": ("q02-which-category", "q03-evacuation-as-trigger", "q05-close-country",
                             "q11-constitution", "q14-diet-approval"),
    "important-influence": ("q12-prior-consultation", "q14-diet-approval"),
    "protect-nationals": ("q04-sdf-in-taiwan",),
    "transport-nationals": ("q04-sdf-in-taiwan",),
}  # fmt: skip
"""The contested questions that bear on each situation, by their id."""


def ladder_disputes(evidence: Evidence) -> pd.DataFrame:
    """Return each situation with the Government's examples, the two statements, and what is contested about it.

    Returns
    -------
    DataFrame
        Columns situation_id, name_en, examples, statements, contested (questions known by the day), source_ids.
    """
    asked = dict(zip(evidence.contested["question_id"], evidence.contested["question"], strict=True))
    frame = situations(evidence)
    questions = [[asked[q] for q in CONTESTED.get(s, ()) if q in asked] for s in frame["situation_id"]]
    marks = [[f"{day}: {how}" for day, how in (("7 November 2025", n), ("26 January 2026", j)) if how]
             for n, j in zip(frame["november"], frame["january"], strict=True)]  # fmt: skip
    frame = frame.assign(statements=["\n".join(m) for m in marks], contested=["\n".join(q) for q in questions])
    return frame[["situation_id", "name_en", "examples", "statements", "contested", "source_ids"]]


def _marks(evidence: Evidence, situation: str, statement: str) -> str:
    return "; ".join(
        how for s, which, how, row in MARKS if (s, which) == (situation, statement) and _has(evidence, row)
    )


def _has(evidence: Evidence, identifier: str) -> bool:
    try:
        evidence.row(identifier)
    except EvidenceError:
        return False
    return True


def may_use(evidence: Evidence, force: str) -> int:
    """Return in how many situations force is allowed as given (``no``, ``limited``, ``yes``)."""
    return int((evidence.situations["may_use_force"] == force).sum())
