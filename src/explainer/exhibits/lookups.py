"""Look-ups that every topic shares."""

from functools import lru_cache

import numpy as np
import pandas as pd

from explainer.evidence.asof import period_start
from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.evidence.schema import list_items

PERCENT = 100.0


def observations(evidence: Evidence, series_id: str, variant: str | None = "") -> pd.DataFrame:
    """Return the observations of one series in order of time.

    Parameters
    ----------
    evidence : Evidence
        The evidence as of a day.
    series_id : str
        Series to look up.
    variant : str, optional
        Which of several values of one period; None for all.

    Returns
    -------
    DataFrame
        Columns period (text), start (Timestamp), value (unit of the series), variant, source_id, note and what else
        the table has of a value.
        Empty when nothing was known by the day.
    """
    _, (ordered, places) = evidence.observations, _in_order(evidence)  # noted, whether kept or not
    found = ordered.iloc[places.get(series_id, [])]
    return (found if variant is None else found[found["variant"] == variant]).reset_index(drop=True)


@lru_cache(maxsize=8)
def _in_order(evidence: Evidence) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return the observations in order of time, and where those of each series stand."""
    dated = evidence.observations.assign(start=lambda frame: pd.to_datetime(frame["period"].map(period_start)))
    dated = dated.sort_values(["start", "period", "variant"])
    places = dated.groupby("series_id").indices
    return dated.drop(columns=["known", "series_id"], errors="ignore"), places


def value(evidence: Evidence, series_id: str, period: str, variant: str = "") -> float:
    """Return one observation, in the unit of its series.

    Raises
    ------
    EvidenceError
        When the series has no such value by the day; names the periods that it has.
    """
    frame = observations(evidence, series_id, variant)
    found = frame.loc[frame["period"] == period, "value"]
    if len(found) != 1:
        have = ", ".join(frame["period"]) or "none"
        named, what = f"{series_id} {period} {variant}".strip(), f"no such observation by {evidence.as_of}"
        raise EvidenceError(Problem("observations.csv", 0, "period", named, what, f"use one of: {have}"))
    return float(found.iloc[0])


def codes(evidence: Evidence, name: str) -> dict[str, str]:
    """Return a list of the table ``codes``: the words of each code, in order."""
    rows = evidence.codes[evidence.codes["codes"] == name]
    return dict(zip(rows["code"], rows["words"], strict=True))


def stated(evidence: Evidence, identifier: str, words: str) -> str:
    """Return `words` if the row called `identifier` says them, for numbers that stand only in a row's words.

    Raises
    ------
    EvidenceError
        When no row has the identifier by the day, or its text lacks the words.
    """
    row = evidence.row(identifier)
    text = " ".join(str(v) for k, v in row.items() if not k.endswith(("_id", "_ids")))
    if words not in text:
        what, mend = f"the row {identifier} does not say this", "quote the row's own number or cite another row"
        raise EvidenceError(Problem("data", 0, "", words, what, mend))
    return words


def cited(*lists: str) -> str:
    """Join ids, or ``;`` lists of ids, into one list without repetition."""
    return ";".join(dict.fromkeys(item for text in lists for item in list_items(text)))


def change_pct(new: float, old: float) -> float:
    """Return the change from `old` to `new` in per cent of `old`."""
    return (new - old) / old * PERCENT


def share_pct(part: float, whole: float) -> float:
    """Return `part` in per cent of `whole`."""
    return part / whole * PERCENT


def short_name(evidence: Evidence, focus: str) -> str:
    """Return an actor's name as a sentence prints it.

    Raises
    ------
    EvidenceError
        When there is no such actor.
    """
    names = dict(zip(evidence.actors["actor"], evidence.actors["name"], strict=True))
    if focus not in names:
        raise EvidenceError(Problem("actors.csv", 0, "actor", focus, "no such actor", "use one of " + ", ".join(names)))
    return names[focus].removesuffix(" (government)")
