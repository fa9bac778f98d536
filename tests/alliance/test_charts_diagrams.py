"""Charts without a scale of numbers: each mark stands where the row of its CSV says, and no row is lost."""

from __future__ import annotations

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
from alliance.elections import drawing as elections
from alliance.geography import sphere
from alliance.law import drawing as law
from alliance.reactions import drawing as reactions
from alliance.timeline import drawing as timeline
from explainer.exhibits import theme
from explainer.exhibits.theme import Size

BOTH = pytest.mark.parametrize("size", list(Size))


def texts(ax) -> list[Text]:
    return [one for one in ax.findobj(Text) if one.get_visible() and one.get_text().strip()]


# --- the map


def views(fig: Figure) -> dict[str, Axes]:
    """Return the two maps, the one of the waters around Taiwan first; the other may lie in its corner."""
    return dict(zip(("near", "region"), sorted(fig.findobj(Axes), key=lambda ax: np.ptp(ax.get_xlim())), strict=True))


@BOTH
def test_places_and_lines_of_the_map_lie_where_the_csv_says(drawings, size):
    frame, figures = drawings["map"]
    for view, ax in views(figures[size]).items():
        assert len(ax.patches) == len(sphere.coastline(view))
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
        assert any(f"{row.km:,.0f} km" in one.get_text() for one in texts(axes[row.view]))


# --- the stances


@BOTH
def test_each_stakeholder_stands_in_the_row_and_column_of_its_stance_and_side(drawings, size):
    frame, figures = drawings["stance-matrix"]
    shown = [(*one.get_position(), one.get_text()) for one in texts(figures[size].axes[0])]
    stances = {text: y for _, y, text in shown if text in {style.label for style in palette.STANCE.values()}}
    assert len(stances) == len(palette.STANCE)
    ends = [*sorted(stances.values()), np.inf]
    left = min(x for x, y, text in shown if y >= ends[0] and text not in stances)
    starts = reactions._column_starts(left) if size is Size.WIDE else [left] * len(reactions.SIDE_COLUMNS)
    for row in frame.itertuples():
        top = stances[palette.STANCE[row.stance].label]
        bottom = next(end for end in ends if end > top)
        column = starts[list(reactions.SIDE_COLUMNS).index(reactions._group(row.side))]
        cell = " ".join(text for x, y, text in shown if top <= y < bottom and abs(x - column) < 1e-9)
        name = row.short + (reactions.CHANGED if row.others else "")
        assert re.search(rf"(?:^|[,:] ){re.escape(name)}(?:,|$| [A-Z])", cell), (row.short, cell)


# --- the ladder of the law


@BOTH
def test_the_ladder_asks_in_the_order_of_the_csv_and_answers_with_its_situation(drawings, size):
    frame, figures = drawings["situations-ladder"]
    ax = figures[size].axes[0]
    boxes = sorted((p for p in ax.patches if isinstance(p, Rectangle)), key=lambda box: box.get_y())
    assert len(boxes) == len(frame)
    words = {" ".join(one.get_text().split()): one.get_position()[1] for one in texts(ax)}
    questions = [words[" ".join(question.split())] for question in frame["question"]]
    assert questions == sorted(questions)
    assert list(frame["rung"]) == sorted(frame["rung"], reverse=True)
    for box, row in zip(boxes, frame.itertuples(), strict=True):
        middle = box.get_y() + box.get_height() / 2
        assert words[f"{' '.join(row.name.split())} {row.force}"] == pytest.approx(middle)
        assert to_hex(box.get_facecolor()) == to_hex(law.GROUND[row.force])
    answers = Counter(one.get_text() for one in texts(ax))
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


# --- the timeline


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
        assert np.abs(np.sort(date2num(line.get_xdata())) - days).max() <= timeline.BIN_DAYS / 2
        assert len({*zip(line.get_xdata(), line.get_ydata(), strict=True)}) == len(days), "no mark hides another"
    assert drawn == {}


# --- the seats


@BOTH
def test_seats_are_drawn_where_they_are(drawings, size):
    frame, figures = drawings["lower-house-seats"]
    ax = figures[size].axes[0]
    assert ax.get_xlim()[0] <= 0 < ax.get_xticks()[1]
    drawn = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    assert sorted(drawn) == sorted([*frame["seats_before"].dropna(), *frame["seats_after"].dropna()])
    assert ax.texts[0].get_text() == "198 → 316"


def test_seats_without_a_number_before_have_one_mark():
    row = {"party": "a", "name": "A", "seats_before": float("nan"), "seats_after": 4.0, "change": float("nan")}
    figure = elections.draw_lower_house_seats(pd.DataFrame([row]), Size.WIDE)
    assert [one.get_text() for one in figure.axes[0].texts] == ["4"]
