"""Exhibits of chapter 3 on acts and words: measures, stances, the register of events."""

from __future__ import annotations

from functools import partial

import pandas as pd

from alliance.palette import ACTOR_NAMES, CHANGED, KINDS, STANCE
from alliance.reactions import numbers as acts
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.exhibits.columns import SOURCES, amount, date, sure, texts
from explainer.exhibits.kit import Column, register
from explainer.text.wording import capital, day, in_words, short


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
    return _told(acts.measures_now(evidence, actor), evidence.as_of.isoformat())


def _told(frame: pd.DataFrame, as_of: str) -> pd.DataFrame:
    rows = frame.to_dict("records")
    return frame.assign(
        step_words=frame["measure"] + ". " + frame["what"],
        reason_given=[": ".join(filter(None, (acts.TIES[row["tie"]], row["reason"]))) for row in rows],
        status=[status_words(row, as_of) for row in rows],
        label=frame["id"],
    )


def _measures_states(evidence: Evidence, actor: str = "CN") -> pd.DataFrame:
    """Return each measure's row as it stood on earlier days: its last turn, and whether a set end had come."""
    said = pd.concat(_told(frame, day).assign(known=day) for day, frame in acts.measures_over_time(evidence, actor))
    said = said.sort_values(["id", "known"], kind="stable", ignore_index=True)
    words = said[["id", "step_words", "reason_given", "status", "source_ids"]]
    said = said[(words != words.shift()).any(axis=1)]
    following = said.groupby("id")["known"].shift(-1)
    stood = [acts.day_before(day) if isinstance(day, str) else "" for day in following]
    return said.assign(stood_until=stood).reset_index(drop=True)


def _given(frame: pd.DataFrame, whose: str) -> str:
    """Say for how many steps the acting side gave a reason: one rule for both sides."""
    given = int((frame["tie"] != "none").sum())
    return f"A reason was given for {in_words(given)} of {in_words(len(frame))} {whose} steps"


def _remark(frame: pd.DataFrame) -> str:
    return in_words(int((frame["tie"] == "remark").sum()))


def _measures_claim(frame: pd.DataFrame) -> str:
    return f"{_given(frame, 'Chinese')}, for {_remark(frame)} of them her words"


_RULE = "A step is one row with its later turns; words alone are left out. Reasons are those of the acting side."
#: What China protested about and the rule leaves out, by the day from which it is known.
_LEFT_OUT = {
    "2025-12-19": " Left out as words: the personal view of an unnamed security official on nuclear arms;"
    " Tokyo restated its policy.",
    "2026-03-25": " Left out as one man's act: the officer who climbed into China's embassy; Japan voiced regret.",
}


def _japan_note(frame: pd.DataFrame, as_of: str = "9999") -> str:
    return _RULE + "".join(text for known, text in _LEFT_OUT.items() if known <= as_of)


def _measures(identifier: str, actor: str, **words: object) -> None:
    """Register the table of one side's steps: the same rule and columns for both."""
    register(
        identifier,
        data=partial(china_measures, actor=actor),
        states=partial(_measures_states, actor=actor),
        columns=[
            date(format=short),
            *texts(step_words="Step", reason_given="Reason given", status="What became of it"),
            sure(),
            SOURCES,
        ],
        row_id="id",
        meta=("kind",),
        calculated=True,
        **words,
    )


_measures(
    "china-measures",
    "CN",
    claim=_measures_claim,
    subtitle="Steps by China's state, forces or firms towards Japan or over Taiwan after 7 November 2025, by first "
    "report",
    note=_RULE + " Whether military and coast guard activity was an answer to the remark at all is not established.",
)
_measures(
    "japan-measures",
    "JP",
    claim=partial(_given, whose="Japanese"),
    subtitle="Steps by Japan or its governing party towards China or over Taiwan after 7 November 2025, in order",
    note=_japan_note,
)


def brief_measures(evidence: Evidence) -> pd.DataFrame:
    """Return China's lasting measures on travel and trade, with the reason that China gave; columns as for all."""
    frame = china_measures(evidence)
    return frame[frame["kind"].isin(KINDS[1:3]) & frame["lasting"] & (frame["tie"] != "none")].reset_index(drop=True)


register(
    "brief-measures",
    data=brief_measures,
    claim=lambda f: (
        f"China gave the prime minister's words as a reason for {_remark(f)} of {in_words(len(f))} lasting measures on "
        "travel and trade"
    ),
    subtitle="Lasting measures of China's authorities and firms on travel and trade for which a reason was given, by "
    "first report",
    note="Dual-use goods serve civil and military ends; dichlorosilane is a chip-making chemical. Left out: single acts, "
    "and steps without a given reason.",
    columns=[date(format=short), *texts(measure="Measure", reason_given="Reason given", status="Since then")],
    calculated=True,
)


SIDES = {"CN": ("China", "Chinese"), "JP": ("Japan", "Japanese")}


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


_TIMELINE_NOTE = (
    "A mark is a first report or a later turn; a broad band runs to an end that was set (cut at the edition's day). A "
    "line without a band does not mean that the step ended. Filled: the acting side then named her words. Hollow: it "
    "then gave another reason, or none was found."
)
_COUNCIL = " The last mark of the letters is their writer's speech in the Security Council on the words of November."


def _timeline_note(frame: pd.DataFrame) -> str:
    return _TIMELINE_NOTE + (_COUNCIL if (frame["step"] == "raised in the Security Council").any() else "")


def _timeline(identifier: str, actor: str) -> None:
    """Register the timeline of one side's steps: the same rule, drawing and words for both."""
    register(
        identifier,
        data=partial(acts.measure_steps, actor=actor),
        draw=f"draw_timeline_{actor}",
        claim=partial(_timeline_claim, actor=actor),
        subtitle=f"First report of each step by {SIDES[actor][0]} and its later turns, by kind",
        note=_timeline_note,
        alt=partial(_timeline_alt, actor=actor),
        columns=[
            *texts(kind="Kind", measure="Step"),
            date("step_date", "Date", day),
            Column("step", "What happened"),
            date("until", "End set", day),
            SOURCES,
        ],
        calculated=True,
    )


_timeline("measures-timeline", "CN")
_timeline("japan-timeline", "JP")


def _stance_claim(frame: pd.DataFrame) -> str:
    japan = frame[frame["side"] == "JP"]
    count = {stance: in_words(int((japan["stance"] == stance).sum())) for stance in STANCE}
    rest = "".join(
        f", {count[stance]} {stance}" for stance in ("cautious", "neutral") if (japan["stance"] == stance).any()
    )
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


#: Short names that a newcomer cannot read, and what they stand for.
_SHORT_NAMES = {
    "CDP": "Constitutional Democrats",
    "JCP": "Communists",
    "SDP": "Social Democrats",
    "Hidankyo": "survivors of the atomic bombs",
    "Murayama group": "an association that defends the apology of 1995",
    "UN mission": "China's at the United Nations",
    "KMT": "Kuomintang",
    "ruling DPP": "Democratic Progressive Party",
    "AIT": "American Institute in Taiwan",
    "IPAC": "an alliance of legislators on China",
}
_STANCE_NOTE = (
    f"A stakeholder stands where most of its coded statements stand; {CHANGED} marks one with statements that "
    "took another stance too. Supportive, for the prime minister, means setting out her own position. "
    "Conditional is support that leaves her words aside or has reservations. Critical has any tone. "
    "An entry is a person, party, body or paper; one party may stand there more "
    "than once. Most statements answer the words of 7 November 2025. The count says who was quoted in the "
    "sources read, not how many people agree."
)


def _stance_note(frame: pd.DataFrame) -> str:
    shown = set(frame["short"])
    return _STANCE_NOTE + "".join(f" {name}: {full}." for name, full in _SHORT_NAMES.items() if name in shown)


register(
    "stance-matrix",
    data=acts.stance_matrix,
    draw="draw_stance_matrix",
    claim=_stance_claim,
    subtitle="Stance on the prime minister's words and the policy behind them, from coded statements",
    note=_stance_note,
    alt=_stance_alt,
    columns=[
        Column("stakeholder", "Stakeholder"),
        Column("stance", "Stance", format=_stances),
        Column("others", "Also took", format=_stances),
        amount("statements", "Statements"),
        date("last", "Latest", day),
        SOURCES,
    ],
    row_id="stakeholder_id",
    meta=("stance", "side"),
    calculated=True,
)

_SHORT_QUOTE = 8
_QUESTION_NAMES = acts.QUESTIONS | {acts.OTHER: "Other words"}
NOTHING_FOUND = "No public position found"


def said_words(row: pd.Series) -> str:
    """Print one cell of the who-said-what table: the quotation with its translation status, or the paraphrase."""
    if not row["id"]:
        return NOTHING_FOUND
    quote = f"“{row['quote']}”{row['mark']}" if row["quote"] else ""
    if len(row["quote"].split()) < _SHORT_QUOTE:
        quote = " ".join(filter(None, (row["paraphrase"], quote)))
    return quote if row["speaker"] in row["stakeholder"] else f"{row['speaker']}: {quote}"


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    names = frame["question"].map(lambda text: ", ".join(_QUESTION_NAMES[item] for item in list_items(text)))
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


_SAID_NOTE = (
    "The latest statement found on each question; of several on one day, one quoted in English. “Earlier” "
    "names other stances that the same stakeholder took before on that question. “No public position found” "
    "means that none stands in the sources read, not that none exists. Words on other matters are shown only "
    "where nothing else was found. Wordings in other languages are given in paraphrase."
)
_SECOND_REMARK = " Her words are the answer of 7 November 2025 or the sentence of 26 January 2026."


def _said_note(frame: pd.DataFrame, as_of: str = "9999") -> str:
    """Say how the table is made; a note speaks of nothing that lies ahead."""
    return _SAID_NOTE + (_SECOND_REMARK if as_of >= "2026-01-26" else "")


def _said_claim(frame: pd.DataFrame) -> str:
    silent = int(frame.loc[frame["id"] == "", "question"].str.contains("remark").sum())
    entries = f"{in_words(silent)} of {frame['stakeholder_id'].nunique()} governments, leaders and parties"
    return f"For {entries} no statement coded as on her words was found"


register(
    "who-said-what",
    data=lambda evidence: _in_words(acts.who_said_what(evidence)),
    claim=_said_claim,
    subtitle="Latest statements found on her words, on policy, on China's measures and on the alliance",
    note=_said_note,
    columns=[
        *texts(stakeholder="Who", position="On, and stance", words="Words"),
        date("date", "Date", short),
        sure(),
        SOURCES,
    ],
    row_id="id",
    meta=("stakeholder_id", "question", "stance", "taken"),
    states=lambda evidence: _in_words(acts.positions_over_time(evidence)),
)


register(
    "events-register",
    data=acts.events_register,
    claim=lambda f: (
        f"{f['confidence'].isin(['confirmed', 'settled']).sum()} of {len(f)} events rest on a primary source or on two "
        "independent origins"
    ),
    subtitle="All events of the report in order, with who acted and how sure the record is",
    note="Dates are local. Where nobody acted, as in a market reaction, the second column is empty.",
    columns=[date(format=short), *texts(who="Who", summary="What happened", category="Kind"), sure(), SOURCES],
    row_id="id",
    meta=("accounts",),
)
