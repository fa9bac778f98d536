"""Exhibits on the economy: trade, visitors, measures and what they touch, earlier measures."""

from __future__ import annotations

import re

import pandas as pd

from alliance.economy import drawing as charts
from alliance.economy import numbers as economy
from explainer.exhibits.columns import SOURCES, amount, amounts, date, sure, texts, yes_or_no
from explainer.exhibits.kit import Column, register
from explainer.text.wording import day, number, per_cent, period

UNTIL_REMARK = "2025-11"
THREE_YEARS = 36  # months


def polished(text: str) -> str:
    """Write a row's words as tables do: % for percent, a true minus sign before a number."""
    return re.sub(r"(?<![\w.])-(?=\d)", "\N{MINUS SIGN}", re.sub(r" per ?cent\b", "%", text))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + per_cent(value, 1)


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
    "trade-partners",
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
        *texts(flow_label="Flow", year="Year", partner_label="Partner"),
        amount("trade_jpy_bn", "Billion yen", "{:,.1f}"),
        amount("share_pct", "Share, %", "{:.1f}"),
        SOURCES,
    ],
)


def _after(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["month"] > UNTIL_REMARK) & frame["change_pct"].notna()]


def visitors_claim(frame: pd.DataFrame) -> str:
    """Say what the months since December 2025 show, or, before them, the months until the advice."""
    after = _after(frame)
    if after.empty:
        return "Visits from China were growing when the advice against travel came"
    least, most = (number(-after["change_pct"].agg(end)) for end in ("max", "min"))
    span = f"{most}%" if len(after) == 1 else f"{least} to {most}% in each month counted"
    return f"From December 2025 visits from mainland China fell by {span}"


def visitors_alt(frame: pd.DataFrame) -> str:
    """Describe the change of each month found."""
    found = frame[frame["visitors"].notna()]
    parts = [f"{period(m)} {_signed(c)}" for m, c in zip(found["month"], found["change_pct"], strict=True)]
    return f"Monthly visitors from mainland China, joined to the same month a year before. Changes: {', '.join(parts)}."


def visitors_note(frame: pd.DataFrame) -> str:
    """Name the gaps and what is derived."""
    gaps = ", ".join(period(m) for m in frame.loc[frame["visitors"].isna(), "month"])
    moved = (
        "January and February 2026 are moved by the Lunar New Year (late January in 2025, mid-February in 2026). "
        if frame["month"].max() >= "2026-01"
        else ""
    )
    hollow = (
        "Hollow: the count of a year before is worked back from the published change. "
        if frame["year_before_derived"].any()
        else ""
    )
    return (f"No figure was found for {gaps}. " if gaps else "") + hollow + moved + "Most are first estimates."


register(
    "visitors-from-china",
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
        date("month", "Month", period),
        *amounts("{:,.0f}", visitors="Visitors", visitors_year_before="A year before"),
        amount("change_pct", "Change", _signed),
        yes_or_no("year_before_derived", "Year before worked back"),
        SOURCES,
    ],
)


def _spent(frame: pd.DataFrame, market: str) -> pd.DataFrame:
    return frame[frame["market"].str.startswith(market) & frame["spending_jpy_bn"].notna()]


def spending_claim(frame: pd.DataFrame) -> str:
    """Say what part of the last quarter's spending was that of visitors from the mainland."""
    china, others = (_spent(frame, market)["spending_jpy_bn"].iloc[-1] for market in ("Mainland", "All other"))
    share, last = per_cent(china / (china + others) * 100), period(_spent(frame, "Mainland")["quarter"].max())
    return f"Visitors from mainland China made {share} of visitors' spending in the quarter to {last}"


def spending_alt(frame: pd.DataFrame) -> str:
    """Describe both panels by their quarters."""
    parts = [
        f"{market}: "
        + ", ".join(f"{period(q)} {number(v)}" for q, v in zip(part["quarter"], part["spending_jpy_bn"], strict=True))
        for market, part in frame[frame["spending_jpy_bn"].notna()].groupby("market", sort=False)
    ]
    return f"Two bar panels of spending in billion yen by quarter, named by its last month. {'; '.join(parts)}."


def spending_note(frame: pd.DataFrame) -> str:
    """Say what is derived or missing."""
    derived = "The hollow bars are the year less the other three quarters. " if frame["derived"].any() else ""
    gap = "For April to June no split was found. " if frame["spending_jpy_bn"].isna().any() else ""
    return "First preliminary figures. " + derived + gap + "Quarters differ with the season."


register(
    "visitor-spending",
    data=economy.visitor_spending,
    draw=charts.draw_visitor_spending,
    claim=spending_claim,
    subtitle="Spending in Japan by foreign visitors by quarter of 2025, billion yen, without international air fares",
    note=spending_note,
    alt=spending_alt,
    calculated=True,
    columns=[
        date("quarter", "Quarter ending", period),
        Column("market", "Visitors from"),
        amount("spending_jpy_bn", "Billion yen", "{:,.1f}"),
        yes_or_no("derived", "Worked back"),
        SOURCES,
    ],
)


def flights_note(frame: pd.DataFrame) -> str:
    """Warn against reading the figures as one series."""
    december = frame[(frame["period"] == "2025-12") & frame["figure"].str.contains("%")]
    spread = " December 2025 alone has shares from about 16% to over 40%." if len(december) > 2 else ""
    return (
        "These figures are not one series: shares of different plans, routes, months and days stand side by side."
        + spread
    )


register(
    "flights",
    data=economy.flights,
    claim="Flight figures were counted on different days and bases",
    subtitle="Cancelled and remaining flights between mainland China and Japan, as counted by each source",
    note=flights_note,
    columns=[
        date("period", "Day or month", period),
        Column("measure", "What was counted"),
        Column("figure", "Figure", align="right"),
        Column("counted_by", "Counted by"),
        Column("note", "Note", format=polished),
        SOURCES,
    ],
)


def rare_earths_claim(frame: pd.DataFrame) -> str:
    """Say how low the share was put, and at what it was put in the last year."""
    yearly = frame[frame["basis"] == "year"]
    last = yearly[yearly["year"] == yearly["year"].max()]["share_pct"]
    lowest = yearly.loc[yearly["share_pct"].idxmin()]
    low, high = number(last.min()), number(last.max())
    span = low if low == high else f"{low} to {high}"
    fell = (
        f"fell to {number(lowest['share_pct'])}% by {lowest['year']} and " if lowest["share_pct"] < last.min() else ""
    )
    return f"China's share of Japan's rare earth imports {fell}was put at {span}% in {yearly['year'].max()}"


def rare_earths_alt(frame: pd.DataFrame) -> str:
    """Describe all values by year."""
    parts = [
        f"{year} {', '.join(number(v) for v in part)}%"
        for year, part in frame[frame["basis"] == "year"].groupby("year")["share_pct"]
    ]
    return "Points for China's share of Japan's rare earth imports by year: " + "; ".join(parts) + "."


register(
    "rare-earths",
    data=economy.rare_earth_shares,
    draw=charts.draw_rare_earths,
    claim=rare_earths_claim,
    alt=rare_earths_alt,
    subtitle=lambda f: (
        "China's share of Japan's rare earth imports, per cent, every value found, "
        f"{f['year'].min()}\u2013{f['year'].max()}"
    ),
    note="Sources measure by weight of compounds, by metal content or do not say, so values of one year differ and "
    "the line between years is left out; of those of 2025 the year meant is not shown. Hollow diamonds are first "
    "halves of years on other bases.",
    columns=[
        *texts(year="Year", basis="Period"),
        amount("share_pct", "Share, %", "{:.1f}"),
        Column("note", "Note", format=polished),
        SOURCES,
    ],
)


def exposure_note(frame: pd.DataFrame) -> str:
    """Warn where a size could be misread."""
    dual_use = (
        "The dual-use figure adds up every import that could be concerned on a wide reading. Counts of listed goods "
        "differ between sources. "
        if "2026-01-06-dual-use-ban" in set(frame["event_id"])
        else ""
    )
    return dual_use + "Seafood is shown for 2022, the last year before the ban of 2023."


def exposure_claim(frame: pd.DataFrame) -> str:
    """Name the largest sum of money that a measure touches."""
    billions = [_billion_yen(size) for size in frame["size"]]
    top = frame.iloc[max(range(len(frame)), key=billions.__getitem__)]
    return f"The largest sum that a measure could at most touch is {top['size']}: an exposure, not a loss"


def _billion_yen(size: str) -> float:
    found = re.search(r"([\d,.]+) (trillion|billion) yen$", size)
    return float(found[1].replace(",", "")) * (1000 if found[2] == "trillion" else 1) if found else 0.0


register(
    "exposure",
    data=economy.exposure,
    row_id="event_id",
    claim=exposure_claim,
    subtitle="Latest figure found on what each measure touches or how far it reaches; not what was lost",
    note=exposure_note,
    columns=[
        *texts(measure="Measure", touches="What it touches"),
        Column("size", "Size", align="right"),
        date("period", "Period", period),
        Column("counted_by", "Counted by"),
        sure("event_id", "How sure of the measure"),
        SOURCES,
    ],
)


def pressure_claim(frame: pd.DataFrame) -> str:
    """Say how long the ended cases lasted."""
    ended = frame[~frame["ongoing"]]
    years = int((ended["months_low"] >= THREE_YEARS).sum())
    return f"{years} of {len(ended)} earlier cases whose end is known lasted three years or more"


def pressure_alt(frame: pd.DataFrame) -> str:
    """List the cases with their lengths."""
    parts = [
        f"{r['target']}, {r['case']}: {charts.length_words(r['months_low'], r['months_high'])}"
        + (" (no end found)" if r["ongoing"] else "")
        for r in frame.to_dict("records")
    ]
    return "Bars for the length of each case, shortest first. " + "; ".join(parts) + "."


def pressure_note(frame: pd.DataFrame) -> str:
    """Say how sure the lengths are, and to which day the present case is drawn."""
    newest = [day(one) for one in frame.loc[frame["ongoing"], "newest"]]
    going_on = (
        "The hatched case, of which no end was found, runs to the edition's day; its newest step known is of {}. "
    )
    return (
        "Solid: sure from the dates; pale: what dates known only by month or year leave open. "
        + "".join(map(going_on.format, newest))
        + "A case that has an end on paper may go on in practice, and parts of a case may end earlier. China denied "
        "some of the measures."
    )


register(
    "precedents-of-pressure",
    data=economy.pressure_durations,
    draw=charts.draw_precedents_of_pressure,
    claim=pressure_claim,
    alt=pressure_alt,
    calculated=True,
    subtitle="China's economic measures against other countries: years from the first measure to the end recorded here",
    note=pressure_note,
    columns=[
        *texts(target="Country", case="Case"),
        date("start", "From", period),
        date("end", "To", period),
        *amounts("{:.1f}", months_low="Months, at least", months_high="Months, at most"),
        SOURCES,
    ],
)


def cases_note(frame: pd.DataFrame) -> str:
    """Say what the costs are, and what China says of the cases shown."""
    denied = " It denied any ban on Lithuanian goods." if "lt-2021-taiwan-office" in set(frame["precedent_id"]) else ""
    return (
        "Costs are those that the sources give. They stand on different bases, and no two may be added. China "
        "denied an embargo in 2010 and gave food safety as its reason in 2023." + denied
    )


register(
    "pressure-cases",
    data=economy.pressure_cases,
    row_id="precedent_id",
    claim=lambda f: (
        f"What China did in {len(f)} earlier cases, how it ended and, where the sources give it, what it cost"
    ),
    subtitle="China's economic measures against other countries, oldest first",
    note=cases_note,
    columns=[
        Column("case", "Case"),
        Column("measures", "Measures", format=polished),
        Column("duration", "How long", format=polished),
        Column("measured_cost", "Measured cost", format=polished),
        Column("how_it_ended", "How it ended", format=polished),
        sure("precedent_id"),
        SOURCES,
    ],
)
