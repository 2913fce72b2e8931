"""What further trials would publish, under posterior draws: expected value, spread between trials, error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.calibration.emulator import predictions
from anagen.calibration.joint import Joint
from anagen.core.arrays import FloatArray
from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, normals

ERROR = "error "


def fresh(names: Sequence[str], draws: int, seed: int) -> dict[str, FloatArray]:
    """Standard normal deviates [draw] of each name, addressed by name and draw.

    Examples
    --------
    >>> fresh(["study a"], 3, 1)["study a"].shape
    (3,)
    """
    index = np.arange(draws)
    return {
        name: normals(seed, Purpose.CALIBRATION, patient=TRIAL_LEVEL, item=address_of(name), index=index)
        for name in names
    }


def predictive_draws(joint: Joint, z: FloatArray, *, seed: int) -> FloatArray:
    """Published values [draw, value] of new trials like those of the targets.

    Values of one study share its offset, and values of one arm the spread of its gain; errors are those of the
    published size, not widened by weights, with the emulator's.

    Parameters
    ----------
    joint : Joint
        The values.
    z : FloatArray
        Deviates of the parameters [draw, parameter].
    seed : int
        Of what is new.
    """
    deviates = fresh([*joint.deviates, *(ERROR + target.label for target in joint.targets)], len(z), seed)
    se = np.array([target.se for target in joint.targets])
    noise = np.column_stack([deviates[ERROR + target.label] for target in joint.targets])
    noise = noise * np.sqrt(se**2 + joint.variances)
    return predictions(joint.emulators, z) + joint.spread(z, deviates) + noise


def spread_variance(joint: Joint, z: FloatArray) -> FloatArray:
    """Variance [value] between trials of offset and gain, at the mean of their squares over draws z."""
    variance = np.zeros(len(joint.targets))
    for i, terms in enumerate(joint.terms):
        for term in terms:
            if term.deviate is not None:
                variance[i] += float(np.mean((term.factor * joint.values(term.hyper, z)) ** 2))
    return variance
