"""The subject: the statement of 26 January 2026 and what came of it, one folder a topic."""

from explainer.exhibits.kit import REGISTRY, Column, Exhibit, Gallery, register
from explainer.exhibits.subject import topics

topics(__name__, __path__)

__all__ = ["REGISTRY", "Column", "Exhibit", "Gallery", "register"]
