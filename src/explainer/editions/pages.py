"""The files of a report, each made anew only when something that it is made from has changed."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pandas as pd

from explainer.editions.fresh import hashed
from explainer.editions.used import Now, modules
from explainer.evidence.evidence import Evidence
from explainer.project import PROJECT

PDF, TEMPLATES = "report.pdf", "explainer/publish/templates"
PAGES = ("report.html", PDF, "preview.png")
"""What is made for each edition besides its chapters; a list of anchors comes with the first, brief and record with the
second."""


class Page(NamedTuple):
    """One file of a report to be made: by what, from what, and the hash of all that it is made from."""

    name: str
    make: Callable[..., dict[str, bytes]]
    arguments: tuple[Any, ...]
    parts: Mapping[str, str]


def pages(
    notebooks: Mapping[str, str],
    figures: Mapping[str, bytes],
    manifest: Mapping[str, Any],
    evidence: Evidence,
    kept: Path | None = None,
) -> list[Page]:
    """Return the files of a report: the slowest first; `kept` is where single papers are kept from build to build."""
    chapters = {f"chapter {key}": hashed(text.encode()) for key, text in notebooks.items()}
    chapters |= {f"manifest: {key}": hashed(json.dumps(value).encode()) for key, value in manifest.items()}
    drawings = {name: content for name, content in figures.items() if name.endswith(".svg")}
    now, found = Now(evidence), [preview(manifest, evidence)]
    for name, make, files, code in ((PDF, make_pdf, drawings, _PDF), ("report.html", make_html, dict(figures), _HTML)):
        parts = {**chapters, **{file: hashed(content) for file, content in files.items()}, **now(modules(*code))}
        own = (str(kept / hashed(repr(now(modules(*code))).encode())) if kept else "",) if name == PDF else ()
        found.append(Page(name, make, (dict(notebooks), dict(manifest), files, *own), parts))
    return found


_ALL = ("explainer/locale", "explainer.publish.resolve")
_HTML = (*_ALL, "explainer.publish.html.exporter", "explainer.publish.metadata", f"{TEMPLATES}/explainer_html")
_PDF = (*_ALL, "explainer.publish.pdf.exporter", f"{TEMPLATES}/explainer_typst")


@contextmanager
def _laid_out(
    notebooks: Mapping[str, str], manifest: Mapping[str, Any], figures: Mapping[str, bytes]
) -> Iterator[tuple[Any, Path]]:
    """Give the chapters joined to one document, and a folder with the figures."""
    from explainer.publish.resolve import combine

    chapters = [(key, nbformat.v4.reads(text)) for key, text in notebooks.items()]  # ours, and valid
    with tempfile.TemporaryDirectory(prefix="explainer-") as folder:
        for name, content in figures.items():
            Path(folder, name).write_bytes(content)
        yield combine(chapters, dict(manifest), whole=not manifest.get("brief")), Path(folder)


def make_html(
    notebooks: Mapping[str, str], manifest: Mapping[str, Any], figures: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Write the page, and the list of its anchors; a PublishError names every reason why it cannot be published."""
    from explainer.publish.html.exporter import render
    from explainer.publish.metadata import anchor_list

    with _laid_out(notebooks, manifest, figures) as laid_out:
        html = render(*laid_out)
    return {"report.html": html.encode(), "anchors.json": anchor_list(html, dict(manifest)).encode()}


def make_pdf(
    notebooks: Mapping[str, str], manifest: Mapping[str, Any], figures: Mapping[str, bytes], kept: str = ""
) -> dict[str, bytes]:
    """Write the PDFs, of which those in the folder `kept` need not be set again; raises what `make_html` does."""
    from explainer.publish.pdf.exporter import render_papers

    with _laid_out(notebooks, manifest, figures) as (combined, folder):
        return render_papers(combined, dict(manifest), folder, whole=not manifest.get("brief"), kept=kept)


def preview(manifest: Mapping[str, Any], evidence: Evidence) -> Page:
    """Return the picture that a shared link shows, to be made."""
    from explainer.text.wording import day

    rows = PROJECT.part("preview_data")
    frame = rows(evidence) if rows else pd.DataFrame()
    drawing = PROJECT.told.get("parts", {}).get("preview_marks", "").partition(":")[0]
    standing = f"An explanatory report \u00b7 as of {day(manifest['as_of'])}"
    drawn = {"what it shows": hashed(f"{frame.to_csv()} {frame.attrs} {manifest['title']} {standing}".encode())}
    parts = drawn | Now(evidence)(modules(*filter(None, [drawing]), "explainer.exhibits.pictures"))
    return Page("preview.png", make_preview, (frame, manifest["title"], standing), parts)


def make_preview(frame: Any, title: str, standing: str) -> dict[str, bytes]:
    """Draw the picture that a shared link shows."""
    from explainer.exhibits.pictures import preview_png

    return {"preview.png": preview_png(frame, title, standing, PROJECT.part("preview_marks"))}
