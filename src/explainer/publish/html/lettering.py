"""Letters of a drawing: glyph outlines turned back into text, set in a face that travels with the drawing.

matplotlib writes each letter as an outline, so that a drawing needs no font; twenty drawings on one page then hold
the same alphabet forty times. The ids of the outlines are the glyph numbers of the face, so the text can be read
back exactly. What cannot be read back stays an outline.
"""

from __future__ import annotations

import base64
import itertools
import re
from collections import Counter
from functools import cache
from xml.etree import ElementTree as ET

from fontTools.ttLib import TTFont

from explainer.publish.html.fonts import EAST_ASIAN, SANS, Face, cut

GLYPHS_PER_EM = 100
"""matplotlib draws glyphs at this size and scales them to the text's."""

_GLYPH = re.compile(r"#?(SourceSansPro-[A-Za-z]+|IPAexGothic)-([0-9a-f]+)")
_SCALE = re.compile(r"^(.*?)\s*scale\(([\d.]+)[ ,]+-\2\)$")
_SHIFT = re.compile(r"translate\(([-\d.e]+)(?:[ ,]+([-\d.e]+))?\)")
_HREF = "{http://www.w3.org/1999/xlink}href"


def letter(root: ET.Element) -> None:
    """Turn the letters of a drawing (its tags without namespace) into text, in place."""
    used: dict[str, list[str]] = {}
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            runs = _runs(child)
            if not runs:
                continue
            for face, text, _ in runs:
                used.setdefault(face, []).append(text)
            parent[place] = _group(child, runs)
    if used:
        _drop_unused_glyphs(root)
        _say_the_usual_once(root)
        _embed(root, used)


Run = tuple[str, str, tuple[float, float]]
"""Letters of one face in one line: the face, the text, its place in the group's own units."""


def _runs(group: ET.Element) -> list[Run]:
    """Return the runs of a group that holds nothing but letters, else nothing."""
    if group.tag != "g" or not _SCALE.match(group.get("transform", "")):
        return []
    runs: list[Run] = []
    for child in group:
        if child.tag == "defs":
            continue
        glyph = _GLYPH.fullmatch(child.get(_HREF, "")) if child.tag == "use" else None
        shift = _SHIFT.fullmatch(child.get("transform", "translate(0)")) if glyph else None
        letters = _letters(glyph[1]).get(int(glyph[2], 16), "") if shift else ""
        if not letters:
            return []
        place = (float(shift[1]), float(shift[2] or 0))
        if runs and runs[-1][0] == glyph[1] and runs[-1][2][1] == place[1]:
            runs[-1] = (glyph[1], runs[-1][1] + letters, runs[-1][2])
        else:
            runs.append((glyph[1], letters, place))
    return runs


def _group(group: ET.Element, runs: list[Run]) -> ET.Element:
    before, scale = _SCALE.match(group.get("transform", "")).groups()
    scale = float(scale)
    made = ET.Element("g")
    shift = _SHIFT.fullmatch(before)
    x, y = (float(shift[1]), float(shift[2] or 0)) if shift else (0.0, 0.0)
    for face, text, (dx, dy) in runs:
        place = {"x": f"{x + scale * dx:.2f}", "y": f"{y - scale * dy:.2f}"}
        look = {"font-size": f"{scale * GLYPHS_PER_EM:g}", "font-family": _family(face)}
        ET.SubElement(made, "text", place | look).text = text
    if len(runs) == 1:
        made = made[0]
    if before and not shift:
        made.set("transform", before)
    for word in made.iter("text"):
        word.attrib |= {"style": group.get("style")} if group.get("style") else {}
    return made


def _say_the_usual_once(root: ET.Element) -> None:
    """Set the commonest size and face of the drawing at its root, and only the others at the words."""
    words = list(root.iter("text"))
    for key in ("font-size", "font-family"):
        (usual, _), *_ = Counter(word.get(key) for word in words).most_common(1)
        root.set(key, usual)
        for word in words:
            if word.get(key) == usual:
                del word.attrib[key]


def _family(face: str) -> str:
    """Return a face's name in the drawing: one letter, for it stands at every word."""
    return "J" if face == EAST_ASIAN else face.rpartition("-")[2][0]


@cache
def _face(name: str) -> Face:
    if name == EAST_ASIAN:
        return Face(EAST_ASIAN, 400, "normal", "matplotlib_fontja", "fonts/ipaexg.ttf")
    return Face(SANS, 400, "normal", "font_source_sans_pro", f"files/{name}.ttf")


@cache
def _letters(name: str) -> dict[int, str]:
    """Return the letters of a face by glyph number; a ligature's name joins its letters with underscores."""
    font = TTFont(_face(name).path(), lazy=True)
    code_points = font.getBestCmap()
    letters = {glyph: chr(point) for point, glyph in sorted(code_points.items(), reverse=True)}
    made = {}
    for number, glyph in enumerate(font.getGlyphOrder()):
        parts = [letters.get(part, "") for part in glyph.split("_")]
        if glyph in letters or all(parts):
            made[number] = letters.get(glyph) or "".join(parts)
    return made


def _drop_unused_glyphs(root: ET.Element) -> None:
    used = {element.get(_HREF, "") for element in root.iter("use")}
    for store in list(root.iter("defs")):
        for child in list(store):
            if _GLYPH.fullmatch(child.get("id", "")) and f"#{child.get('id')}" not in used:
                store.remove(child)


def _embed(root: ET.Element, used: dict[str, list[str]]) -> None:
    rules = ["text{white-space:pre;text-rendering:geometricPrecision}"]
    for name, texts in sorted(used.items()):
        letters = {ord(one) for text in texts for one in text}
        pairs = {(ord(one), ord(other)) for text in texts for one, other in itertools.pairwise(text)}
        data = base64.b64encode(cut(_face(name), letters, pairs)).decode()
        rules.append(f"@font-face{{font-family:{_family(name)};src:url(data:font/woff2;base64,{data})}}")
    sheet = root.find(".//style")
    if sheet is None:
        sheet = ET.SubElement(root, "style")
    sheet.text = (sheet.text or "") + "".join(rules)
