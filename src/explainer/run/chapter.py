"""Runs one chapter: cut to the day, parameters in, papermill, outputs made comparable."""

import copy
import json
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from explainer.evidence import reads
from explainer.problems import ChapterError, Problem
from explainer.project import DRAWINGS_VARIABLE, NOTEBOOKS, OUTPUT_VARIABLE, PROJECT
from explainer.run import kernel as kernels
from explainer.store import write_whole
from explainer.text import chapters as words
from explainer.text.cells import EARLIER, LAID_IN, cut, earlier_prose, tags
from explainer.text.chapters import parameters_of, run_problems
from explainer.text.guard import PASSED

CELL_SECONDS = 120
LIMIT_VARIABLE = "EXPLAINER_CELL_SECONDS"
"""Environment variable that sets another limit for one cell."""
INJECTED = "injected-parameters"
LONGEST_TOLD = 300
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""What every chapter's file says of itself."""
NOTE_READS = f"""import os, pathlib
from explainer.evidence import evidence, reads
reads.save(pathlib.Path(os.environ["{OUTPUT_VARIABLE}"]), evidence.digest())"""
"""The last cell of a run, which writes down what the others have read."""
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Job:
    """All that running one chapter needs: picklable, so that any worker can do it."""

    key: str
    notebook: str
    failed: str
    cwd: str
    drawings: str = ""
    """Where drawings are kept from build to build; empty for drawing all anew."""


@dataclass(frozen=True)
class Ran:
    """What a chapter gave: the executed notebook, the exhibits' files, and what it read."""

    notebook: str
    kits: Mapping[str, bytes]
    reads: Mapping[str, Any]


def read_chapters(folder: Path = NOTEBOOKS) -> dict[str, NotebookNode]:
    """Read the chapters in their order as notebooks that can run, with the cells of earlier days laid in.

    Raises
    ------
    ChapterError
        When a notebook is unreadable or not a chapter; names the file and the mend.
    """
    chapters = words.read_chapters(folder)
    if found := list(run_problems(chapters)):
        raise ChapterError(found)
    return {key: nbformat.from_dict(nb) for key, nb in chapters.items()}


def prepare(nb: NotebookNode, day: str, parameters: Mapping[str, Any]) -> NotebookNode:
    """Cut a chapter to its day, empty its outputs and put in the parameters that differ from its own."""
    before = earlier_prose(nb, day)
    nb = cut(nb, day)
    nb.metadata[EARLIER] = before
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    place = next(i for i, cell in enumerate(nb.cells) if "parameters" in tags(cell))
    own = parameters_of(nb.cells[place].source)
    changed = {name: value for name, value in parameters.items() if name in own and own[name] != value}
    if changed:
        source = "\n".join(f"{name} = {value!r}" for name, value in sorted(changed.items()))
        cell = nbformat.v4.new_code_cell(source, id=INJECTED, metadata={"tags": ["setup"]})
        nb.cells.insert(place + 1, cell)
    return nb


def run(job: Job) -> Ran:
    """Run one chapter.

    Raises
    ------
    ChapterError
        When a cell fails or runs too long: names chapter, cell, line and error. When a guard has not run.
    """
    with tempfile.TemporaryDirectory(prefix="explainer-") as folder:
        notebook = _execute(job, os.environ | {OUTPUT_VARIABLE: folder, DRAWINGS_VARIABLE: job.drawings})
        kits = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
        read = json.loads(kits.pop(reads.FILE, b"{}"))
    return Ran(notebook, kits, read)


def _execute(job: Job, env: dict[str, str]) -> str:
    import papermill

    from explainer.run.engine import ENGINE_NAME

    logging.getLogger("papermill").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="papermill|nbformat|nbclient|traitlets")
    nb = nbformat.reads(job.notebook, as_version=4)
    failed = Path(job.failed)
    failed.parent.mkdir(parents=True, exist_ok=True)
    source = failed.with_suffix(".source.ipynb")
    noted = copy.deepcopy(nb)
    noted.cells.append(nbformat.v4.new_code_cell(NOTE_READS, id="note-reads"))
    source.write_text(nbformat.writes(noted), encoding="utf-8")
    try:
        done = papermill.execute_notebook(
            *(str(path).replace("{", "{{").replace("}", "}}") for path in (source, failed)),  # it fills braces in
            engine_name=ENGINE_NAME,
            kernel_name=kernels.use_kernelspecs(),
            progress_bar=False,
            kernel_cwd=job.cwd,
            kernel_env=env,
            execution_timeout=cell_seconds(),
        )
    except papermill.PapermillExecutionError as error:
        raise ChapterError(_failure(job.key, nb, error, failed)) from None
    except Exception as error:
        if type(error).__name__ in ("CellTimeoutError", "DeadKernelError"):
            raise ChapterError(_stopped(job.key, nb, type(error).__name__, failed)) from None
        raise
    finally:
        source.unlink(missing_ok=True)
    done.cells.pop()
    if found := list(_unguarded(job.key, done)):
        raise ChapterError([*found, f"The failed notebook is kept: {failed}"])
    failed.unlink(missing_ok=True)
    return nbformat.writes(clean(done, nb))


def _unguarded(key: str, done: NotebookNode) -> Iterator[Problem]:
    """Name the cells of guards in which not all have run: a guard that passes prints so."""
    for cell in done.cells:
        passed = "".join(one.text for one in cell.get("outputs", ()) if one.output_type == "stream").count(PASSED)
        if passed < (all_of_them := len(words.guards(cell))):
            what = f"only {passed} of its {all_of_them} guards have run"
            yield Problem(f"{key}.ipynb", 0, f"cell {cell.id}", "", what, "let nothing end the cell before")


def cell_seconds() -> int:
    """Return the limit for one cell in seconds.

    Raises
    ------
    ChapterError
        When the environment sets a limit that is no whole number of seconds.
    """
    text = os.environ.get(LIMIT_VARIABLE, "") or str(CELL_SECONDS)
    if not (text.isdecimal() and text.isascii() and int(text)):
        raise ChapterError(f"{LIMIT_VARIABLE}={text!r}: not a whole number of seconds. Mend: write one, such as 120.")
    return int(text)


def _stopped(key: str, nb: NotebookNode, reason: str, failed: Path) -> str:
    """Say in which cell a chapter hung or its kernel died, and keep the notebook as far as it had come."""
    reached = nbformat.read(failed, as_version=4) if failed.exists() else nb
    begun = [
        n for n, c in enumerate(reached.cells[: len(nb.cells)]) if c.metadata.get("papermill", {}).get("start_time")
    ]
    place = f", cell {nb.cells[begun[-1]]['id']}" if begun else ""
    if not failed.exists():
        nbformat.write(nb, failed)
    if reason == "CellTimeoutError":
        what = f"ran longer than {cell_seconds()} seconds and was stopped"
        mend = f"make it faster, or set {LIMIT_VARIABLE}"
    else:
        what, mend = "ended its kernel", "look for a crash or for too little memory"
    return f"{key}{place}: {what}. Mend: {mend}.\nThe failed notebook is kept: {failed}"


def _failure(key: str, nb: NotebookNode, error: Any, failed: Path) -> str:
    """Say which cell failed, at which line and how, with the line, and the subject's own where that failed."""
    trace = _ANSI.sub("", "\n".join(error.traceback))
    cell = next((c for c in nb.cells if c.source == error.source), NotebookNode(id=error.cell_index, source=""))
    told = next(filter(None, map(str.strip, _ANSI.sub("", error.evalue).splitlines())), "says nothing")[:LONGEST_TOLD]
    places = [
        (f"line {line}", cell.source.splitlines(), int(line)) for line in re.findall(r"Cell In.*?, line (\d+)", trace)
    ]
    for file, line in re.findall(r"^File (.*?\.py):(\d+)", trace, re.MULTILINE):
        if (path := Path(file).expanduser()).is_relative_to(PROJECT.source / PROJECT.subject):
            places.append((f"{path.name}:{line}", path.read_text(encoding="utf-8").splitlines(), int(line)))
    shown = [f"    {at}: {lines[n - 1].strip()[:100]}" for at, lines, n in places[-2:] if 0 < n <= len(lines)]
    line = f", {places[0][0]}" if places else ""
    head = f"{key}, cell {cell.id}{line}: {error.ename}: {told}"
    return "\n".join([head, *shown, f"The failed notebook is kept: {failed}"])


def clean(done: NotebookNode, source: NotebookNode) -> NotebookNode:
    """Strip what papermill and the kernel stamp on a notebook: times and ids."""
    done = copy.deepcopy(done)
    for cell, original in zip(done.cells, source.cells, strict=True):
        cell["id"] = original["id"]
        kept = tags(original)
        cell.metadata = {"tags": kept} if kept else {}
        cell.pop("attachments", None)
    done = _numbered(done)
    if EARLIER in source.metadata:  # the page can be set back to an earlier day
        done.metadata[EARLIER] = source.metadata[EARLIER]
    return done


def with_prose(ready: NotebookNode, done: NotebookNode) -> NotebookNode:
    """Return a chapter whose code was run before, its prose perhaps another's, as it would be run again."""
    result, outputs = copy.deepcopy(ready), iter([cell for cell in done.cells if cell.cell_type == "code"])
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.outputs = next(outputs).outputs
    return clean(result, ready)


def with_outputs(source: NotebookNode, done: NotebookNode) -> NotebookNode:
    """Return the chapter as its author's file has it with the outputs of a build; cells cut away stay empty."""
    result = copy.deepcopy(source)
    result.cells = [cell for cell in result.cells if cell["id"] not in source.metadata.get(LAID_IN, ())]
    executed = {cell["id"]: cell for cell in done.cells}
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.outputs = copy.deepcopy(executed[cell["id"]].outputs) if cell["id"] in executed else []
    return _numbered(result)


def _numbered(nb: NotebookNode) -> NotebookNode:
    """Number the code cells in order: nbval takes a cell without a number for one that was never run."""
    nb.metadata = nbformat.from_dict(METADATA)
    for count, cell in enumerate((c for c in nb.cells if c.cell_type == "code"), 1):
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output["execution_count"] = count
    return nb


def are_own(given: Mapping[str, Any], notebooks: Mapping[str, NotebookNode]) -> bool:
    """Tell whether parameters are those that the notebooks themselves set."""
    cells = (cell for nb in notebooks.values() for cell in nb.cells if "parameters" in tags(cell))
    own = (pair for cell in cells for pair in parameters_of(cell.source).items())
    return all(given[name] == value for name, value in own if name in given)


def write_notebook(nb: NotebookNode, path: Path) -> bool:
    """Write a notebook as nbformat and JupyterLab do, a list of lines a cell, in one step; tell whether it changed."""
    text = nbformat.writes(nb) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    write_whole(path, text.encode())
    return True
