"""Diffusion through the stratum corneum, solved exactly, for a lasting excess of drug on its surface.

    dc/dt = D d2c/dx2,   c(0) = K C,   c(L) = 0,   T = D t / L^2

Each quantity has a series that converges fast late (eigenfunctions) and one that converges fast early (images); the two
agree where they meet, T = 0.1. Steady flux is kp C with kp = K D / L, and the lag is L^2 / (6 D).

References
----------
.. [1] Crank, The Mathematics of Diffusion, 1975, section 4.3.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import erfc

from anagen.core.arrays import FloatArray

MEET = 0.1
TERMS = np.arange(1.0, 13.0)
"""At T = 0.1 the first term left out is exp(-13^2 pi^2 / 10), below 1e-70."""


def lag_time(thickness: float, diffusivity: float) -> float:
    """Intercept of the steady part of the permeated amount, L^2 / (6 D), in the time unit of `diffusivity`.

    Parameters
    ----------
    thickness : float
        L [cm].
    diffusivity : float
        D [cm2 per unit of time].

    Returns
    -------
    float
        In the time unit of the diffusivity.

    Examples
    --------
    >>> lag_time(15e-4, 3.75e-7) # 15 um; cm2/h
    1.0
    """
    return thickness * thickness / (6.0 * diffusivity)


def permeability(log_partition: float, molar_mass: float) -> float:
    """Permeability of human stratum corneum [cm/h] to a small molecule in water.

    log10 kp = -2.7 + 0.71 log Kow - 0.0061 M (Potts & Guy 1992, doi:10.1023/A:1015810312465, coefficients from memory).

    Parameters
    ----------
    log_partition : float
        Logarithm of the octanol-water partition coefficient.
    molar_mass : float
        M [g/mol].

    Returns
    -------
    float
        [cm/h].

    Examples
    --------
    >>> round(permeability(1.24, 209.2) * 1e4, 1)
    8.0
    """
    return 10.0 ** (-2.7 + 0.71 * log_partition - 0.0061 * molar_mass)


def flux_out(scaled: FloatArray) -> FloatArray:
    """Flux that leaves the inner side over steady flux, at T = D t / L^2.

    1 + 2 sum (-1)^n exp(-n^2 pi^2 T) = 2 / sqrt(pi T) sum exp(-(2n - 1)^2 / (4 T)).

    Parameters
    ----------
    scaled : FloatArray
        T, not negative, of any shape.

    Returns
    -------
    FloatArray
        0 to 1, of the shape of T.

    Examples
    --------
    >>> flux_out(np.array([0.0, 10.0])).tolist()
    [0.0, 1.0]
    """
    late = 1.0 + 2.0 * _sum((-1.0) ** TERMS * _decay(scaled))
    t = _early(scaled)
    early = 2.0 / np.sqrt(math.pi * t) * _sum(np.exp(-((2.0 * TERMS - 1.0) ** 2) / (4.0 * t[..., None])))
    return _choose(scaled, early, late, start=0.0)


def amount_out(scaled: FloatArray) -> FloatArray:
    """Amount that has left the inner side, in units of K C L per area; late: T - 1/6, the lag.

    Parameters
    ----------
    scaled : FloatArray
        T, not negative, of any shape.

    Returns
    -------
    FloatArray
        In units of K C L per area, of the shape of T.

    Examples
    --------
    >>> bool(abs(amount_out(np.array([5.0]))[0] - (5.0 - 1.0 / 6.0)) < 1e-12)
    True
    """
    late = scaled - 1.0 / 6.0 - 2.0 / math.pi**2 * _sum((-1.0) ** TERMS * _decay(scaled) / TERMS**2)
    t = _early(scaled)
    early = 4.0 * np.sqrt(t) * _sum(_ierfc((2.0 * TERMS - 1.0) / (2.0 * np.sqrt(t[..., None]))))
    return _choose(scaled, early, late, start=0.0)


def _decay(scaled: FloatArray) -> FloatArray:
    return np.exp(-(TERMS**2) * math.pi**2 * np.maximum(scaled, MEET)[..., None])


def _early(scaled: FloatArray) -> FloatArray:
    return np.clip(scaled, 1e-12, MEET)


def _ierfc(x: FloatArray) -> FloatArray:
    """Integral of the complementary error function, exp(-x^2) / sqrt(pi) - x erfc(x)."""
    return np.asarray(np.exp(-x * x) / math.sqrt(math.pi) - x * erfc(x), dtype=np.float64)


def _sum(terms: FloatArray) -> FloatArray:
    return np.asarray(terms.sum(axis=-1), dtype=np.float64)


def _choose(scaled: FloatArray, early: FloatArray, late: FloatArray, *, start: float) -> FloatArray:
    return np.where(scaled >= MEET, late, np.where(scaled > 0.0, early, start))
