"""Rows of visits, patients and events over many trials, in blocks that stay on the disk until they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.results.conforming import conform
from anagen.results.schema import SchemaError
from anagen.results.storage import ROWS_PER_GROUP, arrow_table, open_parquet

_arrow: Any = import_module("pyarrow")
_arrow_parquet: Any = import_module("pyarrow.parquet")


@dataclass(frozen=True)
class Rows:
    """One of the tables with a row per patient, visit or event.

    Parameters
    ----------
    name : str
        Of the table.
    parts : tuple of DataFrame or Path
        Blocks in the order of the trials, each with the types of its schema where it is a parquet file; the first one
        holds trial 0.

    Examples
    --------
    >>> table = pd.DataFrame({"replicate": [0, 0, 1], "patient": [0, 1, 0]})
    >>> len(Rows("patients", (table,)).first)
    2
    """

    name: str
    parts: tuple[pd.DataFrame | Path, ...]

    @cached_property
    def first(self) -> pd.DataFrame:
        """Rows of trial 0, which arms, comparison, adverse events and pictures are made of."""
        part = self.parts[0]
        if isinstance(part, Path):
            part = _arrow_parquet.read_table(part, filters=[("replicate", "==", 0)]).to_pandas()
            return conform(self.name, part)
        return part[(part["replicate"] == 0).to_numpy()].reset_index(drop=True)

    @cached_property
    def whole(self) -> pd.DataFrame:
        """All rows with the types of the schema, in memory."""
        if len(self.parts) == 1 and isinstance(self.parts[0], pd.DataFrame):
            return self.parts[0]
        return conform(self.name, _arrow.concat_tables(list(self._tables())).to_pandas())

    def conformed(self) -> Rows:
        """The same rows with the types of the schema; those on the disk have them."""
        parts = [part if isinstance(part, Path) else conform(self.name, part) for part in self.parts]
        return replace(self, parts=tuple(parts))

    def write(self, file: Path) -> None:
        """Write all rows as parquet, a group of rows at a time: the same bytes however the rows are cut into parts.

        Parameters
        ----------
        file : Path
            Of a folder that is still being made.

        Raises
        ------
        SchemaError
            Where two parts have other columns.
        OSError
            Where the disk is full.
        """
        with open_parquet(file) as writer:
            for group in _groups(self._tables()):
                writer(group)

    def _tables(self) -> Iterator[Any]:
        first = None
        for part in self.parts:
            table = _arrow_parquet.read_table(part) if isinstance(part, Path) else part
            table = arrow_table(self.name, table)
            first = first or table
            if table.schema != first.schema:
                raise SchemaError(
                    f"{self.name}: two blocks of trials differ in columns: {first.schema}, {table.schema}"
                )
            yield table


def _groups(tables: Iterator[Any]) -> Iterator[Any]:
    """The same rows in groups of ROWS_PER_GROUP, the last one shorter; one group at least, to hold the columns."""
    held, given = next(tables), False
    while True:
        while held.num_rows > ROWS_PER_GROUP:
            yield held.slice(0, ROWS_PER_GROUP).combine_chunks()
            held, given = held.slice(ROWS_PER_GROUP), True
        more = next(tables, None)
        if more is None:
            break
        held = _arrow.concat_tables([held, more])
    if held.num_rows or not given:
        yield held.combine_chunks()
