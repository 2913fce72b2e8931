"""Patients for a comparison of two shares, such as of responders.

The null hypothesis has the SD of the pooled share (superiority), or of the shares that are most likely where their
difference is the margin (Farrington & Manning); the alternative has that of the shares themselves. No continuity
correction.

References
----------
.. [1] Fleiss, Levin & Paik 2003, doi:10.1002/0471445428, chapter 4.
.. [2] Farrington & Manning 1990, doi:10.1002/sim.4780091208.
"""

from __future__ import annotations

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.sample_size.normal import NormalPlan, power_of
from anagen.statistics.sample_size.sizes import Size, Test, check_common

EDGE = 1e-9


def shares_plan(
    first: float,
    second: float,
    alpha: float = 0.05,
    sides: int = 2,
    allocation: float = 1.0,
    test: Test = "superiority",
    margin: float = 0.0,
) -> NormalPlan:
    """A comparison of two shares as a normal test.

    Parameters
    ----------
    first : float
        True share under treatment, 0 to 1.
    second : float
        True share under control.
    alpha : float
        Type I error.
    sides : int
        1 or 2.
    allocation : float
        Patients of the first arm for each of the second.
    test : {"superiority", "non_inferiority", "equivalence"}
        What is to be shown; a larger share is better.
    margin : float
        Of non-inferiority or equivalence, above 0.

    Returns
    -------
    NormalPlan
        For `normal.patients_for` and `normal.power_of`.

    Examples
    --------
    >>> from anagen.statistics.sample_size.normal import patients_for
    >>> round(patients_for(shares_plan(0.6, 0.4), 0.8).total, 4)
    193.8473
    """
    one, two = real("first", first, 0.0, 1.0), real("second", second, 0.0, 1.0)
    check_common(alpha, sides, allocation, test, margin)
    share = allocation / (1.0 + allocation)
    gap = one - two
    sd = _sd(one, two, share)
    if test == "superiority":
        pooled = share * one + (1.0 - share) * two
        null = _sd(pooled, pooled, share)
        return _checked(NormalPlan(abs(gap) if sides == 2 else gap, null, sd, alpha, sides, allocation))
    if test == "non_inferiority":
        null = _sd(*restricted(one, two, share, -margin), share)
        return _checked(NormalPlan(gap + margin, null, sd, alpha, sides, allocation))
    return _checked(NormalPlan(margin + gap, sd, sd, alpha, sides, allocation, margin - gap))


def detectable_share(
    size: Size,
    power: float,
    second: float,
    alpha: float = 0.05,
    sides: int = 2,
    allocation: float = 1.0,
    test: Test = "superiority",
    margin: float = 0.0,
) -> float:
    """Smallest share under treatment that so many patients show with a power.

    Parameters
    ----------
    size : Size
        Patients who are measured.
    power : float
        Wanted.
    second : float
        Share under control.
    alpha : float
        Type I error.
    sides : int
        1 or 2.
    allocation : float
        Patients of the first arm for each of the second.
    test : {"superiority", "non_inferiority", "equivalence"}
        What is to be shown.
    margin : float
        Of non-inferiority or equivalence.

    Returns
    -------
    float
        Not a number where no share has that power.

    Examples
    --------
    >>> round(detectable_share(Size(193.84729, 96.923645, 96.923645), 0.8, 0.4), 4)
    0.6
    """
    from scipy.optimize import brentq

    def excess(first: float) -> float:
        return power_of(shares_plan(first, second, alpha, sides, allocation, test, margin), size) - power

    low = max(second - (0.0 if test == "superiority" else margin), 0.0) + EDGE
    high = (1.0 if test != "equivalence" else second) - EDGE
    if not low < high or excess(low) >= 0.0 or excess(high) < 0.0:
        return float("nan")
    return float(brentq(excess, low, high, xtol=1e-12))


def restricted(first: float, second: float, share: float, gap: float) -> tuple[float, float]:
    """Shares that are most likely where their difference is fixed.

    Parameters
    ----------
    first : float
        Share in the first arm.
    second : float
        Share in the second.
    share : float
        Part of all patients who are in the first arm.
    gap : float
        Difference that is fixed, first less second.

    Returns
    -------
    float
        First share.
    float
        Second share; the first is it plus the gap.

    Raises
    ------
    InputError
        Where no two shares differ by so much.

    Examples
    --------
    >>> restricted(0.6, 0.6, 0.5, 0.0)
    (0.6, 0.6)
    """
    from scipy.optimize import brentq

    low, high = max(0.0, -gap) + EDGE, min(1.0, 1.0 - gap) - EDGE
    if not low < high:
        raise InputError([Problem(None, None, None, "margin", f"must be below 1 for shares, got {abs(gap):g}")])

    def score(two: float) -> float:
        one = two + gap
        return share * (first - one) / (one * (1.0 - one)) + (1.0 - share) * (second - two) / (two * (1.0 - two))

    # the likelihood is concave: its slope falls from above 0 to below, or the best share is at an end
    if score(low) <= 0.0:
        two = low
    elif score(high) >= 0.0:
        two = high
    else:
        two = float(brentq(score, low, high, xtol=1e-14))
    return round(two + gap, 12), round(two, 12)


def _sd(one: float, two: float, share: float) -> float:
    return float(np.sqrt(one * (1.0 - one) / share + two * (1.0 - two) / (1.0 - share)))


def _checked(plan: NormalPlan) -> NormalPlan:
    problem = None
    if plan.sd <= 0.0:
        problem = "must not both be 0 or 1"
    elif plan.effect <= 0.0 or (plan.other is not None and plan.other <= 0.0):
        problem = "lie on or beyond the border of what is to be shown; take shares further apart or a larger margin"
    if problem is not None:
        raise InputError([Problem(None, None, None, "shares", problem)])
    return plan
