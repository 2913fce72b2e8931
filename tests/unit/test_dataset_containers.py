"""Datasets in SAS transport files and in Dataset-JSON: read as they were written, the same bytes twice, damage told."""

from __future__ import annotations

import json
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from anagen.core.errors import InputError
from anagen.formats.dataset import Column, Dataset
from anagen.formats.dataset_json import reading as json_reading
from anagen.formats.dataset_json.writing import json_bytes
from anagen.formats.xpt import reading as xpt_reading
from cli_calls import anagen

needs_pyreadstat = pytest.mark.skipif(find_spec("pyreadstat") is None, reason="pyreadstat is in the extra `formats`")
COLUMNS = (
    Column("USUBJID", "Unique Subject Identifier", "text", 3),
    Column("AVAL", "Analysis Value", "number"),
    Column("ADT", "Analysis Date", "date"),
    Column("AVISITN", "Analysis Visit (N)", "integer"),
    Column("EXDTC", "Date in Words", "iso date", 10),
    Column("ADTM", "Date and Time", "datetime"),
    Column("ATM", "Time of Day", "time"),
)


def dataset(**changed: Any) -> Dataset:
    table = pd.DataFrame(
        {
            "USUBJID": pd.Series(["A-1", "A-2", None], dtype="str"),
            "AVAL": [1.5, np.nan, 121.7],
            "ADT": pd.Series(["2000-01-01", None, "1959-02-03"], dtype="datetime64[s]"),
            "AVISITN": [0.0, 12.0, 24.0],
            "EXDTC": pd.Series(["2000-01-01", None, "2000"], dtype="str"),
            "ADTM": pd.Series(["2000-01-01 10:11:12", None, "2000-01-02"], dtype="datetime64[s]"),
            "ATM": [0.0, 3600.0, 86399.0],
        }
    )
    columns = tuple(changed.pop("columns", COLUMNS))
    table = table.assign(**{name: values for name, values in changed.items() if name in table})
    facts = {"name": "ADEFF", "label": "SYNTHETIC trial 0: Efficacy"} | {
        name: value for name, value in changed.items() if name not in table
    }
    return Dataset(columns=columns, table=table, keys=("AVISITN",), **facts)


def xpt_of(made: Dataset) -> bytes:
    from anagen.formats.xpt.writing import xpt_bytes

    return xpt_bytes(made)


def problem_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].text()


@needs_pyreadstat
def test_a_dataset_comes_back_from_a_transport_file_and_has_the_same_bytes_twice(tmp_path: Path) -> None:
    made = dataset()
    raw = xpt_of(made)
    assert raw == xpt_of(made)
    (tmp_path / "a.xpt").write_bytes(raw)
    found = xpt_reading.read(tmp_path / "a.xpt")
    pd.testing.assert_frame_equal(found.table, made.table)
    assert (found.name, found.label) == (made.name, made.label)
    assert [(c.name, c.label) for c in found.columns] == [(c.name, c.label) for c in made.columns]
    assert [column.kind for column in found.columns] == ["text", "number", "date", "number", "text", "datetime", "time"]


@needs_pyreadstat
def test_pandas_and_pyreadstat_open_a_transport_file_as_we_do(tmp_path: Path) -> None:
    import pyreadstat  # pyright: ignore[reportMissingImports]

    # pandas takes blanks at the end of the last row for padding, so the last column is full
    few = tuple(column for column in COLUMNS if column.name in ("USUBJID", "ADT", "AVAL"))
    (tmp_path / "a.xpt").write_bytes(xpt_of(dataset(columns=few)))
    table, meta = pyreadstat.read_xport(str(tmp_path / "a.xpt"))
    assert (meta.table_name, meta.file_label) == ("ADEFF", "SYNTHETIC trial 0: Efficacy")
    assert meta.original_variable_types["ADT"] == "DATE9"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = pd.read_sas(tmp_path / "a.xpt", format="xport", encoding="ascii")
    assert table["AVAL"].tolist()[::2] == other["AVAL"].tolist()[::2] == [1.5, 121.7]
    assert other["USUBJID"].fillna("").tolist() == ["A-1", "A-2", ""]
    assert other["ADT"].tolist()[0] == 14610.0, "days from 1960-01-01"


def test_a_dataset_comes_back_from_dataset_json_with_kinds_and_keys(tmp_path: Path) -> None:
    made = dataset(columns=(Column("USUBJID", "Unique Subject Identifier", "text", 3), *COLUMNS[1:]))
    raw = json_bytes(made, study="S")
    assert raw == json_bytes(made, study="S")
    (tmp_path / "a.json").write_bytes(raw)
    found = json_reading.read(tmp_path / "a.json")
    pd.testing.assert_frame_equal(found.table, made.table)
    assert (found.columns, found.keys) == (made.columns, made.keys)
    (told,) = [column for column in json.loads(raw)["columns"] if column["name"] == "ADT"]
    assert (told["dataType"], told["targetDataType"]) == ("date", "integer")


def test_lines_of_dataset_json_are_read_as_the_whole_is(tmp_path: Path) -> None:
    whole = json.loads(json_bytes(dataset(), study="S"))
    rows = whole.pop("rows")
    (tmp_path / "a.ndjson").write_text("\n".join(json.dumps(line) for line in (whole, *rows)) + "\n")
    pd.testing.assert_frame_equal(json_reading.read(tmp_path / "a.ndjson").table, dataset().table)


@needs_pyreadstat
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"USUBJID": pd.Series(["A" * 201, "b", "c"], dtype="str")}, "row 1 has 201 characters, and at most 200 fit"),
        ({"USUBJID": pd.Series(["a", "µm", "c"], dtype="str")}, "row 2 is not ASCII: 'µm'"),
        ({"label": "x" * 41}, "the label of the dataset has 41 characters"),
        ({"name": "ADEFFICACY"}, "is no name of 1 to 8 capital letters"),
        ({"columns": (Column("AVAL", "y" * 41, "number"),)}, "its label has 41 characters"),
        ({"columns": (Column("AVAL", "Größe", "number"),)}, "its label is not ASCII"),
        ({"columns": (Column("AVAL", "A flag", "boolean"),)}, "holds booleans"),
    ],
)
def test_what_does_not_fit_a_transport_file_is_refused_before_it_is_written(changed: Any, words: str) -> None:
    with pytest.raises(InputError) as error:
        xpt_of(dataset(**changed))
    assert words in problem_of(error)


def damaged_xpt(name: str, raw: bytes) -> bytes:
    match name:
        case "cut within a record":
            return raw[:-7]
        case "cut within a row":
            return raw[:-80]
        case "cut in the header":
            return raw[: 80 * 8]
        case "another version":
            return raw.replace(b"LIBRARY ", b"LIBV8   ", 1)
        case "two datasets":
            return raw + raw[240:]
        case "not ASCII":
            return raw.replace(b"A-2", b"A-\xe9")
        case "a label":
            return raw.replace(b"Analysis Value", b"Analysis Valu\xe9")
        case "a wrong length":
            return raw.replace(b"\x00\x01\x00\x00\x00\x08\x00\x02AVAL", b"\x00\x01\x00\x00\x07\x08\x00\x02AVAL")
        case _:
            return b"USUBJID,AVAL,ADT\nA-1,1.5,2000-01-01\n"


@needs_pyreadstat
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cut within a record", "are no whole records of 80"),
        ("cut within a row", "ends within row 2: it was cut off"),
        ("cut in the header", "has no rows at byte"),
        ("another version", "is a SAS transport file of version 8"),
        ("two datasets", "holds 2 datasets"),
        ("not ASCII", "USUBJID: row 2 holds text that is not ASCII"),
        ("a label", "AVAL: has a name or label that is not ASCII"),
        ("a wrong length", "it was cut off"),
        ("a table", "is a table (CSV), not a SAS transport file (XPT); expected a SAS transport file of version 5"),
    ],
)
def test_a_damaged_transport_file_is_answered_by_what_is_wrong(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.xpt").write_bytes(damaged_xpt(name, xpt_of(dataset())))
    with pytest.raises(InputError) as error:
        xpt_reading.read(tmp_path / "a.xpt")
    assert words in problem_of(error)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw[:-40], "cannot be read as JSON"),
        (lambda raw: raw.replace(b'"1.1.0"', b'"1.0.0"'), "datasetJSONVersion: is of version 1.0.0"),
        (lambda raw: raw.replace(b'"records": 3', b'"records": 4'), "records: says 4, and 3 rows are there"),
        (lambda raw: raw.replace(b'["A-2", null', b'["A-2"'), "record 2: holds 6 values; there are 7 columns"),
        (lambda raw: raw.replace(b'["A-1", 1.5', b'["A-1", "many"'), "record 1.AVAL: 'many' is no number"),
        (lambda raw: raw.replace(b'"2000-01-01", 0', b'"1.1.2000?", 0'), "record 1.ADT: '1.1.2000?' is no date"),
        (lambda raw: raw.replace(b'"double"', b'"long"'), "columns[1]: has the dataType long; allowed: string"),
        (lambda raw: raw.replace(b'"A-1"', b'"A-\xe9"'), "is not UTF-8 text"),
        (lambda raw: b'{"title": "x", "rows": []}', "is a JSON file, not a dataset in Dataset-JSON"),
    ],
)
def test_a_damaged_dataset_json_is_answered_by_record_and_column(change: Any, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(change(json_bytes(dataset(), study="S")))
    with pytest.raises(InputError) as error:
        json_reading.read(tmp_path / "a.json")
    assert words in problem_of(error)


@needs_pyreadstat
def test_check_knows_both_containers_by_content_and_ends_with_2_where_they_are_wrong(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(xpt_of(dataset()))
    (tmp_path / "b").write_bytes(json_bytes(dataset(), study="S"))
    for name, words in (("a", "SAS transport file"), ("b", "keys AVISITN")):
        done = anagen("check", name, cwd=tmp_path)
        assert done.returncode == 0 and words in done.stdout, done.stderr
        assert "Dataset ADEFF (SYNTHETIC trial 0: Efficacy): 3 rows, 7 columns" in done.stdout
    twice = dataset(AVISITN=[0.0, 0.0, 24.0])
    (tmp_path / "c").write_bytes(json_bytes(twice, study="S"))
    (tmp_path / "d").write_bytes(xpt_of(dataset())[:-80])
    for name, words in (("c", "record 2 has the keys of an earlier one: AVISITN 0.0"), ("d", "it was cut off")):
        done = anagen("check", name, cwd=tmp_path)
        assert done.returncode == 2 and words in done.stderr
