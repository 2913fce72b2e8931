"""Chances of crossing boundaries at each look, by recursive numerical integration.

The score B(t) = Z(t) sqrt(t) is a Brownian motion with drift theta at information fraction t: steps are independent and
normal, mean theta dt, variance dt. The part of its density that has not crossed a boundary yet is carried from look to
look on Gauss-Legendre points.

References
----------
.. [1] Armitage, McPherson & Rowe 1969, doi:10.2307/2343787.
.. [2] Jennison & Turnbull 1999, Group Sequential Methods with Applications to Clinical Trials, chapter 19.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.statistics.quadrature import legendre

POINTS_PER_PANEL = 8
PANEL = 2.0
"""Length of a panel in standard deviations of the narrowest step beside it; errors are then below 1e-9."""
REACH = 9.0
"""Standard deviations beyond which no density is carried."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Density of the score of trials that go on after a look.

    Attributes
    ----------
    time : float
        Information fraction of the look; 0 before the first.
    points : FloatArray, shape (points,)
        Scores.
    masses : FloatArray, shape (points,)
        Density times the weight of the integration rule; their sum is the chance that the trial goes on.
    """

    time: float
    points: FloatArray
    masses: FloatArray

    def chance_above(self, z: float, time: float, drift: float) -> float:
        """Chance that the trial went on to the next look and its statistic is above a boundary there.

        Parameters
        ----------
        z : float
            Boundary on the z scale.
        time : float
            Information fraction of the next look.
        drift : float
            Expected z at full information.

        Returns
        -------
        float
            0 to 1.
        """
        return float(self._beyond(z, time, drift, 1.0))

    def chance_below(self, z: float, time: float, drift: float) -> float:
        """Chance that the trial went on to the next look and its statistic is below a boundary there.

        Parameters
        ----------
        z : float
            See `chance_above`.
        time : float
            See `chance_above`.
        drift : float
            See `chance_above`.

        Returns
        -------
        float
            0 to 1.
        """
        return float(self._beyond(z, time, drift, -1.0))

    def _beyond(self, z: float, time: float, drift: float, side: float) -> float:
        from scipy.special import ndtr

        if np.isinf(z):
            return float(self.masses.sum()) if side * z < 0 else 0.0
        step = time - self.time
        distance = (self.points + drift * step - z * np.sqrt(time)) / np.sqrt(step)
        return float(self.masses @ ndtr(side * distance))

    def go_on(self, low: float, high: float, time: float, following: float | None, drift: float) -> Carried:
        """The density of trials that lie between two boundaries at the next look.

        Parameters
        ----------
        low : float
            Lower boundary on the z scale, may be minus infinity.
        high : float
            Upper boundary, may be infinite.
        time : float
            Information fraction of the look.
        following : float or None
            That of the look after it, which sets how fine the points lie; None at the last.
        drift : float
            Expected z at full information.

        Returns
        -------
        Carried
            After the look.
        """
        step, root = time - self.time, np.sqrt(time)
        mass = max(float(self.masses.sum()), np.finfo(float).tiny)
        mean = float(self.points @ self.masses) / mass
        spread = np.sqrt(float((self.points - mean) ** 2 @ self.masses) / mass + step)
        centre = mean + drift * step
        start = max(low * root, centre - REACH * spread)
        end = min(high * root, centre + REACH * spread)
        if not end > start:
            return Carried(time, np.array([centre]), np.zeros(1))
        narrowest = np.sqrt(min(step, step if following is None else following - time))
        points, weights = _panels(start, end, PANEL * narrowest)
        distance = (points[:, None] - self.points[None, :] - drift * step) / np.sqrt(step)
        density = np.exp(-0.5 * distance * distance) @ self.masses / np.sqrt(2.0 * np.pi * step)
        return Carried(time, points, weights * density)


def _panels(start: float, end: float, longest: float) -> tuple[FloatArray, FloatArray]:
    """Points and weights of a Gauss-Legendre rule on panels of equal length."""
    count = int(np.ceil((end - start) / longest))
    nodes, weights = legendre(POINTS_PER_PANEL)
    half = 0.5 * (end - start) / count
    middles = start + half * (2.0 * np.arange(count) + 1.0)
    return (middles[:, None] + half * nodes).ravel(), np.tile(half * weights, count)


def start(time: float = 0.0, z: float = 0.0) -> Carried:
    """A trial before its first look, or at a look with a known statistic.

    Parameters
    ----------
    time : float
        Information fraction reached.
    z : float
        Statistic there.

    Returns
    -------
    Carried
        All mass at one score.
    """
    return Carried(time, np.array([z * np.sqrt(time)]), np.ones(1))


def crossing_chances(
    times: Sequence[float],
    upper: Sequence[float],
    lower: Sequence[float],
    drift: float = 0.0,
    beginning: Carried | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Chance of crossing the upper, and the lower, boundary first at each look.

    Parameters
    ----------
    times : Sequence of float
        Information fractions of the looks, rising.
    upper : Sequence of float
        Upper boundaries on the z scale; infinite where there is none.
    lower : Sequence of float
        Lower boundaries; minus infinity where there is none.
    drift : float
        Expected z at full information.
    beginning : Carried, optional
        Where the trial stands; before its first look where left out.

    Returns
    -------
    FloatArray, shape (looks,)
        Chances of the upper boundary.
    FloatArray, shape (looks,)
        Chances of the lower boundary.

    Examples
    --------
    >>> up, low = crossing_chances([0.5, 1.0], [2.1782721, 2.1782721], [-float("inf")] * 2)
    >>> round(float(up.sum()), 6)
    0.025
    """
    carried = beginning or start()
    up, low = np.zeros(len(times)), np.zeros(len(times))
    for look, time in enumerate(times):
        up[look] = carried.chance_above(upper[look], time, drift)
        low[look] = carried.chance_below(lower[look], time, drift)
        if look + 1 < len(times):
            carried = carried.go_on(lower[look], upper[look], time, times[look + 1], drift)
    return up, low
