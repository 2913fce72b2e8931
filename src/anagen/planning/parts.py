"""Smaller trials inside a large one: which of its patients make them.

A trial of n patients per arm is the beginning of a trial of more: the first n admitted and allocated to each arm. One
simulated trial therefore serves every size, and sizes are paired, since the smaller trial's patients are among those
of the larger. What is left over makes further trials of the small size, of other patients of the same study: a trial
of 160 per arm holds eight of 20. They share what belongs to the whole study (its offset, the batch of a product), so
that errors are worked out between studies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.core.arrays import BoolArray


def parts_of(received: BoolArray, sizes: Sequence[int], *, together: bool) -> BoolArray:
    """Patients of every trial of some size that a larger trial holds.

    Parameters
    ----------
    received : BoolArray, shape (n_arms, n_trials, n_patients)
        Who was given which arm, in the order of admission.
    sizes : Sequence[int]
        Patients per arm of the smaller trial.
    together : bool
        True takes patients in the order of admission whatever their arm, as where they are allocated within strata or
        are given both sides; False takes the first so many of every arm.

    Returns
    -------
    BoolArray, shape (n_parts, n_trials, n_patients)
        No patient is in two parts of a trial; the first part is the trial that would have stopped there.

    Examples
    --------
    >>> arms = np.array([[[True, False, True, False]], [[False, True, False, True]]])
    >>> parts_of(arms, [1, 1], together=False).astype(int).tolist()
    [[[1, 1, 0, 0]], [[0, 0, 1, 1]]]
    """
    if together:
        n = sizes[0] if received.all() else sum(sizes)
        number = np.broadcast_to(np.arange(received.shape[2]) // n, received.shape[1:])
        several = max(received.shape[2] // n, 1)
    else:
        rank = np.cumsum(received, axis=2) - 1
        of_arm = rank // np.array(sizes)[:, None, None]
        number = np.where(received, of_arm, 0).sum(axis=0)
        several = max(int((received.sum(axis=2) // np.array(sizes)[:, None]).min()), 1)
    return number[None] == np.arange(several)[:, None, None]
