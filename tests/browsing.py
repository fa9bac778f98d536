"""A real browser with the network shut, for the tests that look at a page."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

needs_chromium = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"), reason="no Chromium: install Debian's chromium, or set CHROMIUM"
)


def axe_script() -> str:
    """Return axe-core, which the wheel of axe-playwright-python carries."""
    place = os.environ.get("AXE") or Path(find_spec("axe_playwright_python").origin).with_name("axe.min.js")
    return Path(place).read_text(encoding="utf-8")


class Visit:
    """A page opened with the network shut, and what it asked for and said meanwhile.

    Unless its own policy is to stand, the test's scripts and styles are let in: axe, and one that lays out at once what
    the page lays out late, since until then everything is measured in places that nobody sees.
    """

    def __init__(self, browser, file: Path, width: int = 1280, scheme: str = "light", **options):
        own_policy, scripts = options.pop("own_policy", False), options.setdefault("java_script_enabled", True)
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            offline=True,
            bypass_csp=not own_policy,
            **{"reduced_motion": "reduce"} | options,
        )
        self.context.set_default_timeout(8000)
        self.context.set_default_navigation_timeout(60000)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())
        if scripts and not own_policy:
            self.page.add_style_tag(content="* { content-visibility: visible !important }")
        if scripts:
            self.page.evaluate("new Promise(done => requestIdleCallback(() => done()))")  # controls come when idle

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_) -> None:
        self.context.close()

    def look(self, width: int, scheme: str) -> None:
        """Show the page at another width and in another scheme of colours."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)

    def violations(self, place: str = "body") -> list[str]:
        """Return what axe finds in a part of the page."""
        self.page.evaluate("typeof axe === 'undefined'") and self.page.evaluate(axe_script())
        found = self.page.evaluate(
            "([place, rules]) => axe.run(place, {runOnly: {type: 'tag', values: rules}})", [place, RULES]
        )
        return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]
