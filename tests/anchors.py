"""The anchors that the page has published; run as a script, it puts new ones on the list."""

import re
from pathlib import Path

from explainer.evidence.evidence import Evidence
from explainer.exhibits.subject import exhibits
from explainer.text.chapters import read_chapters
from explainer.text.dialect import HEADING

ANCHORS = Path(__file__).parent / "fixtures" / "anchors.txt"


def anchors_of_source(evidence: Evidence) -> set[str]:
    """Anchors that the chapters' headings and exhibits, and the rows of the tables, give to the page."""
    found = set()
    for key, nb in read_chapters().items():
        texts = [c.source for c in nb.cells]
        headings = [m for text in texts for m in HEADING.finditer(text)]
        found |= {m[3] or key for m in headings if m[3] or m[1] == "#"}
        found |= {one.lstrip("#") for m in headings for one in (m[4] or "").split()}
        shown = {i for text in texts for i in re.findall(r'show\("([a-z0-9-]+)"\)', text)}
        found |= {f"{exhibits()[i].kind[:3]}-{i}" for i in shown if i in exhibits()}
    found |= {f"event-{i}" for i in evidence.events["event_id"]}
    found |= {f"row-{i}" for i in evidence.claims["claim_id"]}
    return found | {f"term-{i}" for i in evidence.glossary["term_id"]}


if __name__ == "__main__":
    kept = {*ANCHORS.read_text(encoding="utf-8").split(), *anchors_of_source(Evidence.load())}
    ANCHORS.write_text("\n".join(sorted(kept)) + "\n", encoding="utf-8")
