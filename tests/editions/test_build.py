"""The build through its command line: what it makes, what it refuses, and that a failure loses nothing."""

import ctypes
import errno
import json
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from conftest import copy_tiny
from explainer.editions.swap import exchange, locked, recover, swap_in
from explainer.problems import Refusal


def test_a_build_writes_report_figures_and_notebooks(tiny_built):
    folder = tiny_built.folder
    html = (folder / "reports/latest/report.html").read_text(encoding="utf-8")
    assert "182 crossings" in html and "saw the ferry cross again" in html
    assert "has no count yet" not in html.partition('id="parcel"')[0]  # cut by its until: tag; kept for the day control
    assert "Set beside our edition of 1 April 2024 row by row" in html and '<details class="changes">' in html
    papers = [folder / "reports/latest" / name for name in ("brief.pdf", "report.pdf", "record.pdf")]
    assert all(paper.read_bytes().startswith(b"%PDF") for paper in papers)
    manifest = json.loads((folder / "figures/latest/manifest.json").read_text(encoding="utf-8"))
    assert [f["id"] for f in manifest["figures"]] == ["happened", "crossings"]
    for entry in manifest["figures"]:
        assert all((folder / "figures/latest" / name).stat().st_size for name in entry["files"].values())
    nb = nbformat.read(folder / "notebooks/02-what-was-lost.ipynb", 4)
    figure = next(c for c in nb.cells if c["id"] == "crossings")
    assert re.search(r"numbers [0-9a-f]{16}", figure.outputs[0].data["text/plain"])


def test_a_second_build_elsewhere_gives_the_same_bytes(tiny_built, tmp_path):
    again = copy_tiny(tmp_path / "somewhere" / "else")
    assert again.run("build", "--force").returncode == 0
    first, second = tiny_built.state(), again.state()
    assert set(first) == set(second) and len(first) >= 8
    assert [name for name in first if first[name] != second[name]] == []
    for path in (tiny_built.folder / "notebooks").glob("*.ipynb"):
        assert path.read_bytes() == (again.folder / "notebooks" / path.name).read_bytes()


def test_prose_that_changed_is_set_anew_and_no_chapter_runs(tiny_with_report):
    tiny = tiny_with_report
    tiny.edit("after", "This report has another sentence here.")
    explained = tiny.run("build", "--explain").stdout
    assert re.search(r"02-what-was-lost +kept +\(its prose has changed", explained)
    assert re.search(r"01-\S+ +kept +\(nothing", explained) and re.search(r"report.html +ran", explained)
    assert b"another sentence here" in tiny.state()["reports/latest/report.html"]


def test_an_earlier_day_is_an_edition_of_its_own(tiny):
    done = tiny.run("build", "--as-of", "2024-04-01")
    assert done.returncode == 0, done.stderr
    html = tiny.state()["reports/2024-04-01/report.html"].decode()
    assert "has no count yet" in html and "182 crossings" not in html
    assert "2 March 2024" in html and "May" not in re.sub(r"<script.*?</script>", "", html, flags=re.S)
    assert "reports/latest/report.html" not in tiny.state()
    manifest = json.loads(tiny.state()["figures/2024-04-01/manifest.json"])
    assert max(s["published"] for s in manifest["sources"].values()) <= "2024-04-01"


def test_a_failing_cell_is_named_and_kept_and_the_old_report_stays(tiny_with_report):
    tiny = tiny_with_report
    before = tiny.state()
    tiny.edit("count-guard", "total = 1\nint('no such luck')")
    done = tiny.run("build")
    assert done.returncode == 1
    assert "02-what-was-lost, cell count-guard, line 2: ValueError: invalid literal" in done.stderr
    assert "line 2: int('no such luck')" in done.stderr and "site-packages" not in done.stderr
    kept = tiny.folder / ".cache/failed/02-what-was-lost.ipynb"
    assert kept.exists() and str(kept) in done.stderr
    assert tiny.state() == before


def test_a_wrong_number_in_the_prose_breaks_the_build(tiny):
    path = tiny.folder / "notebooks/02-what-was-lost.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('\\"182\\"', '\\"183\\"'), encoding="utf-8")
    done = tiny.run("build")
    assert done.returncode == 1 and "the sentence says '183', the evidence gives 182" in done.stderr


def folders(tmp_path: Path) -> list[tuple[Path, Path]]:
    pairs = [(tmp_path / f"new{n}", tmp_path / f"target{n}") for n in (1, 2)]
    for new, target in pairs:
        for folder, text in ((new, "new"), (target, "old")):
            folder.mkdir()
            (folder / "file").write_text(text)
    return pairs


def test_a_swap_killed_between_two_folders_is_finished_by_the_next_build(tmp_path, monkeypatch):
    pairs, journal = folders(tmp_path), tmp_path / "swap.json"
    calls = []

    def once(first: Path, second: Path) -> None:
        if calls:
            raise KeyboardInterrupt
        calls.append(first)
        exchange(first, second)

    monkeypatch.setattr("explainer.editions.swap.exchange", once)
    with pytest.raises(KeyboardInterrupt):
        swap_in(pairs, journal)
    assert (pairs[1][1] / "file").read_text() == "old" and journal.exists()
    monkeypatch.undo()
    assert recover(journal)
    assert [(target / "file").read_text() for _, target in pairs] == ["new", "new"]
    assert not journal.exists() and not any(new.exists() for new, _ in pairs) and not recover(journal)
    assert not any((target / ".swapped").exists() for _, target in pairs)


def test_files_are_put_in_place_with_the_folders_and_one_that_is_the_same_stays(tmp_path):
    pairs = folders(tmp_path)
    for name, text in (("index", "new"), ("same", "old")):
        (tmp_path / f"new-{name}").write_text(text)
        (tmp_path / name).write_text("old")
        pairs.append((tmp_path / f"new-{name}", tmp_path / name))
    before = (tmp_path / "same").stat().st_ino
    swap_in(pairs, tmp_path / "swap.json")
    assert [p.read_text() for p in (tmp_path / "index", tmp_path / "same")] == ["new", "old"]
    assert (tmp_path / "same").stat().st_ino == before and not any(new.exists() for new, _ in pairs)


def test_a_target_on_another_mount_is_reached(tmp_path):
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second mount here")
    with tempfile.TemporaryDirectory(dir=shared) as place:
        for name in ("first", "second"):  # the second time there is something to replace
            (tmp_path / name).mkdir()
            pairs = [(new, Path(place) / target.name) for new, target in folders(tmp_path / name)]
            swap_in(pairs, tmp_path / "swap.json")
            assert sorted(path.name for path in Path(place).iterdir()) == ["target1", "target2"]
            assert [(target / "file").read_text() for _, target in pairs] == ["new", "new"]


def test_a_layer_that_forbids_to_rename_a_folder_is_copied(tmp_path, monkeypatch):
    """Layers of a container answer a renamed folder as another mount does."""
    [(first, second), _] = folders(tmp_path)

    def refuse(*_: object) -> int:
        ctypes.set_errno(errno.EXDEV)
        return -1

    monkeypatch.setattr("explainer.editions.swap.ctypes.CDLL", lambda *_, **__: SimpleNamespace(renameat2=refuse))
    exchange(first, second)
    assert [(folder / "file").read_text() for folder in (first, second)] == ["old", "new"]


def test_a_system_that_refuses_in_the_middle_is_told_as_what_it_is(tmp_path, monkeypatch):
    pairs, journal = folders(tmp_path), tmp_path / "swap.json"

    def refuse(first: Path, second: Path) -> None:
        raise OSError(errno.EIO, "Input/output error", str(second))

    monkeypatch.setattr("explainer.editions.swap.exchange", refuse)
    with pytest.raises(Refusal, match=r"target1: Input/output error. Part of the edition is in place. Mend: "):
        swap_in(pairs, journal)
    monkeypatch.undo()
    assert recover(journal) and [(target / "file").read_text() for _, target in pairs] == ["new", "new"]


def test_a_torn_journal_is_dropped(tmp_path):
    journal = tmp_path / "swap.json"
    journal.write_text('[["half')
    assert not recover(journal) and not journal.exists()


def test_a_second_build_of_the_same_edition_is_refused(tmp_path):
    with locked(tmp_path / "lock"), pytest.raises(Refusal, match="another build"), locked(tmp_path / "lock"):
        pass
