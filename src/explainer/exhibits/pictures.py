"""Pictures: matplotlib's figure of an exhibit as SVG in two widths and as PNG, and the picture of a shared link."""

import io
import re
import textwrap
from collections.abc import Callable

import matplotlib as mpl
import pandas as pd
import typst
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explainer.exhibits.look import FONTS, Size
from explainer.faces import drawing_sheet, lent
from explainer.problems import given
from explainer.text.dialect import curl

SVG_SALT = "explainer"
PNG_DPI = 160
POINTS_PER_INCH = 72  # of an SVG
WIDTH_PX, HEIGHT_PX, DPI = 1200, 630, 100
"""The size that Open Graph readers expect."""
TITLE_LETTERS = 30
LEFT = 0.06


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
    text = re.sub(r"-?\d+\.\d{3,}(?![\d.]*%)", lambda found: _few_decimals(float(found[0])), text)
    # matplotlib names a clip after all its digits, of which the last differ from run to run
    clips = {name: f"clip{n}" for n, name in enumerate(re.findall(r'<clipPath id="(\w+)"', text))}
    text = re.sub(r'(?<=[#"])\w+(?=[")])', lambda found: clips.get(found[0], found[0]), text)
    text = re.sub(r"\s*\n\s*", " ", text).replace("> <", "><").strip()
    sheet = f"text{{white-space:pre}}{drawing_sheet(text)}".replace("\n", "")
    return text.replace("</style>", f"{sheet}</style>", 1).encode() + b"\n"


def _few_decimals(value: float) -> str:
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


def preview_png(
    frame: pd.DataFrame, title: str, standing: str, marks: Callable[[Axes, pd.DataFrame], None] | None = None
) -> bytes:
    """Draw the title, the line of the day that it stands for, and below them what the subject makes of its rows."""
    from explainer.exhibits import theme  # loaded where something is drawn: it sets the faces, too

    fig = Figure(figsize=(WIDTH_PX / DPI, HEIGHT_PX / DPI), dpi=DPI)
    fig.add_artist(Line2D([LEFT, 1 - LEFT], [0.94, 0.94], color=theme.ACCENT, linewidth=5))
    lines = "\n".join(textwrap.wrap(title, TITLE_LETTERS))
    fig.text(LEFT, 0.89, lines, fontsize=46, fontweight=600, color=theme.INK, va="top", linespacing=1.12)
    fig.text(LEFT, 0.53, standing, fontsize=22, color=theme.MUTED, va="center")
    if marks:
        marks(fig.add_axes((LEFT + 0.1, 0.05, 1 - 2 * LEFT - 0.1, 0.42)), frame)
    picture = io.BytesIO()
    FigureCanvasAgg(fig).print_png(picture, metadata={"Software": None})
    return picture.getvalue()
