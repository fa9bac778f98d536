"""Charts of chapter 3: labels that stand clear, axes where we claim, marks equal to the data."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.text import Text

from explainer.exhibits import theme
from explainer.exhibits.kit import REGISTRY, Gallery, as_csv
from explainer.exhibits.theme import Size
from labels import clipped_labels, overlapping_labels

FIGURES = ("measures-timeline", "japan-timeline", "stance-matrix", "intensity", "approval", "opinion-remark")
TABLES = ("china-measures", "japan-measures", "who-said-what", "events-register", "intensity-check")
DAYS = ("2025-11-30", "2026-01-28", "2026-02-10", "2026-08-21")


def drawn(evidence, name: str, size: Size):
    frame = REGISTRY[name].data(evidence)
    return frame, REGISTRY[name].draw(frame, size)


def words(figure) -> set[str]:
    return {text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()}


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", FIGURES)
def test_no_label_overlaps_or_is_cut_off(evidence, name, day, size):
    _, figure = drawn(evidence.cut(day), name, size)
    assert overlapping_labels(figure) == []
    assert clipped_labels(figure) == []
    assert figure.get_size_inches()[0] == pytest.approx(size.width)


def test_overlaps_are_found():
    figure, ax = theme.figure(Size.WIDE, 2)
    ax.text(0.5, 0.5, "one")
    ax.text(0.5, 0.5, "two")
    assert ("one", "two") in overlapping_labels(figure)


def test_a_label_beyond_the_edge_is_found():
    figure, ax = theme.figure(Size.WIDE, 2)
    figure.set_layout_engine("none")
    ax.annotate("far out", (1.4, 0.5), xycoords="axes fraction", annotation_clip=False)
    assert "far out" in clipped_labels(figure)


def test_spread_keeps_order_and_distance():
    assert theme.spread([1.0, 1.1, 5.0], 1.0) == pytest.approx([0.55, 1.55, 5.0])


@pytest.mark.parametrize("name", [*FIGURES, *TABLES])
@pytest.mark.parametrize("day", DAYS)
def test_exhibits_say_nothing_that_lies_ahead(evidence, name, day):
    shown = Gallery(evidence.cut(day), "03-reactions").compute(name).record
    text = " ".join(shown[key] for key in ("claim", "subtitle", "note", "alt"))
    assert shown["claim"]
    if day < "2026-01-26":
        assert "2026" not in text


@pytest.mark.parametrize("name", FIGURES)
def test_drawing_leaves_the_frame_alone(evidence, name):
    frame = REGISTRY[name].data(evidence)
    before = as_csv(frame)
    REGISTRY[name].draw(frame, Size.WIDE)
    assert as_csv(frame) == before


def test_every_measure_is_named_and_marked_on_each_day(evidence):
    frame, figure = drawn(evidence, "measures-timeline", Size.WIDE)
    assert set(frame["measure"]) | set(frame["kind"]) <= words(figure)
    marks = sum(len(points.get_offsets()) for points in figure.axes[0].collections)
    assert marks == len(frame)


def test_the_second_utterance_is_marked_only_once_it_has_come(evidence):
    _, before = drawn(evidence.cut("2025-12-20"), "measures-timeline", Size.WIDE)
    _, after = drawn(evidence, "measures-timeline", Size.WIDE)
    assert "26 Jan" not in words(before)
    assert "26 Jan" in words(after)


def test_every_stakeholder_stands_in_the_grid_once(evidence):
    for size in Size:
        frame, figure = drawn(evidence, "stance-matrix", size)
        text = ", ".join(sorted(words(figure)))
        for row in frame.itertuples():
            assert row.short + ("*" if row.others else "") in text


def test_bars_of_intensity_equal_the_data_and_share_a_scale_with_zero(evidence):
    frame, figure = drawn(evidence, "intensity", Size.WIDE)
    heights = [bar.get_height() for ax in figure.axes for bar in ax.patches]
    assert sorted(heights) == sorted(frame["goldstein_sum"])
    limits = {ax.get_ylim() for ax in figure.axes}
    assert len(limits) == 1
    assert limits.pop()[1] > 0


def test_opinion_bars_start_at_zero_and_equal_the_data(evidence):
    frame, figure = drawn(evidence, "opinion-remark", Size.WIDE)
    bars = [bar for ax in figure.axes for bar in ax.patches]
    assert all(min(bar.get_x(), bar.get_x() + bar.get_width(), key=abs) == 0 for bar in bars)
    assert sorted(bar.get_width() for bar in bars) == sorted([*(-frame["reject"]), *frame["accept"]])


def test_approval_axis_starts_where_the_subtitle_says(evidence):
    frame, figure = drawn(evidence, "approval", Size.WIDE)
    assert figure.axes[0].get_ylim()[0] == 35
    assert "from 35" in REGISTRY["approval"].subtitle
    assert frame["approve"].between(35, 92).all()
    assert set(frame["name"]) <= words(figure)


def test_approval_margins_are_drawn_where_known(evidence):
    frame, figure = drawn(evidence, "approval", Size.WIDE)
    lines = [
        seg for ax in figure.axes for c in ax.collections if hasattr(c, "get_segments") for seg in c.get_segments()
    ]
    spans = sorted(round(seg[1][1] - seg[0][1], 3) for seg in lines if seg[1][1] > seg[0][1])
    assert spans == sorted(round(2 * m, 3) for m in frame["margin_points"].dropna())


def test_an_asterisk_needs_a_second_stance():
    frame = pd.DataFrame(
        [("a", "A", "A", "party", "JP", "critical", "critical", "", 1, "d", "d", "s")],
        columns=["stakeholder_id", "stakeholder", "short", "kind", "side", "stance", "latest", "others", "statements",
                 "first", "last", "source_ids"],
    )  # fmt: skip
    assert "A" in words(REGISTRY["stance-matrix"].draw(frame, Size.WIDE))
    changed = frame.assign(others="neutral")
    assert "A*" in words(REGISTRY["stance-matrix"].draw(changed, Size.WIDE))
