"""Arrays of Arrow on the memory of those of NumPy and back, by arro3 and nanoarrow, which carry no types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, cast

import numpy as np

NUMBERS: Mapping[str, str] = {
    "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8",
    "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8",
    "float32": "f4", "float64": "f8",
}  # fmt: skip
"""Numbers as Arrow and as NumPy call them."""


def arrow() -> Any:
    """The library's arrays; it has no useful types, and most commands read no table."""
    return import_module("arro3.core")


def texts(name: str, labels: Iterable[Any], codes: np.ndarray) -> Any:
    """Text by its place among few labels; the place -1 is none."""
    found = list(labels)
    if not all(isinstance(label, str) for label in found):
        raise TypeError(f"column {name!r} holds categories that are not text")
    library, places = arrow(), np.ascontiguousarray(codes, dtype=np.int32)
    text = library.Array(found or [None], type=library.DataType.utf8())
    return text.take(from_buffers("int32", np.maximum(places, 0), places >= 0))


def from_buffers(kind: str, values: np.ndarray, there: np.ndarray | None = None) -> Any:
    """An array of Arrow on the memory of one of NumPy; `there` says which values are not missing."""
    buffers = import_module("nanoarrow")
    valid = None if there is None or bool(there.all()) else np.packbits(there, bitorder="little")
    if kind == "bool":
        types, data = buffers.bool_(), np.packbits(values, bitorder="little")
    else:
        types, data = getattr(buffers, kind)(), np.ascontiguousarray(values)
    return arrow().Array.from_arrow(buffers.c_array_from_buffers(types, len(values), [valid, data]))


def labels_of(array: Any) -> tuple[list[str], np.ndarray]:
    """Different texts of an array in the order in which they come, and the place of each; -1 where there is none."""
    library = arrow()
    array = array.cast(library.DataType.dictionary(library.DataType.int32(), library.DataType.utf8()))
    places = library.dictionary_indices(array)
    labels = cast("list[str]", library.dictionary_dictionary(array).to_pylist())
    codes, there = data_of(places, "int32"), there_of(places)
    return labels, codes if there is None else np.where(there, codes, -1)


def numbers_of(array: Any, kind: str) -> Any:
    """Numbers of an array; where any is missing they are floating, and that one is NaN."""
    values, there = data_of(array, kind), there_of(array)
    if there is None:
        return values.copy()
    return np.where(there, values, np.nan).astype(values.dtype if values.dtype.kind == "f" else np.float64)


def data_of(array: Any, kind: str) -> np.ndarray:
    """Numbers of an array as they lie in memory, whatever stands where one is missing."""
    view = _view(array)
    return np.frombuffer(view.buffer(1), dtype=NUMBERS[kind])[view.offset : view.offset + len(array)]


def there_of(array: Any) -> np.ndarray | None:
    """Which values are not missing; None where none is."""
    return bits_of(array, 0) if array.null_count else None


def bits_of(array: Any, buffer: int) -> np.ndarray:
    """One of the buffers that hold a bit for every value."""
    view = _view(array)
    bits = np.unpackbits(np.frombuffer(view.buffer(buffer), dtype=np.uint8), bitorder="little")
    return bits[view.offset : view.offset + len(array)].astype(bool)


def column_of(table: Any, place: int) -> Any:
    """A column in one piece."""
    column = table.column(place)
    return column.combine_chunks() if column.num_chunks else arrow().Array([], type=column.type)


def _view(array: Any) -> Any:
    return import_module("nanoarrow").c_array(array).view()


def kind_of(found: Any) -> str:
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
