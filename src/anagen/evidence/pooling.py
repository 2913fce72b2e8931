"""Random-effects meta-analysis of published effects.

y_i = mu + u_i + e_i,    u_i ~ N(0, tau^2),    e_i ~ N(0, s_i^2)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, stdtrit

from anagen.core.arrays import FloatArray
from anagen.statistics.shares import two_sided

FEWEST_FOR_PREDICTION = 3
"""Studies below which a prediction interval has no degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """What a meta-analysis gives, in the unit of the effects.

    Attributes
    ----------
    studies : int
        How many.
    estimate : float
        Mean effect mu.
    se : float
        Its standard error.
    ci : tuple[float, float]
        95 % interval.
    tau : float | None
        SD between studies; None of one study.
    q : float | None
        Cochran's statistic.
    q_p : float | None
        Its p value.
    i2 : float | None
        Share of the variance that lies between studies (0 to 1).
    prediction : tuple[float, float] | None
        Where the effect of a new study is expected with 95 %; None of fewer than three.
    weights : tuple[float, ...]
        Shares of the studies in the estimate (sum 1).
    """

    studies: int
    estimate: float
    se: float
    ci: tuple[float, float]
    tau: float | None
    q: float | None
    q_p: float | None
    i2: float | None
    prediction: tuple[float, float] | None
    weights: tuple[float, ...]


def pool(effects: Sequence[float], errors: Sequence[float]) -> Pooled:
    """Pools effects with Paule and Mandel's tau, Hartung and Knapp's interval and a prediction interval.

        w_i = 1 / (s_i^2 + tau^2),  mu = sum(w y) / sum(w),  tau^2 such that sum(w (y - mu)^2) = k - 1
        se^2 = max(1, H) / sum(w),  H = sum(w (y - mu)^2) / (k - 1)
        ci = mu +- t(k-1) se,  prediction = mu +- t(k-2) sqrt(tau^2 + se^2)

    H below 1 (studies that agree more than their errors say) never makes the interval narrower than the usual one. One
    study is given back as it is, with a normal interval, no tau and no prediction.

    Parameters
    ----------
    effects : Sequence[float]
        Of k studies.
    errors : Sequence[float]
        Their standard errors, > 0.

    Raises
    ------
    ValueError
        Where there is none, the lengths differ, or an error is not positive and finite.

    References
    ----------
    .. [1] Paule and Mandel 1982, doi:10.6028/jres.087.022.
    .. [2] Knapp and Hartung 2003, doi:10.1002/sim.1482.
    .. [3] Higgins and others 2009, doi:10.1111/j.1467-985X.2008.00552.x.

    Examples
    --------
    >>> found = pool([10.0, 14.0, 18.0], [2.0, 2.0, 2.0])
    >>> round(found.estimate, 2), round(found.tau, 3)
    (14.0, 3.464)
    """
    y, s = np.asarray(effects, dtype=float), np.asarray(errors, dtype=float)
    if y.size == 0 or y.shape != s.shape:
        raise ValueError(f"needs as many standard errors as effects, and at least one: {y.size} and {s.size}")
    if not (np.all(np.isfinite(y)) and np.all(np.isfinite(s)) and np.all(s > 0.0)):
        raise ValueError("effects must be finite, standard errors finite and above 0")
    if y.size == 1:
        half = two_sided(0.05) * float(s[0])
        value = float(y[0])
        return Pooled(1, value, float(s[0]), (value - half, value + half), None, None, None, None, None, (1.0,))
    k = int(y.size)
    tau2 = paule_mandel(y, s)
    weights = 1.0 / (s**2 + tau2)
    mean = float(np.sum(weights * y) / np.sum(weights))
    excess = float(np.sum(weights * (y - mean) ** 2)) / (k - 1)
    se = math.sqrt(max(1.0, excess) / float(np.sum(weights)))
    half = float(stdtrit(k - 1, 0.975)) * se
    q = _q(y, s, 0.0)
    prediction = None
    if k >= FEWEST_FOR_PREDICTION:
        reach = float(stdtrit(k - 2, 0.975)) * math.sqrt(tau2 + se**2)
        prediction = (mean - reach, mean + reach)
    return Pooled(
        studies=k,
        estimate=mean,
        se=se,
        ci=(mean - half, mean + half),
        tau=math.sqrt(tau2),
        q=q,
        q_p=float(chdtrc(k - 1, q)),
        i2=max(0.0, 1.0 - (k - 1) / q) if q > 0.0 else 0.0,
        prediction=prediction,
        weights=tuple(float(share) for share in weights / np.sum(weights)),
    )


def paule_mandel(effects: FloatArray, errors: FloatArray) -> float:
    """Variance between studies at which the weighted sum of squares is k - 1 as expected; 0 where it is less without.

    The sum falls steadily and ever more slowly with tau^2, so that the root is unique and Newton's steps from 0 climb
    to it: each adds what is left of the sum over its slope, sum(w^2 (y - mu)^2).
    """
    tau2 = 0.0
    while True:
        weights = 1.0 / (errors**2 + tau2)
        squares = (effects - np.sum(weights * effects) / np.sum(weights)) ** 2
        excess = float(np.sum(weights * squares)) - (effects.size - 1)
        if not excess > 0.0:
            return tau2
        step = excess / float(np.sum(weights**2 * squares))
        # below rounding there is nothing left to climb
        if step <= 1e-15 * tau2:
            return tau2
        tau2 += step


def _q(effects: FloatArray, errors: FloatArray, tau2: float) -> float:
    weights = 1.0 / (errors**2 + tau2)
    mean = np.sum(weights * effects) / np.sum(weights)
    return float(np.sum(weights * (effects - mean) ** 2))
