"""Who said and did what: China's measures in order, positions of stakeholders, the register of events."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

import pandas as pd

from alliance.method.numbers import STANCE_RULES
from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.evidence.schema import list_items

#: Kinds of measures in the order in which tables and charts show them.
KINDS = ("Diplomacy", "Travel and culture", "Trade", "Military and coast guard")
#: Did China itself tie the step to the prime minister's words?
TIES = {"remark": "Named her words", "other": "Another reason", "none": "None found"}
#: Questions of the who-said-what table, in order, with their names.
QUESTIONS = {
    "remark": "Her words",
    "policy": "A change of policy",
    "measures": "China's measures",
    "alliance": "The alliance",
}
#: Words on something else; shown where a stakeholder has none on the four questions.
OTHER = "other"
SIDES = ("JP", "CN", "US", "TW", "KR", "KP", "RU", "PH", "OTHER", "INT")


@dataclass(frozen=True)
class Step:
    """What became of a measure later: the event that shows it, a verb, and the day on which it ends if
    one is set.

    ``words`` must stand in the event's row; a test holds the coding to the evidence.
    """

    event: str
    verb: str
    words: str
    until: str = ""
    on: str = ""


@dataclass(frozen=True)
class Measure:
    """One Chinese step against Japan, coded from one event.

    ``reason`` repeats words of the event's row (what China, or who acted, gave as the reason), so that no
    fact stands only in code; it is empty where none was found. ``until`` is the end that was set when the
    measure began; ``lasting`` tells that it goes on until somebody ends it, unlike a single act.
    """

    event: str
    name: str
    kind: str
    tie: str
    reason: str = ""
    until: str = ""
    lasting: bool = False
    steps: tuple[Step, ...] = ()


_DIPLOMACY, _TRAVEL, _TRADE, _MILITARY = KINDS

#: The coding. Warnings in words alone are left out (they stand in the register of events), and so is what
#: ended by itself, such as the loan of two pandas.
MEASURES = (
    Measure(
        "2025-11-13-sun-summons-kanasugi",
        "Ambassador summoned",
        _DIPLOMACY,
        "remark",
        "a retraction",
    ),
    Measure(
        "2025-11-20-trilateral-postponed",
        "Ministers' meeting put off",
        _DIPLOMACY,
        "remark",
        "Takaichi's remarks",
    ),
    Measure(
        "2025-11-21-china-un-letter",
        "Letters to the United Nations",
        _DIPLOMACY,
        "remark",
        "Takaichi's remarks",
        steps=(
            Step("2025-12-01-china-second-un-letter", "second letter", "second letter"),
            Step("2026-01-26-fu-cong-security-council", "raised in the Security Council", "Security Council"),
        ),
    ),
    Measure(
        "2025-12-15-iwasaki-sanctions",
        "Sanctions on a retired general",
        _DIPLOMACY,
        "other",
        "advises Taiwan's cabinet",
        lasting=True,
    ),
    Measure(
        "2025-11-14-travel-advisory",
        "Advice against travel",
        _TRAVEL,
        "remark",
        "crimes against Chinese nationals and Taiwan remarks",
        lasting=True,
        steps=(
            Step("2026-01-05-new-year-presser", "renewed by the embassy", "renewed its advice", on="2026-01-03"),
            Step(
                "2026-01-26-cn-travel-notice",
                "repeated for the holiday",
                "again asked citizens not to travel",
            ),
        ),
    ),
    Measure(
        "2025-11-15-airline-refunds",
        "Airlines' free refunds",
        _TRAVEL,
        "none",
        until="2025-12-31",
        lasting=True,
        steps=(
            Step("2025-12-05-refunds-extended", "extended", "28 March 2026", until="2026-03-28"),
            Step("2026-01-26-cn-airlines-refunds", "extended", "24 October", until="2026-10-24"),
        ),
    ),
    Measure(
        "2025-11-16-study-alert",
        "Warning to students",
        _TRAVEL,
        "other",
        "crime and an unfavourable study environment",
        lasting=True,
    ),
    Measure(
        "2025-11-17-films-postponed",
        "Film releases put off",
        _TRAVEL,
        "other",
        "market performance and audience mood",
        lasting=True,
    ),
    Measure(
        "2025-11-24-flights-12-routes",
        "Flights cancelled",
        _TRAVEL,
        "none",
        steps=(Step("2025-12-24-january-flights", "more cut for January", "January cancellations"),),
    ),
    Measure(
        "2025-11-28-hamasaki-concert",
        "Concerts stopped",
        _TRAVEL,
        "other",
        "unavoidable reasons",
    ),
    Measure(
        "2025-11-19-seafood-suspension",
        "Seafood imports suspended",
        _TRADE,
        "other",
        "monitoring of treated Fukushima water",
        lasting=True,
    ),
    Measure(
        "2026-01-06-dual-use-ban",
        "Dual-use exports banned",
        _TRADE,
        "remark",
        "Takaichi's Taiwan remark",
        lasting=True,
        steps=(Step("2026-01-15-mofcom-refuses", "withdrawal refused", "refused"),),
    ),
    Measure(
        "2026-01-07-anti-dumping",
        "Anti-dumping probe",
        _TRADE,
        "other",
        "Complaint by Chinese producers",
        until="2027-01-07",
        lasting=True,
    ),
    Measure("2026-01-08-sake-customs", "Slower customs for food", _TRADE, "none", lasting=True),
    Measure("2026-01-10-rare-earth-contracts", "No new rare earth contracts", _TRADE, "none", lasting=True),
    Measure(
        "2026-02-24-mofcom-control-and-watch-lists",
        "Firms on export lists",
        _TRADE,
        "other",
        "remilitarization and nuclear ambitions",
        lasting=True,
        steps=(Step("2026-06-29-mofcom-second-lists", "40 more entities", "20 more Japanese entities"),),
    ),
    Measure("2025-11-15-yonaguni-drone", "Drone near Yonaguni", _MILITARY, "none"),
    Measure(
        "2025-11-16-senkaku-entry",
        "Coast guard at the Senkaku/Diaoyu",
        _MILITARY,
        "other",
        "a lawful rights patrol",
        steps=(Step("2025-12-02-senkaku-fishing-boat", "stand-off over a boat", "confronted each other"),),
    ),
    Measure("2025-12-04-100-ships", "Over 100 ships at sea", _MILITARY, "none"),
    Measure("2025-12-06-radar-incident", "Radar incident", _MILITARY, "other", "the training area was announced"),
    Measure("2025-12-09-bomber-flight", "Bomber flight with Russia", _MILITARY, "none"),
    Measure(
        "2025-12-29-justice-mission",
        "Drills around Taiwan",
        _MILITARY,
        "other",
        "a warning to separatists and external forces",
        until="2025-12-31",
    ),
)

MEASURE_COLUMNS = [
    "id",
    "date",
    "measure",
    "kind",
    "what",
    "tie",
    "reason",
    "lasting",
    "step_id",
    "step",
    "step_date",
    "until",
    "source_ids",
    "known",
]


def _said(text: str, words: str, event: str) -> str:
    """Return ``words`` if the event's row says them: a coded reason may not outlive the evidence."""
    if words not in text:
        where = Problem("events.csv", 0, "detail", words, f"the event {event} no longer says this", "mend the coding")
        raise EvidenceError([where])
    return words


def _measure_rows(measure: Measure, events: pd.DataFrame) -> list[dict[str, str]]:
    """Return one row for a measure's beginning and one for each later step that was known by the day."""
    event = events.loc[measure.event]
    base = {
        "id": measure.event,
        "measure": measure.name,
        "kind": measure.kind,
        "tie": measure.tie,
        "lasting": measure.lasting,
    }
    text = f"{event['summary']} {event['detail']}"
    rows = [
        base
        | {
            "date": event["date"],
            "what": event["summary"],
            "reason": _said(text, measure.reason, measure.event),
            "step_id": measure.event,
            "step": "began",
            "step_date": event["date"],
            "until": measure.until,
            "source_ids": event["source_ids"],
            "known": event["known"],
        }
    ]
    for step in measure.steps:
        if step.event in events.index:
            later = events.loc[step.event]
            _said(f"{later['summary']} {later['detail']}", step.words, step.event)
            rows.append(
                rows[0]
                | {
                    "step_id": step.event,
                    "step": step.verb,
                    "step_date": step.on or later["date"],
                    "until": step.until,
                    "source_ids": later["source_ids"],
                }
            )
    return rows


def measure_steps(evidence: Evidence) -> pd.DataFrame:
    """Return China's measures and what became of each, one row a step, in order of their beginning.

    Columns: id (event that began it), date, measure, kind, what, tie (key of ``TIES``), reason, step_id,
    step, step_date, until (end that was set; empty: none), source_ids of the step.
    """
    events = evidence.events.set_index("event_id")
    rows = [row for m in MEASURES if m.event in events.index for row in _measure_rows(m, events)]
    frame = pd.DataFrame(rows, columns=MEASURE_COLUMNS)
    frame = frame.sort_values(["date", "id", "step_date"], kind="stable", ignore_index=True)
    frame.attrs["as_of"] = evidence.as_of.isoformat()
    return frame


#: Sources that a joined row keeps of each row it joins: lists put the most direct first.
DIRECT = 2
#: Statements whose sources a stakeholder's row keeps.
RECENT = 4


def join_ids(lists: pd.Series) -> str:
    """Join ``;`` lists of ids into one without repetition, keeping the most direct sources of each."""
    return ";".join(dict.fromkeys(item for text in lists for item in list_items(text)[:DIRECT]))


def measures_now(evidence: Evidence) -> pd.DataFrame:
    """Return one row a measure with its latest known step and all sources; columns of `measure_steps`."""
    steps = measure_steps(evidence)
    if steps.empty:
        return steps
    latest = steps.groupby("id", sort=False).tail(1)
    sources = steps.groupby("id", sort=False)["source_ids"].agg(join_ids)
    return latest.assign(source_ids=latest["id"].map(sources)).reset_index(drop=True)


# --- Positions ---------------------------------------------------------------------------------------


def stated_positions(evidence: Evidence) -> pd.DataFrame:
    """Return all statements that are counted to a stakeholder and coded by question, in order of time.

    Columns of the statements table plus name, kind and side of the stakeholder.
    """
    said = evidence.statements[(evidence.statements["stakeholder_id"] != "") & (evidence.statements["question"] != "")]
    holders = evidence.stakeholders[["stakeholder_id", "name", "kind", "actor"]]
    holders = holders.rename(columns={"actor": "holder_actor", "kind": "holder_kind"})
    frame = said.merge(holders, on="stakeholder_id")
    side = evidence.actors.set_index("actor")["side"]
    frame = frame.assign(side=frame["holder_actor"].map(side).fillna("OTHER"))
    return frame.sort_values(["date", "statement_id"], kind="stable", ignore_index=True)


#: Short names for the figure; other stakeholders keep theirs.
SHORT_NAMES = {
    "jp-pm-takaichi": "Takaichi",
    "jp-government": "Government",
    "jp-ldp": "LDP",
    "jp-ishin": "Ishin",
    "jp-komeito": "Komeito",
    "jp-cdp": "CDP",
    "jp-cra": "Centrists",
    "jp-dpp": "DPP",
    "jp-jcp": "JCP",
    "jp-reiwa": "Reiwa",
    "jp-sdp": "SDP",
    "jp-sanseito": "Sanseito",
    "jp-ishiba": "Ishiba",
    "jp-noda": "Noda",
    "jp-aso": "Aso",
    "jp-hatoyama": "Hatoyama",
    "jp-iwaya": "Iwaya",
    "jp-okada": "Okada",
    "jp-okinawa-governor": "Okinawa governor",
    "jp-sakishima-municipalities": "Sakishima towns",
    "jp-keidanren": "Keidanren",
    "jp-jcci-doyukai": "Business chambers",
    "jp-asahi": "Asahi",
    "jp-yomiuri": "Yomiuri",
    "jp-sankei": "Sankei",
    "jp-mainichi": "Mainichi",
    "jp-hidankyo": "Hidankyo",
    "jp-murayama-association": "Murayama group",
    "jp-protesters": "demonstrators",
    "jp-analysts-firm": "experts (firm)",
    "jp-analysts-critical": "experts",
    "cn-mfa": "foreign ministry",
    "cn-xi": "Xi",
    "cn-wang-yi": "Wang Yi",
    "cn-mnd": "defence ministry",
    "cn-tao": "Taiwan office",
    "cn-mofcom": "commerce ministry",
    "cn-un-mission": "UN mission",
    "cn-state-media": "state media",
    "cn-osaka-consul": "Osaka consul",
    "cn-scholars": "scholars",
    "tw-president": "Lai",
    "tw-mofa": "foreign ministry",
    "tw-mac": "mainland council",
    "tw-kmt": "KMT",
    "tw-analysts": "scholars",
    "us-trump": "Trump",
    "us-state": "State Dept",
    "us-ambassador-glass": "Glass",
    "us-pentagon": "Pentagon",
    "us-congress": "Congress",
    "us-analysts-supportive": "experts",
    "us-analysts-critical": "experts",
    "kr-president": "South Korea",
    "kp-government": "North Korea",
    "ru-mfa": "Russia",
    "ph-government": "Philippines",
    "au-government": "Australia",
    "sg-prime-minister": "Singapore",
    "uk-government": "Britain",
}
STANCE_COLUMNS = [
    "stakeholder_id",
    "stakeholder",
    "short",
    "kind",
    "side",
    "stance",
    "latest",
    "others",
    "statements",
    "first",
    "last",
    "source_ids",
]


def _stance_row(own: pd.DataFrame) -> dict[str, object]:
    """Return the stance that most of a stakeholder's statements take (on a tie the latest), and the others."""
    counts = own["stance"].value_counts()
    tied = set(counts[counts == counts.max()].index)
    usual = next(stance for stance in reversed(own["stance"].tolist()) if stance in tied)
    last = own.iloc[-1]
    return {
        "stakeholder_id": last["stakeholder_id"],
        "stakeholder": last["name"],
        "short": SHORT_NAMES.get(last["stakeholder_id"], last["name"]),
        "kind": last["holder_kind"],
        "side": last["side"],
        "stance": usual,
        "latest": last["stance"],
        "others": ";".join(stance for stance in dict.fromkeys(own["stance"]) if stance != usual),
        "statements": len(own),
        "first": own["date"].iloc[0],
        "last": last["date"],
        "source_ids": join_ids(own["source_ids"].iloc[-RECENT:]),
    }


def stance_matrix(evidence: Evidence, questions: tuple[str, ...] = ("remark", "policy")) -> pd.DataFrame:
    """Return each stakeholder's stance on the remark and the policy behind it, one row each.

    Stakeholders stand by stance, then by side. ``others`` lists other stances that some of the statements
    take. Left out are statements whose wording is disputed, and stakeholders without a coded statement on these
    questions, whatever their silence may mean.
    """
    said = stated_positions(evidence)
    said = said[said["question"].isin(questions) & (said["confidence"] != "disputed")]
    rows = [_stance_row(own) for _, own in said.groupby("stakeholder_id", sort=False)]
    frame = pd.DataFrame(rows, columns=STANCE_COLUMNS)
    order = {key: i for i, key in enumerate((*STANCE_RULES, *SIDES))}
    ranked = frame.assign(by_stance=frame["stance"].map(order), by_side=frame["side"].map(order))
    ranked = ranked.sort_values(["by_stance", "by_side", "first", "stakeholder_id"], ignore_index=True)
    return ranked[STANCE_COLUMNS]


#: Stakeholders of the who-said-what table: governments, leaders and parties, and business as the party hit.
MATRIX = (
    "jp-pm-takaichi",
    "jp-government",
    "jp-ldp",
    "jp-ishin",
    "jp-komeito",
    "jp-cdp",
    "jp-cra",
    "jp-dpp",
    "jp-jcp",
    "jp-reiwa",
    "jp-sdp",
    "jp-sanseito",
    "jp-okinawa-governor",
    "jp-keidanren",
    "cn-mfa",
    "cn-wang-yi",
    "cn-xi",
    "cn-mnd",
    "cn-mofcom",
    "cn-un-mission",
    "us-trump",
    "us-state",
    "us-ambassador-glass",
    "us-pentagon",
    "us-congress",
    "tw-president",
    "tw-mofa",
    "tw-kmt",
    "kr-president",
    "kp-government",
    "ru-mfa",
    "ph-government",
    "au-government",
    "uk-government",
    "sg-prime-minister",
)

SAID_COLUMNS = [
    "id",
    "stakeholder_id",
    "stakeholder",
    "side",
    "question",
    "stance",
    "date",
    "speaker",
    "quote",
    "translation",
    "paraphrase",
    "earlier",
    "source_ids",
    "known",
]


def _latest(group: pd.DataFrame) -> dict[str, str]:
    """Return a stakeholder's last statement on a question, and the stances before it if they differ.

    Of several statements on the last day, one quoted in English comes first, then one that is better
    confirmed.
    """
    day = group[group["date"] == group["date"].max()]
    day = day.assign(foreign=day["quote_lang"] != "en", weak=day["confidence"] == "reported")
    last = day.sort_values(["foreign", "weak", "statement_id"]).iloc[0]
    before = [stance for stance in dict.fromkeys(group["stance"]) if stance != last["stance"]]
    english = last["quote_lang"] == "en"
    return {
        "id": last["statement_id"],
        "stakeholder_id": last["stakeholder_id"],
        "stakeholder": last["name"],
        "side": last["side"],
        "question": last["question"],
        "stance": last["stance"],
        "date": last["date"],
        "speaker": last["speaker"],
        "quote": last["quote"] if english else "",
        "translation": last["translation"] if english else "",
        "paraphrase": last["paraphrase"],
        "earlier": ";".join(before),
        "source_ids": last["source_ids"],
        "known": last["known"],
    }


def _questions_answered(own: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return a stakeholder's statements by question; words on other matters only where it has no others."""
    groups = {question: own[own["question"] == question] for question in QUESTIONS}
    found = {question: group for question, group in groups.items() if len(group)}
    other = own[own["question"] == OTHER]
    return found or ({OTHER: other} if len(other) else {})


def who_said_what(evidence: Evidence, stakeholders: tuple[str, ...] = MATRIX) -> pd.DataFrame:
    """Return the last known position of each stakeholder on each question, one row each.

    Where no statement on some questions was found, one more row names these questions (joined with ``;``)
    and is empty otherwise: silence is shown, and does not pass for a position. Quotations stand in
    English only; other languages are given by the paraphrase.
    """
    said = stated_positions(evidence)
    known = evidence.stakeholders.set_index("stakeholder_id")
    side = evidence.actors.set_index("actor")["side"]
    rows: list[dict[str, str]] = []
    for holder in (h for h in stakeholders if h in known.index):
        name = known.loc[holder]
        base = {"stakeholder_id": holder, "stakeholder": name["name"], "side": side.get(name["actor"], "OTHER")}
        answered = _questions_answered(said[said["stakeholder_id"] == holder])
        rows += [_latest(group) for group in answered.values()]
        silent = ";".join(question for question in QUESTIONS if question not in answered)
        rows += [base | {"question": silent, "known": name["known"]}] if silent else []
    frame = pd.DataFrame(rows, columns=SAID_COLUMNS).fillna("")
    frame.attrs["as_of"] = evidence.as_of.isoformat()
    return frame


def positions_over_time(evidence: Evidence, stakeholders: tuple[str, ...] = MATRIX) -> pd.DataFrame:
    """Return every position of each stakeholder on each question, with the days from and to which it was the last.

    Columns of `who_said_what`; ``known`` is the first day and ``stood_until`` the last (empty: that of the evidence).
    Words on other matters stand until something was said on a question.
    """
    said = stated_positions(evidence)
    holders = evidence.stakeholders.set_index("stakeholder_id")["known"]
    rows: list[dict[str, str]] = []
    for holder in (h for h in stakeholders if h in holders.index):
        own = said[said["stakeholder_id"] == holder]
        own = own.assign(known=[max(day, holders[holder]) for day in own["known"]])
        heard = min(own.loc[own["question"].isin(list(QUESTIONS)), "known"], default="")
        for question in (*QUESTIONS, OTHER):
            rows += _positions(own[own["question"] == question], heard if question == OTHER else "")
    return pd.DataFrame(rows, columns=[*SAID_COLUMNS, "stood_until"])


def _positions(group: pd.DataFrame, end: str) -> list[dict[str, str]]:
    """Return the positions that a stakeholder's statements on one question made, until a day if one is given."""
    made: list[dict[str, str]] = []
    for day in sorted(set(group["known"])):
        row = _latest(group[group["known"] <= day]) | {"known": day, "stood_until": ""}
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


def days_of_measures(evidence: Evidence) -> list[str]:
    """Return the days on which something about a measure changes: it or a later turn is known, or a set end comes."""
    steps = {measure.event for measure in MEASURES} | {step.event for m in MEASURES for step in m.steps}
    days = set(evidence.events.loc[evidence.events["event_id"].isin(steps), "known"])
    ends = {measure.until for measure in MEASURES} | {step.until for m in MEASURES for step in m.steps}
    return sorted(day for day in days | ends if "" < day <= evidence.as_of.isoformat())


def events_as_of(evidence: Evidence, day: str) -> Evidence:
    """Return evidence whose events are those known by an earlier day; all else stays."""
    tables = dict(evidence.tables) | {"events": evidence.events[evidence.events["known"] <= day]}
    return dataclasses.replace(evidence, as_of=dt.date.fromisoformat(day), tables=tables)


#: Events on which the sides' accounts are set side by side elsewhere in the report, by contested question.
ACCOUNTS = {
    "2025-11-07-diet-answer": "change-of-position",
    "2025-11-14-funakoshi-wu": "who-summoned-whom",
    "2025-11-26-wsj-trump-advice": "us-backing",
    "2025-12-02-senkaku-fishing-boat": "fishing-boat",
    "2025-12-06-radar-incident": "radar-incident",
    "2025-12-09-radar-audio": "radar-incident",
    "2026-01-26-tv-asahi-statement": "which-category",
}

# --- Register ----------------------------------------------------------------------------------------


def events_register(evidence: Evidence) -> pd.DataFrame:
    """Return the full timeline: one row an event, with the names of its actors."""
    names = evidence.actors.set_index("actor")["name"]
    events = evidence.events.sort_values(["date", "event_id"], kind="stable")
    who = events["actor"].map(lambda ids: ", ".join(names.get(i, i) for i in list_items(ids)))
    frame = events.assign(id=events["event_id"], label=events["event_id"], who=who)
    frame["accounts"] = frame["id"].map(ACCOUNTS).fillna("")
    columns = [
        "id",
        "label",
        "date",
        "end_date",
        "who",
        "actor",
        "category",
        "summary",
        "confidence",
        "source_ids",
        "known",
        "accounts",
    ]
    return frame[columns].reset_index(drop=True)
