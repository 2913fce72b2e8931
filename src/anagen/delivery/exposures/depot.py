"""A depot that empties with one half-life: plasma, toxin, medium or a steroid in the skin."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics
from anagen.delivery.prescription import Prescription
from anagen.therapies.kinetics import Depot


def depot(skin: Depot) -> Kinetics:
    """Kinetics of a depot: the amount left in it, sum of dose * exp(-k (t - day)).

    The share of a dose that gets into the skin is 1 where it is injected and a parameter `<prefix>.share_<route>`
    elsewhere; after a device other than a needle it is that of needling times the openness of the device's channels.
    The switch `channels` of a device shuts them. Factors of the formulation scale it.
    """
    from anagen.delivery.kinetics import remaining

    def exposure(
        prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
    ) -> Exposure:
        doses = prescription.doses
        amounts = doses.amounts
        for share in skin.shares(prescription.route.name):
            amounts = amounts * values[share]
        if any(setting.name == "channels" for setting in prescription.route.settings):
            amounts = amounts * float(prescription.setting("channels", values) >= 0.5)
        factors = prescription.therapy.strengths.get(prescription.formulation or "", ())
        if factors:
            amounts = amounts * math.prod(values[name] for name in factors)
        left = remaining(doses.days, amounts, grid, values[f"{skin.prefix}.half_life_intradermal"])
        return Exposure({"main": np.multiply.outer(scales, left)})

    return Kinetics(skin.name, exposure, skin.parameter_names(), "First-order emptying; half-life assumed")
