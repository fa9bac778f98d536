"""The registry of exhibits: one module a topic, all registered on import."""

import importlib
import pkgutil

from explainer.figures.core import REGISTRY, Column, Exhibit, Gallery, register

for _module in pkgutil.iter_modules(__path__):
    if _module.name != "core":
        importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["REGISTRY", "Column", "Exhibit", "Gallery", "register"]
