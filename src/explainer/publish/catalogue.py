"""Gathers the words of the interface into `locale/explainer.pot`: ``python -m explainer.publish.catalogue``."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import write_po

from explainer.evidence.schema import CORRECTION_CLASSES
from explainer.project import PACKAGE, TEMPLATES
from explainer.publish import document as model
from explainer.publish import language
from explainer.publish.html import back_matter, exhibits

HEADER = """\
# The words that page and paper add to the prose. Made by `python -m explainer.publish.catalogue`.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

"""


def messages() -> Iterator[tuple[str, str]]:
    """Yield every word of the interface with the file that it stands in."""
    for path in sorted((PACKAGE / "publish").rglob("*.py")):
        with path.open("rb") as stream:
            for _, _, found, _ in extract_python(stream, {"_": None}, [], {}):
                if isinstance(found, str) and found:
                    yield found, path.name
    for name in ("BACK_MATTER", "LABELS"):
        yield from ((words, "model.py") for words in getattr(model, name).values())
    yield from ((words, "model.py") for words in model.LABELS)
    yield from ((words, "index.py") for words in CORRECTION_CLASSES)
    yield from ((words, "back_matter.py") for words in back_matter.SOURCE_TYPES.values())
    yield from ((words, "exhibits.py") for words in exhibits.KIT.values())
    for path in sorted(TEMPLATES.rglob("*")):
        yield from ((words, path.name) for words in _of_template(path))


def _of_template(path: Path) -> list[str]:
    found: list[str] = []

    def note(message: str) -> str:
        found.append(message)
        return message

    if path.suffix == ".j2" and "explainer_html" in str(path):
        language.template(path.read_text(encoding="utf-8"), note)
    elif path.suffix == ".js":
        language.script(path.read_text(encoding="utf-8"), note)
    elif path.suffix == ".typ":
        found += language.TYPST_WORD.findall(path.read_text(encoding="utf-8"))
    return found


def catalogue() -> bytes:
    """Return the catalogue as it is committed: sorted, without days or lines, so that it changes with words alone."""
    made = Catalog(project="explainer", version="1", charset="utf-8", fuzzy=False)
    for words, place in messages():
        made.add(words, locations=[(place, 0)])
    stream = io.BytesIO()
    write_po(stream, made, sort_output=True, omit_header=True, include_lineno=False)
    return HEADER.encode() + stream.getvalue()


def main() -> None:
    """Write the catalogue."""
    language.CATALOGUE.write_bytes(catalogue())


if __name__ == "__main__":
    main()
