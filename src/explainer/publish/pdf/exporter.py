"""The report as PDF files: the resolved document, written as Typst through an nbconvert template and compiled.

Typst holds the page to PDF/UA-1 and refuses a figure without alt text. Prose comes as string literals; everything else
(tables, captions, sources) is data in `report.json`, which the template reads: no text can be taken for a command.
"""

import concurrent.futures as cf
import contextlib
import contextvars
import datetime as dt
import io
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import typst
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import List, Unicode

from explainer import store
from explainer.faces import font_files, lent, same_character
from explainer.project import TEMPLATES
from explainer.publish.document import PublishError
from explainer.publish.language import _, speaking
from explainer.publish.pdf.papers import Paper, papers
from explainer.publish.pdf.prose import check_glyphs, passages, strings, with_typst
from explainer.publish.pdf.report import data_of, people_of, report_data
from explainer.publish.resolve import alone

TEMPLATE = TEMPLATES / "explainer_typst"
OWN_SOURCE = "source:"
"""Before an address in the template: lead to its entry in this file's list of sources."""


class ExplainerPDFExporter(TemplateExporter):
    """Exports the report, or one chapter of it, as PDF/UA-1 set by Typst."""

    export_from_notebook = "Explainer PDF"
    output_mimetype = "application/pdf"
    manifest = Unicode("", help="The figure manifest; by default that of the notebook's day.").tag(config=True)

    optimistic_validation = True  # nothing but the report's own steps touches the notebook
    file_extension = Unicode(".pdf").tag(config=True)
    template_extension = Unicode(".typ.j2").tag(config=True, affects_environment=True)
    template_name = Unicode(TEMPLATE.name).tag(config=True, affects_template=True)
    extra_template_basedirs = List(Unicode(), [str(TEMPLATES)]).tag(config=True, affects_environment=True)

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Export a notebook as a chapter published alone."""
        resources = self._init_resources(resources)
        resolved, manifest, path = alone(nb, resources["metadata"], self.manifest)
        resources["output_extension"] = self.file_extension
        (made,) = render_papers(resolved, manifest, path.parent, whole=False).values()
        return made, resources

    def typst(self, prose: NotebookNode, parts: Iterable[str]) -> bytes:
        """Return the Typst of a document whose Markdown has become Typst, with some of its parts."""
        source, _resources = super().from_notebook_node(prose, {"explainer": {"parts": list(parts)}})
        return same_character(source).encode()


def render_papers(
    resolved: NotebookNode, manifest: dict[str, Any], figures: Path, *, whole: bool = True, kept: str = ""
) -> dict[str, bytes]:
    """Return the PDFs of a resolved document by their file names; each leads to the others by those names.

    Parameters
    ----------
    resolved
        What `resolve.combine` returns.
    manifest
        The figure manifest of the edition.
    figures
        The folder that holds the manifest's files.
    whole
        False for a part published alone: one file without cover and contents.
    kept
        A folder for papers, by all that they are set from; empty for setting each anew.

    Raises
    ------
    PublishError
        For a figure without alt text or file, or a character that no shipped font has.
    """
    with speaking(manifest.get("language")), lent(font_files()) as found, cf.ThreadPoolExecutor() as threads:
        wanted = papers(resolved, whole=whole)
        people = people_of(resolved, manifest) if any("persons" in paper.parts for paper in wanted) else []
        report = report_data(resolved, manifest, people)
        check_glyphs([*passages(resolved), *strings(report, "")])

        def made(paper: Paper) -> bytes:
            own = data_of(paper, wanted, resolved, report)
            files = {path.name: path.read_bytes() for path in TEMPLATE.glob("*.typ")}
            files |= {one["file"]: _picture(one, figures) for one in own["figures"].values() if one["kind"] == "figure"}
            files["report.json"] = same_character(json.dumps(own, ensure_ascii=False)).encode()
            files["main"] = ExplainerPDFExporter().typst(with_typst(resolved, people, paper.parts), paper.parts)
            return _kept_or_set(files, own, found, kept)

        # Typst works outside the interpreter's lock; the record takes longest
        jobs = {paper: threads.submit(contextvars.copy_context().run, made, paper) for paper in reversed(wanted)}
        return {paper.file: jobs[paper].result() for paper in wanted}


def _picture(entry: dict[str, Any], figures: Path) -> bytes:
    path = figures / Path(entry["file"]).name
    path = path if path.is_file() else path.with_name(f"{entry['id']}.svg")  # not every drawing has a narrow one
    if not path.is_file():
        raise PublishError([f"figure {entry['id']!r} has no drawing at {path}: run `make report`"])
    return path.read_bytes()


def _kept_or_set(files: dict[str, bytes], report: dict[str, Any], found: typst.Fonts, kept: str) -> bytes:
    if not kept:
        return _compile(files, report, found)
    place = Path(kept) / store.hash_of(files)
    paper = store.load(place)
    if paper is None:
        paper = {"paper.pdf": _compile(files, report, found)}
        with contextlib.suppress(OSError):  # a full or read-only disk costs time, not the build
            store.keep(place, paper)
    return paper["paper.pdf"]


def _compile(files: dict[str, bytes], report: dict[str, Any], found: typst.Fonts) -> bytes:
    day = dt.datetime(**report["day"], tzinfo=dt.UTC)
    try:
        made = typst.compile(
            files,  # type: ignore[call-overload]
            font_paths=found,
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=int(day.timestamp()),
        )
    except (typst.TypstError, RuntimeError) as error:
        raise PublishError([f"Typst could not set the PDF: {error}"]) from error
    return _packed(made, report["titles"])


def _packed(made: bytes, titles: dict[str, str]) -> bytes:
    """Return a PDF at less than half its size, whose links say what they lead to instead of an address or a page."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        place = _places(pdf)
        headings = sorted(_headings(pdf, place))
        links = [(page, link) for page in pdf.pages for link in page.get("/Annots", [])]
        entries = _entries(links, place)
        for _page, link in links:
            address = _address(link)
            if address.startswith(OWN_SOURCE):
                del link.A
                link.Dest = entries[address.removeprefix(OWN_SOURCE)]
                address = ""
            if address:
                link.Contents = pikepdf.String(titles.get(address, address))
            else:
                before = bisect_right(headings, (*place(link.Dest), "\U0010ffff"))
                link.Contents = pikepdf.String(headings[max(before - 1, 0)][2] if headings else _("this file"))
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return packed.getvalue()


def _places(pdf: pikepdf.Pdf) -> Callable[[Any], tuple[int, float]]:
    """Return what turns a destination, named or not, into its page and its distance from the foot, negative to sort."""
    pages = {page.objgen: n for n, page in enumerate(pdf.pages)}
    names = pikepdf.NameTree(pdf.Root.Names.Dests) if "/Names" in pdf.Root else {}

    def place(destination: Any) -> tuple[int, float]:
        page, _kind, _left, top, *_zoom = list(names.get(str(destination), destination))
        return pages[page.objgen], -float(top)

    return place


def _address(link: Any) -> str:
    return bytes(link.A.get("/URI", b"")).decode() if "/A" in link else ""


def _entries(links: list[tuple[Any, Any]], place: Callable[[Any], tuple[int, float]]) -> dict[str, pikepdf.Array]:
    """Return where the list of sources begins the entry of each address: at the first link to it from there on."""
    found: dict[str, pikepdf.Array] = {}
    if any(_address(link).startswith(OWN_SOURCE) for _page, link in links):
        start = place("sources")
        for page, link in links:
            at = pikepdf.Array([page.obj, pikepdf.Name.XYZ, link.Rect[0], link.Rect[3], 0])
            if "/A" in link and place(at) >= start:
                found.setdefault(_address(link), at)
    return found


def _headings(pdf: pikepdf.Pdf, place: Callable[[Any], tuple[int, float]]) -> Iterator[tuple[int, float, str]]:
    """Yield the place and the words of each heading."""
    with pdf.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop()
            waiting += item.children
            yield *place(item.destination), item.title
