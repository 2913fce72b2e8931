"""Several treatments against one control in two stages: arms are dropped at the interim look, claims stay protected.

Every set of treatments is tested with both stages combined by the inverse normal (closed testing). A dropped arm has no
second stage; sets that hold it are tested with the arms that went on. So the rule of selection may be any, and may
differ from the one that was planned.

References
----------
.. [1] Bretz, Schmidli, König, Racine & Maurer 2006, doi:10.1002/bimj.200510232.
.. [2] Bauer & Kieser 1999, doi:10.1002/(SICI)1097-0258(19990730)18:14<1833::AID-SIM221>3.0.CO;2-3.
.. [3] Marcus, Peritz & Gabriel 1976, doi:10.1093/biomet/63.3.655.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real, whole
from anagen.statistics.dunnett import NODES, REACH, chance_of_none, loadings
from anagen.statistics.quadrature import legendre
from anagen.statistics.sequential.combination import inverse_normal

Intersection = Literal["dunnett", "simes", "bonferroni"]
MOST_ARMS = 8


def select(z: Sequence[float], keep: int = 1, at_least: float = -np.inf, within: float = np.inf) -> tuple[int, ...]:
    """Arms that go on to the second stage.

    Parameters
    ----------
    z : Sequence of float
        Statistic of every treatment against control at the look; larger is better.
    keep : int
        Most arms that go on.
    at_least : float
        Arms below it are dropped; none may be left.
    within : float
        Arms further than this below the best are dropped.

    Returns
    -------
    tuple of int
        Numbers of the arms, from 0, in the order given.

    Examples
    --------
    >>> select([0.4, 1.9, 1.2], keep=2), select([0.4, 1.9, 1.2], keep=3, within=0.5), select([-1.0, -0.2], at_least=0.0)
    ((1, 2), (1,), ())
    """
    values = np.asarray(z, dtype=np.float64)
    most = whole("keep", keep, 1, len(values))
    best = np.argsort(-values, kind="stable")[:most]
    return tuple(sorted(int(arm) for arm in best if values[arm] >= at_least and values[arm] >= values.max() - within))


def adjusted_p(
    first: Sequence[float],
    second: Sequence[float | None],
    time: float = 0.5,
    test: Intersection = "dunnett",
    allocation: float = 1.0,
) -> FloatArray:
    """One-sided p values of the treatments after both stages, adjusted for their number and for the selection.

    Parameters
    ----------
    first : Sequence of float
        Statistic of every treatment against control, first stage.
    second : Sequence of float or None
        The same from the patients of the second stage alone; None for an arm that was dropped.
    time : float
        Planned share of information of the first stage.
    test : {"dunnett", "simes", "bonferroni"}
        Test of a set of treatments.
    allocation : float
        Patients of a treatment for each of the control; for "dunnett".

    Returns
    -------
    FloatArray, shape (treatments,)
        1 for arms that were dropped.

    Raises
    ------
    InputError
        Where the stages differ in their arms, or there are too many.

    Examples
    --------
    >>> adjusted_p([0.5, 1.8], [None, 2.2]).round(4).tolist()
    [1.0, 0.0043]
    """
    k = whole("arms", len(first), 1, MOST_ARMS)
    if len(second) != k:
        raise InputError([Problem(None, None, None, "second", f"must be {k} statistics or None, one for each arm")])
    share = real("time", time, 1e-6, 1.0 - 1e-6)
    from scipy.special import ndtr

    out = np.zeros(k)
    for size in range(1, k + 1):
        for members in combinations(range(k), size):
            going = [second[arm] for arm in members if second[arm] is not None]
            later = _set_p([float(z) for z in going if z is not None], test, allocation) if going else 1.0
            earlier = _set_p([float(first[arm]) for arm in members], test, allocation)
            p = float(ndtr(-inverse_normal([earlier, later], [share, 1.0 - share]))) if going else 1.0
            for arm in members:
                out[arm] = max(out[arm], p)
    out[[arm for arm in range(k) if second[arm] is None]] = 1.0
    return out


def adjusted_p_of_trials(
    first: FloatArray,
    second: FloatArray,
    time: float = 0.5,
    allocation: float = 1.0,
    controls: Sequence[int] | None = None,
) -> FloatArray:
    """`adjusted_p` with Dunnett's test of a set, for many trials at once.

    Parameters
    ----------
    first : FloatArray, shape (n_trials, treatments)
        Statistic of every treatment against control, first stage.
    second : FloatArray, shape (n_trials, treatments)
        The same from the patients of the second stage alone; NaN for an arm that was dropped.
    time : float
        Planned share of information of the first stage.
    allocation : float
        Patients of a treatment for each of the control.
    controls : Sequence of int, optional
        Number of the control of every treatment, where there are several: comparisons with different controls share
        no patients, so that the chance of none exceeding is the product over controls.

    Returns
    -------
    FloatArray, shape (n_trials, treatments)
        1 for arms that were dropped.

    Examples
    --------
    >>> adjusted_p_of_trials(np.array([[0.5, 1.8]]), np.array([[np.nan, 2.2]])).round(4).tolist()
    [[1.0, 0.0043]]
    """
    from scipy.special import ndtr

    k = whole("arms", first.shape[1], 1, MOST_ARMS)
    share = real("time", time, 1e-6, 1.0 - 1e-6)
    going = np.isfinite(second)
    control = np.zeros(k, dtype=np.int64) if controls is None else np.asarray(controls)
    out = np.zeros(first.shape)
    for size in range(1, k + 1):
        for members in combinations(range(k), size):
            of_set = list(members)
            best = np.where(going[:, of_set], second[:, of_set], -np.inf).max(axis=1)
            none_later, none_earlier = np.ones(len(first)), np.ones(len(first))
            for one in set(control[of_set].tolist()):
                same = [arm for arm in of_set if control[arm] == one]
                number = going[:, same].sum(axis=1)
                for left in range(1, len(same) + 1):
                    here = number == left
                    none_later[here] *= 1.0 - _dunnett_p(best[here], left, allocation)
                none_earlier *= 1.0 - _dunnett_p(first[:, of_set].max(axis=1), len(same), allocation)
            z = inverse_normal([1.0 - none_earlier, 1.0 - none_later], [share, 1.0 - share])
            p = np.where(going[:, of_set].any(axis=1), ndtr(-z), 1.0)
            out[:, of_set] = np.maximum(out[:, of_set], p[:, None])
    return np.where(going, out, 1.0)


def _dunnett_p(z: FloatArray, size: int, allocation: float) -> FloatArray:
    """One-sided p value of the largest of some statistics that share a control, for many trials."""
    from scipy.special import ndtr

    if size == 1:
        return np.asarray(ndtr(-z))
    loading = float(loadings([allocation], 1.0)[0])
    nodes, weights = legendre(NODES)
    x, dx = REACH * nodes, REACH * weights * np.exp(-0.5 * (REACH * nodes) ** 2) / np.sqrt(2.0 * np.pi)
    inside = ndtr((z[:, None] - loading * x) / np.sqrt(1.0 - loading**2)) ** size
    return np.clip(1.0 - inside @ dx, 0.0, 1.0)


def _set_p(z: Sequence[float], test: Intersection, allocation: float) -> float:
    """The p value of the hypothesis that no treatment of a set is better than control."""
    from scipy.special import ndtr

    p = np.sort(ndtr(-np.asarray(z)))
    if len(p) == 1:
        return float(p[0])
    if test == "dunnett":
        return float(np.clip(1.0 - chance_of_none(max(z), loadings([allocation] * len(z), 1.0), sides=1), 0.0, 1.0))
    if test == "simes":
        return float(min(np.min(len(p) * p / np.arange(1, len(p) + 1)), 1.0))
    if test == "bonferroni":
        return float(min(len(p) * p[0], 1.0))
    names = ("dunnett", "simes", "bonferroni")
    raise InputError([Problem(None, None, None, "test", f"unknown test of a set {test!r}", names)])
