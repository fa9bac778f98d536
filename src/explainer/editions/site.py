"""Lays the published editions into one folder, ready for any web server: nothing is missing, no link is dead."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

from explainer.editions.editions import LATEST, read_editions
from explainer.editions.manifest import write_index
from explainer.problems import Problem, Refusal
from explainer.project import CACHE, FIGURES, REPORTS, ROOT

FRONT = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{0}</title>\
<meta http-equiv="refresh" content="0; url={1}"></head><body><p><a href="{1}">{0}</a></p></body></html>\n'


SITE = ROOT / "site"


def lay() -> list[str]:
    """Write the site anew, and return its editions; a Refusal names what is not built, or leads nowhere."""
    names = list(read_editions())
    missing = [name for name in names if not (REPORTS / name / "report.html").is_file()]
    if missing:
        what, mend = "the edition is not built", "explainer build --all"
        raise Refusal(Problem(f"reports/{name}/report.html", 0, "", "", what, mend) for name in missing)
    if SITE.exists() and not (SITE / REPORTS.name / "feed.xml").is_file():
        raise Refusal(Problem(SITE.name, 0, "", "", "is not a site that was laid here", "move it elsewhere"))
    stage = CACHE.resolve() / SITE.name
    shutil.rmtree(stage, ignore_errors=True)
    for part in (REPORTS, FIGURES):
        for name in names:
            shutil.copytree(part / name, stage / part.name / name)
    manifest = json.loads((FIGURES / LATEST / "manifest.json").read_text(encoding="utf-8"))
    reports = stage / REPORTS.name
    index, _feed = write_index(reports, manifest, reports)
    title, address = (text.replace("<", "&lt;") for text in (manifest["title"], f"{REPORTS.name}/{index.name}"))
    (stage / index.name).write_text(FRONT.format(title, address), encoding="utf-8")
    if dead := list(_dead(stage)):
        raise Refusal(dead)
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.move(stage, SITE)
    return names


def _dead(stage: Path) -> Iterator[Problem]:
    """Copy what the pages lead to besides, such as code, from the repository; yield what leads nowhere."""
    pages = {path: html.fromstring(path.read_bytes()) for path in sorted(stage.rglob("*.html"))}
    ids = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    for path, page in pages.items():
        for link in sorted(set(page.xpath("//@href | //@src")) - {""}):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            own = target.relative_to(stage) if target.is_relative_to(stage) else None
            if own and not target.exists() and (ROOT / own).is_file() and own.parts[0] == "src":
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / own, target)
            fragment = unquote(parts.fragment) if target in pages else ""
            if not own or not target.is_file() or (fragment and fragment not in ids[target]):
                place = path.relative_to(stage).as_posix()
                yield Problem(place, 0, "", link, "leads nowhere", "build it again: explainer build --all --force")
