"""Exhibits on trade, visitors, rare earths, and earlier economic measures."""

from __future__ import annotations

import re

import pandas as pd

from alliance.economy import numbers as economy
from explainer.exhibits.columns import SOURCES, amount, amounts, date, sure, texts, yes_or_no
from explainer.exhibits.kit import Column, register
from explainer.text.wording import capital, day, in_words, length_words, number, per_cent, period

UNTIL_REMARK = "2025-11"
THREE_YEARS = 36  # months


def polished(text: str) -> str:
    """Write a row's words as tables do: % for percent, a true minus sign before a number."""
    return re.sub(r"(?<![\w.])-(?=\d)", "\N{MINUS SIGN}", re.sub(r" per ?cent\b", "%", text))


def _polished(**labels: str) -> list[Column]:
    return [Column(key, label, format=polished) for key, label in labels.items()]


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + per_cent(value, 1)


def _years(frame: pd.DataFrame) -> str:
    return f"{frame['year'].min()}\u2013{frame['year'].max()}"


def _last_shares(frame: pd.DataFrame) -> pd.Series:
    return frame[frame["year"] == frame["year"].max()].set_index(["flow", "partner"])["share_pct"]


def _partners_claim(frame: pd.DataFrame) -> str:
    share = _last_shares(frame)
    largest = "China" if share["tot", "cn"] > share["tot", "us"] else "The United States"
    market = "the United States" if share["exp", "us"] > share["exp", "cn"] else "China"
    return f"{largest} trades more with Japan, but {market} buys more from it"


def _partners_alt(frame: pd.DataFrame) -> str:
    share = _last_shares(frame)
    parts = [
        f"{label.lower().replace('japan', 'Japan')}: China {per_cent(share[flow, 'cn'], 1)}, "
        f"United States {per_cent(share[flow, 'us'], 1)}"
        for flow, label in economy.FLOWS.items()
    ]
    return f"Dot plot of shares in Japan's goods trade by year. In {frame['year'].max()}, {'; '.join(parts)}."


register(
    "trade-partners",
    data=economy.partner_shares,
    draw="draw_trade_partners",
    claim=_partners_claim,
    subtitle=lambda f: (
        f"Share of Japan's goods trade in yen, per cent, customs basis, {_years(f)}; China without Hong Kong"
    ),
    note="Preliminary yearly totals of the Ministry of Finance as reported by press and statistics pages. "
    "Services, such as tourism, are not in these figures.",
    alt=_partners_alt,
    calculated=True,
    columns=[
        *texts(flow_label="Flow", year="Year", partner_label="Partner"),
        amount("trade_jpy_bn", "Billion yen", "{:,.1f}"),
        amount("share_pct", "Share, %", "{:.1f}"),
        SOURCES,
    ],
)


def _visitors_claim(frame: pd.DataFrame) -> str:
    fall = -frame.loc[frame["month"] > UNTIL_REMARK, "change_pct"].dropna()
    if fall.empty:
        return "Visits from China were growing when the advice against travel came"
    least, most = number(fall.min()), number(fall.max())
    span = f"{most}%" if len(fall) == 1 else f"{least} to {most}% in each month counted"
    return f"From December 2025 visits from mainland China fell by {span}"


def _visitors_alt(frame: pd.DataFrame) -> str:
    found = frame[frame["visitors"].notna()]
    changes = ", ".join(found["month"].map(period) + " " + found["change_pct"].map(_signed))
    return f"Monthly visitors from mainland China, joined to the same month a year before. Changes: {changes}."


def _visitors_note(frame: pd.DataFrame) -> str:
    gaps = ", ".join(map(period, frame.loc[frame["visitors"].isna(), "month"]))
    note = f"No figure was found for {gaps}. " if gaps else ""
    if frame["year_before_derived"].any():
        note += "Hollow: the count of a year before is worked back from the published change. "
    if frame["month"].max() >= "2026-01":
        note += (
            "January and February 2026 are moved by the Lunar New Year (late January in 2025, mid-February in 2026). "
        )
    return note + "Most are first estimates."


register(
    "visitors-from-china",
    data=economy.visitors_from_china,
    draw="draw_visitors_from_china",
    claim=_visitors_claim,
    subtitle=lambda f: (
        "Visitors from mainland China to Japan, thousands a month, and change on the same month a year "
        f"before, {period(f['month'].min())} to {period(f['month'].max())}"
    ),
    note=_visitors_note,
    alt=_visitors_alt,
    calculated=True,
    columns=[
        date("month", "Month", period),
        *amounts("{:,.0f}", visitors="Visitors", visitors_year_before="A year before"),
        amount("change_pct", "Change", _signed),
        yes_or_no("year_before_derived", "Year before worked back"),
        SOURCES,
    ],
)


def _spending_claim(frame: pd.DataFrame) -> str:
    last = frame.dropna(subset="spending_jpy_bn").groupby("market").last()
    spent = last["spending_jpy_bn"]
    share = per_cent(spent["Mainland China"] / spent.sum() * 100)
    until = period(last.at["Mainland China", "quarter"])
    return f"Visitors from mainland China made {share} of visitors' spending in the quarter to {until}"


def _spending_alt(frame: pd.DataFrame) -> str:
    found = frame.dropna(subset="spending_jpy_bn")
    words = found["quarter"].map(period) + " " + found["spending_jpy_bn"].map(number)
    parts = [f"{market}: {', '.join(own)}" for market, own in words.groupby(found["market"], sort=False)]
    return f"Two bar panels of spending in billion yen by quarter, named by its last month. {'; '.join(parts)}."


register(
    "visitor-spending",
    data=economy.visitor_spending,
    draw="draw_visitor_spending",
    claim=_spending_claim,
    subtitle="Spending in Japan by foreign visitors by quarter of 2025, billion yen, without international air fares",
    note=lambda f: (
        "First preliminary figures. "
        + ("The hollow bars are the year less the other three quarters. " if f["derived"].any() else "")
        + ("For April to June no split was found. " if f["spending_jpy_bn"].isna().any() else "")
        + "Quarters differ with the season."
    ),
    alt=_spending_alt,
    calculated=True,
    columns=[
        date("quarter", "Quarter ending", period),
        Column("market", "Visitors from"),
        amount("spending_jpy_bn", "Billion yen", "{:,.1f}"),
        yes_or_no("derived", "Worked back"),
        SOURCES,
    ],
)


def _flights_note(frame: pd.DataFrame) -> str:
    december = frame[(frame["period"] == "2025-12") & frame["figure"].str.contains("%")]
    note = "These figures are not one series: shares of different plans, routes, months and days stand side by side."
    return note + (" December 2025 alone has shares from about 16% to over 40%." if len(december) > 2 else "")


register(
    "flights",
    data=economy.flights,
    claim="Flight figures were counted on different days and bases",
    subtitle="Cancelled and remaining flights between mainland China and Japan, as counted by each source",
    note=_flights_note,
    columns=[
        date("period", "Day or month", period),
        Column("measure", "What was counted"),
        Column("figure", "Figure", align="right"),
        Column("counted_by", "Counted by"),
        *_polished(note="Note"),
        SOURCES,
    ],
)


def _rare_earths_claim(frame: pd.DataFrame) -> str:
    yearly = frame[frame["basis"] == "year"]
    year = yearly["year"].max()
    last, lowest = yearly.loc[yearly["year"] == year, "share_pct"], yearly.loc[yearly["share_pct"].idxmin()]
    span = " to ".join(dict.fromkeys((number(last.min()), number(last.max()))))
    fell = f"fell to {number(lowest['share_pct'])}% by {lowest['year']} and "
    fell = fell if lowest["share_pct"] < last.min() else ""
    return f"China's share of Japan's rare earth imports {fell}was put at {span}% in {year}"


def _rare_earths_alt(frame: pd.DataFrame) -> str:
    by_year = frame[frame["basis"] == "year"].groupby("year")["share_pct"]
    parts = "; ".join(f"{year} {', '.join(map(number, part))}%" for year, part in by_year)
    return f"Points for China's share of Japan's rare earth imports by year: {parts}."


register(
    "rare-earths",
    data=economy.rare_earth_shares,
    draw="draw_rare_earths",
    claim=_rare_earths_claim,
    alt=_rare_earths_alt,
    subtitle=lambda f: f"China's share of Japan's rare earth imports, per cent, every value found, {_years(f)}",
    note="Sources measure by weight of compounds, by metal content or do not say, so values of one year differ and "
    "the line between years is left out; of those of 2025 the year meant is not shown. Hollow diamonds are first "
    "halves of years on other bases.",
    columns=[
        *texts(year="Year", basis="Period"),
        amount("share_pct", "Share, %", "{:.1f}"),
        *_polished(note="Note"),
        SOURCES,
    ],
)


def _billion_yen(size: str) -> float:
    found = re.search(r"([\d,.]+) (trillion|billion) yen$", size)
    return float(found[1].replace(",", "")) * (1000 if found[2] == "trillion" else 1) if found else 0.0


_DUAL_USE = (
    "The dual-use figure adds up every import that could be concerned on a wide reading. Counts of listed goods "
    "differ between sources. "
)

register(
    "exposure",
    data=economy.exposure,
    row_id="event_id",
    claim=lambda f: (
        f"The largest sum that a measure could at most touch is {max(f['size'], key=_billion_yen)}: an exposure, not a "
        "loss"
    ),
    subtitle="Latest figure found on what each measure touches or how far it reaches; not what was lost",
    note=lambda f: (
        (_DUAL_USE if "2026-01-06-dual-use-ban" in set(f["event_id"]) else "")
        + "Seafood is shown for 2022, the last year before the ban of 2023."
    ),
    columns=[
        *texts(measure="Measure", touches="What it touches"),
        Column("size", "Size", align="right"),
        date("period", "Period", period),
        Column("counted_by", "Counted by"),
        sure("event_id", "How sure of the measure"),
        SOURCES,
    ],
)


def _pressure_claim(frame: pd.DataFrame) -> str:
    ended = frame[~frame["ongoing"]]
    years = int((ended["months_low"] >= THREE_YEARS).sum())
    return capital(
        f"{in_words(years)} of {in_words(len(ended))} earlier cases whose end is known lasted three years or more"
    )


def _pressure_alt(frame: pd.DataFrame) -> str:
    parts = [
        f"{r.target}, {r.case}: {length_words(r.months_low, r.months_high)}" + (" (no end found)" if r.ongoing else "")
        for r in frame.itertuples()
    ]
    return "Bars for the length of each case, shortest first. " + "; ".join(parts) + "."


def _pressure_note(frame: pd.DataFrame) -> str:
    going_on = "".join(
        "The hatched case, of which no end was found, runs to the edition's day; its newest step known is of "
        f"{day(newest)}. "
        for newest in frame.loc[frame["ongoing"], "newest"]
    )
    return (
        f"Solid: sure from the dates; pale: what dates known only by month or year leave open. {going_on}"
        "A case that has an end on paper may go on in practice, and parts of a case may end earlier. China denied "
        "some of the measures."
    )


register(
    "precedents-of-pressure",
    data=economy.pressure_durations,
    draw="draw_precedents_of_pressure",
    claim=_pressure_claim,
    alt=_pressure_alt,
    calculated=True,
    subtitle="China's economic measures against other countries: years from the first measure to the end recorded here",
    note=_pressure_note,
    columns=[
        *texts(target="Country", case="Case"),
        date("start", "From", period),
        date("end", "To", period),
        *amounts("{:.1f}", months_low="Months, at least", months_high="Months, at most"),
        SOURCES,
    ],
)

register(
    "pressure-cases",
    data=economy.pressure_cases,
    row_id="precedent_id",
    claim=lambda f: (
        f"What China did in {len(f)} earlier cases, how it ended and, where the sources give it, what it cost"
    ),
    subtitle="China's economic measures against other countries, oldest first",
    note=lambda f: (
        "Costs are those that the sources give. They stand on different bases, and no two may be added. China "
        "denied an embargo in 2010 and gave food safety as its reason in 2023."
        + (" It denied any ban on Lithuanian goods." if "lt-2021-taiwan-office" in set(f["precedent_id"]) else "")
    ),
    columns=[
        Column("case", "Case"),
        *_polished(
            measures="Measures", duration="How long", measured_cost="Measured cost", how_it_ended="How it ended"
        ),
        sure("precedent_id"),
        SOURCES,
    ],
)
