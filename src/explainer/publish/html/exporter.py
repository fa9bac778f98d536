"""The page: one self-contained HTML file, written by an nbconvert exporter with its own template."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from traitlets import List, Unicode

from explainer import faces
from explainer.evidence.confidence import LABEL_RULES
from explainer.project import TEMPLATES
from explainer.publish.document import BACK_MATTER, by_publisher, long_date
from explainer.publish.html.page import Page
from explainer.publish.language import _, ngettext, speaking, spoken, translated
from explainer.publish.resolve import alone

TEMPLATE = "explainer_html"
STYLE, SCRIPTS = TEMPLATES / TEMPLATE / "style.css", [TEMPLATES / TEMPLATE / name for name in ("day.js", "page.js")]
# Policy and style sheet stand in the template's head, before anything that comes from data; letters and script follow
# it, in elements that no data can write.
STYLE_HERE, POLICY_HERE = "\ue010style\ue011", "\ue010policy\ue011"
LETTERS_HERE, SCRIPT_HERE = "<style>\ue010letters\ue011</style>", '<script type="module">\ue010script\ue011</script>'
POLICY = (
    "default-src 'none'; style-src '{style}' '{letters}'; script-src '{script}'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)


class ExplainerHTMLExporter(TemplateExporter):
    """Writes the report, or one chapter of it, as a page that needs nothing but itself.

    A notebook that `resolve.combine` has not resolved is taken for one chapter and resolved on its own.
    """

    export_from_notebook = "Explainer page"
    output_mimetype = "text/html"

    manifest = Unicode("", help="The figure manifest; by default that of the notebook's day.").tag(config=True)
    code_root = Unicode("", help="The repository's root, seen from the page, for links to code and data.").tag(
        config=True
    )

    optimistic_validation = True  # nothing but the report's own steps touches the notebook
    file_extension = Unicode(".html").tag(config=True)
    template_name = Unicode(TEMPLATE).tag(config=True, affects_template=True)
    extra_template_basedirs = List(Unicode(), [str(TEMPLATES)]).tag(config=True, affects_environment=True)

    def default_filters(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Add the few words that the template forms itself."""
        yield from super().default_filters()
        yield "words", long_date
        yield "said", _
        yield "part_title", lambda part: _(BACK_MATTER[part])
        yield "by_publisher", by_publisher

    def _create_environment(self) -> Any:
        environment = super()._create_environment()
        environment.add_extension("jinja2.ext.i18n")
        environment.install_gettext_callables(_, ngettext, newstyle=True)
        environment.globals |= {"spoken": spoken, "label_rules": LABEL_RULES}
        environment.autoescape = True  # text from data is escaped unless the code says that it is markup
        environment.trim_blocks = environment.lstrip_blocks = True
        return environment

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of a notebook.

        Raises
        ------
        PublishError
            When the text or the manifest has faults, naming each.
        """
        resources = self._init_resources(resources)
        path = Path(self.manifest)
        whole = "chapters" in nb.metadata.get("explainer", {})
        if not whole:
            nb, _manifest, path = alone(nb, resources.get("metadata", {}), self.manifest)
        with speaking(nb.metadata["explainer"].get("language")):
            resources["page"] = page = Page(nb, path.parent, self.code_root or ("../../" if whole else "../"))
            # the template reads the page alone: nbconvert would copy the notebook, with its pictures, twice
            html, resources = super().from_notebook_node(new_notebook(), resources, **kw)
            return dress(html, page.exhibits.drawings.sheet()), resources


def dress(html: str, drawings: str) -> str:
    """Return a page with its style sheets, its script, the letters that it uses, and a policy that allows just these.

    The letters do not hold up the first screen: they follow it, and stand-ins of their width hold their place.
    """
    letters = faces.style_sheet(html)
    style = "\n".join([compact(STYLE.read_text(encoding="utf-8")), drawings])
    script = "\n".join(compact(file.read_text(encoding="utf-8")) for file in SCRIPTS)
    script = f"const SAID = {htmlsafe_json_dumps(translated(script), ensure_ascii=False)};\n{script}"
    policy = POLICY.format(style=digest(style), letters=digest(letters), script=digest(script))
    html = html.replace(POLICY_HERE, policy, 1).replace(STYLE_HERE, style, 1)
    html = re.sub(r"(</(?:td|tr|t?head|dd|dt|li|div|p|section|figure|h\d)>)\n", r"\1", html)
    html = html.replace(LETTERS_HERE, f"<style>{letters}</style>", 1)
    return html.replace(SCRIPT_HERE, f'<script type="module">{script}</script>', 1)


def digest(text: str) -> str:
    """Return the hash by which a page's policy allows a style sheet or a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def compact(text: str) -> str:
    """Return a style sheet or script without block comments and indentation."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def render(nb: NotebookNode, figures_dir: Path) -> str:
    """Return the page of a resolved report."""
    exporter = ExplainerHTMLExporter(manifest=str(Path(figures_dir) / "manifest.json"))
    return exporter.from_notebook_node(nb)[0]
