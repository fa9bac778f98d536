"""The exhibit on published estimates, worked again."""

import pandas as pd

from alliance.estimates import numbers as estimates
from explainer.exhibits.kit import register
from explainer.text.wording import number, period


def _figures(value: float) -> str:
    """Write a number with three or four significant figures, without empty decimals."""
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
    return number(value, decimals).rstrip("0").rstrip(".") if decimals else number(value)


def estimates_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Write each estimate for reading: who and when, published, ours, difference."""
    who = [f"{w}, {period(d)}" if d else w for w, d in zip(frame["who"], frame["published_day"], strict=True)]
    texts = {name: frame[name].map(_figures, na_action="ignore") for name in ("published", "ours", "difference")}
    texts["published"] += frame["unit"].map(lambda unit: unit if unit.startswith("%") else f" {unit}")
    return frame.assign(who=who, **texts)


register(
    "estimates-reproduced",
    estimates.reproduced,
    lambda f: (
        f"{(f['status'] == 'reproduced').sum()} of {len(f)} published estimates can be worked again from their own "
        "inputs"
    ),
    rows=estimates_table,
    row_id="estimate_id",
    calculated=True,
    note=f"Reproduced: within {estimates.TOLERANCE_PCT:.0f}% of the published number.",
)
