"""Efficacy boundaries: O'Brien-Fleming, Pocock, Wang-Tsiatis, Haybittle-Peto, and those of spending functions.

References
----------
.. [1] O'Brien & Fleming 1979, doi:10.2307/2530245.
.. [2] Pocock 1977, doi:10.1093/biomet/64.2.191.
.. [3] Wang & Tsiatis 1987, doi:10.2307/2531959.
.. [4] Haybittle 1971, doi:10.1259/0007-1285-44-526-793.
.. [5] Lan & DeMets 1983, doi:10.1093/biomet/70.3.659.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.core.reading import nearest
from anagen.statistics.sequential.design import SequentialDesign, checked_times
from anagen.statistics.sequential.integration import crossing_chances, start
from anagen.statistics.sequential.spending import SPENDING, spent

MOST_Z = 38.0
"""No chance beyond it can be written as a number."""
NONE = float("inf")


def obrien_fleming(times: int | Sequence[float], alpha: float = 0.025, sides: int = 1) -> SequentialDesign:
    """Boundaries c / sqrt(t): strict at first, at the end close to a trial without looks.

    Parameters
    ----------
    times : int or Sequence of float
        Number of equally spaced looks, or their information fractions.
    alpha : float
        Type I error, of both sides together where two-sided.
    sides : int
        1 or 2.

    Returns
    -------
    SequentialDesign
        Without futility.

    Examples
    --------
    >>> [round(z, 4) for z in obrien_fleming(2).efficacy]
    [2.7965, 1.9774]
    """
    return wang_tsiatis(times, 0.0, alpha, sides)


def pocock(times: int | Sequence[float], alpha: float = 0.025, sides: int = 1) -> SequentialDesign:
    """The same boundary at every look.

    Parameters
    ----------
    times : int or Sequence of float
        See `obrien_fleming`.
    alpha : float
        See `obrien_fleming`.
    sides : int
        See `obrien_fleming`.

    Returns
    -------
    SequentialDesign
        Without futility.

    Examples
    --------
    >>> [round(z, 4) for z in pocock(2).efficacy]
    [2.1783, 2.1783]
    """
    return wang_tsiatis(times, 0.5, alpha, sides)


def wang_tsiatis(times: int | Sequence[float], delta: float, alpha: float = 0.025, sides: int = 1) -> SequentialDesign:
    """Boundaries c t**(delta - 1/2): O'Brien-Fleming at delta 0, Pocock at 1/2.

    Parameters
    ----------
    times : int or Sequence of float
        See `obrien_fleming`.
    delta : float
        Shape, -1 to 1.
    alpha : float
        See `obrien_fleming`.
    sides : int
        See `obrien_fleming`.

    Returns
    -------
    SequentialDesign
        Without futility.
    """
    shape = real("delta", delta, -1.0, 1.0)
    looks = checked_times(times)
    factors = np.asarray(looks) ** (shape - 0.5)
    name = {0.0: "O'Brien-Fleming", 0.5: "Pocock"}.get(shape, f"Wang-Tsiatis {shape:g}")
    return _scaled(looks, alpha, sides, lambda c: c * factors, name)


def haybittle_peto(
    times: int | Sequence[float], alpha: float = 0.025, sides: int = 1, interim: float = 3.0
) -> SequentialDesign:
    """One strict boundary at every interim look; the last look takes what is left of the error.

    Parameters
    ----------
    times : int or Sequence of float
        See `obrien_fleming`.
    alpha : float
        See `obrien_fleming`.
    sides : int
        See `obrien_fleming`.
    interim : float
        Boundary at interim looks, on the z scale.

    Returns
    -------
    SequentialDesign
        Without futility.

    Raises
    ------
    InputError
        Where the interim looks alone spend more than the whole error.
    """
    looks = checked_times(times)
    _check(alpha, sides)
    fixed = [real("interim", interim, 0.1, 10.0)] * (len(looks) - 1)
    before = float(_spent_by(looks[:-1], fixed, sides)) if fixed else 0.0
    if before >= alpha:
        message = f"must be larger: {interim:g} at {len(fixed)} interim looks spends {before:.4g} of alpha {alpha:g}"
        raise InputError([Problem(None, None, None, "interim", message)])
    last = _root(lambda z: _spent_by(looks, [*fixed, z], sides) - alpha)
    return design(looks, alpha, sides, [*fixed, last], "Haybittle-Peto")


def spending_design(
    times: int | Sequence[float],
    spending: str = "obrien_fleming",
    alpha: float = 0.025,
    sides: int = 1,
    gamma: float = -4.0,
) -> SequentialDesign:
    """Boundaries that spend the error as a function of information, so that looks may fall where they fall.

    A two-sided test spends twice what the function gives for half the error.

    Parameters
    ----------
    times : int or Sequence of float
        See `obrien_fleming`.
    spending : str
        One of `spending.SPENDING`.
    alpha : float
        See `obrien_fleming`.
    sides : int
        See `obrien_fleming`.
    gamma : float
        See `spending.spent`.

    Returns
    -------
    SequentialDesign
        Without futility.

    Examples
    --------
    >>> [round(z, 4) for z in spending_design([0.5, 1.0]).efficacy]
    [2.9626, 1.9686]
    """
    looks = checked_times(times)
    _check(alpha, sides)
    wanted = sides * np.diff(spent(spending, looks, alpha / sides, gamma), prepend=0.0)
    return design(looks, alpha, sides, spend(looks, wanted, sides), f"{spending} spending")


def spend(looks: Sequence[float], wanted: FloatArray, sides: int) -> list[float]:
    """Boundaries that spend given parts of the type I error.

    Parameters
    ----------
    looks : Sequence of float
        Information fractions.
    wanted : FloatArray, shape (looks,)
        Error spent at each look.
    sides : int
        1 or 2.

    Returns
    -------
    list of float
        On the z scale; infinite where a part is too small to be met.
    """
    carried, found = start(), []
    for look, time in enumerate(looks):
        part = float(wanted[look]) / sides
        z = _root(lambda z, c=carried, t=time, p=part: c.chance_above(z, t, 0.0) - p) if part > 1e-300 else NONE
        found.append(z)
        if look + 1 < len(looks):
            carried = carried.go_on(-z if sides == 2 else -NONE, z, time, looks[look + 1], 0.0)
    return found


def design(times: Sequence[float], alpha: float, sides: int, efficacy: Sequence[float], name: str) -> SequentialDesign:
    """A design of known boundaries, without futility.

    Parameters
    ----------
    times : Sequence of float
        Information fractions.
    alpha : float
        Type I error of these boundaries.
    sides : int
        1 or 2.
    efficacy : Sequence of float
        Boundaries on the z scale.
    name : str
        What they are called.

    Returns
    -------
    SequentialDesign
        As given.
    """
    none = (-NONE,) * (len(times) - 1)
    last = float(efficacy[-1])
    return SequentialDesign(tuple(times), alpha, sides, tuple(map(float, efficacy)), (*none, last), False, name)


FAMILIES: dict[str, Callable[..., SequentialDesign]] = {
    "obrien_fleming": obrien_fleming,
    "pocock": pocock,
    "wang_tsiatis": wang_tsiatis,
    "haybittle_peto": haybittle_peto,
}
"""Boundaries that are not those of a spending function."""


def named_spending(name: str) -> str:
    """A spending function by its name, as people write it.

    Parameters
    ----------
    name : str
        With hyphens or underscores, such as "obrien-fleming"; "hsd", "of" and "asOF" are known as well.

    Returns
    -------
    str
        One of `SPENDING`.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    short = {"of": "obrien_fleming", "asof": "obrien_fleming", "asp": "pocock", "hsd": "hwang_shih_decani"}
    plain = name.strip().lower().replace("-", "_").replace("'", "").replace(" ", "_")
    plain = short.get(plain.replace("_", ""), plain)
    if plain in SPENDING:
        return plain
    allowed = tuple(kind.replace("_", "-") for kind in SPENDING)
    message = f"unknown spending function {name!r}"
    raise InputError([Problem(None, None, None, "spending", message, allowed, nearest(name, allowed))])


def _scaled(
    looks: tuple[float, ...], alpha: float, sides: int, boundaries: Callable[[float], FloatArray], name: str
) -> SequentialDesign:
    """The constant of a family of boundaries at which the whole error is spent."""
    _check(alpha, sides)
    constant = _root(lambda c: _spent_by(looks, boundaries(c).tolist(), sides) - alpha)
    return design(looks, alpha, sides, boundaries(constant).tolist(), name)


def _spent_by(looks: Sequence[float], efficacy: Sequence[float], sides: int) -> float:
    lower = [-z for z in efficacy] if sides == 2 else [-NONE] * len(looks)
    up, low = crossing_chances(looks, efficacy, lower)
    return float(up.sum() + (low.sum() if sides == 2 else 0.0))


def _root(excess: Callable[[float], float]) -> float:
    from scipy.optimize import brentq

    # a two-sided boundary is above 0; a one-sided may lie below it, where alpha is large
    low = 1e-6 if excess(0.0) > 0 else -MOST_Z
    return float(brentq(excess, low, MOST_Z, xtol=1e-12, rtol=1e-14))


def _check(alpha: float, sides: int) -> None:
    real("alpha", alpha, 1e-6, 0.5)
    if sides not in (1, 2):
        raise InputError([Problem(None, None, None, "sides", f"must be 1 or 2, got {sides!r}")])
