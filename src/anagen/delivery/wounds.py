"""What an act leaves in the skin by itself: the wound signal of a needle, a thread or a laser, which rises and decays.

    strength = e / (e + half),   e = injuries per cm2 * depth [mm];   signal(t) = strength * chain of rise and decay

Whatever is in the syringe, the needle has its own effect; it belongs to the control arm as well. Only the shape is
meant: the size of the effect on follicles belongs to signalling. Counts rose on saline in one trial (+15.7 hairs/cm2,
PMID 32653577) and did not in another (+1.5, doi:10.3390/life15030500), so that every number here is a prior.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray

Injury = Literal["needle", "thread", "laser"]
INJURIES: tuple[Injury, ...] = ("needle", "thread", "laser")


def wound_strength(injury: Injury, density: FloatArray, depth: float, values: Mapping[str, float]) -> FloatArray:
    """Strength of the signal of one session, 0 to 1, saturating with injuries per cm2 times depth [mm].

    Parameters
    ----------
    injury : Injury
        What wounds the skin.
    density : FloatArray
        Injuries per cm2.
    depth : float
        Depth [mm].
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    FloatArray
        0 to 1, of the shape of the density.

    Raises
    ------
    ValueError
        Where density or depth is negative.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> strength = wound_strength("needle", np.array([0.0, 1.0, 100.0]), 1.0, load_parameters().draw(1, 0))
    >>> bool(strength[0] == 0.0 and strength[1] < strength[2] < 1.0)
    True
    """
    if not (np.all(density >= 0.0) and depth >= 0.0):
        raise ValueError("density and depth must not be negative")
    injured = density * depth
    return np.asarray(injured / (injured + values[f"wound_signal.{injury}_half"]), dtype=np.float64)
