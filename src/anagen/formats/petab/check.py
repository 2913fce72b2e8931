"""Checks a PEtab problem: files, columns, what they name of one another; and by the library petab where it is."""

from __future__ import annotations

import csv
import io
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anagen.core.errors import Problem
from anagen.core.extras import installed
from anagen.core.reading import is_list, is_mapping
from anagen.formats.format import Checked
from anagen.formats.libraries import library
from anagen.formats.petab import PROBLEM
from anagen.formats.sbml.check import checked_document
from anagen.formats.texts import text_of

COLUMNS = {
    "parameter_files": ("parameterId", "estimate"),
    "condition_files": ("conditionId", "targetId", "targetValue"),
    "experiment_files": ("experimentId", "time", "conditionId"),
    "observable_files": ("observableId", "observableFormula", "noiseFormula"),
    "measurement_files": ("observableId", "time", "measurement"),
}
NEEDED = ("parameter_files", "observable_files", "measurement_files")
REFERS = (
    ("measurement_files", "observableId", "observable_files", "observableId"),
    ("measurement_files", "experimentId", "experiment_files", "experimentId"),
    ("experiment_files", "conditionId", "condition_files", "conditionId"),
)
"""Table and column that name what another table and column define."""
Table = list[tuple[int, Mapping[str, str]]]


def check(path: Path) -> Checked:
    """What is wrong in a problem.

    Parameters
    ----------
    path : Path
        Its YAML file, or the folder that holds one.

    Returns
    -------
    Checked
        What it holds, who checked it, and every problem.
    """
    yaml = library("ruamel.yaml")
    file = path / PROBLEM if path.is_dir() else path
    try:
        data: Any = yaml.YAML(typ="safe").load(text_of(file))
    except yaml.error.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        words = " ".join(str(getattr(error, "problem", None) or "it is damaged").split())
        return Checked((), (Problem(str(file), line, None, "", f"cannot be read as YAML: {words}"),))
    if not is_mapping(data):
        return Checked((), (Problem(str(file), None, None, "", "holds no keys; expected format_version and files"),))
    version = str(data.get("format_version", ""))
    if not version.startswith("2"):
        message = f"is of version {version or 'nothing'} of PEtab; version 2 is read, `petab` converts older problems"
        return Checked((), (Problem(str(file), None, None, "format_version", message),))
    problems = [
        Problem(str(file), None, None, kind, "is left out; a problem needs it") for kind in NEEDED if not data.get(kind)
    ]
    tables = {kind: _table(file.parent, data.get(kind), kind, problems) for kind in COLUMNS}
    problems += _dangling(tables, str(file))
    lines = [f"PEtab {version}: {', '.join(f'{len(rows)} rows of {kind}' for kind, rows in tables.items() if rows)}."]
    lines += _models(file.parent, data, problems)
    if not problems:
        lines.append(_by_library(file, problems))
    return Checked(tuple(lines), tuple(problems))


def _table(folder: Path, names: object, kind: str, problems: list[Problem]) -> Table:
    rows: Table = []
    if names is not None and not is_list(names):
        problems.append(Problem(str(folder / PROBLEM), None, None, kind, "is no list of files"))
    for name in map(str, names if is_list(names) else ()):
        path = folder / name
        if not os.path.isfile(path):  # also where the name is none that a disk can have
            problems.append(Problem(str(path), None, None, kind, "there is no such file"))
            continue
        reader = csv.DictReader(io.StringIO(text_of(path)), delimiter="\t")
        try:
            missing = [column for column in COLUMNS[kind] if column not in (reader.fieldnames or ())]
            problems += [Problem(str(path), 1, None, column, "is no column of the table") for column in missing]
            rows += [(reader.line_num, row) for row in reader] if not missing else []
        except csv.Error as error:
            words = f"cannot be read as a table: {error}; is a quotation mark left open?"
            problems.append(Problem(str(path), reader.line_num, None, "", words))
    return rows


def _dangling(tables: Mapping[str, Table], file: str) -> list[Problem]:
    """What one table names and no other defines."""
    problems: list[Problem] = []
    for kind, column, of, defined in REFERS:
        known = {row[defined] for _, row in tables[of]}
        for line, row in tables[kind]:
            for name in filter(None, (part.strip() for part in (row.get(column) or "").split(";"))):
                if name not in known:
                    words = f"names {name!r}, which {of} do not have"
                    problems.append(Problem(file, None, None, f"{kind}:{line}", words))
    return problems


def _models(folder: Path, data: Any, problems: list[Problem]) -> list[str]:
    libsbml = library("libsbml")

    lines: list[str] = []
    models: Any = data.get("model_files")
    for name, entry in models.items() if is_mapping(models) else ():
        if not is_mapping(entry):
            words = "is no location and language"
            problems.append(Problem(str(folder / PROBLEM), None, None, f"model_files.{name}", words))
            continue
        path = folder / str(entry.get("location"))
        if entry.get("language") != "sbml":
            lines.append(f"The model {name} is in {entry.get('language')}, which is not checked here.")
        elif not os.path.isfile(path):
            problems.append(Problem(str(path), None, None, "model_files", "there is no such file"))
        else:
            found = checked_document(libsbml.readSBMLFromString(text_of(path)), str(path))
            problems += found.problems
            lines += found.lines
    return lines


def _by_library(file: Path, problems: list[Problem]) -> str:
    """What the library petab says, where it is installed."""
    if not installed("petab", "petab.v2"):
        return "The library petab is not installed here, so that its own lint was not asked."
    petab, v2 = library("petab"), library("petab.v2")

    logging.getLogger("petab").setLevel(logging.CRITICAL)
    found = v2.lint_problem(v2.Problem.from_yaml(file))
    problems += [
        Problem(str(file), None, None, entry.level.name.lower(), " ".join(entry.message.split())) for entry in found
    ]
    return f"The lint of petab {petab.__version__} says {'nothing against it' if not found else 'what follows'}."
