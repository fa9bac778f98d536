"""One report: where its parts stand, and what ``report.toml`` at its root says of it, which has a form.

The engine knows nothing of any subject; whatever it must know of one it learns here, from the report in whose folder
it runs.
"""

import datetime as dt
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from explainer.kinds import FIRST_YEAR, LAST_YEAR, Kind, is_address, is_clean, matching
from explainer.problems import Problem, Refusal, nearest, text_of

PACKAGE = Path(__file__).resolve().parent
TEMPLATES = PACKAGE / "publish" / "templates"
KERNELSPECS = PACKAGE / "kernelspecs"
LOCK = PACKAGE.parents[1] / "requirements" / "report.txt"
"""Versions of the libraries; a package without its checkout has none."""

OUTPUT_VARIABLE, DRAWINGS_VARIABLE = "EXPLAINER_FIGURES", "EXPLAINER_DRAWINGS"
"""Environment variables by which a build tells a chapter where its exhibits go, and where drawings are kept."""

FILE = "report.toml"


class Named(NamedTuple):
    """A table whose names are the author's own: the form of each name and of each value."""

    name: Kind
    value: Any
    needed: str = ""


WORDS = Kind(
    lambda value: isinstance(value, str) and bool(value) and is_clean(value.replace("\n", " ")),
    "is no text, or holds what cannot be seen",
    'write visible words: "..."',
)
DAY = Kind(
    lambda value: type(value) is dt.date and FIRST_YEAR <= value.year <= LAST_YEAR,
    "is no day",
    f"write YYYY-MM-DD, unquoted and without a time, in a year from {FIRST_YEAR} to {LAST_YEAR}",
)
FORM = "does not have the form that it must have"
_SMALL = "write small letters and digits, joined by '-', a letter first: it becomes the name of a folder"
NAME = matching(r"[a-z][a-z0-9]{0,39}(-[a-z0-9]{1,40}){0,5}", "cannot name an edition", _SMALL)
KEY = matching(r"\w[\w.-]{0,79}", FORM, "write letters, digits, '.', '_' and '-' only")
PARAMETER = matching(r"(?!as_of\Z)[a-z]\w{0,79}", FORM, "name a parameter; the day is as_of of the edition itself")
MODULE = matching(r"[A-Za-z]\w*", "cannot name a package", 'name a package in src/, such as "ferry"')
PART = matching(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*(:[A-Za-z]\w*)?", FORM, 'write "package.module" or "package.module:name"')
LANGUAGE = matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", FORM, 'write a language code such as "en", "ja" or "de"')
_FOLDER = r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[\w.~-]+)*/"
_PLACE = matching(_FOLDER, FORM, 'write "https://host/folder/", with "/" at its end')
ADDRESS = replace(_PLACE, fits=lambda value: _PLACE.fits(value) and is_address(value))
SIZE = Kind(lambda value: type(value) is int and value > 0, "is no whole number from 1", "write one")
RATING = Kind(lambda value: type(value) is int and 1 <= value <= 5, "is no rating", "write 1 to 5")
VALUE = Kind(
    lambda value: (type(value) in (int, float) and abs(value) < 1e15) or WORDS.fits(value),
    "is neither a number nor a text",
    "write one of the two",
)

EDITION = {"title!": WORDS, "as_of!": DAY, "about": WORDS, "parameters": Named(PARAMETER, VALUE), "language": LANGUAGE}
BUDGETS = ("brief", "chapter", "report", "rows", "columns", "brief_rows", "brief_columns")
REPORT: dict[str, Any] = {
    "title!": WORDS,
    "description": WORDS,
    "author": WORDS,
    "address": ADDRESS,
    "subject!": MODULE,
    "keywords": [WORDS],
    "parts": dict.fromkeys(("parameters", "preview_data", "preview_marks"), PART),
    "editions!": Named(NAME, EDITION, "latest"),
    "verdicts": Named(KEY, {"name!": WORDS, "rating": RATING}),
    "matrix": {"stances": [KEY], "questions": [KEY]},
    "counted": Named(KEY, WORDS),
    "han": {"chinese_by": [WORDS]},
    "checks": {
        "budgets": dict.fromkeys(BUDGETS, SIZE),
        "tables": Named(KEY, WORDS),
        "own_voice": Named(WORDS, WORDS),
        "counted": {"nouns": [WORDS]},
    },
}
"""What the file may say; ``!`` marks what it must."""


def form_problems(told: Any, form: Any = REPORT, place: str = "") -> Iterator[Problem]:
    """Yield what in the file has not the form that it must have, and what means nothing there."""
    if isinstance(form, Kind):
        if not form.fits(told):
            yield Problem(FILE, 0, place, str(told), form.wrong, form.mend)
    elif isinstance(form, list):
        if isinstance(told, list):
            for item in told:
                yield from form_problems(item, form[0], place)
        else:
            yield Problem(FILE, 0, place, str(told), "is no list", 'write ["...", "..."]')
    elif not isinstance(told, Mapping):
        yield Problem(FILE, 0, place, str(told), "is no table", f"write [{place}] and its lines under it")
    elif isinstance(form, Named):
        if form.needed and form.needed not in told:
            yield Problem(FILE, 0, place, "", f"has no {form.needed!r}", f"add [{place}.{form.needed}]")
        for name, value in told.items():
            below = f"{place}.{name}"
            yield from form_problems(name, form.name, below)
            yield from form_problems(value, form.value, below)
    else:
        known = {name.rstrip("!"): below for name, below in form.items()}
        for name in (n for n in known if f"{n}!" in form and n not in told):
            yield Problem(FILE, 0, place, "", f"needs {name} = ...", "add the line")
        for name, value in told.items():
            if name in known:
                yield from form_problems(value, known[name], f"{place}.{name}".lstrip("."))
            else:
                mend = f"{nearest(name, known)}use one of: {', '.join(known)}"
                yield Problem(FILE, 0, place, "", f"{name[:80]!r} means nothing here", mend)


class Project:
    """A report and its places, under the folder that holds its ``report.toml``."""

    def __init__(self, root: Path):
        self.root, self.source = root, root / "src"

    @cached_property
    def told(self) -> dict[str, Any]:
        """What ``report.toml`` says; a Refusal names what of it has not its form."""
        import tomllib

        text = text_of(self.root / FILE)
        try:
            told = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets without end
            at = re.search(r"at line (\d+)", str(error))
            line = int(at[1]) if at else 0
            value, mend = text.splitlines()[line - 1 : line], 'write name = value, each name once, a text as "..."'
            raise Refusal(Problem(FILE, line, "", "".join(value), "not readable as TOML", mend)) from None
        found = list(form_problems(told))
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
