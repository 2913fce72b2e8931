"""Light on the scalp: what reaches the bulb, how well the colour works, and a dose response that turns over.

    r(H) = (H / H0)^p exp(p (1 - H / H0)),   H = fluence * exp(-depth / penetration)

r has its maximum, 1, at H = H0: little does nothing, much does nothing (Arndt-Schulz). The best fluence for hair was
never determined (doi:10.1002/lsm.22170); the prior is wide enough to hold the 67 J/cm2 per session that worked
(Lanzafame 2014). Ultraviolet is not photobiomodulation: outside the window the weight is zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.compartments import join, mean_amounts
from anagen.delivery.doses import Doses


def biphasic(fluence: FloatArray, best: float, sharpness: float) -> FloatArray:
    """Response between 0 and 1 with its maximum at `best`, in the unit of `fluence`.

    Raises:
        ValueError: where a fluence is negative or `best` or `sharpness` is not positive.

    Example:
        >>> biphasic(np.array([0.0, 4.0, 400.0]), best=4.0, sharpness=1.0).round(3).tolist()
        [0.0, 1.0, 0.0]
    """
    if not (np.all(fluence >= 0.0) and best > 0.0 and sharpness > 0.0):
        raise ValueError("fluence must not be negative; best fluence and sharpness must be positive")
    x = fluence / best
    return np.asarray((x * np.exp(1.0 - x)) ** sharpness, dtype=np.float64)


def at_bulb(fluence: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Fluence [J/cm2] that reaches the bulb of a fluence at the surface.

    Example:
        >>> from anagen.parameters import load_parameters
        >>> bool(0.0 < at_bulb(np.array([67.0]), load_parameters().draw(1, 0))[0] < 67.0)
        True
    """
    return fluence * math.exp(-values["light.bulb_depth"] / values["light.penetration"])


def colour_weight(wavelength: float, values: Mapping[str, float]) -> float:
    """How well a wavelength [nm] works relative to the best; zero outside the window of photobiomodulation.

    Example:
        >>> from anagen.parameters import load_parameters
        >>> values = load_parameters().draw(1, 0)
        >>> colour_weight(655.0, values), colour_weight(308.0, values)
        (1.0, 0.0)
    """
    if not values["light.window_start"] <= wavelength <= values["light.window_end"]:
        return 0.0
    return math.exp(-0.5 * ((wavelength - values["light.best_wavelength"]) / values["light.wavelength_width"]) ** 2)


def session_stimulus(fluence: FloatArray, wavelength: float, values: Mapping[str, float]) -> FloatArray:
    """Stimulus of one session, 0 to 1, of a surface fluence [J/cm2]; 0 for sham light."""
    response = biphasic(at_bulb(fluence, values), values["light.best_fluence"], values["light.sharpness"])
    return colour_weight(wavelength, values) * response


def stimulus_course(sessions: Doses, wavelength: float, times: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Mean stimulus from each time to the next, shape [patient, time - 1].

    Args:
        sessions: [day] and surface fluence [J/cm2]. wavelength: [nm]. times: [day], increasing.

    Example:
        >>> from anagen.delivery.doses import repeated
        >>> from anagen.parameters import load_parameters
        >>> helmet = repeated(67.0, start=0, every=2, until=112)
        >>> stimulus_course(helmet, 655.0, np.arange(0.0, 113.0), load_parameters().draw(1, 0)).shape
        (1, 112)
    """
    stimuli = Doses(sessions.days, session_stimulus(sessions.amounts, wavelength, values))
    fading = join(("stimulus", "gone"), {("stimulus", "gone"): math.log(2.0) / values["light.half_life"]})
    return mean_amounts(fading, stimuli, times, into="stimulus")[:, :, 0]
