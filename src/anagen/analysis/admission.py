"""What is expected beside a measured mean of patients who were admitted on a measured baseline: regression to the mean.

Who measures high by chance is admitted, or kept out, and measures as he is later. The means of such patients are those
of the reference patients with their own measured baseline, and after it without the errors of single visits:

    baseline   m_i0                                as it was measured, and admitted
    after it   e_iw + mean over visits of m_iw - e_iw      what of the error stays with the patient

m is measured and e expected without random error. A difference of two arms holds none of this: its expected values stay
those without error.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.trials.protocol import Protocol

ADMITTED = "admitted: "
"""Before the name of a measure in the table of expected values: of patients as they were admitted."""


def regresses(plan: Protocol, arm: int) -> bool:
    """Whether an arm's patients were admitted on what was measured.

    Parameters
    ----------
    plan : Protocol
        The study.
    arm : int
        Place of the arm; of a split scalp only the first side is screened.

    Returns
    -------
    bool
        False for a study without ranges of inclusion.
    """
    return bool(plan.study.population.inclusion) and not (plan.split_scalp and arm > 0)


def as_admitted(expected: FloatArray, measured: FloatArray) -> FloatArray:
    """Values of patients as they were admitted, without the errors of single visits after baseline.

    Parameters
    ----------
    expected : FloatArray, shape (n_patients, n_visits)
        Without random error.
    measured : FloatArray, shape (n_patients, n_visits)
        With it; NaN where there is no value.

    Returns
    -------
    FloatArray, shape (n_patients, n_visits)
        In the unit of the endpoint; NaN where there is no value.

    Examples
    --------
    >>> as_admitted(np.array([[100.0, 102.0, 104.0]]), np.array([[90.0, 101.0, 107.0]])).tolist()
    [[90.0, 103.0, 105.0]]
    """
    away = measured[:, 1:] - expected[:, 1:]
    known = np.isfinite(away)
    n = known.sum(axis=1)
    stays = np.divide(np.where(known, away, 0.0).sum(axis=1), n, out=np.zeros(len(away)), where=n > 0)
    values = expected + stays[:, None]
    values[:, 0] = measured[:, 0]
    return values


def rows_alone(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rows of an arm by itself, as its patients were admitted where that makes a difference.

    Parameters
    ----------
    rows : pd.DataFrame
        Rows of `analysis.expected.expected_table` of one endpoint and week.
    measure : str
        Name of the measure.

    Returns
    -------
    pd.DataFrame
        Those that stand beside a measured mean.

    Examples
    --------
    >>> rows = pd.DataFrame({"measure": ["change", "admitted: change"], "expected": [3.0, 5.0]})
    >>> rows_alone(rows, "change")["expected"].tolist(), rows_alone(rows[:1], "change")["expected"].tolist()
    ([5.0], [3.0])
    """
    admitted = rows[rows["measure"] == ADMITTED + measure]
    if not len(admitted):
        return rows[rows["measure"] == measure]
    # an arm that was not admitted on what was measured has no such rows
    others = rows[(rows["measure"] == measure) & ~rows["arm"].isin(admitted["arm"])] if "arm" in rows else rows[:0]
    return pd.concat([admitted, others]) if len(others) else admitted
