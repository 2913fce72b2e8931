"""Random-effects meta-analysis that takes small trials to say too much: what careful readers make of a few trials.

    y_i = mu + b 20 / n_i + u_i + e_i,    u_i ~ N(0, tau^2),    e_i ~ N(0, s_i^2)
    mu ~ N(0, 15^2),    b ~ N(4, 4.9^2),    tau ~ half-normal(8)                              [hairs/cm2]

n_i: patients per arm. For a given tau all is Gaussian, so that mu and b are known in closed form; tau is integrated
over on a grid. It uses none of the follicle model and stands beside it as a check that a reader can follow.

References
----------
.. [1] Hierarchical normal model, Gelman and others 2013, Bayesian Data Analysis, section 5.4,
   doi:10.1201/b16018.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from anagen.core.arrays import FloatArray

EFFECT_SD = 15.0
"""Standard deviation of the prior of the mean effect, about 0 [hairs/cm2]."""
BIAS = (4.0, 4.9)
"""Mean and standard deviation of the bias of a trial of 20 patients per arm, as `heterogeneity.small_study_bias`."""
TAU_SCALE = 8.0
"""Scale of the half-normal prior of the spread between trials [hairs/cm2]."""
SMALL = 20.0
GRID = 400


@dataclass(frozen=True, slots=True)
class BiasAdjusted:
    """What the trials say once their bias is taken into account [hairs/cm2].

    Attributes
    ----------
    trials : int
        How many.
    mean : float
        Of the mean effect.
    median : float
        Of the mean effect.
    interval : tuple[float, float]
        90 % interval of the mean effect.
    below_zero : float
        Chance that the mean effect is below zero.
    next_trial : tuple[float, float]
        90 % interval of the true effect of a further product or trial.
    """

    trials: int
    mean: float
    median: float
    interval: tuple[float, float]
    below_zero: float
    next_trial: tuple[float, float]


def bias_adjusted(effects: Sequence[float], errors: Sequence[float], per_arm: Sequence[float]) -> BiasAdjusted:
    """Mean effect of controlled trials, less what small ones say too much.

    Without a size, as for drugs, whose trials are large and whose makers have to print them, no bias is taken off.

    Parameters
    ----------
    effects : Sequence[float]
        Differences from control [hairs/cm2].
    errors : Sequence[float]
        Their standard errors, > 0.
    per_arm : Sequence[float]
        Patients per arm, at least 1; infinite where nothing is to be taken off.

    Returns
    -------
    BiasAdjusted
        Of the mean effect and of the next trial's.

    Raises
    ------
    ValueError
        Where there is no trial, or the lengths differ.

    Examples
    --------
    >>> found = bias_adjusted([8.0], [5.0], [10.0])
    >>> round(abs(found.median)), [round(end) for end in found.interval]
    (0, [-16, 16])
    """
    y, s, n = (np.asarray(values, dtype=np.float64) for values in (effects, errors, per_arm))
    if y.size == 0 or not y.shape == s.shape == n.shape:
        raise ValueError(f"needs an error and a size for each effect: {y.size}, {s.size} and {n.size}")
    design = np.column_stack([np.ones_like(y), SMALL / n])
    prior_mean, prior_precision = np.array([0.0, BIAS[0]]), np.diag([EFFECT_SD**-2, BIAS[1] ** -2])
    taus = TAU_SCALE * 4.0 * (np.arange(GRID) + 0.5) / GRID
    log_weights, means, sds = np.empty(GRID), np.empty(GRID), np.empty(GRID)
    for i, tau in enumerate(taus):
        variance = s**2 + tau**2
        precision = prior_precision + (design.T / variance) @ design
        covariance = np.linalg.inv(precision)
        centre = covariance @ (prior_precision @ prior_mean + design.T @ (y / variance))
        # marginal likelihood of y: normal about the prior mean, by the determinant lemma
        fitted = 0.5 * (
            centre @ precision @ centre - prior_mean @ prior_precision @ prior_mean - np.sum(y**2 / variance)
        )
        log_weights[i] = fitted - 0.5 * (np.log(variance).sum() + np.linalg.slogdet(precision)[1])
        log_weights[i] -= 0.5 * (tau / TAU_SCALE) ** 2
        means[i], sds[i] = centre[0], np.sqrt(covariance[0, 0])
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    of_next = np.hypot(sds, taus)
    return BiasAdjusted(
        trials=int(y.size),
        mean=float(weights @ means),
        median=_quantile(0.5, weights, means, sds),
        interval=(_quantile(0.05, weights, means, sds), _quantile(0.95, weights, means, sds)),
        below_zero=float(weights @ ndtr(-means / sds)),
        next_trial=(_quantile(0.05, weights, means, of_next), _quantile(0.95, weights, means, of_next)),
    )


def _quantile(level: float, weights: FloatArray, means: FloatArray, sds: FloatArray) -> float:
    """Quantile of a mixture of normal distributions, by bisection."""
    low, high = float((means - 8.0 * sds).min()), float((means + 8.0 * sds).max())
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if weights @ ndtr((middle - means) / sds) < level else (low, middle)
    return 0.5 * (low + high)
