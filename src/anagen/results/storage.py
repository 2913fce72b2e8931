"""Tables to bytes and back: parquet and CSV, the same bytes for the same table."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from anagen.results.conforming import conform
from anagen.results.schema import TABLES, Kind

ROWS_PER_GROUP = 122_880
COMPRESSION = "zstd"
COMPRESSION_LEVEL = 3
ARROW_NAMES: Mapping[Kind, str] = MappingProxyType(
    {
        "integer": "int32",
        "number": "float64",
        "short number": "float32",
        "text": "string",
        "category": "string",
        "flag": "bool_",
        "flag or missing": "bool_",
    }
)

# Arrow has no type information: imported by name it is Any, not a hundred unknown types.
_arrow: Any = import_module("pyarrow")
_arrow_csv: Any = import_module("pyarrow.csv")
_arrow_parquet: Any = import_module("pyarrow.parquet")


def table_to_bytes(name: str, table: pd.DataFrame) -> bytes:
    """File contents of a table that conforms to its schema, in the format that the schema names."""
    return _to_parquet(name, table) if TABLES[name].format == "parquet" else _to_csv(table)


def read_table(name: str, path: Path) -> pd.DataFrame:
    """Reads a table and checks that it conforms to its schema.

    Raises
    ------
    SchemaError
        Where it does not.
    ValueError
        Where the file is not parquet or CSV, or has values of another type.
    OSError
        Where it cannot be read.
    """
    arrow = _arrow_parquet.read_table(path) if TABLES[name].format == "parquet" else _read_csv(name, path)
    table: pd.DataFrame = arrow.to_pandas()
    return conform(name, table)


def arrow_table(name: str, table: Any) -> Any:
    """A table of pandas or Arrow that conforms to its schema, with the columns of the file, of which categories are
    text.
    """
    if isinstance(table, pd.DataFrame):
        table = _arrow.Table.from_pandas(table, schema=_arrow_schema(name, table), preserve_index=False)
    types, text = _arrow.types, _arrow.string()
    for place, field in enumerate(table.schema):
        # categories of which a block has none are a column of nulls there
        if types.is_dictionary(field.type) or types.is_large_string(field.type) or types.is_null(field.type):
            column = table.column(place)
            column = _arrow.nulls(len(column), text) if column.null_count == len(column) else column.cast(text)
            table = table.set_column(place, _arrow.field(field.name, text), column)
    # What pandas notes about its own index and version would be part of the bytes.
    return table.replace_schema_metadata(None)


@contextmanager
def open_parquet(file: Path | io.BytesIO) -> Generator[Callable[[Any], None]]:
    """Writes a parquet file, one group of rows for every table of Arrow that it is given; durably where it is a path.

    Returns
    -------
    Generator[Callable[[Any], None]]
        What writes a group.

    Raises
    ------
    OSError
        Where the disk is full.
    """
    with contextlib.ExitStack() as opened:
        stream = opened.enter_context(file.open("wb")) if isinstance(file, Path) else file
        writers: list[Any] = []

        def write(table: Any) -> None:
            if not writers:
                writers.append(
                    _arrow_parquet.ParquetWriter(
                        stream,
                        table.schema,
                        version="2.6",
                        compression=COMPRESSION,
                        compression_level=COMPRESSION_LEVEL,
                    )
                )
            writers[0].write_table(table, row_group_size=ROWS_PER_GROUP)

        yield write
        for writer in writers:
            writer.close()
        if isinstance(file, Path):
            stream.flush()
            os.fsync(stream.fileno())


def _to_parquet(name: str, table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    with open_parquet(buffer) as write:
        write(arrow_table(name, table))
    return buffer.getvalue()


def _to_csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _read_csv(name: str, path: Path) -> Any:
    types = {column.name: _arrow_type(ARROW_NAMES[column.kind]) for column in TABLES[name].columns}
    # Arrow reads every decimal to the nearest number; pandas by default does not.
    return _arrow_csv.read_csv(
        path,
        parse_options=_arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=_arrow_csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True),
    )


def _arrow_schema(name: str, table: pd.DataFrame) -> Any:
    kinds = {column.name: ARROW_NAMES[column.kind] for column in TABLES[name].columns}
    fields = [(label, kinds.get(label) or _type_of_further(table[label])) for label in map(str, table.columns)]
    return _arrow.schema([(label, _arrow_type(type_name)) for label, type_name in fields])


def _type_of_further(values: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(values.dtype):
        return "bool_"
    return "float64" if pd.api.types.is_numeric_dtype(values.dtype) else "string"


def _arrow_type(name: str) -> Any:
    return getattr(_arrow, name)()
