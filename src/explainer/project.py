"""One report: where its parts stand, and what ``report.toml`` at its root says of it.

The engine knows nothing of any subject; whatever it must know of one it learns here, from the report in whose folder
it runs.
"""

import re
import sys
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from explainer.problems import Problem, Refusal, text_of
from explainer.report_file import FILE, problems

PACKAGE = Path(__file__).resolve().parent
TEMPLATES = PACKAGE / "publish" / "templates"
KERNELSPECS = PACKAGE / "kernelspecs"
LOCK = PACKAGE.parents[1] / "requirements" / "report.txt"
"""Versions of the libraries; a package without its checkout has none."""

OUTPUT_VARIABLE, DRAWINGS_VARIABLE = "EXPLAINER_FIGURES", "EXPLAINER_DRAWINGS"
"""Environment variables by which a build tells a chapter where its exhibits go, and where drawings are kept."""


class Project:
    """A report and its places, under the folder that holds its ``report.toml``."""

    def __init__(self, root: Path):
        self.root, self.source = root, root / "src"

    @cached_property
    def told(self) -> dict[str, Any]:
        """What ``report.toml`` says; a Refusal names what of it has not its form (`explainer.report_file`)."""
        import tomllib

        text = text_of(self.root / FILE)
        try:
            told = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets without end
            at = re.search(r"at line (\d+)", str(error))
            line = int(at[1]) if at else 0
            value, mend = text.splitlines()[line - 1 : line], 'write name = value, each name once, a text as "..."'
            raise Refusal(Problem(FILE, line, "", "".join(value), "not readable as TOML", mend)) from None
        found = list(problems(told))
        if not found and not (self.source / (name := told["subject"])).is_dir():
            found = [Problem(FILE, 0, "subject", name, "no such package in src/", "name one, or restore it")]
        if found:
            raise Refusal(found)
        return told

    @property
    def subject(self) -> str:
        """Name of the package that holds the report's exhibits."""
        return self.told["subject"]

    def part(self, name: str) -> Any:
        """Return a module or function of the subject that the engine calls, named ``module`` or ``module:name``."""
        if not (told := self.told.get("parts", {}).get(name, "")):
            return None
        module, _, attribute = told.partition(":")
        try:
            found = import_module(module)
            found = getattr(found, attribute) if attribute else found
            used = [found.PARAMETERS and found.changed] if name == "parameters" else [found]
            if not all(map(callable, used)):
                raise TypeError("it cannot be called")
        except Refusal:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the subject's code may do anything
            what = f"no such part ({type(error).__name__}: {error})"
            raise Refusal(Problem(FILE, 0, f"parts.{name}", told, what, "name one that is there")) from None
        return found

    def part_problems(self) -> Iterator[Any]:
        """Name the parts of the subject that are not there."""
        for name in self.told.get("parts", {}):
            try:
                self.part(name)
            except Refusal as error:
                yield from error.problems

    @cached_property
    def packages(self) -> dict[str, Path]:
        """Folders of all code that makes the report: the engine's and the subject's."""
        return {"explainer": PACKAGE, self.subject: self.source / self.subject}

    def file(self, name: str) -> Path:
        """Return a file or folder of the code by its name, such as ``explainer/cli.py``."""
        package, _, rest = name.partition("/")
        return self.packages.get(package, self.source / package) / rest

    def name_of(self, file: Path) -> str:
        """Return the name of a file of the code; what `file` takes."""
        package, folder = next(pair for pair in self.packages.items() if file.is_relative_to(pair[1]))
        return f"{package}/{file.relative_to(folder).as_posix()}"


def _root() -> Path:
    """Return the nearest folder, upwards from where we work, that holds a report; else this checkout."""
    try:
        here = Path.cwd()
    except OSError:
        sys.exit("The folder in which this command was to run is gone. Mend: change to the folder of a report.")
    parts = {FILE}, {"data", "notebooks"}  # of a report that has lost its file it is said so
    found = (f for f in (here, *here.parents) if any(all((f / name).exists() for name in names) for names in parts))
    return next(found, PACKAGE.parents[1])


PROJECT = Project(_root())
"""The report in whose folder this process works."""
if str(PROJECT.source) not in sys.path:
    sys.path.append(str(PROJECT.source))

ROOT = PROJECT.root
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
FIGURES = ROOT / "figures"
REPORTS = ROOT / "reports"
CACHE = ROOT / ".cache"
JOURNAL = CACHE / "swap.json"
"""Note of a swap in progress."""
