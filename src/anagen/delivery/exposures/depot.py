"""A depot that empties with one half-life: plasma in the skin."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics
from anagen.delivery.kinetics import remaining
from anagen.delivery.prescription import Prescription


def depot(prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]) -> Exposure:
    """Amount left in the depot, sum of dose * exp(-k (t - day))."""
    regimen = prescription.regimen
    left = remaining(regimen.days, regimen.amounts, grid, values["prp.half_life_intradermal"])
    return Exposure({"main": np.multiply.outer(scales, left)})


PRP_DEPOT = Kinetics("prp-depot", depot, ("prp.half_life_intradermal",), "First-order emptying; half-life assumed")
