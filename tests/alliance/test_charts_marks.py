"""Single charts: each mark stands where its CSV says; which are hollow, bold or missing, and what is printed."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from alliance import palette
from alliance.economy import drawing as economy
from alliance.elections import drawing as elections
from alliance.geography import sphere
from alliance.law import drawing as law
from alliance.reactions import drawing as reactions
from alliance.scenarios import drawing as scenarios
from alliance.timeline import drawing as timeline
from alliance.timeline.lanes import BIN_DAYS
from explainer.exhibits import kit as core
from explainer.exhibits import theme
from explainer.exhibits.kit import REGISTRY, Gallery
from explainer.exhibits.theme import Size
from labels import clipped_labels, overlapping_labels

# --- Charts without a scale of numbers


BOTH = pytest.mark.parametrize("size", list(Size))


def written(ax) -> list[Text]:
    return [one for one in ax.findobj(Text) if one.get_visible() and one.get_text().strip()]


def views(fig: Figure) -> dict[str, Axes]:
    """Return the two maps, the one of the waters around Taiwan first; the other may lie in its corner."""
    return dict(zip(("near", "region"), sorted(fig.findobj(Axes), key=lambda ax: np.ptp(ax.get_xlim())), strict=True))


@BOTH
def test_places_and_lines_of_the_map_lie_where_the_csv_says(drawings, size):
    frame, figures = drawings["map"]
    for view, ax in views(figures[size]).items():
        (land,) = ax.patches
        assert np.count_nonzero(land.get_path().codes == land.get_path().MOVETO) == len(sphere.coastline(view))
        here = frame[frame["view"] == view]
        places = set(zip(here["lon"].round(6), here["lat"].round(6), strict=True))
        marks = [line for line in ax.get_lines() if line.get_marker() not in ("None", None, "")]
        assert len(marks) >= 5
        assert {(round(mark.get_xdata()[0], 6), round(mark.get_ydata()[0], 6)) for mark in marks} <= places
        ends = {tuple(row) for row in here[here["mark"] == "line"][["lon", "to_lon", "lat", "to_lat"]].to_numpy()}
        lines = {(*line.get_xdata(), *line.get_ydata()) for line in ax.get_lines() if len(line.get_xdata()) == 2}
        assert ends and ends == lines


@BOTH
def test_rings_of_the_map_have_the_radius_of_the_csv_and_say_it(drawings, size):
    frame, figures = drawings["map"]
    axes = views(figures[size])
    rings = frame[frame["mark"] == "ring"]
    assert len(rings) == 2
    for row in rings.itertuples():
        (ring,) = [line for line in axes[row.view].get_lines() if len(line.get_xdata()) > 10]
        away = sphere.great_circle_km(row.lat, row.lon, np.asarray(ring.get_ydata()), np.asarray(ring.get_xdata()))
        assert np.abs(away - row.km).max() < 0.005 * row.km
        assert any(f"{row.km:,.0f} km" in one.get_text() for one in written(axes[row.view]))


@BOTH
def test_each_stakeholder_stands_in_the_row_and_column_of_its_stance_and_side(drawings, size):
    frame, figures = drawings["stance-matrix"]
    shown = [(*one.get_position(), one.get_text()) for one in written(figures[size].axes[0])]
    stances = {text: y for _, y, text in shown if text in {style.label for style in palette.STANCE.values()}}
    assert len(stances) == len(palette.STANCE)
    ends = [*sorted(stances.values()), np.inf]
    left = min(x for x, y, text in shown if y >= ends[0] and text not in stances)
    heads = {text: x for x, y, text in shown if y < ends[0]}
    for row in frame.itertuples():
        top = stances[palette.STANCE[row.stance].label]
        bottom = next(end for end in ends if end > top)
        side = row.side if row.side in reactions.SIDE_COLUMNS else "OTHER"
        column = heads.get(reactions.SIDE_COLUMNS[side][0], left)
        cell = " ".join(text for x, y, text in shown if top <= y < bottom and abs(x - column) < 1e-9)
        name = row.short + (palette.CHANGED if row.others else "")
        assert re.search(rf"(?:^|[,:] ){re.escape(name)}(?:,|$| [A-Z])", cell), (row.short, cell)


@BOTH
def test_the_ladder_asks_in_the_order_of_the_csv_and_answers_with_its_situation(drawings, size):
    frame, figures = drawings["situations-ladder"]
    ax = figures[size].axes[0]
    boxes = sorted((p for p in ax.patches if isinstance(p, Rectangle)), key=lambda box: box.get_y())
    assert len(boxes) == len(frame)
    words = {" ".join(one.get_text().split()): one.get_position()[1] for one in written(ax)}
    questions = [words[" ".join(question.split())] for question in frame["question"]]
    assert questions == sorted(questions)
    assert list(frame["rung"]) == sorted(frame["rung"], reverse=True)
    for box, row in zip(boxes, frame.itertuples(), strict=True):
        middle = box.get_y() + box.get_height() / 2
        assert words[f"{' '.join(row.name.split())} {row.force}"] == pytest.approx(middle)
        assert to_hex(box.get_facecolor()) == to_hex(law.GROUND[row.force])
    answers = Counter(one.get_text() for one in written(ax))
    assert (answers["yes"], answers["no"]) == (len(frame), len(frame) - 1)


@BOTH
def test_the_two_statements_are_marked_at_the_situations_of_the_csv(drawings, size):
    frame, figures = drawings["situations-ladder"]
    ax = figures[size].axes[0]
    boxes = sorted((p for p in ax.patches if isinstance(p, Rectangle)), key=lambda box: box.get_y())
    middles = np.array([box.get_y() + box.get_height() / 2 for box in boxes])
    marked = Counter()
    for line in ax.get_lines():
        filled = to_hex(line.get_markerfacecolor()) == to_hex(theme.PAIR[1])
        row = int(np.abs(middles - line.get_ydata()[0]).argmin())
        marked[frame["situation_id"].iloc[row], law.NAMED if filled else "january"] += 1
    said = {(row.situation_id, which) for row in frame.itertuples() for which in law.STATEMENTS if getattr(row, which)}
    assert set(marked) == said and set(marked.values()) == {1}


@BOTH
def test_every_event_has_a_mark_in_its_lane_of_its_kind_near_its_day(drawings, size):
    frame, figures = drawings["timeline-overview"]
    ax = figures[size].axes[0]
    lanes = {to_hex(palette.ACTOR_COLOURS[lane]): lane for lane in timeline.LANES}
    kinds = {marker: kind for kind, (_, marker) in timeline.KINDS.items()}
    marks = [line for line in ax.get_lines() if line.get_marker() in kinds and line.get_linestyle() == "None"]
    drawn = {(lanes[to_hex(line.get_color())], kinds[line.get_marker()]): line for line in marks}
    assert len(drawn) == len(marks)
    kind = frame["category"].where(frame["category"].isin(timeline.KINDS), "other")
    for key, group in frame.groupby([frame["side"], kind]):
        days = np.sort(date2num(pd.to_datetime(group["date"])))
        line = drawn.pop(key)
        assert np.abs(np.sort(date2num(line.get_xdata())) - days).max() <= BIN_DAYS / 2
        assert len({*zip(line.get_xdata(), line.get_ydata(), strict=True)}) == len(days), "no mark hides another"
    assert drawn == {}


@BOTH
def test_seats_are_drawn_where_they_are(drawings, size):
    frame, figures = drawings["lower-house-seats"]
    ax = figures[size].axes[0]
    assert ax.get_xlim()[0] <= 0 < ax.get_xticks()[1]
    drawn = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    assert sorted(drawn) == sorted([*frame["seats_before"].dropna(), *frame["seats_after"].dropna()])
    assert ax.texts[0].get_text() == "198 → 316"


def test_seats_without_a_number_before_have_one_mark():
    row = {"party": "a", "name": "A", "seats_before": float("nan"), "seats_after": 4.0, "short": ""}
    figure = elections.draw_lower_house_seats(pd.DataFrame([row]), Size.WIDE)
    assert [one.get_text() for one in figure.axes[0].texts] == ["4"]


def texts(fig) -> list[str]:
    return [one.get_text() for one in written(fig)]


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
    figure = REGISTRY["tornado"].drawing(REGISTRY["tornado"].data(evidence, **chosen), size)
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
    assert "26 Jan" not in texts(exhibit.drawing(exhibit.data(evidence.cut("2025-12-20")), Size.WIDE))
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
