"""Trade, visitors, spending, rare earths, and how long earlier pressure lasted."""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from alliance import palette
from explainer.exhibits import theme
from explainer.exhibits.theme import Size
from explainer.text.wording import length_words, per_cent

MONTHS_PER_YEAR = 12

SIDES = {"cn": "CN", "us": "US"}
CHINA = palette.ACTOR_COLOURS["CN"]
THOUSAND = 1000
CLOSE = 0.08  # marks nearer than this share of the axis cannot both be named beside each other
SPAN_BESIDE = 5  # a stem longer than this, in points of share, carries its label beside it


def draw_trade_partners(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw the shares of both partners year by year, one panel a flow, on one axis from zero."""
    flows = list(dict.fromkeys(frame["flow"]))
    years = sorted(frame["year"].unique())
    rows = len(years)
    ratios = [rows + 1.0, *[rows + 0.2] * (len(flows) - 1)]  # room for the partners' names in the first panel
    fig, axes = theme.figure(size, 0.9 + 0.32 * len(flows) * rows, len(flows), 1, sharex=True, squeeze=False,
                             height_ratios=ratios)  # fmt: skip
    for ax, flow in zip(axes[:, 0], flows, strict=True):
        _partner_panel(ax, frame[frame["flow"] == flow], years, size)
    axes[0, 0].set_ylim(rows - 0.4, -1.4)  # both marks are named once, at the head, on the outer side of each
    first = frame[(frame["flow"] == flows[0]) & (frame["year"] == years[0])].sort_values("share_pct")
    for point, (ha, dx) in zip(first.itertuples(), (("right", 4), ("left", -4)), strict=True):
        look = {"fontweight": "semibold", "color": palette.ACTOR_COLOURS[SIDES[point.partner]]}
        theme.write(axes[0, 0], point.partner_label, (point.share_pct, 0), (dx, 11), size, ha, **look)
    axes[-1, 0].set_xlim(0, frame["share_pct"].max() * 1.18)
    axes[-1, 0].xaxis.set_major_formatter(lambda x, _: f"{x:.0f}%")
    return fig


def _partner_panel(ax: Axes, frame: pd.DataFrame, years: list[str], size: Size) -> None:
    for row, year in enumerate(years):
        shares = frame[frame["year"] == year].sort_values("share_pct")
        ax.plot(shares["share_pct"], [row, row], color=theme.PALE, linewidth=2, zorder=1)
        for (_, point), (ha, dx) in zip(shares.iterrows(), (("right", -7), ("left", 7)), strict=True):
            side = SIDES[point["partner"]]
            ax.scatter(point["share_pct"], row, s=36, color=palette.ACTOR_COLOURS[side],
                       marker=palette.ACTOR_MARKERS[side], zorder=3)  # fmt: skip
            theme.write(ax, f"{point['share_pct']:.1f}", (point["share_pct"], row), (dx, 0), size, ha)
    ax.set_yticks(range(len(years)), years)
    ax.set_ylim(len(years) - 0.4, -0.6)
    ax.set_title(frame["flow_label"].iloc[0], loc="left", fontsize=size.font, fontweight="semibold")
    theme.value_grid(ax, "x", zero=True)


def draw_visitors_from_china(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw each month beside the same month a year before, with the change; gaps stay gaps.

    Months run across on the wide drawing and down on the narrow one.
    """
    fig, ax = theme.figure(size, size.pick(3.5, 0.7 + 0.4 * len(frame)))
    top = max(frame["visitors"].max(), frame["visitors_year_before"].max()) / THOUSAND
    for place, (_, row) in enumerate(frame.iterrows()):
        _visitor_month(ax, place, row, size)
    _name_visitor_marks(ax, frame, size)
    _mark_advice(ax, frame, size)
    with_year = f"%b{size.pick(chr(10), ' ')}%Y"
    ticks = [f"{d:{with_year}}" if i == 0 or d.month == 1 else f"{d:%b}" for i, d in enumerate(frame["start"])]
    months, values = size.pick((ax.xaxis, ax.yaxis), (ax.yaxis, ax.xaxis))
    months.set_ticks(range(len(frame)), ticks)
    values.set_major_formatter(lambda x, _: theme.thousands(x))
    wide, narrow = ((-0.6, len(frame) + 0.9), (0, top * 1.18)), ((0, top * 1.2), (len(frame) - 0.4, -1.2))
    ax.set(**dict(zip(("xlim", "ylim"), size.pick(wide, narrow), strict=True)))
    theme.value_grid(ax, size.pick("y", "x"))
    return fig


def _point(place: int, visitors: float, size: Size) -> tuple[float, float]:
    """Return where a month's value stands: months run down on the narrow drawing."""
    return size.pick((place, visitors / THOUSAND), (visitors / THOUSAND, place))


def _visitor_month(ax: Axes, place: int, row: pd.Series, size: Size) -> None:
    now, before = (_point(place, row[c], size) for c in ("visitors", "visitors_year_before"))
    if pd.notna(row["visitors_year_before"]):
        face = theme.PAPER if row["year_before_derived"] else theme.CONTEXT
        ax.scatter(*before, s=30, facecolor=face, edgecolor=theme.CONTEXT, linewidth=1.3, zorder=3)
    if pd.isna(row["visitors"]):
        where = {"ha": size.pick("center", "left"), "va": size.pick("bottom", "center")}
        theme.write(ax, "not found", _point(place, 40 * THOUSAND, size), (0, 0), size, color=theme.MUTED, **where)
        return
    ax.plot(*zip(now, before, strict=True), color=theme.PALE, linewidth=1.6, zorder=1)
    ax.scatter(*now, s=44, color=CHINA, marker="s", zorder=4)
    side = -1 if row["visitors"] < row["visitors_year_before"] else 1
    text = ("+" if row["change_pct"] > 0 else "") + per_cent(row["change_pct"])
    ha, va = size.pick(("center", "bottom" if side > 0 else "top"), ("left" if side > 0 else "right", "center"))
    theme.write(ax, text, now, size.pick((0, 8 * side), (8 * side, 0)), size, ha, va=va)


def _name_visitor_marks(ax: Axes, frame: pd.DataFrame, size: Size) -> None:
    """Name both marks once: at the last month on the wide drawing, at the widest gap on the narrow one."""
    found = frame.reset_index(drop=True).dropna(subset=["visitors", "visitors_year_before"])
    gap = (found["visitors"] - found["visitors_year_before"]).abs()
    last_apart = gap.iloc[-1] > CLOSE * frame["visitors"].max()
    place = int(gap.idxmax() if size.narrow or not last_apart else gap.index[-1])
    offset, ha, va = size.pick(((9, 0), "left", "center"), ((0, 8), "center", "bottom"))
    for text, column, colour in (
        ("this year", "visitors", CHINA),
        ("a year before", "visitors_year_before", theme.MUTED),
    ):
        theme.write(ax, text, _point(place, found.at[place, column], size), offset, size, ha, va=va, color=colour)


def _mark_advice(ax: Axes, frame: pd.DataFrame, size: Size) -> None:
    """Say at its month when the advice came: above the change on the wide drawing, beside it on the narrow one."""
    leader = {"arrowstyle": "-", "color": theme.CONTEXT, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 22}
    offset, ha, leader = size.pick(((0, 72), "center", leader), ((38, 0), "left", None))
    for place, row in frame.reset_index(drop=True).iterrows():
        if row["mark"] and pd.notna(row["visitors"]):
            text, point = row["mark"].replace(", ", ",\n"), _point(place, row["visitors"], size)
            theme.annotate(ax, text, point, offset, size, ha, arrowprops=leader)


def draw_visitor_spending(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw spending by quarter in two panels on one scale: mainland China, and all others."""
    markets = list(dict.fromkeys(frame["market"]))
    fig, axes = theme.figure(size, size.pick(2.9, 2.6), 1, len(markets), sharey=True)
    for ax, market in zip(axes, markets, strict=True):
        part = frame[frame["market"] == market].reset_index(drop=True)
        _spending_panel(ax, part, CHINA if market.startswith("Mainland") else theme.CONTEXT, size)
        ax.set_title(market, loc="left", fontsize=size.font, fontweight="semibold")
    axes[0].set_ylim(0, frame["spending_jpy_bn"].max() * 1.14)
    axes[0].yaxis.set_major_formatter(lambda x, _: theme.thousands(x))
    return fig


def _spending_panel(ax: Axes, part: pd.DataFrame, colour: str, size: Size) -> None:
    names = {"03": "Jan\u2013Mar", "06": "Apr\u2013Jun", "09": "Jul\u2013Sep", "12": "Oct\u2013Dec"}
    for place, row in part.iterrows():
        if pd.isna(row["spending_jpy_bn"]):
            theme.write(ax, "not\nfound", (place, 30), (0, 0), size, "center", va="bottom", color=theme.MUTED)
            continue
        face = theme.PAPER if row["derived"] else colour
        ax.bar(place, row["spending_jpy_bn"], width=0.62, facecolor=face, edgecolor=colour, linewidth=1.2)
        theme.label_bar(ax, row["spending_jpy_bn"], place, theme.thousands(row["spending_jpy_bn"]), size, False,
                        fontsize=size.small)  # fmt: skip
    labels = [names[q[-2:]].replace("\u2013", "\u2013\n") if size.narrow else names[q[-2:]] for q in part["quarter"]]
    ax.set_xticks(range(len(part)), labels, fontsize=size.small)
    ax.set_xlim(-0.6, len(part) - 0.4)
    theme.value_grid(ax)


def draw_rare_earths(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw every published share as a point; values of one year stand on one stem."""
    fig, ax = theme.figure(size, size.pick(3.2, 3.0))
    yearly, halves = frame[frame["basis"] == "year"], frame[frame["basis"] != "year"]
    for year, part in yearly.groupby("year"):
        low, high = part["share_pct"].min(), part["share_pct"].max()
        ax.plot([year, year], [low, high], color=theme.ACCENT, linewidth=1.4, zorder=2)
        ax.scatter([year] * len(part), part["share_pct"], s=34, color=theme.ACCENT, zorder=3)
        _share_label(ax, year, low, high, year + 1 in set(yearly["year"]), size)
    ax.scatter(halves["year"] + 0.25, halves["share_pct"], s=34, marker="D", facecolor=theme.PAPER,
               edgecolor=theme.CONTEXT, linewidth=1.3, zorder=3)  # fmt: skip
    for _, row in halves.iterrows():
        above = row["share_pct"] > yearly.loc[yearly["year"] == row["year"], "share_pct"].max()
        offset, va = ((0, 7), "bottom") if above else ((0, -7), "top")
        point = (row["year"] + 0.25, row["share_pct"])
        theme.write(ax, f"{row['share_pct']:.0f}", point, offset, size, "center", va=va, color=theme.MUTED)
    ax.set_ylim(0, 100)
    ax.set_xlim(frame["year"].min() - size.pick(1.2, 2.2), frame["year"].max() + size.pick(1.4, 2.6))
    ax.xaxis.set_major_locator(MultipleLocator(size.pick(2, 5)))
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0f}%")
    theme.value_grid(ax)
    return fig


def _share_label(ax: Axes, year: int, low: float, high: float, crowded: bool, size: Size) -> None:
    """Write a year's share or span: above its points, beside a long stem, or to its left where the next crowds it."""
    text = f"{low:.0f}" if round(low) == round(high) else f"{low:.0f}\u2013{high:.0f}"
    if high - low > SPAN_BESIDE or crowded:
        dx, ha = (6, "left") if high - low > SPAN_BESIDE else (-6, "right")
        theme.write(ax, text, (year, (low + high) / 2), (dx, 0), size, ha)
    else:
        theme.write(ax, text, (year, high), (0, 7), size, "center", va="bottom")


def draw_precedents_of_pressure(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw the length of each case: solid what is sure, pale what the dates leave open, hollow what goes on."""
    fig, ax = theme.figure(size, 0.7 + size.pick(0.36, 0.46) * len(frame))
    for place, row in enumerate(frame.itertuples()):
        low, high = row.months_low / MONTHS_PER_YEAR, row.months_high / MONTHS_PER_YEAR
        text, weight = length_words(row.months_low, row.months_high), "normal"
        if row.ongoing:
            ax.barh(place, high, height=0.58, facecolor=theme.PAPER, edgecolor=CHINA, linewidth=1.5, hatch="///")
            text, weight = f"{text}, no end found", "semibold"
        else:
            ax.barh(place, high, height=0.58, color=theme.PALE)
            ax.barh(place, low, height=0.58, color=theme.ACCENT)
        theme.label_bar(ax, high, place, text, size, fontsize=size.small, fontweight=weight)
    names = frame["target"] + size.pick(": ", ":\n") + frame["case"]
    ax.set_yticks(range(len(frame)), names, fontsize=size.small)
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.set_xlim(0, frame["months_high"].max() / MONTHS_PER_YEAR * size.pick(1.2, 1.42))
    ax.xaxis.set_major_locator(MultipleLocator(2))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0f}")
    theme.value_grid(ax, "x")
    return fig


def wrapped(text: str, size: Size, wide: int, narrow: int) -> str:
    """Break a label into lines for the size."""
    return "\n".join(textwrap.wrap(text, size.pick(wide, narrow)))
