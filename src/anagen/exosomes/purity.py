"""Particle:protein ratio as a measure of purity, and the share of a count that is taken to be vesicles.

Webber & Clayton 2013, doi:10.3402/jev.v2i0.19861: above 3e10 particles per ug is pure, 2e9 to 2e10 is of low purity,
below 1.5e9 is impure. Ratios in the two gaps are counted as low purity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

PURE, IMPURE = 3.0e10, 1.5e9
PurityClass = Literal["high purity", "low purity", "impure", "unknown purity"]


def purity_class(particles_per_ug: float | None) -> PurityClass:
    """Class of a particle:protein ratio [particles/ug]; None where it was not measured.

    Examples
    --------
    >>> purity_class(4e10), purity_class(5e9), purity_class(1e9), purity_class(None)
    ('high purity', 'low purity', 'impure', 'unknown purity')
    """
    if particles_per_ug is None:
        return "unknown purity"
    if particles_per_ug >= PURE:
        return "high purity"
    return "low purity" if particles_per_ug >= IMPURE else "impure"


def vesicle_share(particles_per_ug: float | None, values: Mapping[str, float]) -> float:
    """Share of the counted particles that is taken to be vesicles, by purity class."""
    return values[f"vesicle.share_{purity_class(particles_per_ug).replace(' ', '_')}"]
