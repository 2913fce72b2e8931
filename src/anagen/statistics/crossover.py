"""Two treatments given to each patient in two periods (AB/BA).

With d the first period's value less the second's in each patient, and sequence means d_AB and d_BA,

    treatment = (d_AB - d_BA) / 2,  period = (d_AB + d_BA) / 2

with the two-sample t of n - 2 degrees of freedom: patients' own level cancels. A mixed model with treatment, period and
a random patient gives the same where all have both periods, and uses patients with one period as well.

Hair lost or gained takes months to return: a crossover fits shedding or itch better than a hair count.

References
----------
.. [1] Senn 2002, Cross-over Trials in Clinical Research; doi:10.1002/0470854596.
.. [2] Freeman 1989, on pre-testing for carry-over, doi:10.1002/sim.4780081202.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray
from anagen.statistics.contrast import Contrast, student
from anagen.statistics.design import Factor, check_rank, design
from anagen.statistics.faults import fault, labels, numbers
from anagen.statistics.paired import random_intercept

if TYPE_CHECKING:
    import pandas as pd

CARRY_OVER_WARNING = (
    "the test for carry-over compares patients between sequences and has little power; do not choose the analysis by "
    "it: a trial that keeps the first period alone where it is significant has "
    "a false positive rate above the stated one"
)


@dataclass(frozen=True, slots=True)
class Crossover:
    """Values of patients with periods in columns.

    Attributes
    ----------
    names : tuple[str, str]
        Active treatment, control.
    outcome : FloatArray, shape (n_patients, 2)
        Outcome of each period, NaN where missing.
    active_first : BoolArray, shape (n_patients,)
        Whether the sequence is active, then control.
    """

    names: tuple[str, str]
    outcome: FloatArray
    active_first: BoolArray

    @property
    def name(self) -> str:
        """The contrast in words."""
        return f"{self.names[0]} - {self.names[1]}"


def crossover(
    data: pd.DataFrame,
    *,
    outcome: str = "change",
    patient: str = "id",
    period: str = "period",
    treatment: str = "treatment",
    active: str = "active",
    control: str = "control",
) -> Crossover:
    """Rows of patients and periods, brought side by side.

    Parameters
    ----------
    data : pd.DataFrame
        One row a patient and period.
    outcome : str
        Column of the outcome.
    patient : str
        Column that names patients.
    period : str
        Column of the period, of two levels in order.
    treatment : str
        Column of what was given.
    active : str
        Treatment.
    control : str
        Its control.

    Returns
    -------
    Crossover
        The trial.

    Raises
    ------
    DataFault
        Where there are not two periods and two treatments, or a patient has the same one twice.
    """
    y = numbers(data, outcome, patient=patient)
    people, person = labels(data, patient)
    periods, when = labels(data, period, patient=patient)
    given, code = labels(data, treatment, first=active, patient=patient)
    if len(periods) != 2:
        raise fault(period, f"has {len(periods)} levels", "give two periods", allowed=periods)
    if set(given) != {active, control} or active == control:
        raise fault(treatment, "must name two treatments", f"write '{active}' or '{control}'", allowed=given)
    wide, first = np.full((len(people), 2), np.nan), np.full(len(people), -1)
    taken = np.zeros((len(people), 2), dtype=bool)
    for row in range(len(y)):
        i, j = person[row], when[row]
        if taken[i, j]:
            what = f"gives period {periods[j]} a second time"
            raise fault(period, what, "keep one row a patient and period", row=row + 1, patient=people[i])
        sequence = int((code[row] == 0) == (j == 0))
        if first[i] not in (-1, sequence):
            what = f"gives '{given[code[row]]}' in both periods"
            raise fault(treatment, what, "leave the patient out", row=row + 1, patient=people[i])
        taken[i, j], first[i], wide[i, j] = True, sequence, y[row]
    return Crossover((active, control), wide, first == 1)


def within_patients(data: Crossover, *, alpha: float = 0.05) -> Contrast:
    """The effect of treatment from differences within patients, adjusted for the period.

    Parameters
    ----------
    data : Crossover
        The trial.
    alpha : float
        Two-sided error.

    Returns
    -------
    Contrast
        Over patients with both periods.

    Examples
    --------
    >>> trial = Crossover(("active", "control"), np.array([[8.0, 3], [9, 5], [6, 2], [4, 7], [3, 8], [1, 6]]),
    ...                   np.array([True, True, True, False, False, False]))
    >>> within_patients(trial).text()[:42]
    'active - control: 4.333 (3.299 to 5.368), '
    """
    d = data.outcome[:, 0] - data.outcome[:, 1]
    method = "crossover, differences within patients adjusted for the period, patients with both periods"
    return _half(data, d, 1.0, data.name, method, alpha)


def period_effect(data: Crossover, *, alpha: float = 0.05) -> Contrast:
    """The first period less the second, adjusted for treatment.

    Parameters
    ----------
    data : Crossover
        The trial.
    alpha : float
        Two-sided error.

    Returns
    -------
    Contrast
        Over patients with both periods.
    """
    d = data.outcome[:, 0] - data.outcome[:, 1]
    method = "crossover, period effect adjusted for treatment, patients with both periods"
    return _half(data, d, -1.0, "first period - second", method, alpha)


def carry_over(data: Crossover, *, alpha: float = 0.05) -> Contrast:
    """Difference between sequences of patients' sums: what the first treatment left behind in the second period.

    Parameters
    ----------
    data : Crossover
        The trial.
    alpha : float
        Two-sided error.

    Returns
    -------
    Contrast
        Carry-over of the active treatment less that of the control; `method` holds the warning.
    """
    total = 2.0 * (data.outcome[:, 0] + data.outcome[:, 1])
    method = f"crossover, sums of patients compared between sequences; {CARRY_OVER_WARNING}"
    return _half(data, total, 1.0, f"carry-over of {data.names[0]} - of {data.names[1]}", method, alpha)


def crossover_mixed_model(data: Crossover, *, alpha: float = 0.05) -> Contrast:
    """Outcome ~ treatment + period + (1 | patient) by REML, with Kenward-Roger degrees of freedom.

    Parameters
    ----------
    data : Crossover
        The trial.
    alpha : float
        Two-sided error.

    Returns
    -------
    Contrast
        Over all patients with a value.

    Raises
    ------
    DataFault
        Where the model cannot be fitted.
    """
    seen = np.isfinite(data.outcome)
    _sequences(data, np.asarray(seen.all(axis=1)))
    person, period = np.nonzero(seen)
    active = (data.active_first[person] == (period == 0)).astype(np.int64)
    made = design(
        [Factor("treatment", (data.names[1], data.names[0]), active), Factor("period", ("1", "2"), period)],
        [["treatment"], ["period"]],
    )
    check_rank(made)
    fitted = random_intercept(made.matrix, data.outcome[person, period], person, period)
    estimate, error, df = fitted.kenward_roger(np.array([0.0, 1.0, 0.0]))
    method = "crossover, mixed model, patient as random effect, REML, Kenward-Roger degrees of freedom"
    both = int(seen.all(axis=1).sum())
    n = {"both periods": both, "one period": int(seen.any(axis=1).sum()) - both}
    return student(data.name, estimate, error, df, alpha=alpha, method=method, n=n)


def _half(data: Crossover, d: FloatArray, sign: float, name: str, method: str, alpha: float) -> Contrast:
    """(mean of d, active first, less `sign` times that of the other sequence) / 2, with the pooled variance."""
    used = np.isfinite(d)
    one, other = d[used & data.active_first], d[used & ~data.active_first]
    _sequences(data, used)
    df = len(one) + len(other) - 2.0
    squares = float(((one - one.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum())
    error = float(np.sqrt(squares / df * (1.0 / len(one) + 1.0 / len(other)))) / 2.0
    estimate = float(one.mean() - sign * other.mean()) / 2.0
    n = {f"{data.names[0]} first": len(one), f"{data.names[1]} first": len(other)}
    return student(name, estimate, error, df, alpha=alpha, method=method, n=n)


def _sequences(data: Crossover, used: BoolArray) -> None:
    for name, rows in ((data.names[0], data.active_first), (data.names[1], ~data.active_first)):
        count = int((used & rows).sum())
        if count < 2:
            what = f"{count} patients with both periods had {name} first"
            raise fault("treatment", what, "at least two of each sequence must have both")
