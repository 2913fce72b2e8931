"""Tables to bytes and back: parquet and CSV, the same bytes for the same table."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from anagen.core.frames import table_of
from anagen.core.parquet import MEANING, UNIT, read_frame, write_tables
from anagen.results.conforming import conform
from anagen.results.schema import OF_ENDPOINT, TABLES, Kind

CSV_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        "integer": "int32",
        "number": "float64",
        "short number": "float32",
        "text": "str",
        "category": "str",
        "flag": "boolean",
        "flag or missing": "boolean",
    }
)
BASELINE = "baseline_"
"""How columns of measured baselines begin."""


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
    table = read_frame(path) if TABLES[name].format == "parquet" else _read_csv(name, path)
    return conform(name, table)


def arrow_table(name: str, table: pd.DataFrame) -> Any:
    """A table that conforms to its schema as one of Arrow, with what every column means; its categories are text."""
    return table_of(table, meanings(name, [str(label) for label in table.columns]))


def meanings(name: str, columns: list[str]) -> dict[str, dict[str, str]]:
    """Unit and meaning of every column of a table, those beyond its schema included.

    Parameters
    ----------
    name : str
        Of the table.
    columns : list of str
        Of the file.

    Examples
    --------
    >>> meanings("visits", ["week"])
    {'week': {'unit': 'week', 'meaning': 'weeks since the first treatment; 0 is baseline'}}
    """
    known = {column.name: column for column in TABLES[name].columns}
    told: dict[str, dict[str, str]] = {}
    for label in columns:
        if label in known:
            unit, meaning = known[label].unit, known[label].description
        elif label.startswith(BASELINE):
            unit, meaning = OF_ENDPOINT, f"measured at baseline: {label.removeprefix(BASELINE)}"
        else:
            unit, meaning = "", "covariate of the condition"
        told[label] = ({UNIT: unit} if unit else {}) | {MEANING: meaning}
    return told


def _to_parquet(name: str, table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    write_tables(buffer, iter([arrow_table(name, table)]))
    return buffer.getvalue()


def _to_csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _read_csv(name: str, path: Path) -> pd.DataFrame:
    types: Any = {column.name: CSV_TYPES[column.kind] for column in TABLES[name].columns}
    return pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""])
