"""Values of patients who were chosen by their own measured response, as responders who were randomised again.

A patient is among them where the measured value, with its error, met the condition at its visit. The values of those
are taken as measured too: what made a reading good by chance at the visit that decides is in it, as in a trial, and is
not there at later visits (regression to the mean).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from anagen.analysis.measures import measure_of
from anagen.core.arrays import BoolArray, FloatArray
from anagen.scalp import ENDPOINTS, Readings
from anagen.study.among import Among
from anagen.study.observed import Observed
from anagen.trials.protocol import Protocol


def met(among: Among, value: FloatArray, baseline: FloatArray) -> BoolArray:
    """Who met a condition; who was not measured did not.

    Parameters
    ----------
    among : Among
        The condition.
    value : FloatArray, shape (n_patients,)
        Measured at the visit that decides.
    baseline : FloatArray, shape (n_patients,)
        Measured at baseline.

    Returns
    -------
    BoolArray, shape (n_patients,)
        True for those among them.

    Examples
    --------
    >>> condition = Among(endpoint="salt", week=52, measure="responder_value", threshold=20)
    >>> met(condition, np.array([12.0, 35.0, np.nan]), np.array([80.0, 80.0, 80.0])).tolist()
    [True, False, False]
    """
    rising = ENDPOINTS[among.endpoint].higher_is_better
    return measure_of(among.measure, value, baseline, among.threshold, rising=rising) == 1.0


def of_chosen(reading: Readings, plan: Protocol) -> Iterator[tuple[Observed, FloatArray, BoolArray]]:
    """Values behind every published one of chosen patients, in one arm.

    Parameters
    ----------
    reading : Readings
        Of the arm, [patient, visit, endpoint].
    plan : Protocol
        The study.

    Yields
    ------
    Observed, FloatArray and BoolArray
        The published value, each outcome once, the measure of every patient, and who was chosen.
    """
    names = [endpoint.name for endpoint in plan.endpoints]
    weeks = plan.weeks.tolist()
    once = {row.outcome: row for row in plan.study.observed if row.among is not None and row.endpoint in ENDPOINTS}
    for row in once.values():
        if row.among is None or row.week is None:
            continue
        decides = reading.measured[:, :, names.index(row.among.endpoint)]
        seen = reading.measured[:, :, names.index(row.endpoint)]
        rising = ENDPOINTS[row.endpoint].higher_is_better
        at = weeks.index(row.week)
        values = measure_of(row.measure, seen[:, at], seen[:, 0], row.threshold, rising=rising)
        yield row, values, met(row.among, decides[:, weeks.index(row.among.week)], decides[:, 0])


def chosen_patients(among: Among, arm: str, visits: pd.DataFrame) -> pd.Index:
    """Patients of an arm who met a condition in the first trial.

    Parameters
    ----------
    among : Among
        The condition.
    arm : str
        The arm.
    visits : pd.DataFrame
        Measured rows.

    Returns
    -------
    pd.Index
        Numbers of the patients.
    """
    rows = visits[
        (visits["replicate"] == 0)
        & visits["assigned"]
        & (visits["arm"] == arm)
        & (visits["endpoint"] == among.endpoint)
        & visits["week"].isin([0.0, among.week])
    ]
    wide = rows.pivot(index="patient", columns="week", values="measured")
    value, baseline = (wide[week].to_numpy(dtype=np.float64) for week in (among.week, 0.0))
    return wide.index[met(among, value, baseline)]
