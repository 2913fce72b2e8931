"""What values after an intercurrent event count for, by the estimand of the study (ICH E9(R1)).

treatment_policy    as they were measured
hypothetical        as if the event had not happened: missing in a trial, in twins those of the arm's own course
composite           the outcome that the study states for patients with an event; no response
while_on_treatment  the last value before it
"""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.measures import RESPONDERS
from anagen.scalp import Readings
from anagen.trials.intercurrent import has_events
from anagen.trials.protocol import Protocol


def analysed(measured: FloatArray, week: FloatArray | None, plan: Protocol) -> FloatArray:
    """Measured values as the estimand has them.

    Parameters
    ----------
    measured : FloatArray, shape (n_arms, n_trials, n_patients, n_visits, n_endpoints)
        NaN where a patient was not seen, or is not in the arm.
    week : FloatArray or None, shape (n_arms, n_trials, n_patients)
        Of the event; infinity without one, None in a study without events.
    plan : Protocol
        The study.

    Returns
    -------
    FloatArray
        Of the same shape.
    """
    if week is None or not has_events(plan):
        return measured
    after = plan.weeks > week[..., None]
    estimand = plan.study.analysis.estimand
    if estimand == "hypothetical":
        return np.where(after[..., None], np.nan, measured)
    if estimand == "while_on_treatment":
        return carried(measured, after)
    return measured


def carried(values: FloatArray, after: BoolArray) -> FloatArray:
    """Values with the last one before an event in the place of those after it.

    Parameters
    ----------
    values : FloatArray, shape (..., n_visits, n_endpoints)
        NaN where a patient was not seen.
    after : BoolArray, shape (..., n_visits)
        Visits after the event.

    Returns
    -------
    FloatArray
        Of the same shape.

    Examples
    --------
    >>> carried(np.array([[1.0], [2.0], [9.0]]), np.array([False, False, True]))[:, 0].tolist()
    [1.0, 2.0, 2.0]
    """
    found, last = values.copy(), values[..., 0, :]
    for visit in range(values.shape[-2]):
        here = values[..., visit, :]
        gone = after[..., visit, None]
        found[..., visit, :] = np.where(gone, last, here)
        last = np.where(gone | np.isnan(here), last, here)
    return found


def true_readings(assembled: Readings, own: Readings, week: FloatArray, plan: Protocol) -> Readings:
    """Readings of twins as the estimand has them, nobody lost: what the estimate of a trial is to meet.

    Parameters
    ----------
    assembled : Readings
        With what follows each patient's event.
    own : Readings
        Under the arm's own course.
    week : FloatArray, shape (n_patients,)
        Of the event.
    plan : Protocol
        The study.

    Returns
    -------
    Readings
        Of the same patients.
    """
    estimand = plan.study.analysis.estimand
    if estimand == "hypothetical":
        return own
    if estimand == "while_on_treatment":
        after = plan.weeks > week[:, None]
        return Readings(*(carried(getattr(assembled, name), after) for name in ("true", "expected", "measured")))
    return assembled


def with_composite(
    outcome: FloatArray, week: FloatArray | None, at: float, endpoint: str, measure: str, plan: Protocol
) -> FloatArray:
    """Outcomes with the stated one of patients who had an event before.

    Parameters
    ----------
    outcome : FloatArray, shape (...)
        As the measure gives it.
    week : FloatArray or None, shape (...)
        Of the event.
    at : float
        Week of the outcome.
    endpoint : str
        Its name.
    measure : str
        Its measure.
    plan : Protocol
        The study.

    Returns
    -------
    FloatArray
        Of the same shape; outcomes that the study does not analyse stay as they are.
    """
    if week is None or plan.study.analysis.estimand != "composite":
        return outcome
    choices = (plan.study.endpoints.primary, *plan.study.endpoints.secondary)
    asked = any((choice.endpoint, choice.measure) == (endpoint, measure) for choice in choices)
    if not asked:
        return outcome
    worst = 0.0 if measure in RESPONDERS else plan.study.analysis.worst[endpoint]
    return np.where(week < at, worst, outcome)
