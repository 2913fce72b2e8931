"""Stimulus of light sessions relative to the session that trials used, and dose of ultraviolet; both fade over days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics
from anagen.delivery.prescription import Prescription


def light(prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]) -> Exposure:
    """Stimulus left of all sessions, 1 for a fresh session of the fluence and colour that trials used.

    What is known is that those sessions work, not where the optimum lies: whatever the prior of the dose response, the
    reference session is what it is, and other fluences and colours are more or less than it. The dose is the fluence
    at the surface [J/cm2], scales are sessions kept.
    """
    from anagen.delivery.kinetics import remaining
    from anagen.delivery.light import session_stimulus

    doses = prescription.doses
    usual = session_stimulus(np.array([values["light.reference_fluence"]]), values["light.best_wavelength"], values)
    stimuli = session_stimulus(doses.amounts, prescription.setting("wavelength", values), values) / usual
    left = remaining(doses.days, stimuli, grid, values["light.half_life"])
    return Exposure({"main": np.multiply.outer(scales, left)})


def ultraviolet(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """Ultraviolet dose [J/cm2] of all sessions that still acts, for a line within the band that was tried.

    T cells die within days of a dose; how long that lasts was not measured. Outside the band nothing is known, and
    nothing is what the exposure is.
    """
    from anagen.delivery.kinetics import remaining

    doses = prescription.doses
    inside = values["excimer.band_start"] <= prescription.setting("wavelength", values) <= values["excimer.band_end"]
    left = remaining(doses.days, doses.amounts * float(inside), grid, values["excimer.half_life"])
    return Exposure({"main": np.multiply.outer(scales, left)})


ULTRAVIOLET_SESSIONS = Kinetics(
    "ultraviolet-sessions",
    ultraviolet,
    ("excimer.band_", "excimer.half_life"),
    "First-order fading of a dose; half-life assumed",
)
LIGHT_SESSIONS = Kinetics("light-sessions", light, ("light.",), "Biphasic dose response, docs/delivery.md")
