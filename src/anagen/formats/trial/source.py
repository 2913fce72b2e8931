"""Where a trial comes from: a CSV, a dataset as XPT or Dataset-JSON, or a folder with ADSL and ADEFF, as one grid."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.core.errors import InputError, Problem
from anagen.core.provenance import sha256_of_bytes
from anagen.formats.format import Sample
from anagen.formats.trial import is_dataset
from anagen.formats.trial.grid import Grid, Row, read_grid, refused
from anagen.formats.xpt import is_xpt

if TYPE_CHECKING:
    from anagen.formats.dataset import Dataset

SUBJECT, VALUE = "USUBJID", "AVAL"
FOLDER = "expected a folder with ADEFF and, if it is there, ADSL, as .xpt or as Dataset-JSON (.json, .ndjson)"
SUFFIXES = (".xpt", ".ndjson", ".json")
ADAM = "adam"
"""Folder of analysis datasets in a package that has those of SDTM too."""
NAMED = 16
"""Digits of a hash that are told."""


def grid_of(path: Path, said: Mapping[str, str]) -> Grid:
    """The cells of a trial, whatever it is kept in.

    Parameters
    ----------
    path : Path
        A file or folder.
    said : Mapping[str, str]
        What the user says of a file of text.

    Returns
    -------
    Grid
        Columns of ADSL stand beside those of ADEFF.

    Raises
    ------
    InputError
        Where it is neither, with what it is and what was expected.
    """
    if path.is_dir():
        return _of_folder(path)
    if path.is_file() and is_dataset(Sample(path)):
        return _of_dataset(_read(path), path)
    return read_grid(path, said)


def source_of(path: Path) -> str:
    """Name and hash of a trial, without its folder, for the study file.

    Parameters
    ----------
    path : Path
        A file or folder.

    Returns
    -------
    str
        Of a folder that of every dataset.
    """
    files = [path] if path.is_file() else _datasets_in(_adam(path))
    return "; ".join(f"{each.name}, SHA-256 {sha256_of_bytes(each.read_bytes())[:NAMED]}" for each in files)


def _adam(path: Path) -> Path:
    return path / ADAM if (path / ADAM).is_dir() else path


def _datasets_in(path: Path) -> list[Path]:
    """Datasets of a folder; of one that is there in several containers the last of SUFFIXES, which is not cut."""
    found = (each for each in path.iterdir() if each.suffix.lower() in SUFFIXES and is_dataset(Sample(each)))
    by_container = sorted(found, key=lambda each: (SUFFIXES.index(each.suffix.lower()), each.name))
    return sorted({each.stem.upper(): each for each in by_container}.values())


def _read(path: Path) -> Dataset:
    """A dataset by the reader of its container."""
    if is_xpt(Sample(path)):
        from anagen.formats.xpt.reading import read as read_xpt

        return read_xpt(path)
    from anagen.formats.dataset_json.reading import read as read_json

    return read_json(path)


def _of_folder(path: Path) -> Grid:
    """ADEFF with the columns of ADSL that it lacks, in a folder or its folder adam."""
    path = _adam(path)
    files = _datasets_in(path)
    stems = dict.fromkeys(file.stem.upper() for file in files)
    chosen = {file.stem.upper(): file for file in files if file.stem.upper() in ("ADSL", "ADEFF")}
    if "ADEFF" not in chosen:
        there = f"holds {', '.join(stems)} and no ADEFF" if stems else "holds no dataset"
        raise refused(str(path), f"{there}; {FOLDER}")
    results = _read(chosen["ADEFF"])
    if "ADSL" not in chosen:
        return _of_dataset(results, chosen["ADEFF"])
    people = _read(chosen["ADSL"])
    for dataset, file in ((results, chosen["ADEFF"]), (people, chosen["ADSL"])):
        if SUBJECT not in dataset.table:
            names = tuple(column.name for column in dataset.columns)
            raise InputError([Problem(str(file), None, None, SUBJECT, "is no column of the dataset", names)])
    keys = people.table[SUBJECT].astype(str)
    if keys.duplicated().any():
        record = int(keys.duplicated().to_numpy().argmax()) + 1
        raise refused(str(chosen["ADSL"]), f"holds {keys.iloc[record - 1]!r} once more", record, SUBJECT)
    unknown = ~results.table[SUBJECT].astype(str).isin(set(keys))
    if unknown.any():
        record = int(unknown.to_numpy().argmax()) + 1
        name = results.table[SUBJECT].iloc[record - 1]
        raise refused(str(chosen["ADEFF"]), f"patient {name!r} is not in ADSL", record, SUBJECT)
    left, right = _of_dataset(results, chosen["ADEFF"]), _of_dataset(people, chosen["ADSL"])
    return _beside(left, right)


def _beside(left: Grid, right: Grid) -> Grid:
    """A grid with the columns of another that it lacks, by patient."""
    more = [place for place, name in enumerate(right.header) if name not in left.header]
    at = right.header.index(SUBJECT)
    known = {row.cells[at]: tuple(row.cells[place] for place in more) for row in right.rows}
    here = left.header.index(SUBJECT)
    rows = tuple(Row(row.line, (*row.cells, *known[row.cells[here]])) for row in left.rows)
    told = (*left.told, *right.told, f"ADEFF with {len(more)} columns of ADSL, by {SUBJECT}.")
    header = (*left.header, *(right.header[place] for place in more))
    return Grid(left.file, header, rows, told, {**right.labels, **left.labels})


def _of_dataset(dataset: Dataset, path: Path) -> Grid:
    """A dataset as text; a row is known by the number of its record."""
    columns = [_texts(dataset.table[column.name].tolist()) for column in dataset.columns]
    rows = tuple(Row(record, cells) for record, cells in enumerate(zip(*columns, strict=True), 1))
    kind = "XPT" if path.suffix.lower() == ".xpt" else "Dataset-JSON"
    called = f"{dataset.name} ({dataset.label or 'no label'})"
    told = f"{path.name}: {called}, {len(rows)} records, {kind}; lines are record numbers."
    names = tuple(column.name for column in dataset.columns)
    if not rows:
        raise refused(str(path), "holds no record")
    return Grid(str(path), names, rows, (told,), {column.name: column.label for column in dataset.columns})


def _texts(values: list[Any]) -> list[str]:
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    """A value as a table of text has it: no decimals of a whole number, dates in ISO, nothing where it is missing."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    text = str(value).strip()
    return "" if text in ("<NA>", "NaT") else text
