"""Who said and did what: China's measures in order, positions of stakeholders, the register of events."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from alliance.translation import marks
from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import codes

#: Words on something else; shown where a stakeholder has none on the four questions.
OTHER = "other"
SIDES = ("JP", "CN", "US", "TW", "KR", "KP", "RU", "PH", "OTHER", "INT")


_STEP_COLUMNS = [
    *("id", "date", "measure", "kind", "what", "tie", "reason", "lasting"),
    *("step_id", "step", "step_date", "turn_tie", "until", "source_ids", "known"),
]


def measure_steps(evidence: Evidence, actor: str = "CN") -> pd.DataFrame:
    """Return one side's measures and what became of each, one row a step, in order of their beginning.

    Columns: id (event that began it), date, measure, kind, what, tie (a code), reason, lasting, step_id,
    step, step_date, turn_tie (as tie, of the step itself), until (end that was set; empty: none), source_ids of the
    step, known (its own first day).
    """
    measures = evidence.measures[evidence.measures["actor"] == actor]
    events = evidence.events.set_index("event_id")
    turns = pd.concat([measures.assign(step="began", words=measures["reason"]), evidence.measure_steps])
    turns = turns[["measure_id", "event_id", "step", "date", "tie", "until", "words"]]
    turns = turns.rename(columns={"event_id": "step_id", "date": "step_date", "tie": "turn_tie"})
    own = measures.rename(columns={"event_id": "id", "name": "measure"})
    own = own[["measure_id", "id", "date", "measure", "kind", "tie", "reason", "lasting"]]
    frame = own[own["id"].isin(events.index)].merge(turns, on="measure_id")
    frame = frame.merge(events[["summary", "detail", "source_ids", "known"]], left_on="step_id", right_index=True)
    for row in frame.itertuples():
        _said(row)
    frame = frame.assign(what=frame["id"].map(events["summary"]), lasting=frame["lasting"] == "yes")
    return frame.sort_values(["date", "id", "step_date"], kind="stable", ignore_index=True)[_STEP_COLUMNS]


def _said(row: Any) -> None:
    """Hold coded words against the event's row: a coding may not outlive the evidence."""
    if row.words not in f"{row.summary} {row.detail}":
        place = ("measures.csv", 0, "reason") if row.step == "began" else ("measure_steps.csv", 0, "words")
        what = f"the event {row.step_id} does not say this"
        raise EvidenceError([Problem(*place, row.words, what, "use words of its summary or detail")])


#: Sources that a joined row keeps of each row it joins: lists put the most direct first.
DIRECT = 2
#: Statements whose sources a stakeholder's row keeps.
RECENT = 4


def join_ids(lists: Iterable[str]) -> str:
    """Join ``;`` lists of ids into one without repetition, keeping the most direct sources of each."""
    return ";".join(dict.fromkeys(item for text in lists for item in list_items(text)[:DIRECT]))


def measures_now(evidence: Evidence, actor: str = "CN") -> pd.DataFrame:
    """Return one row a measure with its latest known step and all sources; columns of `measure_steps`.

    ``known`` is the day on which the measure itself was known.
    """
    return _latest_steps(measure_steps(evidence, actor))


def _latest_steps(steps: pd.DataFrame) -> pd.DataFrame:
    by_measure = steps.groupby("id")
    known, sources = by_measure["known"].first(), by_measure["source_ids"].agg(join_ids)
    last = steps.drop_duplicates("id", keep="last", ignore_index=True)
    return last.assign(known=last["id"].map(known), source_ids=last["id"].map(sources))


def measures_over_time(evidence: Evidence, actor: str = "CN") -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield one side's measures as they stood on each day on which one of them changed; columns of `measures_now`.

    A measure changes when it or a later turn is known, and when a set end comes.
    """
    steps, last = measure_steps(evidence, actor), evidence.as_of.isoformat()
    for day in sorted(day for day in {*steps["known"], *steps["until"]} if "" < day <= last):
        begun = steps.loc[(steps["id"] == steps["step_id"]) & (steps["known"] <= day), "id"]
        yield day, _latest_steps(steps[(steps["known"] <= day) & steps["id"].isin(begun)])


def stated_positions(evidence: Evidence) -> pd.DataFrame:
    """Return all statements that are counted to a stakeholder and coded by question, in order of time.

    Columns of the statements table plus name, kind and side of the stakeholder, and the mark of the translation.
    """
    said = evidence.statements[(evidence.statements["stakeholder_id"] != "") & (evidence.statements["question"] != "")]
    holders = evidence.stakeholders
    side = holders["actor"].map(evidence.actors.set_index("actor")["side"]).fillna("OTHER")
    holders = holders.assign(side=side, holder_kind=holders["kind"])
    frame = said.merge(holders[["stakeholder_id", "name", "short", "holder_kind", "side"]], on="stakeholder_id")
    frame = frame.assign(mark=frame["statement_id"].map(marks(evidence)))
    return frame.sort_values(["date", "statement_id"], kind="stable", ignore_index=True)


STANCE_COLUMNS = [
    *("stakeholder_id", "stakeholder", "short", "kind", "side", "stance", "latest", "others", "statements"),
    *("first", "last", "source_ids"),
]


def _stance_row(own: pd.DataFrame) -> tuple[object, ...]:
    """Return the stance that most of a stakeholder's statements take (on a tie the latest), and the others."""
    counts, last = own["stance"].value_counts(), own.iloc[-1]
    tied = set(counts[counts == counts.max()].index)
    usual = next(stance for stance in reversed(own["stance"].tolist()) if stance in tied)
    others = ";".join(stance for stance in dict.fromkeys(own["stance"]) if stance != usual)
    who = (last["stakeholder_id"], last["name"], last["short"] or last["name"], last["holder_kind"], last["side"])
    days, sources = (own["date"].iloc[0], last["date"]), join_ids(own["source_ids"].iloc[-RECENT:])
    return (*who, usual, last["stance"], others, len(own), *days, sources)


def stance_matrix(evidence: Evidence, questions: tuple[str, ...] = ("remark", "policy")) -> pd.DataFrame:
    """Return each stakeholder's stance on the remark and the policy behind it, one row each.

    Stakeholders stand by stance, then by side. ``others`` lists other stances that some of the statements
    take. Left out are statements whose wording is disputed, and stakeholders without a coded statement on these
    questions, whatever their silence may mean.
    """
    said = stated_positions(evidence)
    said = said[said["question"].isin(questions) & (said["confidence"] != "disputed")]
    rows = [_stance_row(own) for _, own in said.groupby("stakeholder_id", sort=False)]
    frame = pd.DataFrame(rows, columns=STANCE_COLUMNS).sort_values(["first", "stakeholder_id"])
    order = [*codes(evidence, "stance"), *SIDES]
    return frame.sort_values(["stance", "side"], kind="stable", ignore_index=True, key=lambda c: c.map(order.index))


SAID_COLUMNS = [
    *("id", "stakeholder_id", "stakeholder", "side", "question", "stance", "date", "speaker", "quote"),
    *("mark", "paraphrase", "earlier", "source_ids", "known"),
]


Said = dict[str, Any]
"""A row of `stated_positions`."""


def _latest(said: list[Said]) -> Said:
    """Return a stakeholder's last statement on a question, and the stances before it if they differ.

    Of several statements on the last day, one quoted in English comes first, then one that is better
    confirmed.
    """
    day = max(one["date"] for one in said)
    last = min(
        (one for one in said if one["date"] == day),
        key=lambda one: (one["quote_lang"] != "en", one["confidence"] == "reported", one["statement_id"]),
    )
    before = [stance for stance in dict.fromkeys(one["stance"] for one in said) if stance != last["stance"]]
    row = last | {"id": last["statement_id"], "stakeholder": last["name"], "earlier": ";".join(before)}
    row |= {} if last["quote_lang"] == "en" else {"quote": "", "mark": ""}
    return {column: row[column] for column in SAID_COLUMNS}


def _by_question(evidence: Evidence) -> dict[str, dict[str, list[Said]]]:
    """Return the statements of each stakeholder by question."""
    found: dict[str, dict[str, list[Said]]] = defaultdict(lambda: defaultdict(list))
    for one in stated_positions(evidence).to_dict("records"):
        found[one["stakeholder_id"]][one["question"]].append(one)
    return found


def in_matrix(evidence: Evidence) -> pd.DataFrame:
    """Return the stakeholders of the who-said-what table in its order: governments, leaders, parties, business."""
    frame = evidence.stakeholders
    return frame[frame["matrix"].notna()].sort_values("matrix").set_index("stakeholder_id")


def who_said_what(evidence: Evidence) -> pd.DataFrame:
    """Return the last known position of each stakeholder on each question, one row each.

    Where no statement on some questions was found, one more row names these questions (joined with ``;``)
    and is empty otherwise: silence is shown, and does not pass for a position. Quotations stand in
    English only; other languages are given by the paraphrase.
    """
    side, said = evidence.actors.set_index("actor")["side"], _by_question(evidence)
    questions = [question for question in codes(evidence, "question") if question != OTHER]
    rows: list[Said] = []
    for holder, name in in_matrix(evidence).iterrows():
        base = {"stakeholder_id": holder, "stakeholder": name["name"], "side": side.get(name["actor"], "OTHER")}
        answered = [question for question in questions if question in said[holder]]
        others = [OTHER] if OTHER in said[holder] else []
        rows += [_latest(said[holder][question]) for question in answered or others]
        silent = ";".join(question for question in questions if question not in answered)
        rows += [base | {"question": silent, "known": name["known"]}] if silent else []
    return pd.DataFrame(rows, columns=SAID_COLUMNS).fillna("")


def positions_over_time(evidence: Evidence) -> pd.DataFrame:
    """Return every position of each stakeholder on each question, with the days from and to which it was the last.

    Columns of `who_said_what`; ``known`` is the first day and ``stood_until`` the last (empty: that of the evidence).
    Words on other matters stand until something was said on a question.
    """
    said = _by_question(evidence)
    rows: list[Said] = []
    for holder, first in in_matrix(evidence)["known"].items():
        own = {q: [one | {"known": max(one["known"], first)} for one in group] for q, group in said[holder].items()}
        heard = min((one["known"] for question in own.keys() - {OTHER} for one in own[question]), default="")
        for question in codes(evidence, "question"):
            rows += _positions(own.get(question, []), heard if question == OTHER else "")
    return pd.DataFrame(rows, columns=[*SAID_COLUMNS, "stood_until"])


def _positions(group: list[Said], end: str) -> list[Said]:
    """Return the positions that a stakeholder's statements on one question made, until a day if one is given."""
    made: list[Said] = []
    for day in sorted({one["known"] for one in group}):
        row = _latest([one for one in group if one["known"] <= day]) | {"known": day, "stood_until": ""}
        if made and made[-1] | {"known": day} == row:
            continue
        if made:
            made[-1]["stood_until"] = day_before(day)
        made.append(row)
    for row in made if end else []:
        row["stood_until"] = min(filter(None, (row["stood_until"], day_before(end))))
    return [row for row in made if not row["stood_until"] or row["known"] <= row["stood_until"]]


def day_before(day: str) -> str:
    """Return the day before an ISO day."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def events_register(evidence: Evidence) -> pd.DataFrame:
    """Return the full timeline: one row an event, with the names of its actors."""
    names = evidence.actors.set_index("actor")["name"]
    events = evidence.events.sort_values(["date", "event_id"], kind="stable")
    who = events["actor"].map(lambda ids: ", ".join(names.get(i, i) for i in list_items(ids)))
    frame = events.assign(id=events["event_id"], label=events["event_id"], who=who)
    frame = frame.assign(accounts=frame["question_id"].str.partition("-")[2])
    columns = "id label date end_date who actor category summary confidence source_ids known accounts"
    return frame[columns.split()].reset_index(drop=True)
