"""One actor's side of the evidence: what it is, said and did, what others said and did to it, what it disputes.

A state speaks through its bodies: the brief of a government counts its ministries, forces, officials and parliament.
Parties, press, firms, experts and the public are actors of their own, with briefs of their own.
"""

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
    kinds = evidence.actors.set_index("actor")["kind"]
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
    short = evidence.actors.set_index("actor")["name"].str.removesuffix(" (government)")
    return codes.map(lambda text: ", ".join(short[list_items(text)]))


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
    weights = pd.DataFrame({"first": first, "sure": sure, "sources": sources, "date": frame["date"]})
    order = weights.reset_index(drop=True).sort_values(list(weights), ascending=False, kind="stable").index
    return frame.iloc[order].reset_index(drop=True)


def weight(evidence: Evidence, focus: str = DEFAULT) -> pd.DataFrame:
    """Return the newest value, with its unit, of each series that shows the actor's weight, or that names it."""
    series, weights = evidence.series.set_index("series_id"), evidence.drawn
    ids = weights.loc[(weights["exhibit"] == "brief-weight") & (weights["label"] == focus), "series_id"]
    if "-" in focus:
        ids = series.index[series["title"].str.contains(names_it(evidence, focus))]
    rows = []
    for name, title, unit in series.loc[ids, ["title", "unit"]].itertuples():
        last = observations(evidence, name, None).iloc[-1]
        rows.append((name, title, with_unit(last["value"], unit), last["period"], last["source_id"]))
    return pd.DataFrame(rows, columns=["series_id", "what", "value", "period", "source_ids"])


def disputed(evidence: Evidence, focus: str = DEFAULT) -> pd.DataFrame:
    """Return the actor's accounts in the contested questions, one a question."""
    frame = evidence.contested
    found = frame[_is_of(frame["party"], members(evidence, focus))].drop_duplicates("question_id")
    return found[["contested_id", "question", "position", "confidence", "source_ids", "known"]].reset_index(drop=True)
