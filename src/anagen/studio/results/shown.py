"""What the page of a result shows, written into its folder once: words, tables and pictures, as the report has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from anagen.core.disk import write_durably
from anagen.core.plain import json_object, json_text
from anagen.reports.cells import Table
from anagen.reports.page import DrawnFigure

VIEW = "view.json"


def table_data(table: Table | None) -> dict[str, Any] | None:
    """A table of a report as plain data.

    Parameters
    ----------
    table : Table or None
        The table.

    Returns
    -------
    dict or None
        Caption, columns (each with whether it holds numbers), rows of cells (parts with links, numeric), note.
    """
    if table is None or not table.rows:
        return None
    return {
        "caption": table.caption,
        "columns": [[name, table.is_numeric(place)] for place, name in enumerate(table.columns)],
        "rows": [[{"parts": cell.parts, "numeric": cell.numeric} for cell in row] for row in table.rows],
        "note": table.note,
    }


def figure_data(figures: Mapping[str, DrawnFigure], folder: str = "") -> dict[str, dict[str, str]]:
    """Pictures of a report as plain data.

    Parameters
    ----------
    figures : Mapping of str to DrawnFigure
        By name.
    folder : str
        Folder of their files in the result folder, with its slash; "" for none.

    Returns
    -------
    dict of str to dict
        File, text alternative, and why it is not drawn, by name.
    """
    return {
        name: {
            "file": "" if figure.reason is not None else f"{folder}{figure.name}.svg",
            "alt": figure.alt,
            "reason": figure.reason or "",
        }
        for name, figure in figures.items()
    }


def write_view(folder: Path, view: Mapping[str, Any]) -> None:
    """Write what the page shows into a result folder that is being written.

    Parameters
    ----------
    folder : Path
        The folder.
    view : Mapping
        Plain values.
    """
    write_durably(folder / VIEW, f"{json_text(view)}\n".encode())


def read_view(folder: Path) -> dict[str, Any]:
    """What the page of a result shows.

    Parameters
    ----------
    folder : Path
        Result folder.

    Returns
    -------
    dict
        As it was written.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    return json_object(folder / VIEW)


def chosen(files: Sequence[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Files to take away, of those that are there.

    Parameters
    ----------
    files : Sequence of str
        What the folder holds.
    names : Mapping of str to str
        File to its words.

    Returns
    -------
    list of tuple of str
        Words and name of the file.
    """
    return [(words, name) for name, words in names.items() if name in files]
