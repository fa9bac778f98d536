"""Intensity of events over time by pair of actors."""

import pandas as pd
from matplotlib.dates import DateFormatter, MonthLocator
from matplotlib.figure import Figure

from alliance import palette
from explainer.exhibits import theme
from explainer.exhibits.theme import Size
from explainer.text.wording import number

WEEK = pd.Timedelta(days=7)


def draw_intensity(frame: pd.DataFrame, size: Size, as_of: str = "") -> Figure:
    """Draw weekly sums of Goldstein values, one panel a pair, all on one scale."""
    pairs = list(frame["pair"].unique())
    fig, grid = theme.figure(size, 1.15 * len(pairs) + 0.7, len(pairs), 1, sharex=True, sharey=True, squeeze=False)
    axes = list(grid.flat)
    for ax, pair in zip(axes, pairs, strict=True):
        weeks = frame[frame["pair"] == pair]
        colour = palette.ACTOR_COLOURS.get(pair.split("-")[0], theme.CONTEXT)
        ax.bar(weeks["week"] + WEEK / 2, weeks["goldstein_sum"], width=5.4, color=colour, zorder=2)
        ax.set_title(weeks["pair_name"].iloc[0], fontsize=size.font, pad=4)
        theme.value_grid(ax)
        low = weeks.loc[weeks["goldstein_sum"].idxmin()]
        if low["goldstein_sum"] < 0:
            first = "first in the " if (weeks["goldstein_sum"] == low["goldstein_sum"]).sum() > 1 else ""
            text = f"{number(low['goldstein_sum'], 1)}, {first}week of {low['week'].day} {low['week']:%b}"
            foot = (low["week"] + WEEK / 2, low["goldstein_sum"])
            theme.write(ax, text, foot, (0, -3), size, va="top", bbox=theme.BACKING)
    first, last = frame["week"].min(), frame["week"].max() + WEEK
    marked = [day for day in (palette.ANSWER, palette.REMARK) if first <= day <= pd.Timestamp(as_of or last)]
    low, high = min(frame["goldstein_sum"].min() * 1.5, -10), max(frame["goldstein_sum"].max() * 1.25, 8)
    axes[0].set_ylim(low, high)
    axes[0].set_xlim(first - WEEK, last + WEEK * size.pick(4, 8))
    for ax in axes:
        for day in marked:
            ax.axvline(day, color=theme.CONTEXT, linewidth=0.8, zorder=1)
    for day in marked:
        theme.write(axes[-1], f"{day.day} {day:%b}", (day, low), (3, 3), size, va="baseline", color=theme.MUTED)
    axes[-1].xaxis.set_major_locator(MonthLocator(interval=2 if (last - first).days > 150 else 1))
    axes[-1].xaxis.set_major_formatter(DateFormatter("%b %Y" if size is Size.WIDE else "%b"))
    return fig
