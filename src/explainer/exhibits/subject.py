"""The subject's exhibits, registered by the ``words.py`` of its topics, and what every chapter begins with."""

import json
import os
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.kit import REGISTRY, Exhibit, Gallery
from explainer.exhibits.lookups import value
from explainer.problems import Problem, Refusal
from explainer.project import NOTEBOOKS, OUTPUT_VARIABLE, PROJECT
from explainer.text.cells import active
from explainer.text.guard import guard
from explainer.text.wording import day


@contextmanager
def _placed(what: str) -> Iterator[None]:
    """Tell a failure of the subject's code with its file and line."""
    try:
        yield
    except (Refusal, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever an author's code raises
        own = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(PROJECT.source)]
        file, line = (own[-1].filename, own[-1].lineno or 0) if own else (PROJECT.subject, 0)
        if isinstance(error, SyntaxError) and error.filename:
            file, line = error.filename, error.lineno or 0
        mend = "correct the line, or the value that it reads"
        mend = "correct the line, or install what it names" if isinstance(error, ImportError) else mend
        raise Refusal(Problem(Path(file).name, line, what, f"{type(error).__name__}: {error}", "fails", mend)) from None


def computed(exhibit: Exhibit, evidence: Evidence) -> pd.DataFrame:
    """Return the rows of an exhibit; a fault of its code is told with its place."""
    with _placed(f"exhibit {exhibit.id}"):
        return exhibit.data(evidence)


@cache
def exhibits() -> dict[str, Exhibit]:
    """Return the exhibits of the report by id: those that the words of the subject's topics register."""
    with _placed("subject"):
        for topic in pkgutil.iter_modules(import_module(PROJECT.subject).__path__):
            if topic.ispkg and find_spec(name := f"{PROJECT.subject}.{topic.name}.words"):
                import_module(name)
    return REGISTRY


def opened(key: str, as_of: str) -> tuple[Evidence, Callable[..., None], Callable[..., None], Callable[..., float]]:
    """Return what `explainer.chapter` says; an analyst's own chart has the house style too."""
    from explainer.exhibits import theme  # noqa: F401 - sets it

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
