"""The military numbers and what to watch: small tables to add up by hand, and what came of what was listed."""

import datetime as dt

import pandas as pd
import pytest

from alliance.security import numbers as security
from alliance.signposts import numbers as signposts
from explainer.evidence.evidence import Evidence
from explainer.exhibits.lookups import value
from explainer.project import DATA

COLUMNS = ["series_id", "period", "variant", "value", "source_id", "note", "known", "hedge", "derived"]
SORTIES, LINE, REPORTS = "pla-aircraft-month-total", "pla-medianline-month-total", "pla-report-days"


def tiny(*rows: tuple, as_of: str = "2026-08-21", **tables: pd.DataFrame) -> Evidence:
    """Evidence of a few observations: series, period, value, and perhaps hedge and whether it was derived."""
    full = [(s, p, "", float(v), "source", "", p, *(*more, "", "")[:2]) for s, p, v, *more in rows]
    drawn = pd.read_csv(DATA / "drawn.csv", keep_default_na=False)
    frames = {"observations": pd.DataFrame(full, columns=COLUMNS), "drawn": drawn, **tables}
    return Evidence(dt.date.fromisoformat(as_of), frames, dt.date(2026, 8, 21))


def test_measures_of_one_year_stand_in_order_and_other_years_stay_out():
    rows = [("jp-security-spending-gdpshare-supp", "2025", 2.0), ("sipri-milex-gdpshare-jp", "2025", 1.4)]
    small = tiny(*rows, ("sipri-milex-gdpshare-jp", "2024", 9.9))
    assert list(security.japan_ratios(small)["share_pct"]) == [1.4, 2.0]


def test_a_missing_month_stays_in_as_a_gap_and_a_lower_bound_is_marked():
    totals = [(SORTIES, "2025-01", 10), (SORTIES, "2025-03", 30), (REPORTS, "2025-01", 29)]
    frame = security.taiwan_activity(tiny(*totals, (LINE, "2025-01", 4, "at least"), (LINE, "2025-02", 5)))
    total = frame[frame["measure"] == "All aircraft counted"]
    assert list(total["month"]) == ["2025-01", "2025-02", "2025-03"]
    assert list(total["status"]) == ["counted", "gap", "counted"]
    assert (frame["reports"].iloc[0], frame["days"].iloc[0]) == (29, 31)
    assert list(frame[frame["measure"] != "All aircraft counted"]["status"]) == ["lower bound", "counted"]


def test_a_sum_needs_every_month():
    small = tiny((SORTIES, "2025-01", 10), (SORTIES, "2025-02", 20), (SORTIES, "2025-04", 40))
    assert security.months_sum(small, SORTIES, "2025-01", "2025-02") == 30
    with pytest.raises(ValueError, match="3 of 4 months"):
        security.months_sum(small, SORTIES, "2025-01", "2025-04")


def test_scrambles_mark_gaps_computed_years_and_the_unfinished_year():
    years = [("jp-scrambles-total", "2020", 5), ("jp-scrambles-total", "2022", 7, "", "yes")]
    frame = security.scrambles(tiny(*years, ("jp-scrambles-fy2025-cumulative-total", "2025-12", 4)))
    told = [(2020, "published"), (2021, "gap"), (2022, "computed"), (2025, "nine months")]
    assert list(zip(frame["fiscal_year"], frame["status"], strict=True)) == told


def test_days_of_an_exercise_are_written_once():
    assert security._day_span("2024-10-14", "2024-10-14") == "14 Oct 2024"
    assert security._day_span("2025-12-29", "2025-12-30") == "29–30 Dec 2025"
    assert security._day_span("2025-12-31", "2026-01-01") == "31 Dec–1 Jan 2026"


def test_the_sakishima_plan_adds_up(evidence):
    table = security.evacuation(evidence).set_index("who")["number"]
    people = table["Residents of the Sakishima islands"] + table["Visitors on the Sakishima islands"]
    assert people / table["Can be moved from Sakishima in a day"] == table["Days that the plan needs"]
    assert security.days_needed(evidence) == table["Days that the plan needs"]


def test_the_newest_number_is_shown():
    lines = pd.DataFrame({"series_id": ["n"], "who": ["nationals"], "basis": ["a survey"]})
    table = security.evacuation(tiny(("n", "2014", 1), ("n", "2024", 2), evacuation=lines))
    assert list(table["number"]) == [2] and list(table["as_of"]) == ["2024"]


def watched(*rows: tuple, as_of: str = "2026-08-21", **tables: pd.DataFrame) -> Evidence:
    """Such evidence with the levels that are watched."""
    return tiny(*rows, as_of=as_of, watch=Evidence.load().watch, **tables)


# --- What to watch


CALENDAR = pd.DataFrame(
    [("past", "2026-01-10", "2025-11-01"), ("month", "2026-03", "2025-12-15"), ("year", "2027", "2026-01-20")],
    columns=["calendar_id", "date", "known"],
).assign(what="", why_it_matters="", outcome_event="", source_ids="source")
NO_EVENTS = pd.DataFrame(columns=["event_id", "date", "summary", "source_ids", "known"])
DAYS = ["2025-11-30", "2026-01-28", "2026-08-21"]


def on(day: str) -> Evidence:
    """The small calendar on a day."""
    return watched(as_of=day, calendar=CALENDAR, events=NO_EVENTS)


def test_signposts_lie_ahead_or_are_due_and_remember_their_first_edition():
    frame = signposts.signposts(on("2026-01-28"), DAYS)
    assert list(frame["calendar_id"]) == ["month", "year"]
    assert list(frame["when"]) == ["Mar 2026", "2027"]
    assert list(frame["first_listed"]) == ["28 Jan 2026", "28 Jan 2026"]
    assert list(signposts.signposts_due(on("2026-01-28"), DAYS)["calendar_id"]) == ["past"]


def test_a_signpost_of_a_month_stays_until_the_month_is_over():
    assert "month" in set(signposts.signposts(on("2026-03-30"), DAYS)["calendar_id"])
    assert "month" not in set(signposts.signposts(on("2026-03-31"), DAYS)["calendar_id"])


@pytest.mark.parametrize(
    ("event_day", "result"),
    [("2026-02-20", "settled before"), ("2026-03-31", "came as dated"), ("2026-05-14", "came later")],
)
def test_an_event_settles_a_date(event_day, result):
    calendar = CALENDAR.assign(outcome_event=["", "it", ""])
    events = pd.DataFrame([("it", event_day, "It came.", "source", event_day)], columns=NO_EVENTS.columns)
    rows = signposts.date_outcomes(watched(as_of="2026-08-21", calendar=calendar, events=events), DAYS[1:])
    found = next(row for row in rows if row["id"] == "month")
    assert found["result"] == result and found["detail"].endswith("It came.")
    assert found["first_listed"] == "28 Jan 2026" and found["due"] == "Mar 2026"


def test_a_date_settled_before_an_edition_was_never_ahead_of_it():
    calendar = CALENDAR.assign(outcome_event=["", "it", ""])
    events = pd.DataFrame([("it", "2026-01-20", "It came.", "source", "2026-01-20")], columns=NO_EVENTS.columns)
    told = {"calendar": calendar, "events": events}
    assert "month" not in set(signposts.signposts(watched(as_of="2026-01-28", **told), DAYS)["calendar_id"])
    assert "month" not in {row["id"] for row in signposts.date_outcomes(watched(**told), DAYS[1:])}


@pytest.mark.parametrize("day", ["2025-11-30", "2026-01-28", "2026-02-10", "2026-08-21"])
def test_no_edition_lists_the_past_or_tells_the_future(evidence, day):
    """Every date ahead lies ahead, and no word of an outcome or a level comes from after the day."""
    cut = evidence.cut(day)
    ahead = cut.calendar.set_index("calendar_id").loc[signposts.signposts(cut)["calendar_id"], "date"]
    assert (ahead.map(lambda period: str(pd.Period(period).end_time.date())) > day).all() and len(ahead) >= 10
    frame, levels = signposts.outcomes(cut), signposts.thresholds(cut)
    cited = {i for text in [*frame["source_ids"], *levels["source_ids"]] for i in text.split(";") if i}
    assert cited <= set(cut.sources["source_id"])
    assert not levels["meaning"].str.contains("2026").any()
    assert (levels["latest_period"] <= day).all()
    settled = {e for e in cut.calendar["outcome_event"] if e} & set(cut.events["event_id"])
    assert (frame["kind"] == "date").sum() <= len(settled)


def test_what_later_editions_say_came_true(evidence):
    """The four dates by hand: refunds extended, vote held, meeting held, journey five weeks late."""
    dates = signposts.outcomes(evidence).query("kind == 'date'").set_index("id")
    assert dates["result"].to_dict() == {
        "2026-12-xi-visit-to-us": "settled before",
        "2025-12-31-airline-refunds-end": "settled before",
        "2026-02-08-lower-house-vote": "came as dated",
        "2026-03-19-white-house-meeting": "came as dated",
        "2026-04-trump-visit-to-china": "came later",
    }
    assert signposts.outcomes(evidence.cut("2025-11-30")).empty


def test_a_level_is_held_against_the_farthest_later_value(evidence):
    levels = signposts.outcomes(evidence).set_index("id")
    days = "senkaku-contiguous-days"
    assert levels.at[days, "due"] == value(evidence.cut("2025-11-30"), days, "2023") == 352
    assert levels.at[days, "detail"] == (357, "2025") and levels.at[days, "result"] == "crossed"
    assert levels.at["pla-aircraft-peak-day", "detail"] == (130, "2025-12-30")
    assert levels.at["jp-scrambles-total", "result"] == "no newer figure"


def row_of(frame: pd.DataFrame, series_id: str) -> pd.Series:
    return frame[frame["series_id"] == series_id].iloc[0]


def test_a_new_high_crosses_the_level():
    years = [("senkaku-contiguous-days", "2023", 300), ("senkaku-contiguous-days", "2024", 310)]
    crossed = signposts.thresholds(watched(*years, ("senkaku-contiguous-days", "2025", 311)), [])
    assert row_of(crossed, "senkaku-contiguous-days")[["level", "latest", "crossed"]].tolist() == [310, 311, "yes"]
    equal = signposts.thresholds(watched(*years, ("senkaku-contiguous-days", "2025", 310)), [])
    assert row_of(equal, "senkaku-contiguous-days")["crossed"] == "no"


def test_visitors_are_compared_with_the_same_month_a_year_before():
    april = [("vis_cn_m", "2025-12", 9), ("vis_cn_m", "2026-04", 3)]
    assert signposts.thresholds(watched(*april), []).empty, "nothing to compare with"
    frame = signposts.thresholds(watched(("vis_cn_m", "2025-04", 7), *april), [])
    assert row_of(frame, "vis_cn_m")[["level", "level_period", "crossed"]].tolist() == [7, "2025-04", "no"]


@pytest.mark.parametrize(("newest", "crossed"), [(-0.1, "yes"), (0, "no"), (32, "no")])
def test_a_fall_below_its_level_crosses_it(newest, crossed):
    frame = signposts.thresholds(watched(("exp_yoy_cn_m", "2026-03", 5), ("exp_yoy_cn_m", "2026-04", newest)), [])
    assert row_of(frame, "exp_yoy_cn_m")["crossed"] == crossed


def test_a_level_names_the_first_edition_that_could_compare(evidence):
    first = signposts.thresholds(evidence).set_index("series_id")["first_listed"]
    assert first["pla-aircraft-month-total"] == "30 Nov 2025" and first["vis_cn_m"] == "21 Aug 2026"
