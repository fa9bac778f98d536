"""Forked kernels: they run what ordinary kernels run, share nothing, and leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time

import nbclient
import nbformat
import papermill
import psutil
import pytest
from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from explainer.run import kernel as kernels
from explainer.run.engine import ENGINE_NAME

pytestmark = pytest.mark.skipif(not kernels.fork_available(), reason="kernels are not forked here")
PIDS = "import json, os; print(json.dumps([os.getpid(), os.getppid()]))"


@pytest.fixture(autouse=True)
def kernelspecs(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", os.environ.get("JUPYTER_PATH", ""))
    assert kernels.use_kernelspecs() == "explainer-fork"


def notebook(*cells: str) -> nbformat.NotebookNode:
    made = [nbformat.v4.new_code_cell(textwrap.dedent(cell), id=f"c{n}") for n, cell in enumerate(cells)]
    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": spec})


def run(*cells: str, timeout: float = 30, **start) -> list[str]:
    """Run the cells on a forked kernel; return what each printed."""
    nb = notebook(*cells)
    nbclient.NotebookClient(nb, kernel_name=kernels.KERNEL_NAME, timeout=timeout).execute(**start)
    return ["".join(o.get("text", "") for o in cell.outputs) for cell in nb.cells]


def run_json(*cells: str, **start):
    return json.loads(run(*cells, **start)[-1])


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def gone(*pids: int, within: float = 30) -> bool:
    end = time.monotonic() + within
    while any(alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_papermill_runs_on_forks_of_one_parent(tmp_path):
    seen = []
    nbformat.write(notebook("answer = 0", PIDS, "print(answer)"), tmp_path / "in.ipynb")
    for answer in (1, 2):
        places = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
        options = {"kernel_name": kernels.KERNEL_NAME, "progress_bar": False}
        nb = papermill.execute_notebook(*places, {"answer": answer}, **options)
        injected, pids = nb.cells[0], nb.cells[2].outputs[0].text
        assert f"answer = {answer}" in injected.source
        seen.append(json.loads(pids))
    (first, zygote), (second, same) = seen
    assert first != second
    assert zygote == same != os.getpid()
    assert psutil.Process(zygote).ppid() == os.getpid()
    assert gone(first, second)


def test_outputs_are_those_of_an_ordinary_kernel(monkeypatch):
    own = {kernels.NO_FORK, "PYDEVD_USE_FRAME_EVAL"}  # the debugger that ipykernel imports sets the second
    cells = (
        f"import os; print(sorted(set(os.environ) - {own}), __name__)",
        "import warnings, pandas as pd, matplotlib as mpl, matplotlib.pyplot as plt, numpy as np",
        "from explainer.exhibits import theme  # as every chapter does: sets the style",
        "pd.DataFrame(np.arange(100).reshape(4, 25))",
        "plt.plot([1, 2, 3])\nplt.title('a figure')",
        "print({k: v for k, v in mpl.rcParams.items()}, mpl.get_backend(), plt.get_fignums())",
        "print(str({k: pd.get_option(k) for k in pd._config.config._select_options('display')}).lower())",
        "print(sorted(map(repr, warnings.filters)))",
        "import sys, os; print([a for a in sys.argv if 'json' not in a], sys.path, sys.stdin.isatty())",
        "import signal; print(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGCHLD))",
        "os.write(1, b'from below\\n'); sys.stderr.write('an error line')",
        "2 ** 10",
    )
    outputs = []
    for ordinary in (False, True):
        if ordinary:
            monkeypatch.setenv(kernels.NO_FORK, "1")
        nb = notebook(*cells)
        # One print may come in two messages, as the clock of the stream has it.
        nbclient.NotebookClient(nb, kernel_name=kernels.KERNEL_NAME, coalesce_streams=True).execute()
        outputs.append([cell.outputs for cell in nb.cells])
    for cell, forked, expected in zip(cells, *outputs, strict=True):
        assert forked == expected, cell


def test_what_a_cell_prints_in_parts_is_one_output(tmp_path):
    nbformat.write(notebook("import time\nprint('a', flush=True)\ntime.sleep(0.4)\nprint('b')"), tmp_path / "in.ipynb")
    nb = papermill.execute_notebook(
        tmp_path / "in.ipynb", tmp_path / "out.ipynb", engine_name=ENGINE_NAME, kernel_name=kernels.KERNEL_NAME,
        progress_bar=False,
    )  # fmt: skip
    assert [output.text for output in nb.cells[0].outputs] == ["a\nb\n"]


LOOK = """
import json, os, random, sys, warnings, locale, decimal
import matplotlib, matplotlib.pyplot as plt, numpy as np, pandas as pd
print(json.dumps({
    "environment": os.environ.get("LEAK"), "folder": os.getcwd(), "figures": plt.get_fignums(),
    "filters": [repr(f) for f in warnings.filters], "width": matplotlib.rcParams["lines.linewidth"],
    "backend": matplotlib.get_backend(), "options": pd.get_option("display.max_rows"), "path": sys.path,
    "module": hasattr(np, "leak"), "precision": decimal.getcontext().prec, "umask": os.umask(0o22),
    "name": "leak" in globals(), "history": len(get_ipython().history_manager.input_hist_parsed) < 4,
}))
"""
SPOIL = """
import os, random, sys, warnings, decimal, matplotlib, matplotlib.pyplot as plt, numpy as np, pandas as pd
os.environ["LEAK"] = "1"; os.chdir("/"); warnings.filterwarnings("ignore", "leak")
matplotlib.rcParams["lines.linewidth"] = 9; plt.switch_backend("svg"); pd.set_option("display.max_rows", 3)
sys.path.append("/leak"); np.leak = leak = True; decimal.getcontext().prec = 2; os.umask(0o77)
random.seed(1); np.random.seed(1); plt.figure()
"""


def test_nothing_of_one_chapter_reaches_the_next(tmp_path):
    before = run_json(LOOK, cwd=tmp_path)
    spoilt = run_json(SPOIL, LOOK, cwd=tmp_path)
    after = run_json(LOOK, cwd=tmp_path)
    assert before == after
    unchanged = {key for key in before if before[key] == spoilt[key]} - {"history"}
    assert not unchanged, "the trial must disturb everything that it looks at"
    assert before["folder"] == str(tmp_path)


def test_every_kernel_has_its_own_random_state():
    draw = """
        import json, random, numpy as np
        print(json.dumps([random.random(), np.random.random(), np.random.default_rng().random()]))
    """
    first, second = run_json(draw), run_json(draw)
    assert not set(first) & set(second)


def test_environment_is_the_one_that_was_passed(tmp_path, monkeypatch):
    monkeypatch.setenv("OF_THE_CLIENT", "1")
    env = {key: os.environ[key] for key in ("PATH", "HOME", "PYTHONPATH") if key in os.environ}
    env |= {"ONLY": "this", "TZ": "Asia/Tokyo"}
    code = "import json, os, time; print(json.dumps([dict(os.environ), time.tzname, os.getcwd()]))"
    seen, zone, folder = run_json(code, env=env, cwd=tmp_path)
    assert seen.items() >= env.items()
    assert "OF_THE_CLIENT" not in seen
    assert "OPENBLAS_NUM_THREADS" not in seen
    assert zone[0] == "JST"
    assert folder == str(tmp_path)


def test_settings_read_at_start_are_honoured():
    run(PIDS)  # a parent with other settings is there
    code = "import json, sys; print(json.dumps([hash('a'), sys.flags.hash_randomization]))"
    env = os.environ | {"PYTHONHASHSEED": "0"}
    fresh = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True, text=True)
    assert run_json(code, env=env) == json.loads(fresh.stdout)


def test_no_process_is_left_after_success_or_failure():
    assert gone(run_json(PIDS)[0])
    nb = notebook("import subprocess; print(subprocess.Popen(['sleep', '60']).pid)", PIDS, "1 / 0")
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        nbclient.NotebookClient(nb, kernel_name=kernels.KERNEL_NAME).execute()
    child = int(nb.cells[0].outputs[0].text)
    kernel = json.loads(nb.cells[1].outputs[0].text)[0]
    assert gone(kernel, child)


def test_a_cell_that_ignores_signals_is_stopped_by_the_timeout(tmp_path):
    note = tmp_path / "pid"
    hang = f"""
        import os, pathlib, signal
        pathlib.Path({str(note)!r}).write_text(str(os.getpid()))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            pass
    """
    with pytest.raises(CellTimeoutError):
        run(hang, timeout=1)
    assert gone(int(note.read_text()), within=8)


def test_kernels_die_with_their_parent_and_the_next_one_gets_a_new_parent(tmp_path):
    _, zygote = run_json(PIDS)
    manager = KernelManager(kernel_name=kernels.KERNEL_NAME)
    manager.start_kernel()
    orphan = manager.provisioner.pid
    os.kill(zygote, signal.SIGKILL)
    assert gone(zygote, orphan)
    assert not manager.is_alive()
    manager.cleanup_resources()
    assert run_json(PIDS)[1] != zygote


def test_ordinary_kernel_when_forking_is_switched_off(monkeypatch):
    monkeypatch.setenv(kernels.NO_FORK, "1")
    kernel, parent = run_json(PIDS)
    assert parent == os.getpid()
    assert gone(kernel)


WHERE_NOT = {
    "no fork": lambda patch: patch.delattr(os, "fork", raising=False),
    "no room for a socket": lambda patch: patch.setattr(tempfile, "tempdir", "/" + "deep/" * 15),
    "a tracer": lambda patch: patch.setattr(sys, "gettrace", lambda: print),
    "a debugger": lambda patch: patch.setitem(sys.modules, "pydevd", object()),
}


@pytest.mark.parametrize("where", WHERE_NOT)
def test_ordinary_kernel_where_forking_would_fail(monkeypatch, where):
    WHERE_NOT[where](monkeypatch)
    assert not kernels.fork_available()
