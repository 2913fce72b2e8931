"""Reads parameter files: those of this package and those that installed packages bring with their entries."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, cast

from anagen.core import plugins
from anagen.core.errors import InputError, Problem
from anagen.parameters.parameter import Distribution, Grade, Parameter
from anagen.parameters.sets import ParameterSet

ENTRY_KEYS = frozenset(
    {"value", "unit", "distribution", "interval_90", "source", "grade", "hand_set", "note", "lower", "upper"}
)
SUFFIX = ".toml"


def read_parameters(text: str, prefix: str) -> dict[str, Parameter]:
    """Parameters of one TOML text.

    Parameters
    ----------
    text : str
        An entry is a table with value, unit, source and grade. A table that holds entries is a group of them.
    prefix : str
        Of the names of entries outside a group; names are "<prefix>.<entry>" and "<group>.<entry>".

    Returns
    -------
    dict
        Name -> parameter.

    Raises
    ------
    ValueError
        Naming the entry, where a key is unknown or missing or values contradict one another.

    Examples
    --------
    >>> text = '[a.b]\\nvalue = 1\\nunit = "1"\\nsource = "x"\\ngrade = "C"'
    >>> list(read_parameters(text, "file"))
    ['a.b']
    """
    parameters: dict[str, Parameter] = {}
    for entry, raw in tomllib.loads(text).items():
        if not isinstance(raw, dict):
            raise ValueError(f"{prefix}.{entry}: expected a table with value, unit, source and grade")
        fields = cast("dict[str, Any]", raw)
        is_group = bool(fields) and all(isinstance(inner, dict) for inner in fields.values())
        entries = {f"{entry}.{name}": inner for name, inner in fields.items()} if is_group else None
        for name, inner in (entries or {f"{prefix}.{entry}": fields}).items():
            if name in parameters:
                raise ValueError(f"{name}: stands twice")
            parameters[name] = _parameter(name, inner)
    return parameters


def _parameter(name: str, fields: Mapping[str, Any]) -> Parameter:
    unknown = fields.keys() - ENTRY_KEYS
    missing = {"value", "unit", "source", "grade"} - fields.keys()
    if unknown or missing:
        raise ValueError(f"{name}: unknown keys {sorted(unknown)}, missing keys {sorted(missing)}")
    value = float(fields["value"])
    low, high = (float(bound) for bound in fields.get("interval_90", (value, value)))
    return Parameter(
        name=name,
        value=value,
        unit=str(fields["unit"]),
        distribution=cast("Distribution", fields.get("distribution", "fixed")),
        low=low,
        high=high,
        source=str(fields["source"]),
        grade=cast("Grade", fields["grade"]),
        hand_set=bool(fields.get("hand_set", True)),
        note=str(fields.get("note", "")),
        lower=float(fields.get("lower", -math.inf)),
        upper=float(fields.get("upper", math.inf)),
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
        _add(parameters, read_parameters(text, prefix))
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
            try:
                _add(parameters, read_parameters(path.read_text(encoding="utf-8"), path.stem))
            except (OSError, ValueError, TypeError) as error:
                message = f"{path.name} cannot be used: {error}; mend or uninstall it"
                raise InputError([Problem(None, None, None, f"parameters of {origin.text()}", message)]) from error
    return ParameterSet(parameters)


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
