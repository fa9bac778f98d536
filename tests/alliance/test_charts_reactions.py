"""Charts of chapter 3: labels that stand clear, axes where we claim, marks equal to the data."""

from __future__ import annotations

import pandas as pd
from matplotlib.text import Text

from alliance import REGISTRY
from explainer.exhibits.theme import Size


def drawn(evidence, name: str, size: Size):
    frame = REGISTRY[name].data(evidence)
    return frame, REGISTRY[name].draw(frame, size)


def words(figure) -> set[str]:
    return {text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()}


def test_every_measure_is_marked_on_each_day(evidence):
    frame, figure = drawn(evidence, "measures-timeline", Size.WIDE)
    assert set(frame["kind"]) <= words(figure)
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
