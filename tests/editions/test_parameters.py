"""A reader's own assumptions: refused when bad, followed by the exhibits alone, marked on page and paper."""

import ast
import io
import re
import shutil

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from alliance.scenarios import numbers as scenarios
from alliance.scenarios.parameters import BY_NAME, PARAMETERS, checked
from conftest import FIXTURES, Project, copy_project
from explainer.editions.editions import find_edition, requested
from explainer.editions.parameters import SCENARIO, Parameters, own_scenario, read
from explainer.problems import AskedError
from explainer.project import NOTEBOOKS
from explainer.text.chapters import parameters_of
from publish_fixture import page

DAY = {"as_of": find_edition("latest").as_of.isoformat()}
names = st.sampled_from(sorted(SCENARIO))


def chapter(name: str = "05-economy") -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)


def test_every_assumption_is_a_parameter_with_its_default_and_range():
    assert {"visitor_drop_pct", "visitor_drop_months", "spending_per_visitor_jpy", "replaced_pct",
            "rare_earth_stop_months", "seafood_stop_months"} <= set(SCENARIO)  # fmt: skip
    assert {name: getattr(read(DAY), name) for name in SCENARIO} == checked({})
    assert all(field.description for field in Parameters.model_fields.values())


@given(name=names, beyond=st.floats(0.001, 1e9), upward=st.booleans())
def test_a_value_out_of_range_is_refused_with_its_range(name, beyond, upward):
    p = BY_NAME[name]
    value = p.maximum + beyond if upward else p.minimum - beyond
    with pytest.raises(AskedError, match=re.escape(f"from {p.minimum:,.10g} to {p.maximum:,.10g}")):
        read({**DAY, name: value})


@pytest.mark.parametrize("value", ["thirty", "30%", "", "nan", "inf", True, None, "²"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(AskedError, match="the default is 50"):
        read({**DAY, "visitor_drop_pct": value})


@given(name=names, place=st.integers(0, 8))
def test_a_misspelt_name_is_told_the_right_one(name, place):
    with pytest.raises(AskedError, match=f"did you mean '{name}'"):
        read({**DAY, name[:place] + name[place + 1 :]: 30})


def test_all_faults_are_told_at_once():
    with pytest.raises(AskedError) as told:
        read({**DAY, "visitor_drop": 30, "replaced_pct": 120, "focus": "a b"})
    assert all(w in str(told.value) for w in ("did you mean 'visitor_drop_pct'", "replaced_pct = 120", "focus = 'a b'"))


def test_chapters_set_only_parameters_and_their_defaults():
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        cell = next(c for c in chapter(path.stem).cells if "parameters" in c.metadata.get("tags", []))
        own = parameters_of(cell.source)
        assert read(own).model_dump(include=set(own)) == read(DAY).model_dump(include=set(own)), path.name
    assert {p.name for p in PARAMETERS} <= set(parameters_of(next(
        c for c in chapter().cells if "parameters" in c.metadata.get("tags", [])).source))  # fmt: skip


@given(name=names, share=st.floats(0, 1))
@settings(max_examples=50)
def test_a_value_in_range_is_taken_and_never_overwrites_a_published_edition(name, share):
    p = BY_NAME[name]
    value = p.minimum + share * (p.maximum - p.minimum)
    edition = requested(None, None, None, {name: repr(value)})
    assert getattr(read({**DAY, name: repr(value)}), name) == value
    assert (edition.name == "latest") == (value == p.default)
    assert re.fullmatch(r"[A-Za-z0-9_.+-]+", edition.name)


def test_the_order_of_parameters_does_not_matter_and_as_of_may_be_one():
    one = requested(None, None, None, {"replaced_pct": "10", "visitor_drop_pct": "30"})
    two = requested("latest", None, "all", {"visitor_drop_pct": "30.0", "replaced_pct": "10"})
    assert one == two and one.name == "latest_replaced_pct-10_visitor_drop_pct-30"
    assert requested(None, "2025-12-24", None, {}) == requested(None, None, None, {"as_of": "2025-12-24"})
    assert requested("first-answer", None, None, {"visitor_drop_pct": "50"}) == find_edition("first-answer")


# --- Prose keeps the report's scenario, exhibits follow the reader's ------------------------------------------


def test_no_guard_reads_a_readers_number():
    """A guard under a reader's number would break the build, or let a sentence say what the report does not."""
    for cell in chapter().cells:
        if cell.cell_type != "code" or {"parameters", "setup"} & set(cell.metadata.get("tags", [])):
            continue
        read_names = {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
        assert not read_names & set(SCENARIO), cell["id"]
        if "scenario" in read_names:
            assert re.fullmatch(r'show\("[a-z-]+", \*\*scenario\)', cell.source), cell["id"]


def test_every_assumption_reaches_the_scenario_of_the_chapter():
    source = next(c.source for c in chapter().cells if c["id"] == "setup")
    names = {"scenarios": scenarios, **{name: n for n, name in enumerate(SCENARIO)}}
    exec(next(line for line in source.splitlines() if line.startswith("scenario = ")), names)
    assert names["scenario"] == {name: n for n, name in enumerate(SCENARIO)}


@pytest.fixture(scope="module")
def own_copy(tmp_path_factory) -> Project:
    """A project with the scenario in its second chapter, built under a reader's number."""
    project = copy_project(tmp_path_factory.mktemp("own") / "project")
    shutil.copy(FIXTURES / "own-copy/02-small.ipynb", project.folder / "notebooks")
    done = project.run("build", "-p", "visitor_drop_pct=30")
    assert done.returncode == 0, done.stderr
    return project


OWN = "latest_visitor_drop_pct-30"


def test_an_own_copy_says_so_at_the_top_of_page_chapter_and_section(own_copy):
    page = own_copy.state()[f"reports/{OWN}/report.html"].decode()
    words = "Fall in visitors 30% instead of 50%"
    opening, _, rest = page.partition("</header>")
    assert "own copy, not a published edition" in opening and words in opening
    boxes = re.findall(r'<aside class="cell".*?</aside>', rest, re.S)
    assert len(boxes) == 2 and all(words in box and 'href="#fig-scenario-costs"' in box for box in boxes)
    section = rest[rest.index('id="h-sum"') : rest.index('id="h-other"')]
    assert section.index("own assumptions.") < section.index("sum stands in")
    assert words not in rest[rest.index('id="h-other"') : rest.index("<footer")] if "<footer" in rest else True


def test_an_own_copy_says_so_on_paper(own_copy):
    data = own_copy.state()[f"reports/{OWN}/report.pdf"]
    pages = [" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(data)).pages]
    assert "not a published edition" in pages[0] and "Fall in visitors 30% instead of 50%" in pages[0]
    assert any("A reader" in p and "own assumptions" in p for p in pages[1:])


def test_an_own_copy_moves_the_exhibit_and_not_the_sentence(own_copy):
    state = own_copy.state()
    rows = [line.split(",") for line in state[f"figures/{OWN}/scenario-costs.csv"].decode().splitlines()]
    visitors = dict(zip(rows[0], rows[1], strict=False))
    assert float(visitors["central_jpy_bn"]) == pytest.approx(float(visitors["default_jpy_bn"]) * 0.6)
    assert "By default visitors cost 0.83 trillion yen" in state[f"reports/{OWN}/report.html"].decode()
    assert "reports/latest/report.html" not in state
    source = nbformat.read(own_copy.folder / "notebooks" / "02-small.ipynb", 4)
    assert not any(cell.get("outputs") for cell in source.cells)


def test_the_report_itself_carries_no_mark():
    assert own_scenario(read({**DAY, "visitor_drop_pct": "50"})) == {}
    assert "own copy" not in page() and "own assumptions" not in page()


def test_bad_assumptions_stop_before_a_kernel_starts(own_copy):
    before = own_copy.state()
    done = own_copy.run("build", "-p", "visitor_drop_pct=../../x replaced_pct=-1")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert all(words in done.stderr for words in ("visitor_drop_pct = '../../x'", "replaced_pct = '-1'"))
    assert own_copy.state() == before and not list(own_copy.folder.glob("*.lock"))
