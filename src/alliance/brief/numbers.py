"""One actor's side of the evidence: what it is, said and did, what others said and did to it, what it disputes.

A state speaks through its bodies: the brief of a government counts its ministries, forces, officials and parliament.
Parties, press, firms, experts and the public are actors of their own, with briefs of their own.
"""

from __future__ import annotations

import re

import pandas as pd

from alliance.economy.numbers import with_unit
from alliance.translation import marks
from explainer.evidence.asof import RANK
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import observations, short_name

STATE = frozenset({"government", "official", "military", "legislature"})
DEFAULT = "JP"


def members(evidence: Evidence, focus: str) -> frozenset[str]:
    """Return the actors for whom a brief speaks: a government with the bodies of its state, or the actor alone."""
    short_name(evidence, focus)
    rows = evidence.actors.to_dict("records")
    kinds = {row["actor"]: row["kind"] for row in rows}
    bodies = {a for a, kind in kinds.items() if a.startswith(f"{focus}-") and kind in STATE}
    return frozenset({focus} | (bodies if kinds[focus] == "government" else set()))


def names_it(evidence: Evidence, focus: str) -> re.Pattern[str]:
    """Return a pattern of the words by which texts name an actor."""
    row = evidence.actors.set_index("actor").loc[focus]
    words = list_items(row["named"]) or [row["name"].partition(" (")[0]]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")


def _is_of(column: pd.Series, actors: frozenset[str]) -> pd.Series:
    return column.map(lambda codes: bool(actors & set(list_items(codes))))


def _actor_names(evidence: Evidence, codes: pd.Series) -> pd.Series:
    names = dict(zip(evidence.actors["actor"], evidence.actors["name"], strict=True))
    short = {code: name.removesuffix(" (government)") for code, name in names.items()}
    return codes.map(lambda text: ", ".join(short[c] for c in list_items(text)))


def profile(evidence: Evidence, focus: str = DEFAULT) -> pd.DataFrame:
    """Return the profiles of those for whom the brief speaks, the actor's own first."""
    frame = evidence.stakeholders
    found = frame[frame["actor"].isin(members(evidence, focus))]
    found = found.assign(own=found["actor"] != focus).sort_values("own", kind="stable")
    found = found.rename(columns={"name": "who", "position_summary": "position"})
    columns = ["stakeholder_id", "who", "stance", "position", "interests", "source_ids", "known"]
    return found[columns].reset_index(drop=True)


def said(evidence: Evidence, focus: str = DEFAULT) -> pd.DataFrame:
    """Return what the actor said with the mark of the translation, the weightiest first.

    On the words of November or January before other matters, then by how sure the row is and how many sources it has.
    """
    frame = evidence.statements
    found = frame[frame["actor"].isin(members(evidence, focus))]
    found = found.assign(mark=found["statement_id"].map(marks(evidence)))
    return _by_weight(found, found["reacts_to"] != "other")


def did(evidence: Evidence, focus: str = DEFAULT) -> pd.DataFrame:
    """Return what the actor did towards whom (names), named events first, then by how sure a row is and its sources."""
    frame = evidence.events
    found = frame[_is_of(frame["actor"], members(evidence, focus))].drop(columns="question_id")
    return _by_weight(found.assign(towards=_actor_names(evidence, found["target"])), found["label"] != "")


def heard(evidence: Evidence, focus: str = DEFAULT) -> pd.DataFrame:
    """Return what others did to the actor and said of it, the weightiest first.

    An act (``done``) counts when the actor or a body of it is its target, words when they name the actor.
    """
    own, pattern = members(evidence, focus), names_it(evidence, focus)
    events, words = evidence.events, evidence.statements
    acts = events[_is_of(events["target"], own) & ~_is_of(events["actor"], own) & (events["actor"] != "")]
    named = (words["paraphrase"] + " " + words["quote"]).str.contains(pattern)
    told = words[~words["actor"].isin(own) & named]
    done = acts.assign(id=acts["event_id"], who=_actor_names(evidence, acts["actor"]), what=acts["summary"], done=True)
    talk = told.assign(id=told["statement_id"], who=told["speaker"], what=told["paraphrase"], done=False)
    first = pd.concat([done["label"] != "", talk["reacts_to"] != "other"])
    columns = ["id", "date", "who", "what", "done", "confidence", "source_ids", "known"]
    return _by_weight(pd.concat([done[columns], talk[columns]]), first)


def _by_weight(frame: pd.DataFrame, first: pd.Series) -> pd.DataFrame:
    sure = frame["confidence"].map(lambda label: RANK.index(label if label in RANK else "reported"))
    sources = frame["source_ids"].map(lambda ids: len(list_items(ids)))
    ranked = frame.assign(_first=first, _sure=sure, _sources=sources)
    ordered = ranked.sort_values(["_first", "_sure", "_sources", "date"], ascending=False, kind="stable")
    return ordered.drop(columns=["_first", "_sure", "_sources"]).reset_index(drop=True)


def weight(evidence: Evidence, focus: str = DEFAULT) -> pd.DataFrame:
    """Return the newest value, with its unit, of each series that shows the actor's weight, or that names it."""
    titles = dict(zip(evidence.series["series_id"], evidence.series["title"], strict=True))
    units = dict(zip(evidence.series["series_id"], evidence.series["unit"], strict=True))
    weights = evidence.drawn[evidence.drawn["exhibit"] == "brief-weight"]
    ids = list(weights.loc[weights["label"] == focus, "series_id"])
    if "-" in focus:
        pattern = names_it(evidence, focus)
        ids = [i for i, title in titles.items() if pattern.search(title)]
    rows = []
    for name in ids:
        last = observations(evidence, name, None).iloc[-1]
        rows.append((name, titles[name], with_unit(last["value"], units[name]), last["period"], last["source_id"]))
    return pd.DataFrame(rows, columns=["series_id", "what", "value", "period", "source_ids"])


def disputed(evidence: Evidence, focus: str = DEFAULT) -> pd.DataFrame:
    """Return the actor's accounts in the contested questions, one a question."""
    frame = evidence.contested
    found = frame[_is_of(frame["party"], members(evidence, focus))].drop_duplicates("question_id")
    return found[["contested_id", "question", "position", "confidence", "source_ids", "known"]].reset_index(drop=True)
