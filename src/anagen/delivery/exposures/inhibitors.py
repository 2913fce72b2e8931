"""Drugs that block one target: the share blocked, with one Emax curve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics, ends
from anagen.delivery.prescription import Prescription


def inhibitor(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """Share of the target blocked by the therapy's own drug, see `anagen.delivery.systemic.inhibitors`."""
    from anagen.delivery.systemic.inhibitors import INHIBITORS, exposure

    drug = INHIBITORS[prescription.therapy.name]
    seen = np.multiply.outer(scales, exposure(drug, prescription.doses, ends(grid), values)[0])
    maximum, half = values[f"{drug.name}_kinetics.maximum"], values[f"{drug.name}_kinetics.half"]
    return Exposure({"main": maximum * seen / (seen + half)})


def inhibitor_kinetics(name: str) -> Kinetics:
    """Kinetics of one of the inhibitors."""
    return Kinetics(
        f"{name}", inhibitor, (f"{name}_kinetics.",), "One chain of compartments and an Emax curve, docs/delivery.md"
    )
