"""The picture that a link to the report shows where it is shared."""

import io
import textwrap
from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explainer.exhibits import theme

WIDTH_PX, HEIGHT_PX, DPI = 1200, 630, 100
"""The size that Open Graph readers expect."""
TITLE_LETTERS = 30
LEFT = 0.06


def preview_png(
    frame: pd.DataFrame, title: str, standing: str, marks: Callable[[Axes, pd.DataFrame], None] | None = None
) -> bytes:
    """Draw the title, the day that it stands for, and below them what the subject makes of its rows.

    Parameters
    ----------
    frame : DataFrame
        The rows.
    title, standing : str
        The report's title, and the line under it.
    marks : callable, optional
        Draws the rows.
    """
    fig = Figure(figsize=(WIDTH_PX / DPI, HEIGHT_PX / DPI), dpi=DPI)
    fig.add_artist(Line2D([LEFT, 1 - LEFT], [0.94, 0.94], color=theme.ACCENT, linewidth=5))
    lines = "\n".join(textwrap.wrap(title, TITLE_LETTERS))
    fig.text(LEFT, 0.89, lines, fontsize=46, fontweight=600, color=theme.INK, va="top", linespacing=1.12)
    fig.text(LEFT, 0.53, standing, fontsize=22, color=theme.MUTED, va="center")
    if marks:
        marks(fig.add_axes((LEFT + 0.1, 0.05, 1 - 2 * LEFT - 0.1, 0.42)), frame)
    picture = io.BytesIO()
    FigureCanvasAgg(fig).print_png(picture, metadata={"Software": None})
    return picture.getvalue()
