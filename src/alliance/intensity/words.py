"""Exhibits on the intensity of events over time."""

from __future__ import annotations

import pandas as pd

from alliance.intensity.numbers import PAIRS, intensity_by_week, intensity_sensitivity
from explainer.exhibits.columns import amount, amounts, texts
from explainer.exhibits.kit import Column, register
from explainer.text.wording import day, number

#: The coding scheme and its values; the events' own sources stand in the register.
_SCALE_SOURCES = ["gdelt-undated-cameo-codes", "gdelt-undated-goldstein-scale"]

_SCALE_NOTE = (
    "Each event has one CAMEO code, chosen by hand, and that code's Goldstein value, from −10 (most conflictual) to "
    "+10 (most cooperative; the highest in our list is 9). The scale was made for acts between states; it weighs the "
    "kind of act, not its size or effect. An event is counted once, from its first actor to its first target. Weeks "
    "without a bar had no coded event. The answer of 7 November 2025 has the value zero (it considers an act); "
    "China reads it as a threat of force, and by that code its week would weigh more. Acts between China and Taiwan "
    "are not shown."
)


def _scale_note(frame: pd.DataFrame, as_of: str = "9999") -> str:
    return _SCALE_NOTE + (" The evidence is dense to February 2026 and thin after." if as_of >= "2026-03-01" else "")


def _intensity_claim(frame: pd.DataFrame) -> str:
    china, japan = (frame.loc[frame["pair"] == pair, "goldstein_sum"] for pair in ("CN-JP", "JP-CN"))
    if china.empty:
        return "No coded act of China towards Japan yet"
    title = f"China's acts towards Japan sum to {number(china.min(), 1)} in their lowest week"
    return title if japan.empty else f"{title}, Japan's towards China to {number(japan.min(), 1)} in theirs"


def _intensity_alt(frame: pd.DataFrame) -> str:
    parts = []
    for pair, weeks in frame.groupby("pair", sort=False):
        low, high = weeks.loc[weeks["goldstein_sum"].idxmin()], weeks.loc[weeks["goldstein_sum"].idxmax()]
        parts.append(
            f"{PAIRS[pair]}: {len(weeks)} weeks with events, from {number(low['goldstein_sum'], 1)} in the week of "
            f"{day(low['week'].date())} to {number(high['goldstein_sum'], 1)} in that of {day(high['week'].date())}"
        )
    return "Bars of weekly sums of Goldstein values, one panel a pair, on one scale. " + "; ".join(parts) + "."


register(
    "intensity",
    data=intensity_by_week,
    cite=lambda f: list(_SCALE_SOURCES),
    draw="draw_intensity",
    claim=_intensity_claim,
    subtitle="Sum of Goldstein values of coded events by week (Monday to Sunday) and pair; below zero is conflict",
    note=_scale_note,
    alt=_intensity_alt,
    columns=[
        Column("pair_name", "Pair"),
        Column("week", "Week of", kind="date", format=lambda when: day(when.date())),
        amount("events", "Events"),
        amount("goldstein_sum", "Sum", 1),
    ],
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
    "intensity-check",
    data=intensity_sensitivity,
    cite=lambda f: list(_SCALE_SOURCES),
    claim=_sensitivity_claim,
    subtitle="Coded events by pair and phase: weighed sums and means, plain counts, and acts under two groupings",
    note=(
        "Material conflict under A follows the GDELT lookup (codes 15 to 20), under B the other usage, which adds "
        "protests (14); where no event has that code the two agree. Phases differ in length, so events per week "
        "stand beside the counts. The last phase runs to the edition's day."
    ),
    columns=[
        *texts(pair_name="Pair", phase="Phase"),
        amount("events", "Events"),
        *amounts(1, events_per_week="Per week", goldstein_sum="Sum", goldstein_mean="Mean"),
        *amounts(conflict="Conflict", material_gdelt="Material, A", material_other="Material, B"),
    ],
    calculated=True,
)
