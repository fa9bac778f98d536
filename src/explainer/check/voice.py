"""Whose words a sentence says: a quotation names its speaker, a judging word its owner, an own count this report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from explainer.check.budgets import limits, word_problems
from explainer.check.proof import OWN, Sentence, check_proof, gathered, same
from explainer.check.words import file_of, typed
from explainer.evidence.evidence import Evidence, Problem
from explainer.exhibits.subject import exhibits
from explainer.text.dialect import QUOTATION, named, plain, unnamed
from explainer.text.wording import NUMBER_WORDS

ATTRIBUTED = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|call(?:s|ed|ing)?|w(?:ro|ri)tes?|accus(?:ed|es)|describ(?:ed|es)|advised|warn(?:ed|s)|argu(?:ed|es)|"
    r"according to|in the words of|told|asked|see(?:s|n)? as|called it|speaks? of|spoke of|denie[sd]|condemn(?:ed|s))\b"
)


PRONOUN = re.compile(r"\b(?:[Ss]?[Hh]e|[Hh]er|[Hh]is|[Tt]hey|[Ii]t|translat\w+|version)\b")
"""What leads back to a speaker who was named before."""


def voice_problems(found: Sequence[Sentence], evidence: Evidence) -> Iterator[Problem]:
    """Check every sentence of the newest prose."""
    names = speakers(evidence)
    statements = (
        {row.statement_id: row for row in evidence.whole["statements"].itertuples(index=False)} if names else {}
    )
    counts = _count_pattern()
    for one in found:
        yield from _speaker(one, statements, names)
        yield from (one.problem(*fault) for fault in judging(one.text))
        bare = plain(unnamed(QUOTATION.sub("", one.text)))
        counted = counts.search(bare) if counts else None
        if counted and not OWN.search(bare) and not named(one.paragraph, "fig", "tab"):
            mend = 'begin it with "this report counts", or name the exhibit that counts'
            yield one.problem(f"{counted[0]!r} is a count of this report's that does not say so", mend)


def speakers(evidence: Evidence) -> dict[str, set[str]]:
    """Return for each statement the words by which prose may name its speaker: of the person, the office, the actor."""
    whole = evidence.whole
    of_actor = dict(zip(whole["actors"]["actor"], whole["actors"]["name"], strict=True)) if "actors" in whole else {}
    of_holder: dict[str, str] = {}
    if "stakeholders" in whole:
        frame = whole["stakeholders"]
        of_holder = {i: f"{n} {s}" for i, n, s in zip(frame.stakeholder_id, frame.name, frame.short, strict=True)}
    found = {}
    for row in whole["statements"].itertuples(index=False) if "statements" in whole else ():
        text = f"{row.speaker} {row.role} {of_actor.get(row.actor, '')} {of_holder.get(row.stakeholder_id, '')}"
        found[row.statement_id] = {w.lower()[:6] for w in re.findall(r"[^\W\d_]{4,}", text)} - {"with", "from", "that"}
    return found


def _speaker(one: Sentence, statements: Mapping[str, Any], names: Mapping[str, set[str]]) -> Iterator[Problem]:
    """A quotation from a statement names its speaker in its sentence, or in its cell where the sentence says she."""
    bare = plain(unnamed(one.text))
    anyone = bare[:1] in '“"' or PRONOUN.search(QUOTATION.sub("", bare))
    said = {w.lower()[:6] for w in re.findall(r"[^\W\d_]{4,}", one.place.cell.source if anyone else bare)}
    for match in QUOTATION.finditer(unnamed(one.text)):
        quoted = match[1] or match[2]
        if len(quoted.split()) < 3:
            continue
        holds = [key for key, row in statements.items() if same(quoted) in same(row.quote)]
        labelled = [key for key in holds if key in named(one.paragraph, "row")] or holds
        if labelled and not any(names[key] & said for key in labelled):
            who = statements[labelled[0]].speaker
            yield one.problem(f"“{quoted[:50]}” is said by {who}, who is not named with it", f"name {who}")


def exhibit_voice_problems() -> Iterator[Problem]:
    """Name the words that judge in titles and subtitles of exhibits, which are the report's own."""
    for exhibit in exhibits().values():
        for field in ("claim", "subtitle"):
            for text in typed(getattr(exhibit, field)):
                for what, mend in judging(text):
                    yield Problem(file_of(exhibit), 0, f"exhibit {exhibit.id}, {field}", text.strip()[:90], what, mend)


def judging(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words that judge, with their mend, where nobody is named who says them."""
    bare = plain(unnamed(QUOTATION.sub("", text)))
    for word, mend in limits().get("own_voice", {}).items():
        if re.search(rf"\b{re.escape(word)}\b", bare, re.IGNORECASE) and not ATTRIBUTED.search(bare):
            yield f"{word!r} in the report's own voice", mend


def _count_pattern() -> re.Pattern[str] | None:
    nouns = [re.escape(noun) for noun in limits().get("counted", {}).get("nouns", ())]
    number = rf"(?:\d[\d,]*|{'|'.join(NUMBER_WORDS)})"
    return (
        re.compile(rf"\b{number}(?: of (?:the )?{number})?(?: \w+){{0,2}} (?:{'|'.join(nouns)})\b", re.I)
        if nouns
        else None
    )


def check_newest(evidence: Evidence, chapters: Mapping[str, Any]) -> tuple[int, list[Problem]]:
    """Return the number of sentences of fact in the newest text, and what these checks find."""
    factual, problems = check_proof(evidence, chapters)
    problems += word_problems(chapters)
    problems += voice_problems(gathered(evidence, chapters)[0], evidence)
    problems += exhibit_voice_problems()
    return len(factual), problems
