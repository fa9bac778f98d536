"""What stands on a day: which rows could be known, citing whom, and how sure their sources make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import pandas as pd

from explainer.evidence.schema import list_items

ROW_DATES = {
    "events": "date",
    "statements": "date",
    "precedents": "date",
    "instruments": "date",
    "estimates": "published",
    "economic_precedents": "start",
    "exercises": "start_date",
    "claims": "date",
}
"""Column that holds the row's own day. Other tables count from their sources alone."""

RANK = ("unknown", "reported", "confirmed", "settled")


# ---------------------------------------------------------------------------------------------------------
# Confidence


@dataclass(frozen=True)
class SourceFacts:
    """What confidence needs to know of a source."""

    published: str
    type: str
    origin: str
    speaks_for: str  # side, not actor


def source_facts(sources: pd.DataFrame, sides: Mapping[str, str] | None = None) -> dict[str, SourceFacts]:
    """Return what confidence needs of each source, by its id; `sides` are those of the actors."""
    sides = sides or {}
    columns = (sources[c] for c in ("source_id", "published", "type", "origin", "speaks_for"))
    return {i: SourceFacts(p, t, o, sides.get(s, s.split("-")[0])) for i, p, t, o, s in zip(*columns, strict=True)}


def sides_of(row: Mapping[str, str], actors: Mapping[str, str]) -> set[str]:
    """Sides whose own act or word the row records."""
    return {actors.get(a, a.split("-")[0]) for a in list_items(row.get("actor") or row.get("party") or "")}


def earned_confidence(cited: list[SourceFacts], sides: set[str]) -> tuple[str, str]:
    """Rank what the sources of a row prove, and say why.

    A primary source proves the acts and words of the side it speaks for, or, when it speaks for nobody (a
    statistics office, a court, a parliament's record), what it records. A party's own page about somebody
    else is one origin among others. Reprints share an origin and count once.

    Returns
    -------
    label : {"unknown", "reported", "confirmed", "settled"}
    why : str
    """
    if not cited:
        return "unknown", "no source by that day"
    primary = [s for s in cited if s.type == "primary" and (not s.speaks_for or not sides or s.speaks_for in sides)]
    origins = {s.origin for s in cited}
    others = origins - {s.origin for s in primary}
    count = f"{len(origins)} independent origin{'s' if len(origins) > 1 else ''}"
    if primary and others:
        return "settled", f"a primary source, and {count} in all"
    if primary:
        return "confirmed", "a primary source"
    if len(origins) >= 2:
        return "confirmed", count
    return "reported", f"one origin ({next(iter(origins))})"


# ---------------------------------------------------------------------------------------------------------


# ---------------------------------------------------------------------------------------------------------
# The first day of a row


def period_start(period: str) -> str:
    """First day of a year, month or day; empty for an empty text."""
    return (period + "-01-01")[:10] if period else ""


def period_end(period: str) -> str:
    """Last day of a year, month or day; empty for an empty text."""
    if len(period) == 4:
        return f"{period}-12-31"
    if len(period) == 7:
        return (pd.Period(period, "M").end_time).date().isoformat()
    return period


def known_days(frame: pd.DataFrame, name: str, published: Mapping[str, str]) -> pd.Series:
    """First day on which each row, as worded, could be known (ISO text; empty: always).

    `since` wins. Otherwise the later of the row's own day and the first publication among its sources; an
    undated source counts from the row's own day. A dated observation is known from its publication, not
    before its period has begun; an undated one from the end of its period.
    """
    if name == "observations":
        days = [
            _observation_day(p, published.get(s, "")) for p, s in zip(frame["period"], frame["source_id"], strict=True)
        ]
    elif name == "estimate_inputs" or "source_ids" not in frame.columns:
        days = [""] * len(frame)
    else:
        own = frame[ROW_DATES[name]] if name in ROW_DATES else pd.Series("", index=frame.index)
        days = [
            _row_day(period_start(d), [published.get(i, "") for i in list_items(s)])
            for d, s in zip(own, frame["source_ids"], strict=True)
        ]
    known = pd.Series(days, index=frame.index, dtype=object)
    return known.where(frame["since"] == "", frame["since"]) if "since" in frame.columns else known


def _row_day(own: str, published: list[str]) -> str:
    dated = [day for day in published if day]
    first = own if own and len(dated) < len(published) else min(dated, default="")
    return max(own, first)


def _observation_day(period: str, published: str) -> str:
    return max(period_start(period), published) if published else period_end(period)


# ---------------------------------------------------------------------------------------------------------
# The cut

UNDATED = ("sources", "series", "actors", "cameo", "estimate_inputs")
"""Tables whose rows have no day of their own: they stand with the rows that need them, or always."""
LABEL_NEEDS = ("confidence", "source_ids", "actor", "party")
CUTS_KEPT = 24
NUMBERS = {
    "observations": ["value"],
    "estimate_inputs": ["value"],
    "places": ["lat", "lon"],
    "cameo": ["goldstein"],
    "estimates": ["loss_value", "pct_gdp"],
    "precedents": ["explicitness"],
    "situations": ["rung"],
    "exercises": ["aircraft_peak_day", "median_or_adiz_peak_day", "navy_vessels_peak_day", "official_ships_peak_day"],
}


class Cuts:
    """All tables, and their cuts to a day; what does not hang on the day is worked out once.

    Parameters
    ----------
    whole : mapping of str to DataFrame
        Each table as read; all columns are text.
    """

    def __init__(self, whole: Mapping[str, pd.DataFrame]):
        self.whole = whole
        self.at = lru_cache(maxsize=CUTS_KEPT)(self._at)

    @cached_property
    def _published(self) -> dict[str, str]:
        sources = self.whole["sources"]
        return dict(zip(sources["source_id"], sources["published"], strict=True))

    @cached_property
    def _sides(self) -> dict[str, str]:
        return dict(zip(self.whole["actors"]["actor"], self.whole["actors"]["side"], strict=True))

    @cached_property
    def _facts(self) -> dict[str, SourceFacts]:
        return source_facts(self.whole["sources"], self._sides)

    @cached_property
    def _ready(self) -> dict[str, pd.DataFrame]:
        """Each table with the first day of its rows (where they have one) and its numbers."""
        ready = {}
        for name, frame in self.whole.items():
            dated = frame if name in UNDATED else frame.assign(known=known_days(frame, name, self._published))
            ready[name] = _typed(dated, name)
        return ready

    def _at(self, day: str) -> dict[str, pd.DataFrame]:
        ready, kept = self._ready, {}
        for name, frame in ready.items():
            if name not in UNDATED:
                kept[name] = _cite_by(frame[frame["known"] <= day], self._published, day)
        kept["sources"] = _sources_by(ready["sources"], kept, day)
        kept["series"] = ready["series"][ready["series"]["series_id"].isin(set(kept["observations"]["series_id"]))]
        kept["actors"], kept["cameo"] = ready["actors"], ready["cameo"]
        kept["estimate_inputs"] = ready["estimate_inputs"][
            ready["estimate_inputs"]["estimate_id"].isin(set(kept["estimates"]["estimate_id"]))
        ]
        return {name: self._labelled(kept[name]).reset_index(drop=True) for name in self.whole}

    def _labelled(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table with the confidence that the sources of its rows, now perhaps fewer, earn."""
        if "confidence" not in frame.columns:
            return frame
        read = [frame[c] if c in frame.columns else [""] * len(frame) for c in LABEL_NEEDS]
        pairs = [self._label(*row) for row in zip(*read, strict=True)]
        return frame.assign(confidence=[p[0] for p in pairs], confidence_why=[p[1] for p in pairs])

    @cached_property
    def _label(self) -> Callable[..., tuple[str, str]]:
        return cache(lambda *row: shown_label(dict(zip(LABEL_NEEDS, row, strict=True)), self._facts, self._sides))


def _cite_by(frame: pd.DataFrame, published: Mapping[str, str], day: str) -> pd.DataFrame:
    """Drop the sources of a row that were published after the day."""
    if "source_ids" not in frame.columns:
        return frame
    cited = frame["source_ids"].map(lambda ids: ";".join(i for i in list_items(ids) if published.get(i, "") <= day))
    return frame.assign(source_ids=cited)


def _sources_by(sources: pd.DataFrame, kept: Mapping[str, pd.DataFrame], day: str) -> pd.DataFrame:
    """Keep the sources published by the day, and the undated ones that a kept row cites."""
    cited = {i for f in kept.values() if "source_ids" in f.columns for s in f["source_ids"] for i in list_items(s)}
    cited |= set(kept["observations"]["source_id"])
    dated = (sources["published"] != "") & (sources["published"] <= day)
    return sources[dated | ((sources["published"] == "") & sources["source_id"].isin(cited))]


def shown_label(row: Mapping[str, str], facts: Mapping[str, SourceFacts], sides: Mapping[str, str]) -> tuple[str, str]:
    """Label shown for a row: what its sources earn, never above what the editor gave it."""
    if row.get("party") == "UNKNOWN":
        return "unknown", "the sources do not say"
    cited = [facts[i] for i in list_items(row["source_ids"]) if i in facts]
    earned, why = earned_confidence(cited, sides_of(row, sides))
    if row["confidence"] == "disputed" and earned != "unknown":
        return "disputed", "the parties' accounts differ"
    if row["confidence"] == "reported" and RANK.index(earned) > RANK.index("reported"):
        return "reported", f"{why}; held at reported by the editors"
    return earned, why


def _typed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    numbers = {c: pd.to_numeric(frame[c].replace("", None)).astype(float) for c in NUMBERS.get(name, [])}
    return frame.drop(columns=["_line", "since"], errors="ignore").assign(**numbers)
