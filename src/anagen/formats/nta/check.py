"""Checks a count of particles: whether it can be read, what it says, and what is doubtful in it."""

from __future__ import annotations

from pathlib import Path

from anagen.formats.format import Checked
from anagen.formats.nta.count import Count
from anagen.formats.nta.reading import read_count
from anagen.parameters import load_parameters


def check(path: Path) -> Checked:
    """What a count says and what is doubtful in it; `anagen product count` has dilutions, volumes and replicates.

    Parameters
    ----------
    path : Path
        Export of an instrument.

    Returns
    -------
    Checked
        Without problems: what cannot be read raises.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    (one,) = count_of(path).measured
    says = f"{one.instrument}: {one.concentration:.3g} particles/mL, diameter {one.median:.0f} nm (median; D10 to D90 "
    says += f"{one.d10:.0f} to {one.d90:.0f} nm)."
    doubts = tuple(f"In doubt: {doubt}." for doubt in one.doubts)
    return Checked((says, *doubts, "`anagen product count` takes dilutions and replicates into account."))


def count_of(path: Path) -> Count:
    """The count of one export, with the dilution that it tells.

    Parameters
    ----------
    path : Path
        Export of an instrument.

    Returns
    -------
    Count
        Of one measurement.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    return read_count([path], load_parameters("prior").draw(1, 0))
