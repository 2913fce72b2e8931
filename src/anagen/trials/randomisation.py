"""Who gets what: permuted blocks within strata, or one shuffled list."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
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


def shuffled(items: IntArray, u: FloatArray) -> IntArray:
    """The items in the order of one uniform draw each."""
    return items[np.argsort(u, kind="stable")]


def randomise(sizes: Sequence[int], strata: Sequence[str], *, block: int | None, seed: int, replicate: int) -> IntArray:
    """Allocate patients, in order of admission, to arms.

    Parameters
    ----------
    sizes : Sequence[int]
        Planned patients per arm; their sum is the number of patients.
    strata : Sequence[str]
        Stratum of each patient.
    block : int or None
        Block size, a multiple of the sum of the allocation ratio, or None for one shuffled list.
    seed : int
        Address of the list.
    replicate : int
        Address of the list.

    Returns
    -------
    IntArray
        Arm of each patient, shape [patient]. Without strata every arm gets exactly its size: the last block is cut so
        that it does. With strata each stratum runs its own list, and arms can differ from plan by part of a block.

    Raises
    ------
    ValueError
        Where a block does not hold whole allocations.

    Examples
    --------
    >>> np.bincount(randomise([4, 4], [""] * 8, block=4, seed=1, replicate=0)).tolist()
    [4, 4]
    """
    ratio = np.array(allocation_ratio(sizes))
    if block is not None and block % int(ratio.sum()):
        raise ValueError(f"a block of {block} does not hold whole allocations of {':'.join(map(str, ratio))}")
    content = np.repeat(
        np.arange(len(sizes)), np.array(sizes) if block is None else ratio * (block // int(ratio.sum()))
    )
    arms = np.empty(len(strata), dtype=np.int64)
    names = sorted(set(strata))
    for number, stratum in enumerate(names):
        rows = np.flatnonzero(np.array([s == stratum for s in strata]))
        left = np.array(sizes) if len(names) == 1 else None
        for start in range(0, len(rows), len(content)):
            here = rows[start : start + len(content)]
            dealt = content
            if left is not None:
                # the last block deals out exactly what is left of each arm
                dealt = np.repeat(np.arange(len(sizes)), np.minimum(np.bincount(content, minlength=len(sizes)), left))
            u = uniforms(
                seed,
                Purpose.RANDOMISATION,
                patient=TRIAL_LEVEL,
                item=start + np.arange(len(dealt)),
                index=number,
                replicate=replicate,
            )
            arms[here] = shuffled(dealt, u)[: len(here)]
            if left is not None:
                left = left - np.bincount(arms[here], minlength=len(sizes))
    return arms
