"""Whose translation a quotation is, as exhibits print it behind the words."""

from explainer.evidence.evidence import Evidence
from explainer.evidence.schema import list_items


def marks(evidence: Evidence) -> dict[str, str]:
    """Return by statement the mark of its translation; none for original words.

    The outlet is named where one alone, of the row's sources in the language of the quotation, prints it; who relayed
    its text is left out. All sources count, of whatever day: a mark does not change with the edition.
    """
    sources = evidence.whole["sources"].set_index("source_id")[["publisher", "lang"]].to_dict("index")
    found = {}
    for row in evidence.whole["statements"].itertuples():
        own = [sources[source] for source in list_items(row.source_ids) if source in sources]
        names = {source["publisher"].partition(" (")[0] for source in own if source["lang"] == row.quote_lang}
        name = min(names, default="")
        outlet = "outlet" if len(names) != 1 or "not shown" in name else name
        whose = {"outlet": f"{outlet}'s", "official": "official"}.get(row.translation, "")
        found[row.statement_id] = f" ({whose} translation)" if row.quote and whose else ""
    return found
