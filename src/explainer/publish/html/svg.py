"""SVG drawings made small enough to travel inside the page, and written as data addresses.

A drawing keeps its shape: coordinates are rounded to a tenth of a point, names that only the file itself uses
are shortened, what is drawn twice is written once, and what is not drawn (metadata, unused ids, empty groups)
goes.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from explainer.publish.html.lettering import letter

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
PX_PER_PT = 96 / 72
ACTIVE = frozenset({"script", "foreignObject", "iframe", "animate", "set", "handler"})

AXIS, TICK = re.compile(r"matplotlib\.axis_"), re.compile(r"[xy]tick_")
STROKE = re.compile(r"m(-?[\d.]+),?(-?[\d.]+)([hv])(-?[\d.]+)")
"""The path of a tick: one stroke, level or upright."""
GLYPH_SCALE = re.compile(r"scale\(0\.0156\d*\)")
SHARED_FROM = 120
"""A path of so many characters that is drawn again is written once."""
CHAIN_FROM = 8
"""So many equal marks in a row are written as one line that has them at its corners."""
NEAR = 3
"""A corner that lies no further than so many tenths of a point (0.4 px) from the line without it is left out."""
POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0, "z": 0}
"""The path commands that matplotlib writes, with the points that each takes."""

_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_ADDRESS = re.compile(r"(?<=#)\w+(?=\)|$)")
_ESCAPES = {"%": "%25", "#": "%23", '"': "%22", "<": "%3C", ">": "%3E", " ": "%20", "\n": "%0A", "&": "%26"}
_ESCAPES |= {"{": "%7B", "}": "%7D", "|": "%7C", "^": "%5E", "[": "%5B", "]": "%5D", "\\": "%5C", "`": "%60"}


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
    return re.sub(r'[%#"<> \n&{}|^\[\]\\`]', lambda found: _ESCAPES[found[0]], text)


def small(text: str) -> str:
    """Return a drawing with everything taken out that is not seen."""
    root = ET.fromstring(text)
    for element in root.iter():
        element.tag = _local(element.tag)
        if element.tag in ACTIVE or any(key.lower().startswith("on") for key in element.attrib):
            raise DrawingError(f"the drawing holds <{element.tag}> or an event handler; only shapes are allowed")
    _sort_axes(root)
    letter(root)
    _rename(root)
    _prune(root)
    for element in root.iter():
        _join_neighbours(element)
    for element in root.iter():
        _shorten(element)
    store = _gather(root)
    _chain_marks(root, store)
    _share_paths(root, store)
    _drop_unused(root, store)
    _share_styles(root)
    root.set("xmlns", SVG)
    root.attrib.pop("version", None)
    written = re.sub(r"\s*/>", "/>", ET.tostring(root, encoding="unicode"))
    # single quotation marks need no escape in an attribute of the page
    return written.replace("'", "&#39;").replace('"', "'")


def _sort_axes(root: ET.Element) -> None:
    """Set an axis's grid lines first, then its ticks, then their words, so that like stands beside like."""
    for axis in root.iter("g"):
        if AXIS.match(axis.get("id", "")):
            ticks = [child for child in axis if TICK.match(child.get("id", ""))]
            parts = sorted((part for tick in ticks for part in tick), key=_rank)
            axis[:] = parts + [child for child in axis if child not in ticks]


def _rank(part: ET.Element) -> int:
    return 2 if part.get("id", "").startswith("text") else int(part.find(".//use") is not None)


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
    if "d" in element.attrib and GLYPH_SCALE.fullmatch(element.get("transform", "")):
        # matplotlib draws letters on a grid far finer than a screen's; a sixteenth of it is enough
        element.set("d", path(element.attrib["d"], 1 / 16, 0, thin=False))
        element.set("transform", "scale(.25)")
    elif "d" in element.attrib:
        element.set("d", path(element.attrib["d"]))
    if "style" in element.attrib:
        style = re.sub(r"\s*([:;,])\s*", r"\1", element.attrib["style"].strip()).rstrip(";")
        style = re.sub(r"(?<=[:,])0\.", ".", style)
        element.set("style", re.sub(r"#(\w)\1(\w)\2(\w)\3\b", r"#\1\2\3", style))
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
    return "0" if text == "-0" else re.sub(r"^(-?)0\.", r"\1.", text)


def path(data: str, scale: float = 10, decimals: int = 1, *, thin: bool = True) -> str:
    """Return path data in relative steps between rounded points, so that rounding does not add up.

    `scale` is the number of steps to a unit of the path, and `decimals` the digits that the result keeps;
    `thin` leaves out corners that lie closer together than a screen shows. Paths with other commands than
    matplotlib writes are left alone.
    """
    segments = re.findall(r"([A-Za-z])([^A-Za-z]*(?:e[-+]?\d[^A-Za-z]*)*)", data)
    if not segments or any(command not in POINTS for command, _ in segments):
        return data
    made: list[str] = []
    here = start = (0, 0)
    last = ""
    for command, points in _fewer(list(_steps(segments, scale)), thin):
        letter, numbers = _relative(command, points, here)
        # a letter said once holds on; after a move, steps are lines
        implied = letter == ("l" if last == "m" else last)
        step = _join([_units(number, decimals) for number in numbers])
        made.append(("," if implied and not step.startswith("-") else "") + step if implied else letter + step)
        here = points[-1] if points else start
        start = here if command == "M" else start
        last = letter
    return "".join(made)


def _steps(segments: list[tuple[str, str]], scale: float) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield each command with its points; one written without its letter gets it back."""
    for command, text in segments:
        numbers = [round(float(number) * scale) for number in re.findall(_NUMBER, text)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        size = POINTS[command]
        if not size:
            yield command, []
        for n in range(0, len(points), size or 1):
            yield ("L" if command == "M" and n else command), points[n : n + size]


def _fewer(steps: list[tuple[str, list[tuple[int, int]]]], thin: bool) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield the steps without corners of a line that a screen does not show."""
    here = (0, 0)
    for straight, group in itertools.groupby(steps, key=lambda step: step[0] == "L"):
        run = list(group)
        if straight and thin:
            run = [("L", [corner]) for corner in _corners([here, *(points[0] for _, points in run)])[1:]]
        for command, points in run:
            here = points[-1] if points else here
            yield command, points


def _corners(line: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the corners of a line that carry its shape (Douglas and Peucker), its ends among them."""
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        away = [_distance(line[n], line[first], line[last]) for n in range(first + 1, last)]
        if away and max(away) > NEAR:
            middle = first + 1 + away.index(max(away))
            kept.add(middle)
            waiting += [(first, middle), (middle, last)]
    return [line[n] for n in sorted(kept)]


def _distance(point: tuple[int, int], start: tuple[int, int], stop: tuple[int, int]) -> float:
    """Return how far a point lies from the stretch between two others."""
    (x, y), (dx, dy) = (point[0] - start[0], point[1] - start[1]), (stop[0] - start[0], stop[1] - start[1])
    length = dx * dx + dy * dy
    along = min(1.0, max(0.0, (x * dx + y * dy) / length)) if length else 0.0
    return math.hypot(x - along * dx, y - along * dy)


def _relative(command: str, points: list[tuple[int, int]], here: tuple[int, int]) -> tuple[str, list[int]]:
    numbers = [value - start for point in points for value, start in zip(point, here, strict=True)]
    if command == "L" and 0 in numbers:
        return ("h", numbers[:1]) if not numbers[1] else ("v", numbers[1:])
    return command.lower(), numbers


def _units(number: int, decimals: int) -> str:
    return _tenths(str(number / 10)) if decimals else str(number)


def _join(numbers: list[str]) -> str:
    return re.sub(r",-", "-", ",".join(numbers))


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


def _join_neighbours(parent: ET.Element) -> None:
    """Join shapes that follow each other and look the same; drawn one by one or together, they cover the same."""
    made: list[ET.Element] = []
    for child in parent:
        alone = child.tag != "path" or "id" in child.attrib or "opacity" in child.get("style", "")
        if made and not alone and _look(made[-1]) == _look(child) is not None:
            made[-1].set("d", f"{made[-1].get('d')} {child.get('d')}")
        else:
            made.append(child)
    parent[:] = made


def _look(element: ET.Element) -> dict[str, str] | None:
    if element.tag != "path" or "id" in element.attrib:
        return None
    return {key: value for key, value in element.attrib.items() if key != "d"}


def _gather(root: ET.Element) -> ET.Element:
    """Put all that is drawn elsewhere into one store, each thing once, and return the store."""
    store = ET.Element("defs")
    first: dict[bytes, str] = {}
    names: dict[str, str] = {}
    for parent in list(root.iter()):
        for old in parent.findall("defs"):
            parent.remove(old)
            for child in old:
                name = child.attrib.pop("id", "")
                names[name] = first.setdefault(ET.tostring(child), name)
                if names[name] == name:
                    child.attrib |= {"id": name} if name else {}
                    store.append(child)
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, _ADDRESS.sub(lambda found: names.get(found[0], found[0]), value))
    root.insert(0, store)
    return store


def _drop_unused(root: ET.Element, store: ET.Element) -> None:
    used = {name for element in root.iter() for value in element.attrib.values() for name in _ADDRESS.findall(value)}
    store[:] = [child for child in store if child.get("id", "") in used or "id" not in child.attrib]


def _chain_marks(root: ET.Element, store: ET.Element) -> None:
    """Write the points of a scatter as the corners of one unseen line, each with the same mark; ticks as one path."""
    strokes = {f"#{e.get('id')}": e for e in store.iter("path") if STROKE.fullmatch(e.get("d", ""))}
    markers: list[ET.Element] = []
    for parent in root.iter():
        made: list[ET.Element] = []
        for (chained, _), group in itertools.groupby(parent, key=_mark_of):
            marks = list(group)
            if chained and marks[0].get("href") in strokes:
                made.append(_ticks(marks, strokes[marks[0].get("href")]))
            else:
                made += [_chain(marks, markers)] if chained and len(marks) >= CHAIN_FROM else marks
        parent[:] = made
    store[:0] = markers


def _ticks(marks: list[ET.Element], stroke: ET.Element) -> ET.Element:
    x, y, way, length = STROKE.fullmatch(stroke.get("d", "")).groups()
    step = (float(length), 0.0) if way == "h" else (0.0, float(length))
    line = ""
    for mark in marks:
        start = (float(mark.get("x")) + float(x), float(mark.get("y")) + float(y))
        line += f"M{start[0]:.2f} {start[1]:.2f}L{start[0] + step[0]:.2f} {start[1] + step[1]:.2f}"
    look = {key: value for key, value in marks[0].items() if key not in ("x", "y", "href")}
    rules = _rules(marks[0]) | _rules(stroke)
    return ET.Element("path", {"d": path(line, thin=False)} | look | {"style": _written(rules)})


def _rules(element: ET.Element) -> dict[str, str]:
    return dict(rule.split(":", 1) for rule in element.get("style", "").split(";") if rule)


def _written(rules: dict[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in rules.items())


def _mark_of(element: ET.Element) -> tuple[bool, object]:
    """Return whether an element is a mark set at a place, and what else there is to it."""
    if element.tag != "use" or not {"x", "y", "href"} <= set(element.keys()):
        return False, None
    return True, sorted((key, value) for key, value in element.items() if key not in "xy")


def _chain(marks: list[ET.Element], markers: list[ET.Element]) -> ET.Element:
    look = {key: value for key, value in marks[0].items() if key not in ("x", "y", "href", "clip-path")}
    name = f"Y{len(markers)}"
    marker = ET.Element("marker", {"id": name, "markerUnits": "userSpaceOnUse", "overflow": "visible"} | look)
    ET.SubElement(marker, "use", {"href": marks[0].get("href")})
    markers.append(marker)
    corners = "L".join(f"{mark.get('x')} {mark.get('y')}" for mark in marks)
    line = {"d": path(f"M{corners}", thin=False), "style": f"fill:none;marker:url(#{name})"}
    if marks[0].get("clip-path"):
        line["clip-path"] = marks[0].get("clip-path")
    return ET.Element("path", line)


def _share_paths(root: ET.Element, store: ET.Element) -> None:
    """Write a long path that is drawn again (a letter's halo and the letter) once."""
    paths = [e for e in root.iter("path") if "id" not in e.attrib and "stroke-line" not in e.get("style", "")]
    uses = Counter(e.get("d", "") for e in paths)
    shared = [d for d, count in uses.items() if count > 1 and len(d) >= SHARED_FROM]
    names = {d: f"Z{number}" for number, d in enumerate(shared)}
    for element in paths:
        if element.get("d") in names:
            element.tag = "use"
            element.set("href", f"#{names[element.attrib.pop('d')]}")
    store.extend(ET.Element("path", {"id": name, "d": d}) for d, name in names.items())


def _share_styles(root: ET.Element) -> None:
    """Write a style that several shapes have as one rule, and what cuts shapes off as another."""
    usual = _take_usual_words(root)
    uses = Counter(element.attrib["style"] for element in root.iter() if "style" in element.attrib)
    uses.update(f"clip-path:{e.attrib['clip-path']}" for e in root.iter() if "clip-path" in e.attrib)
    names = dict(zip([style for style, count in uses.most_common() if count > 1], _names(), strict=False))
    for element in root.iter():
        said = element.get("style", ""), f"clip-path:{element.get('clip-path', '')}"
        shared = [(key, names[rule]) for key, rule in zip(("style", "clip-path"), said, strict=True) if rule in names]
        for key, _ in shared:
            del element.attrib[key]
        if shared:
            element.set("class", " ".join(name for _, name in shared))
    _hoist({name for style, name in names.items() if "stroke-line" not in style}, root)
    sheet = root.find(".//style")
    if sheet is None:
        sheet = ET.SubElement(root, "style")
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())
    sheet.text = re.sub(r"\s*([:;{])\s*", r"\1", sheet.text or "") + usual + rules
    sheet.attrib.pop("type", None)


def _take_usual_words(root: ET.Element) -> str:
    """Return the look that most words have as a rule for all, when every word of another look says all of its own."""
    words = list(root.iter("text"))
    looks = Counter(word.get("style", "") for word in words)
    usual = looks.most_common(1)[0][0] if looks else ""
    names = {rule.split(":")[0] for rule in usual.split(";")}
    if not usual or any(not names <= _rules(word).keys() for word in words):
        return ""
    for word in words:
        if word.get("style") == usual:
            del word.attrib["style"]
    return f"text{{{usual}}}"


def _hoist(names: set[str], root: ET.Element) -> None:
    """Say a class once for a group whose members all have it (the sheet's rule for joins would win over it)."""
    for group in root.iter("g"):
        shared = {child.get("class") for child in group}
        if len(group) > 1 and len(shared) == 1 and shared <= names and not {"class", "style"} & set(group.keys()):
            group.set("class", shared.pop())
            for child in group:
                del child.attrib["class"]
