"""Two grids of time: a fine one for exposure and levers, and knots on which the network is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray, IntArray

FINE_PER_DAY = 8
"""Points a day on which exposure and levers are followed."""
PAUSE = 2.0
"""Days without a dose after which the next one is followed more closely."""


def fine_days(end: float) -> FloatArray:
    """Fine grid from day 0 to day `end`.

    Parameters
    ----------
    end : float
        Day, rounded up to a whole interval.

    Returns
    -------
    FloatArray, shape (n_fine,)
        Start of each interval [day].

    Examples
    --------
    >>> fine_days(0.5).tolist()
    [0.0, 0.125, 0.25, 0.375]
    """
    return np.arange(math.ceil(end * FINE_PER_DAY)) / FINE_PER_DAY


def knots_of(courses: Sequence[FloatArray], end: float) -> FloatArray:
    """Days on which the network is read: every day, and more often for a week after each dose that follows a pause.

    Eight times a day for two days, then four times for four; from a dose on that comes within two days of the last one
    daily knots are enough, because exposure then moves slowly. No knot depends on a later dose.

    Parameters
    ----------
    courses : Sequence[FloatArray]
        Days of the doses of everything that acts, increasing.
    end : float
        Last day.

    Returns
    -------
    FloatArray, shape (n_knots,)
        Days, increasing; the last is the end.
    """
    extra = [np.arange(math.ceil(end) + 1, dtype=np.float64)]
    for course in courses:
        gaps = np.diff(course, prepend=-np.inf)
        until = np.append(course[1:], np.inf)
        for start, gap, following in zip(course, gaps, until, strict=True):
            if gap >= PAUSE:
                after = start + np.concatenate([np.arange(16) / 8.0, 2.0 + np.arange(17) / 4.0])
                extra.append(after if following - start >= PAUSE else after[after < following])
    # sessions fall on multiples of an eighth of a day at the finest, as the exposure does
    knots = np.unique(np.round(np.concatenate(extra) * FINE_PER_DAY)) / FINE_PER_DAY
    return np.append(knots[(knots >= 0.0) & (knots < end)], end)


def fine_grid(grid: FloatArray) -> tuple[FloatArray, int]:
    """Fine grid of a table's times, whatever their spacing.

    Half-lives can be shorter than a day and occupancy is not linear, so levers must not depend on the tables' spacing.

    Parameters
    ----------
    grid : FloatArray, shape (n_points,)
        Evenly spaced times of the tables [day].

    Returns
    -------
    fine : FloatArray, shape (n_points * ratio,)
        Start of each fine interval [day].
    ratio : int
        Fine intervals to one of the tables.

    Raises
    ------
    ValueError
        Where the tables' spacing is no multiple of the fine spacing.
    """
    ratio = float(grid[1] - grid[0]) * FINE_PER_DAY
    if abs(ratio - round(ratio)) > 1e-9 or round(ratio) < 1:
        raise ValueError(f"the spacing of the tables must be a multiple of 1/{FINE_PER_DAY} day")
    return np.asarray(grid[0] + np.arange(len(grid) * round(ratio)) / FINE_PER_DAY, dtype=np.float64), round(ratio)


class FinePlaces(NamedTuple):
    """Where the fine intervals of a grid lie between knots.

    Attributes
    ----------
    first : IntArray, shape (n_fine,)
        Knot before the middle of each interval.
    part : FloatArray, shape (n_fine,)
        How far it is on the way to the next knot, 0 to 1.
    before : int
        Intervals before the first knot.
    """

    first: IntArray
    part: FloatArray
    before: int


def places_of(knots: FloatArray, fine: FloatArray, *, held: bool = False) -> FinePlaces:
    """Where the middle of each fine interval lies between knots, for a response linear between them or held.

    Parameters
    ----------
    knots : FloatArray, shape (n_knots,)
        Days, increasing.
    fine : FloatArray, shape (n_fine,)
        Start of each fine interval [day].
    held : bool, default False
        Whether each value holds to the next knot.

    Returns
    -------
    FinePlaces
        Of all intervals.

    Examples
    --------
    >>> places_of(np.array([0.0, 0.5]), fine_days(0.5)).part.tolist()
    [0.125, 0.375, 0.625, 0.875]
    """
    middle = fine + 0.5 / FINE_PER_DAY
    first = np.clip(np.searchsorted(knots, middle, side="right") - 1, 0, len(knots) - 2)
    part = (
        np.zeros(len(fine)) if held else np.clip((middle - knots[first]) / (knots[first + 1] - knots[first]), 0.0, 1.0)
    )
    return FinePlaces(first, part, int((middle < knots[0]).sum()))
