"""What is wrong with an input, told so that its editor can mend it; the errors that the command line knows."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from explainer.kinds import is_hidden

Kind = TypeVar("Kind")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the input: where it stands, what it is, and how to mend it.

    A `fatal` one keeps its file from being read as it stands: what depends on the file cannot be judged.
    """

    file: str
    row: int
    column: str
    value: str
    what: str
    mend: str
    fatal: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        place = self.file + (f":{self.row}" if self.row else "") + (f" [{self.column}]" if self.column else "")
        value = f" {self.value[:80]!r}" if self.value else ""
        what, mend = (one if one.endswith((".", "?", "!")) else f"{one}." for one in (self.what, self.mend))
        told = f"{place}{value}: {what} Mend: {mend}"
        return "".join(f"<U+{ord(letter):04X}>" if is_hidden(letter) else letter for letter in told)


class Refusal(Exception):
    """What was asked cannot be done; the message names every reason. It crosses processes whole.

    Attributes
    ----------
    status : int
        Exit status of a command that ends with it: 1 for faulty input, 2 for a wrong way of asking.
    problems : list of Problem or of str
        The reasons.
    """

    status = 1

    def __init__(self, problems: Iterable[Problem | str] | Problem | str):
        self.problems = [problems] if isinstance(problems, (str, Problem)) else list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class EvidenceError(Refusal, ValueError):
    """The evidence does not hold together, or does not hold what was asked of it."""

    def __init__(self, problems: Iterable[Problem] | Problem):
        super().__init__(sorted([problems] if isinstance(problems, Problem) else problems))


def text_of(path: Path) -> str:
    """Return the text of an input file; an EvidenceError says what keeps it from being read, and where."""
    line, what, mend = 0, "the file is missing, or is none", "restore it, or work in a report's folder"
    try:
        if path.is_file():  # neither a folder, nor what never ends
            return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        what, mend = f"not readable ({error.strerror})", "put the file back, readable by you"
    except UnicodeDecodeError as error:
        line, what = error.object[: error.start].count(b"\n") + 1, "not UTF-8"
        mend = "save the file as UTF-8" + (" (in Excel: CSV UTF-8)" if path.suffix == ".csv" else "")
    raise EvidenceError(Problem(path.name, line, "", "", what, mend, fatal=True))


class AskedError(Refusal, ValueError):
    """What was asked for is none: the way of asking is wrong, not the report."""

    status = 2


class ChapterError(Refusal, RuntimeError):
    """A chapter cannot be read or a cell of it failed."""


def given(kind: type[Kind], value: Any, who: str) -> Kind:
    """Return what a subject's function gave, or raise a TypeError that says what it must be."""
    if not isinstance(value, kind):
        raise TypeError(f"{who} is a {type(value).__name__}. Mend: return a {kind.__name__}.")
    return value


def nearest(value: str, values: Iterable[str], near_from: float = 0.5) -> str:
    """Ask whether the nearest of the known values was meant; empty when none is near."""
    near = difflib.get_close_matches(value, list(values), 1, near_from)
    return f"did you mean {near[0]!r}? " if near else ""
