"""The band of draws: between which values the middle nine tenths of the parameter draws lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

BAND = (0.05, 0.95)
"""Quantiles over parameter draws between which a band lies."""
LEAST_DRAWS = 20
"""Fewest parameter draws of which a band is told and whose mean is the centre.

The ends, interpolated between n sorted draws, hold 0.9 (n - 1) / (n + 1) of the distribution on average: 30 % with two
draws, 81 % with twenty, 89 % with two hundred.
"""
QUARTERS = (0.25, 0.75)
"""Quantiles of the narrower band, drawn inside the other."""


def band(values: ArrayLike, levels: tuple[float, ...] = BAND, *, least: int = 2) -> tuple[float, ...]:
    """Quantiles over parameter draws, linear between neighbours.

    Parameters
    ----------
    values : array_like, shape (draws,)
        One number a draw; draws without a finite one are left out.
    levels : tuple of float
        Shares of draws below the ends.
    least : int
        Fewest draws that have a band.

    Returns
    -------
    tuple of float
        One end for every level, NaN where there are fewer than `least` draws.

    Examples
    --------
    >>> [round(end, 2) for end in band(range(21))], band([1.0])
    ([1.0, 19.0], (nan, nan))
    """
    numbers = np.asarray(values, dtype=np.float64)
    finite = numbers[np.isfinite(numbers)]
    if finite.size < least:
        return (float("nan"),) * len(levels)
    return tuple(np.quantile(finite, levels).tolist())
