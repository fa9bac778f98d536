"""The chart of earlier words: who said how much about Taiwan, one line a statement in order of time."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliance import palette
from explainer.exhibits import theme
from explainer.exhibits.theme import Size
from explainer.text.wording import short

ROW_INCHES = 0.205
STEPS_WIDE = ["0 Declines\nto say", "1 States an\ninterest", "2 Names\na stake", "3 Describes\na case"]
STEPS_WIDE += ["4 Legal test\nor defence"]
MARKS = [
    ("Japan, in office", "JP", True),
    ("Japan, out of office or as a candidate", "JP", False),
    ("United States, in office", "US", True),
]
STEPS_NARROW = ("0\nDeclines", "1\nInterest", "2\nStake", "3\nCase", "4\nAction")


def draw_earlier_words(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw one line a statement and its step: hollow when out of office or a candidate, a triangle for US ones."""
    fig, ax = theme.figure(size, ROW_INCHES * len(frame) + 1.05)
    for y, row in enumerate(frame.itertuples()):
        chosen = row.highlight == "yes"
        colour = palette.ACTOR_COLOURS[row.side]
        line, width, mark = (theme.ACCENT, 1.4, 8) if chosen else (theme.GRID, 0.7, 6)
        ax.plot([-0.4, row.step], [y, y], color=line, linewidth=width, zorder=1)
        look = theme.look(colour, row.in_office == "yes", palette.ACTOR_MARKERS[row.side], mark)
        ax.plot([row.step], [y], zorder=3, **look)
    days = [short(day[:7] if size.narrow else day) for day in frame["date"]]
    ax.set_yticks(range(len(frame)), [f"{name}, {day}" for name, day in zip(frame["label"], days, strict=True)])
    ax.tick_params(axis="y", labelsize=size.small, length=0)
    for label, chosen in zip(ax.get_yticklabels(), frame["highlight"], strict=True):
        label.set_fontweight(700 if chosen == "yes" else 400)
    ax.set_ylim(len(frame) - 0.4, -0.7)
    ax.set_xlim(-0.4, 4.45)
    ax.set_xticks(range(5), size.pick(STEPS_WIDE, STEPS_NARROW))
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", labelsize=size.small, length=0)
    ax.spines["bottom"].set_visible(False)
    for step in range(5):
        ax.axvline(step, color=theme.GRID, linewidth=0.6, zorder=0)
    handles = []
    for label, side, office in MARKS:
        look = theme.look(palette.ACTOR_COLOURS[side], office, palette.ACTOR_MARKERS[side], edge=1)
        handles.append(Line2D([], [], label=label, **look))
    spaces = {"handletextpad": 0.3, "columnspacing": 1.2, "borderpad": 0, "labelspacing": 0.25}
    fig.legend(handles=handles, loc="outside lower left", ncols=size.pick(3, 1), fontsize=size.small, **spaces)
    return fig
