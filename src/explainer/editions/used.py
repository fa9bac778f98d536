"""What a result was made from, each part with its hash: tables as of a day, files of the code, cells, parameters."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import resolve_name
from pathlib import Path

from explainer.editions.fresh import file_hash, hashed
from explainer.evidence.evidence import Evidence
from explainer.project import PROJECT

FIRST = "not built before"
FORCED = "asked for with --force"
LOST = "its result is no longer in the cache"
PROSE = "its prose has changed, and its code was not run again"
NAMED = 3


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """Name the first few parts in which two results differ, and count the rest."""
    found = [key for key in new if key in old and old[key] != new[key]]
    found += [f"{key} (new)" for key in new if key not in old] + [f"{key} (gone)" for key in old if key not in new]
    rest = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(found[:NAMED]) + rest


def tables(read: Iterable[tuple[str, str]]) -> list[str]:
    """Name tables that were read, each with its day, as parts of a result."""
    return [f"table {name} as of {day}" for name, day in read]


def modules(*roots: str) -> list[str]:
    """Name the files on which modules, or folders, depend, as parts of a result: what is imported or lies beside it."""
    found: set[Path] = set()
    waiting = [path for root in roots for path in _files(root)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _used_by(path) if path.suffix == ".py" else ()
    return [f"module {PROJECT.name_of(path)}" for path in sorted(found)]


def imported(source: str, package: str = "") -> Iterator[str]:
    """Yield the names of this package's modules that a text imports, wherever in it."""
    for node in _statements(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package) if node.level else str(node.module)
            names = [module, *(f"{module}.{name}" for name in names)]
        yield from (name for name in names if name.split(".")[0] in PROJECT.packages)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements under a node, at any depth; expressions, which import nothing, are most of a tree."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for one in getattr(node, name, []):
            yield one
            yield from _statements(one)


def _files(name: str) -> list[Path]:
    """Return the file of a module and those of the packages that hold it, or all files of a folder."""
    if "/" in name:
        return [path for path in PROJECT.file(name).rglob("*") if path.is_file()]
    parts = name.split(".")
    places = [PROJECT.file("/".join(parts[: end + 1])) for end in range(len(parts))]
    files = [place / "__init__.py" if place.is_dir() else place.with_suffix(".py") for place in places]
    return [path for path in files if path.is_file()]


@cache
def _used_by(path: Path) -> tuple[Path, ...]:
    """Return the files that one module uses: what it imports, and the files beside it that are not code."""
    folder = PROJECT.name_of(path).rpartition("/")[0].replace("/", ".")
    names = imported(path.read_text(encoding="utf-8"), folder)
    beside = (p for p in path.parent.iterdir() if p.is_file() and p.suffix not in (".py", ".pyc"))
    return tuple(dict.fromkeys([*(file for name in names for file in _files(name)), *beside]))


class Now:
    """How tables and modules are now; the evidence may be of any day, as the name of a table says which."""

    def __init__(self, evidence: Evidence):
        self._evidence, self._tables = evidence, dict[str, str]()

    def __call__(self, names: Iterable[str]) -> dict[str, str]:
        """Return the hash of each part; empty for one that is no longer there."""
        return {name: self._hash(*name.split(" ", 1)) for name in names}

    def _hash(self, kind: str, name: str) -> str:
        if kind == "module":
            return file_hash(PROJECT.file(name))
        table, day = name.split(" as of ")
        if name not in self._tables:
            frame = self._evidence.cut(day).tables.get(table)
            self._tables[name] = "" if frame is None else hashed(frame.to_csv().encode())
        return self._tables[name]
