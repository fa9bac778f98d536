"""The house faces, cut down to the characters that a page or a drawing uses and written into its style sheet."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from explainer import store
from explainer.project import CACHE

if TYPE_CHECKING:
    import typst

SERIF, SANS, EAST_ASIAN = "Source Serif Pro", "Source Sans Pro", "IPAexGothic"
COARSE = 160
"""Units to the em of letters with many strokes: finer than a screen shows at their sizes."""
FEATURES = ["ccmp", "kern", "liga", "locl", "lnum", "mark", "onum", "pnum", "tnum"]

PAPER = tuple(
    (f"font_source_{kind.lower()}_pro", f"files/Source{kind}Pro-{look}.otf")
    for kind in ("Serif", "Sans")
    for look in ("Regular", "It", "Semibold", "SemiboldIt")
)
"""Two weights of each face and their italics: all that the papers use."""
PAPER_EAST_ASIAN = (
    ("matplotlib_fontja", "fonts/ipaexg.ttf"),
    ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf"),  # simplified Chinese, which the first lacks
)
SAME_CHARACTER = str.maketrans({"內": "内"})
"""Two codes of one character; the Japanese font draws only the second."""
SHAPELESS = frozenset("\n\t\u00ad\u200b\u200c\u200d\u2060\ue000\ue001")
"""White space, and signs that have an effect but no shape."""

SLANTED = r"em|text(?=[^>]*\bfont-style\W+italic)"
"""What stands in italics: on a page, in a drawing."""


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
        return folder_of(self.package) / self.file


def folder_of(package: str) -> Path:
    """Return the folder of a package of fonts."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"package {package!r} (house fonts) is missing: run make report")
    return Path(next(iter(spec.submodule_search_locations)))


FACES = (
    Face(SERIF, 400, "normal", "font_source_serif_pro", "files/SourceSerifPro-Regular.ttf"),
    Face(SERIF, 400, "italic", "font_source_serif_pro", "files/SourceSerifPro-It.ttf", "em"),
    Face(SERIF, 600, "normal", "font_source_serif_pro", "files/SourceSerifPro-Semibold.ttf", "h1|strong|b"),
    Face(SANS, 400, "normal", "font_source_sans_pro", "files/SourceSansPro-Regular.ttf"),
    Face(SANS, 400, "italic", "font_source_sans_pro", "files/SourceSansPro-It.ttf", SLANTED),
    Face(SANS, 600, "normal", "font_source_sans_pro", "files/SourceSansPro-Semibold.ttf"),
    Face(EAST_ASIAN, 400, "normal", "matplotlib_fontja", "fonts/ipaexg.ttf"),
)
"""Two families in two weights, and one for what they lack: Japanese and Chinese."""


@cache
def characters(file: Path) -> frozenset[int]:
    """Return the code points that a face has, by its file."""
    import uharfbuzz as hb

    return frozenset(hb.Face(hb.Blob.from_file_path(str(file))).unicodes)


def font_files() -> list[Path]:
    """Return the faces that the papers are set in; no package is imported: one would change the font of every chart."""
    return [folder_of(package) / file for package, file in PAPER + PAPER_EAST_ASIAN]


@cache
def _drawable() -> frozenset[int]:
    faces = [characters(file) for file in font_files()]
    return frozenset.intersection(*faces[: len(PAPER)]).union(*faces[len(PAPER) :], SAME_CHARACTER)


def same_character(text: str) -> str:
    """Return the text with each character in the code under which the fonts have it."""
    return text.translate(SAME_CHARACTER)


def undrawn(text: str) -> dict[str, str]:
    """Return the characters of a text that no font of the papers has, with what to say of each."""
    missing = (c for c in sorted(set(text) - SHAPELESS) if ord(c) not in _drawable())
    return {c: f"no shipped font has the character U+{ord(c):04X} ({unicodedata.name(c, 'unnamed')})" for c in missing}


@contextlib.contextmanager
def lent(files: Iterable[Path]) -> Iterator[typst.Fonts]:
    """Lend faces to Typst, and no others, so that every machine sets the same.

    Typst reads whole folders, and the packages' folders hold each face twice; so the ones meant are linked to. A face
    loads when it is first used, so the folder stands as long as the faces are lent.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="explainer-fonts-") as folder:
        for file in files:
            (Path(folder) / file.name).symlink_to(file)
        yield typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def style_sheet(markup: str, faces: Iterable[Face] = FACES) -> str:
    """Return `@font-face` rules with every character of a page or drawing that the house faces have.

    A face that only marked passages use (italics, bold) gets the characters of those passages.
    """
    latin = frozenset().union(*(characters(face.path()) for face in FACES if face.family != EAST_ASIAN))
    rules = []
    for face in faces:
        own = _wanted(face.marked, markup) & characters(face.path())
        if face.family == EAST_ASIAN:
            own -= latin  # the Latin faces stand before it in every list of families
        if own:
            address = base64.b64encode(cut(face, own)).decode("ascii")
            rules.append(
                f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{face.style};'
                f'src:url(data:font/woff2;base64,{address}) format("woff2")}}'
            )
    return "\n".join(rules)


def drawing_sheet(drawing: str) -> str:
    """Return `@font-face` rules with the letters of a drawing, so that it looks alike wherever it is opened."""
    bold = "font-weight: 600" in drawing
    return style_sheet(drawing, [face for face in FACES if face.family != SERIF and (bold or face.weight == 400)])


@lru_cache(maxsize=8)  # faces share what they are asked for
def _wanted(marked: str, markup: str) -> frozenset[int]:
    passages = [markup]
    if marked:
        passages = [text for _, text in re.findall(rf"<({marked})\b[^>]*>(.*?)</\1>", markup, flags=re.DOTALL)]
    letters = set(unescape(re.sub(r"<[^>]*>", "", "\n".join(passages))))
    return frozenset(ord(character) for character in letters if character > " ")


def cut(face: Face, points: Iterable[int]) -> bytes:
    """Return a face as WOFF2 with only some characters; kept in the cache by what it was made from."""
    import brotli
    import fontTools
    import uharfbuzz as hb

    points = sorted(points)
    made_from = (repr((points, FEATURES, COARSE)), fontTools.version, brotli.__version__, hb.__version__)
    key = hashlib.sha256(face.path().read_bytes() + "\0".join(made_from).encode())
    place = CACHE / "fonts" / key.hexdigest()[:32]
    if (kept := store.load(place)) is None:
        kept = {"face": _subset(face.path(), points)}
        with contextlib.suppress(OSError):  # a package installed where it may not write publishes, only more slowly
            store.keep(place, kept)
    return kept["face"]


def _subset(path: Path, points: list[int]) -> bytes:
    import uharfbuzz as hb
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.scaleUpem import scale_upem

    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(points)
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(int.from_bytes(name.encode()) for name in FEATURES)
    wanted.name_id_set.clear()
    wanted.name_id_set.update([0, 13, 14])  # copyright and licence travel with the letters
    wanted.drop_table_tag_set.update([int.from_bytes(b"DSIG")])
    whole = hb.Face(hb.Blob.from_file_path(str(path)))
    font = TTFont(io.BytesIO(hb.subset(whole, wanted).blob.data), recalcTimestamp=False)
    if path.name == "ipaexg.ttf":
        scale_upem(font, COARSE)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
