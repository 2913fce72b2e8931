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
"""amounts(prescription, scales, grid, values): all doses times each scale [scale], on an even grid [day]."""
Saturates = Callable[[Mapping[str, FloatArray], Mapping[str, float]], Mapping[str, FloatArray]]
"""saturates(courses, values): what the amounts of all ways together do, where that is not in proportion to them."""


@dataclass(frozen=True, slots=True)
class Kinetics:
    """How doses become exposure.

    Attributes
    ----------
    name : str
        As a therapy or a route names it.
    amounts : Exposes
        What arrives; amounts of several ways of giving one substance add up.
    reads : tuple[str, ...]
        Prefixes of the parameters it reads.
    source : str
        Where the equations come from.
    saturates : Saturates or None
        Exposure that the amounts make together; None where they are the exposure.
    in_proportion : bool, default True
        False where amounts are not in proportion to doses, so that those of several ways cannot be added up.
    spread : str or None
        Parameter name of the CV of exposure between patients, who clear and take up differently; None where it is taken
        to be the same in all.
    """

    name: str
    amounts: Exposes
    reads: tuple[str, ...]
    source: str
    saturates: Saturates | None = None
    in_proportion: bool = True
    spread: str | None = None

    def exposure(
        self, prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
    ) -> Exposure:
        """Exposure where all is given in one way.

        Parameters
        ----------
        prescription : Prescription
            What is given.
        scales : FloatArray
            Factors on all doses, shape (n_scales,).
        grid : FloatArray
            Even grid [day], shape (n_points,).
        values : Mapping[str, float]
            Parameter values.

        Returns
        -------
        Exposure
            Courses of shape (n_scales, n_points).
        """
        seen = self.amounts(prescription, scales, grid, values)
        return seen if self.saturates is None else Exposure(self.saturates(seen.courses, values), seen.reach)


def ends(grid: FloatArray) -> FloatArray:
    """Grid points and the end of the last interval, shape [grid + 1].

    Examples
    --------
    >>> ends(np.array([0.0, 0.5])).tolist()
    [0.0, 0.5, 1.0]
    """
    step = float(grid[1] - grid[0]) if len(grid) > 1 else 1.0
    return np.append(grid, grid[-1] + step)
