"""Checks a SAS transport file: whether it is whole, and keeps to what authorities take."""

from __future__ import annotations

import re
from pathlib import Path

from anagen.core.errors import Problem
from anagen.formats.dataset import Dataset
from anagen.formats.format import Checked
from anagen.formats.xpt.reading import read

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
LONGEST_LABEL, LONGEST_TEXT = 40, 200


def check(path: Path) -> Checked:
    """What is wrong in a SAS transport file.

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
    return Checked((summary(found),), tuple(problems_of(found, str(path))))


def summary(found: Dataset) -> str:
    """What a dataset holds, in a sentence.

    Parameters
    ----------
    found : Dataset
        As it was read.

    Returns
    -------
    str
        Name, label, rows and columns.
    """
    label = f" ({found.label})" if found.label else ""
    return f"Dataset {found.name}{label}: {len(found.table):,} rows, {len(found.columns)} columns."


def problems_of(found: Dataset, file: str) -> list[Problem]:
    """Where a dataset departs from what a SAS transport file of version 5 may hold for an authority.

    Parameters
    ----------
    found : Dataset
        Of any container.
    file : str
        Its name in messages.

    Returns
    -------
    list of Problem
        Names, labels and lengths of texts, text that is not ASCII, booleans.
    """
    problems = [
        Problem(file, None, None, name, "is no name of 1 to 8 capital letters, digits and underscores")
        for name in (found.name, *(column.name for column in found.columns))
        if not NAME.fullmatch(name)
    ]
    for place, label in (("", found.label), *((column.name, column.label) for column in found.columns)):
        what = "the label of the dataset" if not place else "its label"
        if len(label) > LONGEST_LABEL:
            words = f"{what} has {len(label)} characters, and at most {LONGEST_LABEL} fit"
            problems.append(Problem(file, None, None, place, words))
        if not label.isascii():
            problems.append(Problem(file, None, None, place, f"{what} is not ASCII"))
        if not label:
            problems.append(Problem(file, None, None, place, f"{what} is missing"))
    for column in found.columns:
        if column.kind == "boolean":
            words = "holds booleans, which a SAS transport file does not know; write Y and N as text"
            problems.append(Problem(file, None, None, column.name, words))
        if column.kind in ("text", "iso date"):
            problems += _of_texts(found, column.name, file)
    return problems


def _of_texts(found: Dataset, name: str, file: str) -> list[Problem]:
    """The first text of a column that is too long or not ASCII."""
    text = found.table[name].fillna("")
    long, other = text.str.len() > LONGEST_TEXT, ~text.map(str.isascii).astype("bool")
    problems: list[Problem] = []
    if long.any():
        row = int(long.to_numpy().argmax())
        words = f"row {row + 1:,} has {len(text.iloc[row])} characters, and at most {LONGEST_TEXT} fit"
        problems.append(Problem(file, None, None, name, words))
    if other.any():
        row = int(other.to_numpy().argmax())
        words = f"row {row + 1:,} is not ASCII: {text.iloc[row]!r}; write it in plain letters"
        problems.append(Problem(file, None, None, name, words))
    return problems
