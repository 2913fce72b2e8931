"""A grid of injections: what share of the follicles lies within reach of one.

Each point leaves a bleb, a disc of dermis soaked by the injected volume, and vesicles diffuse on from its edge:

    reach(t) = sqrt(volume / (pi * dermis)) + sqrt(4 D t)

Follicles are spread evenly, so that the share treated is the share of the area within reach of the nearest point: the
disc cut to the cell of its grid point, exact, overlaps counted once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray

Lattice = Literal["square", "hexagonal"]


@dataclass(frozen=True, slots=True)
class Grid:
    """Injection points over an area.

    Attributes
    ----------
    spacing : float
        [mm] between neighbours.
    points : int
        Number.
    bleb_volume : float
        [mL] per point.
    lattice : Lattice
        How they lie.

    Raises
    ------
    ValueError
        Where a number is not positive.
    """

    spacing: float
    points: int
    bleb_volume: float
    lattice: Lattice = "square"

    def __post_init__(self) -> None:
        if not (self.spacing > 0.0 and self.points > 0 and self.bleb_volume > 0.0):
            raise ValueError("spacing, points and bleb volume must be positive")

    def area(self) -> float:
        """Treated area [cm2]: one cell per point."""
        cell = self.spacing**2 * (1.0 if self.lattice == "square" else math.sqrt(3.0) / 2.0)
        return 0.01 * cell * self.points

    def volume(self) -> float:
        """Injected volume [mL]."""
        return self.points * self.bleb_volume


def covered_share(radius: FloatArray, spacing: float, lattice: Lattice = "square") -> FloatArray:
    """Share of a plane within `radius` of a lattice point `spacing` apart.

    The disc less one circular segment per side of the cell that it crosses, r^2 acos(d/r) - d sqrt(r^2 - d^2) with
    d = spacing / 2, over the area of the cell; 1 once the disc holds the cell's corners.

    Parameters
    ----------
    radius : FloatArray
        Not negative, in the unit of `spacing`.
    spacing : float
        Positive.
    lattice : Lattice
        "square" or "hexagonal".

    Returns
    -------
    FloatArray
        0 to 1, of the shape of the radius.

    Raises
    ------
    ValueError
        Where the spacing is not positive or a radius is negative.

    Examples
    --------
    >>> covered_share(np.array([0.0, 4.0, 8.0]), 10.0).round(3).tolist()
    [0.0, 0.503, 1.0]
    """
    if not spacing > 0.0 or not np.all(radius >= 0.0):
        raise ValueError("the spacing must be positive and radii must not be negative")
    sides, corner, cell = (
        (4, math.sqrt(0.5), 1.0) if lattice == "square" else (6, math.sqrt(1.0 / 3.0), math.sqrt(0.75))
    )
    r = radius / spacing
    crossing = np.maximum(r, 0.5)
    segment = crossing**2 * np.arccos(0.5 / crossing) - 0.5 * np.sqrt(crossing**2 - 0.25)
    return np.where(r >= corner, 1.0, np.minimum(1.0, (math.pi * r**2 - sides * segment) / cell))


def reach(days: FloatArray, bleb_volume: float, values: Mapping[str, float]) -> FloatArray:
    """Distance [mm] that vesicles have reached from an injection point after some days.

    Parameters
    ----------
    days : FloatArray
        Days since the injection, of any shape.
    bleb_volume : float
        Injected volume [mL] of a point.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    FloatArray
        [mm], of the shape of the days.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> reach(np.array([0.0, 1.0]), 0.1, load_parameters("prior").draw(1, 0)).round(2).tolist()
    [3.99, 4.41]
    """
    bleb = math.sqrt(1000.0 * bleb_volume / (math.pi * values["injection_grid.dermis"]))
    # um2/s to mm2/day
    spread = np.sqrt(4.0 * values["injection_grid.diffusivity"] * 86400.0 * 1e-6 * days)
    return np.asarray(bleb + spread, dtype=np.float64)


def treated_share(grid: Grid, days: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Share of the follicles of the treated area that vesicles have reached after some days.

    Parameters
    ----------
    grid : Grid
        Points of injection.
    days : FloatArray
        Days since the injection, of any shape.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    FloatArray
        0 to 1, of the shape of the days.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> share = treated_share(Grid(10.0, 50, 0.1), np.array([0.0, 1.0]), load_parameters("prior").draw(1, 0))
    >>> share.round(2).tolist()
    [0.5, 0.61]
    """
    return covered_share(reach(days, grid.bleb_volume, values), grid.spacing, grid.lattice)
