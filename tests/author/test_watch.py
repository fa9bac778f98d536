"""Watching: a save builds again, the page is told, a failure leaves the server and the last page standing."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from conftest import Project
from explainer.author.watch import LOOPBACK, SCRIPT, for_watching, serving
from explainer.editions.fresh import source_hash

POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-x'\">"
PAGE = f"<!DOCTYPE html><html><head>{POLICY}</head><body><p>old words</p></body></html>"


def get(address: str, host: str = "") -> tuple[int, str]:
    request = urllib.request.Request(address, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in (("reports/latest/report.html", PAGE), ("data/events.csv", "a,b\n"), ("secret.txt", "no")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "data/.hidden").write_text("no")
    (tmp_path / "data/out").symlink_to("/etc")
    return tmp_path


def test_the_served_copy_alone_has_a_script_and_hears_of_every_build(root):
    builds: list[bool] = []
    with serving(root, builds) as address:
        status, page = get(f"{address}/reports/latest/report.html")
        assert status == 200 and f'<script src="{SCRIPT}"></script></body>' in page and "old words" in page
        assert "default-src 'self'; style-src 'sha256-x'" in page
        assert get(address + SCRIPT)[1].count("location.reload()") == 1
        assert get(f"{address}/-/builds") == (200, "0")
        builds.append(True)
        assert get(f"{address}/-/builds") == (200, "1")
    assert (root / "reports/latest/report.html").read_text() == PAGE
    scripts = PAGE.replace("style-src 'sha256-x'", "script-src 'sha256-y'")
    assert "default-src 'self'; script-src 'self' 'sha256-y'" in for_watching(scripts)


@pytest.mark.parametrize("path", ["secret.txt", "data/.hidden", "data/out/passwd", "../../etc/passwd", "data/", ""])
def test_nothing_but_the_project_is_served(root, path):
    with serving(root, []) as address:
        assert get(f"{address}/data/events.csv") == (200, "a,b\n")
        assert get(f"{address}/{path}")[0] == 404


def test_it_listens_on_the_loopback_address_and_answers_to_its_name_only(root):
    with serving(root, []) as address:
        port = int(address.rpartition(":")[2])
        found = [c for c in psutil.Process().net_connections() if c.laddr and c.laddr.port == port]
        assert {c.laddr.ip for c in found if c.status == "LISTEN"} == {LOOPBACK}
        assert get(f"{address}/data/events.csv", host=f"evil.example:{port}")[0] == 403
        assert get(f"{address}/data/events.csv", host=f"localhost:{port}")[0] == 200


def test_outputs_of_a_notebook_are_no_input_and_cells_are(tiny: Project):
    path = tiny.folder / "notebooks/02-what-was-lost.ipynb"
    before = source_hash(path)
    nb = json.loads(path.read_text())
    next(c for c in nb["cells"] if c["cell_type"] == "code")["outputs"] = [{"output_type": "stream", "text": "x"}]
    path.write_text(json.dumps(nb))
    assert source_hash(path) == before
    nb["cells"][0]["source"] += " More."
    path.write_text(json.dumps(nb))
    assert source_hash(path) != before
    path.write_text("{ torn")
    assert source_hash(path) != before


def test_a_save_builds_again_and_an_error_is_shown_and_survived(tiny: Project, tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "explainer.cli", "watch", "--port", "0"]
    with log.open("w") as out:
        watching = subprocess.Popen(command, cwd=tiny.folder, env=tiny.environment, stdout=out, stderr=out)

    def wait_for(words: str, seconds: int = 120) -> re.Match[str]:
        end = time.monotonic() + seconds
        while not (found := re.search(words, log.read_text())):
            assert time.monotonic() < end and watching.poll() is None, log.read_text()
            time.sleep(0.1)
        return found

    try:
        page = wait_for(r"http://127\.0\.0\.1:\d+/reports/latest/report\.html")[0]
        assert "182 crossings" in get(page)[1]
        tiny.edit("count", "## The count <!-- #the-count -->\n\nOf 182 trips we say more, see @fig-crossings.")
        wait_for("built; the page reloads")
        assert "Of 182 trips" in get(page)[1]
        tiny.edit("count-guard", "int('no such luck')")
        wait_for("not built: the page before stays")
        assert "02-what-was-lost, cell count-guard, line 1: ValueError: invalid literal" in log.read_text()
        assert get(page)[0] == 200 and "Of 182 trips" in get(page)[1]
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=20) == 0
        assert "Traceback" not in log.read_text().split("trips")[-1].split("not built")[-1]
    finally:
        if watching.poll() is None:
            os.kill(watching.pid, signal.SIGKILL)
            watching.wait()
