"""Charts of chapter 3: labels that stand clear, axes where we claim, marks equal to the data."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.text import Text

from alliance import REGISTRY
from explainer.exhibits import theme
from explainer.exhibits.theme import Size
from labels import clipped_labels, overlapping_labels


def drawn(evidence, name: str, size: Size):
    frame = REGISTRY[name].data(evidence)
    return frame, REGISTRY[name].draw(frame, size)


def words(figure) -> set[str]:
    return {text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()}


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


def test_bars_of_intensity_share_a_scale_with_zero(evidence):
    _, figure = drawn(evidence, "intensity", Size.WIDE)
    limits = {ax.get_ylim() for ax in figure.axes}
    assert len(limits) == 1
    assert limits.pop()[1] > 0


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
