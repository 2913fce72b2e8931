"""What every analysis gives its user: a table, a summary, pictures, JSON, files."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.core.errors import InputError, Problem
from anagen.core.extras import require_pictures
from anagen.core.files import Target
from anagen.core.plain import json_text, records
from anagen.core.shown import Shown, cells_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Result(ABC):
    """A result in memory.

    It prints as one line, and shows in a notebook as a card: what it is, its headline, a table, what to call next.
    """

    _what: ClassVar[str] = "Result"
    _then: ClassVar[tuple[str, ...]] = (".table", ".to_json()", '.save("folder")')

    @property
    @abstractmethod
    def table(self) -> pd.DataFrame:
        """The main table, one row per thing that was asked for."""

    @abstractmethod
    def headline(self) -> str:
        """The result in one line.

        Returns
        -------
        str
            With its uncertainty, where it has one.
        """

    @abstractmethod
    def document(self) -> dict[str, Any]:
        """Everything as plain values, as the command line prints it with --json.

        Returns
        -------
        dict
            Text, numbers, lists and dicts.
        """

    @abstractmethod
    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the result to the disk, whole or not at all.

        Parameters
        ----------
        path : str or path
            Folder, or file for a result of one file.
        overwrite : bool
            Whether an earlier result there may be replaced.

        Returns
        -------
        Path
            What was written.

        Raises
        ------
        InputError
            Where it exists or cannot be written.
        """

    def summary(self) -> pd.DataFrame:
        """The essential rows and columns of the table.

        Returns
        -------
        DataFrame
            What a report would show first.
        """
        return self.table

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures that `plot` draws; the first is drawn where none is named.

        Returns
        -------
        tuple of str
            Empty where the result has no picture.
        """
        return ()

    def plot(self, figure: str | None = None) -> Figure:
        """Draw a picture.

        Parameters
        ----------
        figure : str, optional
            One of `figures()`; the first where left out.

        Returns
        -------
        matplotlib.figure.Figure
            The picture, in the style of the reports.

        Raises
        ------
        InputError
            Where the result has no picture of that name, or the extra that draws is not installed.
        """
        names = self.figures()
        name = figure if figure is not None else next(iter(names), "")
        if name not in names:
            message = self._why_missing(name) if names else "this result has no picture"
            raise InputError([Problem(None, None, None, "figure", message, names)])
        require_pictures()
        return self._figure(name)

    def to_json(self, path: str | os.PathLike[str] | None = None, *, overwrite: bool = False) -> str:
        """The result as one JSON document.

        Parameters
        ----------
        path : str or path, optional
            File to write it to as well.
        overwrite : bool
            Whether a file there may be replaced.

        Returns
        -------
        str
            JSON; missing numbers are null.

        Raises
        ------
        InputError
            Where the file exists or cannot be written.
        """
        text = json_text(self.document())
        if path is not None:
            Target(Path(path), overwrite=overwrite).write(f"{text}\n".encode())
        return text

    def _figure(self, name: str) -> Figure:
        """Draw one of `figures()`; results without pictures have none to draw."""
        raise InputError([Problem(None, None, None, "figure", self._why_missing(name))])

    def _why_missing(self, name: str) -> str:
        return f"there is no picture {name!r}"

    def __repr__(self) -> str:
        """The result in one line.

        Returns
        -------
        str
            The headline.
        """
        return self.headline()

    def _shown(self) -> Shown:
        """What a notebook shows; results with words and number formats of their own put these in its place."""
        return Shown(self._what, "", self.headline(), *cells_of(self.summary()), then=self._then)

    def _repr_html_(self) -> str:
        return self._shown().html()


class TableResult(Result):
    """A result that is one table; it is saved as a file of the kind that its name ends in."""

    _then: ClassVar[tuple[str, ...]] = (".table", '.save("table.csv")')

    def document(self) -> dict[str, Any]:
        """The rows of the table.

        Returns
        -------
        dict
            "rows": one mapping per row.
        """
        return {"rows": records(self.table)}

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the table to a file.

        Parameters
        ----------
        path : str or path
            Ending in .csv, .parquet or .json.
        overwrite : bool
            Whether a file there may be replaced.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            Where it exists, or has another ending.
        """
        from anagen.core.parquet import frame_to_parquet

        file = Path(path)
        writers: dict[str, Callable[[], bytes]] = {
            ".csv": lambda: self.table.to_csv(index=False, lineterminator="\n").encode(),
            ".parquet": lambda: frame_to_parquet(self.table),
            ".json": lambda: f"{self.to_json()}\n".encode(),
        }
        if file.suffix not in writers:
            message = "is a table; its name says how it is written"
            raise InputError([Problem(str(file), None, None, "path", message, tuple(writers))])
        return Target(file, overwrite=overwrite).write(writers[file.suffix]())
