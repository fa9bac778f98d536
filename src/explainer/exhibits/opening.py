"""What every chapter begins with."""

import json
import os
import sys
from collections.abc import Callable
from functools import partial

from explainer.evidence.evidence import Evidence
from explainer.exhibits import theme  # noqa: F401 - an analyst's own chart has the house style too
from explainer.exhibits.kit import Gallery
from explainer.exhibits.lookups import value
from explainer.exhibits.subject import exhibits
from explainer.project import NOTEBOOKS, OUTPUT_VARIABLE
from explainer.text.cells import active
from explainer.text.guard import guard
from explainer.text.wording import day


def opened(key: str, as_of: str) -> tuple[Evidence, Callable[..., None], Callable[..., None], Callable[..., float]]:
    """Return what `explainer.chapter` says."""
    exhibits()
    evidence = Evidence.load(as_of)
    _pass_over(key, evidence)
    return evidence, Gallery(evidence, key).show, guard, partial(value, evidence)


def _pass_over(key: str, evidence: Evidence) -> None:
    """Have the kernel pass over the chapter's cells that do not stand on the day: the build has cut them already."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    path = NOTEBOOKS / f"{key}.ipynb"
    if shell is None or OUTPUT_VARIABLE in os.environ or not path.is_file():
        return
    stands: dict[bool, set[str]] = {True: set(), False: set()}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        stands[active(cell, evidence.as_of)].add("".join(cell["source"]).strip())
    idle = stands[False] - stands[True]
    note = f"print('does not stand on {day(evidence.as_of)}')\n"
    shell.input_transformers_cleanup.append(lambda lines: [note] if "".join(lines).strip() in idle else lines)
