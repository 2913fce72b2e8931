"""Drugs that block one target: the share blocked, with one Emax curve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics, ends
from anagen.delivery.prescription import Prescription
from anagen.therapies.kinetics import Inhibitor


def inhibitor(drug: Inhibitor) -> Kinetics:
    """Kinetics of a drug that blocks one target: the share blocked, see `anagen.delivery.systemic.inhibitors`."""

    def exposure(
        prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
    ) -> Exposure:
        from anagen.delivery.systemic.inhibitors import exposure as sustaining

        seen = np.multiply.outer(scales, sustaining(drug, prescription.doses, ends(grid), values)[0])
        maximum, half = values[f"{drug.prefix}.maximum"], values[f"{drug.prefix}.half"]
        return Exposure({"main": maximum * seen / (seen + half)})

    source = "One chain of compartments and an Emax curve, docs/delivery.md"
    return Kinetics(drug.name, exposure, drug.parameter_names(), source)
