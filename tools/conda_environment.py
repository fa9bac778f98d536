"""Writes environment.yml from the pinned requirements, so that conda users get the same versions."""

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


def pinned(*names: str) -> list[str]:
    """Read the exact versions of some requirements files, each with what it is for (`; python_full_version < ...`)."""
    found: dict[str, None] = {}
    for name in names:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        for package, version, marker in re.findall(r"^([\w.-]+)==([^\s;\\]+)([^\\\n]*)", text, re.M):
            found[f"{package}=={version}{marker.rstrip()}"] = None
    return sorted(found)


def environment() -> str:
    """Return the text of environment.yml."""
    return HEAD + "".join(f"      - {line}\n" for line in pinned("lab", "test")) + "      - -e .\n"


if __name__ == "__main__":
    (ROOT / "environment.yml").write_text(environment(), encoding="utf-8")
