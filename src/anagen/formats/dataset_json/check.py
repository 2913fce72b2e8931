"""Checks a file of Dataset-JSON: whether its records fit its columns, and its keys tell them apart."""

from __future__ import annotations

from pathlib import Path

from anagen.core.errors import Problem
from anagen.formats.dataset import Dataset
from anagen.formats.dataset_json.reading import read
from anagen.formats.format import Checked


def check(path: Path) -> Checked:
    """What is wrong in a file of Dataset-JSON.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Checked
        What it holds, and every problem.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    found = read(path)
    keys = f"; keys {', '.join(found.keys)}" if found.keys else "; no keys"
    label = f" ({found.label})" if found.label else ""
    says = f"Dataset {found.name}{label}: {len(found.table):,} rows, {len(found.columns)} columns{keys}."
    return Checked((says,), (*keys_told_twice(found, str(path)), *too_long(found, str(path))))


def keys_told_twice(found: Dataset, file: str) -> list[Problem]:
    """The first record whose keys are those of another.

    Parameters
    ----------
    found : Dataset
        With keys, or without, where nothing is asked.
    file : str
        Its name in messages.

    Returns
    -------
    list of Problem
        None or one.
    """
    missing = [key for key in found.keys if key not in found.table]
    if missing or not found.keys:
        return [Problem(file, None, None, key, "is a key, and no column") for key in missing]
    twice = found.table.duplicated(list(found.keys))
    if not twice.any():
        return []
    row = int(twice.to_numpy().argmax())
    values = ", ".join(f"{key} {found.table[key].iloc[row]}" for key in found.keys)
    words = f"record {row + 1:,} has the keys of an earlier one: {values}; {int(twice.sum()):,} such"
    return [Problem(file, None, None, "", words)]


def too_long(found: Dataset, file: str) -> list[Problem]:
    """Columns that hold a text longer than the file says.

    Parameters
    ----------
    found : Dataset
        As it was read.
    file : str
        Its name in messages.

    Returns
    -------
    list of Problem
        One for a column.
    """
    problems: list[Problem] = []
    for column in found.columns:
        if column.length is None or column.kind not in ("text", "iso date"):
            continue
        longest = int(found.table[column.name].str.len().max()) if found.table[column.name].notna().any() else 0
        if longest > column.length:
            words = f"holds a text of {longest} characters; its length is {column.length}"
            problems.append(Problem(file, None, None, column.name, words))
    return problems
