"""Economic exposure: trade, visitors, spending, flights, rare earths, and earlier cases of such measures.

Each function takes the evidence as of a day and returns a tidy frame with the sources of every row. A month
or year that nobody published, or that was not found, stays in the frame as a gap.
"""

import itertools
import math
from typing import Any

import pandas as pd

from alliance.drawn import drawn
from alliance.palette import KINDS
from alliance.reactions.numbers import measure_steps
from explainer.evidence.asof import period_end, period_start
from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.exhibits.lookups import change_pct, cited, observations, share_pct, stated, value
from explainer.text.wording import day

PARTNERS = {"cn": "China", "us": "United States"}
FLOWS = {"exp": "Japan's exports", "imp": "Japan's imports", "tot": "Exports and imports together"}
ADVICE = "2025-11-14-travel-advisory"
SPENDING_YEAR = "2025"
FIRST_VISITOR_MONTH = "2025-07"
"""Four months before the remark of 7 November 2025, so that the earlier growth can be seen."""
DAYS_PER_MONTH = 365.25 / 12
CURRENT_CASE = "jp-2025-current"


def partner_shares(evidence: Evidence, first_year: str = "2023") -> pd.DataFrame:
    """Return the shares of China and the United States in Japan's goods trade, by flow and year.

    A year enters only when all four flows of both partners and the world totals are known, so that no year
    compares unlike with unlike. Shares are computed from the yen totals; "together" is the sum of both flows.
    """
    names = [f"{part}_{who}" for part in ("exp", "imp") for who in (*PARTNERS, "world")]
    totals = {name: observations(evidence, f"trade_{name}").set_index("period") for name in names}
    years = sorted(year for year in set.intersection(*(set(f.index) for f in totals.values())) if year >= first_year)
    rows = []
    for flow, year, partner in itertools.product(FLOWS, years, PARTNERS):
        parts = ("exp", "imp") if flow == "tot" else (flow,)
        own, all_ = ([totals[f"{part}_{who}"].loc[year] for part in parts] for who in (partner, "world"))
        trade, world = (math.fsum(one["value"] for one in both) for both in (own, all_))
        sources = cited(*(one["source_id"] for pair in zip(own, all_, strict=True) for one in pair))
        rows.append((flow, FLOWS[flow], year, partner, PARTNERS[partner], trade, share_pct(trade, world), sources))
    columns = "flow flow_label year partner partner_label trade_jpy_bn share_pct source_ids"
    return pd.DataFrame(rows, columns=columns.split())


def partner_share_pct(evidence: Evidence, flow: str, partner: str, year: str) -> float:
    """Return one share of `partner_shares`: flow exp, imp or tot; partner cn or us."""
    frame = partner_shares(evidence, year)
    found = frame[(frame["flow"] == flow) & (frame["partner"] == partner) & (frame["year"] == year)]
    return float(found["share_pct"].item())


def visitors_from_china(evidence: Evidence) -> pd.DataFrame:
    """Return monthly visitors from mainland China beside the same month a year before.

    The change is the published one where there is one. Where the count of a year before was not found, it is
    worked back from the published change and marked as derived. A month without a count stays as a gap. ``mark``
    has words for the month of the advice against travel.
    """
    counts = observations(evidence, "vis_cn_m").set_index("period")
    changes = observations(evidence, "vis_cn_yoy_m").set_index("period")
    months = pd.period_range(FIRST_VISITOR_MONTH, counts.index.max(), freq="M").astype(str)
    rows = [_visitor_row(counts, changes, month) for month in months]
    columns = "month start visitors visitors_year_before change_pct year_before_derived source_ids"
    frame = pd.DataFrame(rows, columns=columns.split())
    days = evidence.events.loc[evidence.events["event_id"] == ADVICE, "date"]
    marks = {text[:7]: f"advice against travel, {day(text, year=False)}" for text in days}
    frame.insert(6, "mark", [marks.get(month, "") for month in frame["month"]])
    return frame


def _visitor_row(counts: pd.DataFrame, changes: pd.DataFrame, month: str) -> tuple[Any, ...]:
    earlier = f"{int(month[:4]) - 1}{month[4:]}"
    now, before = (counts["value"].get(m, float("nan")) for m in (month, earlier))
    change = changes["value"].get(month, change_pct(now, before))
    derived = bool(pd.isna(before) and pd.notna(now) and pd.notna(change))
    sources = [f.at[m, "source_id"] for f, m in ((counts, month), (counts, earlier), (changes, month)) if m in f.index]
    before = now / (1 + change / 100) if derived else before
    return month, pd.Timestamp(period_start(month)), now, before, change, derived, cited(*sources)


def mean_change_pct(frame: pd.DataFrame, first: str, last: str = "9999") -> float:
    """Return the change of all visitors from `first` to `last` against the same months a year before, in per cent.

    Months without a count are left out on both sides.
    """
    found = frame[frame["month"].between(first, last)].dropna(subset=["visitors", "visitors_year_before"])
    return change_pct(found["visitors"].sum(), found["visitors_year_before"].sum())


def visitor_spending(evidence: Evidence) -> pd.DataFrame:
    """Return spending by quarter, mainland China beside all other markets, with gaps where it is not known.

    A quarter of China's that was not found is the year's total less the other three quarters, marked as
    derived, once all of these are known.
    """
    series = ("spend_total_q", "spend_cn_q", "spend_cn_y")
    total, china, yearly = (observations(evidence, one).set_index("period") for one in series)
    quarters = [f"{SPENDING_YEAR}-{month}" for month in ("03", "06", "09", "12")]
    mainland = china["value"].reindex(quarters)
    derived = mainland.index[mainland.isna()]
    if len(derived) == 1 and SPENDING_YEAR in yearly.index:
        mainland[derived] = yearly.at[SPENDING_YEAR, "value"] - mainland.sum()
    else:
        derived = derived[:0]
    rows = []
    for quarter in (q for q in quarters if q in total.index):
        used = [(total, quarter), (china, quarter), *((yearly, SPENDING_YEAR) for q in derived if q == quarter)]
        sources = cited(*(frame.at[period, "source_id"] for frame, period in used if period in frame.index))
        own, all_ = mainland[quarter], total.at[quarter, "value"]
        for market, spent in (("Mainland China", own), ("All other visitors", all_ - own)):
            rows.append((quarter, market, spent, quarter in derived, sources))
    return pd.DataFrame(rows, columns=["quarter", "market", "spending_jpy_bn", "derived", "source_ids"])


def flights(evidence: Evidence) -> pd.DataFrame:
    """Return every figure on flights that was found, in order of time, each with who counted what.

    The figures stand on different days and bases and are not one series.
    """
    series = evidence.series.set_index("series_id")
    rows = [
        (row.period, series.at[name, "title"], f"{row.hedge} {with_unit(row.value, series.at[name, 'unit'])}".strip(),
         series.at[name, "publisher"], row.note, row.source_id)
        for name in series.index[series.index.str.startswith("flt_")]
        for row in observations(evidence, name, None).itertuples()
    ]  # fmt: skip
    events = evidence.events.set_index("event_id")["source_ids"]
    rows += [
        (f.period, f.measure, stated(evidence, f.event_id, f.figure), f.counted_by, "", events[f.event_id])
        for f in evidence.stated_figures.itertuples()
        if f.event_id in events.index
    ]
    columns = ["period", "measure", "figure", "counted_by", "note", "source_ids"]
    return pd.DataFrame(rows, columns=columns).sort_values("period", kind="stable", ignore_index=True)


def rare_earth_shares(evidence: Evidence) -> pd.DataFrame:
    """Return China's share of Japan's rare earth imports, every published value, by year and basis of the value."""
    frame = drawn(evidence, "rare-earths", None).rename(columns={"label": "basis", "value": "share_pct"})
    frame = frame.assign(year=frame["period"].str[:4].astype(int))
    frame = frame.sort_values(["year", "basis", "variant"], ignore_index=True)
    return frame[["year", "basis", "share_pct", "variant", "note", "source_ids"]]


def exposure(evidence: Evidence) -> pd.DataFrame:
    """Return what each measure touches and how large that is by the latest published figure, a row a series.

    A size is what is exposed, not what was lost. Where several figures stand for one period, all are shown. The
    sources of the measure itself stand in its first row.
    """
    series = evidence.series.set_index("series_id")
    events = evidence.events.set_index("event_id")
    rows = [
        _exposure_row(evidence, row, series.loc[row.series_id])
        for row in evidence.exposure.itertuples()
        if row.event_id in events.index and row.series_id in series.index
    ]
    columns = ["event_id", "measure", "touches", "size", "period", "counted_by", "source_ids"]
    frame = pd.DataFrame(rows, columns=columns)
    first = ~frame["event_id"].duplicated()
    measure_sources = events["source_ids"].reindex(frame["event_id"]).to_numpy()
    joined = (frame["source_ids"] + ";" + measure_sources).map(cited)
    return frame.assign(source_ids=frame["source_ids"].where(~first, joined))


def _exposure_row(evidence: Evidence, exposed: Any, series: pd.Series) -> tuple[Any, ...]:
    found = observations(evidence, exposed.series_id, None)
    last = found["period"].iloc[-1]
    used = found[found["period"] == last] if exposed.shows == "latest" else found
    ends = ("sum", "sum") if exposed.shows == "sum" else ("min", "max")
    low, high = (used["value"].agg(end) for end in ends)
    size = with_unit(low, series["unit"]) if low == high else f"{plain(low)} to {with_unit(high, series['unit'])}"
    touches, size = series["title"].removesuffix(" added on the date"), f"{used['hedge'].iloc[0]} {size}".strip()
    sources = cited(*used["source_id"])
    return exposed.event_id, exposed.measure, touches, size, last, series["publisher"], sources


def plain(number: float) -> str:
    """Write a number with separators and no more decimals than it has, at most one."""
    return f"{number:,.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")


def with_unit(number: float, unit: str) -> str:
    """Write a number with its unit as tables do."""
    return plain(number) + {"percent": "%", "persons": "", "count": ""}.get(unit, f" {unit}")


def pressure_durations(evidence: Evidence) -> pd.DataFrame:
    """Return how long each earlier case lasted, in months, with the present one for comparison, shortest first.

    The shortest and longest length that the precision of the dates allows: a case dated by years alone gets a
    wide span. Cases without an end are left out, but the present one runs to the day of the evidence; ``newest`` is the
    day of its newest measure.
    """
    cases = evidence.economic_precedents[["precedent_id", "country", "short", "start", "end", "duration", "source_ids"]]
    ended = cases[(cases["end"] != "") & (cases["short"] != "")].assign(ongoing=False, newest="")
    frame = pd.concat([ended, pd.DataFrame(_present_case(evidence), columns=ended.columns)], ignore_index=True)
    spans = [months_between(*ends) for ends in zip(frame["start"], frame["end"], strict=True)]
    frame = frame.rename(columns={"country": "target", "short": "case"})
    frame = frame.assign(months_low=[low for low, _ in spans], months_high=[high for _, high in spans])
    columns = "precedent_id target case start end months_low months_high duration ongoing newest source_ids"
    return frame.sort_values(["months_high", "precedent_id"], ignore_index=True)[columns.split()]


def _present_case(evidence: Evidence) -> list[tuple[Any, ...]]:
    """Return the present case from its first step on travel or trade to the day, or nothing before it began."""
    steps = measure_steps(evidence)
    steps = steps[steps["kind"].isin(KINDS[1:3])].sort_values("step_date", kind="stable")
    if steps.empty:
        return []
    sources = cited(*steps["source_ids"].iloc[[0, -1]])
    ends, newest = (steps["step_date"].iloc[0], evidence.as_of.isoformat()), steps["step_date"].iloc[-1]
    return [(CURRENT_CASE, "Japan", "November answer, 2025", *ends, "no end found", sources, True, newest)]


def months_between(start: str, end: str) -> tuple[float, float]:
    """Return the shortest and the longest length in months between two days, months or years.

    "2012-09" to "2013-08" lasts 10 to 12 months: from the end of the first month to the start of the last, and
    from the start of the first to the end of the last.
    """

    def days(first: str, last: str) -> int:
        return max(0, (pd.Timestamp(last) - pd.Timestamp(first)).days)

    short = days(period_end(start), period_start(end))
    long = days(period_start(start), period_end(end))
    return round(short / DAYS_PER_MONTH, 1), round(long / DAYS_PER_MONTH, 1)


def pressure_cases(evidence: Evidence) -> pd.DataFrame:
    """Return the earlier cases in full, oldest first, without the present one."""
    frame = evidence.economic_precedents
    frame = frame[frame["short"] != ""].sort_values(["start", "precedent_id"])
    frame = frame.assign(case=frame["country"] + ": " + frame["short"])
    columns = ["precedent_id", "case", "measures", "duration", "measured_cost", "how_it_ended", "source_ids"]
    return frame[columns].reset_index(drop=True)


def change_from(evidence: Evidence, series_id: str, old: str, new: str) -> float:
    """Return the change of a series between two periods, in per cent."""
    return change_pct(value(evidence, series_id, new), value(evidence, series_id, old))


def noted(evidence: Evidence, series_id: str, period: str, words: str) -> str:
    """Return `words` if the note of one observation says them, for numbers that stand only in a note.

    Raises
    ------
    EvidenceError
        When the note lacks the words.
    """
    found = observations(evidence, series_id)
    note = " ".join(found.loc[found["period"] == period, "note"])
    if words not in note:
        fault = f"{series_id} {period} does not say this"
        raise EvidenceError([Problem("observations.csv", 0, "note", words, fault, "print what the note says")])
    return words
