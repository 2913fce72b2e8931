"""What kinetics give: exposure at the follicle over time, for several scalings of the same doses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.prescription import Prescription


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure at the follicle.

    Attributes
    ----------
    courses : Mapping[str, FloatArray]
        Name -> mean exposure from each grid point to the next [scale, grid point].
    reach : float, default 1.0
        Share of the follicles reached over that of the reference grid of injections; scales the effect.
    """

    courses: Mapping[str, FloatArray]
    reach: float = 1.0


Exposes = Callable[[Prescription, FloatArray, FloatArray, Mapping[str, float]], Exposure]
"""exposure(prescription, scales, grid, values): all doses times each scale [scale], on an even grid [day]."""


@dataclass(frozen=True, slots=True)
class Kinetics:
    """How doses become exposure.

    Attributes
    ----------
    name : str
        As a therapy or a route names it.
    exposure : Exposes
        The function.
    reads : tuple[str, ...]
        Prefixes of the parameters it reads.
    source : str
        Where the equations come from.
    """

    name: str
    exposure: Exposes
    reads: tuple[str, ...]
    source: str


def ends(grid: FloatArray) -> FloatArray:
    """Grid points and the end of the last interval, shape [grid + 1].

    Examples
    --------
    >>> ends(np.array([0.0, 0.5])).tolist()
    [0.0, 0.5, 1.0]
    """
    step = float(grid[1] - grid[0]) if len(grid) > 1 else 1.0
    return np.append(grid, grid[-1] + step)
