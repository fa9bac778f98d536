"""Exhibits of chapter 3 on acts and words: measures, stances, the register of events."""

from functools import partial

import pandas as pd

from alliance.palette import ACTOR_NAMES, KINDS, STANCE
from alliance.reactions import numbers as acts
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.columns import FORMATS
from explainer.exhibits.kit import register
from explainer.exhibits.lookups import codes
from explainer.text.wording import capital, day, in_words, short

SIDES = {"CN": ("China", "Chinese"), "JP": ("Japan", "Japanese")}


def status_words(row: pd.Series, as_of: str) -> str:
    """Say what became of a measure by the day: its last step, its set end, or that no end was found."""
    began = row["step_id"] == row["id"]
    parts = [] if began else [f"{row['step']} {short(row['step_date'])}"]
    if row["until"]:
        verb = "ended" if row["until"] <= as_of else "set to run to"
        parts.append(f"{verb} {short(row['until'])}")
    elif row["lasting"]:
        parts.append("no end found")
    elif began:
        parts.append("a single act")
    return capital("; ".join(parts))


def china_measures(evidence: Evidence, actor: str = "CN") -> pd.DataFrame:
    """Return one side's measures in order, with the reason given and what became of each, in words."""
    return _told(evidence, acts.measures_now(evidence, actor), evidence.as_of.isoformat())


def _told(evidence: Evidence, frame: pd.DataFrame, as_of: str) -> pd.DataFrame:
    rows, ties = frame.to_dict("records"), codes(evidence, "tie")
    return frame.assign(
        step_words=frame["measure"] + ". " + frame["what"],
        reason_given=[": ".join(filter(None, (ties[row["tie"]], row["reason"]))) for row in rows],
        status=[status_words(row, as_of) for row in rows],
        label=frame["id"],
    )


def _measures_states(evidence: Evidence, actor: str = "CN") -> pd.DataFrame:
    """Return each measure's row as it stood on earlier days: its last turn, and whether a set end had come."""
    stood = acts.measures_over_time(evidence, actor)
    said = pd.concat(_told(evidence, frame, day).assign(known=day) for day, frame in stood)
    said = said.sort_values(["id", "known"], kind="stable", ignore_index=True)
    words = said[["id", "step_words", "reason_given", "status", "source_ids"]]
    said = said[(words != words.shift()).any(axis=1)]
    following = said.groupby("id")["known"].shift(-1)
    until = [acts.day_before(day) if isinstance(day, str) else "" for day in following]
    return said.assign(stood_until=until).reset_index(drop=True)


def _given(frame: pd.DataFrame, whose: str) -> str:
    """Say for how many steps the acting side gave a reason: one rule for both sides."""
    given = int((frame["tie"] != "none").sum())
    return f"A reason was given for {in_words(given)} of {in_words(len(frame))} {whose} steps"


def _remark(frame: pd.DataFrame) -> str:
    return in_words(int((frame["tie"] == "remark").sum()))


def _measures_claim(frame: pd.DataFrame) -> str:
    return f"{_given(frame, 'Chinese')}, for {_remark(frame)} of them her words"


for _side, _claim in (("CN", _measures_claim), ("JP", partial(_given, whose="Japanese"))):
    register(
        f"{SIDES[_side][0].lower()}-measures",
        partial(china_measures, actor=_side),
        _claim,
        states=partial(_measures_states, actor=_side),
        row_id="id",
        meta=("kind",),
        calculated=True,
    )


def brief_measures(evidence: Evidence) -> pd.DataFrame:
    """Return China's lasting measures on travel and trade, with the reason that China gave; columns as for all."""
    frame = china_measures(evidence)
    return frame[frame["kind"].isin(KINDS[1:3]) & frame["lasting"] & (frame["tie"] != "none")].reset_index(drop=True)


register(
    "brief-measures",
    brief_measures,
    lambda f: (
        f"China gave the prime minister's words as a reason for {_remark(f)} of {in_words(len(f))} lasting measures on "
        "travel and trade"
    ),
    calculated=True,
)


def _timeline_claim(frame: pd.DataFrame, actor: str) -> str:
    starts = frame.drop_duplicates("id")["date"]
    early = int((starts < "2026").sum())
    steps = f"{in_words(len(starts))} {SIDES[actor][1]} steps"
    if early == len(starts):
        return f"{capital(steps)} after the answer of 7 November, by kind"
    return f"Of {steps} {in_words(early)} began in 2025 and {in_words(len(starts) - early)} in 2026"


def _timeline_alt(frame: pd.DataFrame, actor: str) -> str:
    starts = frame.drop_duplicates("id")
    counts = starts["kind"].value_counts()
    by_kind = ", ".join(f"{in_words(int(counts[kind]))} in {kind.lower()}" for kind in KINDS if kind in counts)
    filled = int((frame["turn_tie"] == "remark").sum())
    return (
        f"Timeline with one line for each of {len(starts)} {SIDES[actor][1]} steps, {by_kind}. The first began "
        f"on {day(starts['date'].min())}; the last turn shown is of {day(frame['step_date'].max())}. {filled} of "
        f"{len(frame)} marks are filled: there the acting side named the prime minister's words."
    )


for _side, _timeline in (("CN", "measures-timeline"), ("JP", "japan-timeline")):
    register(
        _timeline,
        partial(acts.measure_steps, actor=_side),
        partial(_timeline_claim, actor=_side),
        partial(_timeline_alt, actor=_side),
        calculated=True,
    )


def _stance_claim(frame: pd.DataFrame) -> str:
    japan = frame[frame["side"] == "JP"]
    count = {stance: in_words(int((japan["stance"] == stance).sum())) for stance in STANCE}
    rest = "".join(f", {count[one]} {one}" for one in ("cautious", "neutral") if (japan["stance"] == one).any())
    return (
        f"Of {in_words(len(japan))} Japanese entries {count['critical']} are coded critical, "
        f"{count['supportive']} supportive, {count['conditional']} conditional{rest}"
    )


def _stance_alt(frame: pd.DataFrame) -> str:
    names = frame["short"] + " (" + frame["side"].map(ACTOR_NAMES).fillna("Others") + ")"
    listed = names.groupby(frame["stance"]).agg(", ".join)
    rows = [f"{style.label}: {listed[stance]}" for stance, style in STANCE.items() if stance in listed]
    return "Grid of stakeholders by stance and side. " + "; ".join(rows) + "."


def _stances(text: str) -> str:
    return ", ".join(STANCE[stance].label.lower() for stance in list_items(text))


FORMATS["stances"] = _stances


register(
    "stance-matrix",
    acts.stance_matrix,
    _stance_claim,
    _stance_alt,
    row_id="stakeholder_id",
    meta=("stance", "side"),
    calculated=True,
)

_SHORT_QUOTE = 8
NOTHING_FOUND = "No public position found"


def said_words(row: pd.Series) -> str:
    """Print one cell of the who-said-what table: the quotation with its translation status, or the paraphrase."""
    if not row["id"]:
        return NOTHING_FOUND
    quote = f"“{row['quote']}”{row['mark']}" if row["quote"] else ""
    if len(row["quote"].split()) < _SHORT_QUOTE:
        quote = " ".join(filter(None, (row["paraphrase"], quote)))
    return quote if row["speaker"] in row["stakeholder"] else f"{row['speaker']}: {quote}"


def _in_words(evidence: Evidence, frame: pd.DataFrame) -> pd.DataFrame:
    questions = codes(evidence, "question")
    names = frame["question"].map(lambda text: ", ".join(questions[item] for item in list_items(text)))
    taken = [
        _stances(row.stance) + (f" (earlier: {_stances(row.earlier)})" if row.earlier else "")
        for row in frame.itertuples()
    ]
    return frame.assign(
        taken=taken,
        position=[f"{name}: {words}" if words else name for name, words in zip(names, taken, strict=True)],
        words=[said_words(row) for row in frame.to_dict("records")],
        label=frame["id"],
    )


def _said_claim(frame: pd.DataFrame) -> str:
    silent = int(frame.loc[frame["id"] == "", "question"].str.contains("remark").sum())
    entries = f"{in_words(silent)} of {frame['stakeholder_id'].nunique()} governments, leaders and parties"
    return f"For {entries} no statement coded as on her words was found"


register(
    "who-said-what",
    lambda evidence: _in_words(evidence, acts.who_said_what(evidence)),
    _said_claim,
    row_id="id",
    meta=("stakeholder_id", "question", "stance", "taken"),
    states=lambda evidence: _in_words(evidence, acts.positions_over_time(evidence)),
)


register(
    "events-register",
    acts.events_register,
    lambda f: (
        f"{f['confidence'].isin(['confirmed', 'settled']).sum()} of {len(f)} events rest on a primary source or on two "
        "independent origins"
    ),
    row_id="id",
    meta=("accounts",),
)
