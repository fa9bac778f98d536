"""The papermill engine of the build: runs a chapter as papermill does, and writes it once instead of at every cell."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.iorw import write_ipynb

ENGINE_NAME = "explainer-saved-once"


class _InMemory(NotebookExecutionManager):
    """Keeps a notebook in memory while it runs; papermill's own writes all of it before and after each cell."""

    def save(self, **kwargs: Any) -> None:
        """Take a notebook that has replaced this one, and write nothing."""
        self.nb = kwargs.get("nb") or self.nb


class SavedOnceEngine(NBClientEngine):
    """Runs cells through nbclient; papermill writes the result, and this what was reached when a run breaks off."""

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **kwargs: Any
    ) -> NotebookNode:
        """Run a notebook and return it with its outputs.

        Raises
        ------
        nbclient.exceptions.CellTimeoutError, nbclient.exceptions.DeadKernelError
            When a cell hangs or its kernel dies; the notebook is then written as far as it came.
        """
        for own_to_the_manager in ("progress_bar", "autosave_cell_every"):
            kwargs.pop(own_to_the_manager, None)
        running = _InMemory(nb, output_path=output_path, progress_bar=False)
        running.notebook_start()
        try:
            cls.execute_managed_notebook(running, kernel_name, **kwargs)
        except Exception:
            write_ipynb(running.nb, output_path)
            raise
        finally:
            running.notebook_complete()
        return running.nb


papermill_engines.register(ENGINE_NAME, SavedOnceEngine)
