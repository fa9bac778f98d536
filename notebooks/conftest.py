"""Keeps nbval to what the build runs: a cell that does not stand on the latest edition's day has no output."""

from __future__ import annotations

from typing import Any

from explainer.editions.editions import LATEST, find_edition
from explainer.text.cells import active


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave out the cells of other days."""
    day = find_edition(LATEST).as_of
    others = [item for item in items if hasattr(item, "cell") and not active(item.cell, day)]
    items[:] = [item for item in items if item not in others]
    config.hook.pytest_deselected(items=others)
