"""The pictures of an exhibit: matplotlib's figure as SVG in two widths, and as PNG."""

import io
import re
from collections.abc import Callable

import matplotlib as mpl
import pandas as pd
import typst
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from explainer.exhibits.look import FONTS, Size
from explainer.faces import drawing_sheet, lent
from explainer.problems import given
from explainer.text.dialect import curl

SVG_SALT = "explainer"
PNG_DPI = 160
POINTS_PER_INCH = 72  # of an SVG


def draw_all(identifier: str, draw: Callable[..., Figure], frame: pd.DataFrame) -> dict[str, bytes]:
    """Draw an exhibit wide and narrow as SVG, and wide as PNG; its words get the page's quotation marks."""
    frame = frame.map(lambda cell: curl(cell) if isinstance(cell, str) else cell).__finalize__(frame)
    wide = svg_bytes(draw(frame, Size.WIDE), identifier)
    narrow = svg_bytes(draw(frame, Size.NARROW), f"{identifier}-narrow")
    return {"wide": wide, "narrow": narrow, "png": png_bytes(wide)}


def svg_bytes(figure: Figure, salt: str) -> bytes:
    """Save a figure as SVG: words as text with their letters, no clock, own ids, few decimals."""
    buffer = io.BytesIO()
    figure = given(Figure, figure, f"exhibit {salt!r}: its drawing")
    with mpl.rc_context({"svg.hashsalt": f"{SVG_SALT}-{salt}"}):
        # `savefig` would draw all twice: once into nothing, for the layout, which `draw` makes anyway.
        figure.set_dpi(POINTS_PER_INCH)
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    text = re.sub(r"<metadata>.*?</metadata>", "", buffer.getvalue().decode(), flags=re.S)
    text = re.sub(r"<!--.*?-->|<!DOCTYPE[^>]*>|<\?xml[^>]*\?>", "", text, flags=re.S)
    text = re.sub(r"-?\d+\.\d{3,}(?![\d.]*%)", _few_decimals, text)
    # matplotlib names a clip after all its digits, of which the last differ from run to run
    clips = {name: f"clip{n}" for n, name in enumerate(re.findall(r'<clipPath id="(\w+)"', text))}
    text = re.sub(r'(?<=[#"])\w+(?=[")])', lambda found: clips.get(found[0], found[0]), text)
    text = re.sub(r"\s*\n\s*", " ", text).replace("> <", "><").strip()
    sheet = f"text{{white-space:pre}}{drawing_sheet(text)}".replace("\n", "")
    return text.replace("</style>", f"{sheet}</style>", 1).encode() + b"\n"


def _few_decimals(match: re.Match[str]) -> str:
    value = float(match.group())
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 5  # scale factors are small and need their digits
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0"


def png_bytes(drawing: bytes) -> bytes:
    """Return the PNG of an SVG in the house faces; Typst, which sets the papers, is quicker than to draw again."""
    found = re.search(rb'width="([\d.]+)pt" height="([\d.]+)pt"', drawing)
    assert found, "matplotlib gives every SVG its size"
    page = b'#set page(width: %spt, height: %spt, margin: 0pt)\n#image("drawing.svg", width: 100%%)' % found.groups()
    with lent(FONTS) as fonts:
        files = {"main": page, "drawing.svg": drawing}
        return typst.compile(files, format="png", ppi=PNG_DPI, font_paths=fonts)  # type: ignore[call-overload]
