"""What a sentence owes its reader, and what the report's size is held to: each seeded fault is named, its mend too."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from explainer.check import budgets
from explainer.check.budgets import table_problems
from explainer.check.voice import check_newest
from explainer.text.chapters import read_chapters

SOURCE, ROW = "yomiuri-2025-11-10-reflects", "2025-11-10-takaichi-no-retract"
SAID = "we will be pulled in whether we like it or not"
FAULTS = {
    "fact": ("On 7 November she answered Okada in the Diet.", "a fact without proof"),
    "quotation": (f'She said "what nobody ever wrote down" [@{SOURCE}].', "is in no row labelled or cited"),
    "absence": (f"No party asked Takaichi for more [@{SOURCE}].", "'No' without a guard or a search"),
    "search": (f"This report found much, but no reply of Takaichi was found [@{SOURCE}].", "without a search"),
    "age": (f"In Tokyo she would not retract it [@{SOURCE}] [={ROW}].", ""),
    "speaker": (
        f'Somebody in Manila said "{SAID}" [@taipeitimes-2025-08-12-marcos].',
        "is said by Ferdinand Marcos Jr, who is not named with it",
    ),
    "voice": (f"Chinese pressure on Japan went on [@{SOURCE}].", "'pressure' in the report's own voice"),
    "count": (f"In November China took 25 measures [@{SOURCE}].", "'25 measures' is a count of this report's"),
}
SOUND = (
    f"In Tokyo she would not retract it [@{SOURCE}].",
    f'Ferdinand Marcos said "{SAID}" [@taipeitimes-2025-08-12-marcos].',
    f"Masuda advised Japan not to yield to pressure [@{SOURCE}].",
    f"This report counts 25 measures of China [@{SOURCE}].",
)


def chapters(text: str, *shown: str) -> dict:
    cells = [new_markdown_cell(f"## One\n\n{text}", id="one")]
    cells += [new_code_cell(f'show("{one}")', id=one, metadata={"tags": ["table"]}) for one in shown]
    return {"01-brief": new_notebook(cells=[new_markdown_cell("# Brief", id="t")]), "02-one": new_notebook(cells=cells)}


def told(evidence, text: str) -> list[str]:
    return [str(one) for one in check_newest(evidence, chapters(text))[1] if one.file.endswith(".ipynb")]


@pytest.mark.parametrize(("text", "what"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_of_a_sentence_is_named_with_its_mend(evidence, text, what):
    found = told(evidence, text)
    assert len(found) == bool(what) and all(what in one and "[cell one]" in one and "Mend: " in one for one in found)


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_sentence_is_let_be(evidence, text):
    assert told(evidence, text) == []


def test_the_newest_text_of_the_report_carries_its_proof(evidence):
    assert check_newest(evidence, read_chapters())[1] == []


def test_a_chapter_beyond_its_budget_is_named_with_what_to_cut(evidence):
    found = told(evidence, "word " * (budgets.limits()["budgets"]["chapter"] + 7))
    assert any("'2,207': longer than the 2,200 words" in one and "Mend: cut 7 words" in one for one in found)


def test_a_table_larger_than_a_page_is_named_outside_the_record(evidence):
    body = chapters("Words.", "events-register")
    assert all(
        "[cell events-register]" in (line := str(one)) and "Mend: " in line for one in table_problems(evidence, body)
    )
    assert {one.value.split()[1] for one in table_problems(evidence, body)} >= {"rows"}
    assert not list(table_problems(evidence, {"01-brief": body["01-brief"], "02-the-record": body["02-one"]}))
