"""Intervals and p values that hold at every look, whether the trial stopped or not.

References
----------
.. [1] Jennison & Turnbull 1989, doi:10.1111/j.2517-6161.1989.tb01433.x.
.. [2] Tsiatis, Rosner & Mehta 1984, doi:10.2307/2530911 (ordering by stage).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.numbers import whole
from anagen.statistics.sequential.design import SequentialDesign
from anagen.statistics.sequential.integration import crossing_chances

LEAST_ALPHA, MOST_ALPHA = 1e-6, 0.5


def repeated_interval(design: SequentialDesign, look: int, estimate: float, se: float) -> tuple[float, float]:
    """Repeated confidence interval at a look: the estimate less and plus its boundary times its standard error.

    Together over all looks these intervals hold the true effect with probability of at least 1 - alpha (two-sided), or
    1 - 2 alpha where the test is one-sided.

    Parameters
    ----------
    design : SequentialDesign
        Its efficacy boundaries.
    look : int
        Number of the look, from 1.
    estimate : float
        Effect estimated there.
    se : float
        Its standard error at that look.

    Returns
    -------
    tuple of float
        Lower and upper end.
    """
    critical = design.efficacy[whole("look", look, 1, len(design.times)) - 1]
    return estimate - critical * se, estimate + critical * se


def repeated_p(make: Callable[[float], SequentialDesign], look: int, z: float) -> float:
    """Repeated p value: the smallest alpha at which the design would have stopped for success at this look.

    Parameters
    ----------
    make : callable
        Gives the design of an alpha.
    look : int
        Number of the look, from 1.
    z : float
        Statistic there.

    Returns
    -------
    float
        From 1e-6 to 0.5; at these ends the true value lies at or beyond them.

    Examples
    --------
    >>> from anagen.statistics.sequential.boundaries import pocock
    >>> round(repeated_p(lambda alpha: pocock(2, alpha), 1, 2.1782721), 6)
    0.025
    """
    from scipy.optimize import brentq

    def excess(log_alpha: float) -> float:
        return z - make(float(np.exp(log_alpha))).efficacy[look - 1]

    low, high = float(np.log(LEAST_ALPHA)), float(np.log(MOST_ALPHA))
    if excess(low) >= 0.0:
        return LEAST_ALPHA
    if excess(high) <= 0.0:
        return MOST_ALPHA
    return float(np.exp(brentq(excess, low, high, xtol=1e-10)))


def stage_wise_p(design: SequentialDesign, look: int, z: float, drift: float = 0.0) -> float:
    """Final p value of a trial that stopped, one-sided, with earlier success taken as more extreme.

    Parameters
    ----------
    design : SequentialDesign
        Its efficacy boundaries, two-sided ones on both sides; futility is left out.
    look : int
        The look at which it stopped, from 1.
    z : float
        Statistic there.
    drift : float
        Effect that is tested, as expected z at full information.

    Returns
    -------
    float
        Chance of what was seen or more.
    """
    at = whole("look", look, 1, len(design.times))
    upper = [*design.efficacy[: at - 1], z]
    lower = [-c for c in design.efficacy[: at - 1]] if design.sides == 2 else [-np.inf] * (at - 1)
    return float(crossing_chances(design.times[:at], upper, [*lower, -np.inf], drift)[0].sum())


def final_estimate(design: SequentialDesign, look: int, z: float, level: float = 0.95) -> FloatArray:
    """Median-unbiased estimate of a trial that stopped, with its confidence interval, as drifts.

    Parameters
    ----------
    design : SequentialDesign
        See `stage_wise_p`.
    look : int
        The look at which it stopped.
    z : float
        Statistic there.
    level : float
        Of the interval.

    Returns
    -------
    FloatArray, shape (3,)
        Lower end, median-unbiased estimate, upper end; times the standard error at full information they are effects.

    Examples
    --------
    >>> from anagen.statistics.sequential.boundaries import design
    >>> final_estimate(design([1.0], 0.025, 1, [1.96], "one look"), 1, 2.5).round(2).tolist()
    [0.54, 2.5, 4.46]
    """
    from scipy.optimize import brentq

    tail = 0.5 * (1.0 - level)
    root = np.sqrt(design.times[look - 1])
    middle = z / root
    reach = 12.0 / np.sqrt(design.times[0])

    def at(chance: float) -> float:
        return float(
            brentq(
                lambda drift: stage_wise_p(design, look, z, drift) - chance, middle - reach, middle + reach, xtol=1e-9
            )
        )

    return np.array([at(tail), at(0.5), at(1.0 - tail)])
