"""Tables made to hold what their schema says: columns, order, types, missing values."""

from __future__ import annotations

from typing import Any

import pandas as pd

from anagen.results.schema import TABLES, Column, Kind, SchemaError


def conform(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the columns of its schema, in that order and with those types; further ones follow where allowed.

    Raises
    ------
    SchemaError
        Naming the column, where one is missing, unknown, of another type or lacks values it must have.

    Examples
    --------
    >>> conform("arms", pd.DataFrame({"arm": ["saline"]}))
    Traceback (most recent call last):
    ...
    anagen.results.schema.SchemaError: arms: column 'endpoint' is missing
    """
    schema = TABLES[name]
    known = {column.name for column in schema.columns}
    further = [column for column in table.columns if column not in known]
    if further and not schema.extra:
        raise SchemaError(f"{name}: unknown columns {', '.join(map(repr, further))}")
    columns: dict[str, pd.Series[Any]] = {}
    for column in schema.columns:
        if column.name not in table:
            raise SchemaError(f"{name}: column {column.name!r} is missing")
        columns[column.name] = _convert(name, column, table[column.name])
    for label in further:
        columns[str(label)] = _convert_further(name, str(label), table[label])
    return pd.DataFrame(columns).reset_index(drop=True)


def _convert(name: str, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
    told_apart = column.missing or not bool(values.isna().any())
    if column.kind == "category" and told_apart and isinstance(values.dtype, pd.CategoricalDtype):
        return _convert_categories(name, column, values)
    if column.missing and column.kind in ("text", "category"):
        # A CSV file cannot tell empty text from missing text.
        values = values.astype("object").mask(values.astype("object") == "", None)
    missing = values.isna()
    if not column.missing and bool(missing.any()):
        raise SchemaError(f"{name}: column {column.name!r} has {int(missing.sum())} missing values and must have none")
    try:
        return _cast(column.kind, values)
    except (TypeError, ValueError) as error:
        raise SchemaError(f"{name}: column {column.name!r} must hold {column.kind}s: {error}") from error


def _convert_categories(name: str, column: Column, values: pd.Series[Any]) -> pd.Series[Any]:
    """As `_convert` does, from the few categories instead of the many values."""
    used = values.cat.remove_unused_categories()
    # one row per category, and one that is missing where any is
    few = pd.Series([*used.cat.categories, *([None] if bool(used.isna().any()) else [])], dtype="object")
    # a missing value has the code -1, which is the place of that last row
    return _convert(name, column, few).iloc[used.cat.codes.to_numpy()].set_axis(values.index)


def _cast(kind: Kind, values: pd.Series[Any]) -> pd.Series[Any]:
    match kind:
        case "integer":
            whole = values.astype("int32")
            if not bool((whole == values).all()):
                raise ValueError("not every value is a whole number of 32 bits")
            return whole
        case "number":
            return values.astype("float64")
        case "short number":
            return values.astype("float32")
        case "text":
            return _as_text(values)
        case "category":
            # Sorted, so that the codes do not depend on which value happened to come first.
            text = _as_text(values)
            return text.astype(pd.CategoricalDtype(sorted(text.dropna().unique())))
        case "flag":
            return _as_flag(values).astype("bool")
        case "flag or missing":
            return _as_flag(values)


def _as_text(values: pd.Series[Any]) -> pd.Series[Any]:
    plain = values.astype("object")
    if not all(isinstance(value, str) for value in plain.dropna().unique()):
        raise TypeError("not every value is text")
    return plain.where(plain.notna(), None).astype("str")


def _as_flag(values: pd.Series[Any]) -> pd.Series[Any]:
    if isinstance(values.dtype, pd.CategoricalDtype) or pd.api.types.is_numeric_dtype(values.dtype):
        values = values.astype("object")
    return values.astype("boolean")


def _convert_further(name: str, label: str, values: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("bool")
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.astype("float64")
    try:
        return _cast("category", values)
    except TypeError as error:
        raise SchemaError(f"{name}: column {label!r} must hold numbers, flags or text: {error}") from error
