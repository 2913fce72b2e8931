"""Rows of visits, patients and events over many trials, in blocks that stay on the disk until they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.core.frames import frames_together
from anagen.core.parquet import read_frame, write_tables
from anagen.results.conforming import conform
from anagen.results.schema import SchemaError
from anagen.results.storage import arrow_table


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
        held = isinstance(part, pd.DataFrame)
        table = part if held else read_frame(part)
        rows = table[(table["replicate"] == 0).to_numpy()].reset_index(drop=True)
        return rows if held else conform(self.name, rows)

    @cached_property
    def whole(self) -> pd.DataFrame:
        """All rows with the types of the schema, in memory."""
        if len(self.parts) == 1 and isinstance(self.parts[0], pd.DataFrame):
            return self.parts[0]
        return conform(self.name, frames_together(self._tables()))

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
        write_tables(file, self._tables())

    def _tables(self) -> Iterator[Any]:
        first = None
        for part in self.parts:
            table = arrow_table(self.name, read_frame(part) if isinstance(part, Path) else part)
            first = first or table
            if table.schema != first.schema:
                raise SchemaError(
                    f"{self.name}: two blocks of trials differ in columns: {first.schema}, {table.schema}"
                )
            yield table
