"""What grows: rate of growth, and the mass that a scalp puts on."""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.hairs import Hairs

KERATIN_DENSITY = 1.32
"""Density of hair [mg/mm3]."""
INTERVAL = 30.0
"""Days of growth that are weighed."""
MM2_PER_UM2 = 1.0e-6


def mean_rate(hairs: Hairs) -> FloatArray:
    """Mean growth of anagen hairs [mm/day]; not a number where none grows."""
    return np.divide(hairs.growth_rate, hairs.anagen, out=np.full_like(hairs.anagen, np.nan), where=hairs.anagen > 0.0)


def interval_mass(hairs: Hairs) -> FloatArray:
    """Hair mass grown in 30 days per area [mg/cm2]: sum of pi/4 d**2 * rate * 30 d * 1.32 mg/mm3."""
    return math.pi / 4.0 * MM2_PER_UM2 * hairs.mass_rate * INTERVAL * KERATIN_DENSITY / hairs.area


GROWTH_RATE = Endpoint(
    "growth_rate",
    "mean growth rate",
    "mm/day",
    mean_rate,
    "Mean over anagen hairs",
    own_error="measurement.growth_rate_error",
)
HAIR_MASS = Endpoint(
    "hair_mass",
    "hair mass grown in 30 days",
    "mg/cm2",
    interval_mass,
    "Interval hair weight, Price 1999, doi:10.1016/S0190-9622(99)70006-X",
    own_error="measurement.hair_mass_error",
    collected=True,
)
