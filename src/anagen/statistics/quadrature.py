"""Points and weights of Gauss-Legendre rules, computed once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from anagen.core.arrays import FloatArray


@lru_cache(maxsize=8)
def legendre(count: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre rule on -1 to 1.

    Parameters
    ----------
    count : int
        Number of points.

    Returns
    -------
    FloatArray, shape (count,)
        Points; not to be changed.
    FloatArray, shape (count,)
        Weights, in all 2; not to be changed.

    Examples
    --------
    >>> round(float(legendre(4)[1].sum()), 12)
    2.0
    """
    points, weights = np.polynomial.legendre.leggauss(count)
    points.setflags(write=False)
    weights.setflags(write=False)
    return points, weights
