"""Columns of 64-bit numbers in parquet files, read and written without pandas."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray


def arrow() -> tuple[Any, Any]:
    """Arrow and its parquet files; most commands read no posterior, and importing them takes longer than all else."""
    return import_module("pyarrow"), import_module("pyarrow.parquet")


def numbers(column: Any) -> FloatArray:
    """A column of 64-bit numbers; missing ones, which need pandas to be read, are NaN."""
    if column.null_count:
        return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
    chunks: list[Any] = [np.from_dlpack(chunk) for chunk in column.chunks]
    return np.concatenate(chunks)


def parquet_of(names: Sequence[str], matrix: FloatArray) -> bytes:
    """Parquet bytes of named columns.

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
    """
    library, parquet = arrow()
    stream = library.BufferOutputStream()
    parquet.write_table(library.table({name: matrix[:, i] for i, name in enumerate(names)}), stream)
    return bytes(stream.getvalue().to_pybytes())
