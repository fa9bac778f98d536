"""How the numbers are drawn: a frame and a size in, a figure out."""

import pandas as pd
from matplotlib.figure import Figure

from explainer.exhibits import theme
from explainer.exhibits.theme import Size


def draw_crossings(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw a bar a month with its number."""
    fig, ax = theme.figure(size, 0.35 * len(frame) + 0.4)
    bars = ax.barh(range(len(frame)), frame["value"], color=theme.FOCUS[0])
    ax.bar_label(bars, [f"{v:.0f}" for v in frame["value"]], padding=4, fontsize=size.small)
    ax.set_yticks(range(len(frame)), frame["period"])
    ax.invert_yaxis()
    theme.value_grid(ax, "x")
    return fig
