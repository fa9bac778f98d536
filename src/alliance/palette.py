"""How this subject's actors and stances look in every chart, and what the sides are called."""

from dataclasses import dataclass

import pandas as pd

from explainer.exhibits.look import CATEGORIES

ANSWER, REMARK = pd.Timestamp("2025-11-07"), pd.Timestamp("2026-01-26")
"""Days of the November answer and of the January sentence, which charts mark and claims compare with."""
EIGHT_WEEKS = pd.Timedelta(days=56)
"""How long after the answer each side's acts are counted for the first figure."""

_MINOR = ("OTHER", "KR", "RU", "PH")
#: An actor keeps its colour through the whole report.
ACTOR_COLOURS = dict(zip(("JP", "CN", "US", "TW", "INT"), CATEGORIES, strict=False)) | dict.fromkeys(
    _MINOR, CATEGORIES[5]
)
#: And its marker, so that no meaning hangs on colour alone.
ACTOR_MARKERS = {"JP": "o", "CN": "s", "US": "^", "TW": "D", "INT": "X"} | dict.fromkeys(_MINOR, "P")
#: Names of the sides as charts print them.
ACTOR_NAMES = {
    "JP": "Japan",
    "CN": "China",
    "US": "United States",
    "TW": "Taiwan",
    "KR": "South Korea",
    "RU": "Russia",
    "PH": "Philippines",
    "INT": "International bodies",
    "OTHER": "Others",
}


@dataclass(frozen=True)
class StanceStyle:
    """How one stance is drawn, in the fixed order from supportive to critical."""

    label: str
    colour: str
    marker: str


#: Stances towards the prime minister's position, in order; each has its own marker as well as its colour.
STANCE = {
    "supportive": StanceStyle("Supportive", "#12436D", "o"),
    "conditional": StanceStyle("Conditional", "#4C8CC2", "^"),
    "neutral": StanceStyle("Neutral", "#8A8A8A", "s"),
    "cautious": StanceStyle("Cautious", "#B5770D", "v"),
    "critical": StanceStyle("Critical", "#D4581C", "D"),
}

#: Marks a stakeholder whose statements do not all take one stance.
CHANGED = "*"

#: Kinds of measures in the order in which tables and charts show them.
KINDS = ("Diplomacy", "Travel and culture", "Trade", "Military and coast guard")
