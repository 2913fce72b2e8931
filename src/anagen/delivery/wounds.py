"""What an act leaves in the skin by itself: the wound signal of a needle, a thread or a laser, which rises and decays.

    strength = e / (e + half),   e = injuries per cm2 * depth [mm];   signal(t) = strength * chain of rise and decay

Whatever is in the syringe, the needle has its own effect; it belongs to the control arm as well. Only the shape is
meant: the size of the effect on follicles belongs to signalling. Counts rose on saline in one trial (+15.7 hairs/cm2,
PMID 32653577) and did not in another (+1.5, doi:10.3390/life15030500), so that every number here is a prior.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.compartments import Compartments, join, mean_amounts
from anagen.delivery.doses import Doses

Injury = Literal["needle", "thread", "laser"]
INJURIES: tuple[Injury, ...] = ("needle", "thread", "laser")


def wound_strength(injury: Injury, density: FloatArray, depth: float, values: Mapping[str, float]) -> FloatArray:
    """Strength of the signal of one session, 0 to 1, saturating with injuries per cm2 times depth [mm].

    Raises:
        ValueError: where density or depth is negative.

    Example:
        >>> from anagen.parameters import load_parameters
        >>> strength = wound_strength("needle", np.array([0.0, 1.0, 100.0]), 1.0, load_parameters().draw(1, 0))
        >>> bool(strength[0] == 0.0 and strength[1] < strength[2] < 1.0)
        True
    """
    if not (np.all(density >= 0.0) and depth >= 0.0):
        raise ValueError("density and depth must not be negative")
    injured = density * depth
    return np.asarray(injured / (injured + values[f"wound_signal.{injury}_half"]), dtype=np.float64)


def signal_chain(injury: Injury, values: Mapping[str, float]) -> Compartments:
    """Injury that turns into a signal, which decays."""
    rise = math.log(2.0) / values["wound_signal.rise"]
    fall = math.log(2.0) / values[f"wound_signal.{injury}_half_life"]
    return join(("injury", "signal", "healed"), {("injury", "signal"): rise, ("signal", "healed"): fall})


def wound_signal(
    injury: Injury, sessions: Doses, depth: float, times: FloatArray, values: Mapping[str, float]
) -> FloatArray:
    """Mean wound signal from each time to the next, shape [patient, time - 1].

    Args:
        injury: what made the wound. sessions: [day] and injuries per cm2. depth: [mm]. times: [day], increasing.

    Example:
        >>> from anagen.delivery.doses import repeated
        >>> from anagen.parameters import load_parameters
        >>> rolled = repeated(100.0, start=0, every=28, until=84)
        >>> signal = wound_signal("needle", rolled, 0.5, np.arange(0.0, 200.0), load_parameters().draw(1, 0))[0]
        >>> bool(signal[60] > 0.0 and signal[-1] < 1e-6)
        True
    """
    strengths = Doses(sessions.days, wound_strength(injury, sessions.amounts, depth, values))
    return mean_amounts(signal_chain(injury, values), strengths, times, into="injury")[:, :, 1]
