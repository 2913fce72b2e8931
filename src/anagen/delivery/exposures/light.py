"""Stimulus of light sessions, 0 to 1 each, which fades over days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics
from anagen.delivery.kinetics import remaining
from anagen.delivery.prescription import Prescription


def light(prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]) -> Exposure:
    """Stimulus left of all sessions; the dose is the fluence at the surface [J/cm2], scales are sessions kept."""
    from anagen.delivery.light import session_stimulus

    regimen = prescription.regimen
    stimuli = session_stimulus(regimen.amounts, prescription.setting("wavelength", values), values)
    left = remaining(regimen.days, stimuli, grid, values["light.half_life"])
    return Exposure({"main": np.multiply.outer(scales, left)})


LIGHT_SESSIONS = Kinetics("light-sessions", light, ("light.",), "Biphasic dose response, docs/delivery.md")
