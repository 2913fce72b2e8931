"""What an export of an instrument says, before dilution and doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem

Instrument = Literal["ZetaView", "NanoSight", "nano-flow cytometer"]


@dataclass(frozen=True)
class Export:
    """One export.

    Attributes
    ----------
    instrument : Instrument
        What wrote it.
    sizes : FloatArray
        Diameters [nm] of bins or of single particles.
    weights : FloatArray
        Particles of each, in any unit.
    concentration : float or None
        Particles per mL of what was measured, before dilution is taken into account; None where it is not told.
    dilution : float or None
        Dilution that the file tells; None where it tells none.
    tracked : float or None
        Particles that were followed or counted.
    per_frame : float or None
        Particles in a picture of the camera, on average.
    flags : tuple[str, ...]
        What the instrument itself finds wrong.
    """

    instrument: Instrument
    sizes: FloatArray
    weights: FloatArray
    concentration: float | None = None
    dilution: float | None = None
    tracked: float | None = None
    per_frame: float | None = None
    flags: tuple[str, ...] = ()


def quantile(sizes: FloatArray, weights: FloatArray, share: float) -> float:
    """Diameter below which a share of the particles lies, linear between the middles of bins.

    Parameters
    ----------
    sizes : FloatArray
        Diameters in any order.
    weights : FloatArray
        Particles of each.
    share : float
        From 0 to 1.

    Examples
    --------
    >>> quantile(np.array([50.0, 100.0, 150.0]), np.array([1.0, 2.0, 1.0]), 0.5)
    100.0
    """
    order = np.argsort(sizes)
    ordered, parts = sizes[order], weights[order]
    below = (np.cumsum(parts) - 0.5 * parts) / parts.sum()
    return float(np.interp(share, below, ordered))


def number_of(text: str) -> float | None:
    """The number that a field begins with; None where it begins with none.

    Examples
    --------
    >>> number_of("1.2E+8 Particles / cm^3"), number_of("sensed"), number_of(" 1000 ")
    (120000000.0, None, 1000.0)
    """
    words = text.strip().split()
    try:
        value = float(words[0]) if words else None
    except ValueError:
        return None
    return value if value is not None and np.isfinite(value) else None


def refused(file: str, message: str, line: int | None = None) -> InputError:
    """The error for an export that cannot be used."""
    return InputError([Problem(file, line, None, "", message)])
