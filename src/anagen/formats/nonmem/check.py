"""Checks an event table as NONMEM would read it: columns, order, numbers, doses and observations."""

from __future__ import annotations

from pathlib import Path

from anagen.formats.event_tables.checking import checked_table
from anagen.formats.format import Checked
from anagen.formats.nonmem import CONVENTION


def check(path: Path) -> Checked:
    """What an event table holds, and what is wrong in it.

    Parameters
    ----------
    path : Path
        The table, or the folder that holds it.

    Returns
    -------
    Checked
        Subjects, doses and observations; every problem with its line.
    """
    return checked_table(path / CONVENTION.file if path.is_dir() else path, CONVENTION)
