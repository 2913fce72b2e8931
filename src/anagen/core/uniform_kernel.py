"""Addressed uniform draws for arrays, compiled: one pass in place of ten rounds over arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled
from anagen.core.philox import philox4x32


@compiled
def fill_uniforms(
    item: NDArray[np.uint64],
    index: NDArray[np.uint64],
    purpose: int,
    replicate: NDArray[np.uint64],
    seed: int,
    patient: NDArray[np.uint64],
    out: FloatArray,
) -> None:
    """Fill uniform draws with 53 random bits, so that inverse transforms of extreme tails keep double precision.

    Parameters
    ----------
    item : ndarray of uint64, shape (n,)
        First word of each address.
    index : ndarray of uint64, shape (n,)
        Second word.
    purpose : int
        Third word of all.
    replicate : ndarray of uint64, shape (n,)
        Fourth word.
    seed : int
        First word of the key of all.
    patient : ndarray of uint64, shape (n,)
        Second word of the key.
    out : FloatArray, shape (n,)
        Filled here, in (0, 1).
    """
    third, key = np.uint64(purpose), np.uint64(seed)
    for i in range(out.shape[0]):
        high, low, _c, _d = philox4x32(item[i], index[i], third, replicate[i], key, patient[i])
        whole = np.float64(np.int64(high >> np.uint64(5))) * 67108864.0 + np.float64(np.int64(low >> np.uint64(6)))
        out[i] = (whole + 0.5) / 9007199254740992.0
