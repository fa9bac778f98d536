"""What is computed from the evidence."""

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import observations


def happened(evidence: Evidence) -> pd.DataFrame:
    """Return the events in order of their days."""
    return evidence.events.assign(label=evidence.events["event_id"])


def crossings(evidence: Evidence) -> pd.DataFrame:
    """Return the crossings of each month."""
    return observations(evidence, "crossings")[["period", "value", "source_id"]].rename(
        columns={"source_id": "source_ids"}
    )


def months_without(evidence: Evidence) -> int:
    """Return in how many months the ferry did not cross once."""
    return int((crossings(evidence)["value"] == 0).sum())
