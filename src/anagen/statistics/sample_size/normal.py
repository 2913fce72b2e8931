"""Patients by the normal formula: N = ((z_a s0 + z_b s1) / effect)**2, with s / sqrt(N) the standard error of N
patients.

Shares, rates and ordered scores all come down to it, with an SD under the null hypothesis and one under the
alternative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.sample_size.sizes import Size, split


@dataclass(frozen=True, slots=True)
class NormalPlan:
    """A test of an effect whose estimate is nearly normal.

    Attributes
    ----------
    effect : float
        Distance of the true effect from the border of the null hypothesis, in the direction that is to be shown.
    null_sd : float
        SD of the estimate times sqrt(N), N patients in all, under the null hypothesis.
    sd : float
        The same under the alternative.
    alpha : float
        Type I error; every one-sided test is at alpha / sides.
    sides : int
        1 or 2.
    allocation : float
        Patients of the first arm for each of the second.
    other : float or None
        Equivalence: distance from the other border; None for one border.
    """

    effect: float
    null_sd: float
    sd: float
    alpha: float = 0.05
    sides: int = 2
    allocation: float = 1.0
    other: float | None = None


def power_of(plan: NormalPlan, size: Size) -> float:
    """Power with so many patients, in the direction that is to be shown.

    Parameters
    ----------
    plan : NormalPlan
        What is tested.
    size : Size
        Patients who are measured.

    Returns
    -------
    float
        0 to 1. Sizes that are not in the planned ratio are taken by their total.
    """
    from scipy.special import ndtr, ndtri

    z, root = -float(ndtri(plan.alpha / plan.sides)), np.sqrt(size.total)
    reached = float(ndtr((root * plan.effect - z * plan.null_sd) / plan.sd))
    if plan.other is None:
        return reached
    return max(reached + float(ndtr((root * plan.other - z * plan.null_sd) / plan.sd)) - 1.0, 0.0)


def patients_for(plan: NormalPlan, power: float) -> Size:
    """Patients that give a power; not rounded.

    Parameters
    ----------
    plan : NormalPlan
        What is tested.
    power : float
        Wanted.

    Returns
    -------
    Size
        In all and per arm.

    Raises
    ------
    InputError
        Where the effect is on the wrong side of the border.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtri

    wanted = real("power", power, 0.001, 0.9999)
    nearer = plan.effect if plan.other is None else min(plan.effect, plan.other)
    if nearer <= 0.0:
        message = "lies on or beyond the border of what is to be shown; no number of patients is enough"
        raise InputError([Problem(None, None, None, "effect", message)])
    z = -float(ndtri(plan.alpha / plan.sides))
    total = (max(z * plan.null_sd + float(ndtri(wanted)) * plan.sd, 0.0) / nearer) ** 2
    if plan.other is not None:
        most = ((z * plan.null_sd + float(ndtri(0.5 + 0.5 * wanted)) * plan.sd) / nearer) ** 2
        gap = lambda n: power_of(plan, split(n, plan.allocation)) - wanted  # noqa: E731
        total = most if gap(most) <= 0 else float(brentq(gap, total * 0.5, most, xtol=1e-10))
    return split(total, plan.allocation)
