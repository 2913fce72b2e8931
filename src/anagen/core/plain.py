"""Values as JSON has them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from anagen.core.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd


def plain(value: Any) -> Any:
    """A value as JSON has it.

    Parameters
    ----------
    value : object
        Numbers, text, containers, NumPy and pandas values.

    Returns
    -------
    object
        NumPy scalars unpacked, NaN and missing values None, anything unknown as text.

    Examples
    --------
    >>> plain({"week": 24.0, "share": float("nan")})
    {'week': 24.0, 'share': None}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in cast("Mapping[object, object]", value).items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Iterable):
        return [plain(entry) for entry in cast("Iterable[object]", value)]
    text = str(value)
    return None if text in ("<NA>", "NaT") else text


def unpacked(value: Any) -> Any:
    """A value in which numbers, text and arrays of NumPy are those of Python; anything else stays as it is.

    Parameters
    ----------
    value : object
        Numbers, text, mappings and lists of them.

    Returns
    -------
    object
        The same in Python's types, tuples as lists.

    Examples
    --------
    >>> import numpy as np
    >>> unpacked({"patients": np.int64(12), "visits": np.array([0, 12])})
    {'patients': 12, 'visits': [0, 12]}
    """
    if isinstance(value, Mapping):
        return {unpacked(key): unpacked(entry) for key, entry in cast("Mapping[object, object]", value).items()}
    if isinstance(value, list | tuple):
        return [unpacked(entry) for entry in cast("Iterable[object]", value)]
    return value.tolist() if hasattr(value, "tolist") else value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain mappings.

    Parameters
    ----------
    frame : DataFrame
        Any table.

    Returns
    -------
    list of dict
        One per row, keys are the columns.
    """
    return [plain(row) for row in frame.to_dict(orient="records")]


def json_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file that this program wrote.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    dict
        Plain values.

    Raises
    ------
    InputError
        Naming the file, where it cannot be read or holds something else.
    """
    try:
        value: object = json.loads(path.read_bytes())
    except RecursionError:
        message = "cannot be read as JSON: it is nested too deep"
    except (OSError, ValueError) as error:
        message = f"cannot be read as JSON: {error}"
    else:
        if isinstance(value, dict):
            return cast("dict[str, Any]", value)
        message = "does not hold a JSON object"
    raise InputError([Problem(str(path), None, None, "", message)])


def json_text(value: object) -> str:
    """One JSON document.

    Parameters
    ----------
    value : object
        What `plain` takes.

    Returns
    -------
    str
        Indented text without a newline at its end; missing numbers are null.
    """
    return json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
