"""Builds editions from evidence to HTML and PDF, each beside the old one, and swaps them in whole."""

from __future__ import annotations

import concurrent.futures as cf
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from explainer import store as cache
from explainer.editions import changed as changes
from explainer.editions import focus as briefs
from explainer.editions import fresh, used
from explainer.editions import parameters as report_parameters
from explainer.editions.editions import LATEST, Edition, read_editions
from explainer.editions.manifest import plain, write_index, write_manifest
from explainer.editions.pages import PAGES, PDF, Page, pages
from explainer.editions.parameters import EVERYTHING
from explainer.editions.place import Place
from explainer.editions.request import report_problems
from explainer.editions.swap import locked, recover, swap_in
from explainer.evidence.evidence import Evidence, digest
from explainer.evidence.problems import EvidenceError
from explainer.evidence.schema import FILE as SCHEMA
from explainer.project import DATA, FILE, LOCK, PROJECT
from explainer.run import chapter as chapter_tools
from explainer.run.pool import Pool, at_work
from explainer.text.cells import tags
from explainer.text.form import parameters_of

Progress = Callable[[str, str], None]
"""Told the edition and what of it has been done."""

ALWAYS_USED = ("explainer.run.chapter", "explainer.exhibits.opening")
"""Modules on which every chapter depends, besides the subject's package."""
FEWEST_KEPT, PARTS_KEPT = 60, 600
STEPS = len(PAGES) + 1
"""Steps of an edition besides its chapters."""


@dataclass(frozen=True)
class Result:
    """What a build made: where, which parts had to be made, and why or why not."""

    edition: str
    report: Path
    figures: Path
    ran: tuple[str, ...]
    reasons: Mapping[str, str]


def quiet(edition: str, what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Common:
    """What all editions of one request share."""

    place: Place
    evidence: Evidence
    notebooks: Mapping[str, NotebookNode]
    inputs: Mapping[str, str]
    content: str
    fonts: Mapping[str, str]
    published: frozenset[str]
    pages: frozenset[str] = frozenset(PAGES)
    force: bool = False
    progress: Progress = quiet
    kept: list[Path] = field(default_factory=list)


def steps(editions: Sequence[Edition], place: Place, pdf: bool = True) -> int:
    """Return in how many steps editions are built, for a progress bar."""
    folders = [briefs.chapters_folder(place.notebooks, edition.values.get("focus", EVERYTHING)) for edition in editions]
    return sum(STEPS - (not pdf) + len(list(folder.glob("[0-9][0-9]-*.ipynb"))) for folder in folders)


def build_all(
    editions: Sequence[Edition],
    place: Place | None = None,
    progress: Progress = quiet,
    *,
    force: bool = False,
    workers: int | None = None,
    dask: str | None = None,
    pdf: bool = True,
) -> list[Result]:
    """Build editions, their chapters and formats side by side.

    Parameters
    ----------
    editions : sequence of Edition
        Names, days and parameters.
    place, progress, force
        Folders; who is told what has been done of which edition; whether to make all even when nothing changed.
    workers : int, optional
        Local processes; as many as there are cores by default.
    dask : str, optional
        Address of a Dask scheduler, whose workers are used instead.
    pdf : bool
        Whether to set the PDFs as well.

    Raises
    ------
    EvidenceError, ParameterError, ChapterError, PublishError
        Before anything of the old report of that edition is touched. Editions that were finished stay.
    """
    place = place or Place()
    with ExitStack() as held:
        for edition in editions:
            held.enter_context(locked(place.cache / f"{edition.name}.lock"))
            recover(place.journal)
        common = _common(place, frozenset(PAGES) - ({PDF} if not pdf else set()), force, progress)
        chosen = [(one, report_parameters.check(one.values, common.evidence)) for one in editions]
        with at_work(workers, dask) as pool:
            return _run_all(chosen, common, _Work(pool))


def _common(place: Place, wanted: frozenset[str], force: bool, progress: Progress) -> Common:
    inputs, content = fresh.inputs(place), digest()
    evidence = Evidence.load()
    if found := list(report_problems(evidence)):
        raise EvidenceError(found)
    notebooks = chapter_tools.read_chapters(place.notebooks)
    published = frozenset(read_editions())
    return Common(place, evidence, notebooks, inputs, content, _fonts(), published, wanted, force, progress)


def _fonts() -> dict[str, str]:
    from explainer.faces import FACES

    folders = {face.path().parent for face in FACES}
    return fresh.hash_files(sorted(file for folder in folders for file in folder.glob("*.[to]tf")))


def _run_all(chosen: Sequence[tuple[Edition, report_parameters.Values]], common: Common, work: _Work) -> list[Result]:
    """Start an edition whenever the workers have nothing left to do, so that few are under way at once."""
    results: dict[str, Result] = {}
    with ExitStack() as stages:
        for edition, values in chosen:
            while not work.idle:
                work.step()
            stage = stages.enter_context(_staging(common.place, edition.name))
            _EditionBuild(edition, values, common, work, stage, results).start()
        while work.step():
            pass
    for folder in ("chapters", "pages", "papers"):
        cache.prune(common.place.cache / folder, max(FEWEST_KEPT, len(common.kept)))
    cache.prune(common.place.cache / "drawings", PARTS_KEPT)
    return [results[edition.name] for edition, _ in chosen]


@contextmanager
def _staging(place: Place, name: str) -> Iterator[Path]:
    """Make a folder to build in, in place of one that a killed build has left; it goes away whatever happens."""
    stage = place.cache / f"build-{name}"
    shutil.rmtree(stage, ignore_errors=True)
    for folder in (place.reports, place.figures, stage / "figures", stage / "report"):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield stage
    except OSError as error:  # one that tells of a full disk names no file
        error.filename = error.filename or str(stage)
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _length(chapter: NotebookNode) -> int:
    """Return about how long a chapter takes, in cells: a figure takes as long as eight."""
    return sum(8 if "figure" in tags(cell) else 1 for cell in chapter.cells if cell.cell_type == "code")


class _Work:
    """Jobs under way, each with what is to be done with its result."""

    def __init__(self, pool: Pool):
        self.pool = pool
        self._waiting: dict[cf.Future[Any], Callable[[Any], None]] = {}

    def submit(self, who: cf.Executor, then: Callable[[Any], None], job: Callable[..., Any], *arguments: Any) -> None:
        """Have a job done, and `then` told its result."""
        self._waiting[who.submit(job, *arguments)] = then

    @property
    def idle(self) -> bool:
        """Whether a worker has, or will soon have, nothing to do."""
        return len(self._waiting) <= self.pool.workers

    def step(self) -> bool:
        """Wait until a job is done and take its result further; tell whether there was one."""
        if not self._waiting:
            return False
        for future in cf.wait(self._waiting, return_when=cf.FIRST_COMPLETED).done:
            self._waiting.pop(future)(future.result())
        return True


class _EditionBuild:
    """One edition on its way: its chapters, then its two formats, then the swap."""

    def __init__(
        self,
        edition: Edition,
        values: report_parameters.Values,
        common: Common,
        work: _Work,
        stage: Path,
        results: dict[str, Result],
    ):
        self.edition, self.values, self.common, self.work = edition, values, common, work
        self.stage, self.results = stage, results
        self.evidence = common.evidence.cut(values.as_of)
        self.folder = briefs.chapters_folder(common.place.notebooks, values.focus)
        self.sources = common.notebooks if values.focus == EVERYTHING else chapter_tools.read_chapters(self.folder)
        self.now = used.Now(self.evidence)
        self.before = fresh.read_state(common.place, edition)
        self.ran: list[str] = []
        self.reasons: dict[str, str] = {}
        self.state: dict[str, Any] = {"chapters": {}, "pages": {}}
        self.notebooks: dict[str, str] = {}
        self.missing = set(common.pages)

    # --- Chapters

    def start(self) -> None:
        """Take the chapters that stand from the cache and have the others run."""
        waiting, prefix = {}, "" if self.edition.name == LATEST else f"{self.edition.name}-"
        for key, nb in self.sources.items():
            ready = chapter_tools.prepare(nb, self.evidence.as_of.isoformat(), plain(self.values))
            prose = fresh.hashed(repr([cell.source for cell in ready.cells if cell.cell_type == "markdown"]).encode())
            self.state["chapters"][key] = {"parts": self._parts(nb, ready), "prose": prose, "used": {}}
            kept = None if self.common.force else self._kept_chapter(key, ready)
            self.reasons[key] = self._why(key, kept=kept is not None)
            if kept is None:
                waiting[key] = ready
            else:
                self._chapter_done(key, *kept)
        for key, ready in sorted(waiting.items(), key=lambda item: _length(item[1]), reverse=True):  # the longest first
            self.ran.append(key)
            job = chapter_tools.Job(
                key,
                nbformat.writes(ready),
                str(self.common.place.cache / "failed" / f"{prefix}{key}.ipynb"),
                str(self.folder),
                "" if self.common.force else str(self.common.place.cache / "drawings"),
            )
            self.work.submit(self.work.pool.chapters, partial(self._chapter_ran, key, ready), chapter_tools.run, job)
        if not waiting:
            self._publish()

    def _parts(self, nb: NotebookNode, ready: NotebookNode) -> dict[str, Any]:
        """Return what a chapter is made from, as far as it is known before it runs."""
        own, given = next((c.source for c in nb.cells if "parameters" in tags(c)), ""), plain(self.values)
        code = [cell for cell in ready.cells if cell.cell_type == "code"]  # prose is not run
        found = {
            f"cell {c['id']}": fresh.hashed(f"{place} {c.metadata} {c.source}".encode()) for place, c in enumerate(code)
        }
        return found | {f"parameter {name}": given.get(name) for name in parameters_of(own)} | self._environment()

    def _environment(self) -> dict[str, Any]:
        files = {"the schema": DATA / SCHEMA, "report.toml": PROJECT.root / FILE, "the lock file": LOCK}
        found = {name: self.common.inputs[str(path)] for name, path in files.items()}
        found |= {name: self.common.inputs[name] for name in ("python", "form")}
        fonts = fresh.hashed(repr(sorted(self.common.fonts.values())).encode())
        return found | {"the day": self.evidence.as_of.isoformat(), "the fonts": fonts}

    def _folder(self, kind: str, key: str, parts: Mapping[str, Any]) -> Path:
        return self.common.place.cache / kind / fresh.hashed(f"{key} {sorted(parts.items())}".encode())

    def _kept_chapter(self, key: str, ready: NotebookNode) -> tuple[str, dict[str, bytes], dict[str, str]] | None:
        state = self.state["chapters"][key]
        for folder in cache.variants(self._folder("chapters", key, state["parts"])):
            files = cache.load(folder)
            if files is None:
                continue
            read = json.loads(files["used.json"])
            if self.now(read) == read:
                self.common.kept.append(folder)
                kits = {n.removeprefix("kits/"): c for n, c in files.items() if n.startswith("kits/")}
                done = nbformat.v4.reads(files["notebook.ipynb"].decode())
                return nbformat.v4.writes(chapter_tools.with_prose(ready, done)), kits, read
        return None

    def _why(self, key: str, *, kept: bool) -> str:
        old, new = self.before.get("chapters", {}).get(key), self.state["chapters"][key]
        if self.common.force:
            return used.FORCED
        if kept:
            return fresh.UNCHANGED if not old or old.get("prose") == new["prose"] else used.PROSE
        if not old:
            return used.FIRST
        return used.differences(old["parts"] | old["used"], new["parts"] | self.now(old["used"])) or used.LOST

    def _chapter_ran(self, key: str, ready: NotebookNode, ran: chapter_tools.Ran) -> None:
        roots = [*ALWAYS_USED, PROJECT.subject, *ran.reads.get("modules", ())]
        roots += [name for cell in ready.cells if cell.cell_type == "code" for name in used.imported(cell.source)]
        read = self.now([*used.tables(ran.reads.get("tables", ())), *used.modules(*roots)])
        if ran.reads.get("content") == self.common.content:  # else the tables were edited meanwhile
            files = {"notebook.ipynb": ran.notebook.encode(), "used.json": json.dumps(read).encode()}
            files |= {f"kits/{name}": content for name, content in ran.kits.items()}
            parts = self.state["chapters"][key]["parts"]
            folder = self._folder("chapters", key, parts) / fresh.hashed(files["used.json"])
            cache.keep(folder, files)
            self.common.kept.append(folder)
        self._chapter_done(key, ran.notebook, ran.kits, read)
        if len(self.notebooks) == len(self.sources):
            self._publish()

    def _chapter_done(self, key: str, notebook: str, kits: Mapping[str, bytes], read: Mapping[str, str]) -> None:
        self.notebooks[key] = notebook
        self.state["chapters"][key]["used"] = dict(read)
        for name, content in kits.items():
            (self.stage / "figures" / name).write_bytes(content)
        self.common.progress(self.edition.name, f"chapter {key}")

    # --- Pages

    def _publish(self) -> None:
        done = {key: nbformat.reads(self.notebooks[key], as_version=4) for key in self.sources}
        whole = self.values.focus == EVERYTHING
        told = changes.since_previous(self.evidence, self.sources) if whole else {}
        folder = self.stage / "figures"
        self.manifest = write_manifest(folder, self.edition, self.evidence, self.values, done, told)
        printed = changes.with_section(done, self.manifest)
        texts = {key: nbformat.writes(nb) for key, nb in printed.items()}
        figures = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        kept = None if self.common.force else self._folder("papers", "", self._environment())
        for page in pages(texts, figures, self.manifest, self.evidence, kept):
            if page.name in self.common.pages:
                self._page(page, {**page.parts, **self._environment()})

    def _page(self, page: Page, parts: Mapping[str, str]) -> None:
        name, force = page.name, self.common.force
        self.state["pages"][name] = parts
        folder = self._folder("pages", name, parts)
        kept = None if force else cache.load(folder)
        if kept is not None:
            self.reasons[name] = fresh.UNCHANGED
            self._page_done(folder, kept, name)
            return
        old = self.before.get("pages", {}).get(name)
        found = used.differences(old, parts) or used.LOST if old else used.FIRST
        self.reasons[name] = used.FORCED if force else found
        self.ran.append(name)
        self.work.submit(self.work.pool.pages, partial(self._page_made, name, folder), page.make, *page.arguments)

    def _page_made(self, name: str, folder: Path, files: Mapping[str, bytes]) -> None:
        cache.keep(folder, files)
        self._page_done(folder, files, name)

    def _page_done(self, folder: Path, files: Mapping[str, bytes], name: str) -> None:
        self.common.kept.append(folder)
        for file, content in files.items():
            (self.stage / "report" / file).write_bytes(content)
        self.missing.discard(name)
        self.common.progress(self.edition.name, name)
        if not self.missing:
            self._finish()

    def _finish(self) -> None:
        place, name = self.common.place, self.edition.name
        pairs = [(self.stage / "figures", place.figures / name), (self.stage / "report", place.reports / name)]
        if name in self.common.published:
            pairs += [(new, place.reports / new.name) for new in write_index(self.stage, self.manifest, place.reports)]
        if name == LATEST and chapter_tools.are_own(plain(self.values), self.sources):
            pairs += self._notebooks_to_write()
        state = {**self.state, "request": fresh.request(self.edition), "inputs": self.common.inputs}
        state |= {"outputs": fresh.outputs(pairs), "pdf": PDF in self.common.pages}
        state |= {"fonts": fresh.stamps(map(Path, self.common.fonts))}
        note = fresh.write_state(self.stage / "state.json", state)
        swap_in([*pairs, (note, fresh.state_file(place, self.edition))], place.journal)
        self.results[name] = Result(name, pairs[1][1], pairs[0][1], tuple(self.ran), self.reasons)
        shutil.rmtree(self.stage, ignore_errors=True)
        self.common.progress(name, "in place")
        self.notebooks, self.manifest = {}, {}

    def _notebooks_to_write(self) -> Iterator[tuple[Path, Path]]:
        """Yield the chapters with their outputs, but for one that was saved while they were made."""
        for key, text in self.notebooks.items():
            path, new = self.folder / f"{key}.ipynb", self.stage / f"{key}.ipynb"
            if fresh.source_hash(path) == self.common.inputs.get(str(path)):
                done = nbformat.reads(text, as_version=4)
                chapter_tools.write_notebook(chapter_tools.with_outputs(self.sources[key], done), new)
                yield new, path
