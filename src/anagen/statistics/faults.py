"""What can be wrong with data that are handed to a statistical method, and checks that say so by column and row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest

if TYPE_CHECKING:
    import pandas as pd


class DataFault(InputError):
    """Data that a method cannot use; `problems` name the column, the row or patient, and what to do.

    Examples
    --------
    >>> str(fault("change", "is text, 'n/a'", "write numbers, and leave missing values empty", row=7, patient="P3"))
    "change: row 7 (patient P3) is text, 'n/a'; write numbers, and leave missing values empty"
    """


def fault(
    column: str,
    what: str,
    fix: str,
    *,
    row: int | None = None,
    patient: object = None,
    allowed: Iterable[object] = (),
    suggestion: str | None = None,
) -> DataFault:
    """The error for one fault.

    Parameters
    ----------
    column : str
        The column at fault.
    what : str
        What is wrong, in plain words.
    fix : str
        What to do.
    row : int, optional
        Row of the table, counted from 1.
    patient : object, optional
        The patient of that row.
    allowed : Iterable[object]
        What would be right.
    suggestion : str, optional
        The nearest right spelling.

    Returns
    -------
    DataFault
        To be raised.
    """
    where = "" if row is None else f"row {row}"
    if patient is not None:
        where = f"{where} (patient {patient})" if where else f"patient {patient}"
    message = f"{where} {what}; {fix}".strip()
    return DataFault([Problem(None, None, None, column, message, tuple(str(one) for one in allowed), suggestion)])


def check_columns(data: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table that lacks a column or has it twice.

    Parameters
    ----------
    data : pd.DataFrame
        The table.
    columns : Iterable[str]
        Columns that are needed.

    Raises
    ------
    DataFault
        With the nearest spelling.
    """
    names = [str(name) for name in data.columns]
    for column in columns:
        if names.count(column) > 1:
            raise fault(column, "stands twice in the table", "leave one of the two")
        if column not in names:
            raise fault(
                column,
                "is not a column of the table",
                "name a column that is there",
                allowed=names,
                suggestion=nearest(column, names),
            )


def numbers(
    data: pd.DataFrame,
    column: str,
    *,
    patient: str | None = None,
    missing: bool = True,
    rows: IntArray | None = None,
) -> FloatArray:
    """A column of numbers.

    Parameters
    ----------
    data : pd.DataFrame
        The table.
    column : str
        Its column.
    patient : str, optional
        The column that names patients, for the message.
    missing : bool
        Whether values may be missing.
    rows : IntArray, optional
        Where the rows stood in the user's table, for the message; counted from 0.

    Returns
    -------
    FloatArray, shape (n_rows,)
        NaN where missing.

    Raises
    ------
    DataFault
        Where a value is text, infinite, or missing against `missing`.
    """
    import pandas as pd

    check_columns(data, [column])
    raw = data[column]
    values = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=float, na_value=np.nan)

    def refuse(bad: np.ndarray, what: str, fix: str) -> None:
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            who = None if patient is None or patient not in data.columns else data[patient].iloc[row]
            raise fault(column, what.format(value=raw.iloc[row]), fix, row=_place(row, rows), patient=who)

    refuse(
        np.isnan(values) & raw.notna().to_numpy(),
        "is not a number, '{value}'",
        "write numbers, and leave missing values empty",
    )
    refuse(np.isinf(values), "is infinite", "write a number, or leave it empty")
    if not missing:
        refuse(np.isnan(values), "has no value", "leave the patient out, or fill the value in beforehand")
    return values


def labels(
    data: pd.DataFrame,
    column: str,
    *,
    first: str | None = None,
    patient: str | None = None,
    rows: IntArray | None = None,
) -> tuple[list[str], np.ndarray]:
    """A column of names, such as the arm.

    Parameters
    ----------
    data : pd.DataFrame
        The table.
    column : str
        Its column; none may be missing.
    first : str, optional
        The level that comes first, such as the control.
    patient : str, optional
        The column that names patients, for the message.
    rows : IntArray, optional
        Where the rows stood in the user's table, for the message; counted from 0.

    Returns
    -------
    tuple[list[str], np.ndarray]
        Levels (numbers in order of size, categories in their order, names in alphabetical order), and the index of
        the level in each row.

    Raises
    ------
    DataFault
        Where a name is missing, or `first` is not among them.
    """
    import pandas as pd

    check_columns(data, [column])
    raw = data[column]
    if raw.isna().any():
        row = int(np.flatnonzero(raw.isna().to_numpy())[0])
        who = None if patient is None or patient not in data.columns else data[patient].iloc[row]
        place = _place(row, rows)
        raise fault(column, "has no value", "give every row one, or leave the row out", row=place, patient=who)
    present = raw.unique()
    if isinstance(raw.dtype, pd.CategoricalDtype):
        found = set(present)
        ordered: Sequence[object] = [level for level in raw.cat.categories if level in found]
    elif pd.api.types.is_numeric_dtype(raw):
        ordered = sorted(present)
    else:
        ordered = sorted(present, key=str)
    names = [_named(level) for level in ordered]
    if first is not None:
        if first not in names:
            raise fault(
                column,
                f"has no level '{first}'",
                "name a level that is there",
                allowed=names,
                suggestion=nearest(first, names),
            )
        names = [first, *(name for name in names if name != first)]
    position = {name: index for index, name in enumerate(names)}
    found_code, found_levels = pd.factorize(raw)
    code = np.array([position[_named(level)] for level in found_levels], dtype=np.int64)[found_code]
    return names, code


def _place(row: int, rows: IntArray | None) -> int:
    """The row as the user counts it."""
    return (row if rows is None else int(rows[row])) + 1


def _named(level: object) -> str:
    return f"{level:g}" if isinstance(level, float) else str(level)
