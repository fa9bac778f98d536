"""What a sentence owes its reader: a proof, a quotation's own words, a search behind an absence, a recent source.

A sentence states a fact when it holds a name, a number, a day, a quotation or a note, or reports what somebody said or
did; definitions, questions and the report's own readings do not. Such a sentence ends in a note, reads an exhibit that
its paragraph names, or says that the count or the reading is the report's own. It also says whose words it says: a
quotation names its speaker, a judging word its owner, an own count this report.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explainer.check.budgets import limits, word_problems
from explainer.check.exhibits import typed_words
from explainer.check.places import Place, placed
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items
from explainer.problems import Problem
from explainer.text import chapters as words
from explainer.text.cells import tags
from explainer.text.dialect import QUOTATION, named, paragraphs, plain, sentences, unnamed
from explainer.text.wording import NUMBER_WORDS

OWN = re.compile(r"\b(?:[Tt]his (?:report|chapter|edition|project)|[Ww]e|[Oo]ur|[Ii]n our words)\b")
REPORTS = re.compile(
    r"\b(?:said|says|wrote|called|asked|answered|told|reported|announced|warned|declined|refused|rose|fell|won|lost|met|"
    r"voted|banned|put|began|ended|signed|visited|approved|summoned|protested|counted|found|held|gave|took|made|came)\b"
)
NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]+")
ABSENCE = re.compile(
    r"(?<!did )(?<!does )(?<!do )"
    r"\b(?:[Nn]o|[Nn]obody|[Nn]one|[Nn]othing|[Nn]either|[Nn]ever|not found|[Oo]nly|first|most|[Ff]ew)\b"
    r"(?! (?:less than|more than|longer|matter|such|one|doubt|secret|of (?:all|them))\b)"
)
NOT_FOUND = re.compile(
    r"\bnot (?:been )?(?:found|seen|shown)\b|\b(?:[Nn]o|[Nn]obody|[Nn]one|[Nn]othing|[Nn]either|[Nn]ot)\b[^.,;:]*?"
    r"\b(?:(?:was|were|is|are|has been|we) found|(?:on|in) (?:\w+ )?(?:\w+ )?(?:record|figures)|was heard|is known)\b"
)
"""An absence that only a search can show: a guard counts what the tables hold, not what was looked for."""
TRANSLATED = re.compile(r"\([^()]*\b(?:translation|English text)\b[^()]*\)")
MARKED = ("outlet", "official", "own")
ATTRIBUTED = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|call(?:s|ed|ing)?|w(?:ro|ri)tes?|accus(?:ed|es)|describ(?:ed|es)|advised|warn(?:ed|s)|argu(?:ed|es)|"
    r"according to|in the words of|told|asked|see(?:s|n)? as|called it|speaks? of|spoke of|denie[sd]|condemn(?:ed|s))\b"
)
PRONOUN = re.compile(r"\b(?:[Ss]?[Hh]e|[Hh]er|[Hh]is|[Tt]hey|[Ii]t|translat\w+|version)\b")
"""What leads back to a speaker who was named before."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a cell, with the paragraph that it stands in and the claims of its section's guards."""

    place: Place
    text: str
    paragraph: str
    guards: str

    @property
    def factual(self) -> bool:
        """Whether it states a fact that needs a proof."""
        bare = plain(unnamed(self.text)).strip()
        if self.text.startswith("**") and "**" not in self.text[2:].removesuffix("**"):  # a list item's first words
            return False
        if bare.endswith("?") or bare.endswith(":") or len(bare.split()) < 5:
            return False
        told = NAME.search(bare) or re.search(r"\d", bare) or QUOTATION.search(bare) or REPORTS.search(bare)
        return bool(told or named(self.text, "source"))

    @property
    def proved(self) -> bool:
        """Whether it has its proof: a note at its end or behind a later clause of it, an exhibit, or its own voice."""
        return bool(
            named(self.text, "source", "search")
            or named(self.paragraph, "fig", "tab")
            or re.search(r"\]\(term:|\]\(#", self.text)
            or OWN.search(unnamed(self.text))
        )

    def problem(self, what: str, mend: str) -> Problem:
        """Return a fault of this sentence."""
        return self.place.problem(plain(unnamed(self.text)).strip()[:90], what, mend)


def gathered(chapters: Mapping[str, Any]) -> list[Sentence]:
    """Return the newest sentences of all prose but the record's, in reading order."""
    found = []
    for key, nb in ((key, nb) for key, nb in chapters.items() if not words.is_record(key)):
        places = placed(key, nb)
        for section in words.sections(nb):
            claims = " ".join(claim for cell in section for claim, _ in words.guards(cell))
            for place in (places[id(cell)] for cell in section):
                if place.cell.cell_type == "markdown" and not place.until and "aside" not in tags(place.cell):
                    texts = paragraphs(place.cell.source)
                    found += [Sentence(place, one, text, claims) for text in texts for one in sentences(text)]
    return found


def sentence_problems(found: Sequence[Sentence], evidence: Evidence) -> Iterator[Problem]:
    """Check every sentence of the newest prose: its proof, and whose words it says."""
    nouns = "|".join(map(re.escape, limits().get("counted", {}).get("nouns", ()))) or "(?!)"
    count = rf"(?:\d[\d,]*|{'|'.join(NUMBER_WORDS)})"
    counts = re.compile(rf"\b{count}(?: of (?:the )?{count})?(?: \w+){{0,2}} (?:{nouns})\b", re.I)
    labelled = (frame for frame in evidence.whole.values() if "confidence" in frame.columns)
    rows = {row[0]: dict(zip(f.columns, row, strict=True)) for f in labelled for row in f.itertuples(index=False)}
    said = _statements(evidence)
    for one in found:
        if one.factual and not one.proved:
            mend = "end it in a note, name the exhibit it reads, or say whose count it is"
            yield one.problem("a fact without proof", mend)
        yield from _quotations(one, rows)
        yield from _absence(one)
        yield from _age(one, rows, evidence.cuts.published)
        yield from _speaker(one, said)
        yield from (one.problem(*fault) for fault in judging(one.text))
        bare = plain(unnamed(QUOTATION.sub("", one.text)))
        if (counted := counts.search(bare)) and not OWN.search(bare) and not named(one.paragraph, "fig", "tab"):
            mend = 'begin it with "this report counts", or name the exhibit that counts'
            yield one.problem(f"{counted[0]!r} is a count of this report's that does not say so", mend)


def _quotations(one: Sentence, rows: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """Words in quotation marks stand in a row that the paragraph labels or cites; a translation says so."""
    if not (quoted := list(QUOTATION.finditer(unnamed(one.text)))):
        return
    cited = set(named(one.paragraph, "source"))
    near = [rows[i] for i in named(one.paragraph, "row") if i in rows]
    near += [row for row in rows.values() if row.get("quote") and cited & set(list_items(row.get("source_ids", "")))]
    for match in quoted:
        words_said = match[1] or match[2]
        if len(words_said.split()) < 2 or re.match(r"\W", words_said):
            continue
        holds = [row for row in near if same(words_said) in same(row.get("quote", ""))]
        if not holds and len(words_said.split()) > 2:
            what = f"the quotation “{words_said[:60]}” is in no row labelled or cited"
            yield one.problem(what, "label its row, or quote it")
        elif holds and all(row.get("translation") in MARKED for row in holds) and not TRANSLATED.search(one.text):
            yield one.problem("a translation without its mark", "add (NAME's translation), the outlet of the row")


def same(text: str) -> str:
    """Return the words of a text alone, so that two quotations can be compared."""
    return re.sub(r"[^\w]+", " ", text.replace("U.S.", "US")).strip().lower()


def _absence(one: Sentence) -> Iterator[Problem]:
    """An absence or a superlative rests on a guard of its section, on a search, or on an exhibit that is read."""
    bare = plain(unnamed(QUOTATION.sub("", one.text)))
    found = ABSENCE.search(bare)
    if (sought := NOT_FOUND.search(bare)) and not named(one.paragraph, "search"):
        yield one.problem(f"{sought[0][:60]!r} without a search", "cite [?search-id], what was looked for and where")
        return
    backed = named(one.text, "search") or named(one.paragraph, "fig", "tab") or OWN.search(unnamed(one.text))
    if found and one.factual and not backed and not one.guards:
        yield one.problem(f"{found[0]!r} without a guard or a search", "guard it, cite [?search-id], or say less")


def _age(one: Sentence, rows: Mapping[str, Mapping[str, str]], published: Mapping[str, str]) -> Iterator[Problem]:
    """The newest source of a sentence is not older than the row that it labels."""
    days = [day for source in named(one.text, "source") if (day := published.get(source, ""))]
    undated = len(days) < len(named(one.text, "source"))
    for identifier in named(one.text, "row"):
        day = rows.get(identifier, {}).get("date", "")
        if days and not undated and len(day) == 10 and max(days) < day:
            what = f"its newest source is of {max(days)}, the row {identifier} of {day}"
            yield one.problem(what, "cite a source of the day")


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


def judging(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words that judge, with their mend, where nobody is named who says them."""
    bare = plain(unnamed(QUOTATION.sub("", text)))
    for word, mend in limits().get("own_voice", {}).items():
        if re.search(rf"\b{re.escape(word)}\b", bare, re.IGNORECASE) and not ATTRIBUTED.search(bare):
            yield f"{word!r} in the report's own voice", mend


def check_newest(evidence: Evidence, chapters: Mapping[str, Any]) -> tuple[int, list[Problem]]:
    """Return the number of sentences of fact in the newest text, and what these checks find."""
    found = gathered(chapters)
    problems = [*sentence_problems(found, evidence), *word_problems(chapters)]
    for _, place, text in typed_words(evidence, "claim", "subtitle"):  # the report's own words, too
        problems += [Problem(*place, text.strip()[:90], what, mend) for what, mend in judging(text)]
    return sum(one.factual for one in found), problems
