"""``explainer watch``: builds again on every save, and the page in the browser reloads by itself.

The page is served on the loopback address only. The script that reloads it is put into the served copy, never into
the file; the copy's policy allows what this server has, besides what it allowed. A build runs as a process of its own,
so that edited modules are the ones that run, and a failure leaves the server and the last good page standing.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from explainer.editions.fresh import inputs
from explainer.project import ROOT

LOOPBACK = "127.0.0.1"
BUILDS, SCRIPT = "/-/builds", "/-/reload.js"
SERVED = ("reports", "figures", "data", "src", "notebooks")
"""Folders of the project to which a page links; nothing else is served."""
WATCHED = ("data", "notebooks", "src", "report.toml", "requirements")
DEBOUNCE_MS = 300

RELOAD = """\
"use strict";
let first = null;
setInterval(async () => {
  const builds = await (await fetch("/-/builds")).text();
  if (first !== null && builds !== first) location.reload();
  first = builds;
}, 500);
"""


def for_watching(page: str) -> str:
    """Return a copy of a page that reloads itself: its policy allows this server, and the script stands at the end."""
    page = page.replace("default-src 'none'", "default-src 'self'", 1).replace("script-src '", "script-src 'self' '", 1)
    script = f'<script src="{SCRIPT}"></script>'
    before, end, after = page.rpartition("</body>")
    return before + script + end + after if end else page + script


class Handler(SimpleHTTPRequestHandler):
    """Serves the project's pages, the reloading script, and the number of builds, for which the script asks."""

    builds: list[bool]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal for the builds."""

    def do_GET(self) -> None:
        """Answer a request, if it comes from this machine by name and asks for a part that is served."""
        path = self.path.partition("?")[0].partition("#")[0]
        host = self.headers.get("Host", "").rpartition(":")[0]
        if host not in (LOOPBACK, "localhost"):  # a page elsewhere that made its own name lead here
            self.send_error(HTTPStatus.FORBIDDEN)
        elif path == BUILDS:
            self._send(str(len(self.builds)).encode(), "text/plain")
        elif path == SCRIPT:
            self._send(RELOAD.encode(), "text/javascript")
        elif path.startswith("/reports/") and path.endswith(".html") and (file := self._file(path)):
            self._send(for_watching(file.read_text(encoding="utf-8")).encode(), "text/html; charset=utf-8")
        elif self._file(path):
            super().do_GET()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET

    def _file(self, path: str) -> Path | None:
        """Return the file that a path names, if it lies in a served folder and no part of it is hidden."""
        root, file = Path(self.directory).resolve(), Path(self.translate_path(path)).resolve()
        parts = file.relative_to(root).parts if file.is_file() and file.is_relative_to(root) else ("",)
        return file if parts[0] in SERVED and not any(part.startswith(".") for part in parts) else None

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def serving(root: Path, builds: list[bool], port: int = 0) -> Iterator[str]:
    """Serve a project on the loopback address while the block runs; gives the address.

    A page reloads when `builds` has grown.
    """
    handler = type("Handler", (Handler,), {"builds": builds})
    server = ThreadingHTTPServer((LOOPBACK, port), lambda *a: handler(*a, directory=str(root)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _build(options: Sequence[str]) -> bool:
    """Build in a process of its own; its words go to this terminal. Tell whether it worked."""
    return not subprocess.run([sys.executable, "-m", "explainer.cli", "build", *options], cwd=ROOT).returncode


def watch(options: Sequence[str], page: str, port: int, say: Callable[[str], None]) -> None:
    """Build, serve the page on a port, and build again on every save, until interrupted; `say` is told what happens."""
    from watchfiles import watch as watch_files

    builds: list[bool] = []
    with serving(ROOT, builds, port) as address:
        built = inputs()
        say(f"{address}/{page}" + ("" if _build(options) else "  (the build failed: mend it and save)"))
        watched = (ROOT / name for name in WATCHED if (ROOT / name).exists())
        for _ in watch_files(*watched, debounce=DEBOUNCE_MS, raise_interrupt=False):
            if (now := inputs()) == built:
                continue
            built = now
            say("changed; building ...")
            if _build(options):
                builds.append(True)
                say("built; the page reloads")
            else:
                say("not built: the page before stays. Mend it and save")
