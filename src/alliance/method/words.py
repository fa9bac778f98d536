"""Exhibits on method: what the evidence holds, how it is coded, what is contested."""

from functools import partial

from alliance.method import numbers as method
from explainer.evidence.evidence import Evidence
from explainer.exhibits.kit import register

register(
    "evidence-counts",
    method.evidence_counts,
    lambda f: f"{len(f)} tables hold the evidence, {int(f['rows'].sum()):,} rows in all",
    calculated=True,
)

register("coding", method.coding_rules, "Two codes say how sure a claim is and where a speaker stands", calculated=True)


register(
    "sources-read",
    method.sources_read,
    lambda f: (
        f"Of {f['sources'].sum():,} sources {f.loc[f['read'].isin(method.WHOLE), 'sources'].sum()} were read at the "
        "passage or whole"
    ),
    calculated=True,
)


for _question in Evidence.load().whole["contested"]["question_id"].unique():
    register(
        f"contested-{_question.partition('-')[2]}",
        partial(method.accounts, question_id=_question),
        lambda f: f["question"].iloc[0],
        row_id="contested_id",
    )
