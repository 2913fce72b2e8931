"""Reads Dataset-JSON 1.1, whole or as lines (NDJSON), into a dataset; says which record does not fit its columns."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, cast

import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.core.reading import is_list, is_mapping
from anagen.formats.dataset import Column, Dataset, Kind
from anagen.formats.dataset_json import FORMAT
from anagen.formats.dataset_json.kinds import KINDS
from anagen.formats.registry import check_kind
from anagen.formats.texts import bytes_of

LARGEST = 500_000_000
"""Bytes of a file that is read into memory."""
NEEDED = ("name", "label", "records", "columns")
Object = Mapping[str, Any]


def read(path: Path) -> Dataset:
    """The dataset of a file of Dataset-JSON.

    Parameters
    ----------
    path : Path
        A JSON object, or lines of JSON of which the first describes the columns.

    Returns
    -------
    Dataset
        With keys where the file has keySequence.

    Raises
    ------
    InputError
        Where it is something else, is too large, was cut off, is of another version, or has a record whose number or
        kind of values is not that of the columns.
    """
    check_kind(path, FORMAT)
    raw, file = bytes_of(path, LARGEST), str(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(file, "is not UTF-8 text; save it as UTF-8", line=raw.count(b"\n", 0, error.start) + 1)
    described, rows = _parsed(text, file)
    version = described.get("datasetJSONVersion")
    if not (isinstance(version, str) and version.startswith("1.1")):
        _refuse(file, f"is of version {version}; version 1.1 is read", "datasetJSONVersion")
    for key in NEEDED:
        if key not in described:
            _refuse(file, "is left out; Dataset-JSON needs it", key)
    for key in ("name", "label"):
        if not _is_text(described[key]):
            _refuse(file, f"is {described[key]!r}, which is no text", key)
    columns, keys = _columns(described["columns"], file)
    if described["records"] != len(rows):
        words = f"says {described['records']!r}, and {len(rows):,} rows are there: it was cut off or changed"
        _refuse(file, words, "records")
    values = _by_column(rows, columns, file)
    table = pd.DataFrame({column.name: _series(column, cells, file) for column, cells in values})
    return Dataset(str(described["name"]), str(described["label"]), columns, table, keys)


def _parsed(text: str, file: str) -> tuple[Object, Sequence[Any]]:
    """The description and the rows, of one object or of lines."""
    try:
        whole: object = json.loads(text)
    except json.JSONDecodeError as error:
        lines = text.split("\n")
        try:
            first: object = json.loads(lines[0])
        except json.JSONDecodeError:
            _refuse(file, f"cannot be read as JSON: {error.msg}: it was cut off or changed", line=error.lineno)
        if not is_mapping(first):
            _refuse(file, "does not begin with the description of a dataset", line=1)
        return cast("Object", first), [_line(line, number, file) for number, line in enumerate(lines[1:], 2) if line]
    except RecursionError:
        _refuse(file, "cannot be read as JSON: it is nested too deep")
    except ValueError:
        _refuse(file, "cannot be read as JSON: a number has too many digits")
    if not is_mapping(whole):
        _refuse(file, "does not hold a JSON object")
    rows: object = whole.get("rows", [])
    if not is_list(rows):
        _refuse(file, "is no list of records", "rows")
    return cast("Object", whole), rows


def _line(line: str, number: int, file: str) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        _refuse(file, f"cannot be read as JSON: {error.msg}: it was cut off or changed", line=number)
    except RecursionError:
        _refuse(file, "cannot be read as JSON: it is nested too deep", line=number)
    except ValueError:
        _refuse(file, "cannot be read as JSON: a number has too many digits", line=number)


def _columns(told: object, file: str) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    columns: list[Column] = []
    order: dict[int, str] = {}
    for place, entry in enumerate(told if is_list(told) else ()):
        field = f"columns[{place}]"
        if not is_mapping(entry) or not isinstance(entry.get("name"), str):
            _refuse(file, "has no name", field)
        if not _is_text(entry["name"]) or not _is_text(entry.get("label", "")):
            _refuse(file, "has a name or label that is no text", field)
        target = entry.get("targetDataType")
        kind = (str(entry.get("dataType")), None if target is None else str(target))
        if kind not in KINDS:
            names = tuple(dict.fromkeys(name for name, _ in KINDS))
            more = "" if target is None else f" with targetDataType {target}"
            raise InputError([Problem(file, None, None, field, f"has the dataType {kind[0]}{more}", names)])
        length: object = entry.get("length")
        size = length if isinstance(length, int) else None
        columns.append(Column(str(entry["name"]), str(entry.get("label", "")), KINDS[kind], size))
        if isinstance(sequence := entry.get("keySequence"), int):
            order[sequence] = str(entry["name"])
    if not columns or len({column.name for column in columns}) < len(columns):
        _refuse(file, "has no columns, or two of the same name", "columns")
    return tuple(columns), tuple(order[number] for number in sorted(order))


def _by_column(rows: Sequence[Any], columns: tuple[Column, ...], file: str) -> list[tuple[Column, list[Any]]]:
    """The cells of every column."""
    for number, row in enumerate(rows, 1):
        if not is_list(row) or len(row) != len(columns):
            held = f"{len(row)} values" if is_list(row) else "no list of values"
            _refuse(file, f"holds {held}; there are {len(columns)} columns", f"record {number}")
    return [(column, [row[place] for row in rows]) for place, column in enumerate(columns)]


def _series(column: Column, cells: list[Any], file: str) -> pd.Series[Any]:
    """Cells with the type of their column."""
    values = [
        None if cell is None or cell == "" else _cell(cell, column.kind, column.name, number, file)
        for number, cell in enumerate(cells, 1)
    ]
    match column.kind:
        case "text" | "iso date":
            return pd.Series(values, dtype="str")
        case "date" | "datetime":
            return pd.Series(values, dtype="datetime64[s]")
        case "boolean":
            return pd.Series(values, dtype="boolean")
        case _:
            return pd.Series(values, dtype="float64")


def _cell(cell: object, kind: Kind, name: str, number: int, file: str) -> Any:
    """A value of a kind."""
    try:
        match kind:
            case "text" | "iso date" if isinstance(cell, str) and _is_text(cell):
                return cell
            case "boolean" if isinstance(cell, bool):
                return cell
            case "date" | "datetime" if isinstance(cell, str):
                moment = pd.Timestamp(cell).as_unit("s")
                return moment if moment.tz is None else moment.tz_convert(None)
            case "time" if isinstance(cell, str):
                return pd.Timedelta(cell).total_seconds()
            case "integer" | "number" if isinstance(cell, int | float | str) and not isinstance(cell, bool):
                found = float(cell)
                if math.isfinite(found) and (kind == "number" or (found.is_integer() and not isinstance(cell, str))):
                    return found
            case _:
                pass
    except (ValueError, OverflowError) as error:
        _refuse(file, f"{cell!r} is no {kind} ({error})", f"record {number}.{name}")
    _refuse(file, f"{cell!r} is no {kind}", f"record {number}.{name}")


def _is_text(value: object) -> bool:
    """Whether a text holds no half of a character, as JSON can write one."""
    return not any("\ud800" <= letter <= "\udfff" for letter in str(value))


def _refuse(file: str, message: str, field: str = "", line: int | None = None) -> NoReturn:
    raise InputError([Problem(file, line, None, field, message)])
