"""One value in place of each that is missing: non-responders, and the last observation, which is not advised."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray


def non_responders(responded: ArrayLike) -> FloatArray:
    """Patients without a value counted as non-responders, as is customary for shares.

    Examples
    --------
    >>> non_responders([1, 0, float("nan")]).tolist()
    [1.0, 0.0, 0.0]
    """
    return np.nan_to_num(np.asarray(responded, dtype=float), nan=0.0)


def last_observation_carried_forward(outcome: ArrayLike) -> FloatArray:
    """Each missing value replaced by the patient's last one: not advised, and here to read older trials by.

    It assumes that a patient who left stays as he was. Hair that is being lost, or a drug that is stopped, do not, and
    the standard error takes guesses for measurements.

    Parameters
    ----------
    outcome : ArrayLike, shape (..., n_visits)
        NaN where missing.

    Returns
    -------
    FloatArray, shape (..., n_visits)
        NaN before a patient's first value.

    References
    ----------
    .. [1] National Research Council 2010, The Prevention and Treatment of Missing Data, doi:10.17226/12955.

    Examples
    --------
    >>> last_observation_carried_forward([[1.0, float("nan"), 3.0], [2.0, 4.0, float("nan")]]).tolist()
    [[1.0, 1.0, 3.0], [2.0, 4.0, 4.0]]
    """
    made = np.array(outcome, dtype=float)
    for visit in range(1, made.shape[-1]):
        gone = np.isnan(made[..., visit])
        made[gone, visit] = made[gone, visit - 1]
    return made
