"""The series of an exhibit, as the table ``drawn`` names them."""

import pandas as pd

from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import observations


def drawn(evidence: Evidence, exhibit: str, variant: str | None = "") -> pd.DataFrame:
    """Return the values of all series of an exhibit, in its order.

    Columns of `observations` (its source as source_ids) and of the table ``drawn``.
    """
    parts = [
        observations(evidence, row["series_id"], variant).assign(**row)
        for row in evidence.drawn[evidence.drawn["exhibit"] == exhibit].to_dict("records")
    ]
    nothing = observations(evidence, "").assign(**dict.fromkeys(evidence.drawn, ""))
    return pd.concat(parts or [nothing], ignore_index=True).rename(columns={"source_id": "source_ids"})
