"""Power and assurance in closed form, beside which the simulated ones stand: a check that a reader can follow.

With an effect delta and a standard error of its estimate SE on nu degrees of freedom, the test statistic has a
noncentral t distribution, t ~ t(nu, delta / SE), and

    power = P(t > t_(1 - alpha/2, nu)),        SE = s sqrt(1/n + 1/n_control)   (s sqrt(1/n) within patients)

s is the standard deviation of the outcome that is left after the baseline is adjusted for. A margin m takes the place
of no effect: delta - m for delta. Assurance is the mean of that power over what is not known of delta.

References
----------
.. [1] Julious 2004, doi:10.1002/sim.1783 (sample sizes by the noncentral t).
.. [2] O'Hagan, Stevens & Campbell 2005, doi:10.1002/pst.175 (assurance).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray

MOST = 1_000_000
"""Patients per arm beyond which no size is looked for."""


def power_by_t(effect: ArrayLike, error: ArrayLike, freedom: ArrayLike, alpha: float) -> FloatArray:
    """Chance that an effect is significant in its own direction, two-sided level alpha.

    Parameters
    ----------
    effect : ArrayLike
        True effect, less the margin, positive where it is wanted.
    error : ArrayLike
        Standard error of its estimate.
    freedom : ArrayLike
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    FloatArray
        0 to 1, of the broadcast shape.

    Examples
    --------
    An effect of 10 with a standard deviation of 20, 40 patients per arm, no baseline to adjust for:

    >>> round(float(power_by_t(10.0, 20.0 * math.sqrt(2 / 40), 78, 0.05)), 4)
    0.5981
    """
    from scipy.special import nctdtr, ndtr, stdtrit

    delta, se, nu = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (effect, error, freedom)))
    with np.errstate(divide="ignore", invalid="ignore"):
        shift, limit = delta / se, -stdtrit(np.maximum(nu, 1.0), alpha / 2.0)
        # far out the noncentral t is not computed by SciPy; a Normal one is as near as it gets there
        found = np.where(np.abs(shift - limit) < 30.0, 1.0 - nctdtr(nu, shift, limit), ndtr(shift - limit))
    return np.where(nu >= 1.0, np.clip(found, 0.0, 1.0), np.nan)


def normal_assurance(effect: float, effect_sd: float, error: float, alpha: float) -> float:
    """Assurance where the effect is Normal with this mean and standard deviation, and so is its estimate.

    Phi((effect - z SE) / sqrt(effect_sd^2 + SE^2)), z the two-sided quantile.

    Examples
    --------
    >>> round(normal_assurance(8.0, 9.0, 20.0 * math.sqrt(2 / 40), 0.05), 4)
    0.4697
    """
    from scipy.special import ndtr

    from anagen.statistics.shares import two_sided

    return float(ndtr((effect - two_sided(alpha) * error) / math.sqrt(effect_sd**2 + error**2)))


def smallest_size(power: Callable[[int], float], goal: float, least: int = 2) -> float:
    """Smallest number of patients at which a power that rises with it reaches the goal.

    Parameters
    ----------
    power : Callable[[int], float]
        Of a number of patients.
    goal : float
        0 to 1.
    least : int
        Smallest number that is looked at.

    Returns
    -------
    float
        A whole number; missing where a million are too few.

    Examples
    --------
    >>> smallest_size(lambda n: float(power_by_t(10.0, 20.0 * math.sqrt(2 / n), 2 * n - 2, 0.05)), 0.8)
    64.0
    """
    high = least
    while not power(high) >= goal:
        if high >= MOST:
            return math.nan
        high = min(2 * high, MOST)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= goal else (middle, high)
    return float(max(high, least))
