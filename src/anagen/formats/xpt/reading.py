"""Reads a SAS transport file into a dataset: by pyreadstat, once its layout was found whole and in ASCII."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.formats.dataset import Column, Dataset, Kind
from anagen.formats.libraries import library
from anagen.formats.registry import check_kind
from anagen.formats.texts import bytes_of
from anagen.formats.xpt import FORMAT
from anagen.formats.xpt.layout import Field, layout_of

LARGEST = 500_000_000
"""Bytes of a file that is read into memory."""
DATES = ("DATE", "YYMMDD", "MMDDYY", "DDMMYY", "E8601DA", "IS8601DA", "B8601DA", "WEEKDATE", "WORDDATE")
DATETIMES = ("DATETIME", "E8601DT", "IS8601DT", "B8601DT", "DATEAMPM")
TIMES = ("TIME", "E8601TM", "IS8601TM", "B8601TM", "HHMM")
"""Formats of SAS, without their length, that make a number a date, a date with time, or a time of day."""
EPOCH = pd.Timestamp("1960-01-01")


def read(path: Path) -> Dataset:
    """The dataset of a SAS transport file of version 5.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Dataset
        Numbers with a format of dates in SAS are dates; a number that is nothing but whole stays a number, as the file
        does not tell integers apart.

    Raises
    ------
    InputError
        Where it is something else, is too large, was cut off or changed, or holds text that is not ASCII.
    """
    FORMAT.require()
    check_kind(path, FORMAT)
    raw, file = bytes_of(path, LARGEST), str(path)
    layout = layout_of(raw, file)
    columns = tuple(
        Column(field.name, field.label, kind_of_field(field), field.length if field.text else None)
        for field in layout.fields
    )
    if len({column.name for column in columns}) < len(columns):
        raise InputError([Problem(file, None, None, "", "has two columns of the same name")])
    table = _values(raw, file)
    return Dataset(
        layout.name,
        layout.label,
        columns,
        pd.DataFrame({column.name: _converted(table[column.name], column.kind) for column in columns}),
    )


def kind_of_field(field: Field) -> Kind:
    """What a column holds, by its type and its format in SAS.

    Parameters
    ----------
    field : Field
        As the header describes it.

    Returns
    -------
    Kind
        "text", "number", "date", "datetime" or "time".

    Examples
    --------
    >>> kind_of_field(Field("ADT", "Analysis Date", False, 8, 0, "DATE"))
    'date'
    """
    if field.text:
        return "text"
    display = field.display.rstrip("0123456789.")
    names = {field.display, display}
    if names & set(DATETIMES):
        return "datetime"
    if names & set(DATES):
        return "date"
    return "time" if names & set(TIMES) else "number"


def _values(raw: bytes, file: str) -> pd.DataFrame:
    pyreadstat = library("pyreadstat")
    try:
        table, _ = pyreadstat.read_xport(io.BytesIO(raw), disable_datetime_conversion=True, encoding="ASCII")
    except (pyreadstat.ReadstatError, ValueError, OverflowError) as error:
        raise InputError([Problem(file, None, None, "", f"cannot be read as a SAS transport file: {error}")]) from None
    return table


def _converted(values: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    if kind == "text":
        text = values.astype("object")
        return text.where(text.notna() & (text != ""), None).astype("str")
    numbers = values.astype("float64")
    if kind in ("number", "time"):
        return numbers
    seconds = np.where(numbers.isna(), 0.0, numbers) * (86_400.0 if kind == "date" else 1.0)
    moments = EPOCH.to_datetime64().astype("datetime64[s]") + np.rint(seconds).astype("int64").astype("timedelta64[s]")
    return pd.Series(moments).mask(numbers.isna())
