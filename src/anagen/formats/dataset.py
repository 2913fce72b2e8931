"""A dataset of a trial: a table with names, labels and kinds of its columns, whatever container it comes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

Kind = Literal["text", "iso date", "integer", "number", "date", "datetime", "time", "boolean"]
"""What a column holds. An "iso date" is text (2026-03-01) wherever it stands, as --DTC of SDTM; a "date" is a number of
days in SAS, as ADT of ADaM."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset.

    Attributes
    ----------
    name : str
        As it stands in the file.
    label : str
        What it holds, in words.
    kind : Kind
        Of its values.
    length : int or None
        Most characters of a text.
    """

    name: str
    label: str
    kind: Kind = "text"
    length: int | None = None


@dataclass(frozen=True)
class Dataset:
    """One dataset.

    Attributes
    ----------
    name : str
        As it stands in the file, such as ADSL.
    label : str
        What it is, in words.
    columns : tuple of Column
        In order.
    table : DataFrame
        A column of each name: text as "str", integers and numbers as floats, dates and datetimes as "datetime64[s]",
        times of day as seconds, booleans as "boolean"; missing values are missing, an empty text as well.
    keys : tuple of str
        Columns that together tell a row from every other; empty where the file does not say.

    Examples
    --------
    >>> table = pd.DataFrame({"AGE": [41.0]})
    >>> Dataset("DM", "Demographics", (Column("AGE", "Age", "integer"),), table).column("AGE").label
    'Age'
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    table: pd.DataFrame
    keys: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of a name.

        Parameters
        ----------
        name : str
            As in the file.

        Returns
        -------
        Column
            Without its values.

        Raises
        ------
        KeyError
            Where there is none.
        """
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            raise KeyError(name)
        return found
