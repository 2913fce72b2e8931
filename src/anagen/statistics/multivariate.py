"""Chance that several correlated normal or t statistics all lie within bounds.

Genz's separation of variables, on a lattice that is the same in every call: the same numbers give the same chance
to the
last bit. The lattice is shifted several times; how far the shifts differ is the error that is given back.

References
----------
.. [1] Genz 1992, doi:10.1080/10618600.1992.10477010.
.. [2] Genz & Bretz 1999, doi:10.1080/00949659908811962.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem

POINTS, SHIFTS = 4096, 12
SINGULAR = 1e-9
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73)
MOST = len(PRIMES) - 1


def chance_within(
    lower: FloatArray, upper: FloatArray, correlation: FloatArray, df: float = np.inf
) -> tuple[float, float]:
    """Chance that all statistics lie within their bounds.

    Parameters
    ----------
    lower : FloatArray, shape (statistics,)
        May be minus infinity.
    upper : FloatArray, shape (statistics,)
        May be infinite.
    correlation : FloatArray, shape (statistics, statistics)
        May be singular.
    df : float
        Degrees of freedom of the SD that all share; infinite for normal statistics.

    Returns
    -------
    float
        The chance.
    float
        Its standard error, from shifts of the lattice.

    Raises
    ------
    InputError
        Where there are too many statistics or the matrix is no correlation.

    Examples
    --------
    >>> chance, error = chance_within(np.full(2, -np.inf), np.zeros(2), np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> round(chance, 4), error < 1e-4
    (0.3333, True)
    """
    from scipy.special import ndtr, ndtri

    k = len(upper)
    root = _root(np.asarray(correlation, dtype=np.float64))
    if k > MOST:
        raise InputError([Problem(None, None, None, "statistics", f"must be at most {MOST}, got {k}")])
    w, scale = _lattice(k, float(df))
    y = np.zeros((len(scale), k))
    chance = np.ones(len(scale))
    for i in range(k):
        mean = y[:, :i] @ root[i, :i]
        if root[i, i] < SINGULAR:
            chance *= (mean > lower[i] * scale) & (mean < upper[i] * scale)
            continue
        low, high = (ndtr((bound[i] * scale - mean) / root[i, i]) for bound in (lower, upper))
        chance *= high - low
        y[:, i] = ndtri(np.clip(low + w[:, i] * (high - low), 1e-300, 1.0 - 1e-16))
    found = chance.reshape(SHIFTS, POINTS).mean(axis=1)
    return float(found.mean()), float(found.std(ddof=1) / np.sqrt(SHIFTS))


@lru_cache(maxsize=8)
def _lattice(k: int, df: float) -> tuple[FloatArray, FloatArray]:
    """Points in the unit cube, shifted lattices one after another, and the estimated over the true SD at each."""
    from scipy.special import chdtri

    steps = np.sqrt(np.array(PRIMES[: k + 1], dtype=np.float64))
    shifts = (np.arange(SHIFTS) + 0.5)[:, None, None] * np.sqrt(np.array(PRIMES[-k - 1 :])) * np.e
    moved = (np.arange(1, POINTS + 1)[None, :, None] * steps + shifts).reshape(-1, k + 1)
    # folded, which makes the integrand periodic
    w = np.clip(np.abs(2.0 * (moved % 1.0) - 1.0), 1e-15, 1.0 - 1e-15)
    scale = np.ones(len(w)) if np.isinf(df) else np.sqrt(chdtri(df, w[:, 0]) / df)
    return w[:, 1:], scale


def _root(matrix: FloatArray) -> FloatArray:
    """Lower triangular root of a correlation matrix; columns of what depends on earlier statistics are 0."""
    k = len(matrix)
    root = np.zeros((k, k))
    for i in range(k):
        for j in range(i):
            rest = matrix[i, j] - root[i, :j] @ root[j, :j]
            root[i, j] = rest / root[j, j] if root[j, j] >= SINGULAR else 0.0
        left = matrix[i, i] - root[i, :i] @ root[i, :i]
        if left < -1e-6 or abs(matrix[i, i] - 1.0) > 1e-8:
            raise InputError([Problem(None, None, None, "correlation", "must be a correlation matrix")])
        root[i, i] = np.sqrt(left) if left > 1e-12 else 0.0
    return root
