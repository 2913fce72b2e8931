"""Exponential and logarithm as plain arithmetic, compiled for kernels.

A library call inside a loop keeps the compiler from working on several follicles in one instruction, and its last digit
depends on the C library of the machine. These use only additions, multiplications, one division and moves of bits.
"""

from __future__ import annotations

import numpy as np

from anagen.core.compiled import inlined

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""ln 2 in two parts; the first has so few digits that its product with an exponent is exact."""
ROUNDER = 6755399441055744.0
"""1.5 * 2**52: added to a number of moderate size, it leaves the nearest integer in the lowest bits."""
EXPONENT_BITS = np.int64(52)
ONE_BITS = np.int64(0x3FF0000000000000)
ROOT_HALF_BITS = np.int64(0x3FE6A09E667F3BCD)


@inlined
def exponential(x: float) -> float:
    """e**x, relative error below 3e-16.

    Parameters
    ----------
    x : float
        Beyond -708 and 709 it counts as these.

    Returns
    -------
    float
        Positive.
    """
    x = min(709.0, max(-708.0, x))
    shifted = x * LOG2_E + ROUNDER
    n = shifted - ROUNDER
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    r2 = r * r
    even = 1.0 / 2 + r2 * (
        1.0 / 24 + r2 * (1.0 / 720 + r2 * (1.0 / 40320 + r2 * (1.0 / 3628800 + r2 * (1.0 / 479001600))))
    )
    odd = 1.0 / 6 + r2 * (1.0 / 120 + r2 * (1.0 / 5040 + r2 * (1.0 / 362880 + r2 * (1.0 / 39916800))))
    bits = (np.float64(shifted).view(np.int64) << EXPONENT_BITS) + ONE_BITS
    power = np.int64(bits).view(np.float64)
    return (1.0 + (r + r2 * (even + r * odd))) * power


@inlined
def logarithm(x: float) -> float:
    """Natural logarithm, error below 3e-16 of max(1, |ln x|).

    Parameters
    ----------
    x : float
        A positive normal number.

    Returns
    -------
    float
        ln x.
    """
    bits = np.float64(x).view(np.int64)
    n = (bits - ROOT_HALF_BITS) >> EXPONENT_BITS
    m = np.int64(bits - (n << EXPONENT_BITS)).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    s2 = s * s
    series = s2 * (
        2.0 / 3
        + s2
        * (
            2.0 / 5
            + s2
            * (
                2.0 / 7
                + s2
                * (2.0 / 9 + s2 * (2.0 / 11 + s2 * (2.0 / 13 + s2 * (2.0 / 15 + s2 * (2.0 / 17 + s2 * (2.0 / 19))))))
            )
        )
    )
    return n * LN2_HIGH + (2.0 * s + (s * series + n * LN2_LOW))
