"""The charts of chapter 4's security half: what is on the axes, what is named, what overlaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from alliance import REGISTRY, palette
from alliance.alliance import drawing as ambiguity
from explainer.exhibits import kit as core
from explainer.exhibits import theme
from explainer.exhibits.theme import Size


def texts(fig) -> str:
    return " | ".join(a.get_text() for a in fig.findobj(Text) if a.get_visible() and a.get_text())


def test_the_activity_says_what_it_compares(evidence):
    subtitle = core.say(REGISTRY["taiwan-activity"].subtitle, REGISTRY["taiwan-activity"].data(evidence))
    assert subtitle.endswith("January 2023 to July 2026. Compared: March to July with the same months a year before")


@pytest.mark.parametrize(
    ("change", "claim"), [(0.5, "50 per cent below"), (1.02, "differ little"), (2, "100 per cent above")]
)
def test_the_claim_on_activity_follows_the_numbers(change, claim):
    months = [f"{year}-{month:02d}" for year in (2025, 2026) for month in (3, 4, 5)]
    frame = pd.DataFrame(
        {"month": months, "measure": "All aircraft counted", "sorties": [100.0] * 3 + [100 * change] * 3}
    )
    assert claim in core.say(REGISTRY["taiwan-activity"].claim, frame)


# --- Spending ---------------------------------------------------------------------------------------------


def test_spending_lines_equal_the_table(drawings):
    frame, figures = drawings["defence-spending"]
    ax = figures[Size.WIDE].axes[0]
    lines = {line.get_label(): line for line in ax.get_lines() if not line.get_label().startswith("_")}
    assert set(lines) == set(frame["country"])
    for country, line in lines.items():
        part = frame[frame["country"] == country]
        assert list(line.get_xdata()) == list(part["year"]) and list(line.get_ydata()) == list(part["share_pct"])
    for country in ("Japan 1.4", "China 1.7", "Taiwan 2.1", "United States 3.1"):
        assert country in texts(figures[Size.WIDE])


# --- Activity and scrambles -------------------------------------------------------------------------------


def test_lower_bounds_are_hollow_and_gaps_break_the_line(drawings):
    frame, figures = drawings["taiwan-activity"]
    ax = figures[Size.WIDE].axes[0]
    hollow = [
        line
        for line in ax.get_lines()
        if line.get_marker() == "o" and to_hex(line.get_markerfacecolor()) == theme.PAPER.lower()
    ]
    assert sum(len(line.get_xdata()) for line in hollow) == (frame["status"] == "lower bound").sum() == 13
    plain = [line for line in ax.get_lines() if line.get_marker() == "None" and len(line.get_xdata()) > 5]
    breaks = sum(int(np.isnan(np.asarray(line.get_ydata(), dtype=float)).sum()) for line in plain)
    assert breaks == (frame["status"] == "gap").sum() > 0


def test_the_unfinished_year_is_a_hollow_point_off_the_line(drawings):
    frame, figures = drawings["scrambles"]
    ax = figures[Size.WIDE].axes[0]
    point = [line for line in ax.get_lines() if list(line.get_xdata()) == [2025]]
    assert len(point) == 1 and to_hex(point[0].get_markerfacecolor()) == theme.PAPER.lower()
    assert point[0].get_ydata()[0] == frame.loc[frame["status"] == "nine months", "scrambles"].iloc[0]


# --- Map and words ----------------------------------------------------------------------------------------


def test_the_map_names_what_the_text_speaks_of_and_takes_no_side(drawings):
    for fig in drawings["map"][1].values():
        words = texts(fig).replace("\n", " ")
        for name in ("Yonaguni", "Taipei", "Tokyo", "Kadena", "108 km", "2,100 km"):
            assert name in words
        assert "Senkaku/" in words and "Diaoyu" in words


def test_every_statement_has_a_named_line_on_its_step(drawings):
    frame, figures = drawings["earlier-words"]
    ax = figures[Size.WIDE].axes[0]
    marks = [line for line in ax.get_lines() if line.get_linestyle() == "None"]
    assert [line.get_xdata()[0] for line in marks] == list(frame["step"])
    assert len(ax.get_yticklabels()) == len(frame)
    hollow = [to_hex(line.get_markerfacecolor()) == theme.PAPER.lower() for line in marks]
    assert hollow == list(frame["in_office"] == "no")
    assert {line.get_marker() for line in marks} == {palette.ACTOR_MARKERS["JP"], palette.ACTOR_MARKERS["US"]}


def test_the_two_statements_stand_out(drawings):
    frame, figures = drawings["earlier-words"]
    labels = figures[Size.NARROW].axes[0].get_yticklabels()
    bold = [label.get_text() for label in labels if label.get_fontweight() == 700]
    assert bold == ["Takaichi, Nov 2025", "Takaichi, Jan 2026"]
    assert (frame["highlight"] == "yes").sum() == 2
    assert ambiguity.STEPS_WIDE[0].startswith("0")
