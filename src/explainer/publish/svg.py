"""SVG drawings made small enough to travel inside the page, and written as data addresses.

A drawing keeps its shape: coordinates are rounded to a tenth of a point, names that only the file itself uses are
shortened, and what is not drawn (metadata, unused ids, empty groups) goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
PX_PER_PT = 96 / 72
DRAWN = frozenset({"path", "use", "image", "text", "rect", "circle", "line", "polygon", "polyline", "ellipse"})
ACTIVE = frozenset({"script", "foreignObject", "iframe", "animate", "set", "handler"})

_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_ESCAPES = {"%": "%25", "#": "%23", '"': "%22", "<": "%3C", ">": "%3E", " ": "%20", "\n": "%0A", "&": "%26"}


class DrawingError(ValueError):
    """A drawing is not the plain SVG that the page may carry."""


@dataclass(frozen=True)
class Drawing:
    """A drawing ready for the page: its data address and its size in CSS pixels."""

    uri: str
    width: int
    height: int


def drawing(text: str) -> Drawing:
    """Return a drawing as a data address with its size."""
    root = ET.fromstring(text)
    width, height = (_pixels(root.get(side, "")) for side in ("width", "height"))
    return Drawing("data:image/svg+xml," + escape(small(text)), width, height)


def escape(text: str) -> str:
    """Return text for a data address: only what an address or an attribute cannot hold is escaped."""
    return re.sub(r'[%#"<> \n&]', lambda found: _ESCAPES[found[0]], text)


def small(text: str) -> str:
    """Return a drawing with everything taken out that is not seen."""
    root = ET.fromstring(text)
    for element in root.iter():
        name = _local(element.tag)
        if name in ACTIVE or any(key.lower().startswith("on") for key in element.attrib):
            raise DrawingError(f"the drawing holds <{name}> or an event handler; only still shapes are allowed")
    _rename(root)
    for element in root.iter():
        element.tag = _local(element.tag)
        _shorten(element)
    _prune(root)
    root.set("xmlns", SVG)
    return re.sub(r"\s*/>", "/>", ET.tostring(root, encoding="unicode"))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _pixels(length: str) -> int:
    match = re.fullmatch(rf"({_NUMBER})(pt|px)?", length)
    if not match:
        raise DrawingError(f"the drawing's size {length!r} is neither in pt nor in px")
    return round(float(match[1]) * (PX_PER_PT if match[2] == "pt" else 1))


def _names() -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    yield from letters
    yield from (a + b for a in letters for b in letters + "0123456789")
    number = 0
    while True:
        yield f"z{number}"
        number += 1


def _rename(root: ET.Element) -> None:
    """Give ids that are used short names, the commonest first, and drop the others."""
    used: Counter[str] = Counter()
    for element in root.iter():
        for key, value in element.attrib.items():
            used.update(re.findall(r"url\(#([^)]+)\)", value))
            if key in ("href", XLINK) and value.startswith("#"):
                used[value[1:]] += 1
    order = sorted(used, key=lambda name: (-used[name], name))
    short = dict(zip(order, _names(), strict=False))
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.attrib.pop("id") if value not in short else element.set("id", short[value])
            elif key in ("href", XLINK):
                del element.attrib[key]
                if value.startswith(("#", "data:image/png;base64,")):
                    element.set("href", f"#{short[value[1:]]}" if value.startswith("#") else value)
            else:
                element.set(key, re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{short[m[1]]})", value))


def _shorten(element: ET.Element) -> None:
    for key in ("d", "points"):
        if key in element.attrib:
            element.set(key, _path(element.attrib[key]))
    if "style" in element.attrib:
        element.set("style", re.sub(r"\s*([:;,])\s*", r"\1", element.attrib["style"].strip()).rstrip(";"))
    if "transform" in element.attrib:
        _place(element)
    for key in ("x", "y", "width", "height"):
        if re.fullmatch(_NUMBER, element.get(key, "")):
            element.set(key, _tenths(element.attrib[key]))
    for text in ("text", "tail"):
        value = getattr(element, text)
        if value is not None and not value.strip():
            setattr(element, text, None)


def _tenths(number: str) -> str:
    text = f"{float(number):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text.replace("0.", ".", 1) if re.match(r"-?0\.", text) else text


def _path(data: str) -> str:
    data = re.sub(_NUMBER, lambda found: _tenths(found[0]), data)
    data = re.sub(r"\s*([A-Za-z])\s*", r"\1", data.strip())
    return re.sub(r"[\s,]+(-?)", lambda found: found[1] or ",", data)


def _place(element: ET.Element) -> None:
    """Write a glyph's place as `x`, which is shorter than a transform; tidy other transforms."""
    transform = element.attrib["transform"]
    only = re.fullmatch(rf"translate\(({_NUMBER})(?:[ ,]+0)?\)", transform)
    if _local(element.tag) == "use" and only and "x" not in element.attrib:
        del element.attrib["transform"]
        element.set("x", only[1])
        return
    moved = re.sub(
        rf"translate\(({_NUMBER})[ ,]+({_NUMBER})\)",
        lambda found: f"translate({float(found[1]):.2f},{float(found[2]):.2f})",
        transform,
    )
    element.set("transform", re.sub(r"\)\s+", ")", re.sub(r"(?<=\d) (?=[-\d.])", ",", moved)))


def _prune(parent: ET.Element) -> None:
    """Drop metadata and empty groups; put the children of a group that says nothing in its place."""
    made: list[ET.Element] = []
    for child in list(parent):
        _prune(child)
        if child.tag in ("metadata", "title", "desc") or (child.tag in ("g", "defs") and not len(child)):
            continue
        made += list(child) if child.tag == "g" and not child.attrib else [child]
    parent[:] = made
