"""The subject: the statement of 26 January 2026 and what came of it, one folder a topic."""

import importlib.util
import pkgutil

from explainer.exhibits.kit import REGISTRY, Column, Exhibit, Gallery, register

for _topic in pkgutil.iter_modules(__path__):
    if _topic.ispkg and importlib.util.find_spec(_name := f"{__name__}.{_topic.name}.words"):
        importlib.import_module(_name)

__all__ = ["REGISTRY", "Column", "Exhibit", "Gallery", "register"]
