"""What changed since the edition before, as a section of the newer one: counts, the weightiest, the whole list."""

import copy
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from explainer.editions import compare as two
from explainer.editions.compare import CLASSES, Change, Diff, Snapshot, counted, told_together
from explainer.editions.editions import read_editions
from explainer.evidence.asof import RANK
from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import TABLES
from explainer.text.cells import active
from explainer.text.dialect import HEADING as HEADINGS
from explainer.text.dialect import MARK
from explainer.text.wording import capital, day, in_words

ANCHOR = "<!-- #what-changed -->"
HEADING = f"## What changed since the edition before {ANCHOR}"
GENERATED = "what-changed-generated"
NAMED = 3
"""So many events are told, in the text or above it; the list holds all."""
CITED = 2


def since_previous(evidence: Evidence, notebooks: Mapping[str, Any]) -> dict[str, Any]:
    """Compare an edition, with whole chapters, with the published one before; nothing when none is, or nothing differs.

    Returns
    -------
    dict
        `before` (name, title and day of the edition before), `text` (Markdown) and `groups` (the whole list).
    """
    before = next((e for e in reversed(read_editions().values()) if e.as_of < evidence.as_of), None)
    if before is None:
        return {}
    days = ((str(e.as_of), e) for e in (evidence.cut(before.as_of), evidence))
    diff = two.compare(
        *(Snapshot(d, d, two.snapshot_rows(e.tables), two.snapshot_prose(notebooks, d)) for d, e in days)
    )
    if not diff.changes:
        return {}
    return {
        "before": {"name": before.name, "title": before.title, "as_of": before.as_of.isoformat()},
        "text": text(diff, *_told_above(notebooks, evidence.as_of.isoformat())),
        "total": len(diff.changes),
        "groups": groups(diff),
    }


def _told_above(notebooks: Mapping[str, Any], as_of: str) -> tuple[frozenset[str], bool]:
    """Name the rows that the first chapter tells on the day, and say whether it tells what changed itself."""
    first = next(iter(notebooks.values()), None)
    told = [c.source for c in first.cells if c.cell_type == "markdown" and active(c, as_of)] if first else []
    labels = frozenset(label for source in told for _, label, _ in MARK.findall(source) if label)
    return labels, any(ANCHOR.strip("<!-> ") in source for source in told)


def text(diff: Diff, above: Set[str] = frozenset(), own: bool = False) -> str:
    """Write the section: counts first, then corrections, rows that became surer, and the weightiest new events.

    An event that the chapter itself tells is not told again; where it has a section of its own, rows are not counted.
    """
    rows = [c for c in diff.changes if c.where in TABLES]
    parts = [
        "" if own else f"Set beside our edition of {day(diff.older.day)} row by row, this one {_told(rows)}.",
        "\n".join(_corrections(rows)),
        "\n".join(_surer(diff)),
        "\n".join(_events(diff, above)),
    ]
    return "\n\n".join(filter(None, parts))


def _told(rows: Sequence[Change]) -> str:
    found = {name: [c for c in rows if c.change == name] for name in CLASSES}
    number = {name: len(changes) for name, changes in found.items()}
    new, updated = (_counts(found[name]) for name in ("new", "update"))
    parts = [f"has {new} more" if new else "has no new row"]
    if updated:
        verbs = "is overtaken or rests" if number["update"] == 1 else "are overtaken or rest"
        parts.append(f"{in_words(number['update'])} stood before and {verbs} on further sources ({updated})")
    if number["wording"]:
        parts.append(f"{in_words(number['wording'])} say the same in other words")
    if number["correction"]:
        parts.append(f"{in_words(number['correction'])} {'is' if number['correction'] == 1 else 'are'} corrected")
    return "; ".join(parts)


def _counts(changes: Sequence[Change]) -> str:
    """Count the changes of each table in words: "31 events, nine statements and two profiles"."""
    numbers = Counter(sorted((c.where for c in changes), key=list(TABLES).index))
    parts = [f"{in_words(number)} {counted(number, where).partition(' ')[2]}" for where, number in numbers.items()]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _corrections(rows: Sequence[Change]) -> Iterator[str]:
    for change in (c for c in rows if c.change == "correction"):
        was = f" Was: \u201c{plain(change.before)}\u201d;" if change.before else ""
        now = f" is: \u201c{plain(change.after)}\u201d" if change.after else " is: withdrawn"
        yield f"- **Corrected.** {plain(change.what)}.{was}{now}{_cites(change)}."


def _surer(diff: Diff) -> Iterator[str]:
    """Name the named events and the statements whose label changed."""
    for change in diff.changes:
        before, after = (s.rows.get(change.where, {}).get(change.id, {}) for s in (diff.older, diff.newer))
        labels = before.get("confidence", ""), after.get("confidence", "")
        if all(labels) and labels[0] != labels[1] and after.get("label"):
            yield f"- **Now {labels[1]}, {labels[0]} before.** {plain(change.what)}{_cites(change)}."


def _events(diff: Diff, above: Set[str]) -> Iterator[str]:
    """Tell the new rows that have a short name, those with the surest and most sources, in order of their days."""
    rows = {key: row for table in diff.newer.rows.values() for key, row in table.items() if row.get("label")}
    new = [c for c in diff.changes if c.change == "new" and c.id in rows]
    named = [c for c in new if c.id not in above]
    sure = {name: place for place, name in enumerate(RANK)}
    named.sort(key=lambda c: (-sure.get(rows[c.id]["confidence"], sure["reported"]), -len(c.sources), c.day, c.id))
    left = max(NAMED - len(new) + len(named), 0)
    if named[:left]:
        other = "other " if len(named) < len(new) else ""
        since = f"since our edition of {day(diff.older.day)}"
        yield f"Of the {other}new events {since}, those with the surest and most sources:\n"
    for change in sorted(named[:left], key=lambda c: (c.day, c.id)):
        told = rows[change.id].get("summary") or change.what
        yield f"- **{day(change.day)}.** {plain(told)}{_cites(change)} [={change.id}]."


def _cites(change: Change) -> str:
    cited = "; ".join(f"@{i}" for i in change.sources[:CITED])
    return f" [{cited}]" if cited else ""


def plain(words_: str) -> str:
    """Return a row's words so that Markdown takes none of them for a mark."""
    safe = "".join(f"\\{c}" if c in "\\`*_[]<>#@$|~^" else c for c in " ".join(words_.split()))
    return safe.rstrip(".")


def groups(diff: Diff) -> list[dict[str, Any]]:
    """Return all changes for the page, by table or chapter; new values of one series are one item."""
    return [
        {"title": capital(counted(sum(number for _, number in told), where)), "items": [_item(*one) for one in told]}
        for where, told in told_together(diff)
    ]


def _item(change: Change, number: int) -> dict[str, str]:
    what = change.what if len(change.what) <= 160 else change.what[:159].rpartition(" ")[0] + " …"
    more = f", and {number - 1} earlier" if number > 1 else ""
    date = change.day if change.where not in ("observations", "sources") and change.day else ""
    detail = ", ".join(change.columns).replace("_", " ")
    return {"change": change.change, "day": date, "what": what + more, "detail": detail}


def with_section(chapters: Mapping[str, NotebookNode], manifest: Mapping[str, Any]) -> dict[str, NotebookNode]:
    """Put the section at the top of the report: under its heading in the first chapter, or before the second heading.

    The chapters given are left as they are.
    """
    told = manifest.get("changes")
    if not told or not chapters:
        return dict(chapters)
    (key, first), *_ = chapters.items()
    nb, source = copy.deepcopy(first), told["text"]
    if number := len(manifest.get("corrections") or ()):  # rows show none: a past edition is rebuilt with them
        listed = "correction of earlier editions is" if number == 1 else "corrections of earlier editions are"
        source += f"\n\n{capital(in_words(number))} {listed} listed in the record."
    starts = [n for n, c in enumerate(nb.cells) if c.cell_type == "markdown" and HEADINGS.search(c.source)]
    own = next((n for n in starts if ANCHOR in nb.cells[n].source), 0)
    place = next((n for n in starts if n > own), len(nb.cells))
    nb.cells.insert(place, new_markdown_cell(source if own else f"{HEADING}\n\n{source}", id=GENERATED))
    return {**chapters, key: nb}
