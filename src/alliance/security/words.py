"""Exhibits of the military balance: spending, activity, scrambles, exercises, people."""

import pandas as pd

from alliance.security import numbers as measures
from explainer.exhibits.kit import register
from explainer.text import wording as facts

SINCE = 2022  # last year before the build-up that Japan decided in December 2022


def _spending_claim(frame: pd.DataFrame) -> str:
    shares = frame.pivot_table(index="year", columns="code", values="share_pct")
    japan, grown = shares["JP"].iloc[-1], shares.iloc[-1] / shares.loc[SINCE]
    lowest = "the smallest of the four" if japan == shares.iloc[-1].min() else "not the smallest of the four"
    fastest = f" and rose fastest since {SINCE}" if grown.idxmax() == "JP" else ""
    return f"Japan's military share of output, {facts.number(japan, 1)} per cent, is {lowest}{fastest}"


def _spending_alt(frame: pd.DataFrame) -> str:
    shares = frame.pivot_table(index="year", columns="country", values="share_pct", sort=False)
    ends = "; ".join(f"{facts.number(share, 1)} per cent for {name}" for name, share in shares.ffill().iloc[-1].items())
    first, last, japan = frame["year"].min(), frame["year"].max(), shares["Japan"]
    return (
        f"Line chart of military spending as a share of GDP, {first} to {last}, with the values of {last}: {ends}. "
        f"Japan's line stands at {facts.number(japan[first], 1)} per cent in {first} and at "
        f"{facts.number(japan[SINCE], 1)} in {SINCE}."
    )


register(
    "defence-spending",
    measures.gdp_shares,
    _spending_claim,
    _spending_alt,
    subtitle=lambda f: (
        f"Military spending, per cent of GDP, {f['year'].min()} to {f['year'].max()}, definition of the "
        "research institute SIPRI"
    ),
)


register(
    "defence-measures",
    measures.japan_ratios,
    lambda f: (
        f"Japan's defence share for 2025 is {f['share_pct'].min():.1f} to {f['share_pct'].max():.1f} per cent, "
        "depending on the measure"
    ),
    lambda f: (
        "Bar chart of Japan's defence spending as a share of GDP for 2025, one bar a measure. "
        + "; ".join(f"{r.measure}: {r.share_pct:.1f} per cent" for r in f.itertuples())
        + "."
    ),
)


LITTLE_PCT = 5
"""Changes smaller than this, in per cent, are called little: missing days alone can make as much."""


def _total(frame: pd.DataFrame) -> pd.Series:
    total = frame[frame["measure"] == "All aircraft counted"].set_index("month")["sorties"]
    return total.dropna()


def _paired(frame: pd.DataFrame) -> pd.DataFrame:
    """Return by month the sums of the last year that is known for the year before as well: new, old."""
    total = _total(frame)
    year = int(total.index.max()[:4])
    new, old = (total[total.index.str.startswith(str(one))] for one in (year, year - 1))
    old = old.set_axis(old.index.str.replace(f"{year - 1}-", f"{year}-"))
    return pd.DataFrame({"new": new, "old": old}).dropna()


def _activity_claim(frame: pd.DataFrame) -> str:
    pairs = _paired(frame)
    if len(pairs) < 3:
        return "Chinese military flights around Taiwan vary widely from month to month"
    change = (pairs["new"].sum() / pairs["old"].sum() - 1) * 100
    flights = f"Chinese military flights around Taiwan from {_month(pairs.index[0])} to {facts.period(pairs.index[-1])}"
    if abs(change) < LITTLE_PCT:
        return f"{flights} differ little from a year before"
    return f"{flights} were {abs(change):.0f} per cent {'below' if change < 0 else 'above'} a year before"


def _month(period: str) -> str:
    return facts.period(period).split()[0]


def _activity_subtitle(frame: pd.DataFrame) -> str:
    first, last = facts.period(frame["month"].min()), facts.period(frame["month"].max())
    months = _paired(frame).index
    what = "Sorties of the People's Liberation Army reported by Taiwan's defence ministry, by month"
    text = f"{what}, {first} to {last}"
    if len(months) < 3:
        return text
    return f"{text}. Compared: {_month(months[0])} to {_month(months[-1])} with the same months a year before"


def _activity_alt(frame: pd.DataFrame) -> str:
    total = _total(frame)
    low = int((frame["status"] == measures.LOWER_BOUND).sum())
    return (
        f"Line chart of Chinese military sorties a month, {facts.period(total.index[0])} to "
        f"{facts.period(total.index[-1])}. All aircraft: highest {total.max():,.0f} in {facts.period(total.idxmax())}, "
        f"{total.iloc[-1]:,.0f} in the last month. A second line shows those that crossed the median line or entered "
        f"the zone; {low} of its months are lower bounds, drawn hollow. Months with too few reports are gaps."
    )


register(
    "taiwan-activity",
    measures.taiwan_activity,
    _activity_claim,
    _activity_alt,
    subtitle=_activity_subtitle,
    calculated=True,
    rows=lambda f: f.iloc[::-1],
)


def _by_year(frame: pd.DataFrame, against: str) -> pd.Series:
    years = frame[(frame["against"] == against) & (frame["status"] != "nine months")]
    return years.set_index("fiscal_year")["scrambles"].dropna()


def _scrambles_claim(frame: pd.DataFrame) -> str:
    total = _by_year(frame, "All")
    end = total.index[-1]
    earlier = dict.fromkeys(year for year in (total.index[0], total.idxmax()) if year != end)
    after = " and ".join(f"{facts.number(total[year])} in {year:.0f}" for year in earlier)
    return f"Japan scrambled fighters {facts.number(total[end])} times in fiscal {end:.0f}, after {after}"


def _scrambles_alt(frame: pd.DataFrame) -> str:
    parts = []
    for against in ("All", "Chinese aircraft", "Russian aircraft"):
        years = _by_year(frame, against)
        parts.append(
            f"{against}: highest {years.max():,.0f} in fiscal {years.idxmax():.0f}, "
            f"{years.iloc[-1]:,.0f} in fiscal {years.index[-1]:.0f}"
        )
    return "Line chart of scrambles of Japan's air force by fiscal year. " + "; ".join(parts) + "."


register(
    "scrambles",
    measures.scrambles,
    _scrambles_claim,
    _scrambles_alt,
    subtitle=lambda f: (
        "Scrambles of the Air Self-Defense Force by fiscal year (from April), "
        f"{f['fiscal_year'].min():.0f} to {f['fiscal_year'].max():.0f}"
    ),
)


def _exercises_claim(frame: pd.DataFrame) -> str:
    air, sea = (frame.loc[frame[kind].astype(float).idxmax()] for kind in ("aircraft", "vessels"))
    return (
        f"Of the days listed, one in {air['name']} had most aircraft, {air['aircraft']:.0f}; one in {sea['name']} most "
        f"vessels, {sea['vessels']:.0f}"
    )


register("exercises", measures.exercises, _exercises_claim, row_id="exercise_id")


def _evacuation_claim(frame: pd.DataFrame) -> str:
    by = frame.set_index("who")
    japanese, americans = (by.loc[f"{who} in Taiwan"] for who in ("Japanese nationals living", "US nationals"))
    islands = frame.loc[frame["who"].str.endswith("the Sakishima islands"), "number"].sum()
    return (
        f"{facts.number(japanese['number'])} Japanese and, by an estimate of {americans['as_of']}, over "
        f"{facts.number(americans['number'])} Americans in Taiwan; a plan for {facts.number(islands)} people on "
        "Sakishima"
    )


register("evacuation", measures.evacuation, _evacuation_claim)
