"""Analysis of crossover trials with two periods: differences within patients, adjusted for the period.

With d the first period's outcome less the second's of each patient, and means of d over those who began with the arm
and with its control, the effect is half of their difference, with the pooled variance and n - 2 degrees of freedom
(`anagen.statistics.crossover.within_patients`, here of many trials at once). A patient without one of the two is left
out.
"""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray
from anagen.statistics.estimates import Estimates
from anagen.statistics.two_arms import TOO_FEW

WITHIN_PATIENTS = "crossover, differences within patients adjusted for the period, complete cases"


def crossover_many(arm: FloatArray, control: FloatArray, arm_first: BoolArray, *, alpha: float) -> Estimates:
    """Effect of an arm over its control in crossover trials.

    Parameters
    ----------
    arm : FloatArray, shape (n_trials, n_patients)
        Outcome of each patient in the period with the arm, or 1 for a response and 0 for none; NaN without one.
    control : FloatArray, shape (n_trials, n_patients)
        The same of the period with the control.
    arm_first : BoolArray, shape (n_trials, n_patients)
        Who began with the arm.
    alpha : float
        Two-sided error.

    Returns
    -------
    Estimates
        One number a trial; missing where fewer than two patients of a sequence have both outcomes.

    References
    ----------
    .. [1] Senn 2002, Cross-over Trials in Clinical Research; doi:10.1002/0470854596.

    Examples
    --------
    >>> arm, control = np.array([[8.0, 9, 6, 7, 8, 6]]), np.array([[3.0, 5, 2, 4, 3, 1]])
    >>> first = np.array([[True, True, True, False, False, False]])
    >>> float(crossover_many(arm, control, first, alpha=0.05).estimate[0].round(3))
    4.333
    """
    from scipy.special import stdtr, stdtrit

    # d is the arm less its control in those who began with the arm, and the negative of that in the others
    away = arm - control
    whole = np.isfinite(away)
    means: list[FloatArray] = []
    numbers: list[FloatArray] = []
    squares = np.zeros(len(arm))
    for who in (whole & arm_first, whole & ~arm_first):
        n = who.sum(axis=1).astype(np.float64)
        mean = np.where(who, away, 0.0).sum(axis=1) / np.maximum(n, 1.0)
        squares += np.where(who, (away - mean[:, None]) ** 2, 0.0).sum(axis=1)
        means.append(mean)
        numbers.append(n)
    both = whole.sum(axis=1, dtype=np.int64)
    enough = np.minimum(*numbers) >= 2.0
    df = np.maximum(both - 2.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = 0.5 * np.sqrt(squares / df * (1.0 / numbers[0] + 1.0 / numbers[1]))
        estimate = 0.5 * (means[0] + means[1])
        p = 2.0 * stdtr(df, -np.abs(estimate / error))
    half = -stdtrit(df, alpha / 2.0) * error
    method = np.where(enough, WITHIN_PATIENTS, f"{WITHIN_PATIENTS}; not estimable: {TOO_FEW}")

    def told(numbers: FloatArray) -> FloatArray:
        return np.where(enough, numbers, np.nan)

    return Estimates(
        told(estimate),
        told(error),
        told(estimate - half),
        told(estimate + half),
        told(p),
        both,
        both,
        told(df),
        method,
    )
