"""One gate: whatever is wrong with a table, a notebook, report.toml or an option is told with its place and mend.

`check`, `build` and `diff` agree on what is good, and no input whatever ends in a traceback.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import Tables, Tiny, copy_tiny

CHAPTER = "02-what-was-lost"
EARLIER = f"notebooks/earlier/{CHAPTER}.ipynb"
Damage = Callable[[Path], None]


def replaced(name: str, old: str, new: str) -> Damage:
    """Return what replaces a text in a file; an empty one is its end."""

    def damage(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    return damage


def toml(old: str, new: str) -> Damage:
    return replaced("report.toml", old, new)


def folder_for(name: str) -> Damage:
    """Return what puts a folder where a file must be."""

    def damage(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()

    return damage


def part(code: str) -> Damage:
    """Return what names a part of the subject whose module does something else."""

    def damage(folder: Path) -> None:
        written("src/ferry/odd.py", code.encode())(folder)
        toml("", '\n[parts]\npreview_marks = "ferry.odd:x"\n')(folder)

    return damage


def edition(lines: str) -> Damage:
    return toml('title = "Spring"', f'title = "Spring"\n{lines}')


def another(name: str) -> Damage:
    return toml("", f'\n[editions.{name}]\ntitle = "Another"\nas_of = 2024-04-01\n')


def notebook(change: Callable[[dict[str, Any]], Any]) -> Damage:
    """Return what changes a notebook as its file has it."""

    def damage(folder: Path) -> None:
        path = folder / f"notebooks/{CHAPTER}.ipynb"
        nb = json.loads(path.read_text(encoding="utf-8"))
        change(nb)
        path.write_text(json.dumps(nb), encoding="utf-8")

    return damage


def cell(name: str, **parts: Any) -> Damage:
    return notebook(lambda nb: next(c for c in nb["cells"] if c["id"] == name).update(parts))


def code(name: str, text: str) -> Damage:
    return cell(name, source=text)


def tags(*names: Any) -> Damage:
    return cell("after", metadata={"tags": list(names)})


def prose(text: str) -> Damage:
    return cell("after", source=text)


def written(name: str, content: bytes) -> Damage:
    return lambda folder: folder.joinpath(name).write_bytes(content)


def row(**values: str) -> Damage:
    """Return what changes the second event."""
    return lambda folder: Tables(folder / "data").change("events", 1, **values) and None


SECOND = {"cell_type": "code", "id": "again", "metadata": {"tags": ["parameters"]}, "source": "as_of = '2024-07-05'",
          "outputs": [], "execution_count": None}  # fmt: skip

SETUP = f"""from explainer import chapter
from ferry.crossings.numbers import months_without
evidence, show, guard, value = chapter("{CHAPTER}", as_of)
"""
GUARDS = 'guard("crossings in January", value("crossings", "2024-01"), "182")'
MONTHS = '\nguard("months without a crossing", months_without(evidence), "1")\n'

FAULTS = {
    "a title that is a number": (toml('"Spring"', "5"), "[editions.spring.title] '5'"),
    "a report's title that is a number": (toml('"Example: the ferry that stopped"', "5"), "report.toml [title] '5'"),
    "an empty author": (toml('"Nobody in particular"', '""'), "report.toml [author]"),
    "keywords that are no list": (toml('["example"]', '"example"'), "[keywords] 'example': is no list"),
    "a misspelt word": (edition('titel = "x"'), "[editions.spring]: 'titel' means nothing here. Mend: did you mean"),
    "an edition called .": (another('"."'), "'.': cannot name an edition"),
    "an edition called ..": (another('".."'), "'..': cannot name an edition"),
    "an edition with a slash": (another('"a/b"'), "'a/b': cannot name an edition"),
    "an edition that runs": (another('"javascript:alert(1)"'), "'javascript:alert(1)': cannot name an edition"),
    "an edition named like a day": (another('"2024-04-01"'), "'2024-04-01': cannot name an edition"),
    "an edition in capitals": (another("LATEST"), "'LATEST': cannot name an edition"),
    "no latest edition": (toml("[editions.latest]", "[editions.newest]"), "has no 'latest'"),
    "a language that runs": (edition('language = "en\\"><script>1</script>"'), "[editions.spring.language]"),
    "a day with a time": (toml("2024-04-01", "2024-04-01T00:00:00"), "[editions.spring.as_of] '2024-04-01 00:00:00'"),
    "a day in quotes": (toml("2024-04-01", '"2024-04-01"'), "[editions.spring.as_of] '2024-04-01': is no day"),
    "a day before the story": (toml("2024-04-01", "2001-04-01"), "[editions.spring]: as_of = 2001-04-01"),
    "a day after the evidence": (toml("2024-04-01", "2031-04-01"), "the evidence reaches 2024-07-05"),
    "parameters that are none": (edition("parameters = 3"), "[editions.spring.parameters] '3': is no table"),
    "an unknown parameter": (edition("parameters = {focsu = 'x'}"), "unknown parameter 'focsu'"),
    "a second day": (edition("parameters = {as_of = '2024-05-01'}"), "[editions.spring.parameters.as_of]"),
    "a day of a month thirteen": (toml("as_of = 2024-07-05", "as_of = 2024-13-05"), "not readable as TOML"),
    "a misspelt section": (toml("[editions.latest]", "[edition.latest]"), "did you mean 'editions'"),
    "no subject": (toml('subject = "ferry"', ""), "needs subject"),
    "an edition without a title": (toml('title = "Latest"', ""), "[editions.latest]: needs title"),
    "a subject elsewhere": (toml('"ferry"', '"../ferry"'), "[subject] '../ferry': cannot name a package"),
    "a subject that is a library": (toml('"ferry"', '"json"'), "[subject] 'json': no such package in src/"),
    "an unknown part": (toml("", '\n[parts]\npreview_marks = "ferry.none:x"\n'), "[parts.preview_marks]"),
    "a budget in words": (toml("", '\n[checks.budgets]\nbrief = "many"\n'), "[checks.budgets.brief] 'many'"),
    "a rating beyond five": (toml("", '\n[verdicts.x]\nname = "X"\nrating = 6\n'), "[verdicts.x.rating] '6'"),
    "a title that turns round": (toml('"Spring"', '"Sp\\u202ering"'), "[editions.spring.title]"),
    "an address without an end": (toml("keywords", 'address = "http://x"\nkeywords'),
                                  "report.toml [address] 'http://x'"),
    "a notebook that is a list": (written(f"notebooks/{CHAPTER}.ipynb", b"[]"), f"{CHAPTER}.ipynb: not readable"),
    "a notebook without end": (written(f"notebooks/{CHAPTER}.ipynb", b"[" * 99_999), f"{CHAPTER}.ipynb: not readable"),
    "a notebook of the future": (notebook(lambda nb: nb.update(nbformat=5)), "[nbformat] '5.5': not a notebook of"),
    "cells that are none": (notebook(lambda nb: nb["cells"].append(5)), "[cell 8]: is no cell"),
    "a cell without an id": (notebook(lambda nb: nb["cells"][3].pop("id")), "[cell 4]: has no id"),
    "two cells with one id": (cell("after", id="count"), "[cell count] 'count': a second cell with this id"),
    "tags that are null": (cell("after", metadata={"tags": None}), "[cell after]"),
    "a tag that is a number": (tags(5), "[cell after]"),
    "an unknown tag": (tags("fig"), "[cell after] 'fig': unknown tag 'fig'. Mend: use aside"),
    "a tag of papermill": (tags("injected-parameters"), "unknown tag 'injected-parameters'"),
    "a day long after us": (tags("since:2206-01-01"), "unknown tag 'since:2206-01-01'"),
    "two tags of one kind": (tags("since:2024-03-04", "since:2024-07-05"), "[cell after] 'since:2024-03-04': a tag th"),
    "a place of earlier days in a chapter": (tags("before:count"), "[cell after] 'before:count': unknown tag"),
    "a guard in prose": (tags("guard"), "[cell after] 'guard': tags that do not go together, or not with such a cell"),
    "a table that is a figure": (cell("crossings", metadata={"tags": ["figure", "table"]}), "[cell crossings] 'figure"),
    "a cell that never stands": (tags("since:2024-07-05", "until:2024-07-04"), "'since:2024-07-05 until:2024-07-04'"),
    "an exhibit cell of two lines": (code("crossings", "print(1)\nshow('crossings')"), "an exhibit cell of more or le"),
    "an exhibit by no name": (code("crossings", "show(5)"), "an exhibit cell of more or less than one line"),
    "another's chapter": (code("setup", SETUP.replace("02", "99")), "[cell setup] '99-what-was-lost': opens another"),
    "a question to who builds": (code("setup", SETUP + "input()"), "[cell setup] 'input': asks whoever builds"),
    "no chapter": (code("setup", "x = 1"), f"{CHAPTER}.ipynb: no cell opens it. Mend: write chapter("),
    "a chapter of a fixed day": (code("setup", SETUP.replace("as_of)", "'2024-07-05')")), "a day of its own"),
    "an end of the program": (code("setup", f"{SETUP}exit()"), "[cell setup] 'exit()': ends the program"),
    "a guard of itself": (code("count-guard", f"{GUARDS}\nguard('a', 7, '7')"), "a guard of what it says itself"),
    "a magic": (code("setup", f"%time\n{SETUP}"), "[cell setup] '%time': a magic or shell line"),
    "a shell line": (code("setup", f"{SETUP}!echo x"), "[cell setup] '!echo x': a magic or shell line"),
    "broken code": (code("setup", "x = ("), "[cell setup] 'x = (': does not read as Python"),
    "an end before a guard": (code("count-guard", f"raise SystemExit\n{GUARDS}"), "'raise SystemExit': may pass over"),
    "a guard under a condition": (code("count-guard", f"if 0:\n    {GUARDS}"), "[cell count-guard] 'if 0:': may pass"),
    "an earlier cell without end": (replaced(EARLIER, "until:2024-07-04", "since:2024-03-04"),
                                    f"earlier/{CHAPTER}.ipynb [cell no-count]: a cell of earlier days without their"),
    "parameters that do more": (code("parameters", "import os\nas_of = '2024-07-05'"), "parameters that are no plain"),
    "parameters set twice": (code("parameters", "as_of = '2024-07-05'\nas_of = '2024-07-05'"), "parameters that are n"),
    "a day that is none": (code("parameters", "as_of = '2024-13-05'"), "[cell parameters] '2024-13-05': sets no day a"),
    "a day that is a number": (code("parameters", "as_of = 5"), "[cell parameters] '5': sets no day as_of"),
    "an unknown name": (code("parameters", "as_of = '2024-07-05'\nfocsu = 1"), "'focsu': no such parameter. Mend: did"),
    "parameters behind code": (notebook(lambda nb: nb["cells"].insert(1, nb["cells"].pop(2))), "not before all code"),
    "a form that is no whole number": (notebook(lambda nb: nb.update(nbformat=4.0)), "[nbformat] '4.0.5': not a noteb"),
    "a minor form that is none": (notebook(lambda nb: nb.update(nbformat_minor=-1)), "[nbformat] '4.-1': not a notebo"),
    "attachments that are none": (cell("after", attachments=5), "[cell after]: outputs that are no list, or an attach"),
    "outputs that are none": (cell("crossings", outputs=5), "[cell crossings]: outputs that are no list"),
    "outputs of prose": (cell("after", outputs=[]), "[cell after] 'outputs': means nothing in a markdown cell"),
    "an id that is too long": (cell("after", id="a" * 65), "': cannot be an id"),
    "a notebook in capitals": (written("notebooks/03-x.IPYNB", b"{}"), "03-x.IPYNB: begins like a chapter"),
    "a raw cell": (cell("after", cell_type="raw"), "[cell after] 'raw': is neither prose nor code"),
    "a source that is a number": (cell("after", source=5), "[cell after]: has no text"),
    "text that turns round": (prose("This report \u202eknows."), "[cell after] 'U+202E': a character that cannot be"),
    "half a character": (prose("This report \ud800 knows."), "[cell after] 'U+D800'"),
    "a call as a parameter": (cell("parameters", source="as_of = str(5)"), "[cell parameters]: parameters that are no"),
    "no parameters": (notebook(lambda nb: nb["cells"].pop(1)), f"{CHAPTER}.ipynb: no cell is tagged parameters"),
    "two cells of parameters": (notebook(lambda nb: nb["cells"].insert(2, SECOND)), "[cell again]: a second cell of"),
    "another kernel": (notebook(lambda nb: nb["metadata"].update(kernelspec=5)), "its kernel is not python3"),
    "an empty table": (written("data/events.csv", b""), "events.csv:1: the file has no header"),
    "a source named twice": (replaced("data/events.csv", "line-2024-03-02-notice;", "line-2024-03-02-notice;" * 2),
                             "[source_ids] 'line-2024-03-02-notice;line-2024-03-02-notice"),
    "a folder for a table": (folder_for("data/events.csv"), "events.csv: the file is missing, or is none"),
    "a folder for a notebook": (folder_for(f"notebooks/{CHAPTER}.ipynb"), f"{CHAPTER}.ipynb: not readable"),
    "a folder for the report's file": (folder_for("report.toml"), "report.toml: the file is missing, or is none"),
    "a pattern that is none": (replaced("data/schema.yaml", "description: Series, constraints: {",
                                        'description: Series, constraints: {pattern: "(", '),
                               "[observations.series_id] '(': no pattern"),
    "a value of the schema of another type": (replaced("data/schema.yaml", "enum: [confirmed", "enum: [5, confirmed"),
                                              "constraints.enum.0]: is no text"),
    "a part that ends the program": (part("raise SystemExit(3)"), "[parts.preview_marks] 'ferry.odd:x': no such part"),
    "a part that fails": (part("1 / 0"), "no such part (ZeroDivisionError"),
    "an unknown label": (row(confidence="sure"), "events.csv:3 [confidence] 'sure': is not an allowed value"),
    "an empty schema": (written("data/schema.yaml", b""), "schema.yaml"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_check_build_and_diff_tell_the_same_fault(tiny: Tiny, fault):
    is_told(tiny, *FAULTS[fault])


def is_told(tiny: Tiny, damage: Damage, told: str) -> None:
    """Hold that all commands tell a fault alike and leave nothing half made."""
    damage(tiny.folder)
    for command in (["check"], ["build", "--no-pdf"], ["diff", "spring", "latest"]):
        status, said = tiny.ask(*command)
        assert (status, told in said, "Traceback" in said) == (1, True, False), said
    assert not (tiny.folder / "reports").exists() or not any((tiny.folder / "reports").iterdir())


def test_what_other_programs_leave_in_files_is_no_fault(tiny: Tiny):
    lab = {"editable": True, "slideshow": {"slide_type": ""}, "execution": {"iopub.status.busy": "2026"}}
    notebook(lambda nb: [c["metadata"].update(copy.deepcopy(lab)) for c in nb["cells"]])(tiny.folder)
    code("count-guard", (GUARDS + MONTHS).replace("\n", "\r\n"))(tiny.folder)
    for name in ("report.toml", f"notebooks/{CHAPTER}.ipynb", "data/events.csv"):  # a mark of their order of bytes
        written(name, b"\xef\xbb\xbf" + (tiny.folder / name).read_bytes())(tiny.folder)
    assert tiny.ask("check")[0] == 0


ASKED = [
    (["build", "--as-of", "2026-13-01"], "'2026-13-01': does not read as a day"),
    (["build", "-p", "as_of=2026-13-01"], "'2026-13-01': does not read as a day"),
    (["build", "--as-of", "20240401"], "does not read as a day"),
    (["build", "--as-of", "２０２４-04-01"], "does not read as a day"),
    (["build", "-p", "focsu=CN"], "unknown parameter 'focsu': did you mean 'focus'?"),
    (["build", "--edition", "lates"], "did you mean 'latest'?"),
    (["build", "--as-of", "2031-01-01"], "the evidence reaches 2024-07-05"),
    (["build", "-p", "as_of="], "write parameters as name=value, each once"),
    (["build", "-p", "focus=A focus=B"], "each once"),
    (["build", "--edition", "spring", "--as-of", "2024-05-01"], "--edition and --as-of do not go together"),
    (["build", "--as-of", "2024-05-01", "-p", "as_of=2024-04-01"], "--as-of and -p as_of each name a day"),
    (["build", "--all", "--edition", "spring"], "--all and --edition do not go together"),
    (["build", "--every", "day", "--all"], "--all and --every do not go together"),
    (["build", "--every", "day", "--from", "x"], "does not read as a day"),
    (["build", "--edition", ""], "is empty. Mend: give it a value, or leave it out"),
    (["build", "--focus", ""], "--focus is empty"),
    (["build", "--focus", "../x"], "focus = '../x'"),
    (["export", "csl", "--as-of", "2031-01-01"], "the evidence reaches 2024-07-05"),
    (["export", "csl", "--as-of", "2001-01-01"], "the evidence begins on 2024-03-03"),
    (["export", "csl", "--edition", "spring", "--as-of", "2024-05-01"], "each name a day"),
    (["diff", "2031-01-01", "latest"], "the evidence reaches 2024-07-05"),
    (["diff", "2001-01-01", "latest"], "the evidence begins on 2024-03-03"),
    (["diff", "", "latest"], "is empty"),
    (["diff", "lates", "latest"], "did you mean 'latest'?"),
    (["diff", "/nowhere/at-all", "latest"], "no edition"),
    (["diff", "2024-13-01", "latest"], "'2024-13-01': does not read as a day"),
    (["build", "-p", " "], "-p/--param is empty"),
    (["build", "--focus", " "], "--focus is empty"),
    (["build", "--focus", "XX"], "no such actor. Mend: use one of: all."),
    (["build", "--dask", "nonsense"], "--dask 'nonsense': no address. Mend: write it like tcp://"),
    (["build", "--every", "day", "--to", "2099-01-01"], "the evidence reaches 2024-07-05"),
    (["build", "--every", "week", "--from", "1990-01-01"], "the evidence begins on 2024-03-03"),
    (["watch", "--port", "99999"], "not in the range"),
    (["build", "--workers", "0"], "is not in the range"),
    (["build", "--edition", "spring", "--edition", "latest"], "--edition stands twice. Mend: leave out all but one."),
    (["export", "csl", "--as-of", "2024-04-01", "--as-of", "2024-05-01"], "--as-of stands twice"),
    (["add", "source", "--title", "A", "--title", "B"], "--title stands twice"),
    (["retire", CHAPTER, "after", "--until", "2024-13-01"], "'2024-13-01': not a day"),
    (
        ["retire", CHAPTER, "after", "--until", "2024-05-01"],
        "the newest text is of 2024-07-05. Mend: write a newer text",
    ),
    (["retire", CHAPTER, "nope", "--until", "2024-05-01"], "no such cell"),
    (["new-chapter", "x"], "not the name of a chapter"),
    (["watch", "--as-of", "2031-01-01"], "the evidence reaches 2024-07-05"),
]


@pytest.mark.parametrize(("arguments", "told"), ASKED, ids=lambda value: " ".join(value)[:40])
def test_a_wrong_way_of_asking_ends_with_status_two(tiny: Tiny, arguments, told):
    status, said = tiny.ask(*arguments)
    assert (status, told in said, "Traceback" in said) == (2, True, False), said
    assert not any(words in said for words in ("Value error", "Input should", "pydantic"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["new-chapter", f"03-{'a' * 300}"], "not the name of a chapter"),
        (["retire", CHAPTER, "parameters", "--until", "2024-05-20"], "'parameters': every day needs it. Mend: retire"),
        (["retire", CHAPTER, "setup", "--until", "2024-05-20"], "'setup': every day needs it"),
    ],
)
def test_what_would_harm_a_chapter_is_refused(tiny: Tiny, arguments, told):
    status, said = tiny.ask(*arguments)
    assert (status, told in said) == (2, True) and tiny.ask("check")[0] == 0, said


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("numbers.py", "return observations(", "return {}['odd'](", "numbers.py:16 [exhibit crossings]"),
        ("numbers.py", "return observations(", "return observations(]", "numbers.py:16 [subject]"),
        ("words.py", "register(", "regster(", "words.py:20 [subject]"),
        ("words.py", "    _claim,", "    5,", "exhibit 'crossings': a claim is words"),
        ("words.py", "    _claim,", "    ' ',", "exhibit 'crossings': a claim is words"),
        ("words.py", '"crossings",', '"cross ings",', "exhibit 'cross ings': use letters"),
        ("numbers.py", "import pandas", "import nope_x", 'numbers.py:3 [subject] "ModuleNotFoundError'),
    ],
)
def test_code_of_the_subject_that_fails_is_named_with_its_line(tmp_path, file, old, new, told):
    copy = copy_tiny(tmp_path / "tiny")  # a process that has loaded the code would not see it change
    replaced(f"src/ferry/crossings/{file}", old, new)(copy.folder)
    done = copy.run("diff", "spring", "latest")
    assert done.returncode == 1 and told in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_an_audit_needs_no_word_on_how_a_source_was_read(tiny: Tiny):
    status, said = tiny.ask("audit", "--draw", "2")
    assert status == 0 and (tiny.folder / "audit/audit.csv").is_file(), said
