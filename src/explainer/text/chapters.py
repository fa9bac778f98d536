"""Reads the chapters: their form, told before anything is made of their text, their cells, sections and guards."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from explainer.kinds import is_day, stray
from explainer.problems import ChapterError, Problem, nearest
from explainer.project import NOTEBOOKS, PROJECT
from explainer.text.cells import BEFORE, EXHIBIT, LAID_IN, PLAIN_TAGS, TagError, dates, tags
from explainer.text.wording import NUMBER, normal

RECORD = "-the-record"
"""Ends the name of the notebook that holds the registers."""
EARLIER_FOLDER = "earlier"
"""Where the cells of earlier days stand, beside the chapters."""
CODE_PARTS = frozenset({"id", "cell_type", "metadata", "source", "outputs", "execution_count"})
PARTS = {"code": CODE_PARTS, "markdown": CODE_PARTS - {"outputs", "execution_count"} | {"attachments"}}
GUARDING = (ast.Import, ast.ImportFrom, ast.Assign, ast.Assert, ast.For, ast.Expr)
"""Statements that a cell of guards may hold: none of them can pass a guard over unseen."""
SAVE = "restore it from version control or save it again in JupyterLab"


def read_chapters(folder: Path = NOTEBOOKS) -> dict[str, NotebookNode]:
    """Read the chapters in their order, each whole: the newest text with the cells of earlier days laid in.

    Parameters
    ----------
    folder : Path
        Folder of the chapters; those cells stand in its folder ``earlier``, in a notebook of the same name.

    Raises
    ------
    ChapterError
        When a file is not a notebook, or a cell of earlier days has no place; names it and the mend.
    """
    chapters = {path.stem: _read(path) for path in sorted(folder.glob("[0-9][0-9]-*.ipynb"))}
    for path in sorted(folder.glob("[0-9]*.[Ii][Pp][Yy][Nn][Bb]")):
        if path.suffix != ".ipynb" or path.stem not in chapters or " " in path.stem:
            what, mend = "begins like a chapter and is not named as one", "name it like 08-what-comes-next.ipynb"
            raise ChapterError(Problem(path.name, 0, "", "", what, f"{mend}, or without a number if it is none"))
    if not chapters:
        raise ChapterError(f"{folder}: no chapters. Mend: restore the notebooks from version control.")
    for path in sorted((folder / EARLIER_FOLDER).glob("*.ipynb")):
        if path.stem not in chapters:
            raise ChapterError(f"{EARLIER_FOLDER}/{path.name}: no such chapter. Mend: name it after its chapter.")
        _lay_in(chapters[path.stem], _read(path), f"{EARLIER_FOLDER}/{path.name}")
    return chapters


def is_record(key: str) -> bool:
    """Tell whether a chapter is the record: registers, which need no paragraph that reads each."""
    return key.endswith(RECORD)


def _read(path: Path) -> NotebookNode:
    file = path.name if path.parent.name != EARLIER_FOLDER else f"{EARLIER_FOLDER}/{path.name}"
    try:
        nb = json.loads(path.read_text(encoding="utf-8-sig"), object_hook=NotebookNode)
    except (ValueError, RecursionError, OSError) as error:
        what = f"not readable as a notebook ({str(getattr(error, 'strerror', error)).splitlines()[0][:120]})"
        raise ChapterError(Problem(file, 0, "", "", what, SAVE)) from None
    if found := list(form_problems(file, nb)):
        raise ChapterError(found)
    for cell in nb.cells:
        cell["source"] = "".join(cell.source).replace("\r\n", "\n")
        cell.pop("attachments", None)
        if cell.cell_type == "code":  # what it gave before is no input
            cell["outputs"], cell["execution_count"] = [], None
    return nb


def _lay_in(nb: NotebookNode, earlier: NotebookNode, file: str) -> None:
    """Put each cell of earlier days before the cell that its tag names; at the end where it names none."""
    waiting: dict[str, list[NotebookNode]] = {}
    ids = {cell.id for cell in nb.cells}
    for cell in earlier.cells:
        place = next((tag.removeprefix(BEFORE) for tag in tags(cell) if tag.startswith(BEFORE)), "")
        if cell.id in ids:
            raise ChapterError(f"{file}, cell {cell.id}: stands there too. Mend: remove one of the two.")
        if place and place not in ids:
            what = f"stands before the cell {place!r}, which is not there"
            raise ChapterError(f"{file}, cell {cell.id}: {what}. Mend: correct its tag {BEFORE}..., or its id.")
        cell.metadata["tags"] = [tag for tag in tags(cell) if not tag.startswith(BEFORE)]
        waiting.setdefault(place, []).append(cell)
    nb["cells"] = [one for own in nb.cells for one in (*waiting.get(own.id, ()), own)] + waiting.get("", [])
    nb.metadata[LAID_IN] = [cell.id for cell in earlier.cells]


def sections(nb: Any) -> Iterator[list[Any]]:
    """Split a chapter at its headings."""
    starts = [n for n, c in enumerate(nb.cells) if c.cell_type == "markdown" and re.match(r"#{1,3} ", c.source)]
    for start, end in pairwise(sorted({0, *starts, len(nb.cells)})):
        yield nb.cells[start:end]


def calls(source: str, *names: str) -> list[ast.Call]:
    """Return the calls of functions with these names, plain or as attributes; none where the code is broken."""
    found = [node for node in nodes(source) if isinstance(node, ast.Call)]
    return [call for call in found if getattr(call.func, "id", getattr(call.func, "attr", "")) in names]


@lru_cache(maxsize=4096)  # every check asks again
def nodes(source: str) -> list[ast.AST]:
    """Return all parts of a cell's code; none where it is broken."""
    try:
        return list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []


def argument(call: ast.Call, place: int, name: str) -> str:
    """Return an argument that is written out as text, by place or by name."""
    node = next((k.value for k in call.keywords if k.arg == name), call.args[place] if len(call.args) > place else None)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def shown(cell: Any) -> list[str]:
    """Return the exhibits that a cell shows."""
    return [argument(call, 0, "identifier") for call in calls(cell.source, "show")]


def guards(cell: Any) -> list[tuple[str, str]]:
    """Return the guards of a cell: what each says, and the number as the sentence prints it."""
    if cell.cell_type != "code" or "guard" not in tags(cell):
        return []
    return [(argument(call, 0, "claim"), argument(call, 2, "shown")) for call in calls(cell.source, "guard")]


def guarded(cells: Iterable[Any]) -> dict[str, str]:
    """Numbers that the guards of these cells check, with the claim of each."""
    return {normal(n): claim for cell in cells for claim, shown in guards(cell) for n in NUMBER.findall(shown)}


def form_problems(file: str, nb: Any) -> Iterator[Problem]:
    """Yield what keeps a file's content from being a notebook of cells with ids, known tags and visible text."""
    told = nb if isinstance(nb, Mapping) else {}
    if not isinstance(told.get("cells"), list) or not isinstance(told.get("metadata"), Mapping):
        yield Problem(file, 0, "", "", "not readable as a notebook", SAVE)
    elif (version := f"{told.get('nbformat')!r}.{told.get('nbformat_minor')!r}") != "4.5":
        yield Problem(file, 0, "nbformat", version, "not a notebook of format 4.5", SAVE)
    else:
        seen: set[str] = set()
        for number, cell in enumerate(nb["cells"], 1):
            if fault := _cell_fault(cell, seen, early=file.startswith(EARLIER_FOLDER)):
                name = cell.get("id") if isinstance(cell, Mapping) else None
                yield Problem(file, 0, f"cell {name if isinstance(name, str) else number}", *fault)


def _cell_fault(cell: Any, seen: set[str], *, early: bool) -> tuple[str, str, str] | None:
    """Return the first thing wrong with a cell: its value, what it is, and the mend."""
    if not isinstance(cell, Mapping):
        return "", "is no cell", SAVE
    if (kind := str(cell.get("cell_type"))) not in PARTS:
        return kind, "is neither prose nor code", "make it a Markdown or a code cell"
    for name in sorted(cell.keys() - PARTS[kind]):
        return name, f"means nothing in a {kind} cell", "remove it"
    if not isinstance(cell.get("outputs", []), list) or cell.get("attachments", {}) != {}:
        return "", "outputs that are no list, or an attachment, which is not set", "remove it; pictures are figures"
    identifier, source = cell.get("id"), cell.get("source")
    if not isinstance(identifier, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", identifier):
        mend = "write one of at most 64 letters, digits, '-' and '_', or save in JupyterLab"
        return str(identifier or ""), "cannot be an id" if identifier else "has no id", mend
    if identifier in seen:
        return identifier, "a second cell with this id", "give it an id of its own"
    seen.add(identifier)
    if not isinstance(source, (str, list)) or not all(isinstance(line, str) for line in source):
        return "", "has no text", SAVE
    if unseen := stray(re.sub(r"\r?\n|\t", "", "".join(source))):
        return f"U+{ord(unseen):04X}", "a character that cannot be seen", "remove it"
    return _tag_fault(cell, early)


def _tag_fault(cell: Mapping[str, Any], early: bool) -> tuple[str, str, str] | None:
    metadata = cell.get("metadata")
    found = metadata.get("tags", []) if isinstance(metadata, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(tag, str) for tag in found):
        return str(metadata), "its tags are no list of words", 'write "metadata": {"tags": ["..."]}, or {}'
    kinds = [tag.partition(":")[0] for tag in found]
    for tag in sorted({tag for tag, kind in zip(found, kinds, strict=True) if kinds.count(kind) > 1}):
        return tag, "a tag that stands twice", "remove one of the two"
    try:
        kept = [tag for tag in found if not (early and tag.startswith(BEFORE))]
        since, until = dates({"id": cell["id"], "metadata": {"tags": kept}})
    except TagError as error:
        return error.tag, error.what, error.mend
    if since and until and since > until:
        return f"since:{since} until:{until}", "a cell that never stands", "put since before until"
    if early and not until:
        return "", "a cell of earlier days without their end", "tag it until:YYYY-MM-DD"
    plain = sorted(PLAIN_TAGS.intersection(found))
    if len(plain) > 1 or (("aside" in plain) == (cell["cell_type"] == "code") and plain):
        what, mend = "tags that do not go together, or not with such a cell", "give code one of them, prose only aside"
        return " ".join(plain), what, mend
    return None


def run_problems(chapters: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what keeps chapters from being run: kernel, parameters, and cells that do not do what their tags say."""
    for key, nb in chapters.items():
        kernel, code = nb.metadata.get("kernelspec"), [cell for cell in nb.cells if cell.cell_type == "code"]
        if not isinstance(kernel, Mapping) or kernel.get("name") != "python3":
            yield Problem(f"{key}.ipynb", 0, "kernelspec", "", "its kernel is not python3", "choose Python 3 and save")
        if not any("parameters" in tags(cell) for cell in code):
            yield Problem(f"{key}.ipynb", 0, "", "", "no cell is tagged parameters", "tag the cell that sets as_of")
        called = {name for name in ("chapter", "guard", "show") for cell in code if calls(cell.source, name)}
        if called and "chapter" not in called:
            yield Problem(f"{key}.ipynb", 0, "", "", "no cell opens it", f'write chapter("{key}", as_of) into a cell')
        for cell in code:
            fault = _code_fault(key, cell)
            if not fault and "parameters" in tags(cell):
                fault = _parameter_fault(cell, code)
            if fault:
                early = f"{EARLIER_FOLDER}/" if cell.id in nb.metadata.get(LAID_IN, ()) else ""
                yield Problem(f"{early}{key}.ipynb", 0, f"cell {cell.id}", *fault)


def _code_fault(key: str, cell: Any) -> tuple[str, str, str] | None:
    """Return what keeps a cell from running, or from being known before it runs: its value, what it is, the mend."""
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        line = str(getattr(error, "text", "") or "").strip()
        if line[:1] in ("%", "!"):
            return line, "a magic or shell line", "use plain Python; packages come from pyproject.toml"
        return line, "does not read as Python", "correct the line"
    first = cell.source.strip().partition("\n")[0]
    if EXHIBIT & set(tags(cell)) and (len(tree.body) != 1 or len(names := shown(cell)) != 1 or not names[0]):
        return first, "an exhibit cell of more or less than one line", 'write show("id")'
    for call in calls(cell.source, "chapter"):
        if (name := argument(call, 0, "key")) != key:
            return name, "opens another chapter", f'write chapter("{key}", as_of)'
        if day := argument(call, 1, "as_of"):
            return day, "opens the chapter on a day of its own", f'write chapter("{key}", as_of)'
    if calls(cell.source, "input"):
        return "input", "asks whoever builds", "write the value"
    if ended := calls(cell.source, "exit", "quit", "_exit"):
        return ast.unparse(ended[0]), "ends the program", "remove it"
    for call in calls(cell.source, "guard"):
        given = [*call.args[1:2], *(one.value for one in call.keywords if one.arg == "value")]
        if any(isinstance(node, ast.Constant) for node in given):
            return ast.unparse(call), "a guard of what it says itself", "let its second part read the evidence"
    for node in ast.walk(tree) if "guard" in tags(cell) else ():
        if isinstance(node, ast.stmt) and not isinstance(node, GUARDING):
            return ast.unparse(node).partition("\n")[0], "may pass over a guard", "let the cell hold guard(...) alone"
    return None


def _parameter_fault(cell: Any, code: Sequence[Any]) -> tuple[str, str, str] | None:
    if cell is not (first := next(one for one in code if "parameters" in tags(one))):
        return "", "a second cell of parameters", "join it to the first"
    if dates(cell) != (None, None) or first is not code[0]:
        return "", "parameters that do not always stand, or not before all code", "put them first, without days"
    mend = 'write lines such as as_of = "2026-01-26", each name once'
    try:
        told = parameters_of(cell.source)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return "", "parameters that are no plain values", mend
    known = {"as_of", "focus", *(one.name for one in getattr(PROJECT.part("parameters"), "PARAMETERS", ()))}
    for name in sorted(told.keys() - known):
        return name, "no such parameter", nearest(name, known).strip() or f"use {', '.join(sorted(known))}"
    day = told.get("as_of", "")
    return None if is_day(str(day)) else (str(day), "sets no day as_of", mend)


def parameters_of(source: str) -> dict[str, Any]:
    """Read the names and literal values that a parameters cell sets, without running it; a ValueError for more."""
    found: dict[str, Any] = {}
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if not isinstance(target, ast.Name) or target.id in found:
            raise ValueError(ast.unparse(node))
        found[target.id] = ast.literal_eval(node.value)  # type: ignore[attr-defined]
    return found
