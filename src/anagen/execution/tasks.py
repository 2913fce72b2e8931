"""A task: one block of work that depends on nothing but its own description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

import pandas as pd
from pandas.api.types import union_categoricals

from anagen.core.plugins import GROUPS, folders
from anagen.core.provenance import package_version, sha256_of_json, source_sha256

P = TypeVar("P")
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Task(Generic[P]):
    """One block of work.

    Attributes
    ----------
    name : str
        What it is, for messages ("replicates 0 to 9, draw 0").
    key : str
        Letters and digits, the same exactly where the output must be the same; see `task_key`.
    payload : P
        Whatever the task function needs; it must pickle.
    """

    name: str
    key: str
    payload: P

    def __post_init__(self) -> None:
        """Refuses keys that could name a folder elsewhere."""
        if not (self.key.isalnum() and self.key.isascii()):
            raise ValueError(f"a task key is letters and digits only, got {self.key!r}")


def task_key(
    *,
    study_sha256: str,
    parameters_sha256: str,
    seed: int,
    replicates: tuple[int, int],
    draws: tuple[int, int],
    settings: Mapping[str, str | int | float | bool | None] | None = None,
) -> str:
    """Key of the task that simulates blocks of replicates and draws, 40 hexadecimal digits.

    Two tasks have the same key exactly where study, seed, parameters, blocks, settings and the program's sources
    are the same. The number of workers is no part of it, because results do not depend on it.

    Parameters
    ----------
    study_sha256 : str
        Hash of the study as it will be simulated.
    parameters_sha256 : str
        Hash of the parameter set.
    seed : int
        Seed of the run.
    replicates : tuple[int, int]
        First and last replicate, both included.
    draws : tuple[int, int]
        First and last parameter draw, both included.
    settings : Mapping[str, str | int | float | bool | None] or None
        Anything else that changes the output (patients per arm given on the command line).

    Returns
    -------
    str
        40 hexadecimal digits.

    Examples
    --------
    >>> a = task_key(study_sha256="s", parameters_sha256="p", seed=1, replicates=(0, 0), draws=(0, 0))
    >>> b = task_key(study_sha256="s", parameters_sha256="p", seed=2, replicates=(0, 0), draws=(0, 0))
    >>> len(a), a == b
    (40, False)
    """
    return sha256_of_json(
        {
            "study": study_sha256,
            "parameters": parameters_sha256,
            "seed": seed,
            "replicates": list(replicates),
            "draws": list(draws),
            "settings": dict(settings or {}),
            "version": package_version(),
            "source": program_sha256(),
        }
    )[:40]


@cache
def program_sha256() -> str:
    """Hash of the program as it runs, with what installed packages add to it.

    It does not change under a running program, and reading it takes a while.
    """
    installed = [source_sha256(folder) for folder in folders(GROUPS)]
    return sha256_of_json([source_sha256(), *installed]) if installed else source_sha256()


def gather(outputs: Iterable[Tables]) -> dict[str, pd.DataFrame]:
    """Puts the tables of many tasks together: rows in the order of the outputs, tables by name.

    A categorical column keeps its categories in the order in which they first appear.

    Parameters
    ----------
    outputs : Iterable[Tables]
        One mapping of table name to table per task, in task order; a task may leave tables out.

    Returns
    -------
    dict[str, pd.DataFrame]
        Table name -> all rows, with a fresh index 0..n-1.

    Examples
    --------
    >>> parts = [{"a": pd.DataFrame({"x": [1]})}, {"a": pd.DataFrame({"x": [2, 3]})}]
    >>> gather(parts)["a"]["x"].tolist()
    [1, 2, 3]
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    for tables in outputs:
        for name, table in tables.items():
            parts.setdefault(name, []).append(table)
    return {name: _concatenate(tables) for name, tables in parts.items()}


def _concatenate(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if len(tables) == 1:
        return tables[0].reset_index(drop=True)
    shared = [
        column
        for column in tables[0].columns
        if all(column in table and isinstance(table[column].dtype, pd.CategoricalDtype) for table in tables)
    ]
    whole = pd.concat([table.drop(columns=shared) for table in tables] if shared else tables, ignore_index=True)
    for column in shared:
        # pd.concat turns categories that differ between parts into plain objects.
        whole[column] = pd.Series(union_categoricals([table[column] for table in tables]), index=whole.index)
    return whole[list(tables[0].columns) + [name for name in whole.columns if name not in tables[0].columns]]
