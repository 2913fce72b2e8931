"""Share of the daily doses that each patient takes: a law on 0 to 1 with exactly the stated mean and spread.

    share ~ Beta(a, b),   a = m k,   b = (1 - m) k,   k = m (1 - m) / s**2 - 1

with mean m and standard deviation s. Doses are taken or not, so no share lies outside 0 to 1; a normal law cut there
would move the mean.
"""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray

NORMAL_FROM = 1.0e6
"""Shape parameters from which the beta law is the normal one: both ends are then a thousand deviations away."""


def greatest_sd(mean: float) -> float:
    """Standard deviation that no shares with this mean can reach: that of patients who take all doses or none.

    Parameters
    ----------
    mean : float
        Mean share of doses taken, 0 to 1.

    Returns
    -------
    float
        sqrt(m (1 - m)).

    Examples
    --------
    >>> greatest_sd(0.5), greatest_sd(1.0)
    (0.5, 0.0)
    """
    return math.sqrt(mean * (1.0 - mean))


def is_possible(mean: float, sd: float) -> bool:
    """Whether shares of doses can have this mean and standard deviation.

    Parameters
    ----------
    mean : float
        Mean share of doses taken, 0 to 1.
    sd : float
        Standard deviation between patients.

    Returns
    -------
    bool
        True where the deviation is 0, or below `greatest_sd`.

    Examples
    --------
    >>> is_possible(0.8, 0.2), is_possible(0.95, 0.3), is_possible(1.0, 0.1)
    (True, False, False)
    """
    return sd == 0.0 or sd < greatest_sd(mean)


def shares_taken(mean: float, sd: float, u: FloatArray) -> FloatArray:
    """Share of doses taken at uniform draws, by inversion.

    Parameters
    ----------
    mean : float
        Mean share of doses taken, 0 to 1.
    sd : float
        Standard deviation between patients.
    u : FloatArray
        Uniform draws in (0, 1), of any shape.

    Returns
    -------
    FloatArray
        Shares, 0 to 1, of the shape of the draws; all equal to the mean where the deviation is 0.

    Raises
    ------
    ValueError
        Where no shares have this mean and standard deviation.

    Examples
    --------
    >>> shares_taken(0.8, 0.2, np.array([0.1, 0.5, 0.9])).round(2).tolist()
    [0.5, 0.87, 0.99]
    """
    from scipy.special import betaincinv, ndtri

    if not is_possible(mean, sd):
        raise ValueError(f"no shares of doses have mean {mean:g} and sd {sd:g}, only below {greatest_sd(mean):g}")
    if sd == 0.0:
        return np.full_like(u, mean)
    k = (mean / sd) * ((1.0 - mean) / sd) - 1.0
    a, b = mean * k, (1.0 - mean) * k
    if min(a, b) > NORMAL_FROM:
        return np.asarray(mean + sd * ndtri(u), dtype=np.float64)
    return np.asarray(betaincinv(a, b, u), dtype=np.float64)
