"""The folder of a response curve: its tables as parquet and CSV, the study of every setting."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.core.disk import write_durably
from anagen.results.folder import write_folder

CURVE, CURVE_CSV, DRAWS, STUDIES = "curve.parquet", "curve.csv", "draws.parquet", "studies.json"
CURVE_KIND = "response curve"
"""What the manifest says of such a folder."""

_arrow: Any = import_module("pyarrow")
_arrow_parquet: Any = import_module("pyarrow.parquet")


def write_curve(
    curve: pd.DataFrame,
    draws: pd.DataFrame,
    studies: Sequence[Mapping[str, Any]],
    manifest: Mapping[str, Any],
    folder: Path,
    *,
    overwrite: bool = False,
    add: Callable[[Path], object] | None = None,
) -> Path:
    """Writes curve.parquet, curve.csv, draws.parquet, studies.json and the manifest, whole or not at all.

    Parameters
    ----------
    curve : pd.DataFrame
        One row per setting and contrast.
    draws : pd.DataFrame
        One row per setting, draw and contrast.
    studies : Sequence[Mapping[str, Any]]
        Every setting with its study.
    manifest : Mapping[str, Any]
        What was run.
    folder : Path
        Where to; its parents are made.
    overwrite : bool, default False
        Whether an earlier result folder may be replaced.
    add : Callable[[Path], object], optional
        Writes further files, given the folder.

    Raises
    ------
    InputError
        Where `folder` may not be written.
    OSError
        Where the disk is full.
    """

    def fill(partial: Path) -> None:
        write_durably(partial / CURVE, frame_to_parquet(curve))
        write_durably(partial / CURVE_CSV, curve.to_csv(index=False, lineterminator="\n").encode("utf-8"))
        write_durably(partial / DRAWS, frame_to_parquet(draws))
        text = json.dumps(list(studies), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
        write_durably(partial / STUDIES, f"{text}\n".encode())
        if add is not None:
            add(partial)

    return write_folder(folder, fill, manifest, overwrite=overwrite)


def frame_to_parquet(table: pd.DataFrame) -> bytes:
    """Parquet bytes of a table of whole numbers, numbers and text; the same bytes for the same table."""
    schema = _arrow.schema([(str(name), _type_of(table[name])) for name in table.columns])
    arrow = _arrow.Table.from_pandas(table, schema=schema, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    _arrow_parquet.write_table(arrow, buffer, version="2.6", compression="zstd", compression_level=3)
    return buffer.getvalue()


def _type_of(values: pd.Series[Any]) -> Any:
    if pd.api.types.is_integer_dtype(values.dtype):
        return _arrow.int32()
    return _arrow.float64() if pd.api.types.is_numeric_dtype(values.dtype) else _arrow.string()
