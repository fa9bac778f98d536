"""Drawings on the page: their words are text, their looks are shared, nothing in them runs, and they are short."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from explainer import faces
from explainer.publish.html import svg
from publish_fixture import FIGURES

VISITS = (FIGURES / "visits.svg").read_text(encoding="utf-8")
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="460.8pt" height="144pt">'
DOT = '<defs><path id="p" d="M 0 1 L 1 0"/></defs>'


def set_alone(content: str) -> BeautifulSoup:
    return BeautifulSoup(svg.Drawings().set(f"{HEAD}{content}</svg>", "wide"), "html.parser")


def marks(count: int) -> str:
    return "".join(f'<use href="#p" x="{n}" y="{n * n}" style="fill: #12436d"/>' for n in range(count))


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '<g onload="alert(1)"/>', "<foreignObject/>"])
def test_a_drawing_with_a_script_is_refused(evil):
    with pytest.raises(svg.DrawingError):
        set_alone(evil)


def test_drawings_of_one_page_share_looks_and_no_id():
    drawings = svg.Drawings()
    made = BeautifulSoup("".join(drawings.set(VISITS, size) for size in ("wide", "narrow")), "html.parser")
    ids = [tag["id"] for tag in made.find_all(id=True)]
    used = re.findall(r'(?:href="#|url\(#)(\w+)', str(made))
    assert len(ids) == len(set(ids)) and set(used) == set(ids)
    assert not made.find_all(style=True) and not made.find_all("style")
    classes = {name for tag in made.find_all(class_=True) for name in tag["class"]} - {"wide", "narrow"}
    assert classes == set(re.findall(r"\.(\w+)\{", drawings.sheet()))
    assert len(str(made)) < len(VISITS)


def test_the_words_of_a_drawing_are_text():
    made = BeautifulSoup(svg.Drawings().set(VISITS, "wide"), "html.parser")
    words = [word.string for word in made.find_all("text")]
    assert words[:6] == ["Sep", "Oct", "Nov", "Dec", "Jan", "Feb"]
    assert words[-2:] == ["notice of", "14 November"]


def test_a_drawing_carries_the_letters_of_its_words_and_no_others():
    assert re.findall(r"font-family:.([A-Za-z ]+).;font-weight:(\d+)", VISITS) == [("Source Sans Pro", "400")]
    assert faces.drawing_sheet('<text style="font-weight: 600">有事</text>').count("@font-face") == 1
    assert faces.drawing_sheet('<text style="font-weight: 600">A</text>').count("@font-face") == 2


def test_what_shapes_in_a_row_share_is_said_once():
    four = marks(4)
    made = set_alone(f"{DOT}{four}")
    assert made.g["class"] == ["d0"] and len(made.g.find_all("use")) == 4
    assert not made.select("use[class]")
    faint = four.replace("fill:", "opacity: 0.5; fill:")  # a group that is faint as a whole looks otherwise
    assert not set_alone(f"{DOT}{faint}").g


def test_only_addresses_are_renamed():
    shape = '<pattern id="a" fill="#ffffff"/><rect style="fill: url(#a)" width="1" height="1"/><use href="#a"/>'
    drawings = svg.Drawings()
    made = drawings.set(f"{HEAD}{shape}</svg>", "wide")
    assert 'fill="#ffffff"' in made and 'href="#i0"' in made and 'id="i0"' in made
    assert "fill:url(#i0)" in drawings.sheet()


def test_many_equal_marks_are_one_line_with_marks_at_its_corners():
    made = set_alone(f"{DOT}{marks(9)}")
    assert len(made.find_all("use")) == len(made.find_all("marker")) == 1
    assert made.find("path", fill="none")["d"] == "M0 0 1 1 2 4 3 9 4 16 5 25 6 36 7 49 8 64"


def test_a_drawing_is_measured_in_css_pixels():
    made = set_alone("").svg
    assert (made["width"], made["height"]) == ("614", "192")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("M 10.26 20.31 L 11 -12.04 L 11 0", "M10.3 20.3l.7-32.3 0 12"),
        ("M 0.04 0.26 L -0.26 1e-05 z", "M0 .3l-.3-.3z"),
        ("M 10 20 Q 15 30 5 12 M 1 1 L 2 2", "M10 20Q15 30 5 12M1 1L2 2"),
        ("M 0 0 L 0.3 0.3 L 0.5 0.2 L 9 9 L 9.2 9.3", "M0 0l9 9 .2.3"),
        ("M 0 0 A 1 1 0 0 0 2 2", "M0 0A1 1 0 0 0 2 2"),
    ],
)
def test_paths_are_written_short(before, after):
    assert svg.path(before, 1) == after
