"""A picture of one row of a table: an interval and its middle on an axis that all rows share."""

from __future__ import annotations

import math
from collections.abc import Iterable

from pydantic import BaseModel

WIDTH, HEIGHT, EDGE = 300.0, 24.0, 10.0
"""Size of a strip in its own units, and what its axis leaves free on both sides for a mark."""
STEPS = (1.0, 2.0, 5.0, 10.0)
MOST_TICKS = 8
REACH = 0.75
"""Room beyond what an axis has to hold, in its width, that wider intervals may take before they are cut."""


class Axis(BaseModel, frozen=True):
    """What the strips of a table share.

    Attributes
    ----------
    low : float
        Value at the left end.
    high : float
        Value at the right end.
    ticks : tuple[float, ...]
        Values that are written below.
    """

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Where a value lies in a strip, from its left edge; values beyond the axis lie at its end.

        Parameters
        ----------
        value : float
            In the unit of the axis.

        Returns
        -------
        float
            In units of the strip.

        Examples
        --------
        >>> axis = axis_of([0.0, 10.0])
        >>> axis.place(0.0), axis.place(10.0)
        (10.0, 290.0)
        """
        share = (value - self.low) / (self.high - self.low)
        return round(EDGE + (WIDTH - 2.0 * EDGE) * min(max(share, 0.0), 1.0), 2)

    def beyond(self, low: float, high: float) -> tuple[bool, bool]:
        """Whether an interval goes on beyond the left and the right end.

        Parameters
        ----------
        low : float
            Lower end of the interval.
        high : float
            Upper end.

        Returns
        -------
        tuple of bool
            Left, right.
        """
        return low < self.low, high > self.high


def axis_of(values: Iterable[float], wider: Iterable[float] = ()) -> Axis:
    """An axis that holds zero and every value, with round ticks.

    Parameters
    ----------
    values : Iterable of float
        Ends of all intervals; those that are no number do not count.
    wider : Iterable of float
        Ends that may lie beyond it; they widen it by `REACH` at most.

    Returns
    -------
    Axis
        From the first to the last tick or value.

    Examples
    --------
    >>> axis_of([-3.0, 17.0]).ticks
    (0.0, 5.0, 10.0, 15.0)
    >>> axis_of([0.0, 10.0], [100.0]).high
    17.5
    """
    known = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    if high == low:
        high = low + 1.0
    room, far = REACH * (high - low), [value for value in wider if math.isfinite(value)]
    low, high = max(min([low, *far]), low - room), min(max([high, *far]), high + room)
    step = _step(high - low)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return Axis(low=low, high=high, ticks=tuple(round(step * i, 10) + 0.0 for i in range(first, last + 1)))


def _step(span: float) -> float:
    """A round distance of ticks."""
    rough = span / (MOST_TICKS - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * step for step in STEPS if size * step >= rough * (1.0 - 1e-9))
