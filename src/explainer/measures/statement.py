"""The prime minister's words, the law's situations, earlier words, and the claims that were checked."""

from __future__ import annotations

import pandas as pd

from explainer.evidence import Evidence

OCCASIONS = {"2025-11-07": "7 November 2025", "2026-01-26": "26 January 2026"}
ORIGINALS = {"2025-11-07": "2025-11-07-takaichi-ja", "2026-01-26": "2026-01-26-takaichi-alliance-ja"}
"""Japanese wording of each utterance that the report follows."""

ENGLISH = {"2025-11-07": "2025-11-07-takaichi-en", "2026-01-26": "2026-01-26-takaichi-alliance-en-afp"}
"""English rendering printed beside it; the others stand in the table of wordings."""

CASES = {"2025-11-07": "2025-11-07-takaichi-diet", "2026-01-26": "2026-01-26-takaichi-alliance"}
"""Earlier-words row that describes each utterance."""

WORDINGS = ("takaichi-ja", "takaichi-en", "takaichi-alliance")
TRANSLATIONS = {
    "original": "as spoken, in a transcript",
    "official": "official translation",
    "outlet": "a news outlet's or an unknown translation",
}


def _known(evidence: Evidence, identifier: str) -> pd.Series | None:
    for name in ("statements", "precedents"):
        frame = evidence.table(name)
        found = frame[frame.iloc[:, 0] == identifier]
        if len(found):
            return found.iloc[0]
    return None


def two_statements(evidence: Evidence) -> pd.DataFrame:
    """Set the two utterances side by side, as far as each was known by the day.

    Returns
    -------
    DataFrame
        Columns aspect, november, january, source_ids. An utterance that was not known yet is empty.
    """
    aspects = (
        ("Where, and to whom", ORIGINALS, lambda r: r["audience"]),
        ("In Japanese", ORIGINALS, lambda r: r["quote"]),
        ("In English", ENGLISH, lambda r: f"{r['quote']} ({TRANSLATIONS[r['translation']]})"),
        ("The sentence in our words", ORIGINALS, lambda r: r["paraphrase"].split(" Wording as")[0]),
        ("What stood around it", CASES, lambda r: r["what_it_said"]),
    )
    rows = []
    for aspect, identifiers, words in aspects:
        found = {day: _known(evidence, identifier) for day, identifier in identifiers.items()}
        cited = [r["source_ids"] for r in found.values() if r is not None]
        november, january = ("" if found[day] is None else words(found[day]) for day in OCCASIONS)
        if cited:
            rows.append((aspect, november, january, ";".join(dict.fromkeys(";".join(cited).split(";")))))
    return pd.DataFrame(rows, columns=["aspect", "november", "january", "source_ids"])


def wordings(evidence: Evidence) -> pd.DataFrame:
    """List every wording of the two key sentences that was found.

    Returns
    -------
    DataFrame
        Columns statement_id, date (ISO), lang, quote, whose, note, label (row id), source_ids, known.
    """
    frame = evidence.statements
    key = frame["statement_id"].str.contains("|".join(WORDINGS)) & (frame["quote"] != "")
    found = frame[key & frame["date"].isin(OCCASIONS)]
    ready = found.assign(
        lang=found["quote_lang"].map({"ja": "Japanese", "en": "English"}),
        whose=found["translation"].map(TRANSLATIONS),
        note=found["paraphrase"],
        label=found["statement_id"],
    )
    columns = ["statement_id", "date", "lang", "quote", "whose", "note", "label", "source_ids", "known"]
    return ready[columns].reset_index(drop=True)


def earlier_leaders(evidence: Evidence) -> pd.DataFrame:
    """List what Japan's leaders said of a Taiwan conflict, oldest first.

    Returns
    -------
    DataFrame
        Columns precedent_id, date, speaker, role, what_it_said, step (0 to 4), label (row id), source_ids, known.
    """
    frame = evidence.precedents
    japan = frame["actor"].str.startswith("JP") & frame["explicitness"].notna()
    ready = frame[japan].sort_values("date").assign(label=lambda f: f["precedent_id"], step=lambda f: f["explicitness"])
    columns = [
        "precedent_id",
        "date",
        "speaker",
        "role",
        "what_it_said",
        "step",
        "label",
        "source_ids",
        "known",
    ]
    return ready[columns].reset_index(drop=True)


def claims(evidence: Evidence, which: str) -> pd.DataFrame:
    """List the checked claims of one set, ``seed`` or ``circulating``.

    Returns
    -------
    DataFrame
        Columns claim_id, number, claimant, claim, verdict, evidence, source_ids, known.
    """
    frame = evidence.claims
    found = frame[frame["set"] == which].reset_index(drop=True)
    columns = ["claim_id", "number", "claimant", "claim", "verdict", "evidence", "source_ids", "known"]
    return found.assign(number=range(1, len(found) + 1))[columns]


def seed_claims(evidence: Evidence) -> pd.DataFrame:
    """List the claims of the article that the report began from; see `claims`."""
    return claims(evidence, "seed")


def verdict_count(evidence: Evidence, which: str, verdict: str) -> int:
    """Count the claims of one set with one verdict."""
    return int((claims(evidence, which)["verdict"] == verdict).sum())
