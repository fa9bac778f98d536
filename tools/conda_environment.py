"""Writes environment.yml from the pinned requirements, so that conda users get the same versions."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# The same versions as requirements/*.txt, for conda users; written by tools/conda_environment.py.
#   conda env create -f environment.yml && conda activate explainer && explainer build
name: explainer
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
"""


def pinned(*names: str) -> dict[str, str]:
    """Read the exact versions of some requirements files."""
    found: dict[str, str] = {}
    for name in names:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        found.update(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.M))
    return dict(sorted(found.items()))


def environment() -> str:
    """Return the text of environment.yml."""
    versions = pinned("lab", "test")
    return HEAD + "".join(f"      - {name}=={version}\n" for name, version in versions.items()) + "      - -e .\n"


if __name__ == "__main__":
    (ROOT / "environment.yml").write_text(environment(), encoding="utf-8")
