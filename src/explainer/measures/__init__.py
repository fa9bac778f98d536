"""Every published number and series, as pure functions from the evidence to numbers and frames.

One module a topic; what all topics share stands in `common` and is offered here.
"""

from explainer.measures.common import change_pct, observations, share_pct, stated, value

__all__ = ["change_pct", "observations", "share_pct", "stated", "value"]
