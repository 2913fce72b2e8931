"""Parquet files give back what was put in, in the same bytes, and other programs read them with unit and meaning."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal
from result_samples import sample_contents

from anagen.core import parquet
from anagen.core.frames import ParquetError, frames_together, table_of
from anagen.core.parquet import frame_to_parquet, read_frame, read_numbers, write_tables
from anagen.parameters.sources import SHIPPED
from anagen.results import TABLES
from anagen.results.storage import meanings, read_table, table_to_bytes

ABOUT = {"week": {"unit": "week", "meaning": "since the first treatment"}, "arm": {"meaning": "of the study, é"}}
AGAIN = """
import sys
from hashlib import sha256
import pandas as pd
from anagen.core.parquet import frame_to_parquet
frame = pd.DataFrame({"week": [0.0, 8.0], "arm": pd.Categorical(["b", "a"])})
about = {"week": {"unit": "week", "meaning": "since the first treatment"}, "arm": {"meaning": "of the study"}}
print(sha256(frame_to_parquet(frame, about)).hexdigest())
"""


def every_kind() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "small": np.arange(5, dtype=np.int32),
            "large": np.arange(5) + 2**40,
            "week": [0.0, np.nan, -0.0, np.inf, 0.1],
            "short": np.array([1.0, np.nan, 3.0, 4.0, 5.0], dtype=np.float32),
            "arm": pd.Categorical(["b", "a", None, "a", "b"], categories=["z", "b", "a"]),
            "grade": pd.Categorical(["I", "II", "I", "I", "II"], categories=["I", "II", "III"], ordered=True),
            "none": pd.Categorical([None] * 5, categories=pd.Index([], dtype="str")),
            "text": pd.Series(["x", "", None, "two\nlines", "é"], dtype="str"),
            "flag": [True, False, True, True, False],
            "maybe": pd.array([True, None, False, True, None], dtype="boolean"),
            "count": pd.array([1, None, 2, 3, 4], dtype="Int64"),
            "nothing": pd.Series([None] * 5, dtype="object"),
        }
    )


@pytest.mark.parametrize("rows", [5, 3, 1, 0])
def test_a_table_comes_back_with_its_values_types_and_categories_in_their_order(rows: int) -> None:
    frame = every_kind().iloc[:rows].reset_index(drop=True)
    assert_frame_equal(read_frame(frame_to_parquet(frame)), frame)


def test_rows_that_are_a_slice_of_others_come_back_as_they_are() -> None:
    frame = every_kind()
    assert_frame_equal(read_frame(frame_to_parquet(frame.iloc[1:4])), frame.iloc[1:4].reset_index(drop=True))


def test_objects_are_written_as_what_they_hold() -> None:
    frame = pd.DataFrame({"flag": [True, None], "number": [1, 2], "text": ["a", None]}, dtype=object)
    found = read_frame(frame_to_parquet(frame))
    assert found["flag"].tolist() == [True, None] and found["number"].tolist() == [1, 2]
    assert found["text"].isna().tolist() == [False, True]
    with pytest.raises(TypeError, match="'odd' holds mixed"):
        frame_to_parquet(pd.DataFrame({"odd": ["a", 1, {}]}))


def test_the_bytes_are_the_same_in_another_process_however_the_rows_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {subprocess.run([sys.executable, "-c", AGAIN], capture_output=True, text=True).stdout for _ in range(2)}
    assert len(told) == 1 and len(told.pop()) == 65
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 4)
    frame = pd.concat([every_kind()] * 3, ignore_index=True)
    written: set[bytes] = set()
    for cut in (1, 4, 7, 15):
        stream = io.BytesIO()
        write_tables(stream, (table_of(frame.iloc[i : i + cut], ABOUT) for i in range(0, len(frame), cut)))
        written.add(stream.getvalue())
    assert len(written) == 1
    assert pq.ParquetFile(io.BytesIO(written.pop())).metadata.num_row_groups == 4


def test_arrow_pandas_and_duckdb_read_values_nulls_unit_and_meaning(tmp_path: Path) -> None:
    file = tmp_path / "table.parquet"
    file.write_bytes(frame_to_parquet(every_kind(), ABOUT))
    arrow = pq.read_table(file)
    field = arrow.schema.field("week")
    assert field.type == pa.float64() and field.metadata == {b"unit": b"week", b"meaning": b"since the first treatment"}
    assert arrow.schema.field("arm").type == pa.string()
    assert arrow.column("week").null_count == 1 and arrow.column("arm").to_pylist() == ["b", "a", None, "a", "b"]
    read = pd.read_parquet(file)
    assert read["text"].isna().sum() == 1 and read["small"].dtype == np.int32
    assert read["week"].isna().sum() == 1 and str(read["flag"].dtype) == "bool"
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(f"SELECT week IS NULL, maybe IS NULL, text FROM '{file}'").fetchall()
        told = connection.execute(
            f"SELECT decode(value) FROM parquet_kv_metadata('{file}') WHERE decode(key) = 'columns'"
        ).fetchone()
    assert [row[0] for row in rows] == [False, True, False, False, False]
    assert [row[1] for row in rows] == [False, True, False, False, True] and rows[3][2] == "two\nlines"
    assert told is not None and json.loads(told[0]) == ABOUT


@pytest.mark.parametrize("name", [name for name, schema in TABLES.items() if schema.format == "parquet"])
def test_every_column_of_a_result_tells_its_meaning_and_numbers_in_time_their_unit(name: str) -> None:
    table = sample_contents().conformed().tables()[name]
    schema = pq.read_schema(io.BytesIO(table_to_bytes(name, table)))
    told = {field.name: field.metadata for field in schema}
    assert all(about[b"meaning"] for about in told.values())
    assert {key: about.get("unit") for key, about in meanings(name, list(told)).items()} == {
        key: about[b"unit"].decode() if b"unit" in about else None for key, about in told.items()
    }
    weeks = {key for key in told if key == "week" or key.endswith("_week")}
    assert all(told[key][b"unit"] == b"week" for key in weeks)


@pytest.mark.parametrize("name", ["visits", "patients", "events", "arms"])
def test_tables_of_earlier_versions_are_read_as_before(name: str, tmp_path: Path) -> None:
    table = sample_contents().conformed().tables()[name]
    file = tmp_path / TABLES[name].file
    if TABLES[name].format == "csv":
        table.to_csv(file, index=False)
    else:
        plain = pa.Table.from_pandas(table, preserve_index=False)
        text = [
            pa.field(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
            for field in plain.schema
        ]
        plain = plain.cast(pa.schema(text)).replace_schema_metadata(None)
        pq.write_table(plain, file, version="2.6", compression="zstd")
    assert_frame_equal(read_table(name, file), table)


def test_categories_of_other_writers_stay_categories() -> None:
    frame, stream = every_kind()[["arm", "week", "flag"]], io.BytesIO()
    frame.to_parquet(stream, engine="pyarrow", index=False)
    found = read_frame(stream.getvalue())
    assert isinstance(found["arm"].dtype, pd.CategoricalDtype)
    assert_frame_equal(found, frame, check_categorical=False)


def test_the_shipped_posterior_is_read_as_arrow_reads_it() -> None:
    data = SHIPPED.read_bytes()
    ours, theirs = read_numbers(data), pq.read_table(io.BytesIO(data))
    assert list(ours) == theirs.column_names
    assert all(np.array_equal(ours[name], theirs.column(name).to_numpy()) for name in theirs.column_names)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"a,b\n1,2\n", b"PAR1" + bytes(40) + b"PAR1"])
def test_what_is_no_parquet_file_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(data)
    for source in (data, tmp_path / "x.parquet"):
        with pytest.raises(ParquetError, match="Parquet file"):
            read_frame(source)
    with pytest.raises(FileNotFoundError):
        read_frame(tmp_path / "none.parquet")


def test_a_full_disk_and_an_error_on_the_way_are_told_as_they_are(tmp_path: Path) -> None:
    table = table_of(every_kind())
    if Path("/dev/full").exists():
        with pytest.raises(OSError, match="No space left"):
            write_tables(Path("/dev/full"), iter([table]))

    def interrupted() -> Iterator[Any]:
        yield table
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_tables(tmp_path / "x.parquet", interrupted())


def test_tables_are_put_together_in_their_order() -> None:
    frame = every_kind()
    parts = [table_of(frame.iloc[:2]), table_of(frame.iloc[2:])]
    assert frames_together(parts)["large"].tolist() == frame["large"].tolist()
