"""The subject of the example: an invented ferry, one folder a topic."""

from explainer.exhibits.subject import topics

topics(__name__, __path__)
