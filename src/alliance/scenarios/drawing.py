"""What the measures could cost, and which assumption matters most."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from alliance.economy.drawing import wrapped
from explainer.exhibits import theme
from explainer.exhibits.theme import Size
from explainer.text.wording import trillions

BN_PER_TN = 1000.0

NEAR_ZERO = 0.03  # share of the axis within which a label would reach over its start


def draw_scenario_costs(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw each channel from its lowest to its highest cost with the middle, and published estimates as diamonds."""
    ours = frame[frame["kind"] == "scenario"].reset_index(drop=True)
    published = frame[frame["kind"] == "published"]
    fig, ax = theme.figure(size, 0.8 + size.pick(0.58, 0.66) * len(ours))
    for place, row in ours.iterrows():
        _range(ax, place, row, ours["high_jpy_bn"].max() / BN_PER_TN * NEAR_ZERO, size)
        there = published[published["channel"] == row["channel"]]
        ax.scatter(there["central_jpy_bn"] / BN_PER_TN, [place + 0.3] * len(there), s=26, marker="D", zorder=4,
                   facecolor=theme.PAPER, edgecolor=theme.MUTED, linewidth=1.1)  # fmt: skip
    if len(published):  # named once, beside the last one of the channel with the most
        channel = published["channel"].value_counts().sort_index(ascending=False).idxmax()
        last = published.loc[published["channel"] == channel, "central_jpy_bn"].max() / BN_PER_TN
        place = ours.index[ours["channel"] == channel][0] + 0.3
        theme.write(ax, "published estimates", (last, place), (7, 0), size, color=theme.MUTED)
    ax.set_yticks(range(len(ours)), [wrapped(t, size, 20, 11) for t in ours["label"]])
    ax.tick_params(axis="y", pad=8)  # a middle of nothing is a dot across the axis
    ax.set_ylim(len(ours) - 0.35, -0.65)
    ax.set_xlim(0, ours["high_jpy_bn"].max() / BN_PER_TN * 1.03)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    theme.value_grid(ax, "x")
    return fig


def _range(ax: Axes, place: int, row: pd.Series, low_end: float, size: Size) -> None:
    """Draw one range; a middle below `low_end` has its label begin at the axis."""
    low, middle, high = (row[f"{k}_jpy_bn"] / BN_PER_TN for k in ("low", "central", "high"))
    colour = theme.INK if row["channel"] == "total" else theme.ACCENT
    ax.plot([low, high], [place, place], color=colour, linewidth=5, alpha=0.35, solid_capstyle="butt", zorder=2)
    ax.scatter(middle, place, s=46, color=colour, zorder=5, clip_on=False)
    if row["changed"] and row["default_jpy_bn"] != row["central_jpy_bn"]:
        # The report's own result stays in sight, as a ring.
        ax.scatter(row["default_jpy_bn"] / BN_PER_TN, place, s=46, facecolor="none", edgecolor=theme.INK, linewidth=1.1,
                   zorder=6, clip_on=False)  # fmt: skip
    text = f"{trillions(row['central_jpy_bn'])}  ({trillions(row['low_jpy_bn'])}\u2013{trillions(row['high_jpy_bn'])})"
    theme.write(ax, text, (middle, place), (-3 if middle > low_end else 2, 7), size, va="bottom")


def draw_tornado(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw how far each assumption alone moves the total, widest first, around the middle."""
    fig, ax = theme.figure(size, 0.8 + size.pick(0.42, 0.56) * len(frame))
    middle = frame["total_central_jpy_bn"].iloc[0] / BN_PER_TN
    for place, row in frame.iterrows():
        low, high = row["total_low_jpy_bn"] / BN_PER_TN, row["total_high_jpy_bn"] / BN_PER_TN
        ax.barh(place, middle - low, left=low, height=0.5, color=theme.PALE)
        ax.barh(place, high - middle, left=middle, height=0.5, color=theme.ACCENT)
        for end, text, ha, dx in ((low, row["low_value"], "right", -4), (high, row["high_value"], "left", 4)):
            theme.write(ax, text, (end, place), (dx, 0), size, ha)
    ax.axvline(middle, color=theme.INK, linewidth=1, zorder=3)
    text, head = f"{trillions(middle * BN_PER_TN)} in the middle", {"xycoords": ("data", "axes fraction")}
    theme.write(ax, text, (middle, 1), (0, 3), size, "center", va="bottom", **head)
    ax.set_yticks(range(len(frame)), [wrapped(t, size, 24, 16) for t in frame["label"]], fontsize=size.small)
    ax.set_ylim(len(frame) - 0.4, -0.75)
    right = frame["total_high_jpy_bn"].max() / BN_PER_TN * size.pick(1.14, 1.3)
    letter = right * size.pick(0.018, 0.029)  # the label of a cheap end near nothing stays in the plot
    ends = zip(frame["total_low_jpy_bn"] / BN_PER_TN, frame["low_value"], strict=True)
    ax.set_xlim(min(0, *(low - letter * (len(text) + 1) for low, text in ends)), right)
    theme.value_grid(ax, "x")
    return fig
