"""Tables of pandas as tables of Arrow and back: numbers, flags, text and categories of text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from anagen.core.arrow import (
    NUMBERS,
    arrow,
    bits_of,
    column_of,
    data_of,
    from_buffers,
    kind_of,
    labels_of,
    numbers_of,
    texts,
    there_of,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

TYPE, CATEGORIES = "pandas_type", "pandas_categories"
"""Entries of a field from which a table gets the types of pandas back that it had."""

NOTHING = "object"
"""Type of a column without a value, of which nobody can say whether it would hold text or numbers."""

About = Mapping[str, Mapping[str, str]]
"""Column -> what is told of it: its unit and its meaning."""


class ParquetError(ValueError):
    """A file is no Parquet file, a damaged one, or one whose columns are of other types."""


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
        columns[name] = _series_of(name, field, column_of(table, place))
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))


def frames_together(tables: Iterable[Any]) -> pd.DataFrame:
    """Tables of Arrow with the same columns, one below the other, as one of pandas."""
    found = list(tables)
    batches = [batch for table in found for batch in table.to_batches()]
    return frame_of(arrow().Table.from_batches(batches, schema=found[0].schema))


def _array_of(name: str, values: pd.Series[Any]) -> Any:
    """Values of pandas as an array of Arrow, missing ones as nulls."""
    import pandas as pd

    kind = str(values.dtype)
    if isinstance(values.dtype, pd.CategoricalDtype):
        return texts(name, values.cat.categories, values.cat.codes.to_numpy())
    if kind == "object":
        kind = pd.api.types.infer_dtype(values, skipna=True)
        kind = {"string": "str", "empty": "str", "integer": "Int64", "floating": "float64"}.get(kind, kind)
        values = values.astype(kind) if kind in ("Int64", "float64") else values
    if kind in NUMBERS:
        numbers = values.to_numpy()
        return from_buffers(kind, numbers, ~np.isnan(numbers) if numbers.dtype.kind == "f" else None)
    if kind == "bool":
        return from_buffers("bool", values.to_numpy())
    if kind == "boolean":
        missing = values.isna().to_numpy()
        return from_buffers("bool", values.fillna(False).to_numpy(dtype=bool), ~missing)
    if kind.lower() in NUMBERS:  # those of pandas that may be missing
        missing = values.isna().to_numpy()
        return from_buffers(kind.lower(), values.fillna(0).to_numpy(dtype=kind.lower()), ~missing)
    if kind in ("str", "string"):
        codes, found = pd.factorize(values)
        return texts(name, found, codes)
    raise TypeError(f"column {name!r} holds {kind}; a table holds numbers, flags, text or categories of text")


def _types_of(values: pd.Series[Any]) -> dict[str, str]:
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        categories = [str(label) for label in values.cat.categories]
        kind = "ordered category" if values.cat.ordered else "category"
        return {TYPE: kind, CATEGORIES: json.dumps(categories, ensure_ascii=False)}
    if values.dtype == object and not values.notna().any():
        return {TYPE: NOTHING}
    return {TYPE: str(values.dtype)} if str(values.dtype) in ("boolean", *(n.capitalize() for n in NUMBERS)) else {}


def _series_of(name: str, field: Any, array: Any) -> Any:
    """Values of an array as pandas holds them, with the type that the field tells."""
    import pandas as pd

    kind, told, there = kind_of(array.type), field.metadata_str, there_of(array)
    kept = told.get(TYPE, "")
    pandas: Any = pd
    if kind in NUMBERS:
        if kept.lower() != kind:
            return numbers_of(array, kind)
        numbers = pandas.Series(data_of(array, kind)).astype(kept)
        return numbers if there is None else numbers.mask(~there)
    if kind == "bool":
        flags = bits_of(array, 1)
        if kept == "boolean":
            return pandas.arrays.BooleanArray(flags, np.zeros(len(flags), dtype=bool) if there is None else ~there)
        if there is None:
            return flags
        mixed = flags.astype(object)
        mixed[~there] = None
        return mixed
    if kind not in ("text", "category"):
        raise ParquetError(f"column {name!r} is a column of {kind}; expected numbers, flags or text")
    if kept == NOTHING:
        return np.full(len(array), None, dtype=object)
    labels, codes = labels_of(array)
    if kind == "text" and not kept:
        return pandas.array(np.array([*labels, None], dtype=object), dtype="str").take(codes)
    found = pandas.Categorical.from_codes(codes, pandas.Index(labels, dtype="str"))
    if not kept:
        return found
    categories = pandas.Index(json.loads(told[CATEGORIES]), dtype="str")
    return found.set_categories(categories, ordered=kept.startswith("ordered"))
