"""Exhibits on the scenario: costs, assumptions, and which of these matters most."""

import pandas as pd

from alliance.scenarios import numbers as scenarios
from explainer.exhibits.kit import register
from explainer.text.wording import capital, in_words, number, out_of, trillions


def _changed(frame: pd.DataFrame) -> str:
    words = frame["changed"].iloc[0]
    return f"A reader's own assumptions: {words}. " if words else ""


def _scenario_claim(frame: pd.DataFrame) -> str:
    total = frame[frame["channel"] == "total"].iloc[0]
    whose = "a reader's" if total["changed"] else "the default"
    instead = f"; the report's own give {trillions(total['default_jpy_bn'])}" if total["changed"] else ""
    stop = frame.loc[frame["channel"].eq("rare_earths") & frame["kind"].eq("scenario"), "central_jpy_bn"].sum()
    most = trillions(total["central_jpy_bn"])
    cost = f"{trillions(total['central_jpy_bn'] - stop)} trillion yen, {most} with rare earth curbs"
    ends = f"{trillions(total['low_jpy_bn'])} to {trillions(total['high_jpy_bn'])} at the ends"
    return f"By {whose} assumptions the cost is {cost if stop else f'{most} trillion yen'}, {ends}{instead}"


def _scenario_alt(frame: pd.DataFrame) -> str:
    parts = "; ".join(
        f"{r.label.lower()} {trillions(r.central_jpy_bn)} ({trillions(r.low_jpy_bn)} to {trillions(r.high_jpy_bn)})"
        for r in frame[frame["kind"] == "scenario"].itertuples()
    )
    lead = "Ranges of cost by channel in trillion yen, with the middle as a dot and published estimates as diamonds"
    return f"{lead}: {parts}."


def _scenario_note(frame: pd.DataFrame) -> str:
    note = _changed(frame)
    note += "Ring: the middle under the report's own assumptions. " if note else ""
    note += "The ends set every assumption at its cheap or dear end at once, which is unlikely. "
    note += (
        "Visitors, exports and seafood are gross sales, rare earths a published loss of output: the sum mixes both. "
        if "rare_earths" in set(frame["channel"])
        else "All are gross sales, not value added. "
    )
    total = frame[frame["channel"] == "total"].iloc[0]
    gdp_tn = total["high_jpy_bn"] / total["high_pct_gdp"] / 10
    return f"{note}Shares are of one year's gross domestic product, {number(gdp_tn, 1)} trillion yen."


register(
    "scenario-costs",
    scenarios.scenario_beside_published,
    _scenario_claim,
    _scenario_alt,
    calculated=True,
    note=_scenario_note,
)


def _assumptions_claim(frame: pd.DataFrame) -> str:
    own = int((frame["rests_on"] == "our choice").sum())
    borrowed = capital(out_of(len(frame) - own, len(frame)))
    return f"{borrowed} middle values are borrowed from others, {in_words(own)} are this report's choice"


register("scenario-assumptions", scenarios.assumptions, _assumptions_claim, calculated=True, note=_changed)


def _tornado_claim(frame: pd.DataFrame) -> str:
    label = frame["label"].iloc[0]
    return f"Of single assumptions, the {label[0].lower()}{label[1:]} moves the total most"


def _tornado_alt(frame: pd.DataFrame) -> str:
    parts = "; ".join(
        f"{r.label.lower()} from {trillions(r.total_low_jpy_bn)} at {r.low_value} to {trillions(r.total_high_jpy_bn)} "
        f"at {r.high_value}"
        for r in frame.itertuples()
    )
    lead = "Horizontal bars: total cost in trillion yen when one assumption moves between its ends, widest first"
    return f"{lead}: {parts}."


register("tornado", scenarios.tornado, _tornado_claim, _tornado_alt, calculated=True, note=_changed)
