"""Files and folders that are being written: under a name that was free, and nothing of the user's is taken for ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_results_folder import sample_contents

from anagen.core.errors import InputError
from anagen.core.files import Target
from anagen.core.own_folders import MARKER, MARKER_TEXT, SCRATCH, FolderInUse, held, is_own, remove_own, scratch
from anagen.execution import ChunkStore
from anagen.results import write_results
from cli_calls import anagen, files_of

DRAW = ("network", "draw", "--out", "net.svg")


def test_a_link_under_the_name_of_a_half_written_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    link = tmp_path / f".net.svg{SCRATCH}"
    link.symlink_to("thesis.txt")
    assert anagen(*DRAW, cwd=tmp_path).returncode == 0
    assert (tmp_path / "thesis.txt").read_text() == "precious" and link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == [link.name, "net.svg", "thesis.txt"]


@pytest.mark.parametrize("kind", ["file", "folder", "empty folder", "folder with a marker of the user's"])
def test_what_the_user_keeps_under_the_name_of_a_half_written_file_stays(tmp_path: Path, kind: str) -> None:
    mine = tmp_path / f".out.csv{SCRATCH}"
    if kind == "file":
        mine.write_text("precious")
    else:
        mine.mkdir()
    if kind == "folder":
        (mine / "thesis.txt").write_text("precious")
    elif kind.startswith("folder with"):
        (mine / MARKER).write_text("chapter 3 is missing")
    before = files_of(tmp_path)
    Target(tmp_path / "out.csv").write(b"1")
    assert files_of(tmp_path) == {**before, "out.csv": b"1"} and mine.exists()
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("marker", [MARKER_TEXT, MARKER_TEXT[:9], b""])
def test_what_a_killed_write_of_a_file_left_is_removed_by_the_next(tmp_path: Path, marker: bytes) -> None:
    left = tmp_path / f".out.csv{SCRATCH}"
    left.mkdir()
    (left / MARKER).write_bytes(marker)
    if marker == MARKER_TEXT:
        (left / "file").write_bytes(b"half")
    Target(tmp_path / "out.csv").write(b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_file_that_another_run_is_writing_is_not_removed(tmp_path: Path) -> None:
    with scratch(tmp_path / "out.csv") as place:
        (place / "file").write_text("half")
        Target(tmp_path / "out.csv").write(b"1")
        assert (place / "file").read_text() == "half"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("ending", [".work", ".partial"])
def test_an_empty_folder_of_the_users_is_kept(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"out{ending}").mkdir()
    refused = anagen("run", "exosome-vs-saline", "--patients", "4", "--draws", "0", "--out", "out", cwd=tmp_path)
    assert refused.returncode == 2 and f"out{ending}" in refused.stderr, refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == [f"out{ending}"]


def test_an_empty_folder_of_finished_parts_is_not_removed_where_no_run_made_it(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    ChunkStore(tmp_path / "parts").clear()
    assert (tmp_path / "parts").is_dir()


def test_a_file_of_the_users_with_the_name_of_the_marker_is_a_stranger_in_results(tmp_path: Path) -> None:
    write_results(sample_contents(), tmp_path / "out")
    mine = tmp_path / "out" / MARKER
    for text in ("chapter 3 is missing", ""):
        mine.write_text(text)
        with pytest.raises(InputError, match=f"holds {MARKER}, which its manifest does not list"):
            write_results(sample_contents(1), tmp_path / "out", overwrite=True)
        assert mine.read_text() == text
    mine.write_bytes(MARKER_TEXT)
    write_results(sample_contents(1), tmp_path / "out", overwrite=True)
    assert not mine.exists()


def test_a_folder_is_held_by_one_and_carries_its_marker_from_the_start(tmp_path: Path) -> None:
    with held(tmp_path / "out.work"):
        assert is_own(tmp_path / "out.work")
        with pytest.raises(FolderInUse), held(tmp_path / "out.work"):
            pass
    remove_own(tmp_path / "out.work")
    assert list(tmp_path.iterdir()) == []
