"""Parquet files: tables to bytes and back, the same bytes for the same table; no other module knows the library.

The library is arro3, Arrow and Parquet in Rust. It loads in a hundredth of a second and needs no pandas; arrays come
and go by nanoarrow, which knows their buffers. Files have text as UTF-8 with a dictionary, missing values as nulls,
zstd, and groups of `ROWS_PER_GROUP` rows.
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

if TYPE_CHECKING:
    import pandas as pd

ROWS_PER_GROUP = 122_880
COMPRESSION = "zstd(3)"
MAGIC = b"PAR1"
COLUMNS = "columns"
"""Entry of a file's metadata: JSON, what every column means, as its fields say too; for readers that see no fields."""
UNIT, MEANING = "unit", "meaning"
TYPE, CATEGORIES = "pandas_type", "pandas_categories"
"""Entries of a field from which a table gets the types of pandas back that it had."""

About = Mapping[str, Mapping[str, str]]
"""Column -> what is told of it: its unit and its meaning."""
NUMBERS: Mapping[str, str] = {
    "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8",
    "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8",
    "float32": "f4", "float64": "f8",
}  # fmt: skip
"""Numbers as Arrow and as NumPy call them."""


class ParquetError(ValueError):
    """A file is no Parquet file, a damaged one, or one whose columns are of other types."""


def arrow() -> Any:
    """The library's arrays; it has no useful types, and most commands read no table."""
    return import_module("arro3.core")


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


def table_of(frame: pd.DataFrame, about: About | None = None, *, keep_types: bool = False) -> Any:
    """A table of pandas as one of Arrow.

    Parameters
    ----------
    frame : DataFrame
        As in `frame_to_parquet`.
    about : Mapping, optional
        What is told of columns.
    keep_types : bool, default False
        Whether the fields tell the types of pandas; categories are plain text to whoever does not ask.

    Returns
    -------
    arro3.core.Table
        With one chunk.

    Raises
    ------
    TypeError
        Naming a column of another kind.
    """
    library = arrow()
    fields: list[Any] = []
    arrays: list[Any] = []
    for label in frame.columns:
        values = frame[label]
        array = _array_of(str(label), values)
        told = dict((about or {}).get(str(label), {}))
        if keep_types:
            told |= _types_of(values)
        fields.append(library.Field(str(label), array.type, metadata=told))
        arrays.append(array)
    return library.Table.from_arrays(arrays, schema=library.Schema(fields))


def frame_of(table: Any) -> pd.DataFrame:
    """A table of Arrow as one of pandas.

    Parameters
    ----------
    table : arro3.core.Table
        From `read_table`.

    Raises
    ------
    ParquetError
        Naming a column of another kind than numbers, flags and text.
    """
    import pandas as pd

    columns: dict[str, Any] = {}
    for place, name in enumerate(table.column_names):
        field = table.schema.field(place)
        columns[name] = _series_of(name, field, _column(table, place))
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))


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


def frames_together(tables: Iterable[Any]) -> pd.DataFrame:
    """Tables of Arrow with the same columns, one below the other, as one of pandas."""
    found = list(tables)
    batches = [batch for table in found for batch in table.to_batches()]
    return frame_of(arrow().Table.from_batches(batches, schema=found[0].schema))


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
    arrays = [_from_buffers("float64", np.ascontiguousarray(column)) for column in matrix.T]
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
    kinds = [_kind(table.schema.field(place).type) for place in range(len(names))]
    faults += [
        f"{name}: is a column of {kind}; expected 64-bit numbers"
        for name, kind in zip(names, kinds, strict=True)
        if kind != "float64"
    ]
    if faults:
        raise ColumnFaults(faults)
    return {name: _numbers(_column(table, place), "float64") for place, name in enumerate(names)}


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
    arrays = [_column(table, place) for place in range(table.num_columns)]
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


def _array_of(name: str, values: pd.Series[Any]) -> Any:
    """Values of pandas as an array of Arrow, missing ones as nulls."""
    import pandas as pd

    kind = str(values.dtype)
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _texts(name, values.cat.categories, values.cat.codes.to_numpy())
    if kind == "object":
        kind = pd.api.types.infer_dtype(values, skipna=True)
        kind = {"string": "str", "empty": "str", "integer": "Int64", "floating": "float64"}.get(kind, kind)
        values = values.astype(kind) if kind in ("Int64", "float64") else values
    if kind in NUMBERS:
        numbers = values.to_numpy()
        return _from_buffers(kind, numbers, ~np.isnan(numbers) if numbers.dtype.kind == "f" else None)
    if kind == "bool":
        return _from_buffers("bool", values.to_numpy())
    if kind == "boolean":
        missing = values.isna().to_numpy()
        return _from_buffers("bool", values.fillna(False).to_numpy(dtype=bool), ~missing)
    if kind.lower() in NUMBERS:  # those of pandas that may be missing
        missing = values.isna().to_numpy()
        return _from_buffers(kind.lower(), values.fillna(0).to_numpy(dtype=kind.lower()), ~missing)
    if kind in ("str", "string"):
        codes, found = pd.factorize(values)
        return _texts(name, found, codes)
    raise TypeError(f"column {name!r} holds {kind}; a table holds numbers, flags, text or categories of text")


def _types_of(values: pd.Series[Any]) -> dict[str, str]:
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        categories = [str(label) for label in values.cat.categories]
        kind = "ordered category" if values.cat.ordered else "category"
        return {TYPE: kind, CATEGORIES: json.dumps(categories, ensure_ascii=False)}
    return {TYPE: str(values.dtype)} if str(values.dtype) in ("boolean", *(n.capitalize() for n in NUMBERS)) else {}


def _texts(name: str, labels: Iterable[Any], codes: np.ndarray) -> Any:
    """Text by its place among few labels; the place -1 is none."""
    found = list(labels)
    if not all(isinstance(label, str) for label in found):
        raise TypeError(f"column {name!r} holds categories that are not text")
    library, places = arrow(), np.ascontiguousarray(codes, dtype=np.int32)
    text = library.Array(found or [None], type=library.DataType.utf8())
    return text.take(_from_buffers("int32", np.maximum(places, 0), places >= 0))


def _from_buffers(kind: str, values: np.ndarray, there: np.ndarray | None = None) -> Any:
    """An array of Arrow on the memory of one of NumPy; `there` says which values are not missing."""
    buffers = import_module("nanoarrow")
    valid = None if there is None or bool(there.all()) else np.packbits(there, bitorder="little")
    if kind == "bool":
        types, data = buffers.bool_(), np.packbits(values, bitorder="little")
    else:
        types, data = getattr(buffers, kind)(), np.ascontiguousarray(values)
    return arrow().Array.from_arrow(buffers.c_array_from_buffers(types, len(values), [valid, data]))


def _series_of(name: str, field: Any, array: Any) -> Any:
    """Values of an array as pandas holds them, with the type that the field tells."""
    import pandas as pd

    kind, told, there = _kind(array.type), field.metadata_str, _there(array)
    kept = told.get(TYPE, "")
    pandas: Any = pd
    if kind in NUMBERS:
        if kept.lower() != kind:
            return _numbers(array, kind)
        numbers = pandas.Series(_data(array, kind)).astype(kept)
        return numbers if there is None else numbers.mask(~there)
    if kind == "bool":
        flags = _bits(array, 1)
        if kept == "boolean":
            return pandas.arrays.BooleanArray(flags, np.zeros(len(flags), dtype=bool) if there is None else ~there)
        if there is None:
            return flags
        mixed = flags.astype(object)
        mixed[~there] = None
        return mixed
    if kind not in ("text", "category"):
        raise ParquetError(f"column {name!r} is a column of {kind}; expected numbers, flags or text")
    labels, codes = _labels(array)
    if kind == "text" and not kept:
        return pandas.array(np.array([*labels, None], dtype=object), dtype="str").take(codes)
    found = pandas.Categorical.from_codes(codes, pandas.Index(labels, dtype="str"))
    if not kept:
        return found
    categories = pandas.Index(json.loads(told[CATEGORIES]), dtype="str")
    return found.set_categories(categories, ordered=kept.startswith("ordered"))


def _labels(array: Any) -> tuple[list[str], np.ndarray]:
    """Different texts of an array in the order in which they come, and the place of each; -1 where there is none."""
    library = arrow()
    array = array.cast(library.DataType.dictionary(library.DataType.int32(), library.DataType.utf8()))
    places = library.dictionary_indices(array)
    labels = cast("list[str]", library.dictionary_dictionary(array).to_pylist())
    codes, there = _data(places, "int32"), _there(places)
    return labels, codes if there is None else np.where(there, codes, -1)


def _numbers(array: Any, kind: str) -> Any:
    """Numbers of an array; where any is missing they are floating, and that one is NaN."""
    values, there = _data(array, kind), _there(array)
    if there is None:
        return values.copy()
    return np.where(there, values, np.nan).astype(values.dtype if values.dtype.kind == "f" else np.float64)


def _data(array: Any, kind: str) -> np.ndarray:
    view = _view(array)
    return np.frombuffer(view.buffer(1), dtype=NUMBERS[kind])[view.offset : view.offset + len(array)]


def _there(array: Any) -> np.ndarray | None:
    """Which values are not missing; None where none is."""
    return _bits(array, 0) if array.null_count else None


def _bits(array: Any, buffer: int) -> np.ndarray:
    """One of the buffers that hold a bit for every value."""
    view = _view(array)
    bits = np.unpackbits(np.frombuffer(view.buffer(buffer), dtype=np.uint8), bitorder="little")
    return bits[view.offset : view.offset + len(array)].astype(bool)


def _column(table: Any, place: int) -> Any:
    """A column in one piece."""
    column = table.column(place)
    return column.combine_chunks() if column.num_chunks else arrow().Array([], type=column.type)


def _view(array: Any) -> Any:
    return import_module("nanoarrow").c_array(array).view()


def _kind(found: Any) -> str:
    """Type of a column: a name of NUMBERS, "bool", "text", "category", or the library's words."""
    types = arrow().DataType
    if types.is_dictionary(found):
        return "category"
    if types.is_string(found) or types.is_large_string(found) or types.is_string_view(found):
        return "text"
    if types.is_boolean(found):
        return "bool"
    for name in NUMBERS:
        if found == getattr(types, name)():
            return name
    return str(found).strip().removeprefix("arro3.core.DataType<").removesuffix(">")
