"""What stands inside a line of prose or a cell: notes, references, labels, terms, sources."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from explainer.publish.corrections import mark_words
from explainer.publish.document import Document, reference, split_tokens
from explainer.publish.language import _
from explainer.publish.markdown import Prose, reader
from explainer.text.dialect import EAST_ASIAN, by_language, ids_of
from explainer.text.wording import capital


class PageProse(Prose):
    """HTML of the page's prose."""

    def linked(self, text: str, url: str) -> str:
        """Set a link that may be followed."""
        return f'<a href="{escape(url)}">{text}</a>'

    def language(self, text: str, lang: str) -> str:
        """Mark a passage in another language."""
        return f'<span lang="{escape(lang)}">{text}</span>'

    def table(self, text: str) -> str:
        """Set a small table of the prose, which scrolls in its own box."""
        label = escape(_("Table"))
        return f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table>\n{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Give header cells their scope."""
        kind = f' class="{align}"' if align in ("right", "center") else ""
        return f'<th scope="col"{kind}>{text}</th>\n' if head else f"<td{kind}>{text}</td>\n"


class Inline:
    """Sets the tokens of one document, and counts the labels that it has set.

    Parameters
    ----------
    document
        The resolved document.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.labels_used: list[str] = []
        self.anchors = {source: f"s_{n}" for n, source in enumerate(document["sources"], 1)}
        """Short anchors of the sources: rows link to them some thousand times."""
        self._read = reader(PageProse(self.token))

    def markdown(self, text: str) -> Markup:
        """Return the HTML of Markdown."""
        return Markup(self._read(text))

    def line(self, text: str) -> Markup:
        """Return the HTML of one line of Markdown, without a paragraph around it."""
        return Markup(re.sub(r"^<p>|</p>\n?$", "", self._read(text)))

    def token(self, kind: str, payload: str, before: str = "") -> str:
        """Return the HTML of an inline token."""
        return str(getattr(self, f"_{kind}")(payload, before))

    def _note(self, number: str, before: str) -> Markup:
        return Markup('<sup><a id="ref-{0}" href="#note-{0}" role="doc-noteref">{0}</a></sup>').format(number)

    def _from(self, sources: str, before: str) -> Markup:
        return Markup(' <span class="cited">[{}]</span>').format(self.cited(ids_of(sources)))

    def _ref(self, target: str, before: str) -> Markup:
        name, anchor = reference(self.document, target, before)
        if not anchor:
            return escape(name)
        return Markup('<a href="#{}">{}</a>').format(anchor, name.replace(" ", "\u00a0", 1))

    def _term(self, payload: str, before: str) -> Markup:
        term, _bar, text = payload.partition("|")
        return Markup('<a class="term" href="#term-{}">{}</a>').format(term, text)

    def _correction(self, payload: str, before: str) -> Markup:
        key, words, first = mark_words(self.document, payload)
        place = Markup(' id="corrected-{}"').format(key) if first else Markup("")
        return Markup('<a class="corrected"{} href="#correction-{}">{}</a>').format(place, key, words)

    def _label(self, row: str, before: str) -> Markup:
        label = self.document["labels"].get(row)
        return self.label(label["label"], label.get("why", "")) if label else Markup("")

    def label(self, label: str, why: str) -> Markup:
        """Return a confidence label: a button that opens its explanation where it stands, without a script."""
        if not why:
            return Markup('<a href="#label-{0}">{1}</a>').format(label, _(label))
        self.labels_used.append(label)
        number, why = len(self.labels_used), capital(why.strip())
        why += "" if why.endswith((".", "!", "?")) else "."
        return Markup(
            '<button type="button" class="label {0}" popovertarget="why-{1}">{3}</button>'
            '<span popover class="why" id="why-{1}"><b>{4}</b> {2} <a href="#labels">{5}</a></span>'
        ).format(label, number, why, _(label), _(label).capitalize(), _("All labels"))

    def marks(self, text: str) -> Markup:
        """Set the marks of corrections that follow a text."""
        made = (self.token(kind, payload) for kind, payload in split_tokens(text) if kind != "text")
        return Markup("").join(map(Markup, made))

    def languages(self, text: str, own: str) -> Markup:
        """Mark Japanese and Chinese in a cell; where the whole column has a language of its own, mark Latin letters."""
        if own:
            latin = own != "en" and text.isascii() is False and not EAST_ASIAN.search(text)
            return Markup('<span lang="{}-Latn">{}</span>').format(own, text) if latin else escape(text)
        spans = (Markup('<span lang="{}">{}</span>').format(lang, part) if lang else escape(part)
                 for part, lang in by_language(text))  # fmt: skip
        return Markup("").join(spans)

    def cited(self, sources: Iterable[str]) -> Markup:
        """Return the publishers of sources, each as a link into the list of sources."""
        link, known = Markup('<a href="#{}">{}</a>'), self.document["sources"]
        return Markup("; ").join(link.format(self.anchors[source], known[source]["name"]) for source in sources)
