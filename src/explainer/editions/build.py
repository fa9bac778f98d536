"""Builds editions from evidence to HTML and PDF, each beside the old one, and swaps them in whole."""

import concurrent.futures as cf
import json
import shutil
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from explainer import store as cache
from explainer.editions import changed as changes
from explainer.editions import fresh, used
from explainer.editions import parameters as report_parameters
from explainer.editions.editions import LATEST, Edition, checked_evidence, read_editions
from explainer.editions.manifest import plain, write_index, write_manifest
from explainer.editions.pages import PAGES, PDF, pages
from explainer.editions.parameters import EVERYTHING, chapters_folder
from explainer.editions.swap import locked, recover, swap_in
from explainer.evidence.evidence import Evidence, digest
from explainer.evidence.schema import FILE as SCHEMA
from explainer.faces import FACES
from explainer.project import CACHE, DATA, FIGURES, FILE, JOURNAL, LOCK, PROJECT, REPORTS
from explainer.run import chapter as chapter_tools
from explainer.run.pool import Pool, at_work
from explainer.text.cells import tags
from explainer.text.chapters import parameters_of

Progress = Callable[[str, str], None]
"""Told the edition and what of it has been done."""

ALWAYS_USED = ("explainer.run.chapter", "explainer.exhibits.subject")
"""Modules on which every chapter depends, besides the subject's package."""
RESULTS_KEPT, DRAWINGS_KEPT, PARTS = 60, 600, 10
"""Results of each kind and drawings that the cache keeps, and how many of a kind one edition may need."""
STEPS = len(PAGES) + 1
"""Steps of an edition besides its chapters."""

Waiting = Generator[set["cf.Future[Any]"], None, Any]
"""Work in which there is nothing to do until one of some jobs is done."""


@dataclass(frozen=True)
class Result:
    """What a build made: where, the files and folders that it wrote, and for each part whether it was made and why."""

    edition: str
    report: Path
    written: tuple[Path, ...]
    parts: Mapping[str, tuple[bool, str]]


@dataclass(frozen=True)
class Common:
    """What all editions of one request share."""

    inputs: Mapping[str, str]
    content: str
    evidence: Evidence
    notebooks: Mapping[str, NotebookNode]
    pages: frozenset[str]
    force: bool
    progress: Progress
    pool: Pool
    results: dict[str, Result] = field(default_factory=dict)


def steps(editions: Sequence[Edition], pdf: bool = True) -> int:
    """Return in how many steps editions are built, for a progress bar."""
    folders = [chapters_folder(edition.values.get("focus", EVERYTHING)) for edition in editions]
    return sum(STEPS - (not pdf) + len(list(folder.glob("[0-9][0-9]-*.ipynb"))) for folder in folders)


def build_all(
    editions: Sequence[Edition],
    progress: Progress = lambda edition, what: None,
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
    progress, force, pdf
        Who is told what has been done of which edition; whether to make all anew; whether to set the PDFs as well.
    workers, dask
        See `run.pool.at_work`.

    Raises
    ------
    Refusal
        Before anything of the old report of that edition is touched. Editions that were finished stay.
    """
    with ExitStack() as held:
        for edition in editions:
            held.enter_context(locked(CACHE / f"{edition.name}.lock"))
            recover(JOURNAL)
        read = (fresh.inputs(), digest(), checked_evidence(), chapter_tools.read_chapters())
        _ = [face.path() for face in FACES]  # a house font that is missing is told before anything is made
        chosen = [(one, report_parameters.check(one.values, read[2])) for one in editions]
        wanted = frozenset(PAGES) - (set() if pdf else {PDF})
        common = Common(*read, wanted, force, progress, held.enter_context(at_work(workers, dask)))
        _run_all(chosen, common)
    for folder in ("chapters", "pages", "papers"):
        cache.prune(CACHE / folder, max(RESULTS_KEPT, PARTS * len(editions)))
    cache.prune(CACHE / "drawings", DRAWINGS_KEPT)
    return [common.results[edition.name] for edition in editions]


def _run_all(chosen: Sequence[tuple[Edition, report_parameters.Values]], common: Common) -> None:
    """Start an edition whenever the workers have nothing left to do, so that few are under way at once."""
    with ExitStack() as begun:
        waiting, jobs = list(chosen), dict[Waiting, set["cf.Future[Any]"]]()
        while waiting or jobs:
            if waiting and sum(map(len, jobs.values())) <= common.pool.workers:
                build = begun.enter_context(closing(_EditionBuild(*waiting.pop(0), common).run()))
            else:
                done = cf.wait(set().union(*jobs.values()), return_when=cf.FIRST_COMPLETED).done
                build = next(one for one, own in jobs.items() if own & done)
            jobs[build] = next(build, set())
            if not jobs[build]:
                del jobs[build]


@contextmanager
def _staging(name: str) -> Iterator[Path]:
    """Make a folder to build in, in place of one that a killed build has left; it goes away whatever happens."""
    stage = CACHE / f"build-{name}"
    shutil.rmtree(stage, ignore_errors=True)
    for folder in (REPORTS, FIGURES, stage / "figures", stage / "report"):
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


class _EditionBuild:
    """One edition on its way: its chapters, then page and papers, then the swap."""

    def __init__(self, edition: Edition, values: report_parameters.Values, common: Common):
        self.edition, self.values, self.common = edition, values, common
        self.evidence = common.evidence.cut(values.as_of)
        self.folder = chapters_folder(values.focus)
        self.whole = values.focus == EVERYTHING
        self.sources = common.notebooks if self.whole else chapter_tools.read_chapters(self.folder)
        self.now = used.Now(self.evidence)
        files = {"the schema": DATA / SCHEMA, "report.toml": PROJECT.root / FILE, "the lock file": LOCK}
        self.environment: dict[str, Any] = {name: common.inputs[str(path)] for name, path in files.items()}
        self.environment |= {name: common.inputs[name] for name in ("python", "form")}
        self.environment["the day"] = self.evidence.as_of.isoformat()
        self.before = fresh.read_state(edition.name)
        self.parts: dict[str, tuple[bool, str]] = {}
        self.state: dict[str, Any] = {"chapters": {}, "pages": {}}
        self.notebooks: dict[str, str] = {}

    def run(self) -> Waiting:
        """Make the edition; whoever steps through this waits each time until one of the jobs is done."""
        with _staging(self.edition.name) as self.stage:
            yield from self._run_chapters()
            manifest = yield from self._make_pages()
            self._put_in_place(manifest)
        self.common.progress(self.edition.name, "in place")

    def _done(self, jobs: dict[cf.Future[Any], Any], take: Callable[[Any, Any], None]) -> Waiting:
        """Wait for jobs, and have the result of each taken with what it was for."""
        while jobs:
            yield set(jobs)
            for future in [one for one in jobs if one.done()]:
                take(jobs.pop(future), future.result())

    def _folder(self, kind: str, key: str, parts: Mapping[str, Any]) -> Path:
        return CACHE / kind / fresh.hashed(f"{key} {sorted(parts.items())}".encode())

    def _run_chapters(self) -> Waiting:
        """Take the chapters that stand from the cache and have the others run, the longest first."""
        waiting, jobs = {}, {}
        for key, nb in self.sources.items():
            ready = chapter_tools.prepare(nb, self.evidence.as_of.isoformat(), plain(self.values))
            prose = fresh.hashed(repr([cell.source for cell in ready.cells if cell.cell_type == "markdown"]).encode())
            self.state["chapters"][key] = {"parts": self._parts(nb, ready), "prose": prose, "used": {}}
            kept = None if self.common.force else self._kept_chapter(key, ready)
            self.parts[key] = kept is None, self._why(key, kept=kept is not None)
            if kept is None:
                waiting[key] = ready
            else:
                self._chapter_done(key, *kept)
        prefix = "" if self.edition.name == LATEST else f"{self.edition.name}-"
        for key, ready in sorted(waiting.items(), key=lambda item: _length(item[1]), reverse=True):
            failed = str(CACHE / "failed" / f"{prefix}{key}.ipynb")
            drawings = "" if self.common.force else str(CACHE / "drawings")
            job = chapter_tools.Job(key, nbformat.writes(ready), failed, str(self.folder), drawings)
            jobs[self.common.pool.chapters.submit(chapter_tools.run, job)] = key, ready
        yield from self._done(jobs, self._chapter_ran)

    def _parts(self, nb: NotebookNode, ready: NotebookNode) -> dict[str, Any]:
        """Return what a chapter is made from, as far as it is known before it runs."""
        own, given = next((c.source for c in nb.cells if "parameters" in tags(c)), ""), plain(self.values)
        code = [cell for cell in ready.cells if cell.cell_type == "code"]  # prose is not run
        found = {
            f"cell {c['id']}": fresh.hashed(f"{place} {c.metadata} {c.source}".encode()) for place, c in enumerate(code)
        }
        return found | {f"parameter {name}": given.get(name) for name in parameters_of(own)} | self.environment

    def _kept_chapter(self, key: str, ready: NotebookNode) -> tuple[str, dict[str, bytes], dict[str, str]] | None:
        for folder in cache.variants(self._folder("chapters", key, self.state["chapters"][key]["parts"])):
            files = cache.load(folder)
            if files is None:
                continue
            read = json.loads(files["used.json"])
            if self.now(read) == read:
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

    def _chapter_ran(self, job: tuple[str, NotebookNode], ran: chapter_tools.Ran) -> None:
        key, ready = job
        roots = [*ALWAYS_USED, PROJECT.subject, *ran.reads.get("modules", ())]
        roots += [name for cell in ready.cells if cell.cell_type == "code" for name in used.imported(cell.source)]
        read = self.now([*used.tables(ran.reads.get("tables", ())), *used.modules(*roots)])
        if ran.reads.get("content") == self.common.content:  # else the tables were edited meanwhile
            files = {"notebook.ipynb": ran.notebook.encode(), "used.json": json.dumps(read).encode()}
            files |= {f"kits/{name}": content for name, content in ran.kits.items()}
            folder = self._folder("chapters", key, self.state["chapters"][key]["parts"])
            cache.keep(folder / fresh.hashed(files["used.json"]), files)
        self._chapter_done(key, ran.notebook, ran.kits, read)

    def _chapter_done(self, key: str, notebook: str, kits: Mapping[str, bytes], read: Mapping[str, str]) -> None:
        self.notebooks[key] = notebook
        self.state["chapters"][key]["used"] = dict(read)
        for name, content in kits.items():
            (self.stage / "figures" / name).write_bytes(content)
        self.common.progress(self.edition.name, f"chapter {key}")

    def _make_pages(self) -> Any:
        """Take page, papers and picture from the cache, or have them made; gives the manifest in the end."""
        done = {key: nbformat.reads(self.notebooks[key], as_version=4) for key in self.sources}
        told = changes.since_previous(self.evidence, self.sources) if self.whole else {}
        figures, force, jobs = self.stage / "figures", self.common.force, {}
        manifest = write_manifest(figures, self.edition, self.evidence, self.values, done, told)
        texts = {key: nbformat.writes(nb) for key, nb in changes.with_section(done, manifest).items()}
        drawn = {path.name: path.read_bytes() for path in sorted(figures.iterdir())}
        papers = None if force else self._folder("papers", "", self.environment)
        for page in pages(texts, drawn, manifest, self.evidence, papers):
            if page.name not in self.common.pages:
                continue
            parts = {**page.parts, **self.environment}
            folder, old = self._folder("pages", page.name, parts), self.before.get("pages", {}).get(page.name)
            self.state["pages"][page.name] = parts
            if kept := None if force else cache.load(folder):
                self.parts[page.name] = False, fresh.UNCHANGED
                self._page_done((page.name, None), kept)
                continue
            found = used.differences(old, parts) or used.LOST if old else used.FIRST
            self.parts[page.name] = True, used.FORCED if force else found
            jobs[self.common.pool.pages.submit(page.make, *page.arguments)] = page.name, folder
        yield from self._done(jobs, self._page_done)
        return manifest

    def _page_done(self, job: tuple[str, Path | None], files: Mapping[str, bytes]) -> None:
        name, to_keep = job
        if to_keep:
            cache.keep(to_keep, files)
        for file, content in files.items():
            (self.stage / "report" / file).write_bytes(content)
        self.common.progress(self.edition.name, name)

    def _put_in_place(self, manifest: Mapping[str, Any]) -> None:
        name = self.edition.name
        pairs = [(self.stage / "figures", FIGURES / name), (self.stage / "report", REPORTS / name)]
        if name in read_editions():
            pairs += [(new, REPORTS / new.name) for new in write_index(self.stage, manifest, REPORTS)]
        if name == LATEST and chapter_tools.are_own(plain(self.values), self.sources):
            pairs += self._notebooks_to_write()
        note = self.stage / "state.json"
        note.write_text(json.dumps(self.state), encoding="utf-8")
        swap_in([*pairs, (note, fresh.state_file(name))], JOURNAL)
        written = tuple(then for _, then in pairs)
        self.common.results[name] = Result(name, REPORTS / name, written, self.parts)

    def _notebooks_to_write(self) -> Iterator[tuple[Path, Path]]:
        """Yield the chapters with their outputs, but for one that was saved while they were made."""
        for key, text in self.notebooks.items():
            path, new = self.folder / f"{key}.ipynb", self.stage / f"{key}.ipynb"
            if fresh.source_hash(path) == self.common.inputs.get(str(path)):
                done = nbformat.reads(text, as_version=4)
                chapter_tools.write_notebook(chapter_tools.with_outputs(self.sources[key], done), new)
                yield new, path
