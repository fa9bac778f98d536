"""Every evidence table in one place: columns, types, units, keys and meanings.

One `Table` says all that is known about a CSV file in ``data/``: what one row is, which column identifies
it, what each column means and which values fit. The pandera schemas, ``data/README.md`` and
``data/datapackage.json`` are derived from it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pandas as pd
import pandera.pandas as pa

STANCES = ("supportive", "conditional", "neutral", "cautious", "critical", "hostile")
CONFIDENCES = ("confirmed", "reported", "disputed")
CATEGORIES = ("diplomatic", "economic", "military", "political", "information", "legal")
VERDICTS = ("supported", "supported_with_context", "imprecise", "not_found", "disputed", "refuted")
SOURCE_TYPES = ("primary", "wire", "press", "analysis", "reference", "aggregator")
TRANSLATIONS = ("original", "official", "outlet")
UTTERANCES = ("2025-11-07", "2026-01-26", "both", "other")
QUESTIONS = ("remark", "policy", "measures", "alliance", "other")
SIDES = ("JP", "CN", "US", "TW", "KR", "KP", "RU", "PH", "OTHER", "INT")
CORRECTION_CLASSES = ("correction", "update", "wording")
QUOTE_WORDS = 25
QUOTE_CHARACTERS = 90  # for scripts written without spaces

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_PERIOD = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?")


def is_day(text: str) -> bool:
    """Tell whether `text` is a calendar day written YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_period(text: str) -> bool:
    """Tell whether `text` is a year, a month or a day (YYYY, YYYY-MM, YYYY-MM-DD)."""
    if not _PERIOD.fullmatch(text):
        return False
    return is_day((text + "-01-01")[:10] if len(text) < 10 else text)


def is_number(text: str) -> bool:
    """Tell whether `text` is a finite decimal number without separators."""
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", text))


def fits_quotation(text: str) -> bool:
    """Tell whether a quotation keeps to the house limit (25 words; 90 characters of Chinese or Japanese)."""
    return len(text) <= QUOTE_CHARACTERS if _CJK.search(text) else len(text.split()) <= QUOTE_WORDS


def has_no_control(text: str) -> bool:
    """Tell whether `text` is free of control characters and of stray white space at its ends."""
    return text == text.strip() and not re.search(r"[\x00-\x1f\x7f\ue000-\uf8ff\ufffd]", text)


def list_items(text: str) -> list[str]:
    """Split a ``;`` list into its items; an empty text is an empty list."""
    return [item.strip() for item in text.split(";")] if text else []


@dataclass(frozen=True)
class Kind:
    """A type of column: a test for one non-empty text, and how an editor mends a text that fails it."""

    name: str
    fits: Callable[[str], bool]
    mend: str
    package_type: str = "string"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("text", has_no_control, "remove control characters and white space at the ends"),
        Kind("id", lambda s: bool(_IDENTIFIER.fullmatch(s)), "use letters, digits, '.', '_' and '-' only"),
        Kind("day", is_day, "write an existing day as YYYY-MM-DD", "date"),
        Kind("period", is_period, "write YYYY, YYYY-MM or YYYY-MM-DD"),
        Kind("number", is_number, "write a plain decimal number, no separators, minus as '-'", "number"),
        Kind("integer", lambda s: bool(re.fullmatch(r"-?\d+", s)), "write a whole number", "integer"),
        Kind("url", lambda s: bool(re.fullmatch(r"https?://[^\s<>\"]+", s)), "write a full http(s) address"),
        Kind("lang", lambda s: bool(_LANGUAGE.fullmatch(s)), "write a language code such as en, ja or zh"),
        Kind(
            "quotation",
            lambda s: has_no_control(s) and fits_quotation(s),
            f"shorten the quotation to {QUOTE_WORDS} words ({QUOTE_CHARACTERS} characters in Chinese or Japanese)",
        ),
    )
}


@dataclass(frozen=True)
class Column:
    """One column: its kind and meaning, what it may hold and where its values must exist.

    Attributes
    ----------
    name, kind, meaning : str
        `kind` is a key of `KINDS`.
    unit : str
        Unit of measurement, empty for words.
    required : bool
        Whether an empty value is an error.
    values : tuple of str
        The only values allowed; empty means any.
    refers_to : str
        Table in which each value must be a key.
    many : bool
        Whether the value is a ``;`` list.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    required: bool = False
    values: tuple[str, ...] = ()
    refers_to: str = ""
    many: bool = False
    longest: int = 0
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """One evidence table: what a row is, its key, and its columns in file order."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    coverage: str = ""

    @property
    def names(self) -> list[str]:
        """Column names in file order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)

    @cache  # noqa: B019  (tables are module constants)
    def pandera(self) -> pa.DataFrameSchema:
        """Build the pandera schema that checks the table's text as it stands in the file."""
        return pa.DataFrameSchema(
            {column.name: pa.Column(str, _checks(column), nullable=False) for column in self.columns},
            strict=True,
            ordered=True,
            unique=list(self.key),
            report_duplicates="exclude_first",
            name=self.name,
        )


def _checks(column: Column) -> list[pa.Check]:
    """Turn a column's rules into named pandera checks; the name leads to the mend."""
    checks = [pa.Check(_each(column, KINDS[column.kind].fits), name=f"kind:{column.kind}")]
    if column.required:
        checks.append(pa.Check(lambda s: s != "", name="required"))
    if column.values:
        checks.append(pa.Check(_each(column, set(column.values).__contains__), name="values"))
    if column.longest:
        checks.append(pa.Check(_each(column, lambda s: len(s) <= column.longest), name="longest"))
    if column.low is not None:
        checks.append(pa.Check(_each(column, lambda s: not is_number(s) or _between(column, s)), name="range"))
    return checks


def _between(column: Column, text: str) -> bool:
    return column.low <= float(text) <= column.high


def _each(column: Column, fits: Callable[[str], bool]) -> Callable[[pd.Series], pd.Series]:
    """Apply a test to each non-empty item of a column (each item of a list where it holds lists)."""

    def test(values: pd.Series) -> pd.Series:
        return values.map(lambda v: all(fits(i) for i in (list_items(v) if column.many else [v])) if v else True)

    return test


def mend_for(column: Column, check: str) -> str:
    """Say how an editor mends a value of `column` that failed the named check."""
    if check == "required":
        return f"fill in {column.name}: {column.meaning}"
    if check == "values":
        return "use one of: " + ", ".join(column.values)
    if check == "longest":
        return f"shorten to {column.longest} characters"
    if check == "range":
        return f"use a value from {column.low:g} to {column.high:g} {column.unit}".rstrip()
    return KINDS[column.kind].mend


# ---------------------------------------------------------------------------------------------------------
# Shorthand for the columns that many tables share.


def _key(name: str, of: str) -> Column:
    return Column(name, "id", f"Identifier of the {of}; never reused, never changed", required=True)


def _text(name: str, meaning: str, required: bool = False, longest: int = 0) -> Column:
    return Column(name, "text", meaning, required=required, longest=longest)


def _enum(name: str, values: tuple[str, ...], meaning: str, required: bool = True) -> Column:
    return Column(name, "text", meaning, required=required, values=values)


def _actors(name: str, meaning: str, required: bool = False) -> Column:
    return Column(name, "id", meaning, required=required, refers_to="actors", many=True)


def _number(name: str, meaning: str, unit: str, required: bool = False) -> Column:
    return Column(name, "number", meaning, unit=unit, required=required)


SOURCES = Column(
    "source_ids", "id", "Sources of the row, most direct first", required=True, refers_to="sources", many=True
)
SINCE = Column(
    "since",
    "day",
    "First day on which the row as worded could be known; empty: the later of the row's "
    "own day and the first publication among its sources",
)
CONFIDENCE = _enum(
    "confidence",
    CONFIDENCES,
    "Highest confidence that the editor gives the row; what is shown is recomputed from its sources",
)
QUOTE = Column("quote", "quotation", "Words as spoken or printed, at most 25 words")
QUOTE_LANG = Column("quote_lang", "lang", "Language of the quotation")

_TABLES = (
    Table(
        "sources",
        "One page or document that was read",
        ("source_id",),
        (
            _key("source_id", "source"),
            _text("publisher", "Who published the page, with the outlet through which it was read in brackets", True),
            _text("title", "The page's own title; in square brackets where it was not visible", True),
            Column("url", "url", "Address of the page"),
            Column("published", "day", "Day of publication; empty where unknown, never guessed"),
            _enum(
                "type",
                SOURCE_TYPES,
                "primary: the actor's own document or data; wire: agency; press; analysis; "
                "reference: data sets and encyclopaedias; aggregator: copies and summaries of others",
            ),
            Column("lang", "lang", "Language of the page", required=True),
            Column(
                "origin",
                "id",
                "Who originated the text: reprints of one agency, and state media carrying their own "
                "government, share one origin",
                required=True,
            ),
            Column("speaks_for", "id", "Actor whose own voice the page is; empty for others", refers_to="actors"),
            _text("note", "What a checker must know: reprint of whom, excerpt only, partisan, machine-dated"),
        ),
    ),
    Table(
        "actors",
        "One actor: a state, an organ of it, a party, a group",
        ("actor",),
        (
            _key("actor", "actor"),
            _text("name", "Name in English", True),
            _text("name_ja", "Name in Japanese or Chinese"),
            _enum("side", SIDES, "Country or group to which the actor is counted"),
            _text("kind", "What it is: state, government, party, media, business, public, scholars", True),
        ),
    ),
    Table(
        "events",
        "One thing that happened on a day",
        ("event_id",),
        (
            _key("event_id", "event"),
            Column("date", "day", "Local day of the event", required=True),
            Column("end_date", "day", "Last day, where it lasted"),
            _actors("actor", "Who acted; empty where nobody did, as in a market reaction"),
            _actors("target", "Towards whom"),
            _enum("category", CATEGORIES, "Field of the act"),
            _text("label", "Short name for charts; empty for events that the overview leaves out", longest=48),
            _text("summary", "What happened, in one sentence", True, 160),
            _text("detail", "What else is known, including where accounts differ"),
            Column(
                "cameo_code", "id", "CAMEO event code as seen from actor to target; empty: not coded", refers_to="cameo"
            ),
            _text("cameo_reason", "Why this code"),
            SOURCES,
            CONFIDENCE,
            SINCE,
        ),
    ),
    Table(
        "statements",
        "One public statement by one speaker",
        ("statement_id",),
        (
            _key("statement_id", "statement"),
            Column("date", "day", "Local day on which it was made", required=True),
            _text("speaker", "Who spoke", True),
            _text("role", "In which role"),
            _actors("actor", "Actor for whom the speaker is counted", True),
            Column("stakeholder_id", "id", "Stakeholder to whom the words are counted", refers_to="stakeholders"),
            _text("audience", "To whom or where"),
            _enum("reacts_to", UTTERANCES, "Which utterance of the prime minister the words answer or are"),
            _enum("question", QUESTIONS, "What the words are mainly about"),
            _enum("stance", STANCES, "Stance towards the prime minister's position"),
            QUOTE,
            QUOTE_LANG,
            _enum(
                "translation",
                TRANSLATIONS,
                "original: the speaker's own language; official: a government's own "
                "English; outlet: a news outlet's or an unknown translation",
                False,
            ),
            _text("paraphrase", "The content in our own words", True),
            SOURCES,
            CONFIDENCE,
            SINCE,
        ),
    ),
    Table(
        "stakeholders",
        "One person, body or group with a stake",
        ("stakeholder_id",),
        (
            _key("stakeholder_id", "stakeholder"),
            _text("name", "Name", True),
            _text("kind", "government, official, party, media, business, analyst, public, civil_society", True),
            _actors("actor", "Actor code", True),
            _text("country", "Country", True),
            _text("position_summary", "Position in our own words", True),
            _enum("stance", STANCES, "Stance towards the prime minister's position, over all its statements"),
            _text("stance_basis", "What the stance rests on", True),
            _text("interests", "What it stands to gain or lose; inferred where marked"),
            SOURCES,
            SINCE,
        ),
    ),
    Table(
        "instruments",
        "One legal or political text",
        ("instrument_id",),
        (
            _key("instrument_id", "text"),
            _text("name", "Name in English", True),
            _text("name_ja", "Name in Japanese"),
            Column("date", "period", "Day, month or year of the text", required=True),
            _text(
                "kind",
                "treaty, statute, communique, cabinet_decision, charter, constitution, guideline, strategy",
                True,
            ),
            _text("provision", "Article or passage"),
            _text("what_it_says", "Content in our own words", True),
            _text("why_it_matters", "Why it matters here", True),
            SOURCES,
            SINCE,
        ),
    ),
    Table(
        "situations",
        "One situation of Japan's security legislation",
        ("situation_id",),
        (
            _key("situation_id", "situation"),
            Column("rung", "integer", "Place on the ladder, 1 lowest", required=True, low=1, high=20),
            _text("name_en", "English name", True),
            _text("name_ja", "Japanese name", True),
            _text("reading", "Romanised reading of the Japanese name"),
            _text("legal_basis", "Where it stands in law", True),
            _text("trigger", "What must be the case", True),
            _enum("may_use_force", ("no", "limited", "yes"), "Whether force may be used"),
            _text("sdf_may", "What the Self-Defense Forces may do", True),
            _text("diet_approval", "The Diet's part", True),
            _text("examples", "Examples that the government has given", True),
            SOURCES,
            SINCE,
        ),
    ),
    Table(
        "precedents",
        "One earlier statement on Taiwan or collective self-defence",
        ("precedent_id",),
        (
            _key("precedent_id", "statement"),
            Column("date", "period", "Day, month or year", required=True),
            _text("speaker", "Who spoke", True),
            _text("role", "In which role"),
            _actors("actor", "Actor code", True),
            _text("occasion", "Where", True),
            _text("what_it_said", "Content in our own words", True),
            QUOTE,
            QUOTE_LANG,
            _text("relevance", "Why it matters here", True),
            Column(
                "explicitness",
                "integer",
                "Place on the scale from ambiguous (0) to explicit (4); empty: not on it",
                low=0,
                high=4,
            ),
            _text("explicitness_reason", "Why this place"),
            SOURCES,
            CONFIDENCE,
            SINCE,
        ),
    ),
    Table(
        "contested",
        "One party's account of one contested question",
        ("contested_id",),
        (
            _key("contested_id", "account"),
            Column("question_id", "id", "Groups the accounts of one question", required=True),
            _text("question", "The question", True),
            _text("question_type", "legal, factual or both", True),
            _actors("party", "Whose account; ESTABLISHED for common ground, UNKNOWN for what is not known", True),
            _text("who", "Who gives it", True),
            _text("position", "The account in its own terms", True),
            QUOTE,
            QUOTE_LANG,
            SOURCES,
            CONFIDENCE,
            SINCE,
        ),
    ),
    Table(
        "claims",
        "One claim that was checked",
        ("claim_id",),
        (
            _key("claim_id", "claim"),
            _enum(
                "set",
                ("seed", "circulating"),
                "seed: from the article that the report began from; circulating: made by others",
            ),
            _text("claimant", "Who makes it", True),
            Column("date", "day", "When it was made, where known"),
            _text("claim", "The claim in our own words", True),
            _enum("verdict", VERDICTS, "Result of the check"),
            _text("evidence", "What the sources show", True),
            SOURCES,
            SINCE,
        ),
    ),
    Table(
        "series",
        "One statistical series",
        ("series_id",),
        (
            _key("series_id", "series"),
            _text("title", "What is measured, whose, where", True),
            _text("unit", "Unit of every value of the series", True),
            _text("frequency", "How often, and what a period stands for", True),
            _text("definition", "What is counted and what is not, where the title does not say it"),
            _text("publisher", "Who counts", True),
            _text("note", "Breaks, revisions, gaps"),
        ),
    ),
    Table(
        "observations",
        "One published value of one series for one period",
        ("series_id", "period", "variant"),
        (
            Column("series_id", "id", "Series", required=True, refers_to="series"),
            Column("period", "period", "Year, month or day that the value stands for", required=True),
            Column("variant", "id", "Which of several published values of one period; empty for the main one"),
            Column("value", "number", "The value, in the unit of its series", unit="as in series.unit", required=True),
            Column("source_id", "id", "Source of the value", required=True, refers_to="sources"),
            _text("note", "What a reader of this value must know"),
            SINCE,
        ),
    ),
    Table(
        "estimates",
        "One published estimate of a cost",
        ("estimate_id",),
        (
            _key("estimate_id", "estimate"),
            _text("author", "Who made it, where named"),
            _text("institution", "For whom", True),
            Column("published", "day", "Day of publication, where known"),
            _text("channel", "tourism, rare_earths, trade or total", True),
            _text("assumption", "What it assumes", True),
            _number("loss_value", "Size of the loss", "as in loss_unit"),
            _text("loss_unit", "Unit of the loss"),
            _text("horizon", "Over which time"),
            _number("pct_gdp", "Loss as a share of gross domestic product", "per cent"),
            _text("method_inputs", "Its inputs, as far as published, and this project's arithmetic"),
            SOURCES,
            SINCE,
        ),
    ),
    Table(
        "economic_precedents",
        "One earlier case of economic pressure by China",
        ("precedent_id",),
        (
            _key("precedent_id", "case"),
            _text("target", "Country under pressure", True),
            _text("trigger", "What set it off", True),
            Column("start", "period", "First month or year", required=True),
            Column("end", "period", "Last month or year; empty where it goes on or is not known"),
            _text("measures", "What was done", True),
            _text("duration", "How long, by which account", True),
            _text("measured_cost", "What was measured, by whom", True),
            _text("how_it_ended", "How it ended", True),
            SOURCES,
            CONFIDENCE,
            _text("note", "What a reader must know"),
            SINCE,
        ),
    ),
    Table(
        "places",
        "One place on the map",
        ("place_id",),
        (
            _key("place_id", "place"),
            _text("name", "Name, all names where disputed", True),
            _text("country", "Who administers it", True),
            _text("kind", "capital, city, port, island, base or strait", True),
            Column("lat", "number", "Latitude, WGS 84", unit="degrees north", required=True, low=-90, high=90),
            Column("lon", "number", "Longitude, WGS 84", unit="degrees east", required=True, low=-180, high=180),
            _text("why_it_matters", "Why it is on the map", True),
            SOURCES,
        ),
    ),
    Table(
        "exercises",
        "One large exercise or surge around Taiwan",
        ("exercise_id",),
        (
            _key("exercise_id", "exercise"),
            _text("name", "Name", True),
            _text("kind", "What it was", True),
            Column("start_date", "day", "First day", required=True),
            Column("end_date", "day", "Last day"),
            _text("area", "Where", True),
            _number("aircraft_peak_day", "Most aircraft counted on one day", "aircraft"),
            Column("peak_report_date", "day", "Day of the report with that peak"),
            _number(
                "median_or_adiz_peak_day", "Most aircraft across the median line or in the zone on one day", "aircraft"
            ),
            _number("navy_vessels_peak_day", "Most naval vessels on one day", "vessels"),
            _number("official_ships_peak_day", "Most other official ships on one day", "vessels"),
            _text("live_fire", "What was fired"),
            _text("context", "What set it off, by which account", True),
            SOURCES,
            CONFIDENCE,
            _text("note", "What a reader must know"),
            SINCE,
        ),
    ),
    Table(
        "calendar",
        "One dated signpost",
        ("calendar_id",),
        (
            _key("calendar_id", "signpost"),
            Column("date", "period", "Day, month or year", required=True),
            _text("what", "What happens or is due", True),
            _text("why_it_matters", "What it would mean", True),
            Column(
                "outcome_event",
                "id",
                "Event that says what came of it; shown only once the event is known; empty while open",
                refers_to="events",
            ),
            SOURCES,
            SINCE,
        ),
    ),
    Table(
        "cameo",
        "One code of the CAMEO scheme",
        ("cameo_code",),
        (
            _key("cameo_code", "code"),
            _text("label", "What it stands for", True),
            Column(
                "goldstein",
                "number",
                "Goldstein value, from -10 (most conflictual) to 10 (most cooperative)",
                unit="Goldstein points",
                required=True,
                low=-10,
                high=10,
            ),
        ),
    ),
    Table(
        "glossary",
        "One term",
        ("term_id",),
        (
            _key("term_id", "term"),
            _text("term", "The term in English", True),
            _text("term_ja", "In Japanese or Chinese"),
            _text("reading", "Romanised reading"),
            _text("definition", "What it means, in one or two sentences", True),
            SOURCES,
        ),
    ),
    Table(
        "corrections",
        "One correction of a published edition",
        ("correction_id",),
        (
            _key("correction_id", "correction"),
            Column(
                "day",
                "day",
                "Day of the correction; every edition that holds the corrected place carries it",
                required=True,
            ),
            _text(
                "place",
                "What was corrected: the id of a row, chapter/cell, fig-id, tab-id, or a chapter as a whole",
                True,
            ),
            _enum(
                "class", CORRECTION_CLASSES, "correction: it was wrong; update: it was right and is overtaken; wording"
            ),
            _text("was", "What stood there", True),
            _text("is", "What stands there now", True),
            _text("noticed_by", "Who noticed", True),
            Column("source_ids", "id", "Sources that show it", refers_to="sources", many=True),
        ),
    ),
    Table(
        "estimate_inputs",
        "One published input of one estimate",
        ("estimate_id", "input"),
        (
            Column("estimate_id", "id", "Estimate", required=True, refers_to="estimates"),
            Column("input", "id", "Name of the input in the formula", required=True),
            Column("value", "number", "Its value", unit="as in unit", required=True),
            _text("unit", "Unit of the value", True),
            Column("source_id", "id", "Source of the value", required=True, refers_to="sources"),
            _text("note", "What a reader must know"),
        ),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}
