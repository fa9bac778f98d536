"""What stands after the chapters: notes, labels, glossary, corrections, sources, how to cite."""

from __future__ import annotations

from typing import Any

from explainer.evidence.confidence import LABEL_RULES
from explainer.publish import citing
from explainer.publish.document import BACK_MATTER, Document, by_publisher
from explainer.publish.html.inline import Inline
from explainer.publish.language import _


class BackMatter:
    """The parts after the chapters, each computed for the template.

    Parameters
    ----------
    document
        The resolved document.
    inline
        Sets what stands inside an entry, and has counted the labels.
    in_tables
        The exhibit of each note that stands in a row.
    """

    def __init__(self, document: Document, inline: Inline, in_tables: dict[int, dict[str, Any]]) -> None:
        self.document, self.inline, self.in_tables = document, inline, in_tables
        self.parts = [part for part in BACK_MATTER if part != "contents" and self._has(part)]

    def _has(self, part: str) -> bool:
        if part == "labels":
            return bool(self.document["labels"] or self.inline.labels_used)
        if part == "corrections":  # a whole report says so when there are none
            return bool(self.document["corrections"] or self.document.get("cite"))
        return bool(self.document.get(part))

    @property
    def label_rules(self) -> list[tuple[str, str]]:
        """The labels with their rules, strongest first."""
        return [(label, f"{_(rule)}.") for label, rule in LABEL_RULES.items()]

    @property
    def notes(self) -> list[dict[str, Any]]:
        """The notes of the prose, each with its sources: in full where first cited, by publisher and day after that.

        Half of all citations name a source again; its title and address once are enough, and a later note
        links to the one that has them. Numbers are those of the PDF, where the rows of tables have notes too; here
        such rows name their sources themselves, and one line stands for their numbers.
        """
        first: dict[str, int] = {}
        made: list[dict[str, Any]] = []
        for note in self.document["notes"]:
            table = self.in_tables.get(note["n"])
            if table and made and made[-1].get("table") is table:
                made[-1]["last"] = note["n"]
            elif table:
                made.append({"n": note["n"], "last": note["n"], "table": table})
            else:
                again = [first.setdefault(one, note["n"]) for one in note["sources"]]
                cited = [
                    self.document["sources"][one] | {"at": at} for one, at in zip(note["sources"], again, strict=True)
                ]
                made.append({"n": note["n"], "sources": cited})
        counted = 0
        for line in made:  # a list counts by itself, but not past a line that stands for several
            line["value"] = line["n"] != counted + 1
            counted = line["n"]
        return made

    @property
    def publishers(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The sources by publisher."""
        return by_publisher(self.document["sources"])

    @property
    def citations(self) -> list[dict[str, str]]:
        """The report's own reference in every format, each as text and as a file."""
        item = citing.report_item(self.document, self.document["as_of"])
        return [
            {"name": form.name, "file": f"{item['id']}.{form.ending}", "uri": form.uri([item])}
            for form in citing.FORMATS.values()
        ]
