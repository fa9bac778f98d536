"""Exhibits of chapter 5."""

from __future__ import annotations

import re

import pandas as pd

from alliance.economy import drawing as charts
from alliance.economy import numbers as economy
from alliance.scenarios import drawing as scenario_charts
from alliance.scenarios import estimates
from alliance.scenarios import numbers as scenarios
from alliance.scenarios.drawing import trillions
from explainer.exhibits.kit import Column, Exhibit, register
from explainer.text.wording import number, per_cent, period

SOURCES = Column("source_ids", "Sources", kind="sources")
UNTIL_REMARK = "2025-11"
THREE_YEARS = 36  # months


def polished(text: str) -> str:
    """Write a row's words as tables do: % for percent, a true minus sign before a number."""
    return re.sub(r"(?<![\w.])-(?=\d)", "\N{MINUS SIGN}", re.sub(r" per ?cent\b", "%", text))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + per_cent(value, 1)


# ---------------------------------------------------------------------------------------------------------
# Trade


def _partner(frame: pd.DataFrame, flow: str, partner: str) -> float:
    last = frame[frame["year"] == frame["year"].max()]
    return float(last[(last["flow"] == flow) & (last["partner"] == partner)]["share_pct"].iloc[0])


def partners_claim(frame: pd.DataFrame) -> str:
    """Say who is the larger partner, in all and as a market, from the latest year."""
    largest = "China" if _partner(frame, "tot", "cn") > _partner(frame, "tot", "us") else "The United States"
    market = "the United States" if _partner(frame, "exp", "us") > _partner(frame, "exp", "cn") else "China"
    return f"{largest} trades more with Japan, but {market} buys more from it"


def partners_alt(frame: pd.DataFrame) -> str:
    """Describe the figure with the shares of the latest year."""
    parts = [
        f"{label.lower().replace('japan', 'Japan')}: China {per_cent(_partner(frame, flow, 'cn'), 1)}, "
        f"United States {per_cent(_partner(frame, flow, 'us'), 1)}"
        for flow, label in economy.FLOWS.items()
    ]
    return f"Dot plot of shares in Japan's goods trade by year. In {frame['year'].max()}, " + "; ".join(parts) + "."


register(
    Exhibit(
        id="trade-partners",
        kind="figure",
        data=economy.partner_shares,
        draw=charts.draw_trade_partners,
        claim=partners_claim,
        subtitle=lambda f: (
            "Share of Japan's goods trade in yen, per cent, customs basis, "
            f"{f['year'].min()}\u2013{f['year'].max()}; China without Hong Kong"
        ),
        note="Preliminary yearly totals of the Ministry of Finance as reported by press and statistics pages. "
        "Services, such as tourism, are not in these figures.",
        alt=partners_alt,
        calculated=True,
        columns=[
            Column("flow_label", "Flow"),
            Column("year", "Year"),
            Column("partner_label", "Partner"),
            Column("trade_jpy_bn", "Billion yen", "number", "right", "{:,.1f}"),
            Column("share_pct", "Share, %", "number", "right", "{:.1f}"),
            SOURCES,
        ],
    )
)


# ---------------------------------------------------------------------------------------------------------
# Visitors and spending


def _after(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["month"] > UNTIL_REMARK) & frame["change_pct"].notna()]


def visitors_claim(frame: pd.DataFrame) -> str:
    """Say what the months since December 2025 show, or, before them, the months until the advice."""
    after = _after(frame)
    if after.empty:
        return "Visits from China were growing when the advice against travel came"
    share = -economy.mean_change_pct(frame, after["month"].min())
    words = "more than halved" if share > 50 else f"fell by {per_cent(share)}"
    return f"Visits from mainland China to Japan {words} from December 2025"


def visitors_alt(frame: pd.DataFrame) -> str:
    """Describe the change of each month found."""
    found = frame[frame["visitors"].notna()]
    parts = [f"{period(m)} {_signed(c)}" for m, c in zip(found["month"], found["change_pct"], strict=True)]
    return (
        "Monthly visitors from mainland China, each joined to the same month a year before. Changes: "
        + ", ".join(parts)
        + "."
    )


def visitors_note(frame: pd.DataFrame) -> str:
    """Name the gaps and what is derived."""
    gaps = ", ".join(period(m) for m in frame.loc[frame["visitors"].isna(), "month"])
    moved = (
        "January and February 2026 are moved by the Lunar New Year (late January in 2025, mid-February in 2026). "
        if frame["month"].max() >= "2026-01"
        else ""
    )
    return (
        (f"No figure was found for {gaps}. " if gaps else "") + "Hollow: the count of a year before is worked back "
        "from the published change. " + moved + "First estimates, revised later."
    )


register(
    Exhibit(
        id="visitors-from-china",
        kind="figure",
        data=economy.visitors_from_china,
        draw=charts.draw_visitors_from_china,
        claim=visitors_claim,
        subtitle=lambda f: (
            "Visitors from mainland China to Japan, thousands a month, and change on the same month a year "
            f"before, {period(f['month'].min())} to {period(f['month'].max())}"
        ),
        note=visitors_note,
        alt=visitors_alt,
        calculated=True,
        columns=[
            Column("month", "Month", "date", format=period),
            Column("visitors", "Visitors", "number", "right", "{:,.0f}"),
            Column("visitors_year_before", "A year before", "number", "right", "{:,.0f}"),
            Column("change_pct", "Change", "number", "right", _signed),
            Column("year_before_derived", "Year before worked back", format=lambda v: "yes" if v else "no"),
            SOURCES,
        ],
    )
)


def _spent(frame: pd.DataFrame, market: str) -> pd.DataFrame:
    return frame[frame["market"].str.startswith(market) & frame["spending_jpy_bn"].notna()]


def spending_claim(frame: pd.DataFrame) -> str:
    """Say what the last quarter shows of both groups."""
    china, others = _spent(frame, "Mainland"), _spent(frame, "All other")
    last = china["quarter"].max()
    if not last.endswith("-12"):
        amounts = [part["spending_jpy_bn"].iloc[-1] for part in (china, others)]
        share = per_cent(amounts[0] / sum(amounts) * 100)
        return f"Visitors from mainland China made {share} of all spending in summer 2025"
    up = others["spending_jpy_bn"].iloc[-1] > others["spending_jpy_bn"].iloc[-2]
    return (
        "Chinese visitors spent less at the end of 2025 while others spent more"
        if up
        else "Chinese visitors spent less at the end of 2025"
    )


def spending_alt(frame: pd.DataFrame) -> str:
    """Describe both panels by their quarters."""
    parts = [
        f"{market.lower().replace('mainland china', 'mainland China')}: "
        + ", ".join(f"{period(q)} {number(v)}" for q, v in zip(part["quarter"], part["spending_jpy_bn"], strict=True))
        for market, part in (
            (m, frame[(frame["market"] == m) & frame["spending_jpy_bn"].notna()])
            for m in dict.fromkeys(frame["market"])
        )
    ]
    return (
        "Two bar panels of spending in billion yen by quarter, named by its last month. "
        + "; ".join(parts)[:1].upper()
        + "; ".join(parts)[1:]
        + "."
    )


def spending_note(frame: pd.DataFrame) -> str:
    """Say what is derived or missing."""
    derived = "The hollow bars are the year less the other three quarters. " if frame["derived"].any() else ""
    gap = "For April to June no split was found. " if frame["spending_jpy_bn"].isna().any() else ""
    return "First preliminary figures. " + derived + gap + "Quarters differ with the season."


register(
    Exhibit(
        id="visitor-spending",
        kind="figure",
        data=economy.visitor_spending,
        draw=charts.draw_visitor_spending,
        claim=spending_claim,
        subtitle="Spending in Japan by foreign visitors by quarter of 2025, billion yen, "
        "without international air fares",
        note=spending_note,
        alt=spending_alt,
        calculated=True,
        columns=[
            Column("quarter", "Quarter ending", "date", format=period),
            Column("market", "Visitors from"),
            Column("spending_jpy_bn", "Billion yen", "number", "right", "{:,.1f}"),
            Column("derived", "Worked back", format=lambda v: "yes" if v else "no"),
            SOURCES,
        ],
    )
)


# ---------------------------------------------------------------------------------------------------------
# Measures: flights, rare earths, exposure


def flights_note(frame: pd.DataFrame) -> str:
    """Warn against reading the figures as one series."""
    december = frame[(frame["period"] == "2025-12") & frame["figure"].str.contains("%")]
    spread = " December 2025 alone has shares from about 16% to about 40%." if len(december) > 2 else ""
    return (
        "These figures are not one series: shares of different plans, routes, months and days stand side by side."
        + spread
    )


register(
    Exhibit(
        id="flights",
        kind="table",
        data=economy.flights,
        claim="Flight figures were counted on different days and bases",
        subtitle="Cancelled and remaining flights between mainland China and Japan, as counted by each source",
        note=flights_note,
        columns=[
            Column("period", "Day or month", "date", format=period),
            Column("measure", "What was counted"),
            Column("figure", "Figure", align="right"),
            Column("counted_by", "Counted by"),
            Column("note", "Note", format=polished),
            SOURCES,
        ],
    )
)


def rare_earths_claim(frame: pd.DataFrame) -> str:
    """Say how far the share fell and where it stands."""
    yearly = frame[frame["basis"] == "year"]
    last = yearly[yearly["year"] == yearly["year"].max()]["share_pct"]
    low, high = number(last.min()), number(last.max())
    span = low if low == high else f"{low} to {high}"
    first = yearly[yearly["year"] == yearly["year"].min()]["share_pct"]
    less = ", less than in " + str(yearly["year"].min()) if last.max() < first.min() else ""
    return f"China supplied {span}% of Japan's rare earth imports in {yearly['year'].max()}{less}"


def rare_earths_alt(frame: pd.DataFrame) -> str:
    """Describe all values by year."""
    parts = [
        f"{year} {', '.join(number(v) for v in part)}%"
        for year, part in frame[frame["basis"] == "year"].groupby("year")["share_pct"]
    ]
    return "Points for China's share of Japan's rare earth imports by year: " + "; ".join(parts) + "."


register(
    Exhibit(
        id="rare-earths",
        kind="figure",
        data=economy.rare_earth_shares,
        draw=charts.draw_rare_earths,
        claim=rare_earths_claim,
        alt=rare_earths_alt,
        subtitle=lambda f: (
            "China's share of Japan's rare earth imports, per cent, every published value, "
            f"{f['year'].min()}\u2013{f['year'].max()}"
        ),
        note="Sources measure by weight of compounds, by metal content or do not say, so values of one year differ and "
        "the line "
        "between years is left out. Hollow diamonds are first halves of years on other bases.",
        columns=[
            Column("year", "Year"),
            Column("basis", "Period"),
            Column("share_pct", "Share, %", "number", "right", "{:.1f}"),
            Column("note", "Note", format=polished),
            SOURCES,
        ],
    )
)


def exposure_note(frame: pd.DataFrame) -> str:
    """Warn where a size could be misread."""
    dual_use = (
        "The dual-use figure adds up every import that could be concerned on a wide reading. Counts of "
        "listed goods "
        "differ between sources. "
        if "2026-01-06-dual-use-ban" in set(frame["event_id"])
        else ""
    )
    return dual_use + "Seafood is shown for 2022, the last year before China's first ban."


def exposure_claim(frame: pd.DataFrame) -> str:
    """Name the largest sum of money that a measure touches."""
    billions = [_billion_yen(size) for size in frame["size"]]
    top = frame.iloc[max(range(len(frame)), key=billions.__getitem__)]
    return f"The largest sum that a measure touches is {top['size']}: an exposure, not a loss"


def _billion_yen(size: str) -> float:
    found = re.search(r"([\d,.]+) (trillion|billion) yen$", size)
    return float(found[1].replace(",", "")) * (1000 if found[2] == "trillion" else 1) if found else 0.0


register(
    Exhibit(
        id="exposure",
        kind="table",
        data=economy.exposure,
        row_id="event_id",
        claim=exposure_claim,
        subtitle="Latest published figure for what is exposed to each measure; not what was lost",
        note=exposure_note,
        columns=[
            Column("measure", "Measure"),
            Column("touches", "What it touches"),
            Column("size", "Size", align="right"),
            Column("period", "Period", "date", format=period),
            Column("counted_by", "Counted by"),
            Column("event_id", "How sure of the measure", "label"),
            SOURCES,
        ],
    )
)


# ---------------------------------------------------------------------------------------------------------
# Precedents of pressure


def pressure_claim(frame: pd.DataFrame) -> str:
    """Say how long the ended cases lasted."""
    ended = frame[~frame["ongoing"]]
    years = int((ended["months_low"] >= THREE_YEARS).sum())
    return f"{years} of {len(ended)} earlier cases of Chinese pressure lasted three years or more"


def pressure_alt(frame: pd.DataFrame) -> str:
    """List the cases with their lengths."""
    parts = [
        f"{r['target']}, {r['case']}: {charts.length_words(r['months_low'], r['months_high'])}"
        + (" (not ended)" if r["ongoing"] else "")
        for r in frame.to_dict("records")
    ]
    return "Bars for the length of each case, shortest first. " + "; ".join(parts) + "."


register(
    Exhibit(
        id="precedents-of-pressure",
        kind="figure",
        data=economy.pressure_durations,
        draw=charts.draw_precedents_of_pressure,
        claim=pressure_claim,
        alt=pressure_alt,
        calculated=True,
        subtitle="Length of earlier economic pressure by China, in years, from the first measure to the last",
        note="Solid: sure from the dates; pale: what dates known only by month or year leave open. "
        "The hatched case runs to the "
        "last measure known by the day of this edition. A case that has an end on paper may go on in practice, and "
        "parts of "
        "a case may end earlier. Mongolia (2016) is left out: no end was found.",
        columns=[
            Column("target", "Country"),
            Column("case", "Case"),
            Column("start", "From", "date", format=period),
            Column("end", "To", "date", format=period),
            Column("months_low", "Months, at least", "number", "right", "{:.1f}"),
            Column("months_high", "Months, at most", "number", "right", "{:.1f}"),
            SOURCES,
        ],
    )
)


def cases_note(frame: pd.DataFrame) -> str:
    """Say what the costs are, and what China says of the cases shown."""
    denied = " It denied any ban on Lithuanian goods." if "lt-2021-taiwan-office" in set(frame["precedent_id"]) else ""
    return (
        "Costs are those that the sources give. They stand on different bases, and no two may be added. China "
        "denied an "
        "embargo in 2010 and gave food safety as its reason in 2023." + denied
    )


register(
    Exhibit(
        id="pressure-cases",
        kind="table",
        data=economy.pressure_cases,
        row_id="precedent_id",
        claim="Earlier pressure cost single goods much and whole economies little, as far as it was measured",
        subtitle="Economic pressure by China on other countries, oldest first",
        note=cases_note,
        columns=[
            Column("case", "Case"),
            Column("measures", "Measures", format=polished),
            Column("duration", "How long", format=polished),
            Column("measured_cost", "Measured cost", format=polished),
            Column("how_it_ended", "How it ended", format=polished),
            Column("precedent_id", "How sure", "label"),
            SOURCES,
        ],
    )
)


# ---------------------------------------------------------------------------------------------------------
# Scenario


def _changed(frame: pd.DataFrame) -> str:
    words = frame["changed"].iloc[0]
    return f"A reader's own assumptions: {words}. " if words else ""


def _total(frame: pd.DataFrame) -> pd.Series:
    return frame[frame["channel"] == "total"].iloc[0]


def scenario_claim(frame: pd.DataFrame) -> str:
    """Say the range of the total and its middle, and whose assumptions it rests on."""
    total = _total(frame)
    whose = "a reader's assumptions" if total["changed"] else "the default assumptions"
    instead = f"; the report's own give {trillions(total['default_jpy_bn'])}" if total["changed"] else ""
    return (
        f"Under {whose} the cost is about {trillions(total['central_jpy_bn'])} trillion yen, between "
        f"{trillions(total['low_jpy_bn'])} and {trillions(total['high_jpy_bn'])}{instead}"
    )


def scenario_alt(frame: pd.DataFrame) -> str:
    """Give middle, lowest and highest of each channel."""
    ours = frame[frame["kind"] == "scenario"]
    parts = [
        f"{r['label'].lower()} {trillions(r['central_jpy_bn'])} ({trillions(r['low_jpy_bn'])} to "
        f"{trillions(r['high_jpy_bn'])})"
        for r in ours.to_dict("records")
    ]
    return (
        "Ranges of cost by channel in trillion yen, with the middle as a dot and published estimates as diamonds: "
        + "; ".join(parts)
        + "."
    )


def scenario_note(frame: pd.DataFrame) -> str:
    """Say what the ends and the sum mean, and what a reader has changed."""
    kinds = (
        "Visitors, exports and seafood are gross sales, rare earths a published loss of output: the sum mixes both. "
        if "rare_earths" in set(frame["channel"])
        else "All are gross sales, not value added. "
    )
    ring = "Ring: the middle under the report's own assumptions. " if frame["changed"].iloc[0] else ""
    ends = "The ends set every assumption at its cheap or dear end at once, which is unlikely. "
    share = "Shares are of one year's gross domestic product, 607.9 trillion yen."
    return _changed(frame) + ring + ends + kinds + share


register(
    Exhibit(
        id="scenario-costs",
        kind="figure",
        data=estimates.scenario_beside_published,
        draw=scenario_charts.draw_scenario_costs,
        claim=scenario_claim,
        alt=scenario_alt,
        calculated=True,
        subtitle="Cost to Japan over the whole scenario by channel, trillion yen: middle, and in brackets lowest to "
        "highest",
        note=scenario_note,
        columns=[
            Column("label", "Channel, or whose estimate"),
            Column("low_jpy_bn", "Lowest, bn yen", "number", "right", "{:,.0f}"),
            Column("central_jpy_bn", "Middle, bn yen", "number", "right", "{:,.0f}"),
            Column("high_jpy_bn", "Highest, bn yen", "number", "right", "{:,.0f}"),
            Column("low_pct_gdp", "Lowest, % of GDP", "number", "right", "{:.2f}"),
            Column("central_pct_gdp", "Middle, % of GDP", "number", "right", "{:.2f}"),
            Column("high_pct_gdp", "Highest, % of GDP", "number", "right", "{:.2f}"),
            SOURCES,
        ],
    )
)


def assumptions_claim(frame: pd.DataFrame) -> str:
    """Count the middle values that nobody has published."""
    own = int((frame["rests_on"] == "our choice").sum())
    return f"{len(frame) - own} of {len(frame)} middle values are borrowed from others, {own} are this project's choice"


register(
    Exhibit(
        id="scenario-assumptions",
        kind="table",
        data=scenarios.assumptions,
        calculated=True,
        claim=assumptions_claim,
        subtitle="Middle value, and the values at which the cost is lowest and highest",
        note=lambda f: _changed(f) + "Any of these can be set when the report is built.",
        columns=[
            Column("label", "Assumption"),
            Column("channel_label", "Channel"),
            Column("central", "Middle", align="right"),
            Column("low", "Lowest cost", align="right"),
            Column("high", "Highest cost", align="right"),
            Column("why", "What the values rest on"),
            SOURCES,
        ],
    )
)


def tornado_claim(frame: pd.DataFrame) -> str:
    """Name the assumption that moves the total most."""
    label = frame["label"].iloc[0]
    return f"The total depends most on the {label[0].lower()}{label[1:]}"


def tornado_alt(frame: pd.DataFrame) -> str:
    """Give the span of each assumption."""
    parts = [
        f"{r['label'].lower()} from {trillions(r['total_low_jpy_bn'])} at {r['low_value']} to "
        f"{trillions(r['total_high_jpy_bn'])} at {r['high_value']}"
        for r in frame.to_dict("records")
    ]
    return (
        "Horizontal bars: total cost in trillion yen when one assumption moves between its ends, widest first: "
        + "; ".join(parts)
        + "."
    )


register(
    Exhibit(
        id="tornado",
        kind="figure",
        data=scenarios.tornado,
        draw=scenario_charts.draw_tornado,
        claim=tornado_claim,
        alt=tornado_alt,
        calculated=True,
        subtitle="Total cost in trillion yen when one assumption moves from its cheap to its dear end "
        "and the others stay",
        note=lambda f: _changed(f) + "The ends are those of published estimates and earlier cases, not equally likely.",
        columns=[
            Column("label", "Assumption"),
            Column("low_value", "Cheap end", align="right"),
            Column("high_value", "Dear end", align="right"),
            Column("total_low_jpy_bn", "Total at cheap end, bn yen", "number", "right", "{:,.0f}"),
            Column("total_high_jpy_bn", "Total at dear end, bn yen", "number", "right", "{:,.0f}"),
            Column("span_jpy_bn", "Span, bn yen", "number", "right", "{:,.0f}"),
            SOURCES,
        ],
    )
)


# ---------------------------------------------------------------------------------------------------------
# Published estimates, worked again


def _figures(value: float) -> str:
    """Write a number with three or four significant figures, without empty decimals."""
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
    return number(value, decimals).rstrip("0").rstrip(".") if decimals else number(value)


def estimates_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Write each estimate for reading: who and when, published, ours, difference."""

    def with_unit(column: str) -> list[str]:
        return [
            "" if pd.isna(v) else f"{_figures(v)}{'' if u.startswith('%') else ' '}{u}"
            for v, u in zip(frame[column], frame["unit"], strict=True)
        ]

    who = [f"{w}, {period(d)}" if d else w for w, d in zip(frame["who"], frame["published_day"], strict=True)]
    return frame.assign(
        who=who,
        published=with_unit("published"),
        ours=["" if pd.isna(v) else _figures(v) for v in frame["ours"]],
        difference=["" if pd.isna(v) else _figures(v) for v in frame["difference"]],
        status=frame["status"].map(estimates.STATUS_WORDS),
    )


def estimates_claim(frame: pd.DataFrame) -> str:
    """Count what could be worked again."""
    done, total = int((frame["status"] == "reproduced").sum()), len(frame)
    return f"{done} of {total} published estimates can be reproduced from their own inputs"


register(
    Exhibit(
        id="estimates-reproduced",
        kind="table",
        data=estimates.reproduced,
        rows=estimates_table,
        row_id="estimate_id",
        claim=estimates_claim,
        calculated=True,
        subtitle="Published estimates of cost beside this project's own working of them",
        note=f"Reproduced: within {estimates.TOLERANCE_PCT:.0f}% of the published number. "
        "Where the inputs are an author's own partial results, that shows that they add up, not that they are right. "
        "Product is gross domestic product. "
        "The estimates cover different things, times and countries; they may not be added or averaged.",
        columns=[
            Column("who", "Estimate"),
            Column("assumption", "Assumes", format=polished),
            Column("published", "Published", align="right"),
            Column("ours", "Ours", align="right"),
            Column("difference", "Difference", align="right"),
            Column("status", "Result"),
            Column("how", "How, from which inputs, and what is missing"),
            SOURCES,
        ],
    )
)
