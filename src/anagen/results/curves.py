"""The folder of a response curve: its tables as parquet and CSV, the study of every setting."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.core.disk import write_durably
from anagen.core.parquet import frame_to_parquet
from anagen.results.folder import write_folder

CURVE, CURVE_CSV, DRAWS, STUDIES = "curve.parquet", "curve.csv", "draws.parquet", "studies.json"
CURVE_KIND = "response curve"
"""What the manifest says of such a folder."""


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
        write_durably(partial / CURVE, frame_to_parquet(_narrowed(curve)))
        write_durably(partial / CURVE_CSV, curve.to_csv(index=False, lineterminator="\n").encode("utf-8"))
        write_durably(partial / DRAWS, frame_to_parquet(_narrowed(draws)))
        text = json.dumps(list(studies), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
        write_durably(partial / STUDIES, f"{text}\n".encode())
        if add is not None:
            add(partial)

    return write_folder(folder, fill, manifest, overwrite=overwrite)


def _narrowed(table: pd.DataFrame) -> pd.DataFrame:
    """Whole numbers of 32 bits, numbers of 64, and text."""

    def kind(values: pd.Series[Any]) -> str:
        if pd.api.types.is_integer_dtype(values.dtype):
            return "int32"
        return "float64" if pd.api.types.is_numeric_dtype(values.dtype) else "str"

    return table.astype({name: kind(table[name]) for name in table.columns})
