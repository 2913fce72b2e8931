"""A finite dose on the stratum corneum, solved exactly: the surface runs dry, and some of it is lost.

A well-stirred film of thickness h on a membrane with partition K, diffusivity D, thickness L and a sink beneath:

    h dC/dt = D dc/dx - h w C,   c(0) = K C,   c(L) = 0

In relative time T = D t / L^2, with the membrane's capacity over the film's, m = K L / h, and the loss u = w L^2 / D:

    share left on the surface = sum A_n exp(-b_n^2 T),   b^2 - u = m b cot b,   one root b_n in each (n pi, (n + 1) pi)
    1 / A_n = 1 + m / 2 (1 / sin^2 b_n - cot b_n / b_n)

Surface, membrane, permeated and lost have series of their own, so that their sum is a check. Early, while nothing has
come through, the film sees an endless membrane and its share is a difference of two scaled error functions.

Derivation: residues of the Laplace transform 1 / (s + u + m sqrt(s) coth sqrt(s)); for u = 0 it is the classical
solution for a solute of limited volume (Crank 1975, section 4.3.5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import wofz

from anagen.core.arrays import FloatArray

TERMS = 100
FEW = 16
"""Terms that are left once the others, exp(-GONE) and less, are exactly zero; NumPy adds up in groups of 8."""
GONE = 750.0
EARLY = 1e-3
"""Below this T less than exp(-1 / (4 T)), 1e-108, has come through, and 100 terms are too few above 1e-12."""


@dataclass(frozen=True, slots=True)
class FiniteDose:
    """Shares of one dose over time; every array has the shape of the times. They add up to 1.

    Attributes
    ----------
    surface : FloatArray
        Still on the skin.
    held : FloatArray
        Within the stratum corneum.
    permeated : FloatArray
        Came through.
    lost : FloatArray
        Rubbed, washed or crystallised off the surface.
    """

    surface: FloatArray
    held: FloatArray
    permeated: FloatArray
    lost: FloatArray


def finite_dose(scaled: FloatArray, *, capacity: float, loss: float) -> FiniteDose:
    """Shares of a dose at T = D t / L^2.

    Parameters
    ----------
    scaled : FloatArray
        T, not negative.
    capacity : float
        m = K L / h, of the membrane over that of the film.
    loss : float
        u = w L^2 / D.

    Returns
    -------
    FiniteDose
        Shares of the shape of the times.

    Raises
    ------
    ValueError
        Where the capacity is not positive or the loss is negative.

    Examples
    --------
    >>> shares = finite_dose(np.array([0.0, 0.5, 200.0]), capacity=0.3, loss=0.2)
    >>> total = shares.surface + shares.held + shares.permeated + shares.lost
    >>> bool(np.all(np.abs(total - 1.0) < 1e-9))
    True
    """
    if not capacity > 0.0:
        raise ValueError(f"the capacity of the membrane must be positive, got {capacity}")
    if not loss >= 0.0:
        raise ValueError(f"the loss from the surface must not be negative, got {loss}")
    time = np.asarray(scaled, dtype=np.float64)
    b = roots(capacity, loss)
    weight = 1.0 / (1.0 + 0.5 * capacity * (1.0 / np.sin(b) ** 2 - 1.0 / (np.tan(b) * b)))
    late = np.maximum(time, EARLY)
    sums = np.empty((4, *time.shape))
    for some, terms in ((late * b[FEW] ** 2 < GONE, TERMS), (late * b[FEW] ** 2 >= GONE, FEW)):
        b_n, weight_n = b[:terms], weight[:terms]
        left = np.exp(-(b_n**2) * late[some][:, None])
        sums[0, some] = (weight_n * left).sum(axis=-1)
        sums[1, some] = (weight_n * capacity * (1.0 - np.cos(b_n)) / (b_n * np.sin(b_n)) * left).sum(axis=-1)
        sums[2, some] = (weight_n * capacity / (b_n * np.sin(b_n)) * left).sum(axis=-1)
        sums[3, some] = (weight_n / b_n**2 * left).sum(axis=-1)
    surface, held = sums[0], sums[1]
    # what is permeated and lost in the end is known, so that the slowly converging sums of the start are not needed
    whole = capacity + loss
    permeated, lost = capacity / whole - sums[2], loss / whole - loss * sums[3]
    first_surface, first_lost = _before_breakthrough(np.minimum(time, EARLY), capacity, loss)
    early = time < EARLY
    return FiniteDose(
        surface=np.where(early, first_surface, surface),
        held=np.where(early, 1.0 - first_surface - first_lost, held),
        permeated=np.where(early, 0.0, permeated),
        lost=np.where(early, first_lost, lost),
    )


def roots(capacity: float, loss: float) -> FloatArray:
    """The first roots b of b^2 - u = m b cot b, one in each (n pi, (n + 1) pi), by bisection.

    Parameters
    ----------
    capacity : float
        m, of the membrane over that of the film.
    loss : float
        u, in units of D / L^2.

    Returns
    -------
    FloatArray
        Shape (TERMS,), increasing.

    Examples
    --------
    >>> b = roots(0.3, 0.2)
    >>> bool(np.all(np.abs(b**2 - 0.2 - 0.3 * b / np.tan(b)) < 1e-8 * b**2))
    True
    """
    start = np.arange(TERMS) * math.pi
    low, high = np.zeros(TERMS), np.full(TERMS, math.pi)
    for _ in range(200):
        # cot falls from +inf to -inf within each interval while the other side rises; the angle within the interval
        # keeps its digits where the root lies close to the interval's start
        angle = 0.5 * (low + high)
        b = start + angle
        above = (b**2 - loss) * np.sin(angle) > capacity * b * np.cos(angle)
        before = low, high
        low, high = np.where(above, low, angle), np.where(above, angle, high)
        if np.array_equal(low, before[0]) and np.array_equal(high, before[1]):
            break
    return start + 0.5 * (low + high)


def _before_breakthrough(time: FloatArray, capacity: float, loss: float) -> tuple[FloatArray, FloatArray]:
    """Shares on the surface and lost while the membrane is as good as endless: 1 / ((q + a) (q + b)), q = sqrt(s)."""
    root = np.sqrt(complex(capacity * capacity - 4.0 * loss))
    if abs(root) < 1e-6 * capacity:
        # equal roots are a removable singularity of the difference below
        root = complex(1e-6 * capacity)
    a, b = 0.5 * (capacity - root), 0.5 * (capacity + root)
    at = np.sqrt(time)

    # exp(z^2) erfc(z) of a complex number is Faddeeva's function at i z
    ea, eb = (np.asarray(wofz(1j * rate * at), dtype=np.complex128) for rate in (a, b))
    surface = np.real((b * eb - a * ea) / (b - a))
    if loss == 0.0:
        return surface, np.zeros_like(time)
    return surface, np.real(loss * ((1.0 - ea) / a - (1.0 - eb) / b) / (b - a))
