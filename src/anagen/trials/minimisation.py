"""Minimisation: each patient in turn goes, with a high probability, to the arm that balances the strata best.

For a patient with the levels l_1 ... l_F, putting him into arm a would make the numbers of level l_f in the arms, over
the allocation ratio, n_af; the imbalance is the sum over factors of the range of n_f over arms.

References
----------
.. [1] Pocock & Simon 1975, doi:10.2307/2529712.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.core.arrays import IntArray
from anagen.core.streams import Purpose, uniforms
from anagen.trials.randomisation import allocation_ratio

PROBABILITY = 0.8
"""Probability of the arm that balances best, where the study says none."""


def minimised(
    sizes: Sequence[int],
    levels: IntArray,
    *,
    probability: float,
    seed: int,
    replicates: IntArray,
) -> IntArray:
    """Allocate the patients of every trial in order of admission.

    Parameters
    ----------
    sizes : Sequence[int]
        Planned patients per arm; an arm that is full takes nobody more, so that every arm gets exactly its size.
    levels : IntArray, shape (n_trials, n_patients, n_factors)
        Level of each factor.
    probability : float
        Of the arm that balances best; the others share the rest. Of equally good arms one is drawn.
    seed : int
        Key of the draws.
    replicates : IntArray, shape (n_trials,)
        Numbers of the trials.

    Returns
    -------
    IntArray, shape (n_trials, n_patients)
        Arm of each patient.

    Examples
    --------
    >>> levels, first = np.zeros((1, 4, 1), dtype=np.int64), np.zeros(1, dtype=np.int64)
    >>> arms = minimised([2, 2], levels, probability=1.0, seed=1, replicates=first)
    >>> np.bincount(arms[0]).tolist()
    [2, 2]
    """
    ratio, planned = np.array(allocation_ratio(sizes), dtype=np.float64), np.array(sizes)
    n_trials, n, n_factors = levels.shape
    n_arms = len(sizes)
    every: IntArray = np.arange(n_trials, dtype=np.int64)
    counts = np.zeros((n_trials, n_factors, int(levels.max(initial=0)) + 1, n_arms))
    given = np.zeros((n_trials, n_arms), dtype=np.int64)
    arms = np.empty((n_trials, n), dtype=np.int64)
    u = uniforms(
        seed,
        Purpose.RANDOMISATION,
        patient=np.arange(n, dtype=np.int64),
        item=np.arange(1 + n_arms)[:, None],
        replicate=np.asarray(replicates)[:, None, None],
    )
    factors: IntArray = np.arange(n_factors, dtype=np.int64)
    for patient in range(n):
        here = counts[every[:, None], factors, levels[:, patient]]
        imbalance = np.empty((n_trials, n_arms))
        for arm in range(n_arms):
            then = (here + np.eye(n_arms)[arm]) / ratio
            imbalance[:, arm] = (then.max(axis=-1) - then.min(axis=-1)).sum(axis=-1)
        full = given >= planned
        # ties are broken by a draw of each arm, which is smaller than any difference of imbalances
        order = np.where(full, np.inf, np.round(imbalance, 9) + 1e-10 * u[:, 1:, patient])
        best: IntArray = np.asarray(order.argmin(axis=1), dtype=np.int64)
        others = np.where(full, np.inf, u[:, 1:, patient])
        others[every, best] = np.inf
        next_best = np.asarray(others.argmin(axis=1), dtype=np.int64)
        second = np.where(np.isfinite(others).any(axis=1), next_best, best)
        chosen: IntArray = np.where(u[:, 0, patient] < probability, best, second)
        arms[:, patient] = chosen
        given[every, chosen] += 1
        counts[every[:, None], factors, levels[:, patient], chosen[:, None]] += 1.0
    return arms
