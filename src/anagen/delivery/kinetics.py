"""First-order kinetics in closed form: amounts that decay exponentially after each dose."""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled


def remaining(days: FloatArray, amounts: FloatArray, grid: FloatArray, half_life: float) -> FloatArray:
    """Mean amount present between grid points, for doses that each decay with one half-life.

    A(t) = sum over doses before t of amount * exp(-k (t - day)), k = ln 2 / half-life, averaged exactly over each
    interval.

    Parameters
    ----------
    days : FloatArray
        Days of the doses, increasing [day], shape [dose].
    amounts : FloatArray
        Doses, shape [dose].
    grid : FloatArray
        Times [day], evenly spaced.
    half_life : float
        [day].

    Returns
    -------
    FloatArray
        Mean amount over [grid[i], grid[i + 1]), shape [grid]; the last value repeats the interval's length.

    Raises
    ------
    ValueError
        Where the half-life is not positive.

    Examples
    --------
    >>> left = remaining(np.array([0.0]), np.array([1.0]), np.arange(200.0), 7.0)
    >>> bool(abs(left.sum() - 7.0 / math.log(2.0)) < 1e-6)
    True
    """
    if not half_life > 0.0:
        raise ValueError(f"half-life must be positive, got {half_life}")
    k = math.log(2.0) / half_life
    step = float(grid[1] - grid[0]) if len(grid) > 1 else 1.0
    mean = np.zeros_like(grid)
    if len(days) == 0:
        return mean
    place = np.floor((days - grid[0]) / step + 1e-9).astype(np.int64)
    carried = np.zeros(len(grid) + 1)
    inside = (place >= 0) & (place < len(grid))
    # a dose inside an interval counts for what is left of it; its remainder starts the next interval
    left = step - (days[inside] - grid[place[inside]])
    np.add.at(mean, place[inside], amounts[inside] * -np.expm1(-k * left) / (k * step))
    np.add.at(carried, place[inside] + 1, amounts[inside] * np.exp(-k * left))
    add_carried(mean, carried, math.exp(-k * step), -math.expm1(-k * step) / (k * step))
    return mean


@compiled
def add_carried(mean: FloatArray, carried: FloatArray, decay: float, share: float) -> None:
    """Add to each interval's mean what earlier intervals handed on, in place; `share` is its mean while it decays.

    Parameters
    ----------
    mean : FloatArray
        Mean of each interval, added to in place [interval].
    carried : FloatArray
        Amount that enters each interval from before [interval].
    decay : float
        Factor by which the amount shrinks in an interval.
    share : float
        Mean of what is left in an interval of an amount of 1 at its beginning.
    """
    present = 0.0
    for i in range(mean.shape[0]):
        present += carried[i]
        mean[i] += present * share
        present *= decay


def dose_rate(days: FloatArray, amounts: FloatArray, grid: FloatArray, half_life: float) -> FloatArray:
    """Exposure as the dose per day that would sustain it: k * A(t), equal to the dose rate at steady state.

    Parameters
    ----------
    days : FloatArray
        Days of doses, increasing [day], shape [dose].
    amounts : FloatArray
        Doses, in any unit, shape [dose].
    grid : FloatArray
        Days at which exposure is wanted [day].
    half_life : float
        Half-life of the amount [day].

    Returns
    -------
    FloatArray
        Exposure [unit of the doses per day].
    """
    return remaining(days, amounts, grid, half_life) * (math.log(2.0) / half_life)
