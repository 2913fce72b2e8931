"""Who stays: dropout by the last visit, and single visits missed."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.streams import Purpose, uniforms
from anagen.patients import Population


def dropout_week(population: Population, *, share: float, last_week: float, seed: int) -> FloatArray:
    """Week in which each patient leaves, spread evenly over the trial; not a number for those who complete it.

    A patient leaves if one uniform draw falls below the share; that draw over the share is then the time of leaving.
    """
    u = uniforms(seed, Purpose.DROPOUT, patient=population.patient, replicate=population.replicate)
    if share == 0.0:
        return np.full(len(population), np.nan)
    return np.where(u < share, u / share * last_week, np.nan)


def attended(population: Population, weeks: FloatArray, left: FloatArray, *, missed: float, seed: int) -> BoolArray:
    """True where a patient is seen, shape [patient, visit]: baseline always, nothing after leaving, few visits missed.

    The last visit is never missed by a patient who stayed; losing it is what dropout means.
    """
    hours = np.rint(weeks * 168.0).astype(np.int64)
    u = uniforms(
        seed,
        Purpose.MISSED_VISIT,
        patient=population.patient[:, None],
        item=hours[None, :],
        replicate=population.replicate[:, None],
    )
    seen = u >= missed
    seen[:, 0] = True
    seen[:, -1] = True
    gone = weeks[None, :] >= np.where(np.isnan(left), np.inf, left)[:, None]
    return seen & ~(gone & (weeks > 0.0)[None, :])
