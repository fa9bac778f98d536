"""The economic charts: what is drawn equals the frame, every label is readable, axes start where we say."""

from __future__ import annotations

import pytest
from matplotlib.text import Text

from alliance import REGISTRY, Gallery
from alliance.economy import drawing as charts
from alliance.scenarios import drawing as scenario_charts
from explainer.exhibits.theme import Size
from labels import clipped_labels, overlapping_labels

FIGURES = ("trade-partners", "visitors-from-china", "visitor-spending", "rare-earths", "precedents-of-pressure",
           "scenario-costs", "tornado")  # fmt: skip


def texts(fig) -> list[str]:
    return [t.get_text() for t in fig.findobj(Text) if t.get_text().strip()]


@pytest.fixture(scope="module")
def drawn(evidence):
    frames = {name: REGISTRY[name].data(evidence.cut("2026-08-21")) for name in FIGURES}
    return {(name, size): (frame, REGISTRY[name].draw(frame, size)) for name, frame in frames.items() for size in Size}


@pytest.mark.parametrize("identifier", FIGURES)
def test_value_axes_start_at_zero(drawn, identifier):
    for size in Size:
        fig = drawn[identifier, size][1]
        across = identifier in ("trade-partners", "precedents-of-pressure", "scenario-costs", "tornado") or (
            identifier == "visitors-from-china" and size is Size.NARROW)  # fmt: skip
        for ax in fig.axes:
            assert (ax.get_xlim() if across else ax.get_ylim())[0] == 0


def test_every_share_is_printed_and_both_partners_named(drawn):
    frame, fig = drawn["trade-partners", Size.WIDE]
    words = texts(fig)
    for share in frame["share_pct"]:
        assert f"{share:.1f}" in words
    assert {"China", "United States"} <= set(words)


def test_a_month_without_a_count_says_so_and_has_no_mark(drawn):
    frame, fig = drawn["visitors-from-china", Size.WIDE]
    assert texts(fig).count("not found") == frame["visitors"].isna().sum()
    squares = [c for c in fig.axes[0].collections if c.get_sizes()[0] == 44]
    drawn_values = sorted(float(c.get_offsets()[0][1]) * 1000 for c in squares)
    assert drawn_values == pytest.approx(sorted(frame["visitors"].dropna()))


def test_derived_counts_are_hollow(drawn):
    frame, fig = drawn["visitors-from-china", Size.WIDE]
    circles = [c for c in fig.axes[0].collections if c.get_sizes()[0] == 30]
    hollow = sum(tuple(c.get_facecolor()[0][:3]) == (1, 1, 1) for c in circles)
    assert hollow == frame["year_before_derived"].sum()


def test_bars_of_pressure_equal_the_longest_and_the_sure_length(drawn):
    frame, fig = drawn["precedents-of-pressure", Size.WIDE]
    widths = sorted(p.get_width() * 12 for p in fig.axes[0].patches)
    ended = frame[~frame["ongoing"]]
    expected = [*ended["months_low"], *ended["months_high"], *frame[frame["ongoing"]]["months_high"]]
    assert widths == pytest.approx(sorted(expected))


def test_tornado_bars_meet_at_the_middle(drawn):
    frame, fig = drawn["tornado", Size.WIDE]
    bars = fig.axes[0].patches
    for place, row in frame.iterrows():
        left, right = bars[2 * place], bars[2 * place + 1]
        assert left.get_x() * 1000 == pytest.approx(row["total_low_jpy_bn"])
        assert (left.get_x() + left.get_width()) == pytest.approx(right.get_x())
        assert (right.get_x() + right.get_width()) * 1000 == pytest.approx(row["total_high_jpy_bn"])


def test_every_published_estimate_is_a_diamond(drawn):
    frame, fig = drawn["scenario-costs", Size.WIDE]
    diamonds = [x * 1000 for c in fig.axes[0].collections if c.get_sizes()[0] == 26 for x, _ in c.get_offsets()]
    assert sorted(diamonds) == pytest.approx(sorted(frame[frame["kind"] == "published"]["central_jpy_bn"]))


def test_a_readers_assumption_is_marked_on_every_scenario_exhibit(evidence):
    for identifier in ("scenario-costs", "scenario-assumptions", "tornado"):
        gallery = Gallery(evidence, "04")
        default, changed = gallery.compute(identifier).record, gallery.compute(identifier, visitor_drop_pct=30).record
        assert "A reader's own assumptions: Fall in visitors 30% instead of 50%" in changed["note"]
        assert "own assumptions" not in default["note"] and changed["digest"] != default["digest"]


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("chosen", [{"visitor_drop_pct": 0}, {"visitor_drop_months": 120},
                                    {"rare_earth_loss_jpy_bn_per_month": 5_000}])  # fmt: skip
def test_labels_keep_apart_under_a_readers_extremes(evidence, chosen, size):
    figure = REGISTRY["tornado"].draw(REGISTRY["tornado"].data(evidence, **chosen), size)
    assert overlapping_labels(figure) == [] and clipped_labels(figure) == []


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 2, "up to 2 months"), (10, 12, "10–12 months"), (7.5, 7.5, "8 months"), (36, 60, "3–5 years"),
     (40.1, 41.9, "3.3–3.5 years"), (0, 36, "up to 3 years")],
)  # fmt: skip
def test_lengths_in_words(low, high, words):
    assert charts.length_words(low, high) == words


def test_trillions():
    assert [scenario_charts.trillions(x) for x in (0, 82.1, 995, 1_570, 13_652)] == ["0", "0.08", "1.0", "1.6", "13.7"]
