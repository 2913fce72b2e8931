"""Which dose gives a wanted effect over the dose 0, and how well is it known?

The interval holds every dose at which the data allow a curve with that effect: those whose least distance exceeds
the least
of all by at most the square of the t quantile (profile likelihood). It may be open above.

References
----------
.. [1] Bretz, Pinheiro & Branson 2005, doi:10.1111/j.1541-0420.2005.00344.x.
.. [2] Venzon & Moolgavkar 1988, doi:10.2307/2347496 (profile likelihood).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.numbers import real
from anagen.statistics.dose_finding.data import DoseResponse
from anagen.statistics.dose_finding.fit import FittedCurve, averaged, least, shape_bounds
from anagen.statistics.dose_finding.models import curve

STEPS = 400
DOSES = 24


@dataclass(frozen=True, slots=True)
class TargetDose:
    """A dose with a wanted effect.

    Attributes
    ----------
    dose : float
        Smallest that has it within the range of the trial; infinite where none has.
    low : float
        Lower end of the interval; 0 where no dose is too low, infinite where none is high enough.
    high : float
        Upper end; infinite where the highest dose of the trial may be too low.
    level : float
        Of the interval.
    """

    dose: float
    low: float
    high: float
    level: float


def dose_for(fitted: FittedCurve | Sequence[FittedCurve], effect: float) -> float:
    """Smallest dose with an effect over the dose 0, by one curve or by an average of several.

    Parameters
    ----------
    fitted : FittedCurve or Sequence of FittedCurve
        What was fitted.
    effect : float
        Wanted difference from dose 0; below 0 where a smaller response is better.

    Returns
    -------
    float
        Infinite where no dose of the trial has it.
    """
    from scipy.optimize import brentq

    curves = [fitted] if isinstance(fitted, FittedCurve) else list(fitted)
    highest = curves[0].highest
    sign = np.sign(effect)

    def excess(dose: float) -> float:
        return float(sign * (averaged(curves, dose) - averaged(curves, 0.0) - effect))

    grid = np.linspace(0.0, highest, STEPS + 1)
    reached = np.flatnonzero(sign * (averaged(curves, grid) - averaged(curves, 0.0) - effect) >= 0.0)
    if not len(reached) or reached[0] == 0:
        return 0.0 if len(reached) else np.inf
    return float(brentq(excess, float(grid[reached[0] - 1]), float(grid[reached[0]]), xtol=1e-12 * highest))


def target_dose(data: DoseResponse, fitted: FittedCurve, effect: float, level: float = 0.95) -> TargetDose:
    """Dose with an effect over the dose 0, with its interval.

    Parameters
    ----------
    data : DoseResponse
        What the curve was fitted to.
    fitted : FittedCurve
        The curve.
    effect : float
        Wanted difference from dose 0, not 0.
    level : float
        Of the interval.

    Returns
    -------
    TargetDose
        Within the range of the trial.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtri, stdtrit

    tail = 0.5 + 0.5 * real("level", level, 0.5, 0.9999)
    allowed = float(ndtri(tail) if np.isinf(data.df) else stdtrit(data.df, tail)) ** 2
    highest = fitted.highest

    def excess(dose: float) -> float:
        return _least_distance(data, fitted.shape, dose, effect) - fitted.distance - allowed

    best = dose_for(fitted, effect)
    grid = highest * np.linspace(1.0 / DOSES, 1.0, DOSES) ** 2
    over = np.array([excess(float(dose)) for dose in grid])
    inside = np.flatnonzero(over <= 0.0)
    if np.isfinite(best) and best > 0.0 and not len(inside):
        inside = np.array([int(np.searchsorted(grid, best))])
        grid, over = np.insert(grid, inside[0], best), np.insert(over, inside[0], -allowed)
    if not len(inside):
        return TargetDose(best, np.inf, np.inf, level)
    first, last = int(inside[0]), int(inside[-1])
    low = 0.0 if first == 0 else float(brentq(excess, grid[first - 1], grid[first], xtol=1e-6 * highest))
    high = np.inf if last == len(grid) - 1 else float(brentq(excess, grid[last], grid[last + 1], xtol=1e-6 * highest))
    if first == 0 and excess(1e-4 * highest) > 0.0:
        low = float(brentq(excess, 1e-4 * highest, grid[0], xtol=1e-6 * highest))
    return TargetDose(best, low, high, level)


def _least_distance(data: DoseResponse, shape: str, dose: float, effect: float) -> float:
    """Least distance of the estimates from curves of a shape that have the effect at a dose."""
    precision = np.linalg.inv(data.covariance)
    weights = precision.sum(axis=1)
    highest = float(data.doses.max())

    def distance(parameters: tuple[float, ...]) -> float:
        g = curve(shape, np.concatenate([[0.0, dose], data.doses]), parameters, highest)
        rise = g[1] - g[0]
        if abs(rise) < 1e-12:
            return 1e12
        rest = data.means - effect / rise * g[2:]
        rest = rest - weights @ rest / weights.sum()
        return float(rest @ precision @ rest)

    return distance(least(distance, shape_bounds(data, shape)))
