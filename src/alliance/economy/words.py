"""Exhibits on trade, visitors, rare earths, and earlier economic measures."""

import re

import pandas as pd

from alliance.economy import numbers as economy
from explainer.exhibits.columns import FORMATS
from explainer.exhibits.kit import register
from explainer.text.wording import capital, day, length_words, number, out_of, per_cent, period

UNTIL_REMARK = "2025-11"
THREE_YEARS = 36  # months


def polished(text: str) -> str:
    """Write a row's words as tables do: % for percent, a true minus sign before a number."""
    return re.sub(r"(?<![\w.])-(?=\d)", "\N{MINUS SIGN}", re.sub(r" per ?cent\b", "%", text))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + per_cent(value, 1)


FORMATS.update(polished=polished, signed=_signed)


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
    economy.partner_shares,
    _partners_claim,
    _partners_alt,
    subtitle=lambda f: (
        f"Share of Japan's goods trade in yen, per cent, customs basis, {_years(f)}; China without Hong Kong"
    ),
    calculated=True,
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


def _visitors_gaps(frame: pd.DataFrame) -> str:
    gaps = ", ".join(map(period, frame.loc[frame["visitors"].isna(), "month"]))
    return f"No figure was found for {gaps}." if gaps else ""


register(
    "visitors-from-china",
    economy.visitors_from_china,
    _visitors_claim,
    _visitors_alt,
    subtitle=lambda f: (
        "Visitors from mainland China to Japan, thousands a month, and change on the same month a year "
        f"before, {period(f['month'].min())} to {period(f['month'].max())}"
    ),
    note=_visitors_gaps,
    calculated=True,
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


register("visitor-spending", economy.visitor_spending, _spending_claim, _spending_alt, calculated=True)


def _flights_apart(frame: pd.DataFrame) -> str:
    december = frame[(frame["period"] == "2025-12") & frame["figure"].str.contains("%")]
    return "December 2025 alone has shares from about 16% to over 40%." if len(december) > 2 else ""


register("flights", economy.flights, "Flight figures were counted on different days and bases", note=_flights_apart)


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
    economy.rare_earth_shares,
    _rare_earths_claim,
    _rare_earths_alt,
    subtitle=lambda f: f"China's share of Japan's rare earth imports, per cent, every value found, {_years(f)}",
)


def _billion_yen(size: str) -> float:
    found = re.search(r"([\d,.]+) (trillion|billion) yen$", size)
    return float(found[1].replace(",", "")) * (1000 if found[2] == "trillion" else 1) if found else 0.0


register(
    "exposure",
    economy.exposure,
    lambda f: (
        f"The largest sum that a measure could at most touch is {max(f['size'], key=_billion_yen)}: an exposure, not a "
        "loss"
    ),
    row_id="event_id",
)


def _pressure_claim(frame: pd.DataFrame) -> str:
    ended = frame[~frame["ongoing"]]
    years = int((ended["months_low"] >= THREE_YEARS).sum())
    return f"{capital(out_of(years, len(ended)))} earlier cases whose end is known lasted three years or more"


def _pressure_alt(frame: pd.DataFrame) -> str:
    parts = [
        f"{r.target}, {r.case}: {length_words(r.months_low, r.months_high)}" + (" (no end found)" if r.ongoing else "")
        for r in frame.itertuples()
    ]
    return "Bars for the length of each case, shortest first. " + "; ".join(parts) + "."


def _pressure_going_on(frame: pd.DataFrame) -> str:
    return "".join(
        "The hatched case, of which no end was found, runs to the edition's day; its newest step known is of "
        f"{day(newest)}."
        for newest in frame.loc[frame["ongoing"], "newest"]
    )


register(
    "precedents-of-pressure",
    economy.pressure_durations,
    _pressure_claim,
    _pressure_alt,
    calculated=True,
    note=_pressure_going_on,
)

register(
    "pressure-cases",
    economy.pressure_cases,
    lambda f: f"What China did in {len(f)} earlier cases, how it ended and, where the sources give it, what it cost",
    row_id="precedent_id",
)
