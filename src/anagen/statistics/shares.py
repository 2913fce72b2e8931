"""Intervals of shares and rates, in closed form; every function takes numbers or arrays of them.

References
----------
.. [1] Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.
.. [2] Garwood 1936, doi:10.1093/biomet/28.3-4.437.
.. [3] Wilson 1927, doi:10.1080/01621459.1927.10502953.
.. [4] Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
.. [5] Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray


def clopper_pearson(k: ArrayLike, n: ArrayLike, alpha: float) -> tuple[FloatArray, FloatArray]:
    """Exact interval of a share, k of n.

    Parameters
    ----------
    k : ArrayLike
        Counted.
    n : ArrayLike
        Of how many, at least 1.
    alpha : float
        Two-sided error.

    Returns
    -------
    tuple[FloatArray, FloatArray]
        Lower and upper ends.

    Examples
    --------
    >>> [round(float(end), 4) for end in clopper_pearson(0, 30, 0.05)]
    [0.0, 0.1157]
    """
    from scipy.special import betainccinv, betaincinv

    count, of = _floats(k, n)
    with np.errstate(invalid="ignore"):
        low = np.where(count > 0.0, betaincinv(np.maximum(count, 1.0), of - count + 1.0, alpha / 2.0), 0.0)
        high = np.where(count < of, betainccinv(count + 1.0, np.maximum(of - count, 1.0), alpha / 2.0), 1.0)
    return low, high


def garwood(k: ArrayLike, time: ArrayLike, alpha: float) -> tuple[FloatArray, FloatArray]:
    """Exact interval of a Poisson rate, k events in `time` > 0, per unit of time.

    Examples
    --------
    >>> [round(float(end), 3) for end in garwood(3, 10.0, 0.05)]
    [0.062, 0.877]
    """
    from scipy.special import gammainccinv, gammaincinv

    count, spent = _floats(k, time)
    low = np.where(count > 0.0, gammaincinv(np.maximum(count, 1.0), alpha / 2.0), 0.0)
    return low / spent, gammainccinv(count + 1.0, alpha / 2.0) / spent


def wilson(k: ArrayLike, n: ArrayLike, alpha: float) -> tuple[FloatArray, FloatArray]:
    """Score interval of a share, k of n; missing where nothing was counted.

    Examples
    --------
    >>> [round(float(end), 3) for end in wilson(9, 10, 0.05)]
    [0.596, 0.982]
    """
    count, of = _floats(k, n)
    z = two_sided(alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, widened = count / of, 1.0 + z**2 / of
        centre = (share + z**2 / (2.0 * of)) / widened
        half = z * np.sqrt(share * (1.0 - share) / of + z**2 / (4.0 * of**2)) / widened
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def newcombe(
    k: ArrayLike, n: ArrayLike, k_control: ArrayLike, n_control: ArrayLike, alpha: float
) -> tuple[FloatArray, FloatArray]:
    """Hybrid score interval of the difference k/n - k_control/n_control of independent shares.

    Examples
    --------
    >>> [round(float(end), 4) for end in newcombe(56, 70, 48, 80, 0.05)]
    [0.0524, 0.3339]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = np.divide(k, n, dtype=np.float64), np.divide(k_control, n_control, dtype=np.float64)
    low, high = wilson(k, n, alpha)
    low_control, high_control = wilson(k_control, n_control, alpha)
    below = np.sqrt((one - low) ** 2 + (high_control - other) ** 2)
    above = np.sqrt((other - low_control) ** 2 + (high - one) ** 2)
    return one - other - below, one - other + above


def score_test(k: ArrayLike, n: ArrayLike, k_control: ArrayLike, n_control: ArrayLike) -> FloatArray:
    """Two-sided p value of the score test that two independent shares are the same.

    z^2 = (p - p_control)^2 (N - 1) / (N q (1 - q) (1/n + 1/n_control)), q the share of all N; missing where nobody or
    everybody was counted.

    Examples
    --------
    >>> round(float(score_test(56, 70, 48, 80)), 4)
    0.0083
    """
    from scipy.special import ndtr

    (count, of), (count_control, of_control) = _floats(k, n), _floats(k_control, n_control)
    total = of + of_control
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (count + count_control) / total
        variance = share * (1.0 - share) * (1.0 / of + 1.0 / of_control) * total / (total - 1.0)
        z = (count / of - count_control / of_control) / np.sqrt(variance)
        return np.where(variance > 0.0, 2.0 * ndtr(-np.abs(z)), np.nan)


def binomial_quantile(level: ArrayLike, n: ArrayLike, share: ArrayLike) -> FloatArray:
    """Smallest count of n draws that is not exceeded with a chance of `level`; missing where the share is.

    Examples
    --------
    >>> binomial_quantile([0.025, 0.5, 0.975], 20, 0.5).tolist()
    [6.0, 10.0, 14.0]
    """
    from scipy.special import bdtr, bdtrik

    q, of, p = np.broadcast_arrays(
        np.asarray(level, dtype=np.float64), np.asarray(n, dtype=np.int64), np.asarray(share, dtype=np.float64)
    )
    found = np.clip(np.ceil(np.nan_to_num(bdtrik(q, of, p))), 0, of)
    # the count is found as a real number: a whole one may have been rounded up, and so may a level that is met exactly
    lower, met = np.maximum(found - 1.0, 0.0), q * (1.0 - 1e-14)
    return np.where(np.isnan(p), np.nan, np.where(bdtr(lower, of, p) >= met, lower, found))


def two_sided(alpha: float) -> float:
    """Standard errors on either side of a Normal estimate that leave out a chance of `alpha`.

    Examples
    --------
    >>> round(two_sided(0.05), 3)
    1.96
    """
    from scipy.special import ndtri

    # from the lower tail: 1 - alpha / 2 would lose digits of a small alpha
    return -float(ndtri(alpha / 2.0))


def _floats(k: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    count, of = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64))
    return count, of
