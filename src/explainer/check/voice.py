"""Whose words a sentence says: a quotation names its speaker, a judging word its owner, an own count this report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from explainer.check.budgets import limits, word_problems
from explainer.check.proof import OWN, Sentence, gathered, proof_problems, same
from explainer.check.words import typed_words
from explainer.evidence.evidence import Evidence, Problem
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
    said, counts = _statements(evidence), _count_pattern()
    for one in found:
        yield from _speaker(one, said)
        yield from (one.problem(*fault) for fault in judging(one.text))
        bare = plain(unnamed(QUOTATION.sub("", one.text)))
        counted = counts.search(bare)
        if counted and not OWN.search(bare) and not named(one.paragraph, "fig", "tab"):
            mend = 'begin it with "this report counts", or name the exhibit that counts'
            yield one.problem(f"{counted[0]!r} is a count of this report's that does not say so", mend)


def _statements(evidence: Evidence) -> dict[str, tuple[str, str, set[str]]]:
    """Return of each row of a table that adds statements: speaker, quote, and the words by which prose may name whom.

    These are words of the person, of the office, and of the rows of other tables to which the row leads.
    """
    found = {}
    for table in (t for t in evidence.schema.resources if t.add == "statement"):
        names: dict[str, str] = {}
        for other in {link.reference.resource for link in table.links.values()} - {"sources"}:
            frame = evidence.whole[other]
            texts = frame[[c for c in ("name", "short") if c in frame]].agg(" ".join, axis=1)
            names |= dict(zip(frame.iloc[:, 0], texts, strict=True))
        for row in evidence.whole[table.name].to_dict("records"):
            text = " ".join([row["speaker"], row["role"], *(names.get(row[c], "") for c in table.links)])
            found[row[table.key[0]]] = row["speaker"], same(row["quote"]), _stems(text) - {"with", "from", "that"}
    return found


def _stems(text: str) -> set[str]:
    return {word.lower()[:6] for word in re.findall(r"[^\W\d_]{4,}", text)}


def _speaker(one: Sentence, statements: Mapping[str, tuple[str, str, set[str]]]) -> Iterator[Problem]:
    """A quotation from a statement names its speaker in its sentence, or in its cell where the sentence says she."""
    bare = plain(unnamed(one.text))
    anyone = bare[:1] in '“"' or PRONOUN.search(QUOTATION.sub("", bare))
    told = _stems(one.place.cell.source if anyone else bare)
    for quoted in (match[1] or match[2] for match in QUOTATION.finditer(unnamed(one.text))):
        holds = [key for key, (_, quote, _) in statements.items() if same(quoted) in quote]
        labelled = [key for key in holds if key in named(one.paragraph, "row")] or holds
        if len(quoted.split()) > 2 and labelled and not any(statements[key][2] & told for key in labelled):
            who = statements[labelled[0]][0]
            yield one.problem(f"“{quoted[:50]}” is said by {who}, who is not named with it", f"name {who}")


def exhibit_voice_problems() -> Iterator[Problem]:
    """Name the words that judge in titles and subtitles of exhibits, which are the report's own."""
    for _, place, text in typed_words("claim", "subtitle"):
        yield from (Problem(*place, text.strip()[:90], what, mend) for what, mend in judging(text))


def judging(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words that judge, with their mend, where nobody is named who says them."""
    bare = plain(unnamed(QUOTATION.sub("", text)))
    for word, mend in limits().get("own_voice", {}).items():
        if re.search(rf"\b{re.escape(word)}\b", bare, re.IGNORECASE) and not ATTRIBUTED.search(bare):
            yield f"{word!r} in the report's own voice", mend


def _count_pattern() -> re.Pattern[str]:
    """Return what finds a count of the report's own; nothing where it names no nouns."""
    nouns = "|".join(map(re.escape, limits().get("counted", {}).get("nouns", ()))) or "(?!)"
    number = rf"(?:\d[\d,]*|{'|'.join(NUMBER_WORDS)})"
    return re.compile(rf"\b{number}(?: of (?:the )?{number})?(?: \w+){{0,2}} (?:{nouns})\b", re.I)


def check_newest(evidence: Evidence, chapters: Mapping[str, Any]) -> tuple[int, list[Problem]]:
    """Return the number of sentences of fact in the newest text, and what these checks find."""
    found = gathered(chapters)
    problems = [*proof_problems(found, evidence), *word_problems(chapters)]
    problems += [*voice_problems(found, evidence), *exhibit_voice_problems()]
    return sum(one.factual for one in found), problems
