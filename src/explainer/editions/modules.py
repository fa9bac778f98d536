"""Which files of the package a piece of code depends on: its imports and theirs, and the files that they name."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from explainer.project import PROJECT


def file_hash(path: Path) -> str:
    """Return the hash of a file; empty when it is not there."""
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ""


def files_of(roots: Iterable[str]) -> dict[str, str]:
    """Return the package's files on which modules depend, with their hashes.

    Parameters
    ----------
    roots : iterable of str
        Names of modules, such as ``alliance.polls.numbers``.
    """
    found: set[Path] = set()
    waiting = [path for name in roots for path in _paths(name)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _used_by(path) if path.suffix == ".py" else ()
    return {PROJECT.name_of(path): file_hash(path) for path in sorted(found)}


def imported(source: str, package: str = "") -> Iterator[str]:
    """Yield the names of this package's modules that a text imports, wherever in it."""
    yield from _imported(ast.walk(ast.parse(source)), package)


def _imported(nodes: Iterable[ast.AST], package: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*parents, *filter(None, [node.module])])
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in PROJECT.packages)


def _paths(name: str) -> Iterator[Path]:
    """Yield the file of a module and those of the packages that hold it."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        place = PROJECT.file("/".join(parts[:end]))
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if file.is_file():
            yield file


@cache
def _other_files() -> dict[str, tuple[Path, ...]]:
    """Return the package's files that are not code, by their own name and by that of each folder over them."""
    named: dict[str, list[Path]] = {}
    for path in sorted(p for folder in PROJECT.packages.values() for p in folder.rglob("*")):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            for name in PROJECT.name_of(path).split("/"):
                named.setdefault(name, []).append(path)
    return {name: tuple(paths) for name, paths in named.items()}


@cache
def _used_by(path: Path) -> tuple[Path, ...]:
    """Return the files that one module uses: what it imports, and the files and folders of the package it names."""
    source = path.read_text(encoding="utf-8")
    folder = PROJECT.name_of(path).rpartition("/")[0].replace("/", ".")
    nodes = list(ast.walk(ast.parse(source)))
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    others = _other_files()
    words -= set(words if path.name == "project.py" else _code_folders())  # one names all, the others mean code
    named = [file for word in sorted(words & set(others)) for file in others[word]]
    return tuple(dict.fromkeys([*(p for name in _imported(nodes, folder) for p in _paths(name)), *named]))


@cache
def _code_folders() -> frozenset[str]:
    """Names of folders of code: that a text names one ("build") says nothing."""
    return frozenset(p.parent.name for folder in PROJECT.packages.values() for p in folder.rglob("__init__.py"))
