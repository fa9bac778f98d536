"""Drawings set into the page: words stay text in the page's own faces, ids are single, looks are said once for all.

The page's policy allows no style at an element, so what matplotlib writes there becomes classes of one sheet, which
all drawings of the page share. What is not seen (unused ids, metadata, empty groups, spare digits) goes.
"""

import copy
import itertools
import re
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree import ElementTree as ET

from markupsafe import Markup

HREF = "{http://www.w3.org/1999/xlink}href"
ACTIVE = frozenset({"script", "foreignObject", "iframe", "animate", "set", "handler", "a", "image"})
UNSEEN = frozenset({"metadata", "title", "desc", "style"})
ALL_WORDS = ".wide text,.narrow text{white-space:pre;font-family:var(--sans)}"
PX_PER_PT = 96 / 72
CHAIN_FROM = 8
NEAR = 1
"""Corners of a line no further from each other than so many points (sideways and upwards together) are one."""

_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_LINE = rf"{_NUMBER} {_NUMBER}(?:L{_NUMBER} {_NUMBER})+"
_ADDRESS = re.compile(r"(?<=^href=#).+|(?<=url\(#)[^)]+(?=\))")
_SPARE = re.compile(r"font-family: ?[^;]*(?:; ?|$)|(?<=[:,])\s+|(?<=;)\s+|;$")


class DrawingError(ValueError):
    """A drawing is not the plain SVG that the page may carry."""


@dataclass
class Drawings:
    """The drawings of one page, which share a sheet of looks and a count of ids."""

    looks: dict[str, str] = field(default_factory=dict)
    ids: int = 0

    def set(self, text: str, size: str) -> Markup:
        """Return a drawing as an element of the page, with its size as its class."""
        root = copy.deepcopy(_short_of(text))
        width, height = (_pixels(root.get(side, "")) for side in ("width", "height"))
        self._rename(root)
        for element in root.iter():
            self._classed(element)
        self._gather(root)
        self._chain(root)
        root.attrib = {"viewBox": root.get("viewBox", f"0 0 {width} {height}"), "width": str(width)}
        # what matplotlib's own sheet says of every shape is inherited from here
        root.attrib |= {"height": str(height), "class": size, "stroke-linejoin": "round"}
        return Markup(re.sub(r"\s*/>", "/>", ET.tostring(root, encoding="unicode")))

    def sheet(self) -> str:
        """Return the rules of all drawings set so far."""
        return "\n".join([ALL_WORDS, *(f".{name}{{{look}}}" for look, name in self.looks.items())])

    def _rename(self, root: ET.Element) -> None:
        """Give the ids names that are single on the page."""
        names = {name: f"i{self.ids + n}" for n, name in enumerate(_used(root))}
        self.ids += len(names)
        for element in root.iter():
            identifier = element.attrib.pop("id", "")
            for key, value in element.attrib.items():
                if "#" in value:
                    element.set(key, _ADDRESS.sub(lambda found: names[found[0]], f"{key}={value}")[len(key) + 1 :])
            element.attrib |= {"id": names[identifier]} if identifier in names else {}

    def _classed(self, element: ET.Element) -> None:
        look = _SPARE.sub("", element.attrib.pop("style", ""))
        if "font-style:italic" in look:  # by this the page knows which letters it needs in italics
            element.set("font-style", "italic")
        if look:
            element.set("class", self.looks.setdefault(look, f"d{len(self.looks)}"))

    def _gather(self, parent: ET.Element) -> None:
        """Say once, at a group, what shapes in a row have in common, but for what a group would show otherwise."""
        clear = {name for look, name in self.looks.items() if not re.search(r"(?<!-)opacity", look)}
        made: list[ET.Element] = []
        for common, shapes in itertools.groupby(parent, lambda one: {k: one.get(k) for k in ("class", "clip-path")}):
            found = list(shapes)
            if len(found) > 2 and common["class"] in clear:
                group = ET.Element("g", {key: value for key, value in common.items() if value})
                for shape in found:
                    shape.attrib = {key: value for key, value in shape.attrib.items() if key not in common}
                group.extend(found)
                found = [group]
            made += found
        parent[:] = made
        for child in parent:
            if "class" not in child.attrib:
                self._gather(child)

    def _chain(self, parent: ET.Element) -> None:
        """Write many equal marks as the corners of one unseen line, which takes a third of the room."""
        made: list[ET.Element] = []
        for mark, shapes in itertools.groupby(parent, lambda one: {**one.attrib, "x": "", "y": "", "tag": one.tag}):
            found = list(shapes)
            if mark["tag"] == "use" and len(found) >= CHAIN_FROM and "transform" not in mark:
                name, self.ids = f"i{self.ids}", self.ids + 1
                marker = ET.Element("marker", {"id": name, "markerUnits": "userSpaceOnUse", "overflow": "visible"})
                ET.SubElement(marker, "use", {key: mark[key] for key in ("href", "class") if key in mark})
                corners = " ".join(f"{one.get('x')} {one.get('y')}" for one in found)
                line = {"d": f"M{corners}", "fill": "none", "stroke": "none"}
                line |= {f"marker-{place}": f"url(#{name})" for place in ("start", "mid", "end")}
                line |= {"clip-path": mark["clip-path"]} if "clip-path" in mark else {}
                found = [marker, ET.Element("path", line)]
            made += found
        parent[:] = made
        for child in parent:
            self._chain(child)


@lru_cache(maxsize=256)  # most drawings of an archive are those of the edition before
def _short_of(text: str) -> ET.Element:
    """Return a drawing with nothing that is not seen, and its numbers short."""
    root = ET.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if element.tag in ACTIVE or any(key.lower().startswith("on") for key in element.attrib):
            raise DrawingError(f"the drawing holds <{element.tag}> or an event handler; only shapes are allowed")
        if HREF in element.attrib:
            element.set("href", element.attrib.pop(HREF))
    used = _used(root)
    for element in root.iter():
        if element.get("id", "") not in used:
            element.attrib.pop("id", "")
        _tidy(element)
    _prune(root)
    return root


def _used(root: ET.Element) -> dict[str, None]:
    """Return the ids that something in a drawing refers to, in order."""
    said = (f"{key}={value}" for element in root.iter() for key, value in element.attrib.items() if "#" in value)
    return dict.fromkeys(name for value in said for name in _ADDRESS.findall(value))


def _tidy(element: ET.Element) -> None:
    if "d" in element.attrib:
        element.set("d", path(element.attrib["d"], 2 if "id" in element.attrib else 1))
    turned = re.sub(r"rotate\(-?0[ ,][^)]*\)|(?<=\))\s+", "", element.attrib.pop("transform", ""))
    moved = re.fullmatch(rf"translate\(({_NUMBER})[ ,]+({_NUMBER})\)", turned)
    if moved and element.tag == "text":
        element.attrib |= {"x": moved[1], "y": moved[2]}
    elif turned:
        element.set("transform", turned)
    for key in ("x", "y", "width", "height"):
        if key in element.attrib and element.tag != "svg":  # of whose size pixels are made
            element.set(key, _short(element.attrib[key], 1))
    if element.tag != "text":
        element.text = None
    element.tail = None


def path(data: str, digits: int) -> str:
    """Return path data with so many decimals and no sign more than it needs: after a move, steps are lines."""
    steps = re.sub(r"\s*([A-Za-z])\s*", r"\1", _short(data, digits))
    if not re.search("[CQ]", steps):
        steps = re.sub(_LINE, lambda line: _thinned(line[0].split("L")), steps)
    return re.sub(r"(?<=\.\d) (?=\.)", "", steps.strip().replace(" -", "-"))


def _thinned(corners: list[str]) -> str:
    """Return a line in steps, without corners so near to the one before that no eye tells them apart."""
    steps, (x, y) = [], map(float, corners[0].split())
    for corner in corners[1:]:
        to_x, to_y = map(float, corner.split())
        if abs(to_x - x) + abs(to_y - y) > NEAR or corner is corners[-1]:
            steps.append(_short(f"{to_x - x:.2f} {to_y - y:.2f}", 2))
            x, y = to_x, to_y
    return f"{corners[0]}l{' '.join(steps)}"


def _short(numbers: str, digits: int) -> str:
    def short(number: re.Match[str]) -> str:
        text = f"{float(number[0]):.{digits}f}".rstrip("0").rstrip(".")
        return "0" if text in ("-0", "") else re.sub(r"^(-?)0\.", r"\1.", text)

    return re.sub(_NUMBER, short, numbers)


def _pixels(length: str) -> int:
    match = re.fullmatch(rf"({_NUMBER})(pt|px)?", length)
    if not match:
        raise DrawingError(f"the drawing's size {length!r} is neither in pt nor in px")
    return round(float(match[1]) * (PX_PER_PT if match[2] == "pt" else 1))


def _prune(parent: ET.Element) -> None:
    """Drop what is not seen; put the children of a group that says nothing in its place, or in the clip before it."""
    made: list[ET.Element] = []
    for child in list(parent):
        _prune(child)
        if child.tag in UNSEEN or (child.tag in ("g", "defs") and not len(child)):
            continue
        for part in list(child) if child.tag == "g" and not child.attrib else [child]:
            if made and part.tag == "g" and list(part.attrib) == ["clip-path"] and part.attrib == made[-1].attrib:
                made[-1].extend(part)
            else:
                made.append(part)
    parent[:] = made
