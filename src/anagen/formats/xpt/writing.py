"""Writes a dataset as a SAS transport file of version 5: by pyreadstat, with the guards and without the clock.

Pyreadstat cuts nothing and refuses little: it takes texts of 250 bytes and letters that are not ASCII, and turns
booleans into numbers. What does not fit is refused here before it writes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from anagen.core.errors import InputError
from anagen.formats.dataset import Dataset
from anagen.formats.libraries import library
from anagen.formats.xpt.check import problems_of
from anagen.formats.xpt.layout import TIMES
from anagen.formats.xpt.reading import EPOCH

NO_TIME = b"01JAN60:00:00:00"
"""In place of the time of writing, which would differ from one file to the next: the day from which SAS counts."""
FORMATS = {"date": "DATE9", "datetime": "DATETIME20", "time": "TIME8"}


def xpt_bytes(dataset: Dataset) -> bytes:
    """A dataset as a SAS transport file.

    Parameters
    ----------
    dataset : Dataset
        With names, labels and texts that fit.

    Returns
    -------
    bytes
        The same for the same dataset.

    Raises
    ------
    InputError
        With every name, label and text that does not fit, and every column of booleans.
    """
    wrong = problems_of(dataset, dataset.name)
    if wrong:
        raise InputError(wrong)
    columns: dict[str, object] = {}
    for column in dataset.columns:
        values = dataset.table[column.name]
        if column.kind in ("text", "iso date"):
            columns[column.name] = values.astype("object").fillna("").astype("str")
        elif column.kind in ("date", "datetime"):
            unit = pd.Timedelta(days=1) if column.kind == "date" else pd.Timedelta(seconds=1)
            columns[column.name] = (values - EPOCH) / unit
        else:
            columns[column.name] = values.astype("float64")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dataset.xpt"
        library("pyreadstat").write_xport(
            pd.DataFrame(columns),
            str(file),
            file_label=dataset.label,
            column_labels={column.name: column.label for column in dataset.columns},
            table_name=dataset.name,
            file_format_version=5,
            variable_format={c.name: FORMATS[c.kind] for c in dataset.columns if c.kind in FORMATS},
        )
        raw = bytearray(file.read_bytes())
    for place in TIMES:
        raw[place : place + len(NO_TIME)] = NO_TIME
    return bytes(raw)
