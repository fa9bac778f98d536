"""``explainer diff``: reads editions as a command line names them, and prints what differs between two."""

import json
import re
import textwrap
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explainer.editions.compare import Diff, Row, Snapshot, counted, snapshot_prose, snapshot_rows, told_together
from explainer.editions.editions import on_its_day, requested
from explainer.evidence.evidence import Evidence
from explainer.problems import AskedError, ChapterError
from explainer.project import NOTEBOOKS, REPORTS
from explainer.text import chapters as words
from explainer.text.chapters import run_problems
from explainer.text.wording import day

MARKS = {"new": "+", "correction": "!", "update": "~", "wording": "="}
SHORT = 76


def snapshot(text: str, exhibits: bool = True) -> Snapshot:
    """Read the edition that a command line names.

    Parameters
    ----------
    text : str
        A name of report.toml, a day (YYYY-MM-DD), a folder with ``data/`` and ``notebooks/`` (another checkout),
        or a built edition's folder of reports/ or figures/.
    exhibits : bool
        Whether to compute the exhibits' claims and numbers as well.

    Raises
    ------
    AskedError
        When it is none of these.
    """
    folder = Path(text)
    dated = re.fullmatch(r"\d+-\d+-\d+", text)
    if dated or (not re.search(r"[/\\]", text.rstrip("/")) and not folder.is_dir()):
        asked = requested(None if dated else text, text if dated else None, None, {})
        return of_evidence(text, on_its_day(asked), NOTEBOOKS, exhibits)
    if (folder / "data").is_dir() and (folder / "notebooks").is_dir():
        return of_evidence(folder.resolve().name, Evidence.load(folder=folder / "data"), folder / "notebooks", exhibits)
    return of_built(folder)


def both(first: str, second: str) -> tuple[Snapshot, Snapshot]:
    """Read two editions; beside a built one, the other is taken as it was built, too."""
    one = snapshot(first)
    found = one, one if second == first else snapshot(second)
    if found[0].built == found[1].built:
        return found
    names = [s if f.built else str(REPORTS / s) for f, s in zip(found, (first, second), strict=True)]
    return of_built(Path(names[0])), of_built(Path(names[1]))


def of_evidence(name: str, evidence: Evidence, folder: Path, exhibits: bool = True) -> Snapshot:
    """Read an edition from the evidence as of its day and the cells that stand on it."""
    as_of = evidence.as_of.isoformat()
    texts = words.read_chapters(folder)
    if found := list(run_problems(texts)):
        raise ChapterError(found)
    computed = _computed(texts, evidence) if exhibits else {}
    told = {name: frame for name, frame in evidence.whole.items() if name == "corrections"}  # of whatever day
    return Snapshot(name, as_of, snapshot_rows({**evidence.tables, **told}), snapshot_prose(texts, as_of), computed)


def _computed(texts: Mapping[str, Any], evidence: Evidence) -> dict[str, tuple[str, str]]:
    """Compute claim and digest of every exhibit that the edition shows, without drawing it."""
    import hashlib

    from explainer.check.order import pieces
    from explainer.exhibits.kit import DIGEST_LENGTH, as_csv, say
    from explainer.exhibits.subject import computed, exhibits

    known, found = exhibits(), {}
    for piece in pieces(texts, evidence.as_of):
        if piece.kind == "exhibit" and piece.text in known:
            exhibit = known[piece.text]
            frame = computed(exhibit, evidence)
            digest = hashlib.sha256(as_csv(frame).encode()).hexdigest()[:DIGEST_LENGTH]
            found[piece.text] = (say(exhibit.claim, frame) if len(frame) else "", digest)
    return found


def of_built(folder: Path) -> Snapshot:
    """Read an edition from its manifest, or raise an AskedError when it has none."""
    name = folder.resolve().name
    for place in (folder, folder.resolve().parent.parent / "figures" / name):
        if (place / "manifest.json").is_file():
            manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
            exhibits = {f["id"]: (f["claim"], f["digest"]) for f in manifest["figures"]}
            prose = {
                chapter: {cell: [text for text, *_ in told] for cell, told in cells.items()}
                for chapter, cells in manifest.get("prose", {}).items()
            }
            rows, shows = _printed_rows(manifest)
            return Snapshot(name, manifest["as_of"], rows, prose, exhibits, shows, built=True)
    raise AskedError(
        f"{folder}: no edition. Mend: name one of report.toml, a day as YYYY-MM-DD, a folder with data/ and "
        "notebooks/, or the folder of a built edition (its manifest.json in figures/ must be there)."
    )


def _printed_rows(manifest: Mapping[str, Any]) -> tuple[dict[str, Mapping[str, Row]], dict[str, frozenset[str]]]:
    """Return the rows that tables print, each once and with every column that any table prints of it."""
    rows: dict[str, dict[str, str]] = {}
    shows = {}
    for entry in manifest["figures"]:
        table = entry["table"]
        named = {"sources": "source_ids", "label": "confidence"}
        names = [named.get(c["kind"], c["key"]) for c in table["columns"]]
        ids = [meta.get("id", "") for meta in table["rows_meta"]]
        shows[entry["id"]] = frozenset(filter(None, ids))
        for identifier, cells in zip(ids, table["rows"], strict=True):
            if identifier:
                texts = [";".join(c) if isinstance(c, list) else c for c in cells]
                rows.setdefault(identifier, {}).update(zip(names, texts, strict=True))
    found: dict[str, Mapping[str, Row]] = {"rows": rows}
    found["glossary"] = {g["term_id"]: g for g in manifest["glossary"]}
    found["corrections"] = {c["correction_id"]: c for c in manifest["corrections"]}
    return found, shows


def report(diff: Diff, everything: bool = False) -> str:
    """Write a difference for the terminal."""
    lines = [" \u2192 ".join(f"{side.name} (as of {day(side.day)})" for side in (diff.older, diff.newer))]
    if not diff.changes and not diff.follows:
        return lines[0] + "\nNothing differs."
    for name, tables in diff.counts().items():
        lines.append(f"  {MARKS[name]} {name:<11}" + ", ".join(counted(n, where) for where, n in tables.items()))
    for where, told in told_together(diff, everything):
        lines += ["", where]
        for change, number in told:
            more = f" and {number - 1} earlier" if number > 1 else ""
            kind = "" if change.kind in ("fact", "prose") else f" [{change.kind}]"
            lines.append(f"  {MARKS[change.change]} {change.id}{kind}: {textwrap.shorten(change.what, SHORT)}{more}")
            if change.before != change.after and (change.columns or (change.before and change.after)):
                columns = f"{', '.join(change.columns)}: " if change.columns else ""
                was, now = _cut(change.before, change.after), _cut(change.after, change.before)
                lines.append(f"      {columns}{was} \u2192 {now}")
    if diff.follows:
        kinds = Counter("claim" if c.before != c.after else "numbers" for c in diff.follows)
        where = ", ".join(f"{n} in {'their' if n > 1 else 'its'} {kind}" for kind, n in kinds.items())
        follow = "1 exhibit follows" if len(diff.follows) == 1 else f"{len(diff.follows)} exhibits follow"
        lines += ["", f"{follow} from these rows and the day ({where}):"]
        lines += textwrap.wrap(", ".join(c.id for c in diff.follows), 100, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines)


def _cut(text: str, other: str) -> str:
    """Shorten a text to the part around the first place where it differs from the other."""
    if len(text) <= SHORT:
        return repr(text)
    same = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    start = max(0, min(same - 20, len(text) - SHORT))
    return f"'{'…' if start else ''}{text[start : start + SHORT]}{'…' if start + SHORT < len(text) else ''}'"
