"""Several treatments against one control: Dunnett's p values, simultaneous intervals and critical values.

Comparisons with one control have correlations l_i l_j, so that given the control's own deviation they are
independent; the
chance is an integral over that deviation and over the estimated SD, by Gauss quadrature, good to 1e-8.

References
----------
.. [1] Dunnett 1955, doi:10.1080/01621459.1955.10501294.
.. [2] Dunnett & Sobel 1955, doi:10.1093/biomet/42.1-2.258.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.quadrature import legendre

NODES = 96
REACH = 8.5


@dataclass(frozen=True, slots=True)
class DunnettResult:
    """Comparisons of several treatments with one control.

    Attributes
    ----------
    p : FloatArray, shape (treatments,)
        Adjusted p values.
    low : FloatArray, shape (treatments,)
        Lower ends of simultaneous intervals.
    high : FloatArray, shape (treatments,)
        Upper ends; infinite for one-sided tests.
    critical : float
        Critical value of every t.
    """

    p: FloatArray
    low: FloatArray
    high: FloatArray
    critical: float


def loadings(treated: Sequence[float], control: float) -> FloatArray:
    """Loadings of correlations l_i l_j by group sizes: sqrt(n_i / (n_i + n_0)).

    Parameters
    ----------
    treated : Sequence of float
        Patients of every treatment.
    control : float
        Patients of the control.

    Returns
    -------
    FloatArray, shape (treatments,)
        sqrt(1/2) for equal groups.
    """
    sizes = np.asarray(treated, dtype=np.float64)
    if not len(sizes) or not (sizes > 0).all() or control <= 0:
        raise InputError([Problem(None, None, None, "treated", "must be one or more group sizes above 0")])
    return np.sqrt(sizes / (sizes + control))


def loadings_of(correlation: FloatArray) -> FloatArray:
    """Loadings that reproduce a correlation matrix of comparisons, such as that of an ANCOVA.

    Parameters
    ----------
    correlation : FloatArray, shape (treatments, treatments)
        Of the estimated differences.

    Returns
    -------
    FloatArray, shape (treatments,)
        Exact where the matrix is that of comparisons with one control or there are two; else by least squares.
    """
    from scipy.optimize import least_squares

    matrix = np.asarray(correlation, dtype=np.float64)
    k = len(matrix)
    if k == 1:
        return np.array([np.sqrt(0.5)])
    above = np.triu_indices(k, 1)
    begin = np.full(k, np.sqrt(np.clip(matrix[above].mean(), 0.05, 0.95)))
    fitted = least_squares(
        lambda loading: (np.outer(loading, loading) - matrix)[above],
        begin,
        bounds=(0.0, 0.9999),
        xtol=1e-14,
        ftol=1e-14,
    )
    return np.asarray(fitted.x)


def chance_of_none(critical: float | FloatArray, loading: FloatArray, df: float = np.inf, sides: int = 2) -> float:
    """Chance that no comparison exceeds its critical value where all treatments equal the control.

    Parameters
    ----------
    critical : float or FloatArray
        One for all, or one for each.
    loading : FloatArray, shape (treatments,)
        See `loadings`.
    df : float
        Degrees of freedom of the SD; infinite where it is known.
    sides : int
        2: either side counts; 1: upper side.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> round(chance_of_none(2.2121277, loadings([1, 1], 1)), 6)
    0.95
    """
    from scipy.special import ndtr

    bounds = np.broadcast_to(np.asarray(critical, dtype=np.float64), loading.shape)
    nodes, weights = legendre(NODES)
    z, dz = REACH * nodes, REACH * weights * np.exp(-0.5 * (REACH * nodes) ** 2) / np.sqrt(2.0 * np.pi)
    scales, masses = _scales(df)
    own = np.sqrt(1.0 - loading**2)
    # (scale, control's deviation, treatment)
    upper = (bounds * scales[:, None, None] - loading * z[None, :, None]) / own
    inside = ndtr(upper)
    if sides == 2:
        inside = inside - ndtr((-bounds * scales[:, None, None] - loading * z[None, :, None]) / own)
    return float(masses @ (inside.prod(axis=2) @ dz))


def critical_value(loading: FloatArray, df: float = np.inf, alpha: float = 0.05, sides: int = 2) -> float:
    """Critical value that all comparisons together keep.

    Parameters
    ----------
    loading : FloatArray, shape (treatments,)
        See `loadings`.
    df : float
        Degrees of freedom; infinite for a known SD.
    alpha : float
        Chance of any false claim.
    sides : int
        1 or 2.

    Returns
    -------
    float
        Of every t.

    Examples
    --------
    >>> round(critical_value(loadings([20, 20], 20), 60), 5)
    2.26527
    """
    from scipy.optimize import brentq

    real("alpha", alpha, 1e-9, 0.999)
    wanted = 1.0 - alpha
    return float(
        brentq(lambda c: chance_of_none(c, loading, df, sides) - wanted, -8.0 if sides == 1 else 0.0, 200.0, xtol=1e-11)
    )


def dunnett(
    estimates: Sequence[float],
    se: Sequence[float],
    loading: FloatArray,
    df: float = np.inf,
    alpha: float = 0.05,
    sides: int = 2,
) -> DunnettResult:
    """Dunnett's test of several treatments against one control, in one step.

    Parameters
    ----------
    estimates : Sequence of float
        Differences from the control.
    se : Sequence of float
        Their standard errors.
    loading : FloatArray, shape (treatments,)
        See `loadings` and `loadings_of`.
    df : float
        Degrees of freedom.
    alpha : float
        Chance of any false claim.
    sides : int
        2, or 1 where larger is better.

    Returns
    -------
    DunnettResult
        p values and intervals.
    """
    effect, error = np.asarray(estimates, dtype=np.float64), np.asarray(se, dtype=np.float64)
    t = effect / error
    p = [1.0 - chance_of_none(abs(float(each)) if sides == 2 else float(each), loading, df, sides) for each in t]
    critical = critical_value(loading, df, alpha, sides)
    high = effect + critical * error if sides == 2 else np.full(len(effect), np.inf)
    return DunnettResult(np.clip(p, 0.0, 1.0), effect - critical * error, high, critical)


def _scales(df: float) -> tuple[FloatArray, FloatArray]:
    """Estimated over true SD, with the weights of its distribution."""
    from scipy.special import chdtri, gammaln

    if np.isinf(df):
        return np.ones(1), np.ones(1)
    real("df", df, 1.0, 1e9)
    low, high = (float(np.sqrt(chdtri(df, tail) / df)) for tail in (1.0 - 1e-13, 1e-13))
    nodes, weights = legendre(NODES)
    s = 0.5 * (high - low) * nodes + 0.5 * (high + low)
    half = 0.5 * df
    log = np.log(2.0) + half * np.log(half) - gammaln(half) + (df - 1.0) * np.log(s) - half * s * s
    return s, 0.5 * (high - low) * weights * np.exp(log)
