"""The house style: colours that every reader tells apart, labels that stand clear, drawings that stay the same."""

import itertools
from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from colours import SIGHT, lab, told_apart
from explainer.exhibits import theme
from explainer.exhibits.kit import REGISTRY, Gallery
from explainer.exhibits.pictures import svg_bytes
from explainer.exhibits.theme import Size
from labels import clipped_labels, overlapping_labels


def test_pairs_and_the_focus_differ_for_every_reader():
    assert told_apart(*theme.PAIR) and told_apart(*theme.FOCUS)


@pytest.mark.parametrize("sight", ["", *SIGHT])
def test_the_sequence_goes_from_light_to_dark_for_every_reader(sight):
    light = [lab(colour, sight)[0] for colour in theme.SEQUENCE]
    assert all(before - after >= 8 for before, after in itertools.pairwise(light))


def test_colours_that_only_look_different_to_most_are_found():
    assert not told_apart("#c00000", "#5a7000")
    assert told_apart("#000000", "#ffffff")


def test_labels_that_overlap_or_leave_the_drawing_are_found():
    figure, ax = theme.figure(Size.WIDE, 2)
    figure.set_layout_engine("none")
    ax.text(0.5, 0.5, "one")
    ax.text(0.5, 0.5, "two")
    ax.annotate("far out", (1.4, 0.5), xycoords="axes fraction", annotation_clip=False)
    assert ("one", "two") in overlapping_labels(figure) and "far out" in clipped_labels(figure)


def test_spread_keeps_order_and_distance():
    assert theme.spread([1.0, 1.1, 5.0], 1.0) == pytest.approx([0.55, 1.55, 5.0])


def test_the_last_digits_of_a_layout_do_not_reach_a_drawing():
    drawn = []
    for noise in (0, 1e-13):
        figure = Figure()
        figure.add_axes((0.1 + noise, 0.1, 0.8, 0.8)).plot([1, 2], clip_on=True)
        drawn.append(svg_bytes(figure, "noise"))
    assert b"clip-path" in drawn[0] and drawn[0] == drawn[1]


@pytest.mark.parametrize("text", ["From $5 to $6", "$$x$$", r"\(x\) and $\nonsense$"])
def test_a_dollar_in_a_text_is_drawn_as_it_stands(text):
    fig, ax = theme.figure(Size.WIDE, 1)
    ax.set_title(text)
    assert text.encode() in svg_bytes(fig, "salt")


def test_what_a_subject_gives_and_may_not_is_named(evidence, monkeypatch):
    with pytest.raises(TypeError, match=r"exhibit 'x': its drawing is a NoneType\. Mend: return a Figure"):
        svg_bytes(None, "x")
    name, exhibit = next(iter(REGISTRY.items()))
    monkeypatch.setitem(REGISTRY, name, replace(exhibit, data=lambda _: None))
    with pytest.raises(TypeError, match=f"exhibit '{name}': its data is a NoneType. Mend: return a DataFrame"):
        Gallery(evidence, "x").compute(name)
