"""Adds one row to a table: proposes its id, refuses what does not fit, writes it in order."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from explainer.evidence import schema as schemas
from explainer.evidence.confidence import Confidence
from explainer.evidence.schema import Table
from explainer.evidence.tables import link_problems, read_all, sense_problems, value_problems
from explainer.problems import EvidenceError
from explainer.project import DATA
from explainer.store import write_whole

SMALL_WORDS = re.compile(
    "a|about|after|an|and|are|as|asked|at|be|by|for|from|had|has|he|her|his|in|is|it|its|minister|not|of|on|or"
    "|prime|said|says|she|that|the|their|they|this|to|was|were|which|while|who|will|with|would"
)
_NEW_LINE = 10**9  # no table has so many lines: tells the new row's problems from others


def kinds(folder: Path = DATA) -> dict[str, Table]:
    """Return the tables to which a row can be added, by the word for what is added."""
    return {table.add: table for table in schemas.load(folder).resources if table.add}


def propose_id(table: Table, row: Mapping[str, str], taken: set[str]) -> str:
    """Propose an id for a new row, from the columns that the schema names, that no other row of the table has.

    It has no accents, no small words and nothing that stands in brackets.
    """
    parts = []
    for *columns, last in table.id_from:
        if isinstance(last, str):  # a day, as it stands
            parts.append(row.get(last, "") or ("undated" if not table.column(last).required else ""))
            continue
        text = next((row[name] for name in map(str, columns) if row.get(name)), "").split(" (")[0]
        ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
        words = [word for word in re.findall(r"[a-z0-9]+", ascii_text) if not SMALL_WORDS.fullmatch(word)]
        parts += words[:last] if last > 0 else words[last:]
    proposal = "-".join(filter(None, parts)) or "row"
    return next(one for n in range(1, len(taken) + 2) if (one := f"{proposal}-{n}" if n > 1 else proposal) not in taken)


def add(kind: str, given: Mapping[str, str], folder: Path = DATA) -> tuple[str, int]:
    """Write a row in its place, the bytes of all others untouched; return its id, proposed if none is given, and line.

    Raises
    ------
    EvidenceError
        When the tables have faults (these come first), or the row does not fit; the file then stays as it is.
    """
    schema, table = schemas.load(folder), kinds(folder)[kind]
    tables = read_all(folder, schema)
    key = table.key[0]
    row = {name: given.get(name, "") for name in table.names}
    row[key] = row[key] or propose_id(table, row, set(tables[table.name][key]))
    fresh = pd.DataFrame([{**row, "_line": _NEW_LINE}])
    tables[table.name] = pd.concat([tables[table.name], fresh], ignore_index=True)
    found = value_problems(tables[table.name], table)
    found += [*link_problems(tables, schema), *sense_problems(tables, schema), *Confidence(tables, schema).problems()]
    if problems := [replace(problem, row=0) for problem in found if problem.row == _NEW_LINE]:
        raise EvidenceError(problems)
    return row[key], _insert(folder / f"{table.name}.csv", table, row)


def _insert(path: Path, table: Table, row: Mapping[str, str]) -> int:
    """Write a row after the last one that sorts before it, and return its line."""
    content = path.read_bytes()
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    lines = content.decode("utf-8-sig").splitlines(keepends=True)  # no cell of a sound table holds a line break
    reader = csv.DictReader(iter(lines), strict=True)
    mine, after = [row[name] for name in table.order], 1
    for cells in reader:
        if [cells[name] for name in table.order] < mine:
            after = reader.line_num
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([row[name] for name in table.names])
    before = "".join(lines[:after])
    text = before + ("" if before.endswith("\n") else "\n") + buffer.getvalue() + "".join(lines[after:])
    write_whole(path, mark + text.encode())
    return after + 1
