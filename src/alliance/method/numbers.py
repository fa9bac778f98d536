"""How the evidence is made up: counts, coding rules, and each contested question with its accounts."""

import math

import pandas as pd

from explainer.evidence.confidence import LABEL_RULES
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import codes

RANK = {"ESTABLISHED": 0, "UNKNOWN": 2}
"""Accounts that are nobody's own: the first and the last."""
WHOLE = ("The whole page", "The passage that is cited")
Z_95 = 1.96


def evidence_counts(evidence: Evidence) -> pd.DataFrame:
    """Count the rows of every table in the cut (``row`` is what one of them is) and the sources that they cite."""
    found = []
    for name, table in ((n, t) for n, t in evidence.schema.tables.items() if not t.coding):
        frame = evidence.table(name)
        column = next((c for c in ("source_ids", "source_id") if c in frame.columns and name != "sources"), None)
        cited = {i for text in frame[column] for i in text.split(";") if i} if column else set()
        found.append({"table": name, "row": table.row, "rows": len(frame), "sources": len(cited)})
    return pd.DataFrame(found).query("rows > 0").reset_index(drop=True)


def coding_rules(evidence: Evidence) -> pd.DataFrame:
    """List the labels that rows carry, the rule for each, and how many rows carry it in the cut."""
    stances = evidence.statements["stance"].value_counts()
    frames = [evidence.table(name) for name, table in evidence.schema.tables.items() if not table.coding]
    labels = pd.concat([f["confidence"] for f in frames if "confidence_why" in f.columns]).value_counts()
    rows = [("Confidence", k, rule, int(labels.get(k, 0))) for k, rule in LABEL_RULES.items()]
    rows += [("Stance", k, rule, int(stances.get(k, 0))) for k, rule in codes(evidence, "stance").items()]
    return pd.DataFrame(rows, columns=["code", "label", "rule", "rows"])


def sources_read(evidence: Evidence) -> pd.DataFrame:
    """Count the sources of the cut, and the official ones among them, by how far each was read."""
    by_state = evidence.sources["type"].eq("primary").groupby(evidence.sources["read"])
    states = codes(evidence, "read")
    counts = by_state.agg(sources="size", official="sum").reindex(list(states)).dropna().astype(int)
    return counts.rename(index=states).reset_index()


def audited(evidence: Evidence, audit_id: str, *verdicts: str) -> int:
    """Return how many items one audit drew, or how many it gave one of the verdicts."""
    row = evidence.audits.set_index("audit_id").loc[audit_id]
    return sum(int(row[name]) for name in verdicts or ("drawn",))


def wilson_pct(found: int, drawn: int) -> tuple[float, float]:
    """Return the ends of the 95 per cent interval of a share, in per cent, after Wilson."""
    share, weight = found / drawn, Z_95**2 / drawn
    half = Z_95 * math.sqrt(share * (1 - share) / drawn + weight / drawn / 4)
    low, high = (100 * (share + weight / 2 + side * half) / (1 + weight) for side in (-1, 1))
    return low, high


def questions(evidence: Evidence) -> dict[str, str]:
    """Return the contested questions that stand by the day, by id."""
    frame = evidence.contested.drop_duplicates("question_id")
    return dict(zip(frame["question_id"], frame["question"], strict=True))


def accounts(evidence: Evidence, question_id: str) -> pd.DataFrame:
    """Return the accounts of one question: common ground first, then the parties, then what is unknown."""
    frame = evidence.contested[evidence.contested["question_id"] == question_id]
    first, names = frame["party"].str.split(";").str[0], evidence.actors.set_index("actor")["name"]
    whose = (first.map(names) + ": " + frame["who"]).where(~frame["party"].isin(list(RANK)), frame["who"])
    frame = frame.assign(whose=whose, label=frame["contested_id"], order=first.map(RANK).fillna(1))
    frame = frame.sort_values("order", kind="stable", ignore_index=True)
    return frame[["contested_id", "question", "whose", "position", "label", "source_ids", "known"]]
