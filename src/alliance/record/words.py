"""Words of the registers that only the record holds."""

from __future__ import annotations

from alliance.record import numbers
from explainer.exhibits.columns import SOURCES, amount, date, sure, texts
from explainer.exhibits.kit import Column, register
from explainer.text.wording import period, short

register(
    "statements-register",
    data=numbers.statements_register,
    claim=lambda f: (
        f"{len(f)} statements, {int((f['reacts_to'] == 'the words of January').sum())} of them on the words of January"
        " alone"
    ),
    subtitle="One row is one statement, in its own words or in ours",
    note="Words in quotation marks are the speaker's, or a translation's where a mark says so; it names the outlet "
    "where one alone printed them. “Critical” and the other stances are this report's coding.",
    columns=[date(format=short), *texts(who="Who", said="Said", reacts_to="On", stance="Stance"), sure(), SOURCES],
    row_id="id",
)

register(
    "polls-register",
    data=numbers.polls_register,
    claim=lambda f: f"{len(f)} readings of {f['who'].nunique()} pollsters in Japan",
    subtitle="One row is one reading, in per cent of respondents",
    note="Pollsters ask in different ways; levels do not compare. The day is the end of fieldwork, where known. “For "
    "it” joins support, appropriate, no problem, not careless, in favour and necessary: of those asked whether the "
    "answer was careless or a problem it counts those who said that it was not.",
    columns=[
        date(format=period),
        *texts(who="Pollster", asked="Asked"),
        amount("accept", "For it", 1),
        Column("reject", "Against it", kind="number", align="right", format="{:.1f}"),
        SOURCES,
    ],
    row_id="id",
)

register(
    "searches-register",
    data=numbers.searches_register,
    claim=lambda f: f"{len(f)} searches for what this report does not have",
    subtitle="One row is one search: what was looked for, where, in which words, and what came of it",
    note="Not found means: not in these places, in these words, by that day.",
    columns=[
        *texts(looked_for="Looked for", where="Where", words="In which words"),
        date(format=short, label="When"),
        Column("result", "Result"),
    ],
    row_id="search_id",
    cite=lambda f: [],
)

VERDICTS = ("correct", "nuance", "imprecise", "wrong", "unsupported", "unchecked")

register(
    "audits-register",
    data=numbers.audits_register,
    claim=lambda f: f"{len(f)} draws were checked, with {int(f['wrong'].astype(int).sum())} items found wrong",
    subtitle="One row is one draw of sentences or rows, with the verdicts as they were given",
    columns=[
        date("held_on", "When", format=period),
        Column("unit", "Drawn"),
        amount("drawn", "How many", 0),
        *(amount(name, name.capitalize(), 0) for name in VERDICTS),
    ],
    note="Nuance: correct after a word. Chapter 6 says what became of the faults.",
    row_id="audit_id",
    cite=lambda f: [],
)
