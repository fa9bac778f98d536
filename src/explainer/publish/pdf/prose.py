"""Text for Typst: Markdown through pandoc, string literals, and the check that every character has a glyph."""

from __future__ import annotations

import atexit
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
import pypandoc
import typst
from fontTools.ttLib import TTFont

from explainer.project import TEMPLATES
from explainer.publish.document import TOKEN, PublishError

_NUMBERED = re.compile("\ue000(\\d+)\ue001")
_MARK = "\ue002"  # stands between two cells on the way into pandoc
_BOUNDARY = "\ue003"  # and on the way out, where nothing has swallowed it
_FILTER = TEMPLATES / "explainer_typst" / "markdown.lua"
_READER = "commonmark+pipe_tables+strikeout"

# Two weights of each face and their italics: all that the pages use.
_FACES = (
    (font_source_serif_pro, ("SourceSerifPro-Regular.otf", "SourceSerifPro-It.otf")),
    (font_source_serif_pro, ("SourceSerifPro-Semibold.otf", "SourceSerifPro-SemiboldIt.otf")),
    (font_source_sans_pro, ("SourceSansPro-Regular.otf", "SourceSansPro-It.otf")),
    (font_source_sans_pro, ("SourceSansPro-Semibold.otf", "SourceSansPro-SemiboldIt.otf")),
)
_EAST_ASIAN = "ipaexg.ttf"

# Two codes of one character; the Japanese font draws only the second.
_SAME_CHARACTER = str.maketrans({"內": "内"})

# White space, and signs that have an effect but no shape.
_SHAPELESS = frozenset("\n\t\u00ad\u200b\u200c\u200d\u2060\ue000\ue001")


@dataclass(frozen=True)
class Passage:
    """A text of the report and the place where an editor finds it."""

    place: str
    text: str


def literal(text: str) -> str:
    """Return a Typst string literal that means exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{{{ord(found[0]):x}}}", escaped) + '"'


def same_character(text: str) -> str:
    """Return the text with each character in the code under which the fonts have it."""
    return text.translate(_SAME_CHARACTER)


def markdown_to_typst(texts: Sequence[str], render: Callable[[str, str, str], str]) -> list[str]:
    """Turn Markdown texts into Typst, all in one call of pandoc.

    Parameters
    ----------
    texts
        Markdown with the inline tokens of the resolved document.
    render
        Turns a token's kind, payload and the text before it into Typst.
    """
    commands: list[str] = []

    def number(found: re.Match[str]) -> str:
        commands.append(render(found[1], found[2], found.string[: found.start()]))
        return f"\ue000{len(commands) - 1}\ue001"

    marked = [TOKEN.sub(number, text) for text in texts]
    parts = _split(_pandoc(f"\n\n{_MARK}\n\n".join(marked)))
    if len(parts) != len(texts):  # an unclosed block in one text swallowed the next
        parts = [_pandoc(text).strip() for text in marked]
    return [_NUMBERED.sub(lambda found: commands[int(found[1])], part) for part in parts]


def _split(converted: str) -> list[str]:
    return [part.strip() for part in converted.split(_BOUNDARY)]


def _pandoc(markdown: str) -> str:
    command = [pypandoc.get_pandoc_path(), "--sandbox", "--wrap=none", f"--from={_READER}", "--to=typst"]
    done = subprocess.run(
        [*command, f"--lua-filter={_FILTER}"],
        input=markdown.encode(), capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise PublishError([f"pandoc could not read the Markdown: {done.stderr.decode().strip()}"])
    return done.stdout.decode()


def font_files() -> list[Path]:
    """Return the faces that Typst sets the report in."""
    files = [Path(package.__file__).parent / "files" / name for package, names in _FACES for name in names]
    # Its package is not imported: that would change the font of every chart that this process draws later.
    return [*files, Path(find_spec("matplotlib_fontja").origin).parent / "fonts" / _EAST_ASIAN]


@cache
def fonts() -> typst.Fonts:
    """Return the shipped faces and no others, so that every machine sets the same page.

    Typst reads whole folders, and the packages' folders hold each face twice; so the ones meant are copied.
    """
    folder = tempfile.TemporaryDirectory(prefix="explainer-fonts-")
    atexit.register(folder.cleanup)  # a face loads when it is first used, so the folder stands till then
    for file in font_files():
        shutil.copyfile(file, Path(folder.name) / file.name)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder.name])


@cache
def _drawable() -> frozenset[int]:
    *faces, east_asian = (frozenset(TTFont(file, lazy=True).getBestCmap()) for file in font_files())
    return frozenset.intersection(*faces) | east_asian


def check_glyphs(passages: Iterable[Passage]) -> None:
    """Raise when a character has no glyph in the report's fonts, naming it and where it stands."""
    missing: dict[str, list[str]] = {}
    for passage in passages:
        for character in set(passage.text) - _SHAPELESS:
            if ord(character) not in _drawable():
                missing.setdefault(character, []).append(passage.place)
    if missing:
        raise PublishError([_complaint(*item) for item in sorted(missing.items())])


def _complaint(character: str, places: list[str]) -> str:
    name = unicodedata.name(character, "unnamed")
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return (
        f"no shipped font has the character {character!r} (U+{ord(character):04X}, {name}), used in {places[0]}{more}:"
        " write it otherwise, or add a face that has it to explainer.publish.pdf.prose"
    )
