"""What the prime minister said: wordings, the two statements side by side, earlier leaders, claims and verdicts."""

import pandas as pd

from alliance.alliance import numbers as ambiguity
from explainer.evidence.evidence import Evidence, EvidenceError
from explainer.exhibits.lookups import cited
from explainer.project import PROJECT
from explainer.text.wording import capital

VERDICTS = {code: verdict["name"] for code, verdict in PROJECT.told["verdicts"].items()}
SEED_PREFIX = "seed-"


def wordings(evidence: Evidence, lang: str = "ja") -> pd.DataFrame:
    """Return every printed wording of the two sentences in one language (``ja`` or ``en``), by day.

    Columns statement_id, date, quote, whose (whose wording it is and what to know of it), source_ids.
    """
    frame = evidence.statements
    chosen = frame["statement_id"].isin(evidence.wordings["statement_id"])
    frame = frame[chosen & (frame["quote_lang"] == lang)].sort_values(["date", "statement_id"])
    columns = ["statement_id", "date", "quote", "whose", "source_ids"]
    return frame.assign(whose=frame["paraphrase"])[columns].reset_index(drop=True)


def two_statements(evidence: Evidence) -> pd.DataFrame:
    """Return the two statements side by side, aspect by aspect, in the words of the evidence.

    A cell whose row is not known by the day stays empty.
    """
    rows = []
    for point in evidence.comparison.itertuples():
        november, first = _said(evidence, point.november_id, point.november_column)
        january, second = _said(evidence, point.january_id, point.january_column)
        rows.append((point.aspect, november, january, cited(first, second)))
    frame = pd.DataFrame(rows, columns=["aspect", "november", "january", "source_ids"])
    return frame[(frame["november"] != "") | (frame["january"] != "")].reset_index(drop=True)


def _said(evidence: Evidence, identifier: str, column: str) -> tuple[str, str]:
    try:
        row = evidence.row(identifier)
    except EvidenceError:  # not known by the day
        return "", ""
    return f"\u201c{row[column]}\u201d" if column == "quote" else capital(row[column]), row["source_ids"]


def earlier_leaders(evidence: Evidence) -> pd.DataFrame:
    """Return what Japanese leaders said of a conflict over Taiwan, in order of time, with the step of the scale."""
    frame = ambiguity.earlier_words(evidence)
    frame = frame[frame["side"] == "JP"].merge(evidence.precedents[["precedent_id", "occasion"]], on="precedent_id")
    who = frame["speaker"] + ", " + frame["role"] + ". " + frame["occasion"]
    columns = ["precedent_id", "date", "who", "in_office", "role", "what_it_said", "step", "why", "source_ids"]
    return frame.assign(who=who)[columns]


def claims(evidence: Evidence, chosen: str) -> pd.DataFrame:
    """Return the claims of one set (``seed`` or ``circulating``) with their verdicts, in order."""
    frame = evidence.claims
    frame = frame[frame["set"] == chosen]
    frame = frame.assign(
        number=frame["claim_id"].str.removeprefix(SEED_PREFIX).str.lstrip("0"),
        verdict_code=frame["verdict"],
        verdict=frame["verdict"].map(VERDICTS),
    )
    order = ["claim_id"] if chosen == "seed" else ["date", "claim_id"]
    columns = ["claim_id", "number", "claimant", "date", "claim", "verdict", "verdict_code", "evidence", "source_ids"]
    return frame.sort_values(order)[columns].reset_index(drop=True)


def seed_claims(evidence: Evidence) -> pd.DataFrame:
    """Return the claims of the article from which the report began."""
    return claims(evidence, "seed")


def verdict_count(evidence: Evidence, chosen: str, verdict: str) -> int:
    """Return how many claims of a set earned one verdict (its code)."""
    return int((claims(evidence, chosen)["verdict_code"] == verdict).sum())
