"""Drawings on the page: their words are text, their looks are shared, nothing in them runs, and they are short."""

import re

import pytest
from bs4 import BeautifulSoup

from explainer import faces
from explainer.project import FIGURES as PUBLISHED
from explainer.publish.html import svg
from publish_fixture import FIGURES

VISITS = (FIGURES / "visits.svg").read_text(encoding="utf-8")


HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt">'


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '<g onload="alert(1)"/>', "<foreignObject/>"])
def test_a_drawing_with_a_script_is_refused(evil):
    with pytest.raises(svg.DrawingError):
        svg.Drawings().set(f"{HEAD}{evil}</svg>", "wide")


def test_drawings_of_one_page_share_looks_and_no_id():
    drawings = svg.Drawings()
    made = BeautifulSoup("".join(drawings.set(VISITS, size) for size in ("wide", "narrow")), "html.parser")
    ids = [tag["id"] for tag in made.find_all(id=True)]
    used = re.findall(r'(?:href="#|url\(#)(\w+)', str(made))
    assert len(ids) == len(set(ids)) and set(used) == set(ids)
    assert not made.find_all(style=True) and not made.find_all("style")
    classes = {name for tag in made.find_all(class_=True) for name in tag["class"]} - {"wide", "narrow"}
    assert classes == set(re.findall(r"\.(\w+)\{", drawings.sheet()))


def test_a_drawing_carries_the_letters_of_its_words_and_no_others():
    assert re.findall(r"font-family:.([A-Za-z ]+).;font-weight:(\d+)", VISITS) == [("Source Sans Pro", "400")]
    assert faces.drawing_sheet('<text style="font-weight: 600">有事</text>').count("@font-face") == 1
    assert faces.drawing_sheet('<text style="font-weight: 600">A</text>').count("@font-face") == 2


def test_drawings_take_a_fifth_of_what_they_are_made_of():
    """That they look the same all the same is seen in a browser: test_page_browser.py."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((PUBLISHED / "latest").glob("*.svg"))]
    drawings = svg.Drawings()
    made = sum(len(drawings.set(text, "wide")) for text in texts) + len(drawings.sheet())
    assert made < 0.225 * sum(map(len, texts)), "short paths, shared looks, one mark for many that are equal"


def test_shapes_that_are_faint_each_for_itself_are_not_set_as_one():
    faint = "".join(f'<use href="#p" x="{n}" style="opacity: 0.5; fill: #12436d"/>' for n in range(4))
    assert "<g" not in svg.Drawings().set(f'{HEAD}<defs><path id="p" d="M 0 1 L 1 0"/></defs>{faint}</svg>', "wide")
