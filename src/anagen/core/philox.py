"""Philox 4x32-10, the counter-based generator behind every random draw, compiled for kernels.

Four 32-bit words are a pure function of a 128-bit counter and a 64-bit key, so that a draw has an address rather than a
place in a sequence. Source: Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

import math

import numpy as np

from anagen.core.compiled import inlined
from anagen.core.elementary import logarithm

Word = np.uint64
"""A 32-bit word; compiled arithmetic on it needs the upper half for products."""

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
LOW_WORD = np.uint64(0xFFFFFFFF)
WORD_BITS = np.uint64(32)
ROUNDS = 10
UNIT = 1.0 / 4294967296.0
TAIL = 0.02425
"""Chance beyond which the normal quantile is approximated in the square root of a logarithm."""


@inlined
def philox4x32(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Four random 32-bit words for a counter and a key.

    Parameters
    ----------
    c0 : Word
        First word of the counter, below 2**32 as the others.
    c1 : Word
        Second word of the counter.
    c2 : Word
        Third word of the counter.
    c3 : Word
        Fourth word of the counter.
    k0 : Word
        First word of the key.
    k1 : Word
        Second word of the key.

    Returns
    -------
    tuple of 4 Word
        Below 2**32.

    References
    ----------
    Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405.
    """
    for _ in range(ROUNDS):
        p0 = MULTIPLIER_0 * (c0 & LOW_WORD)
        p1 = MULTIPLIER_1 * (c2 & LOW_WORD)
        c0 = (p1 >> WORD_BITS) ^ c1 ^ k0
        c1 = p1 & LOW_WORD
        c2 = (p0 >> WORD_BITS) ^ c3 ^ k1
        c3 = p0 & LOW_WORD
        k0 = (k0 + WEYL_0) & LOW_WORD
        k1 = (k1 + WEYL_1) & LOW_WORD
    return c0, c1, c2, c3


@inlined
def uniform(word: Word) -> float:
    """Uniform in the open interval (0, 1): (word + 1/2) / 2**32.

    Parameters
    ----------
    word : Word
        Below 2**32.

    Returns
    -------
    float
        In (0, 1).
    """
    return (np.float64(np.int64(word)) + 0.5) * UNIT


@inlined
def normal(u: float) -> float:
    """Standard normal quantile, relative error below 1.2e-9.

    A rational approximation; the central region |u - 1/2| < 0.47575 needs no logarithm.

    Parameters
    ----------
    u : float
        In (0, 1).

    Returns
    -------
    float
        Quantile.

    References
    ----------
    P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function, 2000-2010.
    """
    centred = u - 0.5
    r = centred * centred
    numerator = (
        (
            (((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r + 1.383577518672690e02)
            * r
            - 3.066479806614716e01
        )
        * r
        + 2.506628277459239
    ) * centred
    denominator = (
        (((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r + 6.680131188771972e01) * r
        - 1.328068155288572e01
    ) * r + 1.0
    tail = min(u, 1.0 - u)
    if tail < TAIL:
        q = math.sqrt(-2.0 * logarithm(tail))
        numerator = (
            (((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734) * q
            + 4.374664141464968
        ) * q + 2.938163982698783
        if u > 0.5:
            numerator = -numerator
        denominator = (
            ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416
        ) * q + 1.0
    return numerator / denominator
