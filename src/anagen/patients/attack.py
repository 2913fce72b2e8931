"""How an attack on hair follicles follows what drives it, slowly, on a logarithmic scale."""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled


@compiled
def follow_attack(
    active: FloatArray,
    factor: FloatArray,
    response: FloatArray,
    fall: FloatArray,
    rise: FloatArray,
    step: float,
    least: float,
) -> FloatArray:
    """Strength of the attack relative to an untreated active patch, shape [patient, day].

    d ln A/dt = (ln G - ln A) / tau with the goal G = max(active * factor**response, least), and tau = `fall` where A
    lies above its goal and `rise` where it lies below; A is at its goal until the patch breaks out, and each step is
    solved exactly. Immune cells settle and multiply by factors, so that a strong attack takes as long to halve as a
    weak one.

    Parameters
    ----------
    active : FloatArray
        1 while the patch is active, 0 while it is quiet [patient, day], held from day to day.
    factor : FloatArray
        What therapies leave of the drive, 1 = untreated [patient, day].
    response : FloatArray
        How strongly the patient's disease depends on that drive [patient].
    fall : FloatArray
        Time constant of the fall [day], [patient].
    rise : FloatArray
        Time constant of the rise [day], [patient].
    step : float
        Grid spacing [day].
    least : float
        What is left of a quiet attack.

    Returns
    -------
    FloatArray
        A at the beginning of each step.
    """
    strength = np.empty_like(factor)
    floor = math.log(least)
    for i in range(factor.shape[0]):
        down, up = math.exp(-step / fall[i]), math.exp(-step / rise[i])
        level, begun = floor, False
        for j in range(factor.shape[1]):
            goal = floor
            if active[i, j] > 0.0 and factor[i, j] > 0.0:
                goal = max(floor, response[i] * math.log(factor[i, j]))
            if not begun:
                # a patch breaks out at once; only what has been quiet comes back slowly
                level, begun = goal, active[i, j] > 0.0
            strength[i, j] = math.exp(level)
            level = goal + (level - goal) * (down if level > goal else up)
    return strength
