"""One gate, more of it: tables, schema and report.toml that nobody could read, print or open as they are meant."""

import os
from pathlib import Path

import pytest
from test_gate import Damage, edition, is_told, part, replaced, row, toml, written

from conftest import Tiny, copy_tiny


def fifo(name: str) -> Damage:
    """Return what puts a pipe, which nobody fills, where a file must be."""

    def damage(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return damage


def schema(old: str, new: str) -> Damage:
    return replaced("data/schema.yaml", old, new)


def what(text: str) -> Damage:
    """Return what gives the second event other words."""
    return row(what=text)


def comma_at_every_end(folder: Path) -> None:
    path = folder / "data/observations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("\n", ",\n"), encoding="utf-8")


UNSEEN = [
    ("a filler", "\u3164", "<U+3164>"),
    ("a choseong", "\u115f", "<U+115F>"),
    ("a joiner", "\u034f", "<U+034F>"),
    ("a soft hyphen", "\xad", r"\xad"),
    ("a separator", "\u2063", r"\u2063"),
    ("a letter mark", "\u061c", r"\u061c"),
    ("a tag", "\U000e0041", r"\U000e0041"),
    ("no character", "\uffff", r"\uffff"),
    ("another that is none", "\ufdd0", r"\ufdd0"),
    ("a private sign", "\U00100000", r"\U00100000"),
    ("a pile of marks", "\u0301" * 9, "\u0301" * 9),
]
UNOPENED = ["https://a..b/", "https://./", "https://-/", "https://a.b:99999/", "https://a.b/%zz", "https://[::::]/",
            "https://1.2.3.999/"]  # fmt: skip
FAULTS = {
    "a schema of nothing": (written("data/schema.yaml", b""), "schema.yaml: is no table of names and values"),
    "a schema that is a list": (written("data/schema.yaml", b"- a"), "schema.yaml: is no table of names and values"),
    "a name of the schema twice": (schema("reaches: true", "reaches: true\n    reaches: false"),
                                   "not readable as YAML ('reaches' stands twice)"),
    "a schema with a NUL": (schema("events", "ev\0ents"), "schema.yaml:40 '\\x00': holds white space"),
    "a schema in another code": (written("data/schema.yaml", b"a: 1\nb: \xff\n"), "schema.yaml:2: not UTF-8"),
    "a day that no month has": (schema("2024-03-03", "2024-13-03"), "schema.yaml: holds a day or a number that"),
    "a number without end": (schema("2024-03-03", "9" * 5000), "schema.yaml: holds a day or a number that"),
    "a first day that is a text": (schema("2024-03-03", "soon"), "schema.yaml [first_day]: is no day"),
    "a key of nothing": (schema("[event_id]", "[]"), "[events.primaryKey]: is empty"),
    "a key that is a list of sources": (schema("[event_id]", "[source_ids]"), "[events.source_ids]: a list as a part"),
    "a key of the sources of its own": (schema("primaryKey: [source_id]", "primaryKey: [title]"),
                                        "[sources.primaryKey]: is not source_id"),
    "a key that is no text": (schema("[event_id]", "event_id"), "[events.primaryKey]: is no list"),
    "a day that is a text": (schema("day: date", "day: what"), "[events.what]: a column of kind text where"),
    "a reach that is a text": (schema("coverage: date", "coverage: what"), "[events.what]: a column of kind text"),
    "a name that is a number": (schema("measured: true", "measured: true\n    named_by: [value]"),
                                "[observations.value]: a column of kind number where"),
    "an identifier that is a number": (schema("{name: value, ", "{name: value, kind: id, "),
                                       "[observations.value]: type, format and kind exclude each other"),
    "a list of no values": (schema("enum: [primary, press, reference]", "enum: []"), "constraints.enum]: is empty"),
    "a least of a text": (schema("maxLength: 160", "minimum: 3"), "[events.what]: bounds of no number"),
    "a least above the most": (schema("series says, constraints: {", "x, constraints: {minimum: 3, maximum: 1, "),
                               "[observations.value]: bounds of no number, or the"),
    "a length below nought": (schema("maxLength: 160", "maxLength: -5"), "constraints.maxLength]: is too small"),
    "a table twice": (schema("name: observations", "name: events"), "schema.yaml 'events': stands twice"),
    "a column twice": (schema("{name: note, description: What a r", "{name: value, description: "), "'value': stands"),
    "a table elsewhere": (schema("name: observations", "name: ../observations"), "schema.yaml '../observations'"),
    "a pattern that never ends": (schema("maxLength: 160", "pattern: '(\\w+\\s?)+!'"), "does not have the form"),
    "a table that never ends": (fifo("data/events.csv"), "events.csv: the file is missing, or is none"),
    "an event after its sources": (row(date="2024-05-12"), "[date] '2024-05-12': later than all its sources (the last"),
    "a latest edition of another day": (toml("2024-07-05", "2024-07-04"),
                                        "[editions.latest.as_of] '2024-07-04': the evidence reaches 2024-07-05"),
    "a day among months": (replaced("data/observations.csv", "2024-05,", "2024-05-03,"),
                           "observations.csv:6 [period] '2024-05-03': a period of another length"),
    "a series in capitals": (replaced("data/observations.csv", "crossings,2024-05", "Crossings,2024-05"),
                             "observations.csv:6 [series_id] 'Crossings': differs from line 2 in capital letters only"),
    **{f"{name} in a text": (what(f"The fer{sign}ry crosses."), f"events.csv:3 [what] 'The fer{seen}ry crosses.'")
       for name, sign, seen in UNSEEN},
    "a title of nothing": (replaced("data/sources.csv", "The ferry is back", "\u3164"), ":3 [title] '<U+3164>'"),
    "a sign of no font": (what("The \U00012000 crosses."), "events.csv:3 [what] '\U00012000': no shipped font has the"),
    "a title of no font": (toml('"Latest"', '"\u0628"'), "report.toml '\u0628': no shipped font has the character"),
    **{f"an address {url}": (replaced("data/sources.csv", "https://courier.example/back", url), f"[url] '{url}': does")
       for url in UNOPENED},
    "an address with two dots": (toml("keywords", 'address = "https://a..b/"\nkeywords'), "[address] 'https://a..b/'"),
    "a name of no table": (toml("", '\n[counted]\nevnts = "x"\n'), "[counted] 'evnts': names nothing that there is."
                           " Mend: did you mean 'events'? correct or remove it."),
    "a table that is not shown": (toml("", '\n[checks.tables]\nx = "why"\n'), "[checks.tables] 'x': names nothing"),
    "rows that nothing draws": (toml("", '\n[parts]\npreview_data = "os:getcwd"\n'), "[parts]: has rows of the"),
    "parameters that are a library": (toml("", '\n[parts]\nparameters = "os"\n'), "[parts.parameters] 'os': no such"),
    "a part that is a number": (part("x = 5"), "no such part (TypeError: it cannot be called)"),
    "a number of 5,000 digits": (edition("about = " + "9" * 5000), "report.toml: not readable as TOML. Mend: "),
    "a report's file in another code": (written("report.toml", 'title = "x"\nauthor = "é"'.encode("cp1252")),
                                        "report.toml:2: not UTF-8"),
    "a sheet of Excel": (written("data/events.csv", b"PK\3\4"), "events.csv:1 'PK\\x03\\x04': names none"),
    "what stands for a large file": (written("data/events.csv", b"version https://git-lfs.github.com/spec/v1\noid x\n"),
                                     "events.csv:1 'version https://git-lfs.github.com/spec/v1': names none"),
    "a comma at every end": (comma_at_every_end, "observations.csv:1: a column without a name"),
    "two marks of the order of bytes": (replaced("data/events.csv", "event_id", "\ufeff\ufeffevent_id"),
                                        "[<U+FEFF>event_id]: unknown column"),
    "text after a quotation": (replaced("data/events.csv", "The ferry", '"The" ferry'),
                               "events.csv:3: not readable as CSV: text after a closing quotation mark"),
    "a line of blanks": (replaced("data/events.csv", "2024-05-10-f", "   \n2024-05-10-f"), "Mend: remove the line, or"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_check_build_and_diff_tell_the_same_fault_of_the_input(tiny: Tiny, fault):
    is_told(tiny, *FAULTS[fault])


def test_a_report_without_its_file_is_not_taken_for_another(tmp_path):
    copy = copy_tiny(tmp_path / "tiny")
    (copy.folder / "report.toml").unlink()
    done = copy.run("check")
    assert done.returncode == 1 and "report.toml: the file is missing" in done.stderr, done.stderr
