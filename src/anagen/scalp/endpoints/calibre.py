"""How thick the hairs are: mean diameter, and diameters added up."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.endpoints.density import MOST_DENSE
from anagen.scalp.hairs import Hairs

THICKEST = 200.0
"""More than the diameter of any scalp hair [um]; assumption."""


def mean_of(diameters: FloatArray, hairs: FloatArray) -> FloatArray:
    """Sum of diameters over number of hairs [um]; not a number where there is no hair."""
    return np.divide(diameters, hairs, out=np.full_like(hairs, np.nan), where=hairs > 0.0)


def mean(hairs: Hairs) -> FloatArray:
    """Mean shaft diameter [um]; not a number where there is no hair."""
    return mean_of(hairs.diameter, hairs.hairs)


def terminal(hairs: Hairs) -> FloatArray:
    """Mean shaft diameter of terminal hairs [um]; not a number where there is none."""
    return mean_of(hairs.terminal_diameter, hairs.terminal)


def followed(hairs: Hairs) -> FloatArray:
    """Mean shaft diameter of hairs of followed follicles [um]; not a number where there is none."""
    return mean_of(hairs.followed_diameter, hairs.followed)


def cumulative(hairs: Hairs) -> FloatArray:
    """Sum of shaft diameters per area [mm/cm2]."""
    return hairs.diameter / hairs.area / 1000.0


MEAN_DIAMETER = Endpoint(
    "mean_diameter",
    "mean hair diameter",
    "um",
    mean,
    "Mean over the hairs counted",
    diameter_power=1.0,
    greatest=THICKEST,
)
TERMINAL_DIAMETER = Endpoint(
    "terminal_diameter",
    "mean diameter of terminal hairs",
    "um",
    terminal,
    "Mean over hairs of 40 um and more; fine hairs that come back do not lower it",
    diameter_power=1.0,
    greatest=THICKEST,
)
FOLLOWED_DIAMETER = Endpoint(
    "followed_diameter",
    "mean diameter of followed hairs",
    "um",
    followed,
    "Mean over hairs in the places of those of 30 um and more at the first visit, found again by their places",
    diameter_power=1.0,
    greatest=THICKEST,
)
CUMULATIVE_THICKNESS = Endpoint(
    "cumulative_thickness",
    "cumulative hair thickness",
    "mm/cm2",
    cumulative,
    "Hoffmann 2005, doi:10.1159/000085581",
    count_power=1.0,
    diameter_power=1.0,
    shifted=True,
    greatest=THICKEST * MOST_DENSE / 1000.0,
)
