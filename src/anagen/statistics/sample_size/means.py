"""Patients for a comparison of means by the t test: exact, by the noncentral t distribution.

The SD of the estimate is s sqrt(1/n1 + 1/n2) between arms (n1 + n2 - 2 degrees of freedom) and s / sqrt(n) within
patients, with n - 1 (pairs) or n - 2 (crossover of two periods). Adjusting for a baseline that correlates with the
outcome
by r multiplies the variance by 1 - r**2.

References
----------
.. [1] Cohen 1988, Statistical Power Analysis for the Behavioral Sciences.
.. [2] Borm, Fransen & Lemmens 2007, doi:10.1016/j.jclinepi.2007.02.006 (ANCOVA).
.. [3] Phillips 1990, doi:10.1007/BF01063556 (power of two one-sided tests).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.quadrature import legendre
from anagen.statistics.sample_size.sizes import Size, Test, check_common, split

Layout = Literal["parallel", "paired", "crossover"]
MOST_PATIENTS = 1e9
LARGEST_DF = 1e7
"""Above it the t distribution is taken as normal; the difference is below 1e-8."""
NODES = 120


@dataclass(frozen=True, slots=True)
class MeansPlan:
    """A comparison of two means that is planned.

    Attributes
    ----------
    difference : float
        True difference, treatment less control; benefit is positive.
    sd : float
        SD of the outcome within an arm. Within patients: SD of their differences, or of one side where `correlation`
        is given.
    alpha : float
        Type I error; every one-sided test is at alpha / sides.
    sides : int
        1 or 2.
    allocation : float
        Patients of the first arm for each of the second.
    layout : {"parallel", "paired", "crossover"}
        Two arms; two sides or times of every patient; two periods in two orders.
    test : {"superiority", "non_inferiority", "equivalence"}
        What is to be shown.
    margin : float
        Of non-inferiority or equivalence, above 0; 0 for superiority.
    correlation : float or None
        Of baseline and outcome in parallel arms, of the two values of a patient otherwise.
    """

    difference: float
    sd: float
    alpha: float = 0.05
    sides: int = 2
    allocation: float = 1.0
    layout: Layout = "parallel"
    test: Test = "superiority"
    margin: float = 0.0
    correlation: float | None = None

    def __post_init__(self) -> None:
        """Refuses numbers that cannot be."""
        real("difference", self.difference, -1e12, 1e12)
        real("sd", self.sd, 1e-12, 1e12)
        check_common(self.alpha, self.sides, self.allocation, self.test, self.margin)
        if self.layout not in ("parallel", "paired", "crossover"):
            names = ("parallel", "paired", "crossover")
            raise InputError([Problem(None, None, None, "layout", f"unknown layout {self.layout!r}", names)])
        if self.correlation is not None:
            real("correlation", self.correlation, -0.999, 0.999)

    @property
    def spread(self) -> float:
        """SD that the test works with, after baseline or within patients."""
        if self.correlation is None:
            return self.sd
        if self.layout == "parallel":
            return self.sd * float(np.sqrt(1.0 - self.correlation**2))
        return self.sd * float(np.sqrt(2.0 * (1.0 - self.correlation)))

    def with_sd(self, sd: float) -> MeansPlan:
        """The plan with another SD.

        Parameters
        ----------
        sd : float
            In place of the one there is.

        Returns
        -------
        MeansPlan
            Otherwise the same.
        """
        return replace(self, sd=sd)

    def se_and_df(self, size: Size) -> tuple[float, float]:
        """Standard error and degrees of freedom with so many patients.

        Parameters
        ----------
        size : Size
            Need not be whole numbers.

        Returns
        -------
        float
            Standard error of the estimated difference.
        float
            Degrees of freedom.
        """
        if self.layout == "parallel":
            return self.spread * float(np.sqrt(1.0 / size.first + 1.0 / size.second)), size.total - 2.0
        return self.spread / float(np.sqrt(size.total)), size.total - (1.0 if self.layout == "paired" else 2.0)

    def size(self, total: float) -> Size:
        """So many patients divided between the arms.

        Parameters
        ----------
        total : float
            Patients in all.

        Returns
        -------
        Size
            Not rounded.
        """
        return split(total, self.allocation if self.layout == "parallel" else None)

    @property
    def fewest(self) -> float:
        """Patients in all below which there is no test: two in each arm, two pairs, or two in each order."""
        return {"parallel": 2.0 * (1.0 + max(self.allocation, 1.0 / self.allocation)), "paired": 2.0}.get(
            self.layout, 4.0
        )


def power_of(plan: MeansPlan, size: Size) -> float:
    """Power of the t test.

    Two-sided superiority counts both sides, as R's pwr does.

    Parameters
    ----------
    plan : MeansPlan
        What is compared.
    size : Size
        Patients who are measured.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> plan = MeansPlan(difference=10.0, sd=20.0)
    >>> round(power_of(plan, plan.size(80)), 5)
    0.59815
    """
    return float(powers_at(plan, size, np.array([plan.difference]))[0])


def powers_at(plan: MeansPlan, size: Size, differences: FloatArray) -> FloatArray:
    """Power of the t test under several true differences.

    Parameters
    ----------
    plan : MeansPlan
        Its own difference is left out.
    size : Size
        Patients who are measured.
    differences : FloatArray, shape (differences,)
        True differences.

    Returns
    -------
    FloatArray, shape (differences,)
        0 to 1; 0 where there are too few patients for a test.
    """
    se, df = plan.se_and_df(size)
    if df <= 0.0:
        return np.zeros(len(differences))
    level = plan.alpha / plan.sides
    if plan.test == "equivalence":
        return np.array([_equivalence(float(each) / se, plan.margin / se, df, level) for each in differences])
    ncp = (differences + plan.margin) / se
    power = _upper(ncp, df, level)
    return power + _upper(-ncp, df, level) if plan.sides == 2 and plan.test == "superiority" else power


def patients_for(plan: MeansPlan, power: float) -> Size:
    """Patients that give a power; not rounded.

    Parameters
    ----------
    plan : MeansPlan
        What is compared.
    power : float
        Above the type I error and below 1.

    Returns
    -------
    Size
        At least two patients in each arm.

    Raises
    ------
    InputError
        Where no number of patients gives that power.

    Examples
    --------
    >>> round(patients_for(MeansPlan(difference=10.0, sd=20.0), 0.8).first, 4)
    63.7656
    """
    from scipy.optimize import brentq

    wanted = real("power", power, 0.001, 0.9999)
    _check_reachable(plan)

    def excess(log_total: float) -> float:
        return power_of(plan, plan.size(float(np.exp(log_total)))) - wanted

    low, high = float(np.log(plan.fewest)), float(np.log(MOST_PATIENTS))
    if excess(low) >= 0.0:
        return plan.size(plan.fewest)
    if excess(high) < 0.0:
        message = f"needs more than {MOST_PATIENTS:g} patients; take a larger difference or margin, or a smaller SD"
        raise InputError([Problem(None, None, None, "difference", message)])
    return plan.size(float(np.exp(brentq(excess, low, high, xtol=1e-13, rtol=1e-14))))


def detectable(plan: MeansPlan, size: Size, power: float) -> float:
    """Smallest difference that so many patients show with a power; the smallest margin for the two other tests.

    Parameters
    ----------
    plan : MeansPlan
        Its difference is left out for superiority, its margin for the other tests.
    size : Size
        Patients who are measured.
    power : float
        Wanted.

    Returns
    -------
    float
        Above 0.

    Raises
    ------
    InputError
        Where there are too few patients for a test.

    Examples
    --------
    >>> plan = MeansPlan(difference=1.0, sd=20.0)
    >>> round(detectable(plan, plan.size(2 * 63.76561), 0.8), 4)
    10.0
    """
    from scipy.optimize import brentq

    wanted = real("power", power, 0.001, 0.9999)
    se, df = plan.se_and_df(size)
    if df <= 0.0:
        raise InputError([Problem(None, None, None, "patients", f"must be at least {plan.fewest:g} in all")])
    field = "difference" if plan.test == "superiority" else "margin"

    def excess(value: float) -> float:
        return power_of(replace(plan, **{field: value}), size) - wanted

    least, most = se * 1e-9, abs(plan.difference) + se
    while excess(most) < 0.0:
        most *= 2.0
    return float(brentq(excess, least, most, xtol=se * 1e-10)) if excess(least) < 0.0 else least


def _check_reachable(plan: MeansPlan) -> None:
    problem: str | None = None
    if plan.test == "superiority" and plan.difference == 0.0:
        problem = "is 0, which no trial can show; give the difference that is to be shown"
    elif plan.test == "superiority" and plan.sides == 1 and plan.difference < 0.0:
        problem = f"is {plan.difference:g}, on the wrong side of a one-sided test; benefit is positive"
    elif plan.test == "non_inferiority" and plan.difference <= -plan.margin:
        problem = f"is {plan.difference:g}, at or beyond the margin {-plan.margin:g}; take a larger margin"
    elif plan.test == "equivalence" and abs(plan.difference) >= plan.margin:
        problem = f"is {plan.difference:g}, not within the margins of {plan.margin:g} either way; take a larger margin"
    if problem is not None:
        raise InputError([Problem(None, None, None, "difference", problem)])


def _upper(ncp: FloatArray, df: float, level: float) -> FloatArray:
    """Chance that a noncentral t lies above the critical value of a level."""
    from scipy.special import nctdtr, ndtr, ndtri, stdtrit

    if df > LARGEST_DF:
        return np.asarray(ndtr(ncp + ndtri(level)))
    critical = -stdtrit(df, level)
    # SciPy has no number where the noncentrality is extreme; the power is then 0 or 1 to many places
    normal = ndtr((ncp - critical * (1.0 - 0.25 / df)) / np.sqrt(1.0 + 0.5 * critical**2 / df))
    below = nctdtr(df, ncp, critical)
    return np.where(np.isnan(below), normal, 1.0 - below)


def _equivalence(shift: float, margin: float, df: float, level: float) -> float:
    """Power of two one-sided t tests: the mean over the estimated SD of the chance that both are met."""
    from scipy.special import chdtri, gammaln, ndtr, stdtrit

    critical = -float(stdtrit(min(df, LARGEST_DF), level))
    if df > LARGEST_DF:
        return max(float(ndtr(margin - shift - critical) - ndtr(critical - margin - shift)), 0.0)
    low, high = (float(np.sqrt(chdtri(df, tail) / df)) for tail in (1.0 - 1e-14, 1e-14))
    high = min(high, margin / critical)
    if high <= low:
        return 0.0
    nodes, weights = legendre(NODES)
    s = 0.5 * (high - low) * nodes + 0.5 * (high + low)
    half = 0.5 * df
    density = np.exp(np.log(2.0) + half * np.log(half) - gammaln(half) + (df - 1.0) * np.log(s) - half * s * s)
    inside = ndtr(margin - shift - critical * s) - ndtr(critical * s - margin - shift)
    return float(0.5 * (high - low) * (weights @ (density * inside)))
