"""What stands on a day: which rows could be known, citing whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache, partial

import pandas as pd

from explainer.evidence import reads
from explainer.evidence.confidence import RANK, Confidence
from explainer.evidence.schema import Schema, Table
from explainer.kinds import list_items, period_end, period_start

__all__ = ["RANK", "Cuts", "known_days", "period_end", "period_start"]
CUTS_KEPT = 24


def known_days(frame: pd.DataFrame, table: Table, published: Mapping[str, str]) -> pd.Series:
    """First day on which each row, as worded, could be known (ISO text; empty: always).

    `since` wins. Otherwise the later of the row's own day and the first publication among its sources; an undated
    source counts from the row's own day. A measured value is known from its publication, not before its period has
    begun; without a dated source from the end of its period.
    """
    own, cited = (frame[column] if column else [""] * len(frame) for column in (table.day, table.sources))
    rows = ((day, [published.get(i, "") for i in list_items(ids)]) for day, ids in zip(own, cited, strict=True))
    days = [_row_day(*row, table.measured) for row in rows]
    known = pd.Series(days, index=frame.index, dtype=object)
    return known.where(frame["since"] == "", frame["since"]) if "since" in frame.columns else known


def _row_day(period: str, published: list[str], measured: bool) -> str:
    own, dated = period_start(period), [day for day in published if day]
    if measured and not dated:
        return period_end(period)
    first = own if own and len(dated) < len(published) else min(dated, default="")
    return max(own, first)


class Cut(Mapping[str, pd.DataFrame]):
    """The tables as of a day, each cut when it is first asked for, and noted."""

    def __init__(self, cuts: Cuts, day: str):
        self._cuts, self._day, self._frames = cuts, day, dict[str, pd.DataFrame]()

    def __getitem__(self, name: str) -> pd.DataFrame:
        frame = self.frame(name)
        reads.TABLES.add((name, self._day))
        return frame

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table, for a look at it that is not noted."""
        if name not in self._frames:
            rows = self._cuts.rows(name, self._day, self.frame)
            self._frames[name] = self._cuts.confidence.labelled(rows, name).reset_index(drop=True)
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cuts.whole)

    def __len__(self) -> int:
        return len(self._cuts.whole)


class Cuts:
    """All tables as read, and their cuts to a day; what does not hang on the day is worked out once."""

    def __init__(self, whole: Mapping[str, pd.DataFrame], schema: Schema):
        self.whole, self.schema = whole, schema
        self.published = dict(zip(whole["sources"]["source_id"], whole["sources"]["published"], strict=True))
        self.confidence = Confidence(whole, schema)
        self.at = lru_cache(maxsize=CUTS_KEPT)(partial(Cut, self))

    @cached_property
    def dated(self) -> dict[str, pd.DataFrame]:
        """Each table with the first day of its rows (where they have one) and its numbers."""
        ready = {}
        for name, frame in self.whole.items():
            table = self.schema.tables[name]
            added = {} if table.stands else {"known": known_days(frame, table, self.published)}
            added |= {c: pd.to_numeric(frame[c].replace("", None)).astype(float) for c in table.numbers}
            ready[name] = frame.assign(**added).drop(columns=["_line", "since"], errors="ignore")
        return ready

    def rows(self, name: str, day: str, others: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
        """Return the rows of a table that stand on a day; `others` gives the tables on which they may hang."""
        frame, table = self.dated[name], self.schema.tables[name]
        if not table.stands:
            frame = frame[frame["known"] <= day]
            if "source_ids" not in frame.columns:
                return frame
            out = self.published  # of a row, only what was published by the day
            cut = frame["source_ids"].map(lambda text: ";".join(i for i in list_items(text) if out.get(i, "") <= day))
            return frame.assign(source_ids=cut)
        if table.stands == "cited":
            citing = [t for t in self.schema.resources if t.sources and not t.stands]
            cited = {i for t in citing for text in others(t.name)[t.sources] for i in list_items(text)}
            undated = frame["published"] == ""
            return frame[(~undated & (frame["published"] <= day)) | (undated & frame["source_id"].isin(cited))]
        if table.stands == "always":
            return frame
        # else it stands with a row of another table, whichever of the two names the other
        other, own = self.schema.tables[table.stands], table.naming(table.stands)
        column = other.key[0] if own else other.naming(table.name)
        return frame[frame[own or table.key[0]].isin(set(others(other.name)[column]))]
