"""The house faces, cut down to the characters that a page uses and written into its style sheet."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import brotli
import fontTools
import uharfbuzz as hb
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

from explainer.project import CACHE

SERIF, SANS, EAST_ASIAN = "Source Serif Pro", "Source Sans Pro", "IPAexGothic"
COARSE = 250
"""Units to the em of letters that stand in drawings or have many strokes: finer than a screen shows at their sizes."""
FEATURES = ["ccmp", "kern", "liga", "locl", "lnum", "mark", "onum", "pnum", "tnum"]


@dataclass(frozen=True)
class Face:
    """One face: the family, weight and style by which the style sheet asks for it, and its file.

    `marked` names the elements (as a pattern) that alone use it; empty when any text may.
    """

    family: str
    weight: int
    style: str
    package: str
    file: str
    marked: str = ""

    def path(self) -> Path:
        """Return the face's file, found without importing its package (one of them patches matplotlib)."""
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ImportError(f"package {self.package!r} (house fonts) is missing: run make report")
        return Path(next(iter(spec.submodule_search_locations))) / self.file


FACES = (
    Face(SERIF, 400, "normal", "font_source_serif_pro", "files/SourceSerifPro-Regular.ttf"),
    Face(SERIF, 400, "italic", "font_source_serif_pro", "files/SourceSerifPro-It.ttf", "em"),
    Face(SERIF, 600, "normal", "font_source_serif_pro", "files/SourceSerifPro-Semibold.ttf", "h1|strong|b"),
    Face(SANS, 400, "normal", "font_source_sans_pro", "files/SourceSansPro-Regular.ttf"),
    Face(SANS, 400, "italic", "font_source_sans_pro", "files/SourceSansPro-It.ttf", "em"),
    Face(SANS, 600, "normal", "font_source_sans_pro", "files/SourceSansPro-Semibold.ttf"),
    Face(EAST_ASIAN, 400, "normal", "matplotlib_fontja", "fonts/ipaexg.ttf"),
)
"""Two families in two weights, and one for what they lack: Japanese and Chinese."""


@cache
def characters(face: Face) -> frozenset[int]:
    """Return the code points that a face has."""
    return frozenset(TTFont(face.path(), lazy=True).getBestCmap())


def style_sheet(html: str) -> str:
    """Return `@font-face` rules with every character of a page that the house faces have.

    A face that only marked passages use (italics, bold) gets the characters of those passages.
    """
    latin = frozenset().union(*(characters(face) for face in FACES if face.family != EAST_ASIAN))
    rules = []
    for face in FACES:
        own = _wanted(face, html) & characters(face)
        if face.family == EAST_ASIAN:
            own -= latin  # the Latin faces stand before it in every list of families
        if own:
            rules.append(_rule(face, cut(face, own)))
    return "\n".join(rules)


def _wanted(face: Face, html: str) -> set[int]:
    passages = [html]
    if face.marked:
        passages = [text for _, text in re.findall(rf"<({face.marked})\b[^>]*>(.*?)</\1>", html, flags=re.DOTALL)]
    words = [unescape(re.sub(r"<[^>]*>", "", text)) for text in passages]
    return {ord(character) for text in words for character in text if character > " "}


def _rule(face: Face, data: bytes) -> str:
    address = base64.b64encode(data).decode("ascii")
    return (
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{face.style};'
        f'src:url(data:font/woff2;base64,{address}) format("woff2")}}'
    )


def cut(face: Face, points: Iterable[int], pairs: Iterable[tuple[int, int]] | None = None) -> bytes:
    """Return a face as WOFF2 with only some characters; kept in the cache by what it was made from.

    With `pairs`, it is for the letters of one drawing: without names (the page names the face and its licence), and
    with the kerning of these neighbours alone.
    """
    points, pairs = sorted(points), None if pairs is None else sorted(pairs)
    made_from = (repr((points, FEATURES, pairs, COARSE)), fontTools.version, brotli.__version__, hb.__version__)
    key = hashlib.sha256(face.path().read_bytes())
    for part in made_from:
        key.update(part.encode())
    kept = CACHE / "fonts" / f"{key.hexdigest()[:32]}.face"
    found = kept.read_bytes() if kept.is_file() else b""
    if hashlib.sha256(found[32:]).digest() == found[:32]:  # a torn or damaged entry is cut again
        return found[32:]
    data = _subset(face.path(), points, pairs)
    _keep(kept, hashlib.sha256(data).digest() + data)
    return data


def _subset(path: Path, points: list[int], pairs: list[tuple[int, int]] | None) -> bytes:
    bare = pairs is not None
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING if bare else hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(points)
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(map(_tag, ["liga"] if bare else FEATURES))
    wanted.name_id_set.clear()
    if not bare:
        wanted.name_id_set.update([0, 13, 14])  # copyright and licence travel with the letters
    wanted.drop_table_tag_set.update(map(_tag, ["DSIG", *(("BASE", "GDEF", "gasp", "GPOS") if bare else ())]))
    cut_down = hb.subset(_whole(path).face, wanted).blob.data
    font = TTFont(io.BytesIO(cut_down), recalcTimestamp=False)
    if bare:
        _kern(font, path, pairs)
    if bare or path.name == "ipaexg.ttf":
        scale_upem(font, COARSE)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _kern(font: TTFont, path: Path, pairs: list[tuple[int, int]]) -> None:
    """Give a face without rules for kerning a short list of what they say of some neighbours."""
    names, whole = font.getBestCmap(), _whole(path)
    near = {(names[a], names[b]): _nearer(whole, chr(a) + chr(b)) for a, b in pairs if {a, b} <= names.keys()}
    table, values = newTable("kern"), KernTable_format_0()
    values.apple, values.coverage, values.tupleIndex = False, 1, None
    values.kernTable = {pair: value for pair, value in near.items() if value}
    table.version, table.kernTables = 0, [values]
    if values.kernTable:
        font["kern"] = table


@cache
def _whole(path: Path) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))


def _nearer(font: hb.Font, pair: str) -> int:
    """Return by how much a face sets two letters nearer to each other than they are wide."""
    buffer = hb.Buffer()
    buffer.add_str(pair)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {"liga": False})
    widths = (font.get_glyph_h_advance(glyph.codepoint) for glyph in buffer.glyph_infos)
    return sum(place.x_advance for place in buffer.glyph_positions) - sum(widths)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


def _keep(place: Path, data: bytes) -> None:
    """Put a file into the cache in one step, so that a build running beside this one never reads half of it."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as part:
            part.write(data)
        os.replace(part.name, place)
    except OSError:
        return  # a package installed where it may not write still publishes, only more slowly
