"""Files of other programs that are damaged, endless or hostile: told by what they are, never a fault of ours."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from anagen.core.errors import InputError
from anagen.formats import texts
from anagen.formats.dataset import Column
from anagen.formats.dataset_json.reading import read as read_dataset
from anagen.formats.omex.check import unzipped
from anagen.formats.registry import recognised
from anagen.formats.result import import_file
from anagen.formats.ro_crate import NAME
from anagen.formats.ro_crate.check import check as check_crate
from anagen.formats.trial.reader import read as read_trial

EXAMPLE, TABLE = (
    Path(__file__).parents[2] / "docs" / "own-trial" / name for name in ("made-up-trial.csv", "table.csv")
)


def told(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].text()


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_whose_parts_cannot_be_unpacked_is_damaged(packed: int, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packed) as archive:
        archive.writestr("manifest.xml", "<omexManifest>" + "".join(map(str, range(400))) + "</omexManifest>")
    data = bytearray(stream.getvalue())
    data[60:120] = b"\xff" * 60
    file = tmp_path / "arm.omex"
    file.write_bytes(data)
    with pytest.raises(InputError) as error:
        unzipped(file)
    assert "is a damaged archive" in told(error)
    recognised(file)


def test_no_more_of_a_file_is_read_than_may_be(tmp_path: Path) -> None:
    file = tmp_path / "large.xml"
    with file.open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(InputError) as error:
        texts.bytes_of(file)
    assert told(error) == f"{file}: is larger than 20 MB"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only Unix has pipes with a name")
def test_a_pipe_or_folder_in_place_of_a_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for format_name in ("trial", "nta", "sbml"):
        with pytest.raises(InputError) as error:
            import_file(pipe, format_name)
        assert "is a pipe or a device" in told(error)
    with pytest.raises(InputError) as error:
        texts.bytes_of(tmp_path)
    assert "is a folder" in told(error)


@pytest.mark.parametrize("name", ["a" * 5000, "a%00b", "//[x", "../../etc/passwd", "\ud800"])
def test_a_crate_that_names_what_no_disk_can_have_is_told(name: str, tmp_path: Path) -> None:
    graph = [
        {"@id": NAME, "about": {"@id": "./"}}, {"@id": "./", "@type": "Dataset"}, {"@id": name, "@type": "File"}
    ]  # fmt: skip
    (tmp_path / NAME).write_text(json.dumps({"@graph": graph}), encoding="utf-8")
    (problem,) = check_crate(tmp_path).problems
    assert "is described and not there" in problem.message or "lies outside the crate" in problem.message


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("string", "\ud800"), ("integer", 10**400), ("double", 10**400)],
)
def test_a_cell_that_no_column_can_hold_is_told_with_its_record(kind: str, cell: object, tmp_path: Path) -> None:
    file = dataset(tmp_path, {"dataType": kind}, cell)
    with pytest.raises(InputError) as error:
        read_dataset(file)
    assert "record 1.A" in told(error)


def dataset(folder: Path, column: dict[str, object], cell: object) -> Path:
    """A file of Dataset-JSON with one column and one cell."""
    columns = [{"itemOID": "IT.A", "name": "A", "label": "A", **column}]
    whole = {"datasetJSONVersion": "1.1.0", "name": "X", "label": "X", "records": 1, "columns": columns}
    file = folder / "x.json"
    file.write_text(json.dumps(whole | {"rows": [[cell]]}), encoding="utf-8")
    return file


def test_a_moment_with_its_time_zone_is_read_in_utc_and_a_wrong_type_is_refused(tmp_path: Path) -> None:
    column: dict[str, object] = {"dataType": "datetime", "targetDataType": "integer"}
    read = read_dataset(dataset(tmp_path, column, "2000-01-01T02:00:00+02:00"))
    assert read.columns == (Column("A", "A", "datetime"),)
    assert str(read.table["A"][0]) == "2000-01-01 00:00:00"
    with pytest.raises(InputError, match="targetDataType"):
        read_dataset(dataset(tmp_path, column | {"targetDataType": ["integer"]}, "2000-01-01"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("visit,Week 12,12", "visit,Week 12,nan", "arm.csv:12: visit Week 12: 'nan' is no week; write a number"),
        ("visit,Week 12,12", "visit,Week 12,inf", "arm.csv:12: visit Week 12: 'inf' is no week; write a number"),
        ("arm,Vehicle,placebo", "arm,Vehicle,{therapy: !!python/object:os.system x}", "arm.csv:10: arm Vehicle: tags"),
    ],
)
def test_a_table_of_a_trial_is_refused_by_its_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    table = tmp_path / "arm.csv"
    text = TABLE.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_trial(EXAMPLE, table)
    assert told(error).startswith(f"{tmp_path}/{words}")


def test_what_is_read_is_never_replaced_by_what_it_becomes(tmp_path: Path) -> None:
    data, table = tmp_path / "mine.csv", tmp_path / "table.csv"
    data.write_bytes(EXAMPLE.read_bytes())
    table.write_bytes(TABLE.read_bytes())
    for out in (data, table, tmp_path / "." / "mine.csv"):
        with pytest.raises(InputError) as error:
            import_file(data, "trial", table=table, out=out, overwrite=True)
        assert "is the file that is read" in told(error)
    assert (data.read_bytes(), table.read_bytes()) == (EXAMPLE.read_bytes(), TABLE.read_bytes())
