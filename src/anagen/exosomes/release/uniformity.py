"""How alike the containers of a batch are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from anagen.exosomes.product import Product


@dataclass(frozen=True, slots=True)
class Uniformity:
    """Containers of one batch.

    Attributes
    ----------
    mean : float
        Mean of the counts.
    cv : float
        Coefficient of variation.
    cv_high : float
        Upper 95 % confidence limit of the coefficient of variation; infinite for one container.
    outside : int
        Containers outside the tolerance about the mean.
    """

    mean: float
    cv: float
    cv_high: float
    outside: int


def uniformity_of(counts: Sequence[float], tolerance: float) -> Uniformity:
    """How alike containers are.

    cv_high = cv sqrt((n - 1) / q), q the 5 % point of chi-squared with n - 1 degrees of freedom

    Parameters
    ----------
    counts : Sequence of float
        Particles of each container.
    tolerance : float
        Share of the mean by which one may differ.

    Examples
    --------
    >>> uniformity_of([1e10, 1.1e10, 0.7e10], 0.2).outside
    1
    """
    from scipy.special import chdtri

    numbers = np.asarray(counts, dtype=np.float64)
    mean = float(numbers.mean())
    outside = int(np.sum(np.abs(numbers - mean) > tolerance * mean))
    if numbers.size < 2:
        return Uniformity(mean, 0.0, math.inf, outside)
    if mean <= 0.0:
        return Uniformity(mean, math.inf, math.inf, outside)
    cv = float(numbers.std(ddof=1)) / mean
    free = numbers.size - 1
    return Uniformity(mean, cv, cv * math.sqrt(free / float(chdtri(free, 0.95))), outside)


def label_of(product: Product) -> float | None:
    """Particles that the label of a container names; None where the file tells of no label."""
    if product.release is not None and product.release.label is not None:
        return product.release.label
    concentration = product.particles.concentration
    return concentration.value * product.particles.vial_volume if concentration.basis == "label" else None
