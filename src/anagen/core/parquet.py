"""Parquet files: tables to bytes and back, the same bytes for the same table.

The library, which only this module, `frames` and `arrow` know, is arro3: Arrow and Parquet in Rust. It loads in a
hundredth of a second and needs no pandas; arrays come and go by nanoarrow, which knows their buffers. Files hold text
as UTF-8 with a dictionary, missing values as nulls, zstd, and groups of `ROWS_PER_GROUP` rows.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.arrow import arrow, column_of, from_buffers, kind_of, numbers_of
from anagen.core.frames import About, ParquetError, frame_of, table_of

if TYPE_CHECKING:
    import pandas as pd

ROWS_PER_GROUP = 122_880
COMPRESSION = "zstd(3)"
MAGIC = b"PAR1"
COLUMNS = "columns"
"""Entry of a file's metadata: JSON, what every column means, as its fields say too; for readers that see no fields."""
UNIT, MEANING = "unit", "meaning"


def frame_to_parquet(frame: pd.DataFrame, about: About | None = None) -> bytes:
    """A table of pandas as Parquet; `read_frame` gives it back with its types, categories in their order.

    Parameters
    ----------
    frame : DataFrame
        Columns of numbers, flags, text or categories of text; its index is not kept.
    about : Mapping, optional
        What is told of columns.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    TypeError
        Naming a column of another kind.

    Examples
    --------
    >>> import pandas as pd
    >>> read_frame(frame_to_parquet(pd.DataFrame({"arm": ["a", None], "n": [1, 2]})))["n"].tolist()
    [1, 2]
    """
    table = table_of(frame, about, keep_types=True)
    stream = io.BytesIO()
    write_tables(stream, iter([table]))
    return stream.getvalue()


def read_frame(source: Path | bytes) -> pd.DataFrame:
    """A table of pandas from a Parquet file, with the types that it was written with where the file tells them.

    Parameters
    ----------
    source : Path or bytes
        A file of ours or of another program: columns of numbers, flags and text.

    Returns
    -------
    DataFrame
        Text that the file holds as categories is categories; missing numbers are NaN.

    Raises
    ------
    ParquetError
        Where it is no such file.
    OSError
        Where it cannot be read.
    """
    return frame_of(read_table(source))


def read_table(source: Path | bytes) -> Any:
    """A whole Parquet file as a table of Arrow.

    Parameters
    ----------
    source : Path or bytes
        The file.

    Returns
    -------
    arro3.core.Table
        With one chunk for every ROWS_PER_GROUP rows.

    Raises
    ------
    ParquetError
        Where it is no Parquet file or a damaged one.
    OSError
        Where it cannot be read.
    """
    _check_magic(source)
    with _told_as_errors():
        return import_module("arro3.io").read_parquet(source, batch_size=ROWS_PER_GROUP).read_all()


def write_tables(file: Path | io.BytesIO, tables: Iterator[Any]) -> None:
    """Write tables of Arrow one after the other into one file: the same bytes however the rows are cut into tables.

    A group of rows is in memory at a time. Fields may tell of different pandas types; the first table's are kept.

    Parameters
    ----------
    file : Path or BytesIO
        Where to; a path is brought onto the disk before this returns.
    tables : iterator of arro3.core.Table
        One at least, all with the same columns.

    Raises
    ------
    OSError
        Where the disk is full.
    """
    first = next(tables)
    about = {name: told for name in first.column_names if (told := _about_of(first.schema.field(name)))}
    options: dict[str, Any] = {"compression": COMPRESSION, "max_row_group_size": ROWS_PER_GROUP}
    if about:
        options["key_value_metadata"] = {COLUMNS: json.dumps(about, ensure_ascii=False)}
    groups = _Watched(_groups(first, tables))
    reader = arrow().RecordBatchReader.from_batches(first.schema, groups)
    if isinstance(file, Path):
        with file.open("wb") as stream:
            _write(reader, groups, _Unfailing(stream), options)
            stream.flush()
            os.fsync(stream.fileno())
    else:
        _write(reader, groups, _Unfailing(file), options)


def numbers_to_parquet(names: Sequence[str], matrix: FloatArray) -> bytes:
    """Parquet bytes of named columns of 64-bit numbers; needs no pandas.

    Parameters
    ----------
    names : sequence of str
        One per column.
    matrix : FloatArray, shape (n_rows, n_columns)
        The numbers.

    Returns
    -------
    bytes
        The file.

    Examples
    --------
    >>> read_numbers(numbers_to_parquet(["a"], np.array([[1.0], [2.0]])))["a"].tolist()
    [1.0, 2.0]
    """
    library, stream = arrow(), io.BytesIO()
    arrays = [from_buffers("float64", np.ascontiguousarray(column)) for column in matrix.T]
    fields = [library.Field(name, array.type) for name, array in zip(names, arrays, strict=True)]
    write_tables(stream, iter([library.Table.from_arrays(arrays, schema=library.Schema(fields))]))
    return stream.getvalue()


def read_numbers(data: bytes) -> dict[str, FloatArray]:
    """Columns of 64-bit numbers from a Parquet file; needs no pandas.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    dict
        Name -> numbers; missing ones are NaN.

    Raises
    ------
    ParquetError
        Where it is no Parquet file, and naming every column that is there twice or holds anything else, a line each.
    """
    table = read_table(data)
    names = [str(name) for name in table.column_names]
    faults = [f"{name}: has more than one column" for name in dict.fromkeys(names) if names.count(name) > 1]
    kinds = [kind_of(table.schema.field(place).type) for place in range(len(names))]
    faults += [
        f"{name}: is a column of {kind}; expected 64-bit numbers"
        for name, kind in zip(names, kinds, strict=True)
        if kind != "float64"
    ]
    if faults:
        raise ColumnFaults(faults)
    return {name: numbers_of(column_of(table, place), "float64") for place, name in enumerate(names)}


class ColumnFaults(ParquetError):
    """Columns that are not what was expected.

    Attributes
    ----------
    faults : tuple of (str, str)
        Name of the column, and what is wrong with it.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        """Keep every fault apart."""
        super().__init__("; ".join(lines))
        self.faults = tuple(cast("tuple[str, str]", tuple(line.split(": ", 1))) for line in lines)


def _groups(first: Any, tables: Iterator[Any]) -> Iterator[Any]:
    """The same rows in groups of ROWS_PER_GROUP, the last one shorter; one group at least, to hold the columns."""
    held, given = first, False
    while True:
        while held.num_rows > ROWS_PER_GROUP:
            yield _one_batch(held.slice(0, ROWS_PER_GROUP))
            held, given = held.slice(ROWS_PER_GROUP), True
        more = next(tables, None)
        if more is None:
            break
        batches = [*held.to_batches(), *more.with_schema(first.schema).to_batches()]
        held = arrow().Table.from_batches(batches, schema=first.schema)
    if held.num_rows or not given:
        yield _one_batch(held)


def _one_batch(table: Any) -> Any:
    arrays = [column_of(table, place) for place in range(table.num_columns)]
    return arrow().RecordBatch.from_arrays(arrays, schema=table.schema)


class _Watched:
    """An iterator that keeps what went wrong in it, of which the library would only tell the words."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = iter(items)
        self.error: BaseException | None = None

    def __iter__(self) -> _Watched:
        return self

    def __next__(self) -> Any:
        try:
            return next(self.items)
        except StopIteration:
            raise
        except BaseException as error:
            self.error = error
            raise


class _Unfailing(io.RawIOBase):
    """A stream that keeps an error of the disk for later, because the library does not survive one while it writes."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.error: OSError | None = None

    def write(self, data: Any) -> int:
        """Write, unless an earlier write failed."""
        if self.error is None:
            try:
                self.stream.write(data)
            except OSError as error:
                self.error = error
        return len(data)


def _write(reader: Any, groups: _Watched, stream: _Unfailing, options: Mapping[str, Any]) -> None:
    try:
        import_module("arro3.io").write_parquet(reader, stream, **options)
    finally:
        for error in (groups.error, stream.error):
            if error is not None:
                raise error


def _check_magic(source: Path | bytes) -> None:
    """Refuse what does not begin and end as every Parquet file does."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            start = file.read(len(MAGIC))
            file.seek(-min(len(MAGIC), file.seek(0, os.SEEK_END)), os.SEEK_END)
            end = file.read()
    else:
        start, end = source[: len(MAGIC)], source[-len(MAGIC) :]
    if (start, end) != (MAGIC, MAGIC):
        raise ParquetError("is no Parquet file, or one that was cut off")


@contextmanager
def _told_as_errors() -> Generator[None]:
    """Tells a panic of the library, which is no Exception in Python, as an error."""
    try:
        yield
    except (OSError, MemoryError):
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise ParquetError(f"is a damaged Parquet file: {error}") from error
        raise


def _about_of(field: Any) -> dict[str, str]:
    """What a field tells people."""
    told = {key: value for key, value in field.metadata_str.items() if key in (UNIT, MEANING)}
    return dict(sorted(told.items(), key=lambda pair: pair[0], reverse=True))
