"""Words of the registers that only the record holds."""

from alliance.record import numbers
from explainer.exhibits.kit import register

register(
    "statements-register",
    numbers.statements_register,
    lambda f: (
        f"{len(f)} statements, {int((f['reacts_to'] == 'the words of January').sum())} of them on the words of January"
        " alone"
    ),
    row_id="id",
)

register(
    "polls-register",
    numbers.polls_register,
    lambda f: f"{len(f)} readings of {f['who'].nunique()} pollsters in Japan",
    row_id="id",
)

register(
    "searches-register",
    numbers.searches_register,
    lambda f: f"{len(f)} searches for what this report does not have",
    row_id="search_id",
    cite=lambda f: [],
)

register(
    "audits-register",
    numbers.audits_register,
    lambda f: f"{len(f)} draws were checked, with {int(f['wrong'].astype(int).sum())} items found wrong",
    row_id="audit_id",
    cite=lambda f: [],
)
