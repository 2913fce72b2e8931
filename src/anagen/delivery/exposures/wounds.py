"""Wound signals of needles, lasers and threads, 0 to 1, whatever is given through them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposes, Exposure, Kinetics
from anagen.delivery.prescription import Prescription
from anagen.delivery.wounds import Injury, wound_strength

LEAST_GAP = 1e-6


def signal(
    injury: Injury, strength: float, days: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> FloatArray:
    """Mean signal over each interval of sessions on `days`: rise and decay, k1 / (k1 - k2) (e^-k2 t - e^-k1 t).

    A chain of compartments, injury to signal to healed, in closed form.
    """
    from anagen.delivery.kinetics import remaining

    rise, fall = values["wound_signal.rise"], values[f"wound_signal.{injury}_half_life"]
    if abs(rise - fall) < LEAST_GAP * fall:
        # equal rates are a removable singularity
        rise = fall * (1.0 - LEAST_GAP)
    quick, slow = math.log(2.0) / rise, math.log(2.0) / fall
    amounts = np.full(len(days), strength)
    gap = remaining(days, amounts, grid, fall) - remaining(days, amounts, grid, rise)
    return np.maximum(quick / (quick - slow) * gap, 0.0)


def wound(injury: Injury, *, injections: bool = False) -> Exposes:
    """Exposure to the wound of every session; `injections` makes the density that of the injection grid."""

    def exposure(
        prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
    ) -> Exposure:
        if injections:
            density = (10.0 / prescription.setting("spacing", values)) ** 2
        else:
            density = prescription.setting("density", values)
        strength = float(wound_strength(injury, np.array(density), prescription.setting("depth", values), values))
        if any(choice.name == "wound" for choice in prescription.route.settings):
            # a wound that is switched off leaves nothing, whatever was done
            strength *= float(prescription.setting("wound", values) >= 0.5)
        course = signal(injury, strength, prescription.doses.days, grid, values)
        return Exposure({"main": np.minimum(np.multiply.outer(np.minimum(scales, 1.0), course), 1.0)})

    return exposure


SOURCE = "Rise and decay of a wound signal, docs/delivery.md; every number a prior"
READS = ("wound_signal.",)
INJECTION_WOUND = Kinetics(
    "injection-wound", wound("needle", injections=True), (*READS, "injection_grid.spacing"), SOURCE
)
DEVICE_WOUNDS = (
    Kinetics("microneedle-wound", wound("needle"), READS, SOURCE),
    Kinetics("radiofrequency-wound", wound("laser"), READS, SOURCE),
    Kinetics("fractional-co2-wound", wound("laser"), READS, SOURCE),
    Kinetics("erbium-glass-wound", wound("laser"), READS, SOURCE),
    Kinetics("thread-wound", wound("thread"), READS, SOURCE),
)
