"""The subject's exhibits: a package with a folder a topic, whose ``words.py`` registers what it shows."""

import pkgutil
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.kit import REGISTRY, Exhibit
from explainer.problems import Problem, Refusal
from explainer.project import PROJECT


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
