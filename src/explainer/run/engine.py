"""The papermill engine of the build: runs a chapter as papermill does, and writes it once instead of at every cell."""

from typing import Any

from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.iorw import write_ipynb
from papermill.log import logger

ENGINE_NAME = "explainer-saved-once"


class _InMemory(NotebookExecutionManager):
    """Keeps a notebook in memory while it runs; papermill's own writes all of it before and after each cell."""

    def save(self, **kwargs: Any) -> None:
        """Take a notebook that has replaced this one, and write nothing."""
        self.nb: NotebookNode = kwargs.get("nb") or self.nb

    def notebook_complete(self, **kwargs: Any) -> None:
        """Let a cell that ends the program fail, which papermill takes for a good end where it gives no status."""
        super().notebook_complete(**kwargs)
        for output in (output for cell in self.nb.cells for output in cell.get("outputs", ())):
            if output.get("ename") == "SystemExit":
                output.evalue = "a cell may not end the program"


class SavedOnceEngine(Engine):
    """Runs cells through nbclient; papermill writes the result, and this what was reached when a run breaks off."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        *,
        execution_timeout: int | None = None,
        start_timeout: int = 60,
        kernel_env: dict[str, str] | None = None,
        kernel_cwd: str | None = None,
        **_others: Any,
    ) -> NotebookNode:
        """Run a notebook and return it with its outputs.

        `kernel_env` and `kernel_cwd` are those of the kernel; papermill's own `cwd` changes that of the whole process.

        Raises
        ------
        nbclient.exceptions.CellTimeoutError, nbclient.exceptions.DeadKernelError
            When a cell hangs or its kernel dies; the notebook is then written as far as it came.
        """
        running = _InMemory(nb, output_path=output_path, progress_bar=False)
        running.notebook_start()
        asked = {"kernel_name": kernel_name, "timeout": execution_timeout, "startup_timeout": start_timeout}
        # where a kernel breaks a stream off is chance
        client = PapermillNotebookClient(running, coalesce_streams=True, log=logger, **asked)
        where = {key: value for key, value in (("env", kernel_env), ("cwd", kernel_cwd)) if value is not None}
        try:
            client.execute(**where)
        except Exception:
            write_ipynb(running.nb, output_path)
            raise
        finally:
            running.notebook_complete()
        return running.nb


papermill_engines.register(ENGINE_NAME, SavedOnceEngine)
