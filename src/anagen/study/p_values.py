"""What a p value says of a published result."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Stated:
    """What a paper says of a result without printing a number.

    Attributes
    ----------
    significant : bool
        Whether p lies below the level, or above it.
    level : float
        Two-sided p value that it is set against.
    """

    significant: bool
    level: float

    @property
    def words(self) -> str:
        """What was stated, in words.

        Examples
        --------
        >>> Stated(False, 0.05).words
        'no significant difference (p > 0.05)'
        """
        found, side = ("a", "<") if self.significant else ("no", ">")
        return f"{found} significant difference (p {side} {self.level:g})"


def deviate(p: float, freedom: float) -> float:
    """Deviate beyond which a two-sided p value lies: of Student's t, or of the Normal where `freedom` is infinite.

    Parameters
    ----------
    p : float
        Two-sided p value, above 0 and below 1.
    freedom : float
        Degrees of freedom.

    Returns
    -------
    float
        Positive.

    Examples
    --------
    >>> round(deviate(0.05, 10.0), 3), round(deviate(0.05, math.inf), 3)
    (2.228, 1.96)
    """
    if math.isinf(freedom):
        return -NormalDist().inv_cdf(0.5 * p)
    from scipy.special import stdtrit

    return -float(stdtrit(freedom, 0.5 * p))
