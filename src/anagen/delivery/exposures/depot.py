"""A depot that empties with one half-life: plasma, toxin, medium or a steroid in the skin."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposes, Exposure, Kinetics
from anagen.delivery.kinetics import remaining
from anagen.delivery.prescription import Prescription


def depot(prefix: str) -> Exposes:
    """Amount left in the depot, sum of dose * exp(-k (t - day)).

    The share of a dose that gets into the skin is 1 where it is injected and a parameter `<prefix>.share_<route>`
    elsewhere; factors of the formulation scale it.

    Args:
        prefix: of the parameters, `<prefix>.half_life_intradermal` [day] among them.
    """

    def exposure(
        prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
    ) -> Exposure:
        doses = prescription.doses
        amounts = doses.amounts
        if prescription.route.name != "intradermal":
            amounts = amounts * values[f"{prefix}.share_{prescription.route.name}"]
        factors = prescription.therapy.strengths.get(prescription.formulation or "", ())
        if factors:
            amounts = amounts * math.prod(values[name] for name in factors)
        left = remaining(doses.days, amounts, grid, values[f"{prefix}.half_life_intradermal"])
        return Exposure({"main": np.multiply.outer(scales, left)})

    return exposure


SOURCE = "First-order emptying; half-life assumed"
PRP_DEPOT = Kinetics("prp-depot", depot("prp"), ("prp.half_life_intradermal", "prp.share_"), SOURCE)
BOTULINUM_DEPOT = Kinetics(
    "botulinum-depot", depot("botulinum_toxin"), ("botulinum_toxin.half_life_intradermal",), SOURCE
)
MEDIUM_DEPOT = Kinetics(
    "conditioned-medium-depot",
    depot("conditioned_medium"),
    ("conditioned_medium.half_life_intradermal", "conditioned_medium.share_"),
    SOURCE,
)
STEROID_DEPOT = Kinetics(
    "steroid-depot", depot("intralesional_steroid"), ("intralesional_steroid.half_life_intradermal",), SOURCE
)
