"""Exhibits on the intensity of events over time."""

import pandas as pd

from alliance.intensity.numbers import intensity_by_week, intensity_sensitivity
from explainer.exhibits.kit import register
from explainer.text.wording import day, number

#: The coding scheme and its values; the events' own sources stand in the register.
_SCALE_SOURCES = ["gdelt-undated-cameo-codes", "gdelt-undated-goldstein-scale"]


def _intensity_claim(frame: pd.DataFrame) -> str:
    china, japan = (frame.loc[frame["pair"] == pair, "goldstein_sum"] for pair in ("CN-JP", "JP-CN"))
    if china.empty:
        return "No coded act of China towards Japan yet"
    title = f"China's acts towards Japan sum to {number(china.min(), 1)} in their lowest week"
    return title if japan.empty else f"{title}, Japan's towards China to {number(japan.min(), 1)} in theirs"


def _intensity_alt(frame: pd.DataFrame) -> str:
    parts = []
    for pair, weeks in frame.groupby("pair_name", sort=False):
        low, high = weeks.loc[weeks["goldstein_sum"].idxmin()], weeks.loc[weeks["goldstein_sum"].idxmax()]
        parts.append(
            f"{pair}: {len(weeks)} weeks with events, from {number(low['goldstein_sum'], 1)} in the week of "
            f"{day(low['week'].date())} to {number(high['goldstein_sum'], 1)} in that of {day(high['week'].date())}"
        )
    return "Bars of weekly sums of Goldstein values, one panel a pair, on one scale. " + "; ".join(parts) + "."


register(
    "intensity",
    intensity_by_week,
    _intensity_claim,
    _intensity_alt,
    cite=lambda f: list(_SCALE_SOURCES),
    calculated=True,
)


def _sensitivity_claim(frame: pd.DataFrame) -> str:
    own = frame[frame["pair"] == "CN-JP"].set_index("phase")
    if len(own) < 2:
        return "Weights and plain counts, by phase and pair"
    peaks = {own[column].idxmax() for column in ("events", "material_gdelt", "material_other")}
    peaks.add(own["goldstein_sum"].idxmin())
    if len(peaks) == 1:
        return f"By every measure China's busiest phase is {peaks.pop()}"
    return "Weights and plain counts put China's peak in different phases"


register(
    "intensity-check", intensity_sensitivity, _sensitivity_claim, cite=lambda f: list(_SCALE_SOURCES), calculated=True
)
