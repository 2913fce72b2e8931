"""Checks a table of a trial: whether it can be read, and what is recognised in it."""

from __future__ import annotations

from pathlib import Path

from anagen.formats.format import Checked
from anagen.formats.trial.source import grid_of
from anagen.formats.trial.template import guessed_roles, recognised


def check(path: Path) -> Checked:
    """What a table of a trial holds.

    Parameters
    ----------
    path : Path
        CSV, XPT, Dataset-JSON, or a folder with ADSL and ADEFF.

    Returns
    -------
    Checked
        What was recognised, in sentences.

    Raises
    ------
    InputError
        With everything that is wrong, each with its file and its line or record.
    """
    grid = grid_of(path, {})
    roles = guessed_roles(grid)
    probably = ", ".join(f"{name} is probably {role}" for name, role in roles.items())
    lines = (
        *grid.told,
        *recognised(grid)[0],
        f"{len(grid.rows):,} rows, {len(grid.header)} columns.",
        *([f"{probably}."] if probably else []),
        "`anagen import trial` makes a study file of it (docs/own-trial.md).",
    )
    return Checked(lines)
