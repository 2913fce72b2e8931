"""Reads parameter files: those of this package and those that installed packages bring with their entries."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, ValidationError

from anagen.core import plugins
from anagen.core.errors import InputError, Problem
from anagen.core.fields import SOME_LINES
from anagen.core.reading import MOST_TOLD, ErrorReader, Fault, is_mapping
from anagen.core.tables import toml_lines
from anagen.core.texts import read_text, toml_data
from anagen.parameters.parameter import Distribution, Grade, Parameter
from anagen.parameters.sets import ParameterSet

SUFFIX = ".toml"
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Bound = Annotated[float, Strict()]
Line = Annotated[str, StringConstraints(max_length=2000), SOME_LINES]


class _Entry(BaseModel):
    """A parameter as a file gives it."""

    model_config = ConfigDict(extra="forbid")

    value: Number
    unit: Line
    distribution: Distribution = "fixed"
    interval_90: tuple[Number, Number] | None = None
    source: Line
    grade: Grade
    hand_set: bool = True
    note: Line = ""
    lower: Bound = -math.inf
    upper: Bound = math.inf


_ERRORS = ErrorReader(_Entry)


def read_parameters(text: str, prefix: str, file: str | None = None) -> dict[str, Parameter]:
    """Parameters of one TOML text.

    Parameters
    ----------
    text : str
        An entry is a table with value, unit, source and grade. A table that holds entries is a group of them.
    prefix : str
        Of the names of entries outside a group; names are "<prefix>.<entry>" and "<group>.<entry>".
    file : str, optional
        Name of the file in messages.

    Returns
    -------
    dict
        Name -> parameter.

    Raises
    ------
    InputError
        With every entry in which a key is unknown or missing or values contradict one another.

    Examples
    --------
    >>> text = '[a.b]\\nvalue = 1\\nunit = "1"\\nsource = "x"\\ngrade = "C"'
    >>> list(read_parameters(text, "file"))
    ['a.b']
    """
    parameters: dict[str, Parameter] = {}
    lines = toml_lines(text)
    problems: list[Problem] = []
    for path, fields in _entries(toml_data(text, file)):
        name = ".".join(path) if path[1:] else f"{prefix}.{path[0]}"
        try:
            if name in parameters:
                raise InputError([Fault(path, f"{name} stands twice").problem(file, lines)])
            parameters[name] = _parameter(name, fields)
        except ValidationError as error:
            faults = list(_ERRORS.faults(error))
            problems += [replace(fault, path=(*path, *fault.path)).problem(file, lines) for fault in faults]
        except InputError as error:
            problems += error.problems
        except ValueError as error:
            problems.append(Fault(path, str(error)).problem(file, lines))
        if len(problems) > MOST_TOLD:
            break
    if problems:
        raise InputError(problems)
    return parameters


def _entries(data: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Path and fields of every entry; a table that holds nothing but tables is a group of entries."""
    for entry, raw in data.items():
        if is_mapping(raw) and raw and all(is_mapping(inner) for inner in raw.values()):
            yield from (((entry, name), inner) for name, inner in raw.items())
        else:
            yield (entry,), raw


def _parameter(name: str, written: object) -> Parameter:
    entry = _Entry.model_validate(written)
    low, high = entry.interval_90 or (entry.value, entry.value)
    return Parameter(
        name=name,
        value=entry.value,
        unit=entry.unit,
        distribution=entry.distribution,
        low=low,
        high=high,
        source=entry.source,
        grade=entry.grade,
        hand_set=entry.hand_set,
        note=entry.note,
        lower=entry.lower,
        upper=entry.upper,
    )


@cache
def shipped_priors() -> ParameterSet:
    """The parameters of this package with their priors, from the TOML files of this folder and its subfolders.

    Examples
    --------
    >>> len(shipped_priors()) > 50
    True
    """
    parameters: dict[str, Parameter] = {}
    for path in _toml_files(resources.files("anagen.parameters")):
        text, prefix = path.read_text(encoding="utf-8"), path.name.removesuffix(SUFFIX)
        try:
            _add(parameters, read_parameters(text, prefix, str(path)))
        except ValueError as error:
            raise InputError([Problem(str(path), None, None, "", str(error))]) from None
    return ParameterSet(parameters)


@cache
def priors() -> ParameterSet:
    """Every parameter with its prior: those of this package and those that installed packages bring.

    Raises
    ------
    InputError
        Where a file of an installed package cannot be read or gives a number that stands elsewhere.
    """
    parameters = dict(shipped_priors())
    for folder, origin in plugins.folders(plugins.WITH_PARAMETERS).items():
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            who = f"parameters of {origin.text()}"
            try:
                _add(parameters, read_parameters(read_text(path, "parameter file"), path.stem, str(path)))
            except InputError as error:
                raise InputError(
                    replace(problem, field=_within(who, problem.field)) for problem in error.problems
                ) from None
            except ValueError as error:
                message = f"cannot be used: {error}; mend or uninstall it"
                raise InputError([Problem(str(path), None, None, who, message)]) from None
    return ParameterSet(parameters)


def _within(who: str, field: str) -> str:
    return f"{who}: {field}" if field else who


def _add(table: dict[str, Parameter], parameters: Mapping[str, Parameter]) -> None:
    taken = sorted(table.keys() & parameters.keys())
    if taken:
        raise ValueError(f"{', '.join(taken)} stands in another file already")
    table.update(parameters)


def _toml_files(folder: Traversable) -> Iterator[Traversable]:
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.is_dir():
            yield from _toml_files(path)
        elif path.name.endswith(SUFFIX):
            yield path
