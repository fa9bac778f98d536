"""Charts with a scale: which marks are hollow, bold or missing, what is printed beside them, where axes begin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from alliance import palette
from alliance.economy import drawing as economy
from alliance.scenarios import drawing as scenarios
from explainer.exhibits import kit as core
from explainer.exhibits import theme
from explainer.exhibits.kit import REGISTRY, Gallery
from explainer.exhibits.theme import Size
from labels import clipped_labels, overlapping_labels


def texts(fig) -> list[str]:
    return [t.get_text() for t in fig.findobj(Text) if t.get_visible() and t.get_text().strip()]


def hollow(line) -> bool:
    return to_hex(line.get_markerfacecolor()) == theme.PAPER.lower()


def dots(fig, size: int) -> list:
    return [c for c in fig.axes[0].collections if c.get_sizes()[0] == size]


# --- the economy

ACROSS = ("trade-partners", "precedents-of-pressure", "scenario-costs", "tornado")


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("name", [*ACROSS, "visitors-from-china", "visitor-spending", "rare-earths"])
def test_value_axes_start_at_zero(drawings, name, size):
    across = name in ACROSS or (name == "visitors-from-china" and size is Size.NARROW)
    assert {(ax.get_xlim() if across else ax.get_ylim())[0] for ax in drawings[name][1][size].axes} == {0}


def test_every_share_is_printed(drawings):
    frame, figures = drawings["trade-partners"]
    assert {f"{share:.1f}" for share in frame["share_pct"]} <= set(texts(figures[Size.WIDE]))


def test_a_month_without_a_count_says_so_and_derived_counts_are_hollow(drawings):
    frame, figures = drawings["visitors-from-china"]
    fig = figures[Size.WIDE]
    assert texts(fig).count("not found") == frame["visitors"].isna().sum()
    counted = sorted(float(c.get_offsets()[0][1]) * 1000 for c in dots(fig, 44))
    assert counted == pytest.approx(sorted(frame["visitors"].dropna()))
    white = sum(tuple(c.get_facecolor()[0][:3]) == (1, 1, 1) for c in dots(fig, 30))
    assert white == frame["year_before_derived"].sum()


def test_every_published_estimate_is_a_diamond(drawings):
    frame, figures = drawings["scenario-costs"]
    diamonds = [x * 1000 for c in dots(figures[Size.WIDE], 26) for x, _ in c.get_offsets()]
    assert sorted(diamonds) == pytest.approx(sorted(frame[frame["kind"] == "published"]["central_jpy_bn"]))


@pytest.mark.parametrize("identifier", ["scenario-costs", "scenario-assumptions", "tornado"])
def test_a_readers_assumption_is_marked_on_every_scenario_exhibit(evidence, identifier):
    gallery = Gallery(evidence, "04")
    default, changed = gallery.compute(identifier).record, gallery.compute(identifier, visitor_drop_pct=30).record
    assert "A reader's own assumptions: Fall in visitors 30% instead of 50%" in changed["note"]
    assert "own assumptions" not in default["note"] and changed["digest"] != default["digest"]


EXTREMES = [{"visitor_drop_pct": 0}, {"visitor_drop_months": 120}, {"rare_earth_loss_jpy_bn_per_month": 5_000}]


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("chosen", EXTREMES)
def test_labels_keep_apart_under_a_readers_extremes(evidence, chosen, size):
    figure = REGISTRY["tornado"].draw(REGISTRY["tornado"].data(evidence, **chosen), size)
    assert overlapping_labels(figure) == [] and clipped_labels(figure) == []


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 2, "up to 2 months"), (10, 12, "10–12 months"), (7.5, 7.5, "8 months"), (36, 60, "3–5 years"),
     (40.1, 41.9, "3.3–3.5 years"), (0, 36, "up to 3 years")],
)  # fmt: skip
def test_lengths_in_words(low, high, words):
    assert economy.length_words(low, high) == words


def test_trillions():
    assert [scenarios.trillions(x) for x in (0, 82.1, 995, 1_570, 13_652)] == ["0", "0.08", "1.0", "1.6", "13.7"]


# --- the reactions


def test_every_measure_is_marked_on_each_day(drawings):
    frame, figures = drawings["measures-timeline"]
    assert set(frame["kind"]) <= set(texts(figures[Size.WIDE]))
    assert sum(len(points.get_offsets()) for points in figures[Size.WIDE].axes[0].collections) == len(frame)


def test_the_second_utterance_is_marked_only_once_it_has_come(evidence, drawings):
    exhibit = REGISTRY["measures-timeline"]
    assert "26 Jan" not in texts(exhibit.draw(exhibit.data(evidence.cut("2025-12-20")), Size.WIDE))
    assert "26 Jan" in texts(drawings["measures-timeline"][1][Size.WIDE])


def test_bars_of_intensity_share_a_scale_with_zero(drawings):
    [limits] = {ax.get_ylim() for ax in drawings["intensity"][1][Size.WIDE].axes}
    assert limits[1] > 0


def test_approval_margins_are_drawn_where_known(drawings):
    frame, figures = drawings["approval"]
    groups = [c for ax in figures[Size.WIDE].axes for c in ax.collections if hasattr(c, "get_segments")]
    lengths = [round(end[1] - start[1], 3) for group in groups for start, end in group.get_segments()]
    assert sorted(x for x in lengths if x > 0) == sorted(round(2 * m, 3) for m in frame["margin_points"].dropna())


# --- the region


def test_the_activity_says_what_it_compares(drawings):
    subtitle = core.say(REGISTRY["taiwan-activity"].subtitle, drawings["taiwan-activity"][0])
    assert subtitle.endswith("January 2023 to July 2026. Compared: March to July with the same months a year before")


@pytest.mark.parametrize(
    ("change", "claim"), [(0.5, "50 per cent below"), (1.02, "differ little"), (2, "100 per cent above")]
)
def test_the_claim_on_activity_follows_the_numbers(change, claim):
    months = [f"{year}-{month:02d}" for year in (2025, 2026) for month in (3, 4, 5)]
    counts = {"month": months, "measure": "All aircraft counted", "sorties": [100.0] * 3 + [100 * change] * 3}
    assert claim in core.say(REGISTRY["taiwan-activity"].claim, pd.DataFrame(counts))


def test_spending_lines_equal_the_table(drawings):
    frame, figures = drawings["defence-spending"]
    for country, part in frame.groupby("country"):
        [line] = [line for line in figures[Size.WIDE].axes[0].get_lines() if line.get_label() == country]
        assert list(line.get_xdata()) == list(part["year"]) and list(line.get_ydata()) == list(part["share_pct"])
    assert {"Japan 1.4", "China 1.7", "Taiwan 2.1", "United States 3.1"} <= set(texts(figures[Size.WIDE]))


def test_lower_bounds_are_hollow_and_gaps_break_the_line(drawings):
    frame, figures = drawings["taiwan-activity"]
    lines = figures[Size.WIDE].axes[0].get_lines()
    bounds = sum(len(line.get_xdata()) for line in lines if line.get_marker() == "o" and hollow(line))
    assert bounds == (frame["status"] == "lower bound").sum() == 13
    plain = [line for line in lines if line.get_marker() == "None" and len(line.get_xdata()) > 5]
    breaks = sum(int(np.isnan(np.asarray(line.get_ydata(), dtype=float)).sum()) for line in plain)
    assert breaks == (frame["status"] == "gap").sum() > 0


def test_the_unfinished_year_is_a_hollow_point_off_the_line(drawings):
    frame, figures = drawings["scrambles"]
    [point] = [line for line in figures[Size.WIDE].axes[0].get_lines() if list(line.get_xdata()) == [2025]]
    assert hollow(point)
    assert point.get_ydata()[0] == frame.loc[frame["status"] == "nine months", "scrambles"].iloc[0]


@pytest.mark.parametrize("size", list(Size))
def test_the_map_names_what_the_text_speaks_of_and_takes_no_side(drawings, size):
    words = " | ".join(texts(drawings["map"][1][size])).replace("\n", " ")
    for name in ("Yonaguni", "Taipei", "Tokyo", "Kadena", "108 km", "2,100 km", "Senkaku/", "Diaoyu"):
        assert name in words


def test_every_statement_has_a_mark_on_its_step_and_the_two_stand_out(drawings):
    frame, figures = drawings["earlier-words"]
    ax = figures[Size.WIDE].axes[0]
    marks = [line for line in ax.get_lines() if line.get_linestyle() == "None"]
    assert [line.get_xdata()[0] for line in marks] == list(frame["step"])
    assert list(map(hollow, marks)) == list(frame["in_office"] == "no")
    assert {line.get_marker() for line in marks} == {palette.ACTOR_MARKERS["JP"], palette.ACTOR_MARKERS["US"]}
    assert len(ax.get_yticklabels()) == len(frame)
    bold = [label.get_text() for label in ax.get_yticklabels() if label.get_fontweight() == 700]
    assert len(bold) == (frame["highlight"] == "yes").sum() == 2 and all("Takaichi" in one for one in bold)
