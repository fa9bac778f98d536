"""Cells of earlier days: laid in where they stood, moved there by a command, refused where they do not belong."""

import datetime as dt
import json
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from explainer.author.chapters import retire
from explainer.check.sentences import check_all
from explainer.problems import AskedError, ChapterError
from explainer.text.cells import dates, tags
from explainer.text.chapters import read_chapters

LAST = dt.date(2026, 8, 21)


def cell(name: str, text: str, *cell_tags: str):
    make = new_code_cell if "guard" in cell_tags else new_markdown_cell
    return make(text, id=name, metadata={"tags": list(cell_tags)} if cell_tags else {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cells = [cell("title", "# Why?"), cell("old", "There were 12 [@asahi-2025-11-10-committee]."),
             cell("old-guard", 'guard("them", 12, "12")', "guard"),
             cell("both-guard", 'guard("them", 12, "12")\nguard("others", 7, "7")', "guard"),
             cell("new", "There were 7 [@asahi-2025-11-10-committee].", "since:2026-01-28"),
             cell("end", "It ends.")]  # fmt: skip
    (tmp_path / "01-a.ipynb").write_text(writes(new_notebook(cells=cells)), encoding="utf-8")
    return tmp_path


def written(path: Path) -> list[tuple[str, list[str]]]:
    return [(c["id"], c["metadata"].get("tags", [])) for c in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def test_a_retired_cell_goes_with_its_guard_and_is_laid_in_where_it_stood(folder):
    before = [c.id for c in read_chapters(folder)["01-a"].cells]
    assert retire("01-a", "old", "2026-01-27", LAST, folder) == ["old", "old-guard"]
    assert [name for name, _ in written(folder / "01-a.ipynb")] == ["title", "both-guard", "new", "end"]
    told = ["until:2026-01-27", "before:both-guard"]
    assert written(folder / "earlier/01-a.ipynb") == [("old", told), ("old-guard", ["guard", *told])]
    whole = read_chapters(folder)["01-a"].cells
    assert [c.id for c in whole] == before
    assert (tags(whole[1]), dates(whole[1])) == (["until:2026-01-27"], (None, dt.date(2026, 1, 27)))


def test_a_guard_stays_with_another_text_that_prints_its_number(folder):
    path = folder / "01-a.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("It ends.", "It ends at 12."), encoding="utf-8")
    assert retire("01-a", "old", "2026-01-27", LAST, folder) == ["old"]


def test_cells_that_stood_before_a_retired_one_keep_their_place(folder):
    before = [c.id for c in read_chapters(folder)["01-a"].cells]
    for name in ("old", "both-guard", "end", "new"):
        retire("01-a", name, "2026-02-01", LAST, folder)
    assert [c.id for c in read_chapters(folder)["01-a"].cells] == before
    assert [name for name, _ in written(folder / "01-a.ipynb")] == ["title"]
    assert not [tag for _, told in written(folder / "earlier/01-a.ipynb") for tag in told if tag.startswith("before:")]


@pytest.mark.parametrize(
    ("chapter", "name", "day", "told"),
    [("01-b", "old", "2026-01-27", "no such chapter.*did you mean '01-a'"),
     ("01-a", "odl", "2026-01-27", "no such cell of 01-a.*did you mean 'old'"),
     ("01-a", "old", "yesterday", "'yesterday': not a day"),
     ("01-a", "old", "2026-08-21", "the newest text is of 2026-08-21"),
     ("01-a", "new", "2026-01-27", "give a day from 2026-01-28 before 2026-08-21")],
)  # fmt: skip
def test_what_cannot_be_retired_is_refused_with_its_mend(folder, chapter, name, day, told):
    with pytest.raises(AskedError, match=told):
        retire(chapter, name, day, LAST, folder)
    assert not (folder / "earlier").exists()


@pytest.mark.parametrize(
    ("name", "place", "told"),
    [("gone", "nowhere", "before the cell 'nowhere', which is not there"), ("end", "new", "stands there too")],
)
def test_a_cell_of_earlier_days_without_a_place_is_named(folder, name, place, told):
    (folder / "earlier").mkdir()
    early = new_notebook(cells=[cell(name, "It was.", "until:2026-01-27", f"before:{place}")])
    (folder / "earlier/01-a.ipynb").write_text(writes(early), encoding="utf-8")
    with pytest.raises(ChapterError, match=f"earlier/01-a.ipynb, cell {name}: .*{told}.*Mend"):
        read_chapters(folder)


def test_each_text_stands_in_its_file(folder, evidence):
    retire("01-a", "old", "2026-01-27", LAST, folder)
    path = folder / "earlier/01-a.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("until:2026-01-27", "until:2026-12-31"), encoding="utf-8")
    path = folder / "01-a.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("since:2026-01-28", "until:2026-01-28"), encoding="utf-8")
    found = [p for p in check_all(evidence, read_chapters(folder))[1] if "the newest day" in p.what]
    assert [(p.file, p.column) for p in found] == [
        ("earlier/01-a.ipynb", "cell old"), ("earlier/01-a.ipynb", "cell old-guard"), ("01-a.ipynb", "cell new")
    ]  # fmt: skip
    assert found[-1].mend == "explainer retire 01-a new --until DAY"


@pytest.mark.parametrize("name", ["02 next", "2-next", "02-what next"])
def test_a_file_named_almost_like_a_chapter_is_not_passed_over(folder, name):
    (folder / f"{name}.ipynb").write_text((folder / "01-a.ipynb").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ChapterError, match=f"{name}.ipynb: .*not named as one. Mend: name it like"):
        read_chapters(folder)
