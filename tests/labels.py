"""Finds labels of a drawing that overlap or leave it."""

from itertools import combinations
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


def _spare_ticks(fig: Figure) -> set[int]:
    """Return the ids of tick labels outside the view, which matplotlib keeps but does not draw."""
    spare = set()
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not axis.get_visible() or not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    spare |= {id(tick.label1), id(tick.label2)}
    return spare


def _text_boxes(fig: Figure) -> list[tuple[str, Any]]:
    """Return every drawn, non-empty text of the figure with its box in pixels."""
    fig.canvas.draw()
    assert isinstance(fig.canvas, FigureCanvasAgg)
    renderer = fig.canvas.get_renderer()
    spare = _spare_ticks(fig)
    texts = [text for text in fig.findobj(Text) if text.get_visible() and id(text) not in spare]
    boxes = [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts if text.get_text().strip()]
    return [(text, box) for text, box in boxes if box.width > 0 and box.height > 0]


def overlapping_labels(fig: Figure, tolerance: float = 1.0) -> list[tuple[str, str]]:
    """List pairs of texts whose boxes overlap by more than ``tolerance`` pixels; a good chart gives none."""
    pairs = []
    for (first, a), (second, b) in combinations(_text_boxes(fig), 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        along = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > tolerance and along > tolerance:
            pairs.append((first, second))
    return pairs


def clipped_labels(fig: Figure, tolerance: float = 1.0) -> list[str]:
    """List texts that reach beyond the edge of the figure."""
    width, height = fig.canvas.get_width_height()
    return [
        text
        for text, box in _text_boxes(fig)
        if min(box.x0, box.y0) < -tolerance or box.x1 > width + tolerance or box.y1 > height + tolerance
    ]
