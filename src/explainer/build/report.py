"""Builds one edition from evidence to HTML and PDF, beside the old one, and swaps it in whole."""

from __future__ import annotations

import concurrent.futures as cf
import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from explainer import parameters as report_parameters
from explainer import sources
from explainer.build import changes
from explainer.build import chapters as chapter_tools
from explainer.build.editions import LATEST, Edition, read_editions
from explainer.build.persons import persons
from explainer.build.swap import locked, recover, swap_in
from explainer.evidence import FIRST_DAY, Evidence, digest
from explainer.measures import scenarios
from explainer.paths import CACHE, FIGURES, NOTEBOOKS, PACKAGE, REPORTS, ROOT
from explainer.schema import TABLES

TITLE = "If the alliance is tested: Japan, Taiwan and one sentence"
DESCRIPTION = (
    "What Japan's prime minister said about Taiwan, how Japan, China, the United States, Taiwan and others answered, "
    "and what it means for the region."
)
WORKERS = 2
KEPT_RESULTS = 60

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """What a build made: where, and which chapters had to run."""

    edition: str
    report: Path
    figures: Path
    ran: tuple[str, ...]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where a build reads and writes; tests point it elsewhere."""

    notebooks: Path = NOTEBOOKS
    reports: Path = REPORTS
    figures: Path = FIGURES
    cache: Path = CACHE

    @property
    def journal(self) -> Path:
        """Note of a swap in progress."""
        return self.cache / "swap.json"


def build(
    edition: Edition, place: Place | None = None, progress: Progress = lambda text: None, force: bool = False
) -> Result:
    """Build one edition.

    Parameters
    ----------
    edition : Edition
        Name, day and parameters.
    place : Place
        Folders.
    progress : callable
        Told what is being done.
    force : bool
        Run every chapter even when nothing changed.

    Raises
    ------
    EvidenceError, ParameterError, ChapterError, PublishError
        Before anything of the old report is touched.
    """
    place = place or Place()
    with locked(place.cache / f"{edition.name}.lock"):
        recover(place.journal)
        progress("evidence")
        evidence = Evidence.load()
        values = report_parameters.check(edition.values, evidence)
        evidence = evidence.cut(values.as_of)
        notebooks = chapter_tools.read_chapters(place.notebooks)
        with _staging(place, edition.name) as stage:
            done, ran, reasons = run_chapters(notebooks, evidence, values, place, stage, progress, force)
            told = changes.since_previous(evidence, notebooks) if values.focus == report_parameters.EVERYTHING else {}
            manifest = write_manifest(stage / "figures", edition, evidence, values, done, told)
            progress("HTML and PDF")
            publish(done, manifest, stage)
            (stage / "report" / "preview.png").write_bytes(preview(evidence, manifest))
            progress("swap")
            targets = (place.figures / edition.name, place.reports / edition.name)
            swap_in(list(zip((stage / "figures", stage / "report"), targets, strict=True)), place.journal)
        if edition.name in read_editions():
            write_index(place.reports, manifest)
        if edition.name == LATEST and is_default(notebooks, values):
            for key, nb in done.items():
                written = chapter_tools.with_outputs(notebooks[key], nb)
                chapter_tools.write_notebook(written, place.notebooks / f"{key}.ipynb")
    return Result(edition.name, targets[1], targets[0], tuple(ran), reasons)


def is_default(notebooks: Mapping[str, NotebookNode], values: report_parameters.Parameters) -> bool:
    """Tell whether the parameters are those that the notebooks themselves set."""
    given = _plain(values)
    for nb in notebooks.values():
        for cell in nb.cells:
            if "parameters" in cell.metadata.get("tags", []):
                own = chapter_tools.own_parameters(cell.source)
                if any(given[name] != value for name, value in own.items() if name in given):
                    return False
    return True


def _plain(values: report_parameters.Parameters) -> dict[str, Any]:
    return {k: _literal(v) for k, v in values.model_dump().items()}


def _literal(value: Any) -> Any:
    """Return a value as a notebook's cell would set it: a day as text, a whole number without decimals."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


@contextmanager
def _staging(place: Place, name: str) -> Iterator[Path]:
    """Make a folder beside the reports to build in; it goes away whatever happens."""
    place.reports.mkdir(parents=True, exist_ok=True)
    place.figures.mkdir(parents=True, exist_ok=True)
    place.cache.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f"build-{name}-", dir=place.cache))
    (stage / "figures").mkdir()
    (stage / "report").mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


# ---------------------------------------------------------------------------------------------------------
# Chapters, from the cache where nothing that they depend on has changed


def package_digest() -> str:
    """Hash of the package's own code, templates and the pinned requirements."""
    total = hashlib.sha256()
    files = sorted(p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    for path in [*files, *sorted((ROOT / "requirements").glob("*.txt"))]:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def run_chapters(
    notebooks: Mapping[str, NotebookNode],
    evidence: Evidence,
    values: report_parameters.Parameters,
    place: Place,
    stage: Path,
    progress: Progress,
    force: bool,
) -> tuple[dict[str, NotebookNode], list[str], dict[str, str]]:
    """Run the chapters that changed, in parallel, and take the others from the cache."""
    common = digest() + package_digest()
    plain = _plain(values)
    done, waiting, reasons = {}, {}, {}
    for key, nb in notebooks.items():
        ready = chapter_tools.prepare(nb, evidence.as_of.isoformat(), plain)
        text = nbformat.writes(ready)
        name = hashlib.sha256(f"{common}\0{key}\0{evidence.as_of}\0{text}".encode()).hexdigest()
        cached = None if force else _from_cache(place.cache / "chapters" / name, stage / "figures")
        if cached is not None:
            done[key], reasons[key] = cached, "unchanged"
        else:
            waiting[key], reasons[key] = (text, name), "forced" if force else "its cells, its data or the code changed"
    for key, nb in _run_all(waiting, evidence, plain, place, stage, progress):
        done[key] = nb
    return {key: done[key] for key in notebooks}, sorted(waiting), reasons


def _run_all(
    waiting: Mapping[str, tuple[str, str]],
    evidence: Evidence,
    plain: Mapping[str, Any],
    place: Place,
    stage: Path,
    progress: Progress,
) -> Iterator[tuple[str, NotebookNode]]:
    if not waiting:
        return
    with cf.ProcessPoolExecutor(min(WORKERS, len(waiting))) as pool:
        futures = {}
        for key, (text, name) in waiting.items():
            job = chapter_tools.Job(
                key,
                text,
                evidence.as_of.isoformat(),
                tuple(sorted(plain.items())),
                str(stage / "kits" / key),
                str(place.cache / "failed" / f"{key}.ipynb"),
                str(place.notebooks),
            )
            futures[pool.submit(chapter_tools.run, job)] = (key, name)
        try:
            for future in cf.as_completed(futures):
                key, name = futures[future]
                nb_text = future.result()
                _to_cache(place.cache / "chapters" / name, nb_text, stage / "kits" / key)
                _collect(stage / "kits" / key, stage / "figures")
                progress(f"chapter {key}")
                yield key, nbformat.reads(nb_text, as_version=4)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _collect(kits: Path, figures: Path) -> None:
    for path in sorted(kits.glob("*")) if kits.exists() else []:
        shutil.copyfile(path, figures / path.name)


def _hash_of(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "sha256"):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _to_cache(folder: Path, nb_text: str, kits: Path) -> None:
    """Keep a chapter's result under its key, with a hash by which a damaged entry is found out."""
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=_made(folder.parent)))
    (fresh / "notebook.ipynb").write_text(nb_text, encoding="utf-8")
    _collect(kits, _made(fresh / "kits"))
    (fresh / "sha256").write_text(_hash_of(fresh))
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(fresh, folder)
    old = sorted((p for p in folder.parent.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
    for path in old[:-KEPT_RESULTS]:
        shutil.rmtree(path, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _from_cache(folder: Path, figures: Path) -> NotebookNode | None:
    """Take a chapter from the cache; a damaged entry is dropped and the chapter runs."""
    try:
        if (folder / "sha256").read_text() != _hash_of(folder):
            shutil.rmtree(folder, ignore_errors=True)
            return None
        nb = nbformat.reads((folder / "notebook.ipynb").read_text(encoding="utf-8"), as_version=4)
    except (OSError, ValueError):
        return None
    _collect(folder / "kits", figures)
    return nb


# ---------------------------------------------------------------------------------------------------------
# Manifest and publication


def write_manifest(
    figures: Path,
    edition: Edition,
    evidence: Evidence,
    values: report_parameters.Parameters,
    done: Mapping[str, NotebookNode],
    told: Mapping[str, Any],
) -> dict[str, Any]:
    """Join the exhibits' records, in reading order, with all that the publisher prints besides."""
    records = {}
    for path in sorted(figures.glob("*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        records[entry["id"]] = entry
        path.unlink()
    order = [
        output.metadata["explainer"]["figure"]
        for nb in done.values()
        for cell in nb.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "explainer" in output.get("metadata", {})
    ]
    manifest = {
        "edition": edition.name,
        "edition_title": edition.title,
        "language": edition.language,
        "title": TITLE,
        "description": DESCRIPTION,
        "as_of": evidence.as_of.isoformat(),
        "first_day": FIRST_DAY.isoformat(),
        "last_day": evidence.last_day.isoformat(),
        "parameters": _plain(values),
        "own_scenario": scenarios.changed(report_parameters.own_scenario(values)),
        "figures": [records[i] for i in order],
        "sources": sources.records(evidence),
        "glossary": evidence.glossary.drop(columns="known").to_dict("records"),
        "labels": labels(evidence),
        "corrections": corrections(evidence, done, order),
        "claims": evidence.claims.drop(columns="known").to_dict("records"),
        "changes": dict(told),
        "persons": persons(evidence),
        "editions": [
            {"name": e.name, "title": e.title, "as_of": e.as_of.isoformat(), "about": e.about}
            for e in read_editions().values()
        ],
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    (figures / "manifest.json").write_text(text, encoding="utf-8")
    return manifest


def labels(evidence: Evidence) -> dict[str, dict[str, str]]:
    """Computed confidence of every row that has one, with the reason."""
    found = {}
    for frame in evidence.tables.values():
        if "confidence_why" in frame.columns:
            for identifier, label, why in zip(
                frame.iloc[:, 0], frame["confidence"], frame["confidence_why"], strict=True
            ):
                found[identifier] = {"label": label, "why": why}
    return found


def corrections(evidence: Evidence, done: Mapping[str, NotebookNode], exhibits: Sequence[str]) -> list[dict[str, Any]]:
    """Return the corrections of what this edition holds: its chapters, their cells, its exhibits, its rows."""
    places = {f"{key}/{cell.get('id')}" for key, nb in done.items() for cell in nb.cells} | set(done)
    places |= {f"{prefix}-{name}" for name in exhibits for prefix in ("fig", "tab")}
    for name, table in TABLES.items():
        if len(table.key) == 1:
            places |= set(evidence.table(name)[table.key[0]])
    frame = evidence.corrections.drop(columns="known")
    return frame[frame["place"].isin(places)].to_dict("records")


def write_index(reports: Path, manifest: Mapping[str, Any]) -> None:
    """Write the page that lists the editions, and the feed."""
    from explainer.publish.index import atom_feed, index_page

    corrections = Evidence.load().corrections.to_dict("records")
    texts = {
        "index.html": index_page(manifest["title"], manifest["editions"]),
        "feed.xml": atom_feed(manifest["title"], manifest["editions"], corrections),
    }
    for name, text in texts.items():
        fresh = reports / f".{name}.{os.getpid()}"
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, reports / name)


def preview(evidence: Evidence, manifest: Mapping[str, Any]) -> bytes:
    """Draw the picture that a shared link shows."""
    from explainer.charts.preview import DPI, draw_preview
    from explainer.facts import day
    from explainer.figures.core import png_bytes
    from explainer.measures import overview

    standing = f"An explanatory report \u00b7 as of {day(manifest['as_of'])}"
    return png_bytes(draw_preview(overview.timeline(evidence), manifest["title"], standing), DPI)


def publish(done: Mapping[str, NotebookNode], manifest: Mapping[str, Any], stage: Path) -> None:
    """Write report.html and report.pdf of executed chapters."""
    from explainer.publish.html import render
    from explainer.publish.metadata import anchor_list
    from explainer.publish.pdf import render_pdf
    from explainer.publish.preprocess import combine

    combined = combine(list(changes.with_section(done, manifest).items()), dict(manifest))
    html = render(combined, manifest, stage / "figures")
    (stage / "report" / "report.html").write_text(html, encoding="utf-8")
    (stage / "report" / "anchors.json").write_text(anchor_list(html, dict(manifest)), encoding="utf-8")
    (stage / "report" / "report.pdf").write_bytes(render_pdf(combined, manifest, stage / "figures"))
