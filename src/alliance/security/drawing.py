"""Charts of the military balance: spending, activity around Taiwan, scrambles."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliance import palette
from explainer.exhibits import theme
from explainer.exhibits.theme import Size

EDGE = 0.35  # how far right of the last year the names stand, so that they clear the hollow point

DASHES = {"JP": "-", "CN": "-", "US": (0, (5, 1.5)), "TW": (0, (2, 1.2))}


def draw_defence_spending(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw lines of SIPRI's share of GDP, one a country, named at the end with the last value."""
    fig, ax = theme.figure(size, size.pick(3.5, 3.4))
    last = frame.sort_values("year").groupby("code").tail(1).set_index("code")
    codes = list(frame["code"].unique())
    span = frame["share_pct"].max() / size.pick(3.0, 2.9)
    places = dict(zip(codes, theme.spread([last.loc[c, "share_pct"] for c in codes], 0.21 * span), strict=True))
    for code in codes:
        line = frame[frame["code"] == code]
        colour = palette.ACTOR_COLOURS[code]
        end, (width, weight) = last.loc[code], (2.6, 600) if code == "JP" else (1.8, 400)
        look = {"color": colour, "linestyle": DASHES[code], "linewidth": width, "label": end["country"]}
        ax.plot(line["year"], line["share_pct"], **look)
        name = size.pick(end["country"], palette.ACTOR_NAMES[code].replace("United States", "US"))
        text = f"{name} {end['share_pct']:.1f}"
        theme.label_line_end(ax, end["year"], places[code], text, size, colour, fontweight=weight)
    _years(ax, int(frame["year"].min()), int(frame["year"].max()), size.pick(5, 5))
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:g}%" if v else "0")
    theme.value_grid(ax)
    return fig


def draw_defence_measures(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw one bar for each measure of Japan's share of GDP, named above the bar."""
    fig, ax = theme.figure(size, 0.5 + size.pick(0.62, 0.66) * len(frame))
    positions = range(len(frame))
    colours = [theme.CONTEXT if m.startswith("SIPRI") else theme.ACCENT for m in frame["measure"]]
    ax.barh(positions, frame["share_pct"], height=0.34, color=colours)
    for y, row in zip(positions, frame.itertuples(), strict=True):
        theme.write(ax, row.measure, (0, y), (4, size.pick(11, 10)), size, va="bottom", fontsize=size.font)
        theme.label_bar(ax, row.share_pct, y, f"{row.share_pct:.1f}%", size, fontweight=600)
    ax.set_ylim(len(frame) - 0.6, -0.95)
    ax.set_xlim(0, frame["share_pct"].max() * 1.12)
    ax.set_yticks([])
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:g}%" if v else "0")
    ax.locator_params(axis="x", nbins=5)
    theme.value_grid(ax, "x")
    return fig


def draw_taiwan_activity(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw two lines of monthly sorties; lower bounds are hollow points and months without a sum are gaps."""
    fig, ax = theme.figure(size, size.pick(3.8, 3.7))
    when = pd.to_datetime(frame["month"])
    for measure, colour, dash, above in zip(
        frame["measure"].unique(), theme.PAIR, ("-", (0, (3, 1.2))), (True, False), strict=False
    ):
        part = frame[frame["measure"] == measure]
        days = when[part.index]
        ax.plot(days, part["sorties"], color=colour, linestyle=dash, linewidth=1.8)
        for status in ("counted", "lower bound"):
            some = part["status"] == status
            look = theme.look(colour, status == "counted", markersize=size.pick(4.6, 3.6), edge=1.1)
            ax.plot(days[some], part["sorties"][some], **look)
        _name_activity(ax, part, days, colour, above, size)
    years = range(when.min().year, when.max().year + 1)
    ax.set_xticks([pd.Timestamp(y, 1, 1) for y in years], [str(y) for y in years])
    ax.set_xlim(when.min() - pd.Timedelta(days=25), when.max() + pd.Timedelta(days=25))
    if when.max() > palette.ANSWER:
        theme.event_line(ax, palette.ANSWER, size.pick("7 Nov 2025", "7 Nov\n2025"), size, ha="right")
    newest = frame[frame["measure"] == frame["measure"].iloc[0]].dropna(subset="sorties").iloc[-1]
    place = (pd.Timestamp(newest["month"]), newest["sorties"])
    theme.write(ax, f"{newest['sorties']:,.0f}", place, (0, 6), size, "center", va="bottom")
    ax.set_ylim(0, frame["sorties"].max() * 1.28)
    theme.value_grid(ax)
    return fig


def _name_activity(ax: Axes, part: pd.DataFrame, days: pd.Series, colour: str, above: bool, size: Size) -> None:
    """Name a line inside the plot: the upper one over its first months, the lower one under its first."""
    if above:
        text, place, va = "All aircraft counted", (days[part["sorties"].first_valid_index()], 640), "center"
    else:
        wide = "Crossed the median line or entered\nthe zone (○ at least)"
        text = size.pick(wide, "Crossed the line or\nentered the zone\n(○ at least)")
        place, va = (pd.Timestamp("2023-01-05"), 20), "bottom"
    theme.write(ax, text, place, (0, 0), size, va=va, color=colour, linespacing=1.1)


def draw_scrambles(frame: pd.DataFrame, size: Size) -> Figure:
    """Draw scrambles by fiscal year: all, Chinese and Russian aircraft; the unfinished year is a hollow point."""
    fig, ax = theme.figure(size, size.pick(3.7, 3.6))
    looks = {
        "All": (theme.INK, "-"),
        "Chinese aircraft": (palette.ACTOR_COLOURS["CN"], "-"),
        "Russian aircraft": (palette.ACTOR_COLOURS["INT"], (0, (3, 1.2))),
    }
    for against, (colour, dash) in looks.items():
        part = frame[(frame["against"] == against) & (frame["status"] != "nine months")].sort_values("fiscal_year")
        if part.empty:
            continue
        ax.plot(part["fiscal_year"], part["scrambles"], color=colour, linestyle=dash, marker="o", markersize=3.4)
        end = part.dropna(subset=["scrambles"]).iloc[-1]
        edge = frame["fiscal_year"].max() + EDGE if len(frame[frame["status"] == "nine months"]) else end["fiscal_year"]
        text = f"{size.pick(against, against.split()[0])} {end['scrambles']:,.0f}"
        theme.label_line_end(ax, edge, end["scrambles"], text, size, colour)
    for row in frame[frame["status"] == "nine months"].itertuples():
        ax.plot([row.fiscal_year], [row.scrambles], **theme.look(theme.INK, filled=False))
        text = size.pick("All, April to\nDecember: ", "All, Apr–Dec\n") + f"{row.scrambles:,.0f}"
        theme.write(ax, text, (row.fiscal_year, row.scrambles), (5, -16), size, linespacing=1.0)
    peak = frame.loc[frame["scrambles"].idxmax()]
    theme.write(ax, f"{peak['scrambles']:,.0f}", (peak["fiscal_year"], peak["scrambles"]), (6, 4), size)
    _years(ax, int(frame["fiscal_year"].min()), int(frame["fiscal_year"].max()), size.pick(3, 5))
    ax.set_ylim(0, frame["scrambles"].max() * 1.12)
    ax.yaxis.set_major_formatter(lambda v, _: theme.thousands(v))
    theme.value_grid(ax)
    return fig


def _years(ax: Axes, first: int, last: int, step: int) -> None:
    ticks = [y for y in range(first, last + 1) if y % step == 0]
    ax.set_xticks(ticks, [str(y) for y in ticks])
    ax.set_xlim(first - 0.5, last + 0.5)
