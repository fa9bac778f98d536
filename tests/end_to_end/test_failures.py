"""Failure is ordinary: each fault is injected from outside and met by one message, the right status, nothing lost.

What `test_build.py` shows already stays there: a cell that raises. Bad evidence, unreadable notebooks and an unknown
edition stand in `test_gate.py`, a torn cache in `test_incremental.py`.
"""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from conftest import Project
from explainer.problems import ChapterError
from explainer.run import chapter as chapters

INJECT = """
import os, signal, sys
import {module} as module
real = module.{name}
calls = []
def injected(*arguments, **options):
    calls.append(arguments)
    {fault}
    return real(*arguments, **options)
module.{name} = injected
from explainer.cli import main
main(["build"])
"""
"""The command line with one function of the package that fails: what a crash at that very place does."""


def say_more(project: Project) -> None:
    project.edit("after", "This report has one more sentence here.")


def start(project: Project, *arguments: str, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, *(arguments or ("-m", "explainer.cli", "build"))]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=project.folder, **{"env": project.environment, **pipes, **options})


def fails(done: subprocess.Popen[str] | subprocess.CompletedProcess[str], *words: str) -> None:
    """Check that a build failed with one message that says these words."""
    told = done.communicate(timeout=240)[1] if isinstance(done, subprocess.Popen) else done.stderr
    assert done.returncode == 1, told
    assert all(w in told for w in words), told
    assert "Traceback" not in told, told


def injected(project: Project, module: str, name: str, fault: str) -> subprocess.Popen[str]:
    return start(project, "-c", INJECT.format(module=module, name=name, fault=fault))


def leftovers(project: Project) -> list[str]:
    """Names of what an unfinished build has left beside the report."""
    return [p.name for p in (project.folder / ".cache").glob("build-*")]


@pytest.mark.parametrize("limit", ["soon", "0", "-1", "1.5", "²", "１２"])
def test_a_limit_that_is_none_is_refused(monkeypatch, limit):
    monkeypatch.setenv(chapters.LIMIT_VARIABLE, limit)
    with pytest.raises(ChapterError, match="not a whole number of seconds"):
        chapters.cell_seconds()


STOPPED = [
    ("import time\ntime.sleep(600)", "ran longer than 5 seconds and was stopped"),
    ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "ended its kernel"),
]


@pytest.mark.parametrize(("code", "told"), STOPPED, ids=["hangs", "dies"])
def test_a_cell_that_hangs_or_ends_its_kernel_is_named_and_kept(tmp_path, monkeypatch, code, told):
    monkeypatch.setenv(chapters.LIMIT_VARIABLE, "5")
    sources = {"first": "import os; open('pid', 'w').write(str(os.getpid()))", "bad": code, "after": "y = 1"}
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in sources.items()]
    text = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    kept = tmp_path / "failed/01-small.ipynb"
    with pytest.raises(ChapterError, match=f"01-small, cell bad: {told}") as error:
        chapters.run(chapters.Job("01-small", text, str(kept), str(tmp_path)))
    assert str(kept) in str(error.value)
    assert [c.source for c in nbformat.read(kept, 4).cells][: len(sources)] == list(sources.values())
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


GUARD, TOLD = "guard('a', 1, '1')", "from explainer.text.guard import guard"
FAILED = [
    (f"{TOLD}\nraise SystemExit", GUARD, "cell first: SystemExit: a cell may not end the program"),
    (f"{TOLD}\nimport sys; sys.exit(0)", GUARD, "cell first: SystemExit: a cell may not end the program"),
    (f"{TOLD}\nguard = print", GUARD, "[cell guard]: only 0 of its 1 guards have run"),
    (TOLD, f"{GUARD}\nfor n in ():\n    {GUARD}", "[cell guard]: only 1 of its 2 guards have run"),
    ("raise ValueError('\\n' + 'a\\n' * 500)", "", "cell first, line 1: ValueError: a\n    line 1: raise ValueError("),
    ("import json\njson.loads('{')", "", "cell first, line 2: JSONDecodeError: Expecting property name"),
    (
        "from explainer import chapter\nchapter('01-small', '2026-01-26')[1](5)",
        "",
        "line 2: EvidenceError: 01-small [show] '5'",
    ),
    (TOLD, "guard('a', '182 crossings', '18')", "cell guard, line 1: GuardError: a: the sentence says '18'"),
    (TOLD, "guard('a', 'of 1.25 metres', '1')", "GuardError: a: the sentence says '1'"),
    (TOLD, "guard('a', 'of 3,000 men', '000')", "GuardError: a: the sentence says '000'"),
    (TOLD, "guard('a', 'of 3 men', '')", "GuardError: a: the sentence says ''"),
    ("import nope_x", "", "cell first, line 1: ModuleNotFoundError: No module named 'nope_x'"),
]


@pytest.mark.parametrize(("first", "guard", "told"), FAILED, ids=range(len(FAILED)))
def test_a_cell_that_fails_or_passes_a_guard_over_is_named_in_few_words(tmp_path, first, guard, told):
    cells = [nbformat.v4.new_code_cell(first, id="first")]
    cells += [nbformat.v4.new_code_cell(guard, id="guard", metadata={"tags": ["guard"]})]
    text = nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    with pytest.raises(ChapterError) as error:
        chapters.run(chapters.Job("01-small", text, str(tmp_path / "{odd}/01-small.ipynb"), str(tmp_path)))
    assert told in str(error.value) and len(str(error.value).splitlines()) < 5, str(error.value)
    assert "site-packages" not in str(error.value)


def test_a_chapter_that_fails_beside_one_that_runs_is_told_alone(tiny_with_report):
    project = tiny_with_report
    first = next((project.folder / "notebooks").glob("01-*.ipynb"))
    nb = nbformat.read(first, 4)
    codes = [c for c in nb.cells if c.cell_type == "code" and "parameters" not in c.metadata.get("tags", [])]
    codes[0].source += "\nimport time; time.sleep(60)"
    nbformat.write(nb, first)
    project.edit("count-guard", "import time; time.sleep(2); 1 / 0")
    done = project.run("build", "--no-pdf", "--workers", "2", "--force")
    said = done.stderr.replace("\r", "\n").splitlines()
    told = [line for line in said if line.strip() and not re.search(r"\d+/\d+ \[", line)]
    assert done.returncode == 1 and told[0].startswith(
        "02-what-was-lost, cell count-guard, line 1: ZeroDivisionError"
    ), told
    assert not any(word in done.stderr for word in ("Kernel died", "asyncio", "zmq", "Future")) and len(told) < 12, told


def test_a_full_disk_loses_nothing(project):
    """No file may grow beyond 50 kB: the write fails in the middle, as it does when a disk is full."""
    before = project.state()
    say_more(project)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))

    fails(start(project, preexec_fn=limit), "File too large")
    assert project.state() == before and leftovers(project) == []


def test_a_file_where_a_folder_must_be(tiny_with_report):
    project, before = tiny_with_report, tiny_with_report.state()
    shutil.rmtree(project.folder / ".cache")
    (project.folder / ".cache").write_text("not a folder")
    fails(project.run("build"), ".cache", "Nothing was replaced")
    assert project.state() == before


def link(path: Path) -> None:
    shutil.move(path, path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def other(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.mkdir() if path.suffix else path.write_text("")


IN_THE_WAY = [
    ("latest", link, "a link stands where a folder is to be put"),
    ("latest", other, "a file stands where a folder is to be put"),
    ("index.html", other, "a folder stands where a file is to be put"),
]


@pytest.mark.parametrize(("name", "damage", "told"), IN_THE_WAY, ids=[f"{n} {d.__name__}" for n, d, _ in IN_THE_WAY])
def test_what_stands_in_the_way_of_a_swap_is_told_before_it(tiny_with_report, name, damage, told):
    damage(tiny_with_report.folder / "reports" / name)
    before = tiny_with_report.state()
    fails(tiny_with_report.run("build", "--no-pdf", "--force"), f"reports/{name}: {told}", "Nothing was replaced")
    assert tiny_with_report.state() == before


def test_check_agrees_with_a_build_also_on_damaged_papers(tiny_with_report):
    assert tiny_with_report.ask("check")[0] == 0
    (tiny_with_report.folder / "reports/latest/brief.pdf").write_bytes(b"")
    assert tiny_with_report.ask("check")[0] == 0  # it holds no paper to a budget
    toml = tiny_with_report.folder / "report.toml"
    toml.write_text(f"{toml.read_text()}\n[checks.budgets]\nbrief = 500\n")
    status, said = tiny_with_report.ask("check")
    assert status == 1 and "reports/latest/brief.pdf: not readable as a PDF. Mend: build" in said, said


@pytest.mark.parametrize("wish", [{"PYTHONWARNINGS": "error"}, {"HOME": "/proc/nope"}], ids=str)
def test_a_wish_of_the_environment_makes_no_lines_of_libraries(tiny_with_report, wish):
    options = {"env": tiny_with_report.environment | wish}
    running = start(tiny_with_report, "-m", "explainer.cli", "build", "--no-pdf", "--force", **options)
    told = running.communicate(timeout=240)[1].replace("\r", "\n").splitlines()
    assert running.returncode == 0 and [one for one in told if one.strip() and "[00:" not in one] == [], told


def test_a_folder_that_is_gone_is_said_to_be(tmp_path):
    command = f"cd {tmp_path} && mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m explainer.cli check"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False) and "is gone. Mend: " in done.stderr


def test_a_missing_font_is_named(project):
    before = project.state()
    say_more(project)
    fault = "if arguments[0] == 'font_source_serif_pro': return None"
    done = injected(project, "explainer.faces", "find_spec", fault)
    fails(done, "font_source_serif_pro", "house fonts", "Nothing was replaced")
    assert project.state() == before


# --- Two at once, and the end in the middle -----------------------------------------------------------------------


def test_of_two_builds_at_once_the_second_is_refused_and_the_first_finishes(project):
    project.edit(
        "count-guard", "import os, time\nfor go in iter(lambda: os.path.exists('../go'), True): time.sleep(0.05)"
    )
    first = start(project)
    end = time.monotonic() + 60
    while not leftovers(project) and time.monotonic() < end:  # its staging folder: it holds the lock
        time.sleep(0.05)
    fails(start(project), "another build of this edition is running")
    (project.folder / "go").touch()
    _, told = first.communicate(timeout=240)
    assert first.returncode == 0, told


def test_a_kill_between_the_two_folders_is_finished_by_the_next_build(project):
    before = project.state()
    say_more(project)
    fault = "len(calls) == 2 and os.kill(os.getpid(), signal.SIGKILL)"
    done = injected(project, "explainer.editions.swap", "exchange", fault)
    done.communicate(timeout=240)
    assert done.returncode == -signal.SIGKILL
    torn = project.state()
    assert torn["reports/latest/report.html"] == before["reports/latest/report.html"]
    assert project.run("build").returncode == 0
    after = project.state()
    assert b"one more sentence here" in after["reports/latest/report.html"]
    assert set(after) == set(before) and not any("swapped" in name for name in after) and leftovers(project) == []


def test_a_kill_before_the_swap_leaves_the_old_report(project):
    before = project.state()
    say_more(project)
    done = injected(project, "explainer.editions.swap", "swap_in", "os.kill(os.getpid(), signal.SIGKILL)")
    done.communicate(timeout=240)
    assert done.returncode == -signal.SIGKILL
    assert project.state() == before


def test_what_fails_beside_the_report_fails_before_anything_is_replaced(project):
    say_more(project)
    before = project.state() | {path.name: path.read_bytes() for path in project.folder.glob("notebooks/*.ipynb")}
    fails(injected(project, "explainer.editions.build", "write_index", "raise OSError(28, 'No space left on device')"),
          ".cache/build-latest: No space left on device. Nothing was replaced.")  # fmt: skip
    after = project.state() | {path.name: path.read_bytes() for path in project.folder.glob("notebooks/*.ipynb")}
    assert after == before and leftovers(project) == []


def test_a_chapter_that_is_saved_while_it_is_built_keeps_what_was_saved(project):
    say_more(project)
    path = project.folder / "notebooks/02-what-was-lost.ipynb"
    save = f"p = {str(path)!r}; t = open(p).read().replace('one more', 'two more'); open(p, 'w').write(t)"
    assert injected(project, "explainer.editions.build", "write_index", save).wait(timeout=240) == 0
    assert "two more sentence" in path.read_text(encoding="utf-8")


# --- Told to stop -------------------------------------------------------------------------------------------------


STOPPED_BY = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129, "SIGKILL": -signal.SIGKILL}
"""Ctrl-C, told to end, a closed terminal; and what no build can answer."""


@pytest.mark.parametrize("name", STOPPED_BY)
def test_a_build_that_is_stopped_leaves_no_process_and_no_litter(project, tmp_path, name):
    before, litter = project.state(), Path(tempfile.mkdtemp(prefix="litter-"))  # not so deep as to forbid sockets
    child, begun = "subprocess.Popen(['sleep', '600'])", f"open({str(tmp_path / 'begun')!r}, 'w').close()"
    project.edit("count-guard", f"import subprocess, time\n{child}\n{begun}\ntime.sleep(600)")
    running = start(project, start_new_session=True, env={**project.environment, "TMPDIR": str(litter)})
    while not (tmp_path / "begun").exists():
        assert running.poll() is None
        time.sleep(0.05)
    family = psutil.Process(running.pid).children(recursive=True)
    assert len(family) >= 4  # workers, the kernels' parent, the kernel, what its cell started
    stop = os.kill if name == "SIGKILL" else os.killpg  # a terminal sends it to the build and its workers
    stop(running.pid, getattr(signal, name))
    _, told = running.communicate(timeout=60)
    assert running.returncode == STOPPED_BY[name], told
    assert psutil.wait_procs(family, timeout=30)[1] == []
    assert project.state() == before
    if name != "SIGKILL":
        assert "\nStopped. What was finished stays" in told, told
        # Nobody reads a closed terminal, and the standard library's tracker of resources dies with it.
        assert name == "SIGHUP" or "Traceback" not in told
        assert leftovers(project) == [] and list(litter.iterdir()) == []
    shutil.rmtree(litter)


HANGS = """
import time
import explainer.cli as cli
cli.LONGEST_END = 1
@cli.main.command()
def hang():
    try:
        print("begun", flush=True)
        time.sleep(60)
    finally:
        time.sleep(60)
cli.main(["hang"])
"""


def test_a_command_that_cannot_end_is_ended(project):
    arguments = [sys.executable, "-c", HANGS]
    running = subprocess.Popen(arguments, cwd=project.folder, env=project.environment, stdout=subprocess.PIPE)
    assert running.stdout.readline() == b"begun\n"
    running.send_signal(signal.SIGHUP)
    assert running.wait(timeout=30) == 129
