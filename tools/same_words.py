"""Says whether two builds of an edition tell a reader the same: words of page and paper, anchors, CSVs, claims.

    python tools/same_words.py OLD NEW

OLD and NEW are folders that hold a built edition as ``report/`` and ``figures/``, or roots of a project (their
``latest``). Names of code files do not count, nor, on paper, the order in which notes and tables are set.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path


class Text(HTMLParser):
    """Gathers the words of a page that a reader sees, hidden ones too."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Leave out scripts and styles."""
        self.silent += tag in ("script", "style", "svg")

    def handle_endtag(self, tag: str) -> None:
        """Come back from one."""
        self.silent -= tag in ("script", "style", "svg")

    def handle_data(self, data: str) -> None:
        """Take the words of one text."""
        if not self.silent:
            self.words += data.split()


def places(root: Path, edition: str) -> tuple[Path, Path]:
    """Return the folders of report and figures."""
    if (root / "report").is_dir():
        return root / "report", root / "figures"
    return root / "reports" / edition, root / "figures" / edition


def page_words(path: Path) -> list[str]:
    """Return the words of a page in their order, without names of code files."""
    reader = Text()
    reader.feed(path.read_text(encoding="utf-8"))
    return [word for word in reader.words if "src/" not in word]


def paper_words(path: Path) -> Counter[str]:
    """Return how often each word stands on paper; hyphens at ends of lines are taken back, note numbers left out."""
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return Counter(w for w in re.sub(r"[-\u00ad]\n\s*", "", text).split() if not re.fullmatch(r"[\d.,;:]+", w))


def differences(old: Path, new: Path, edition: str = "latest") -> list[str]:
    """Name what differs between two builds."""
    (old_report, old_figures), (new_report, new_figures) = places(old, edition), places(new, edition)
    found = []
    before, now = page_words(old_report / "report.html"), page_words(new_report / "report.html")
    if before != now:
        at = next((n for n, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]), len(before))
        found.append(f"page, word {at}: {' '.join(before[at : at + 12])!r} is now {' '.join(now[at : at + 12])!r}")
        gone, come = Counter(before) - Counter(now), Counter(now) - Counter(before)
        found.append(f"page, words gone: {gone.most_common(30)}; new: {come.most_common(30)}")
    if (old_report / "report.pdf").exists() and (new_report / "report.pdf").exists():
        gone, come = (
            paper_words(old_report / "report.pdf") - paper_words(new_report / "report.pdf"),
            paper_words(new_report / "report.pdf") - paper_words(old_report / "report.pdf"),
        )
        if gone or come:
            found.append(f"paper, gone {sum(gone.values())}: {gone.most_common(25)}; new: {come.most_common(25)}")
    anchors = [set(json.loads((r / "anchors.json").read_text())) for r in (old_report, new_report)]
    if anchors[0] != anchors[1]:
        found.append(f"anchors: gone {sorted(anchors[0] - anchors[1])}, new {sorted(anchors[1] - anchors[0])}")
    for path in sorted(old_figures.glob("*.csv")):
        other = new_figures / path.name
        if not other.exists() or other.read_bytes() != path.read_bytes():
            found.append(f"{path.name}: {'differs' if other.exists() else 'gone'}")
    old_claims, new_claims = (
        {e["id"]: (e["claim"], e.get("subtitle"), e.get("note"), e.get("alt")) for e in m["figures"]}
        for m in (json.loads((f / "manifest.json").read_text()) for f in (old_figures, new_figures))
    )
    found += [f"claim of {key}" for key in old_claims if old_claims[key] != new_claims.get(key)]
    return found


if __name__ == "__main__":
    differ = differences(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
    print("\n".join(differ) or "the same words")
    sys.exit(bool(differ))
