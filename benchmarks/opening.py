"""Opens a page in Chromium as a phone would, and says when it painted and when it could be used."""

from __future__ import annotations

import http.server
import os
import shutil
import threading

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SLOWED = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""A slow mobile line: 150 ms a round trip, 1.6 megabits a second."""
QUIET_MS = 3000
WATCH = """
window.__tasks = [];
new PerformanceObserver((list) => window.__tasks.push(...list.getEntries().map((one) => one.startTime + one.duration)))
  .observe({ type: "longtask", buffered: true });
"""
READ = """() => ({
  paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
  ready: Math.max(performance.timing.domInteractive - performance.timing.navigationStart, 0, ...window.__tasks),
})"""


def opened(content: bytes) -> tuple[float, float]:
    """Return the seconds until a gzipped page painted first, and until no long task came for three seconds."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for key, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")):
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}/"
    try:
        with sync_playwright() as player, player.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
            page = browser.new_page(viewport={"width": 390, "height": 844}, is_mobile=True)
            page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(here) else route.abort())
            session = page.context.new_cdp_session(page)
            session.send("Network.emulateNetworkConditions", LINE)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            page.add_init_script(WATCH)
            page.goto(here, wait_until="load", timeout=180_000)
            count = -1
            while count != (count := page.evaluate("window.__tasks.length")):
                page.wait_for_timeout(QUIET_MS)
            found = page.evaluate(READ)
    finally:
        server.shutdown()
    return found["paint"] / 1000, max(found["paint"], found["ready"]) / 1000
