"""How thick the hairs are: mean diameter, and diameters added up."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.endpoints.density import MOST_DENSE
from anagen.scalp.hairs import Hairs

THICKEST = 200.0
"""More than the diameter of any scalp hair [um]; assumption."""


def mean(hairs: Hairs) -> FloatArray:
    """Mean shaft diameter [um]; not a number where there is no hair."""
    return np.divide(hairs.diameter, hairs.hairs, out=np.full_like(hairs.hairs, np.nan), where=hairs.hairs > 0.0)


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
