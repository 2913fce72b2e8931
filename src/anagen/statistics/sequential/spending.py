"""How much of an error has been spent by an information fraction: Lan-DeMets, Hwang-Shih-DeCani, and a table.

References
----------
.. [1] Lan & DeMets 1983, doi:10.1093/biomet/70.3.659.
.. [2] Hwang, Shih & De Cani 1990, doi:10.1002/sim.4780091207.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest

Spending = Literal["obrien_fleming", "pocock", "hwang_shih_decani", "power"]
SPENDING: tuple[Spending, ...] = get_args(Spending)


def spent(kind: str, time: ArrayLike, error: float, gamma: float = -4.0) -> FloatArray:
    """Error that a spending function has used by an information fraction.

    O'Brien-Fleming-like: 2 (1 - Phi(z_{1 - a/2} / sqrt t)). Pocock-like: a ln(1 + (e - 1) t).
    Hwang-Shih-DeCani: a (1 - exp(-g t)) / (1 - exp(-g)), a t where g = 0. Power: a t**g.

    Parameters
    ----------
    kind : str
        One of `SPENDING`.
    time : array_like
        Information fractions, above 0; beyond 1 nothing more is spent.
    error : float
        The whole error, 0 to 1 and neither.
    gamma : float
        g of the two last; must be above 0 for "power".

    Returns
    -------
    FloatArray
        Of the shape of `time`, rising from 0 to `error`.

    Raises
    ------
    InputError
        Where the kind is unknown or gamma is no value for it.

    Examples
    --------
    >>> spent("obrien_fleming", [0.5, 1.0], 0.025).round(7).tolist()
    [0.0015253, 0.025]
    """
    from scipy.special import ndtr, ndtri

    fraction = np.minimum(np.asarray(time, dtype=np.float64), 1.0)
    if kind == "obrien_fleming":
        return np.asarray(2.0 * ndtr(ndtri(error / 2.0) / np.sqrt(fraction)))
    if kind == "pocock":
        return error * np.log1p((np.e - 1.0) * fraction)
    if kind == "hwang_shih_decani":
        if not np.isfinite(gamma):
            raise InputError([Problem(None, None, None, "gamma", f"must be a finite number, got {gamma:g}")])
        return error * (fraction if gamma == 0.0 else np.expm1(-gamma * fraction) / np.expm1(-gamma))
    if kind == "power":
        if not 0.0 < gamma < np.inf:
            raise InputError([Problem(None, None, None, "gamma", f"must be above 0 for power spending, got {gamma:g}")])
        return error * fraction**gamma
    message = f"unknown spending function {kind!r}"
    raise InputError([Problem(None, None, None, "spending", message, SPENDING, nearest(kind, SPENDING))])
