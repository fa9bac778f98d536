"""How sure the sources of a row make it: independent origins in, a label out, and the one wording of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from explainer import N_
from explainer.kinds import list_items
from explainer.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

    from explainer.evidence.schema import Schema

RANK = ("unknown", "reported", "confirmed", "settled")
"""The labels that sources earn, the weakest first."""

LABEL_RULES = {
    N_("settled"): N_("A primary source, and at least one other independent origin"),
    N_("confirmed"): N_("A primary source, or two independent origins"),
    N_("reported"): N_("One origin (reprints of one agency are one), or more where the editors hold the row down"),
    N_("disputed"): N_("The parties' accounts differ; both are given"),
    N_("unknown"): N_("The sources do not say"),
}
"""The rule of every label in words, for method chapter and back matter alike."""

READ = ("passage", "page", None)
"""How far a primary source must have been read to count as one; None where the table does not say."""

HELD = "held"
"""The column, where a table has it, in which the editor says why a row is held below what its sources earn."""

UNKNOWN = "UNKNOWN"
"""Stands in the column `whose` of a row that says what no source says."""


@dataclass(frozen=True)
class SourceFacts:
    """What confidence needs to know of a source."""

    published: str
    type: str
    origin: str
    speaks_for: str  # side, not actor
    read: str | None = None


def earned_confidence(cited: list[SourceFacts], sides: set[str]) -> tuple[str, str]:
    """Rank what the sources of a row prove, and say why.

    A primary source proves the acts and words of the side it speaks for, or, when it speaks for nobody (a
    statistics office, a court, a parliament's record), what it records. A party's own page about somebody
    else is one origin among others, and so is a page that was not read itself. Reprints share an origin and count once.

    Returns
    -------
    label : {"unknown", "reported", "confirmed", "settled"}
    why : str
    """
    if not cited:
        return "unknown", "no source by that day"
    own = [s for s in cited if not s.speaks_for or not sides or s.speaks_for in sides]
    primary = {s.origin for s in own if s.type == "primary" and s.read in READ}
    origins = {s.origin for s in cited}
    count = f"{len(origins)} independent origin{'s' if len(origins) > 1 else ''}"
    if primary and origins - primary:
        return "settled", f"a primary source, and {count} in all"
    if primary:
        return "confirmed", "a primary source"
    if len(origins) >= 2:
        return "confirmed", count
    return "reported", f"one origin ({next(iter(origins))})"


def _held_down(given: str, earned: str) -> bool:
    return given == "reported" and RANK.index(earned) > RANK.index("reported")


class Confidence:
    """The labels of the rows of all tables, as read."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], schema: Schema):
        self._tables, self._schema = tables, schema
        self._sides = dict(tables["actors"][["actor", "side"]].itertuples(index=False)) if "actors" in tables else {}
        self._facts = {row["source_id"]: self._source(row) for row in tables["sources"].to_dict("records")}
        self.shown = cache(self._shown)

    def _source(self, row: Mapping[str, str]) -> SourceFacts:
        side = self._side(row["speaks_for"])
        return SourceFacts(row["published"], row["type"], row["origin"], side, row.get("read"))

    def _side(self, actor: str) -> str:
        return self._sides.get(actor, actor.split("-")[0])

    def _earned(self, source_ids: str, whose: str) -> tuple[str, str]:
        cited = [self._facts[i] for i in list_items(source_ids) if i in self._facts]
        return earned_confidence(cited, {self._side(actor) for actor in list_items(whose)})

    def _shown(self, given: str, source_ids: str, whose: str, held: str) -> tuple[str, str]:
        """Return the label shown for a row and why: what its sources earn, never above what the editor gave it."""
        if whose == UNKNOWN:
            return "unknown", "the sources do not say"
        earned, why = self._earned(source_ids, whose)
        if given == "disputed" and earned != "unknown":
            return "disputed", "the parties' accounts differ"
        if _held_down(given, earned):
            return "reported", f"{why}; held at reported by the editors" + (f": {held}" if held else "")
        return earned, why

    def labelled(self, frame: pd.DataFrame, name: str) -> pd.DataFrame:
        """Return a table with the confidence that the sources of its rows, perhaps fewer than in the file, earn."""
        if "confidence" not in frame.columns:
            return frame
        pairs = [self.shown(*row) for row in zip(*self._needs(frame, name), strict=True)]
        return frame.assign(confidence=[p[0] for p in pairs], confidence_why=[p[1] for p in pairs])

    def _needs(self, frame: pd.DataFrame, name: str) -> list[pd.Series | list[str]]:
        whose, none = self._schema.tables[name].whose, [""] * len(frame)
        told = frame[HELD] if HELD in frame.columns else none
        return [frame["confidence"], frame["source_ids"], frame[whose] if whose else none, told]

    def problems(self) -> Iterator[Problem]:
        """Name every row whose editor gave it more confidence than its sources earn, or less and did not say why."""
        for name, frame in self._tables.items():
            if "confidence" not in frame.columns:
                continue
            for given, source_ids, whose, held, line in zip(*self._needs(frame, name), frame["_line"], strict=True):
                (earned, why), place = self._earned(source_ids, whose), (f"{name}.csv", int(line))
                down = whose != UNKNOWN and _held_down(given, earned)
                if given == "confirmed" and earned == "reported":
                    mend = "write reported, or add a primary source or a second independent one"
                    yield Problem(*place, "confidence", "confirmed", f"too high for its sources ({why})", mend)
                if HELD in frame.columns and down and not held:
                    what = f"is empty beside a label below what the sources earn ({why})"
                    yield Problem(*place, HELD, held, what, f"say why in {HELD}, or write confirmed")
                elif held and not down:
                    yield Problem(*place, HELD, held, "holds nothing down", f"empty {HELD}")

    def steps(self, row: Mapping[str, str], name: str, known: str, last: str) -> list[tuple[str, str]]:
        """Return each label that a row had from the day on which it was known to the last, with its first day."""
        cited = {i: self._facts[i].published for i in list_items(row["source_ids"])}
        whose, steps = row.get(self._schema.tables[name].whose, ""), list[tuple[str, str]]()
        for day in sorted({known, *(published for published in cited.values() if known < published <= last)}):
            then = ";".join(i for i, published in cited.items() if published <= day)
            label, _ = self.shown(row["confidence"], then, whose, "")
            if not steps or steps[-1][1] != label:
                steps.append((day, label))
        return steps
