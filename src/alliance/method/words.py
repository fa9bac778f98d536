"""Exhibits on method: what the evidence holds, how it is coded, what is contested."""

from __future__ import annotations

from functools import partial

from alliance.method import numbers as method
from explainer.evidence.evidence import Evidence
from explainer.exhibits.columns import SOURCES, amount, amounts, sure, texts
from explainer.exhibits.kit import Column, register

register(
    "evidence-counts",
    data=method.evidence_counts,
    claim=lambda f: f"{len(f)} tables hold the evidence, {int(f['rows'].sum()):,} rows in all",
    subtitle="Rows known by the day of the edition, and the different sources that they cite",
    columns=[*texts(table="Table", row="One row is"), *amounts("{:,}", rows="Rows", sources="Sources cited")],
    calculated=True,
)

register(
    "coding",
    data=method.coding_rules,
    claim="Two codes say how sure a claim is and where a speaker stands",
    subtitle="Rule for each label, and rows of this edition that carry it",
    columns=[*texts(code="Code", label="Label", rule="Given when"), amount("rows", "Rows", "{:,}")],
    calculated=True,
)


register(
    "sources-read",
    data=method.sources_read,
    claim=lambda f: (
        f"Of {f['sources'].sum():,} sources {f.loc[f['read'].isin(method.WHOLE), 'sources'].sum()} were read at the "
        "passage or whole"
    ),
    subtitle="Sources that this edition cites or holds, by how far each was read",
    note="Official: an own page or text of a state, a court, a party or another body. It proves what that side says "
    "only where it was read at the passage or whole.",
    columns=[Column("read", "What was read"), *amounts("{:,}", sources="Sources", official="Of these official")],
    calculated=True,
)


for _question in Evidence.load().whole["contested"]["question_id"].unique():
    register(
        f"contested-{_question.partition('-')[2]}",
        data=partial(method.accounts, question_id=_question),
        claim=lambda f: f["question"].iloc[0],
        subtitle="Each account in its own terms; common ground first, what is not known last",
        columns=[*texts(whose="Whose account", position="Account"), sure(label="How sure that this was said"), SOURCES],
        row_id="contested_id",
    )
