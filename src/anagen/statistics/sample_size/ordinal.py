"""Patients for an ordered score, such as a seven-point global assessment, by proportional odds or ranks.

N = 3 (A + 1)**2 (z_a + z_b)**2 / (A log(OR)**2 (1 - sum p_i**3)), with allocation A : 1 and p_i the mean of both arms'
shares of category i.

References
----------
.. [1] Whitehead 1993, doi:10.1002/sim.4780122404.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.sample_size.normal import NormalPlan
from anagen.statistics.sample_size.sizes import check_common


def shifted(control: Sequence[float], odds_ratio: float) -> FloatArray:
    """Shares of categories under proportional odds.

    Parameters
    ----------
    control : Sequence of float
        Shares under control, best category first; they add up to 1.
    odds_ratio : float
        Odds of a category or a better one, over those under control.

    Returns
    -------
    FloatArray, shape (categories,)
        Shares under treatment.

    Raises
    ------
    InputError
        Where the shares do not add up to 1.

    Examples
    --------
    >>> shifted([0.5, 0.5], 3.0).tolist()
    [0.75, 0.25]
    """
    shares = np.asarray(control, dtype=np.float64)
    if len(shares) < 2 or (shares < 0.0).any() or abs(shares.sum() - 1.0) > 1e-6:
        message = f"must be two or more shares that add up to 1; they add up to {shares.sum():g}"
        raise InputError([Problem(None, None, None, "control", message)])
    ratio = real("odds_ratio", odds_ratio, 1e-6, 1e6)
    below = np.minimum(np.cumsum(shares), 1.0)
    moved = ratio * below / (1.0 + (ratio - 1.0) * below)
    return np.diff(moved, prepend=0.0)


def ordinal_plan(
    control: Sequence[float], odds_ratio: float, alpha: float = 0.05, sides: int = 2, allocation: float = 1.0
) -> NormalPlan:
    """A comparison of two arms by an ordered score as a normal test of the log odds ratio.

    Parameters
    ----------
    control : Sequence of float
        Shares under control, best category first.
    odds_ratio : float
        True common odds ratio, not 1; above 1 where treatment is better.
    alpha : float
        Type I error.
    sides : int
        1 or 2.
    allocation : float
        Patients of the first arm for each of the second.

    Returns
    -------
    NormalPlan
        For `normal.patients_for` and `normal.power_of`.

    Raises
    ------
    InputError
        Where the odds ratio is on the wrong side.

    Examples
    --------
    >>> from anagen.statistics.sample_size.normal import patients_for
    >>> round(patients_for(ordinal_plan([0.2, 0.5, 0.2, 0.1], 2.4278), 0.9).total, 1)
    187.0
    """
    check_common(alpha, sides, allocation, "superiority", 0.0)
    mean = 0.5 * (np.asarray(control, dtype=np.float64) + shifted(control, odds_ratio))
    effect = float(np.log(odds_ratio))
    effect = abs(effect) if sides == 2 else effect
    if effect <= 0.0:
        message = f"must be {'other than' if sides == 2 else 'above'} 1, got {odds_ratio:g}"
        raise InputError([Problem(None, None, None, "odds_ratio", message)])
    sd = float(np.sqrt(3.0 * (allocation + 1.0) ** 2 / (allocation * (1.0 - np.sum(mean**3)))))
    return NormalPlan(effect, sd, sd, alpha, sides, allocation)
