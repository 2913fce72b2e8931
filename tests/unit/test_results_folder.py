"""Result folders are whole or not there, come back as they were written, and damage is named."""

from __future__ import annotations

import json
import platform
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from result_samples import sample_contents

from anagen.core.errors import InputError
from anagen.core.own_folders import MARKER, MARKER_TEXT
from anagen.results import (
    TABLES,
    ResultContents,
    Rows,
    conform,
    free_folder,
    is_result_folder,
    query,
    read_manifest,
    read_results,
    write_results,
)
from anagen.results.schema import SchemaError
from anagen.runs.result import TrialResult


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
    rows = {**first.rows, "visits": Rows("visits", (visits,))}
    second = replace(first, rows=rows, effects=first.effects.convert_dtypes())
    write_results(first, tmp_path / "one")
    write_results(second, tmp_path / "two")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_manifest_tells_nothing_of_the_machine(tmp_path: Path) -> None:
    write_results(sample_contents(), tmp_path / "out")
    text = (tmp_path / "out" / "manifest.json").read_text()
    assert str(tmp_path) not in text
    assert "/" not in text.replace("figures/", "")
    manifest = json.loads(text)
    assert {"time", "date", "host", "user"}.isdisjoint(manifest)
    told = manifest["environment"]
    assert told["python"] == platform.python_version()
    assert told["libraries"]["numpy"] == np.__version__
    assert {"scipy", "numba", "pandas", "arro3-io"} <= told["libraries"].keys()
    assert told["machine"] == platform.machine() and told["processor"] and told["processor_features"]
    assert told["plugins"] == []


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


def test_overwrite_refuses_to_replace_a_file_that_the_user_changed(tmp_path: Path) -> None:
    write_results(sample_contents(), tmp_path / "out")
    file = tmp_path / "out" / "arms.csv"
    written = file.read_bytes()
    for changed in (written + b"# my notes\n", written[:-2] + b"#\n"):
        file.write_bytes(changed)
        with pytest.raises(InputError, match=r"holds arms\.csv, changed after it was written, .*; move that away"):
            write_results(sample_contents(1), tmp_path / "out", overwrite=True)
        assert file.read_bytes() == changed
    file.rename(tmp_path / "mine.csv")
    write_results(sample_contents(1), tmp_path / "out", overwrite=True)
    read_results(tmp_path / "out")


def test_in_python_a_place_is_told_as_the_argument_and_with_what_stands_there(tmp_path: Path) -> None:
    write_results(sample_contents(), tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    told: list[str] = []
    for name, overwrite in (("out", False), ("mine", False), ("mine", True)):
        with pytest.raises(InputError) as refused:
            write_results(sample_contents(), tmp_path / name, overwrite=overwrite)
        told.append(str(refused.value))
    assert "--" not in "".join(told) and all("path: " in text and "another path" in text for text in told)
    holds = f"exists already and holds finished results of {manifest['study']} with seed {manifest['seed']};"
    assert holds in told[0] and "give overwrite=True" in told[0] and "finished" not in told[1]


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


def test_tables_that_a_study_does_not_ask_for_are_not_there(tmp_path: Path) -> None:
    plain = replace(sample_contents(), claims=None, dose_response=None)
    write_results(plain, tmp_path / "out")
    assert not (tmp_path / "out" / "claims.csv").exists()
    again = read_results(tmp_path / "out")
    assert again.claims is None and again.dose_response is None
    assert set(again.tables()) == {name for name, table in TABLES.items() if not table.optional}


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


def change_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


DIGEST = "0" * 64
CORRUPT: dict[str, tuple[object, str]] = {
    "no list": ([], "files is no list"),
    "a number": (5, "files is no list"),
    "nothing": ({}, "files is no list"),
    "a way out": ({"../../x": DIGEST}, "names '../../x', which is no file of this folder"),
    "a place of the system": ({"/etc/passwd": DIGEST}, "names '/etc/passwd', which is no file of this folder"),
    "another spelling": ({"a//b": DIGEST}, "names 'a//b', which is no file of this folder"),
    "itself": ({"manifest.json": DIGEST}, "names 'manifest.json', which is no file of this folder"),
    "no hash": ({"study.json": "abc"}, "files.study.json is no SHA-256"),
    "a list for a hash": ({"study.json": [1]}, "files.study.json is no SHA-256"),
}


@pytest.mark.parametrize("case", CORRUPT)
def test_a_list_of_files_that_no_run_writes_is_told(tmp_path: Path, case: str) -> None:
    files, message = CORRUPT[case]
    write_results(sample_contents(), tmp_path / "out")
    change_manifest(tmp_path / "out", files=files)
    for read in (read_results, lambda folder: query(folder, "SELECT 1")):
        with pytest.raises(InputError, match=message) as caught:
            read(tmp_path / "out")
        assert caught.value.problems[0].file == str(tmp_path / "out" / "manifest.json")


@pytest.mark.parametrize(("key", "value"), [("seed", "one"), ("arms", 5), ("primary", []), ("draws", True)])
def test_an_entry_of_another_kind_is_told(tmp_path: Path, key: str, value: object) -> None:
    write_results(sample_contents(), tmp_path / "out")
    change_manifest(tmp_path / "out", **{key: value})
    with pytest.raises(InputError, match=rf"manifest\.json: {key} is no "):
        read_results(tmp_path / "out")


@pytest.mark.parametrize("data", [b"[" * 50_000, b"\xff\xfe\x00", b"", b"{", b"5"])
@pytest.mark.parametrize("name", ["manifest.json", "study.json", "flow.json"])
def test_damaged_json_is_told_with_its_file(tmp_path: Path, name: str, data: bytes) -> None:
    write_results(sample_contents(), tmp_path / "out")
    (tmp_path / "out" / name).write_bytes(data)
    with pytest.raises(InputError, match=rf"{name}: (cannot be read as JSON|does not hold a JSON object)"):
        read_results(tmp_path / "out", verified=False)


def test_a_query_names_the_file_that_was_changed_unless_it_is_told_not_to_look(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_results(sample_contents(), folder)
    whole = (folder / "effects.csv").read_bytes()
    count = "SELECT count(*) AS n FROM effects"
    for damaged, why in (
        (whole[: len(whole) // 2], f"it has {len(whole) // 2} bytes, the manifest says {len(whole)}"),
        (whole.replace(b"8.1", b"9.1"), "its SHA-256 is not the manifest's"),
    ):
        (folder / "effects.csv").write_bytes(damaged)
        with pytest.raises(InputError, match=rf"effects\.csv: was changed after it was written: {why}"):
            query(folder, count)
    assert query(folder, count, verified=False)["n"].tolist() == [5]
    assert len(read_results(folder, verified=False).effects) == 5


def test_a_table_that_the_manifest_does_not_list_is_not_queried(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    write_results(sample_contents(), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entries in (manifest["files"], manifest["sizes"]):
        del entries["visits.parquet"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json: does not list visits\.parquet"):
        query(folder, "SELECT count(*) FROM visits")


def test_a_folder_without_sizes_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    write_results(sample_contents(), tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["sizes"].keys() == manifest["files"].keys()
    earlier = {key: value for key, value in manifest.items() if key not in ("sizes", "environment")}
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(earlier))
    assert len(read_results(tmp_path / "out").effects) == 5


def test_two_writers_of_one_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    partial = tmp_path / "out.partial"

    def add(_: ResultContents, folder: Path) -> None:
        assert folder == partial
        with pytest.raises(InputError, match=r"out: path: another run is using .*out\.partial"):
            write_results(sample_contents(1), tmp_path / "out")

    write_results(sample_contents(), tmp_path / "out", add=add)
    assert len(read_results(tmp_path / "out").effects) == 5


def test_a_result_in_memory_is_never_written_over_a_file(tmp_path: Path) -> None:
    result = TrialResult(sample_contents())
    file = tmp_path / "deep" / "result.json"
    text = result.to_json(file)
    assert file.read_text() == f"{text}\n"
    file.write_text("precious")
    with pytest.raises(InputError, match=r"result\.json: path: exists already"):
        result.to_json(file)
    assert file.read_text() == "precious"
    assert result.to_json(file, overwrite=True) == text
    assert [path.name for path in file.parent.iterdir()] == ["result.json"]


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
