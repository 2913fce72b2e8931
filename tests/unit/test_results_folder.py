"""Result folders are whole or not there, come back as they were written, and damage is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from result_samples import sample_contents

from anagen.core.errors import InputError
from anagen.core.own_folders import MARKER, MARKER_TEXT
from anagen.results import (
    TABLES,
    ResultContents,
    conform,
    free_folder,
    is_result_folder,
    read_manifest,
    read_results,
    write_results,
)
from anagen.results.schema import SchemaError


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_contents_come_back_as_they_were_written(tmp_path: Path) -> None:
    contents = sample_contents()
    folder = tmp_path / "a" / "out"
    write_results(contents, folder)
    back = read_results(folder)
    for name, table in contents.conformed().tables().items():
        assert_frame_equal(back.tables()[name], table)
    assert back.flow == contents.flow
    assert back.study == {**contents.study, "spread": None}
    assert {key: back.manifest[key] for key in contents.manifest} == dict(contents.manifest)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["out"], "nothing is left beside the folder"


def test_equal_contents_give_equal_bytes(tmp_path: Path) -> None:
    first = sample_contents()
    # Other categories, another index and other float widths in memory do not show on the disk.
    visits = first.visits.assign(arm=pd.Categorical(first.visits["arm"], categories=["saline", "other", "exosome"]))
    visits.index = visits.index + 100
    second = replace(first, visits=visits, effects=first.effects.convert_dtypes())
    write_results(first, tmp_path / "one")
    write_results(second, tmp_path / "two")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_manifest_tells_nothing_of_the_machine(tmp_path: Path) -> None:
    write_results(sample_contents(), tmp_path / "out")
    text = (tmp_path / "out" / "manifest.json").read_text()
    assert str(tmp_path) not in text
    assert "/" not in text.replace("figures/", "")
    assert {"time", "date", "host", "user"}.isdisjoint(json.loads(text))


def test_an_existing_folder_is_not_touched(tmp_path: Path) -> None:
    write_results(sample_contents(), tmp_path / "out")
    before = bytes_of(tmp_path / "out")
    with pytest.raises(InputError, match="exists already"):
        write_results(sample_contents(1), tmp_path / "out")
    assert bytes_of(tmp_path / "out") == before


def test_overwrite_replaces_results_only(tmp_path: Path) -> None:
    write_results(sample_contents(), tmp_path / "out", add=lambda _, folder: (folder / "old.txt").write_text("old"))
    write_results(sample_contents(1), tmp_path / "out", overwrite=True)
    assert not (tmp_path / "out" / "old.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    (tmp_path / "mine" / "manifest.json").write_text('{"package": "other"}')
    with pytest.raises(InputError, match="not a result folder"):
        write_results(sample_contents(), tmp_path / "mine", overwrite=True)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "dear"


def test_a_folder_in_the_way_of_the_partial_one_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "out.partial").mkdir()
    (tmp_path / "out.partial" / "mine.txt").write_text("dear")
    with pytest.raises(InputError, match="in the way"):
        write_results(sample_contents(), tmp_path / "out")
    assert (tmp_path / "out.partial" / "mine.txt").exists()


def test_what_a_killed_write_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "out.partial").mkdir()
    (tmp_path / "out.partial" / MARKER).write_bytes(MARKER_TEXT)
    (tmp_path / "out.partial" / "visits.parquet").write_bytes(b"PAR1")
    write_results(sample_contents(), tmp_path / "out")
    read_results(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failing_report_leaves_nothing(tmp_path: Path) -> None:
    def fail(_: ResultContents, folder: Path) -> None:
        (folder / "report.html").write_text("half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_results(sample_contents(), tmp_path / "out", add=fail)
    assert list(tmp_path.iterdir()) == []


def test_further_files_are_listed_and_get_the_contents_of_the_disk(tmp_path: Path) -> None:
    def add(contents: ResultContents, folder: Path) -> None:
        assert contents.visits["true"].dtype == "float32"
        (folder / "figures").mkdir()
        (folder / "figures" / "a.svg").write_text("<svg/>")

    write_results(sample_contents(), tmp_path / "out", add=add)
    assert "figures/a.svg" in read_manifest(tmp_path / "out")["files"]
    (tmp_path / "out" / "figures" / "a.svg").write_text("<svg></svg>")
    with pytest.raises(InputError, match=r"a\.svg.*changed"):
        read_results(tmp_path / "out")


@pytest.mark.parametrize("name", [*(table.file for table in TABLES.values()), "study.json", "flow.json"])
def test_a_changed_or_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    write_results(sample_contents(), folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    with pytest.raises(InputError, match=f"{name}.*changed"):
        read_results(folder)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"{name}.*missing"):
        read_results(folder)


def test_all_damages_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_results(sample_contents(), folder)
    (folder / "effects.csv").unlink()
    (folder / "arms.csv").write_text("x")
    with pytest.raises(InputError) as caught:
        read_results(folder)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "does not hold a JSON object"),
        ('{"package": "other"}', "not written by anagen"),
        ('{"package": "anagen", "schema_version": 99}', "schema version 99"),
        ('{"package": "anagen", "schema_version": 3}', "lacks"),
    ],
)
def test_a_wrong_manifest_is_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=message):
        read_results(tmp_path)


def test_other_folders_are_not_results(tmp_path: Path) -> None:
    assert not is_result_folder(tmp_path)
    with pytest.raises(InputError, match="not a result folder"):
        read_results(tmp_path)
    with pytest.raises(InputError, match="not a folder"):
        read_results(tmp_path / "nowhere")


def test_free_folder_counts_up(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s-2").mkdir()
    assert free_folder(tmp_path, "s").name == "s-3"
    assert free_folder(tmp_path, "s", {tmp_path / "s-3"}).name == "s-4"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="week"), "'week' is missing"),
        (lambda table: table.assign(weak=1.0), "unknown columns 'weak'"),
        (lambda table: table.assign(n=[1.5, 2.0]), "'n' must hold integers"),
        (lambda table: table.assign(n=[2**40, 1]), "'n' must hold integers"),
        (lambda table: table.assign(n=[1.0, None]), "'n' has 1 missing"),
        (lambda table: table.assign(arm=[1, 2]), "'arm' must hold category"),
        (lambda table: table.assign(mean=["x", "y"]), "'mean' must hold numbers"),
    ],
)
def test_tables_that_do_not_fit_are_refused(change, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        conform("arms", change(sample_contents().arms))


def test_every_column_is_described() -> None:
    for table in TABLES.values():
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        assert all(column.description for column in table.columns)


def test_no_rows_are_allowed_where_nothing_was_published(tmp_path: Path) -> None:
    contents = sample_contents()
    empty = replace(contents, comparison=contents.comparison.iloc[:0])
    write_results(empty, tmp_path / "out")
    assert len(read_results(tmp_path / "out").comparison) == 0
    bare = replace(contents, comparison=pd.DataFrame(columns=list(contents.comparison.columns)))
    write_results(bare, tmp_path / "bare")
    assert len(read_results(tmp_path / "bare").comparison) == 0
