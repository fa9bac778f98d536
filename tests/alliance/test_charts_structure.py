"""Every registered chart, drawn on the latest day: what it must show whoever drew it.

A new chart has to be entered in `CHARTS`; until then the first test fails.
"""

import datetime as dt
import itertools
from dataclasses import dataclass
from fnmatch import filter as filter_names

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from alliance import palette
from colours import APART_IN_GREY, lab, told_apart
from explainer.exhibits import kit as core
from explainer.exhibits import theme
from explainer.exhibits.columns import columns_of
from explainer.exhibits.kit import REGISTRY
from explainer.exhibits.theme import Size
from labels import clipped_labels, overlapping_labels


@dataclass(frozen=True)
class Chart:
    """What a chart says it draws: the word of its unit, its numbers, its series; bars and where they stand."""

    unit: str
    values: tuple[str, ...] = ()
    scale: float = 1.0
    series: str = ""
    bars: str = ""
    lines: str = ""


CHARTS = {
    "trade-partners": Chart("per cent", ("share_pct",), series="partner_label"),
    "visitors-from-china": Chart("thousands", ("visitors",), 1000),
    "visitor-spending": Chart("billion yen", ("spending_jpy_bn",), series="market", bars="zero"),
    "rare-earths": Chart("per cent", ("share_pct",)),
    "precedents-of-pressure": Chart("years", ("months_low", "months_high"), 12, bars="zero"),
    "scenario-costs": Chart("trillion yen", ("low_jpy_bn", "central_jpy_bn", "high_jpy_bn"), 1000),
    "tornado": Chart("trillion yen", ("total_low_jpy_bn", "total_high_jpy_bn"), 1000, bars="centre"),
    "lower-house-seats": Chart("Seats", ("seats_before", "seats_after"), series="name"),
    "situations-ladder": Chart("Questions", series="name_en"),
    "approval": Chart("per cent", ("approve",), series="name", lines="axis from 35"),
    "opinion-remark": Chart("per cent", ("accept", "reject"), series="name", bars="zero"),
    "measures-timeline": Chart("step", ("date",), series="measure"),
    "japan-timeline": Chart("step", ("date",), series="measure"),
    "stance-matrix": Chart("Stance", series="short"),
    "intensity": Chart("Goldstein", ("goldstein_sum",), series="pair_name", bars="zero"),
    "map": Chart("great-circle distances"),
    "earlier-words": Chart("coded", ("step",)),
    "defence-spending": Chart("per cent of GDP", ("share_pct",), series="country", lines="0"),
    "defence-measures": Chart("per cent of GDP", ("share_pct",), series="measure", bars="zero"),
    "taiwan-activity": Chart("Sorties", ("sorties",), lines="0"),
    "scrambles": Chart("Scrambles", ("scrambles",), lines="0"),
    "timeline-overview": Chart("Events", series="side"),
}
SHORT = {"United States": "US", "Liberal Democratic Party": "Liberal Democrats", "Reiwa Shinsengumi": "Reiwa",
         "Centrist Reform Alliance": "Centrist Alliance", "Japan Innovation Party (Ishin)": "Ishin",
         "Democratic Party for the People": "For the People", "Japanese Communist Party": "Communist Party",
         "Genzei–Yukoku Alliance": "Genzei–Yukoku", "Social Democratic Party": "Social Democrats"}  # fmt: skip
"""Names as the narrow drawing may shorten them."""
SMALLEST = {Size.WIDE: 9.0, Size.NARROW: 8.0}
FIGURES = sorted(name for name, exhibit in REGISTRY.items() if exhibit.kind == "figure")
EVERY = pytest.mark.parametrize("name", FIGURES)
BOTH = pytest.mark.parametrize("size", list(Size))


def words(fig: Figure) -> str:
    shown = [t.get_text() for t in fig.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return " ".join(" ".join(shown).split())


def bars(ax) -> list[Rectangle]:
    return [p for p in ax.patches if isinstance(p, Rectangle) and p.get_transform() != ax.transAxes]


def drawn_numbers(fig: Figure) -> np.ndarray:
    """Return every number that places a mark: of lines, points and the ends of bars."""
    found = [[np.nan]]
    for ax in fig.axes:
        found += [date2num(v) if isinstance(next(iter(v), 0), dt.date) else v
                  for line in ax.get_lines() for v in (line.get_xdata(), line.get_ydata())]  # fmt: skip
        found += [np.ravel(dots.get_offsets()) for dots in ax.collections if isinstance(dots, PathCollection)]
        found += [np.ravel(path.vertices) for group in ax.collections for path in group.get_paths()]
        found += [(b.get_x(), b.get_x() + b.get_width(), b.get_y(), b.get_y() + b.get_height()) for b in bars(ax)]
        found += [(b.get_width(), b.get_height()) for b in bars(ax)]
    arrays = [np.asarray(list(part), dtype=object) for part in found]
    return np.unique(pd.to_numeric(pd.Series(np.concatenate(arrays)), errors="coerce").dropna().to_numpy(float))


def test_every_chart_is_entered_here():
    assert set(FIGURES) == set(CHARTS)


@pytest.mark.parametrize("table", ["headings", "captions"])
def test_words_in_the_tables_are_of_exhibits_that_there_are(evidence, table):
    named = {one for names in evidence.table(table)["exhibits"] for one in names.split(";")}
    assert not [one for one in named if not filter_names(REGISTRY, one)]
    assert table == "captions" or not [one for one in REGISTRY if not columns_of(one, evidence)]


@EVERY
def test_it_makes_a_claim_and_names_its_unit(evidence, drawings, name):
    exhibit, frame = REGISTRY[name], drawings[name][0]
    claim, subtitle, _, alt = core.worded(exhibit, frame, evidence).values()
    assert 4 <= len(claim.split()) <= 22 and not claim.endswith(".")
    assert CHARTS[name].unit in subtitle
    assert len(alt.split()) >= 12
    assert name == "map" or all(one in alt for one in frame.get("name", pd.Series(dtype=str)).dropna()[:5])


@BOTH
@EVERY
def test_no_label_overlaps_is_cut_or_is_too_small(drawings, name, size):
    fig = drawings[name][1][size]
    assert overlapping_labels(fig) == []
    assert clipped_labels(fig) == []
    sizes = {t.get_fontsize() for t in fig.findobj(Text) if t.get_visible() and t.get_text().strip()}
    assert min(sizes) >= SMALLEST[size]
    assert fig.get_figwidth() == size.width


EDITIONS = ("2025-11-30", "2026-01-28", "2026-02-10", "2026-08-21")
LATER = {"defence-spending": "2026-06-28"}
"""Exhibits that have nothing to show before a day."""


@pytest.mark.parametrize("day", EDITIONS)
@pytest.mark.parametrize("name", REGISTRY)
def test_an_exhibit_holds_in_every_edition(evidence, name, day):
    """Its words follow that day's numbers and know nothing later, its labels stand clear, its frame is left alone."""
    then, exhibit = evidence.cut(day), REGISTRY[name]
    frame = exhibit.data(then)
    if frame.empty or day < LATER.get(name, ""):
        return
    record = core.record(exhibit, frame, then, "04", {})
    said = " ".join(record[key] for key in ("claim", "subtitle", "note", "alt"))
    assert record["claim"] and not record["claim"].endswith(".") and "{" not in said
    assert "nan" not in said.lower().split()
    assert set(record["source_ids"]) <= set(then.sources["source_id"])
    assert all(len(row) == len(record["table"]["columns"]) for row in record["table"]["rows"])
    assert exhibit.rows or len(record["table"]["rows"]) == len(frame)
    assert day > EDITIONS[0] or "2026" not in said
    before = frame.copy(deep=True)
    for size in Size if exhibit.kind == "figure" and day in EDITIONS[::2] else ():
        fig = exhibit.drawing(frame, size)
        assert (overlapping_labels(fig), clipped_labels(fig)) == ([], [])
    assert frame.equals(before)


@BOTH
@pytest.mark.parametrize("name", [name for name, chart in CHARTS.items() if chart.values])
def test_what_is_drawn_is_what_the_csv_says(drawings, name, size):
    frame, figures = drawings[name]
    drawn = np.abs(drawn_numbers(figures[size]))

    def lost(values: np.ndarray) -> list[float]:
        return [v for v in values if np.abs(drawn - abs(v) / CHARTS[name].scale).min() > 1e-6 * max(1, abs(v))]

    for column in CHARTS[name].values:
        values = frame[column].dropna()
        values = date2num(pd.to_datetime(values)) if column == "date" else values.to_numpy(float)
        assert len(values) and lost(values) == []
        assert lost(values * 1.01 + 0.37), "numbers that are not drawn must be missed, or nothing is compared"


@BOTH
@pytest.mark.parametrize("name", [name for name, chart in CHARTS.items() if chart.series])
def test_every_series_has_its_name_on_the_drawing(drawings, name, size):
    frame, figures = drawings[name]
    shown = words(figures[size]).replace("- ", "-")
    named = [palette.ACTOR_NAMES.get(one, one) for one in frame[CHARTS[name].series].dropna().unique()]
    lost = [one for one in named if " ".join(one.split()[:2]) not in shown]
    assert [one for one in lost if SHORT.get(one, one) not in shown] == []


@BOTH
@pytest.mark.parametrize("name", [name for name, chart in CHARTS.items() if chart.bars])
def test_bars_start_at_zero_or_where_they_are_compared(drawings, name, size):
    for ax in drawings[name][1][size].axes:
        found = bars(ax)
        across = np.std([b.get_height() for b in found]) <= np.std([b.get_width() for b in found])
        ends = [(b.get_x(), b.get_x() + b.get_width()) if across else (b.get_y(), b.get_y() + b.get_height())
                for b in found]  # fmt: skip
        low, high = sorted(ax.get_xlim() if across else ax.get_ylim())
        assert low <= 0 <= high
        bases = {0.0} | {round(end, 6) for pair in ends for end in pair}
        if CHARTS[name].bars == "centre":
            shared = set.intersection(*({round(end, 6) for end in pair} for pair in ends if pair[0] != pair[1]))
            assert len(shared) == 1
        else:
            standing = [pair for pair in ends if min(map(abs, pair)) > 1e-9]
            assert all(round(min(pair, key=abs), 6) in bases for pair in standing)
            assert len(standing) < len(ends)


@BOTH
@pytest.mark.parametrize("name", [name for name, chart in CHARTS.items() if chart.lines])
def test_lines_start_at_zero_or_the_subtitle_says_where(evidence, drawings, name, size):
    frame, figures = drawings[name]
    start = CHARTS[name].lines
    assert figures[size].axes[0].get_ylim()[0] == float(start.rpartition(" ")[2])
    assert start == "0" or start in core.worded(REGISTRY[name], frame, evidence)["subtitle"]


# --- Colours as others see them


def test_no_two_sides_share_both_look_and_sign():
    for one, other in itertools.combinations(palette.ACTOR_COLOURS, 2):
        if palette.ACTOR_NAMES[one] in ("Others", "South Korea", "Russia", "Philippines") and (
            palette.ACTOR_COLOURS[one] == palette.ACTOR_COLOURS[other]):  # fmt: skip
            continue  # drawn as one group
        alike = not told_apart(palette.ACTOR_COLOURS[one], palette.ACTOR_COLOURS[other])
        assert not alike or palette.ACTOR_MARKERS[one] != palette.ACTOR_MARKERS[other], (one, other)
    assert len({style.marker for style in palette.STANCE.values()}) == len(palette.STANCE)


@BOTH
@EVERY
def test_series_that_share_a_plot_do_not_hang_on_colour_alone(drawings, name, size):
    for ax in drawings[name][1][size].axes:
        looks = set()
        for line in ax.get_lines():
            if len(line.get_xdata()) > 4 and line.get_linestyle() != "None":
                looks.add((to_hex(line.get_color()), str(line._unscaled_dash_pattern), str(line.get_marker())))
        for (one, *sign), (other, *mark) in itertools.combinations(sorted(looks), 2):
            assert one == other or sign != mark or told_apart(one, other), (one, other)


@EVERY
def test_neighbouring_bars_of_two_colours_differ_in_grey(drawings, name):
    for ax in drawings[name][1][Size.WIDE].axes:
        colours = {to_hex(b.get_facecolor()) for b in bars(ax) if b.get_facecolor()[3] == 1 and b.get_width()}
        for one, other in itertools.combinations(sorted(colours - {theme.PAPER.lower()}), 2):
            assert abs(lab(one)[0] - lab(other)[0]) >= APART_IN_GREY, (one, other)
