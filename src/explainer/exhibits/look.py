"""Sizes, faces and colours of charts, for words too: without matplotlib, which takes long to load."""

from enum import Enum
from typing import Any

from explainer.faces import folder_of

#: The files that charts may use, found without importing their packages (one of them would change every chart's
#: font). Never a system font, so that machines draw alike.
FONTS = (
    *(
        folder_of("font_source_sans_pro") / f"files/SourceSansPro-{face}.ttf"
        for face in ("Regular", "It", "Semibold", "Bold")
    ),
    folder_of("matplotlib_fontja") / "fonts/ipaexg.ttf",
)


class Size(Enum):
    """The two sizes in which every figure is drawn: its width in inches, its text and small text in points."""

    WIDE = "wide", 6.4, 10.5, 9.5
    NARROW = "narrow", 3.6, 9.0, 8.2  # for small screens

    def __init__(self, called: str, width: float, font: float, small: float):
        self.called, self.width, self.font, self.small = called, width, font, small
        self.narrow = called == "narrow"

    def pick(self, wide: Any, narrow: Any) -> Any:
        """Return ``narrow`` for the narrow drawing, else ``wide``."""
        return narrow if self.narrow else wide


# --- Colours --------------------------------------------------------------------------------------

PAPER = "#FFFFFF"
INK = "#1F1F1F"  # text and the marks that matter most
MUTED = "#595959"  # secondary text, 7:1 on paper
CONTEXT = "#8A8A8A"  # marks that give context, 3.5:1 on paper
PALE = "#BFBFBF"  # labelled context only
GRID = "#D9D9D9"
WASH = "#F1F1F1"  # ground of a band or of an empty cell
ACCENT = "#12436D"

#: Paper behind words that stand over marks (annotation option `bbox`).
BACKING = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}

#: One colour and grey.
FOCUS = (ACCENT, CONTEXT)
#: Two things set against each other; they differ in grey as well.
PAIR = (ACCENT, "#D4581C")
#: Light to dark, for ordered quantities.
SEQUENCE = ("#D6E4F0", "#9DBEDB", "#5E94BF", "#2B6699", "#12436D")
#: At most six unordered things, in this order.
CATEGORIES = (ACCENT, "#D4581C", "#1E8A80", "#801650", "#7A62B3", "#3D3D3D")
