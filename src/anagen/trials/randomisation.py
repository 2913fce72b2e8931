"""Who gets what: permuted blocks within strata, or one shuffled list."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

import numpy as np

from anagen.core.arrays import IntArray
from anagen.core.streams import TRIAL_LEVEL, Purpose, uniforms


def allocation_ratio(sizes: Sequence[int]) -> tuple[int, ...]:
    """Sizes of the arms over their greatest common divisor.

    Parameters
    ----------
    sizes : Sequence[int]
        Patients of each arm.

    Returns
    -------
    tuple[int, ...]
        Smallest whole numbers in the same ratio.

    Examples
    --------
    >>> allocation_ratio([60, 30])
    (2, 1)
    """
    divisor = gcd(*sizes)
    return tuple(size // divisor for size in sizes)


POOLED = 2**32 - 1
"""Number of the list from which the patients of incomplete blocks are dealt together."""
OF_CENTRES = 2**32 - 2
"""Number of the list of centres."""


def randomise(
    sizes: Sequence[int],
    strata: Sequence[Sequence[str]],
    *,
    block: int | None,
    seed: int,
    replicates: IntArray,
    exact: bool = False,
) -> IntArray:
    """Allocate the patients of every trial, in order of admission, to arms.

    Parameters
    ----------
    sizes : Sequence[int]
        Planned patients per arm; their sum is the number of patients of a trial.
    strata : Sequence[Sequence[str]]
        Stratum of each patient of each trial.
    block : int or None
        Block size, a multiple of the sum of the allocation ratio, or None for one shuffled list.
    seed : int
        Address of the lists.
    replicates : IntArray, shape (n_trials,)
        Numbers of the trials, part of the address.
    exact : bool, default False
        With strata: the patients of the incomplete blocks of all strata are dealt together from one list of the
        smallest blocks, stratum by stratum, so that every arm gets exactly its size.

    Returns
    -------
    IntArray, shape (n_trials, n_patients)
        Arm of each patient. Without strata every arm gets exactly its size: the last block is cut so that it does. With
        strata each stratum runs its own list, and arms can differ from plan by part of a block unless `exact`.

    Raises
    ------
    ValueError
        Where a block does not hold whole allocations.

    Examples
    --------
    >>> arms = randomise([4, 4], [[""] * 8], block=4, seed=1, replicates=np.array([0]))
    >>> np.bincount(arms[0]).tolist()
    [4, 4]
    """
    ratio, planned = np.array(allocation_ratio(sizes)), np.array(sizes)
    if block is not None and block % int(ratio.sum()):
        raise ValueError(f"a block of {block} does not hold whole allocations of {':'.join(map(str, ratio))}")
    of_block = planned if block is None else ratio * (block // int(ratio.sum()))
    content = np.repeat(np.arange(len(sizes)), of_block)
    n = int(planned.sum())
    names = [sorted(set(labels)) for labels in strata]
    u = uniforms(
        seed,
        Purpose.RANDOMISATION,
        patient=TRIAL_LEVEL,
        item=np.arange(-(-n // len(content)) * len(content)),
        index=np.arange(max(map(len, names)))[:, None],
        replicate=replicates[:, None, None],
    )
    arms = np.empty((len(replicates), n), dtype=np.int64)
    for trial, (labels, known) in enumerate(zip(strata, names, strict=True)):
        left_over: list[IntArray] = []
        for number, stratum in enumerate(known):
            rows = np.flatnonzero(np.array([label == stratum for label in labels]))
            whole = len(rows) // len(content) * len(content)
            last = content
            if len(known) == 1:
                # the last block deals out exactly what is left of each arm
                last = np.repeat(np.arange(len(sizes)), planned - of_block * (whole // len(content)))
            list_of = u[trial, number]
            dealt = content[np.argsort(list_of[:whole].reshape(-1, len(content)), axis=1, kind="stable")].ravel()
            rest = last[np.argsort(list_of[whole : whole + len(last)], kind="stable")]
            arms[trial, rows] = np.concatenate([dealt, rest])[: len(rows)]
            left_over.append(rows[whole:])
        if exact and len(known) > 1:
            rows = np.concatenate(left_over)
            arms[trial, rows] = _pooled(ratio, len(rows), seed=seed, replicate=int(replicates[trial]))
    return arms


def _pooled(ratio: IntArray, number: int, *, seed: int, replicate: int) -> IntArray:
    """Arms of so many patients, a multiple of the allocation ratio's sum, in the smallest blocks."""
    content = np.repeat(np.arange(len(ratio)), ratio)
    u = uniforms(
        seed, Purpose.RANDOMISATION, patient=TRIAL_LEVEL, item=np.arange(number), index=POOLED, replicate=replicate
    )
    return content[np.argsort(u.reshape(-1, len(content)), axis=1, kind="stable")].ravel()


def arms_of_centres(sizes: Sequence[int], number: int, *, seed: int, replicates: IntArray) -> IntArray:
    """Allocate whole centres to arms, in the ratio of the arms' patients.

    Parameters
    ----------
    sizes : Sequence[int]
        Planned patients per arm.
    number : int
        Centres, a multiple of the sum of the allocation ratio.
    seed : int
        Key of the draws.
    replicates : IntArray, shape (n_trials,)
        Numbers of the trials.

    Returns
    -------
    IntArray, shape (n_trials, n_centres)
        Arm of each centre.

    Examples
    --------
    >>> np.bincount(arms_of_centres([40, 20], 6, seed=1, replicates=np.array([0]))[0]).tolist()
    [4, 2]
    """
    ratio = np.array(allocation_ratio(sizes))
    content = np.repeat(np.arange(len(sizes)), ratio * (number // int(ratio.sum())))
    u = uniforms(
        seed,
        Purpose.RANDOMISATION,
        patient=TRIAL_LEVEL,
        item=np.arange(number),
        index=OF_CENTRES,
        replicate=np.asarray(replicates)[:, None],
    )
    return content[np.argsort(u, axis=1, kind="stable")]
