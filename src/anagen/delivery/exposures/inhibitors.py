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

    def amounts(
        prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
    ) -> Exposure:
        from anagen.delivery.systemic.inhibitors import exposure as sustaining

        return Exposure(
            {"main": np.multiply.outer(scales, sustaining(drug, prescription.doses, ends(grid), values)[0])}
        )

    def blocked(courses: Mapping[str, FloatArray], values: Mapping[str, float]) -> Mapping[str, FloatArray]:
        maximum, half = values[f"{drug.prefix}.maximum"], values[f"{drug.prefix}.half"]
        return {"main": maximum * courses["main"] / (courses["main"] + half)}

    source = "One chain of compartments and an Emax curve, docs/delivery.md"
    return Kinetics(drug.name, amounts, drug.parameter_names(), source, blocked)
