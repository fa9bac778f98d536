"""What an exhibit is, and how a notebook shows one.

An `Exhibit` joins data, drawing, words and sources under one id. `Gallery.show` computes it, displays it as one
complete HTML figure and, when the build asks for it through ``EXPLAINER_FIGURES``, writes its kit: wide and narrow
SVG, PNG, CSV of the drawn numbers and a JSON record that becomes its entry in ``manifest.json``.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import inspect
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainer import store
from explainer.evidence import reads, sources
from explainer.evidence.evidence import Evidence, EvidenceError, Problem, label_steps
from explainer.exhibits.columns import Column, caption, columns_of
from explainer.kinds import KINDS
from explainer.problems import given, nearest
from explainer.project import DRAWINGS_VARIABLE, LOCK, OUTPUT_VARIABLE, PROJECT, ROOT

if TYPE_CHECKING:  # matplotlib is loaded where something is drawn
    from matplotlib.figure import Figure

DIGEST_LENGTH = 16
META_NAMES = {"known": "since", "stood_until": "until"}
DRAWN_BY = ("explainer/exhibits", "explainer/evidence", "explainer/text", "explainer/faces.py")
"""Parts of the engine that draw; they and all of the subject count: a spare drawing costs less than a stale one."""

Words = str | Callable[[pd.DataFrame], str]


@dataclass(frozen=True)
class Exhibit:
    """A figure or a table: what it shows, and all that is said about it.

    A drawing function that takes `as_of` is given the edition's day.

    Attributes
    ----------
    id : str
        What a chapter calls it by.
    data : callable
        From Evidence (and options) to the tidy frame that is drawn and saved as CSV.
    claim, alt, subtitle, note : str or callable
        Words, or a function from the frame to words, so that they follow the numbers. What has an alt text is a figure:
        ``draw_<id>`` in the `drawing` module of the topic makes one of frame and size.
    columns : list of Column
        The table: the exhibit itself, or the drawn numbers that stand under a figure; by default those of the table
        ``headings``. To subtitle and note come those of the table ``captions``.
    rows : callable, optional
        From the frame to the rows of the table, where they are fewer than those of the CSV.
    calculated : bool
        Whether the project derived the numbers.
    cite : callable, optional
        From the frame to source ids, where the frame has no `source_ids` column.
    row_id : str
        Column that holds the id of each row, which becomes its anchor.
    meta : tuple of str
        Further columns that the page must know of each row, besides those that every table gives.
    states : callable, optional
        From Evidence to the rows as they stood on earlier days, with the columns of `data`, `known` (the first day)
        and `stood_until` (the last; empty: the edition's): where a row's words change with time, the page must know
        how they stood.
    """

    id: str
    data: Callable[..., pd.DataFrame]
    claim: Words
    alt: Words = ""
    subtitle: Words = ""
    note: Words = ""
    columns: Sequence[Column] = ()
    rows: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    calculated: bool = False
    cite: Callable[[pd.DataFrame], list[str]] | None = None
    row_id: str = ""
    meta: tuple[str, ...] = ()
    states: Callable[[Evidence], pd.DataFrame] | None = None

    @property
    def kind(self) -> str:
        """A figure is drawn, a table is not."""
        return "figure" if self.alt else "table"

    @property
    def drawing(self) -> Callable[..., Figure] | None:
        """The function that draws the figure; its module is loaded now, and matplotlib with it."""
        if self.kind == "table":
            return None
        drawing = import_module(_REGISTERED_IN[self.id].rpartition(".")[0] + ".drawing")
        return getattr(drawing, f"draw_{self.id.replace('-', '_')}")


REGISTRY: dict[str, Exhibit] = {}
_REGISTERED_IN: dict[str, str] = {}


def register(identifier: str, data: Callable[..., pd.DataFrame], claim: Words, alt: Words = "", **parts: Any) -> None:
    """Add an exhibit to the registry, with the parts of an `Exhibit`; an id stands once."""
    if identifier in REGISTRY and REGISTRY[identifier].data is not data:
        raise ValueError(f"exhibit {identifier!r} is registered twice")
    if not KINDS["id"].fits(identifier):
        raise ValueError(f"exhibit {identifier!r}: {KINDS['id'].mend}")
    if not (callable(claim) or (isinstance(claim, str) and claim.strip())):
        raise ValueError(f"exhibit {identifier!r}: a claim is words, or a function that gives them")
    REGISTRY[identifier] = Exhibit(identifier, data, claim, alt, **parts)
    _REGISTERED_IN[identifier] = sys._getframe(1).f_globals["__name__"]


def say(words: Words, frame: pd.DataFrame) -> str:
    """Return the words, computed from the frame where they are a function."""
    return (words(frame) if callable(words) else words).strip()


@dataclass(frozen=True)
class Shown:
    """One exhibit as computed for one edition: the record of the manifest and the drawn files."""

    record: dict[str, Any]
    frame: pd.DataFrame
    pictures: dict[str, bytes]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        text = f"{self.record['claim']}\n[{self.record['kind']} {self.record['id']}, numbers {self.record['digest']}]"
        data = {"text/plain": text, "text/html": as_html(self)}
        if self.pictures:  # GitHub shows no SVG
            data["image/png"] = base64.b64encode(self.pictures["png"]).decode()
        return data, {"explainer": {"figure": self.record["id"]}}

    def save(self, folder: Path) -> None:
        """Write the kit into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        files = self.record["files"]
        for size, content in self.pictures.items():
            (folder / files[size]).write_bytes(content)
        (folder / files["csv"]).write_text(as_csv(self.frame), encoding="utf-8")
        record = json.dumps(self.record, ensure_ascii=False, sort_keys=True, indent=1)
        (folder / f"{self.record['id']}.json").write_text(record + "\n", encoding="utf-8")


class Gallery:
    """Shows exhibits of one edition in one chapter.

    Parameters
    ----------
    evidence : Evidence
        The evidence as of the edition's day.
    chapter : str
        Key of the chapter, such as ``03-reactions``.
    """

    def __init__(self, evidence: Evidence, chapter: str):
        self.evidence, self.chapter = evidence, chapter

    def compute(self, identifier: str, **options: Any) -> Shown:
        """Compute an exhibit without displaying it.

        Raises
        ------
        EvidenceError
            When there is no such exhibit, or nothing to show by the day.
        """
        if identifier not in REGISTRY:
            mend = nearest(str(identifier), REGISTRY) + "register it in the words of its topic"
            raise EvidenceError(Problem(self.chapter, 0, "show", str(identifier), "no such exhibit", mend))
        exhibit = REGISTRY[identifier]
        reads.MODULES.update(modules_of(exhibit))
        frame = given(pd.DataFrame, exhibit.data(self.evidence, **options), f"exhibit {identifier!r}: its data")
        if frame.empty:
            what, mend = f"nothing to show by {self.evidence.as_of}", "give its cell and the text about it a since: tag"
            raise EvidenceError(Problem(self.chapter, 0, "show", identifier, what, mend))
        pictures = {}
        if draw := exhibit.drawing:
            from explainer.exhibits.pictures import draw_all

            day = {"as_of": str(self.evidence.as_of)} if "as_of" in inspect.signature(draw).parameters else {}
            drawn = " ".join([identifier, *day.values()])
            pictures = kept_or_drawn(drawn, frame, lambda: draw_all(identifier, partial(draw, **day), frame))
        return Shown(record(exhibit, frame, self.evidence, self.chapter, pictures), frame, pictures)

    def show(self, identifier: str, **options: Any) -> None:
        """Display an exhibit; `options` go to its data function."""
        shown = self.compute(identifier, **options)
        if os.environ.get(OUTPUT_VARIABLE):
            shown.save(Path(os.environ[OUTPUT_VARIABLE]))
        from IPython.display import display

        display(shown)


def kept_or_drawn(identifier: str, frame: pd.DataFrame, draw: Callable[[], dict[str, bytes]]) -> dict[str, bytes]:
    """Return an exhibit's pictures, from the build's cache where the same frame was drawn before under the same id."""
    if not (folder := os.environ.get(DRAWINGS_VARIABLE)):
        return draw()
    key = hashlib.blake2b(f"{identifier} {_code()} {_content(frame)}".encode(), digest_size=16)
    place = Path(folder) / key.hexdigest()
    if (pictures := store.load(place)) is None:
        pictures = draw()
        with contextlib.suppress(OSError):  # a full or read-only disk costs time, not the build
            store.keep(place, pictures)
    return pictures


def _content(value: Any) -> str:
    """Write a value out whole: `repr` of a long array or table leaves its middle out."""
    if isinstance(value, pd.DataFrame | pd.Series):
        return f"{value.to_csv()} {value.dtypes} {_content(value.attrs)}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {value.tolist()}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_content(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_content, value))
    return repr(value)


@cache
def _code() -> str:
    """Hash of everything that draws: the package's own part and the pinned libraries."""
    found = hashlib.blake2b(platform.python_version().encode(), digest_size=16)
    for part in (PROJECT.subject, *DRAWN_BY):
        paths = (PROJECT.file(part), *PROJECT.file(part).rglob("*"))
        for path in sorted(p for p in paths if p.is_file() and p.suffix != ".pyc"):
            found.update(PROJECT.name_of(path).encode() + b"\0" + path.read_bytes() + b"\0")
    with contextlib.suppress(OSError):  # a package without its checkout has no lock file
        found.update(LOCK.read_bytes())
    return found.hexdigest()


def modules_of(exhibit: Exhibit) -> set[str]:
    """Return the modules that an exhibit is made by: where it is registered, and its functions'."""
    parts = [exhibit.data, exhibit.drawing, exhibit.claim, exhibit.alt, exhibit.rows, exhibit.cite]
    functions = [inspect.unwrap(getattr(part, "func", part)) for part in parts if callable(part)]
    return {_REGISTERED_IN[exhibit.id], *(function.__module__ for function in functions)} - {None}


def as_csv(frame: pd.DataFrame) -> str:
    """Write the drawn numbers as CSV: full precision, LF, days as YYYY-MM-DD."""
    return frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


def worded(exhibit: Exhibit, frame: pd.DataFrame, evidence: Evidence) -> dict[str, str]:
    """Return all words of an exhibit."""
    words = {k: say(getattr(exhibit, k), frame) for k in ("claim", "subtitle", "note", "alt")}
    return words | {part: caption(exhibit.id, part, words[part], frame, evidence) for part in ("subtitle", "note")}


def record(
    exhibit: Exhibit, frame: pd.DataFrame, evidence: Evidence, chapter: str, pictures: dict[str, bytes]
) -> dict[str, Any]:
    """Build the exhibit's entry in the manifest."""
    ids = exhibit.cite(frame) if exhibit.cite else sources.cited_in(frame)
    words = worded(exhibit, frame, evidence)
    if exhibit.kind == "figure" and not words["alt"]:
        raise ValueError(f"exhibit {exhibit.id!r}: the alt text is empty")
    table = as_table(exhibit, frame, evidence)
    table_text = json.dumps(table, ensure_ascii=False, sort_keys=True)
    states = as_table(exhibit, exhibit.states(evidence), evidence) if exhibit.states else {}
    names = {"wide": f"{exhibit.id}.svg", "narrow": f"{exhibit.id}-narrow.svg", "png": f"{exhibit.id}.png"}
    return {
        "id": exhibit.id,
        "kind": exhibit.kind,
        "chapter": chapter,
        **words,
        "table": table,
        **({"states": {key: states[key] for key in ("rows", "rows_meta")}} if states else {}),
        "source_ids": ids,
        "source_line": sources.source_line(evidence, ids, exhibit.calculated),
        "calculated": exhibit.calculated,
        "own_scenario": bool("changed" in frame and frame["changed"].iloc[0]),
        "code": code_of(exhibit),
        "files": {**{k: names[k] for k in pictures}, "csv": f"{exhibit.id}.csv"},
        "digest": hashlib.sha256((as_csv(frame) + table_text).encode()).hexdigest()[:DIGEST_LENGTH],
    }


def as_table(exhibit: Exhibit, frame: pd.DataFrame, evidence: Evidence) -> dict[str, Any]:
    """Print the exhibit's table: columns, cells as text, and what the page must know of each row."""
    rows, columns = exhibit.rows(frame) if exhibit.rows else frame, exhibit.columns or columns_of(exhibit.id, evidence)
    if missing := [c.key for c in columns if c.key not in rows.columns]:
        raise ValueError(f"exhibit {exhibit.id!r}: its data lack the column(s) {', '.join(missing)}")
    wanted = (exhibit.row_id, *exhibit.meta, *META_NAMES, "actor", "category")
    meta = [c for c in dict.fromkeys(wanted) if c in rows]
    named = [c.key for c in columns if c.kind == "label"]
    labels = evidence.labels(dict.fromkeys(str(i) for key in named for i in rows[key]))
    table: dict[str, Any] = {
        "columns": [
            {"key": c.key, "label": c.label, "align": c.align, "kind": c.kind, "lang": c.lang} for c in columns
        ],
        "rows": [
            [labels.get(row[c.key], "") if c.kind == "label" else c.cell(row[c.key]) for c in columns]
            for row in rows.to_dict("records")
        ],
        "rows_meta": [
            {("id" if k == exhibit.row_id else META_NAMES.get(k, k)): str(row[k]) for k in meta}
            for row in rows.to_dict("records")
        ],
    }
    if named and "known" in frame and not exhibit.rows:  # how labels stood before: ``2025-11-08 reported,...``
        steps = label_steps(evidence, frame[named[0]])
        for identifier, told in zip(frame[named[0]], table["rows_meta"], strict=True):
            if identifier in steps:
                told["was"] = ",".join(" ".join(step) for step in steps[identifier])
    return table


def code_of(exhibit: Exhibit) -> str:
    """Name the file and function that draw the exhibit (or compute it, for a table)."""
    function = inspect.unwrap(exhibit.drawing or exhibit.data)
    function = getattr(function, "func", function)
    path = Path(inspect.getsourcefile(function) or "").resolve()
    place = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    return f"{place}#{function.__name__}"


def as_html(shown: Shown) -> str:
    """Write the exhibit as one HTML figure for JupyterLab and GitHub."""
    entry = {k: html.escape(v) if isinstance(v, str) else v for k, v in shown.record.items()}
    if shown.pictures:
        data = base64.b64encode(shown.pictures["wide"]).decode()
        body = f'<img alt="{entry["alt"]}" src="data:image/svg+xml;base64,{data}" style="max-width:46rem;width:100%">'
    else:
        body = html_table(shown.record["table"])
    parts = [f"<strong>{entry['claim']}</strong>", entry["subtitle"]]
    foot = [entry["note"] and f"Note: {entry['note']}", f"Source: {entry['source_line']}", f"Numbers {entry['digest']}"]
    return (
        f"<figure><figcaption>{'<br>'.join(filter(None, parts))}</figcaption>{body}"
        f"<p><small>{'<br>'.join(filter(None, foot))}</small></p></figure>"
    )


def html_table(table: dict[str, Any]) -> str:
    """Write a table in plain HTML with scoped headers; every text is escaped."""
    head = "".join(
        f'<th scope="col" style="text-align:{c["align"]}">{html.escape(c["label"])}</th>' for c in table["columns"]
    )
    body = ""
    for row in table["rows"]:
        body += "<tr>"
        for cell, column in zip(row, table["columns"], strict=True):
            text = " ".join(f"[{i}]" for i in cell) if isinstance(cell, list) else cell
            lang = f' lang="{column["lang"]}"' if column["lang"] else ""
            body += f'<td{lang} style="text-align:{column["align"]}">{html.escape(text)}</td>'
        body += "</tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
