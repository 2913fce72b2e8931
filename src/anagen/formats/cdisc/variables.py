"""What a dataset is made of, and the dataset itself, sorted by its keys.

datasets.csv has a row for each dataset, variables.csv one for each variable, with label, kind, origin and derivation.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import pandas as pd

from anagen.formats.dataset import Column, Dataset, Kind

Origin = Literal["simulated", "protocol", "assigned", "derived", "predecessor"]
TEXTS: tuple[Kind, ...] = ("text", "iso date")
ISO_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a dataset.

    Attributes
    ----------
    name : str
        At most 8 characters.
    label : str
        At most 40 characters.
    kind : Kind
        Of its values.
    origin : Origin
        Where it comes from: the simulation, the study file, a rule of this export, other variables, or another dataset.
    note : str
        How it is derived, which variable it is copied from, or what to bear in mind.
    coded : bool
        Whether define.xml lists its values.
    """

    name: str
    label: str
    kind: Kind = "text"
    origin: Origin = "assigned"
    note: str = ""
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """What a dataset is.

    Attributes
    ----------
    name : str
        Such as ADSL.
    title : str
        In at most 18 characters, for its label.
    kind : str
        Class of SDTM or ADaM.
    structure : str
        What a row is.
    keys : tuple of str
        Variables that tell rows apart, in the order of sorting.
    variables : tuple of Variable
        In order; those that a trial of this layout does not have are left out of its dataset.
    reference : bool
        Whether it is of the trial, not of subjects.
    """

    name: str
    title: str
    kind: str
    structure: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    reference: bool = False


@dataclass(frozen=True)
class Made:
    """A dataset with its description.

    Attributes
    ----------
    description : Description
        With the variables that the dataset has.
    dataset : Dataset
        Sorted by its keys.
    """

    description: Description
    dataset: Dataset


@cache
def descriptions() -> Mapping[str, Description]:
    """Every dataset that is exported, by its name.

    Returns
    -------
    Mapping[str, Description]
        With all variables, also those that only some layouts have.

    Examples
    --------
    >>> descriptions()["ADEFF"].kind
    'BASIC DATA STRUCTURE'
    """
    variables: dict[str, list[Variable]] = {}
    for row in _rows("variables.csv"):
        kind, origin = cast("Kind", row["kind"]), cast("Origin", row["origin"])
        variable = Variable(row["variable"], row["label"], kind, origin, row["note"], row["coded"] == "Y")
        variables.setdefault(row["dataset"], []).append(variable)
    return {
        name: Description(
            name, row["title"], row["class"], row["structure"], tuple(row["keys"].split()), tuple(variables[name]),
            row["reference"] == "Y",
        )
        for row in _rows("datasets.csv")
        for name in [row["dataset"]]
    }  # fmt: skip


def _rows(file: str) -> list[dict[str, str]]:
    text = files("anagen.formats.cdisc").joinpath(file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def made(name: str, table: pd.DataFrame, trial: int) -> Made:
    """A dataset of a table.

    Parameters
    ----------
    name : str
        Of the dataset.
    table : DataFrame
        With a column for every variable that this trial has; in any order.
    trial : int
        Number of the trial, for the label.

    Returns
    -------
    Made
        Rows sorted by the keys, with missing ones first; texts with the length of the longest.

    Raises
    ------
    ValueError
        Where the table has a column that is no variable of it.
    """
    description = descriptions()[name]
    known = {variable.name for variable in description.variables}
    if strange := [column for column in table.columns if column not in known]:
        raise ValueError(f"{description.name} has no variables {strange}")
    variables = tuple(variable for variable in description.variables if variable.name in table)
    keys = tuple(key for key in description.keys if key in table)
    order = table.sort_values(list(keys), kind="stable", na_position="first", ignore_index=True)
    columns: list[Column] = []
    values: dict[str, pd.Series[Any]] = {}
    for variable in variables:
        values[variable.name] = typed(order[variable.name], variable.kind)
        length = None
        if variable.kind in TEXTS:
            longest = values[variable.name].str.len().max()
            length = ISO_LENGTH if variable.kind == "iso date" else max(1, 0 if pd.isna(longest) else int(longest))
        columns.append(Column(variable.name, variable.label, variable.kind, length))
    label = f"SYNTHETIC trial {trial}: {description.title}"
    told = replace(description, keys=keys, variables=variables)
    return Made(told, Dataset(description.name, label, tuple(columns), pd.DataFrame(values), keys))


def typed(values: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    """Values with the type that a dataset has for their kind.

    Parameters
    ----------
    values : Series
        Of any type that holds them.
    kind : Kind
        What they are.

    Returns
    -------
    Series
        Empty texts missing.
    """
    if kind in TEXTS:
        text = values.astype("object")
        return text.where(text.notna() & (text != ""), None).astype("str")
    return values.astype("datetime64[s]" if kind in ("date", "datetime") else "float64")
