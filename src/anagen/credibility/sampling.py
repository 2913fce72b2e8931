"""Screening and variance shares of any outcome of independent standard normal deviates, by SALib.

An outcome is a function of deviates z, shape [evaluation, parameter], that gives one number per evaluation. Morris
screening moves one deviate at a time between levels of the central 90 % range; Sobol indices divide the variance of the
outcome over the whole priors.

References
----------
.. [1] Morris 1991, doi:10.1080/00401706.1991.10484804.
.. [2] Saltelli 2010, doi:10.1016/j.cpc.2009.09.018.
.. [3] SALib, Iwanaga 2022, doi:10.18174/sesmo.18155.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from anagen.core.arrays import FloatArray
from anagen.parameters.parameter import Z_90

Evaluate = Callable[[FloatArray], FloatArray]
LEVELS = 4
CONFIDENCE = 0.95
SMALLEST = 1e-12
"""Least probability that is turned into a deviate, so that none is infinite."""


def morris_screening(names: Sequence[str], evaluate: Evaluate, *, trajectories: int, seed: int) -> pd.DataFrame:
    """Elementary effects of every parameter: the change of the outcome over the central 90 % of its prior.

    mu_star is the mean of |d|, mu that of d and sigma the standard deviation of d over the trajectories, with d the
    elementary effect, scaled to the range from the 5 % to the 95 % quantile; sigma beside mu_star tells interaction or
    curvature.

    Parameters
    ----------
    names : Sequence[str]
        Parameters.
    evaluate : Evaluate
        Outcome of deviates [evaluation, parameter].
    trajectories : int
        At least 2; the outcome is evaluated `trajectories * (len(names) + 1)` times.
    seed : int
        Of SALib's sample and confidence intervals.

    Returns
    -------
    pd.DataFrame
        Table name, mu, mu_star, mu_star_conf, sigma in the unit of the outcome, largest mu_star first.

    Raises
    ------
    ValueError
        For fewer than 2 trajectories.

    Examples
    --------
    >>> table = morris_screening(["a", "b"], lambda z: 3.0 * z[:, 0] + z[:, 1], trajectories=4, seed=1)
    >>> table["name"].tolist(), round(float(table["mu_star"].iloc[1]), 2)
    (['a', 'b'], 3.29)
    """
    if trajectories < 2:
        raise ValueError(f"screening needs 2 or more trajectories, got {trajectories}")
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sample

    problem = _problem(names, (-Z_90, Z_90))
    points = np.asarray(sample.sample(problem, trajectories, num_levels=LEVELS, seed=seed), dtype=np.float64)
    screening: dict[str, Any] = analysis.analyze(
        problem, points, evaluate(points), num_levels=LEVELS, conf_level=CONFIDENCE, seed=seed
    )
    columns = {key: np.asarray(screening[key], dtype=np.float64) for key in ("mu", "mu_star", "mu_star_conf", "sigma")}
    table = pd.DataFrame({"name": list(names), **columns})
    return table.sort_values(["mu_star", "name"], ascending=[False, True], ignore_index=True)


def sobol_points(names: Sequence[str], *, samples: int, seed: int) -> FloatArray:
    """Deviates at which Sobol indices need the outcome, shape [samples * (len(names) + 2), parameter].

    Parameters
    ----------
    names : Sequence[str]
        Parameters.
    samples : int
        Base samples, a power of 2.
    seed : int
        Of the scrambled sequence.

    Raises
    ------
    ValueError
        Where `samples` is no power of 2, for which the sequence is balanced.

    Examples
    --------
    >>> sobol_points(["a", "b"], samples=4, seed=1).shape
    (16, 2)
    """
    if samples < 2 or samples & (samples - 1):
        raise ValueError(f"the number of samples must be a power of 2, got {samples}")
    from SALib.sample import sobol as sample

    shares = sample.sample(_problem(names, (0.0, 1.0)), samples, calc_second_order=False, seed=seed)
    return np.asarray(ndtri(np.clip(shares, SMALLEST, 1.0 - SMALLEST)), dtype=np.float64)


def sobol_indices(names: Sequence[str], outcomes: FloatArray, *, seed: int) -> pd.DataFrame:
    """First-order and total indices of every parameter with half-widths of their 95 % intervals.

    first: share of the variance that goes when this parameter alone is known; total: share that stays when all others
    are known.

    Parameters
    ----------
    names : Sequence[str]
        Parameters.
    outcomes : FloatArray
        At `sobol_points`, in order.
    seed : int
        Of the resampling behind the intervals.

    Returns
    -------
    pd.DataFrame
        Table name, first, first_conf, total, total_conf, largest total first.

    Raises
    ------
    ValueError
        Where the outcome does not vary, so that there is no variance to divide.
    """
    if not np.ptp(outcomes) > 0.0:
        raise ValueError("the outcome does not vary, so that there is no variance to divide")
    from SALib.analyze import sobol as analysis

    indices: dict[str, Any] = analysis.analyze(
        _problem(names, (0.0, 1.0)), outcomes, calc_second_order=False, conf_level=CONFIDENCE, seed=seed
    )
    pairs = {"first": "S1", "first_conf": "S1_conf", "total": "ST", "total_conf": "ST_conf"}
    columns = {ours: np.asarray(indices[theirs], dtype=np.float64) for ours, theirs in pairs.items()}
    table = pd.DataFrame({"name": list(names), **columns})
    return table.sort_values(["total", "name"], ascending=[False, True], ignore_index=True)


def _problem(names: Sequence[str], bounds: tuple[float, float]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [list(bounds)] * len(names)}
