"""What the warm parent of all kernels holds: imported there once, and found by every kernel that is forked from it."""

import builtins
import contextlib
import gc
import importlib
import os
import signal
import sys
import types
import warnings

ROOT_VARIABLE = "EXPLAINER_WARM_ROOT"
"""Environment variable that names the project whose tables are read beforehand."""
MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "encodings.idna",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "typst",
    "explainer.evidence.evidence",
    "explainer.text.wording",
    "explainer.exhibits.pictures",
    "explainer.exhibits.subject",
)
FOR_PAGES = (
    "explainer.publish.resolve",
    "explainer.publish.html.exporter",
    "explainer.publish.pdf.exporter",
    "explainer.publish.metadata",
)
PATH = [place for place in sys.path if place]
"""Where an interpreter of its own looks for modules: a kernel looks there too, and not where its client does."""
PARENT = os.getpid()
"""The warm parent, in its forks: asked of the system, the number may be that of whoever inherited an orphan."""


def _import_all() -> None:
    """Import what kernels need; a module that fails here fails again in the chapter, where its error is read."""
    # matplotlib reads its backend once, at import; ipykernel sets this before an ordinary kernel imports anything.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    # pandas asks at import whether it is in a notebook, and shows 20 columns if so.
    builtins.get_ipython = lambda: types.SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    importlib.import_module("pandas")
    del builtins.get_ipython  # type: ignore[attr-defined]
    for module in MODULES:
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    with warnings.catch_warnings():  # what these set is not for kernels
        for module in FOR_PAGES:
            with contextlib.suppress(Exception):
                importlib.import_module(module)
    with contextlib.suppress(Exception):
        for exhibit in sys.modules["explainer.exhibits.subject"].exhibits().values():
            _ = exhibit.drawing
    with contextlib.suppress(Exception):  # the first drawing loads fonts and metrics: it is made here, of nothing
        from explainer.exhibits import pictures, theme

        figure, axes = theme.figure(theme.Size.WIDE, 1.0)
        axes.set_title("0", fontweight=600)
        pictures.svg_bytes(figure, "")  # no PNG: Typst would start threads, which no fork survives
    with contextlib.suppress(Exception):  # the tables once read and checked: a chapter finds them if they are the same
        sys.modules["explainer.evidence.evidence"].Evidence.load()


if ROOT_VARIABLE in os.environ:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is the build's to answer
    _import_all()
    gc.collect()
    gc.freeze()  # collections in the kernels then leave the shared pages alone
