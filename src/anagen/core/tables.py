"""From a TOML text to a checked model: every problem at once, each with its line."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from anagen.core.errors import InputError
from anagen.core.reading import ErrorReader, Key
from anagen.core.texts import toml_data

M = TypeVar("M", bound=BaseModel)
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"']+)\s*\]\]?\s*(?:#.*)?")
_ENTRY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")


def model_of_toml(text: str, file: str | None, model: type[M], errors: ErrorReader) -> M:
    """The model that a TOML text describes.

    Parameters
    ----------
    text : str
        TOML.
    file : str or None
        Name of the file in messages.
    model : type of BaseModel
        What it describes.
    errors : ErrorReader
        Words for what can be wrong with it.

    Returns
    -------
    BaseModel
        Checked.

    Raises
    ------
    InputError
        With every problem found, in the order of the lines.
    """
    data = toml_data(text, file)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = toml_lines(text)
        problems = dict.fromkeys(fault.problem(file, lines) for fault in errors.faults(error))
        raise InputError(sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))) from None


def toml_lines(text: str) -> dict[Key, int]:
    """Line of each key and table of a TOML text, counted from 1, as far as the usual way of writing shows it.

    Examples
    --------
    >>> toml_lines('name = "a"\\n[[marker]]\\nname = "CD9"')[("marker", 0, "name")]
    3
    """
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, entry = _HEADER.fullmatch(line), _ENTRY.match(line)
        if header is not None:
            table = _table(header[2], double=header[1] == "[[", counts=counts)
            lines.setdefault(table, number)
        elif entry is not None:
            lines.setdefault((*table, entry[1]), number)
    return lines


def _table(header: str, *, double: bool, counts: dict[Key, int]) -> Key:
    """Path of a table header; the last element of a list of tables is the open one."""
    parts = [part.strip("\"' ") for part in header.split(".")]
    path: Key = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if double and position == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
