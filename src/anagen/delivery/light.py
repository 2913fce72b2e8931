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


def biphasic(fluence: FloatArray, best: float, sharpness: float) -> FloatArray:
    """Response between 0 and 1 with its maximum at `best`, in the unit of `fluence`.

    Parameters
    ----------
    fluence : FloatArray
        Fluence, of any shape.
    best : float
        Fluence with the greatest response, in the same unit.
    sharpness : float
        Exponent.

    Returns
    -------
    FloatArray
        0 to 1, of the shape of the fluence.

    Raises
    ------
    ValueError
        Where a fluence is negative or `best` or `sharpness` is not positive.

    Examples
    --------
    >>> biphasic(np.array([0.0, 4.0, 400.0]), best=4.0, sharpness=1.0).round(3).tolist()
    [0.0, 1.0, 0.0]
    """
    if not (np.all(fluence >= 0.0) and best > 0.0 and sharpness > 0.0):
        raise ValueError("fluence must not be negative; best fluence and sharpness must be positive")
    x = fluence / best
    return np.asarray((x * np.exp(1.0 - x)) ** sharpness, dtype=np.float64)


def at_bulb(fluence: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Fluence [J/cm2] that reaches the bulb of a fluence at the surface.

    Parameters
    ----------
    fluence : FloatArray
        Fluence at the surface [J/cm2].
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    FloatArray
        [J/cm2].

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> bool(0.0 < at_bulb(np.array([67.0]), load_parameters().draw(1, 0))[0] < 67.0)
    True
    """
    return fluence * math.exp(-values["light.bulb_depth"] / values["light.penetration"])


def colour_weight(wavelength: float, values: Mapping[str, float]) -> float:
    """How well a wavelength [nm] works relative to the best; zero outside the window of photobiomodulation.

    Parameters
    ----------
    wavelength : float
        Wavelength [nm].
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
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
