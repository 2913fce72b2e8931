"""Stopping a trial that will hardly succeed: boundaries that spend the type II error, or that are set.

A binding boundary lowers the efficacy boundaries, and the type I error holds only where it is kept. A non-binding one
leaves them as they are.

References
----------
.. [1] Pampallona, Tsiatis & Kim 2001, doi:10.1177/009286150103500408.
.. [2] DeMets & Ware 1982, doi:10.1093/biomet/69.3.661.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.sequential.boundaries import design
from anagen.statistics.sequential.design import MOST_DRIFT, SequentialDesign, checked_times
from anagen.statistics.sequential.integration import Carried, start
from anagen.statistics.sequential.spending import spent

NONE = float("inf")
FINEST = 1e-300


def beta_spending(
    efficacy: SequentialDesign, spending: str = "obrien_fleming", power: float = 0.8, gamma: float = -4.0
) -> SequentialDesign:
    """Non-binding futility boundaries that spend the type II error.

    At the drift with the wanted power, the chance of stopping as futile by each look is what the spending function
    gives; the drift is the one at which the last boundary meets that for efficacy.

    Parameters
    ----------
    efficacy : SequentialDesign
        One-sided, whose boundaries are kept.
    spending : str
        One of `spending.SPENDING`.
    power : float
        1 less the type II error.
    gamma : float
        See `spending.spent`.

    Returns
    -------
    SequentialDesign
        With futility.

    Raises
    ------
    InputError
        Where the test is two-sided, or no such boundaries exist.

    Examples
    --------
    >>> from anagen.statistics.sequential.boundaries import spending_design
    >>> looks = beta_spending(spending_design([0.5, 1.0]))
    >>> round(looks.futility[0], 4), round(looks.power(looks.drift_for(0.8)), 6)
    (0.5594, 0.8)
    """
    _one_sided(efficacy.sides)
    beta = _parts(efficacy.times, spending, power, gamma)

    def lower(drift: float) -> list[float]:
        return _lower(efficacy.times, efficacy.efficacy, beta, drift)

    drift = _drift(lambda drift: _gap(lower(drift), efficacy.efficacy))
    return _with(efficacy, lower(drift), binding=False)


def binding_design(
    times: int | Sequence[float],
    spending: str = "obrien_fleming",
    futility: str = "obrien_fleming",
    alpha: float = 0.025,
    power: float = 0.8,
    gamma: float = -4.0,
) -> SequentialDesign:
    """Efficacy and binding futility boundaries together, both by spending functions; one-sided.

    Parameters
    ----------
    times : int or Sequence of float
        Number of equally spaced looks, or their information fractions.
    spending : str
        How the type I error is spent.
    futility : str
        How the type II error is spent.
    alpha : float
        Type I error, one-sided.
    power : float
        1 less the type II error.
    gamma : float
        See `spending.spent`; for both.

    Returns
    -------
    SequentialDesign
        With binding futility.

    Raises
    ------
    InputError
        Where no such boundaries exist.
    """
    looks = checked_times(times)
    real("alpha", alpha, 1e-6, 0.5)
    alphas = np.diff(spent(spending, looks, alpha, gamma), prepend=0.0)
    betas = _parts(looks, futility, power, gamma)

    def both(drift: float) -> tuple[list[float], list[float]]:
        null, alternative = start(), start()
        upper: list[float] = []
        lower: list[float] = []
        for look, time in enumerate(looks):
            upper.append(_quantile(null, float(alphas[look]), time, 0.0, upper=True))
            lower.append(_quantile(alternative, float(betas[look]), time, drift, upper=False))
            if lower[-1] >= upper[-1] or look + 1 == len(looks):
                break
            null = null.go_on(lower[-1], upper[-1], time, looks[look + 1], 0.0)
            alternative = alternative.go_on(lower[-1], upper[-1], time, looks[look + 1], drift)
        return upper, lower

    def gap(drift: float) -> float:
        upper, lower = both(drift)
        return _gap(lower if len(lower) == len(looks) else [*lower, NONE], [*upper, 0.0])

    upper, lower = both(_drift(gap))
    name = f"{spending} spending, binding futility"
    return _with(design(looks, alpha, 1, upper, name), lower, binding=True)


def fixed_futility(efficacy: SequentialDesign, z: Sequence[float]) -> SequentialDesign:
    """Non-binding futility boundaries that are set by hand.

    Parameters
    ----------
    efficacy : SequentialDesign
        One-sided.
    z : Sequence of float
        One boundary for each interim look.

    Returns
    -------
    SequentialDesign
        With futility.

    Raises
    ------
    InputError
        Where there are too few or many, or one is not below that for efficacy.
    """
    _one_sided(efficacy.sides)
    interim = efficacy.efficacy[:-1]
    if len(z) != len(interim) or any(low >= high for low, high in zip(z, interim, strict=False)):
        message = f"must be {len(interim)} numbers, each below the efficacy boundary of its look"
        raise InputError([Problem(None, None, None, "futility", message)])
    return _with(efficacy, [*z, efficacy.efficacy[-1]], binding=False)


def _parts(looks: Sequence[float], spending: str, power: float, gamma: float) -> np.ndarray:
    beta = 1.0 - real("power", power, 0.01, 0.9999)
    return np.diff(spent(spending, looks, beta, gamma), prepend=0.0)


def _lower(looks: Sequence[float], upper: Sequence[float], beta: np.ndarray, drift: float) -> list[float]:
    """Futility boundaries at one drift; cut short with infinity where they reach those for efficacy."""
    carried, found = start(), []
    for look, time in enumerate(looks):
        found.append(_quantile(carried, float(beta[look]), time, drift, upper=False))
        if look + 1 == len(looks):
            break
        if found[-1] >= upper[look]:
            return [*found, NONE]
        carried = carried.go_on(found[-1], upper[look], time, looks[look + 1], drift)
    return found


def _quantile(carried: Carried, part: float, time: float, drift: float, *, upper: bool) -> float:
    """Boundary beyond which a part of all trials comes to lie."""
    from scipy.optimize import brentq

    if part < FINEST:
        return NONE if upper else -NONE
    if part >= carried.masses.sum():
        return -NONE if upper else NONE
    beyond = carried.chance_above if upper else carried.chance_below
    centre = drift * np.sqrt(time)
    return float(brentq(lambda z: beyond(z, time, drift) - part, centre - 38.0, centre + 38.0, xtol=1e-12, rtol=1e-14))


def _gap(lower: Sequence[float], upper: Sequence[float]) -> float:
    """How far the last futility boundary lies above that for efficacy; rises with the drift."""
    return 1e3 if np.isinf(lower[-1]) and lower[-1] > 0 else float(max(lower[-1] - upper[len(lower) - 1], -1e3))


def _drift(gap: Callable[[float], float]) -> float:
    from scipy.optimize import brentq

    drift = float(brentq(gap, 0.0, MOST_DRIFT, xtol=1e-11))
    if abs(gap(drift)) > 1e-5:
        message = "no futility boundaries exist for this power and these looks; take fewer looks or another spending"
        raise InputError([Problem(None, None, None, "futility", message)])
    return drift


def _with(efficacy: SequentialDesign, lower: Sequence[float], *, binding: bool) -> SequentialDesign:
    bounds = (*map(float, lower[:-1]), efficacy.efficacy[-1])
    return replace(efficacy, futility=bounds, binding=binding)


def _one_sided(sides: int) -> None:
    if sides != 1:
        message = "futility boundaries are for a one-sided test; take one side and half of alpha"
        raise InputError([Problem(None, None, None, "sides", message)])
