"""Economic exposure: trade, visitors, spending, flights, rare earths, and earlier cases of such measures.

Each function takes the evidence as of a day and returns a tidy frame with the sources of every row. A month
or year that nobody published, or that was not found, stays in the frame as a gap.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from explainer.evidence.asof import period_end, period_start
from explainer.evidence.evidence import Evidence, EvidenceError, Problem
from explainer.evidence.schema import list_items
from explainer.exhibits.lookups import change_pct, observations, share_pct, stated, value

PARTNERS = {"cn": "China", "us": "United States"}
FLOWS = {"exp": "Japan's exports", "imp": "Japan's imports", "tot": "Exports and imports together"}
ADVICE = "2025-11-14-travel-advisory"
FIRST_VISITOR_MONTH = "2025-07"
"""Four months before the remark of 7 November 2025, so that the earlier growth can be seen."""

DAYS_PER_MONTH = 365.25 / 12
CURRENT_CASE = "jp-2025-current"


def partner_shares(evidence: Evidence, first_year: str = "2023") -> pd.DataFrame:
    """Return the shares of China and the United States in Japan's goods trade, by flow and year.

    A year enters only when all four flows of both partners and the world totals are known, so that no year
    compares unlike with unlike. Shares are computed from the yen totals; "together" is the sum of both flows.

    Returns
    -------
    DataFrame
        Columns flow, flow_label, year, partner, partner_label, trade_jpy_bn, share_pct, source_ids.
    """
    totals = {
        key: observations(evidence, f"trade_{key}").set_index("period")
        for key in ("exp_cn", "imp_cn", "exp_us", "imp_us", "exp_world", "imp_world")
    }
    years = sorted(set.intersection(*(set(f.index) for f in totals.values())))
    rows = [
        _partner_row(totals, flow, year, partner)
        for flow in FLOWS
        for year in years
        if year >= first_year
        for partner in PARTNERS
    ]
    columns = ["flow", "flow_label", "year", "partner", "partner_label", "trade_jpy_bn", "share_pct", "source_ids"]
    return pd.DataFrame(rows, columns=columns)


def partner_share_pct(evidence: Evidence, flow: str, partner: str, year: str) -> float:
    """Return one share of `partner_shares`: flow exp, imp or tot; partner cn or us."""
    frame = partner_shares(evidence, year)
    found = frame[(frame["flow"] == flow) & (frame["partner"] == partner) & (frame["year"] == year)]
    return float(found["share_pct"].item())


def _partner_row(totals: dict[str, pd.DataFrame], flow: str, year: str, partner: str) -> dict[str, object]:
    parts = ("exp", "imp") if flow == "tot" else (flow,)
    keys = [f"{part}_{who}" for part in parts for who in (partner, "world")]
    trade = math.fsum(totals[f"{part}_{partner}"].at[year, "value"] for part in parts)
    world = math.fsum(totals[f"{part}_world"].at[year, "value"] for part in parts)
    sources = dict.fromkeys(totals[key].at[year, "source_id"] for key in keys)
    return {
        "flow": flow,
        "flow_label": FLOWS[flow],
        "year": year,
        "partner": partner,
        "partner_label": PARTNERS[partner],
        "trade_jpy_bn": trade,
        "share_pct": share_pct(trade, world),
        "source_ids": ";".join(sources),
    }


def visitors_from_china(evidence: Evidence, first: str = FIRST_VISITOR_MONTH) -> pd.DataFrame:
    """Return monthly visitors from mainland China beside the same month a year before.

    The change is the published one where there is one. Where the count of a year before was not found, it is
    worked back from the published change and marked as derived. A month without a count stays as a gap.

    Returns
    -------
    DataFrame
        Columns month, start, visitors, visitors_year_before, change_pct, year_before_derived, mark (words for the
        month of the advice against travel), source_ids.
    """
    counts = observations(evidence, "vis_cn_m").set_index("period")
    changes = observations(evidence, "vis_cn_yoy_m").set_index("period")
    known = [month for month in counts.index if month >= first]
    months = [str(p) for p in pd.period_range(first, max(known), freq="M")] if known else []
    rows = [_visitor_row(counts, changes, month) for month in months]
    columns = "month start visitors visitors_year_before change_pct year_before_derived mark source_ids"
    frame = pd.DataFrame(rows, columns=columns.split())
    events = evidence.events
    days = events.loc[events["event_id"] == ADVICE, "date"]
    marks = {day[:7]: f"advice against travel, {pd.Timestamp(day).day} {pd.Timestamp(day):%B}" for day in days}
    return frame.assign(mark=[marks.get(month, "") for month in frame["month"]])


def _visitor_row(counts: pd.DataFrame, changes: pd.DataFrame, month: str) -> dict[str, object]:
    earlier = f"{int(month[:4]) - 1}{month[4:]}"
    now, before = (counts["value"].get(m, float("nan")) for m in (month, earlier))
    change = changes["value"].get(month, change_pct(now, before))
    derived = pd.isna(before) and pd.notna(now) and pd.notna(change)
    sources = [f.at[m, "source_id"] for f, m in ((counts, month), (counts, earlier), (changes, month)) if m in f.index]
    return {
        "month": month,
        "start": pd.Timestamp(period_start(month)),
        "visitors": now,
        "visitors_year_before": now / (1 + change / 100) if derived else before,
        "change_pct": change,
        "year_before_derived": bool(derived),
        "source_ids": ";".join(dict.fromkeys(sources)),
    }


def mean_change_pct(frame: pd.DataFrame, first: str, last: str = "9999") -> float:
    """Return the change of all visitors from `first` to `last` against the same months a year before, in per cent.

    Months without a count are left out on both sides.
    """
    found = frame[frame["month"].between(first, last)].dropna(subset=["visitors", "visitors_year_before"])
    return change_pct(found["visitors"].sum(), found["visitors_year_before"].sum())


def visitor_spending(evidence: Evidence, year: str = "2025") -> pd.DataFrame:
    """Return spending by quarter, mainland China beside all other markets.

    A quarter of China's that was not found is the year's total less the other three quarters, marked as
    derived, once all of these are known.

    Returns
    -------
    DataFrame
        Columns quarter, market, spending_jpy_bn, derived, source_ids; a gap where a value is not known.
    """
    total = observations(evidence, "spend_total_q").set_index("period")
    china = observations(evidence, "spend_cn_q").set_index("period")
    yearly = observations(evidence, "spend_cn_y").set_index("period")
    quarters = [f"{year}-{month}" for month in ("03", "06", "09", "12")]
    rows = []
    for quarter in (q for q in quarters if q in total.index):
        mainland, derived = _china_quarter(china, yearly, quarter, quarters)
        sources = [f.at[quarter, "source_id"] for f in (total, china) if quarter in f.index]
        sources += [yearly.at[year, "source_id"]] if derived else []
        for market, amount in (
            ("Mainland China", mainland),
            ("All other visitors", total.at[quarter, "value"] - mainland),
        ):
            rows.append(
                {
                    "quarter": quarter,
                    "market": market,
                    "spending_jpy_bn": amount,
                    "derived": derived,
                    "source_ids": ";".join(dict.fromkeys(sources)),
                }
            )
    return pd.DataFrame(rows, columns=["quarter", "market", "spending_jpy_bn", "derived", "source_ids"])


def _china_quarter(china: pd.DataFrame, yearly: pd.DataFrame, quarter: str, quarters: list[str]) -> tuple[float, bool]:
    if quarter in china.index:
        return float(china.at[quarter, "value"]), False
    others = [q for q in quarters if q != quarter]
    if quarter[:4] in yearly.index and set(others) <= set(china.index):
        return float(yearly.at[quarter[:4], "value"] - china.loc[others, "value"].sum()), True
    return float("nan"), False


def flights(evidence: Evidence) -> pd.DataFrame:
    """Return every figure on flights that was found, in order of time, each with who counted what.

    The figures stand on different days and bases and are not one series.

    Returns
    -------
    DataFrame
        Columns period, measure, figure, counted_by, note, source_ids.
    """
    series = evidence.series.set_index("series_id")
    rows = [
        {
            "period": row.period,
            "measure": series.at[name, "title"],
            "counted_by": series.at[name, "publisher"],
            "figure": f"{row.hedge} {with_unit(row.value, series.at[name, 'unit'])}".strip(),
            "note": row.note,
            "source_ids": row.source_id,
        }
        for name in series.index[series.index.str.startswith("flt_")]
        for row in observations(evidence, name, None).itertuples()
    ]
    events = evidence.events.set_index("event_id")["source_ids"]
    rows += [
        {
            "period": f.period,
            "measure": f.measure,
            "figure": stated(evidence, f.event_id, f.figure),
            "counted_by": f.counted_by,
            "note": "",
            "source_ids": events[f.event_id],
        }
        for f in evidence.stated_figures.itertuples()
        if f.event_id in events.index
    ]
    columns = ["period", "measure", "figure", "counted_by", "note", "source_ids"]
    return pd.DataFrame(rows, columns=columns).sort_values("period", kind="stable", ignore_index=True)


def rare_earth_shares(evidence: Evidence) -> pd.DataFrame:
    """Return China's share of Japan's rare earth imports, every published value kept.

    Returns
    -------
    DataFrame
        Columns year, basis ("year" or "first half"), share_pct, variant, note, source_ids.
    """
    frames = []
    for name, basis in (("re_share_cn", "year"), ("re_share_cn_h1", "first half")):
        found = observations(evidence, name, None)
        frames.append(found.assign(year=found["period"].str[:4].astype(int), basis=basis))
    frame = pd.concat(frames).rename(columns={"value": "share_pct", "source_id": "source_ids"})
    return frame[["year", "basis", "share_pct", "variant", "note", "source_ids"]].sort_values(
        ["year", "basis", "variant"], ignore_index=True
    )


def exposure(evidence: Evidence) -> pd.DataFrame:
    """Return what each measure touches and how large that is, by the latest published figure.

    A size is what is exposed, not what was lost. Where several figures stand for one period, all are shown. The
    sources of the measure itself stand in its first row.

    Returns
    -------
    DataFrame
        Columns event_id, measure, touches, size, period, counted_by, source_ids, one row per measure and series.
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
    joined = (frame["source_ids"] + ";" + measure_sources).map(lambda ids: ";".join(dict.fromkeys(list_items(ids))))
    return frame.assign(source_ids=frame["source_ids"].where(~first, joined))


def _exposure_row(evidence: Evidence, exposed: Any, series: pd.Series) -> dict[str, object]:
    found = observations(evidence, exposed.series_id, None)
    last = found["period"].iloc[-1]
    used = found[found["period"] == last] if exposed.shows == "latest" else found
    total = exposed.shows == "sum"
    low, high = (used["value"].sum(),) * 2 if total else (used["value"].min(), used["value"].max())
    size = with_unit(low, series["unit"]) if low == high else f"{plain(low)} to {with_unit(high, series['unit'])}"
    return {
        "event_id": exposed.event_id,
        "measure": exposed.measure,
        "touches": series["title"].removesuffix(" added on the date"),
        "size": f"{used['hedge'].iloc[0]} {size}".strip(),
        "period": last,
        "counted_by": series["publisher"],
        "source_ids": ";".join(dict.fromkeys(used["source_id"])),
    }


def plain(number: float) -> str:
    """Write a number with separators and no more decimals than it has, at most one."""
    return f"{number:,.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")


def with_unit(number: float, unit: str) -> str:
    """Write a number with its unit as tables do."""
    short = {"percent": "%", "persons": "", "count": "", "routes": " routes"}
    ending = short.get(unit, f" {unit}")
    return plain(number) + ending


def pressure_durations(evidence: Evidence) -> pd.DataFrame:
    """Return how long each earlier case lasted, in months, with the present one for comparison.

    The shortest and longest length that the precision of the dates allows: a case dated by years alone gets a
    wide span. Cases without an end are left out, but the present one runs to the last measure known by the day.

    Returns
    -------
    DataFrame
        Columns precedent_id, target, case, start, end, months_low, months_high, duration, ongoing, source_ids,
        shortest first.
    """
    frame = evidence.economic_precedents
    ended = frame[(frame["end"] != "") & (frame["short"] != "")]
    rows = [_case_row(row) for row in ended.to_dict("records")] + _present_case(evidence)
    columns = "precedent_id target case start end months_low months_high duration ongoing source_ids"
    return pd.DataFrame(rows, columns=columns.split()).sort_values(["months_high", "precedent_id"], ignore_index=True)


def _case_row(row: dict[str, str]) -> dict[str, object]:
    low, high = months_between(row["start"], row["end"])
    return {
        "precedent_id": row["precedent_id"],
        "target": row["country"],
        "case": row["short"],
        "start": row["start"],
        "end": row["end"],
        "months_low": low,
        "months_high": high,
        "duration": row["duration"],
        "ongoing": False,
        "source_ids": row["source_ids"],
    }


def _present_case(evidence: Evidence) -> list[dict[str, object]]:
    """Return the present case from its first measure to the last one known, or nothing before it began."""
    events = evidence.events
    acts = events[(events["category"] == "economic") & events["actor"].str.startswith("CN")].sort_values("date")
    if acts.empty:
        return []
    sources = dict.fromkeys(i for text in acts["source_ids"].iloc[[0, -1]] for i in list_items(text))
    named = {"precedent_id": CURRENT_CASE, "country": "Japan", "short": "Taiwan remark, 2025", "duration": "not ended"}
    dated = {"start": acts["date"].iloc[0], "end": acts["date"].iloc[-1], "source_ids": ";".join(sources)}
    return [_case_row(named | dated) | {"ongoing": True}]


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
    """Return the earlier cases in full, oldest first, without the present one.

    Returns
    -------
    DataFrame
        Columns precedent_id, case, measures, duration, measured_cost, how_it_ended, source_ids.
    """
    frame = evidence.economic_precedents
    frame = frame[frame["short"] != ""].sort_values(["start", "precedent_id"])
    frame = frame.assign(case=frame["country"] + ": " + frame["short"])
    return frame[
        ["precedent_id", "case", "measures", "duration", "measured_cost", "how_it_ended", "source_ids"]
    ].reset_index(drop=True)


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
