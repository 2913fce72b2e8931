"""Evidence of two stages combined with weights that were fixed beforehand, so that the second may be planned anew.

References
----------
.. [1] Lehmacher & Wassmer 1999, doi:10.1111/j.0006-341X.1999.01286.x (inverse normal).
.. [2] Bauer & Köhne 1994, doi:10.2307/2533441 (Fisher's product).
.. [3] Cui, Hung & Wang 1999, doi:10.1111/j.0006-341X.1999.00853.x.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem


def inverse_normal(p: Sequence[ArrayLike], information: Sequence[float]) -> FloatArray:
    """Statistic of stages combined: sum of sqrt(w_i) Phi^-1(1 - p_i), with planned shares of information w_i that
    add up to 1.

    Parameters
    ----------
    p : Sequence of array_like
        One-sided p value of every stage, each from the patients of that stage alone.
    information : Sequence of float
        Information planned for every stage; only their shares count.

    Returns
    -------
    FloatArray
        Standard normal where the null hypothesis holds.

    Raises
    ------
    InputError
        Where a p value is out of bounds, or the numbers of stages differ.

    Examples
    --------
    >>> round(float(inverse_normal([0.1, 0.02], [1.0, 1.0])), 4)
    2.3584
    """
    from scipy.special import ndtri

    shares = np.asarray(information, dtype=np.float64)
    if len(p) != len(shares) or not (shares > 0).all():
        message = f"must be {len(p)} numbers above 0, one for each stage"
        raise InputError([Problem(None, None, None, "information", message)])
    values = [np.asarray(each, dtype=np.float64) for each in p]
    if any(not ((each >= 0) & (each <= 1)).all() for each in values):
        raise InputError([Problem(None, None, None, "p", "must lie between 0 and 1")])
    weights = np.sqrt(shares / shares.sum())
    tiny = np.finfo(float).tiny
    scores = [-ndtri(np.clip(each, tiny, 1.0 - np.finfo(float).epsneg)) for each in values]
    return np.asarray(sum(weight * score for weight, score in zip(weights, scores, strict=True)))


def fisher_product(first: ArrayLike, second: ArrayLike) -> FloatArray:
    """The p value of Fisher's product of two independent p values: q (1 - ln q), q = p1 p2.

    Parameters
    ----------
    first : array_like
        p of the first stage.
    second : array_like
        p of the second.

    Returns
    -------
    FloatArray
        0 to 1.

    Examples
    --------
    >>> round(float(fisher_product(0.1, 0.05)), 5)
    0.03149
    """
    q = np.asarray(first, dtype=np.float64) * np.asarray(second, dtype=np.float64)
    return np.where(q > 0, q * (1.0 - np.log(np.where(q > 0, q, 1.0))), 0.0)


def conditional_error(z: ArrayLike, time: float, critical: float) -> FloatArray:
    """One-sided p that the second stage needs, given the first: 1 - Phi((c - sqrt(t) z) / sqrt(1 - t)).

    Parameters
    ----------
    z : array_like
        Statistic of the first stage.
    time : float
        Planned information fraction of the first stage.
    critical : float
        Critical value of the combined statistic.

    Returns
    -------
    FloatArray
        0 to 1.
    """
    from scipy.special import ndtr

    return np.asarray(ndtr((np.sqrt(time) * np.asarray(z, dtype=np.float64) - critical) / np.sqrt(1.0 - time)))
