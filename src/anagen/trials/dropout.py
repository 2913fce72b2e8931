"""Who stays: dropout by the last visit, with or without an adverse event as its reason, and single visits missed."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.streams import Purpose, uniforms
from anagen.patients import Population


def dropout_week(population: Population, *, share: float, last_week: float, seed: int) -> FloatArray:
    """Week in which each patient leaves for reasons other than an adverse event; not a number for those who do not.

    A patient leaves if one uniform draw falls below the share; that draw over the share is then the time of leaving,
    spread evenly over the trial.
    """
    u = uniforms(seed, Purpose.DROPOUT, patient=population.patient, replicate=population.replicate)
    if share == 0.0:
        return np.full(len(population), np.nan)
    return np.where(u < share, u / share * last_week, np.nan)


def leaving(other_week: FloatArray, event_week: FloatArray, *, last_week: float) -> tuple[FloatArray, BoolArray]:
    """Week in which each patient leaves for whichever reason comes first, and whether that is an adverse event.

    Parameters
    ----------
    other_week : FloatArray
        Week of leaving for other reasons, not a number for none [patient].
    event_week : FloatArray
        Week of an event that makes the patient stop, infinity for none [patient].
    last_week : float
        Week of the last visit; nobody leaves at it or later.

    Returns
    -------
    tuple[FloatArray, BoolArray]
        Week of leaving, and whether an adverse event was the reason; shape (n_patients,) each.

    Examples
    --------
    >>> week, because = leaving(np.array([8.0, np.nan]), np.array([4.0, np.inf]), last_week=24.0)
    >>> week.tolist(), because.tolist()
    ([4.0, nan], [True, False])
    """
    other = np.where(np.isnan(other_week), np.inf, other_week)
    because = (event_week <= other) & (event_week < last_week)
    first = np.where(because, event_week, other)
    return np.where(np.isfinite(first), first, np.nan), because


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
