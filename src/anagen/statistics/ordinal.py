"""Grades with an order, such as a global assessment from -3 to 3: rank test, win probability, proportional odds.

References
----------
.. [1] Mann & Whitney 1947, doi:10.1214/aoms/1177730491.
.. [2] DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595; Newcombe 2006, doi:10.1002/sim.2324.
.. [3] McCullagh 1980, doi:10.1111/j.2517-6161.1980.tb01109.x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.statistics.contrast import Contrast
from anagen.statistics.faults import fault

MOST_STEPS = 100
FAR = 15.0
"""Log odds ratio beyond which grades separate the groups, so that it has no finite estimate."""
NAME = "arm - control"


def win_probability(arm: ArrayLike, control: ArrayLike, *, alpha: float = 0.05, name: str = NAME) -> Contrast:
    """Probability that a patient of the arm has a higher value than one of the control, ties counting one half.

    With the placement of each value among those of the other group, SE^2 = var / n + var_control / n_control; limits
    are those of the logit. The p value is that of Wilcoxon, Mann and Whitney by the normal distribution with ties,
    without continuity correction.

    Parameters
    ----------
    arm : ArrayLike
        Values; NaN are left out.
    control : ArrayLike
        Values; NaN are left out.
    alpha : float
        Two-sided error.
    name : str
        Of the comparison.

    Returns
    -------
    Contrast
        `statistic` is z; limits are NaN where one group lies wholly above the other.

    Raises
    ------
    DataFault
        Where a group has fewer than two values.

    Examples
    --------
    >>> one = win_probability([2, 3, 3, 1, 2, 3], [1, 0, 2, 1, 1, 2])
    >>> round(one.estimate, 4), round(one.p_value, 4)
    (0.8472, 0.0365)
    """
    from scipy.special import ndtr, ndtri
    from scipy.stats import rankdata

    x, y = _finite(arm, "arm"), _finite(control, "control")
    n, m = len(x), len(y)
    ranks = np.asarray(rankdata(np.concatenate([x, y])), dtype=float)
    share = (ranks[:n].sum() - n * (n + 1) / 2.0) / (n * m)
    ties = np.unique(np.concatenate([x, y]), return_counts=True)[1].astype(float)
    total = n + m
    variance = n * m / 12.0 * (total + 1.0 - (ties**3 - ties).sum() / (total * (total - 1.0)))
    z = (share - 0.5) * n * m / math.sqrt(variance) if variance > 0.0 else math.nan
    # placements: the share of the other group that a value lies above
    of_x = (ranks[:n] - np.asarray(rankdata(x))) / m
    of_y = 1.0 - (ranks[n:] - np.asarray(rankdata(y))) / n
    error = math.sqrt(of_x.var(ddof=1) / n + of_y.var(ddof=1) / m)
    low = high = math.nan
    if 0.0 < share < 1.0 and error > 0.0:
        logit = math.log(share / (1.0 - share))
        reach = float(ndtri(1.0 - alpha / 2.0)) * error / (share * (1.0 - share))
        low, high = 1.0 / (1.0 + math.exp(reach - logit)), 1.0 / (1.0 + math.exp(-reach - logit))
    p = 2.0 * float(ndtr(-abs(z)))
    method = "win probability, logit interval, Wilcoxon-Mann-Whitney test with ties"
    told = {"arm": n, "control": m}
    return Contrast(name, float(share), error, math.inf, low, high, z, p, method, told)


@dataclass(frozen=True, slots=True)
class ProportionalOdds:
    """A fitted model logit P(Y <= k) = threshold_k - x' b.

    Attributes
    ----------
    grades : tuple[float, ...]
        The grades that occur, in order.
    thresholds : FloatArray, shape (n_grades - 1,)
        Log odds of being at most each grade but the last, where all covariates are 0.
    coefficients : FloatArray, shape (n_columns,)
        Log odds ratios of being higher.
    standard_errors : FloatArray, shape (n_columns,)
        By the observed information.
    log_likelihood : float
        At the estimate.
    n : int
        Patients.
    """

    grades: tuple[float, ...]
    thresholds: FloatArray
    coefficients: FloatArray
    standard_errors: FloatArray
    log_likelihood: float
    n: int


def proportional_odds(grade: ArrayLike, x: ArrayLike) -> ProportionalOdds:
    """Fit cumulative logits with the same odds ratios at every grade, by maximum likelihood.

    Parameters
    ----------
    grade : ArrayLike, shape (n_patients,)
        Grades as numbers; patients without one are left out.
    x : ArrayLike, shape (n_patients, n_columns)
        Covariates without an intercept, the arm as a column of 0 and 1 among them.

    Returns
    -------
    ProportionalOdds
        The fit.

    Raises
    ------
    DataFault
        Where only one grade occurs, a covariate is missing, constant or follows from others, or separates the grades.

    Examples
    --------
    >>> fitted = proportional_odds([1, 2, 2, 3, 2, 3, 3, 1], [[0], [0], [0], [0], [1], [1], [1], [1]])
    >>> fitted.grades, round(float(fitted.coefficients[0]), 3)
    ((1.0, 2.0, 3.0), 0.653)
    """
    values, matrix = np.asarray(grade, dtype=float), np.asarray(x, dtype=float)
    if matrix.ndim != 2 or len(matrix) != len(values):
        raise fault("x", f"has shape {matrix.shape}, and there are {len(values)} grades", "give a row a patient")
    used = np.isfinite(values)
    values, matrix = values[used], matrix[used]
    if not np.isfinite(matrix).all():
        row, column = (int(k[0]) for k in np.nonzero(~np.isfinite(matrix)))
        at = int(np.flatnonzero(used)[row]) + 1
        raise fault(f"x[{column}]", "has no value", "leave the patient out, or fill the value in beforehand", row=at)
    grades, level = np.unique(values, return_inverse=True)
    if len(grades) < 2:
        raise fault("grade", "is the same for all patients", "there is nothing to compare")
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0)
    if matrix.shape[1] and (spread <= 1e-12 * np.abs(mean)).any() | (spread == 0.0).any():
        column = int(np.argmin(spread))
        raise fault(f"x[{column}]", "is the same for all patients", "leave the covariate out")
    scaled = (matrix - mean) / spread
    if matrix.shape[1] and np.linalg.svd(scaled, compute_uv=False)[-1] < 1e-8 * math.sqrt(len(values)):
        raise fault("x", "has covariates that follow from each other", "leave one of them out")
    theta, information, value = _newton(level.ravel(), scaled, len(grades))
    k = len(grades) - 1
    b = theta[k:] / spread
    covariance = np.linalg.inv(information)
    errors = np.sqrt(np.diag(covariance))[k:] / spread
    return ProportionalOdds(tuple(float(g) for g in grades), theta[:k] + mean @ b, b, errors, value, len(values))


def common_odds_ratio(arm: ArrayLike, control: ArrayLike, *, alpha: float = 0.05, name: str = NAME) -> Contrast:
    """Odds ratio of a higher grade, the same at every grade, with the interval and test of Wald.

    Parameters
    ----------
    arm : ArrayLike
        Grades; NaN are left out.
    control : ArrayLike
        Grades; NaN are left out.
    alpha : float
        Two-sided error.
    name : str
        Of the comparison.

    Returns
    -------
    Contrast
        `estimate` and limits are ratios, `standard_error` that of the logarithm.
    """
    from scipy.special import ndtr, ndtri

    x, y = _finite(arm, "arm"), _finite(control, "control")
    fitted = proportional_odds(np.concatenate([x, y]), np.repeat([1.0, 0.0], [len(x), len(y)])[:, None])
    log, error = float(fitted.coefficients[0]), float(fitted.standard_errors[0])
    reach = float(ndtri(1.0 - alpha / 2.0)) * error
    p = 2.0 * float(ndtr(-abs(log / error)))
    method = "proportional odds, Wald interval of the log odds ratio"
    told = {"arm": len(x), "control": len(y)}
    low, high = math.exp(log - reach), math.exp(log + reach)
    return Contrast(name, math.exp(log), error, math.inf, low, high, log / error, p, method, told)


def _finite(values: ArrayLike, name: str) -> FloatArray:
    try:
        made = np.asarray(values, dtype=float).ravel()
    except (TypeError, ValueError):
        raise fault(name, "holds text", "write grades as numbers, in their order") from None
    made = made[np.isfinite(made)]
    if len(made) < 2:
        raise fault(name, f"has {len(made)} values", "at least two are needed")
    return made


def _newton(level: np.ndarray, x: FloatArray, n_grades: int) -> tuple[FloatArray, FloatArray, float]:
    """Thresholds and coefficients, their observed information, and the log likelihood."""
    k, n = n_grades - 1, len(level)
    below = np.cumsum(np.bincount(level, minlength=n_grades))[:-1] / n
    theta = np.concatenate([np.log(below / (1.0 - below)), np.zeros(x.shape[1])])
    upper, lower = np.zeros((n, len(theta))), np.zeros((n, len(theta)))
    has_upper, has_lower = level < k, level > 0
    upper[has_upper, level[has_upper]] = 1.0
    lower[has_lower, level[has_lower] - 1] = 1.0
    upper[has_upper, k:], lower[has_lower, k:] = -x[has_upper], -x[has_lower]
    here = _likelihood(theta, upper, lower, has_upper, has_lower)
    assert here is not None
    decrement = math.inf
    for _ in range(MOST_STEPS):
        value, gradient, information = here
        step = np.linalg.solve(information, gradient)
        decrement, size = float(gradient @ step), 1.0
        while size > 1e-8:
            following = _likelihood(theta + size * step, upper, lower, has_upper, has_lower)
            if following is not None and following[0] >= value - 1e-12 * abs(value):
                theta, here = theta + size * step, following
                break
            size /= 2.0
        if np.abs(theta[k:]).max(initial=0.0) > FAR:
            column = int(np.argmax(np.abs(theta[k:])))
            raise fault(f"x[{column}]", "separates the grades, so that its odds ratio is infinite", "take a rank test")
        if decrement < 1e-12 or size <= 1e-8:
            break
    if decrement > 1e-6:
        raise fault("grade", "gives a likelihood that does not converge", "merge grades that few patients have")
    return theta, here[2], here[0]


def _likelihood(
    theta: FloatArray, upper: FloatArray, lower: FloatArray, has_upper: np.ndarray, has_lower: np.ndarray
) -> tuple[float, FloatArray, FloatArray] | None:
    """Log likelihood, gradient and minus the matrix of second derivatives; None where thresholds are out of order."""
    from scipy.special import expit

    high, low = expit(upper @ theta), expit(lower @ theta)
    p = np.where(has_upper, high, 1.0) - np.where(has_lower, low, 0.0)
    if (p <= 0.0).any():
        return None
    at_high, at_low = np.where(has_upper, high * (1.0 - high), 0.0), np.where(has_lower, low * (1.0 - low), 0.0)
    slope = (at_high[:, None] * upper - at_low[:, None] * lower) / p[:, None]
    bend_high, bend_low = at_high * (1.0 - 2.0 * high) / p, at_low * (1.0 - 2.0 * low) / p
    second = upper.T @ (bend_high[:, None] * upper) - lower.T @ (bend_low[:, None] * lower)
    return float(np.log(p).sum()), slope.sum(axis=0), slope.T @ slope - second
