"""Sample size planned anew at an interim look: from the pooled SD, blinded, or from the effect seen, unblinded.

References
----------
.. [1] Kieser & Friede 2003, doi:10.1002/sim.1585 (blinded, one-sample variance).
.. [2] Gould & Shih 1992, doi:10.1080/03610929208830946.
.. [3] Mehta & Pocock 2011, doi:10.1002/sim.4102 (promising zone).
.. [4] Lehmacher & Wassmer 1999, doi:10.1111/j.0006-341X.1999.01286.x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.sample_size.means import MeansPlan, patients_for
from anagen.statistics.sequential.combination import conditional_error


@dataclass(frozen=True, slots=True)
class NewSize:
    """Sample size after an interim look.

    Attributes
    ----------
    exact : float
        Patients in all that the formula asks for, before bounds.
    total : int
        Patients in all, rounded up and within the bounds.
    sd : float
        SD that it rests on.
    bounded : str
        "" where no bound was met, else "least" or "most".
    """

    exact: float
    total: int
    sd: float
    bounded: str


def blinded(
    plan: MeansPlan, power: float, pooled_sd: float, *, least: int, most: int, adjusted: bool = False
) -> NewSize:
    """Sample size from the SD of all patients together, without knowing who had what.

    Parameters
    ----------
    plan : MeansPlan
        What was planned, with the difference that was planned on.
    power : float
        Wanted.
    pooled_sd : float
        SD over all patients seen so far, as one sample.
    least : int
        Patients in all, at least; usually those planned.
    most : int
        Patients in all, at most.
    adjusted : bool
        Take off what the planned difference adds to the pooled variance, w (1 - w) difference**2 with w the share of
        one arm. Without it, the usual advice, the size is a little too large.

    Returns
    -------
    NewSize
        Within the bounds.

    Raises
    ------
    InputError
        Where the bounds are the wrong way round or the adjusted variance is not above 0.

    Examples
    --------
    >>> plan = MeansPlan(difference=10.0, sd=20.0)
    >>> blinded(plan, 0.8, 25.0, least=128, most=400).total
    199
    """
    share = plan.allocation / (1.0 + plan.allocation)
    variance = real("pooled_sd", pooled_sd, 1e-12, 1e12) ** 2
    if adjusted:
        variance -= share * (1.0 - share) * plan.difference**2
    if variance <= 0.0:
        message = f"is smaller than the planned difference of {plan.difference:g} alone makes it; take adjusted=False"
        raise InputError([Problem(None, None, None, "pooled_sd", message)])
    sd = math.sqrt(variance)
    return _within(patients_for(plan.with_sd(sd), power).total, sd, least, most)


def unblinded(
    z: float, time: float, critical: float, first: float, effect: float, power: float, *, most: float
) -> float:
    """Patients of a second stage that give a conditional power, with the stages combined by the inverse normal.

    The second stage has to reach the conditional error A of the first; with n2 patients in place of the planned
    n1 (1 - t) / t its expected z is effect sqrt(n2 / n1) where n1 patients have an expected z of `effect`.

    Parameters
    ----------
    z : float
        Statistic of the first stage.
    time : float
        Planned information fraction of the first stage; its weight whatever the second stage becomes.
    critical : float
        Critical value of the combined statistic.
    first : float
        Patients of the first stage.
    effect : float
        Expected z of that many patients under the effect that is assumed from now on; `z` itself for the current trend.
    power : float
        Conditional power wanted.
    most : float
        Patients of the second stage, at most.

    Returns
    -------
    float
        Patients of the second stage; `most` where more would be needed, or where the effect points the wrong way.

    Examples
    --------
    >>> round(unblinded(1.5, 0.5, 1.96, 64.0, 1.5, 0.8, most=500.0), 1)
    127.1
    """
    from scipy.special import ndtri

    if effect <= 0.0:
        return most
    needed = -float(ndtri(conditional_error(z, real("time", time, 1e-6, 1.0 - 1e-6), critical)))
    root = max(needed + float(ndtri(real("power", power, 1e-6, 1.0 - 1e-6))), 0.0) / effect
    return min(first * root * root, most)


def promising(z: float, time: float, critical: float, power: float, planned: float, most: float) -> tuple[str, float]:
    """Zone of an interim result, by conditional power under the trend, and the second stage that it calls for.

    Parameters
    ----------
    z : float
        Statistic of the first stage.
    time : float
        Its information fraction.
    critical : float
        Critical value of the combined statistic.
    power : float
        Conditional power at which the plan is kept, such as 0.8.
    planned : float
        Patients in all, as planned.
    most : float
        Patients in all, at most.

    Returns
    -------
    str
        "unfavourable", where even the most patients do not reach the power, "promising" or "favourable".
    float
        Patients of the second stage: more than planned where promising.
    """
    first = time * planned
    rest = planned - first
    wanted = unblinded(z, time, critical, first, z, power, most=np.inf)
    if wanted <= rest:
        return "favourable", rest
    return ("promising", wanted) if wanted <= most - first else ("unfavourable", rest)


def _within(exact: float, sd: float, least: int, most: int) -> NewSize:
    if least > most:
        raise InputError([Problem(None, None, None, "least", f"must be at most {most}, got {least}")])
    total = math.ceil(exact - 1e-9)
    bounded = "least" if total < least else "most" if total > most else ""
    return NewSize(exact, min(max(total, least), most), sd, bounded)
