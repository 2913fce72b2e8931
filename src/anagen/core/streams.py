"""Addressed random streams: every draw is named by (seed, replicate, patient, purpose, item), never by its turn.

The same patient under two therapies, in another batch, on another worker, therefore shares every draw. Follicles draw
through the compiled generator in `anagen.core.philox`; here is the same generator for arrays, used for covariates,
randomisation, measurement error and parameter draws.

    counter = (item, index, purpose, replicate), key = (seed, patient)

References
----------
.. [1] Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

import math
import zlib
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anagen.core.arrays import FloatArray
from anagen.core.numbers import MAX_SEED

TRIAL_LEVEL = 2**32 - 1
"""Patient number used for draws that belong to a whole trial (randomisation list, study offset)."""


class Purpose(IntEnum):
    """What a draw is for: the third word of its address. Numbers are part of the format; none is reused (3 is gone)."""

    FOLLICLE_START = 1
    CYCLE = 2
    HAZARD = 4
    COVARIATE = 16
    THERAPY_RESPONSE = 17
    ADHERENCE = 18
    RANDOMISATION = 19
    DROPOUT = 20
    COUNT_ERROR = 21
    DIAMETER_ERROR = 22
    STUDY_OFFSET = 23
    MISSED_VISIT = 24
    PARAMETER = 25
    CATEGORY = 26
    BATCH = 27
    RATER = 28
    PHARMACOKINETICS = 29
    POSTERIOR_ROW = 35
    JUDGEMENT = 40
    GRAFT = 41
    ADVERSE_EVENT = 60
    PATCH = 48
    DISEASE_COURSE = 49
    DISEASE_TRAIT = 50
    INTERCURRENT = 62
    CENTRE = 63
    ENROLMENT = 64
    SESSION = 65
    UNBLINDING = 66
    EXPLANATION = 70
    CALIBRATION = 90
    ASSAY = 91
    PLANNING = 92
    IMPUTATION = 93
    PICTURE = 96


def philox_words(
    counter: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike], key: tuple[ArrayLike, ArrayLike]
) -> NDArray[np.uint64]:
    """Philox 4x32-10 on arrays: four 32-bit words for each address.

    Parameters
    ----------
    counter : tuple of 4 array_like
        Integers below 2**32 that broadcast together.
    key : tuple of 2 array_like
        Integers below 2**32 that broadcast with the counter.

    Returns
    -------
    ndarray of uint64, shape (4, ...)
        Words below 2**32, for every address of the broadcast shape.

    References
    ----------
    Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405.

    Examples
    --------
    >>> [hex(int(w)) for w in philox_words((0, 0, 0, 0), (0, 0))]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    c0, c1, c2, c3, k0, k1 = np.broadcast_arrays(*(np.asarray(word, dtype=np.uint64) for word in (*counter, *key)))
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> half) ^ c1 ^ k0, p1 & low, (p0 >> half) ^ c3 ^ k1, p0 & low
        k0 = (k0 + np.uint64(0x9E3779B9)) & low
        k1 = (k1 + np.uint64(0xBB67AE85)) & low
    return np.stack([c0, c1, c2, c3])


def uniforms(
    seed: int,
    purpose: Purpose,
    *,
    patient: ArrayLike,
    item: ArrayLike = 0,
    index: ArrayLike = 0,
    replicate: ArrayLike = 0,
) -> FloatArray:
    """Uniform draws in (0, 1), one for each address.

    Parameters
    ----------
    seed : int
        0 to 2**32 - 1.
    purpose : Purpose
        What the draws are for.
    patient : array_like of int
        Below 2**32, as the other words; all broadcast together.
    item : array_like of int
        What is drawn for the patient.
    index : array_like of int
        Number within the item.
    replicate : array_like of int
        Number of the trial.

    Returns
    -------
    FloatArray
        Of the broadcast shape.

    Raises
    ------
    ValueError
        Where the seed is outside its range.

    Examples
    --------
    >>> uniforms(1, Purpose.COVARIATE, patient=[0, 1]).shape
    (2,)
    """
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed must lie between 0 and {MAX_SEED}, got {seed}")
    from anagen.core.uniform_kernel import fill_uniforms

    shape = np.broadcast(item, index, replicate, patient).shape
    # filled by assignment, which is several times as quick as broadcasting small arrays
    words = np.empty((4, *shape), dtype=np.uint64)
    for place, word in enumerate((item, index, replicate, patient)):
        words[place] = word
    first, second, fourth, key = words.reshape(4, -1)
    out = np.empty(len(first))
    fill_uniforms(first, second, int(purpose), fourth, seed, key, out)
    return out.reshape(shape)


def normals(
    seed: int,
    purpose: Purpose,
    *,
    patient: ArrayLike,
    item: ArrayLike = 0,
    index: ArrayLike = 0,
    replicate: ArrayLike = 0,
) -> FloatArray:
    """Standard normal draws, one for each address: the inverse of the distribution function.

    Parameters
    ----------
    seed : int
        0 to 2**32 - 1.
    purpose : Purpose
        What the draws are for.
    patient : array_like of int
        See `uniforms`.
    item : array_like of int
        See `uniforms`.
    index : array_like of int
        See `uniforms`.
    replicate : array_like of int
        See `uniforms`.

    Returns
    -------
    FloatArray
        Of the broadcast shape.

    Examples
    --------
    >>> bool(abs(normals(1, Purpose.COVARIATE, patient=range(4000)).mean()) < 0.06)
    True
    """
    from scipy.special import ndtri

    return np.asarray(
        ndtri(uniforms(seed, purpose, patient=patient, item=item, index=index, replicate=replicate)), dtype=np.float64
    )


def lognormals(
    seed: int,
    purpose: Purpose,
    *,
    cv: float,
    patient: ArrayLike,
    item: ArrayLike = 0,
    index: ArrayLike = 0,
    replicate: ArrayLike = 0,
) -> FloatArray:
    """Log-normal factors of mean 1, one for each address: exp(sigma z - sigma**2 / 2), sigma**2 = ln(1 + cv**2).

    Parameters
    ----------
    seed : int
        0 to 2**32 - 1.
    purpose : Purpose
        What the draws are for.
    cv : float
        Coefficient of variation.
    patient : array_like of int
        See `uniforms`.
    item : array_like of int
        See `uniforms`.
    index : array_like of int
        See `uniforms`.
    replicate : array_like of int
        See `uniforms`.

    Returns
    -------
    FloatArray
        Of the broadcast shape, positive.

    Examples
    --------
    >>> lognormals(1, Purpose.BATCH, cv=0.0, patient=[0, 1]).tolist()
    [1.0, 1.0]
    """
    sigma2 = math.log1p(cv * cv)
    z = normals(seed, purpose, patient=patient, item=item, index=index, replicate=replicate)
    return np.exp(math.sqrt(sigma2) * z - 0.5 * sigma2)


def address_of(name: str) -> int:
    """A fixed 32-bit number for a name, so that the draws of one therapy do not depend on which others exist.

    Parameters
    ----------
    name : str
        Any text.

    Returns
    -------
    int
        Its CRC-32.
    """
    return zlib.crc32(name.encode())


def generator(seed: int, purpose: Purpose, *, replicate: int = 0, item: int = 0, index: int = 0) -> np.random.Generator:
    """A generator for a procedure that draws as often as it needs, keyed by an address.

    Parameters
    ----------
    seed : int
        0 to 2**32 - 1.
    purpose : Purpose
        What the draws are for.
    replicate : int
        Number of the trial.
    item : int
        What is drawn.
    index : int
        Number within the item.

    Returns
    -------
    np.random.Generator
        The same numbers for the same address.

    Examples
    --------
    >>> one, again = (generator(1, Purpose.IMPUTATION, replicate=3) for _ in range(2))
    >>> one.standard_normal() == again.standard_normal()
    True
    """
    words = philox_words((item, index, int(purpose), replicate), (seed, TRIAL_LEVEL))
    return np.random.Generator(np.random.Philox(key=(words[::2] << np.uint64(32)) | words[1::2]))
