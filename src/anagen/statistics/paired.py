"""Two sides of one scalp: paired t, paired analysis of covariance, and a mixed model with the patient as random effect.

The two sides share the patient, so that his own growth cancels in their difference. The paired analyses use patients
with both sides; the mixed model uses a single side as well.

References
----------
.. [1] Senn 2002, Cross-over Trials in Clinical Research, section 3; doi:10.1002/0470854596.
.. [2] Kenward & Roger 1997, doi:10.2307/2533558.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.statistics import reml
from anagen.statistics.contrast import Contrast, student
from anagen.statistics.covariance_structures import CompoundSymmetry
from anagen.statistics.design import Factor, Number, check_rank, design
from anagen.statistics.faults import fault, labels, numbers
from anagen.statistics.restricted_likelihood import repeated

if TYPE_CHECKING:
    import pandas as pd

SAME_DIFFERENCE = 1e-12
"""Spread of the differences at baseline, relative to their size, below which they are the same for all."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Values of patients with sides in columns: active first; NaN where one is missing.

    Attributes
    ----------
    names : tuple[str, str]
        Active, control.
    patients : tuple[str, ...]
        Their names.
    outcome : FloatArray, shape (n_patients, 2)
        Outcome.
    baseline : FloatArray, shape (n_patients, 2)
        Baseline; NaN where the model has none.
    """

    names: tuple[str, str]
    patients: tuple[str, ...]
    outcome: FloatArray
    baseline: FloatArray

    @property
    def name(self) -> str:
        """The contrast in words."""
        return f"{self.names[0]} - {self.names[1]}"


def sides(
    data: pd.DataFrame,
    *,
    outcome: str = "change",
    patient: str = "id",
    side: str = "side",
    active: str = "active",
    control: str = "control",
    baseline: str | None = "baseline",
) -> Sides:
    """Rows of patients and sides, brought side by side.

    Parameters
    ----------
    data : pd.DataFrame
        One row a patient and side.
    outcome : str
        Column of the outcome.
    patient : str
        Column that names patients.
    side : str
        Column of the side, or of what was given to it.
    active : str
        The side that is treated.
    control : str
        The other.
    baseline : str, optional
        Column of the baseline.

    Returns
    -------
    Sides
        In the order of patients' names.

    Raises
    ------
    DataFault
        Where a side is neither of the two, or stands twice.
    """
    y = numbers(data, outcome, patient=patient)
    b = np.full(len(y), np.nan) if baseline is None else numbers(data, baseline, patient=patient)
    people, person = labels(data, patient)
    known, code = labels(data, side, first=active, patient=patient)
    if set(known) != {active, control} or active == control:
        raise fault(side, "must name two sides", f"write '{active}' or '{control}'", allowed=known)
    wide_y, wide_b = np.full((len(people), 2), np.nan), np.full((len(people), 2), np.nan)
    taken = np.zeros((len(people), 2), dtype=bool)
    for row in range(len(y)):
        place = (person[row], code[row])
        if taken[place]:
            what = f"gives '{known[code[row]]}' a second time"
            raise fault(side, what, "keep one row a patient and side", row=row + 1, patient=people[person[row]])
        taken[place], wide_y[place], wide_b[place] = True, y[row], b[row]
    return Sides((active, control), tuple(people), wide_y, wide_b)


def paired_t(data: Sides, *, alpha: float = 0.05) -> Contrast:
    """Mean difference of the sides, with Student's t of n - 1 degrees of freedom.

    Parameters
    ----------
    data : Sides
        Both sides of patients.
    alpha : float
        Two-sided error.

    Returns
    -------
    Contrast
        Over patients with both sides.

    Examples
    --------
    >>> both = Sides(("active", "control"), tuple("abcd"), np.array([[5.0, 1], [7, 2], [4, 3], [9, 3]]),
    ...              np.full((4, 2), np.nan))
    >>> paired_t(both).text()
    'active - control: 4.000 (0.563 to 7.437), p = 0.0342; paired t test, patients with both sides'
    """
    d = data.outcome[:, 0] - data.outcome[:, 1]
    d = d[np.isfinite(d)]
    _enough(data, len(d), 2)
    error = float(d.std(ddof=1)) / np.sqrt(len(d))
    method = "paired t test, patients with both sides"
    return student(data.name, float(d.mean()), error, len(d) - 1.0, alpha=alpha, method=method, n={"pairs": len(d)})


def paired_ancova(data: Sides, *, alpha: float = 0.05) -> Contrast:
    """Difference of two sides that were equal at baseline: d = b0 + b1 (difference at baseline) + e, the estimate b0.

    The covariate is not centred: sides differ at baseline by chance alone, so that its expected value is zero.

    Parameters
    ----------
    data : Sides
        Both sides of patients.
    alpha : float
        Two-sided error.

    Returns
    -------
    Contrast
        Over patients with both sides and both baselines.

    Raises
    ------
    DataFault
        Where fewer than three patients are left, or all have the same difference at baseline.
    """
    d, b = data.outcome[:, 0] - data.outcome[:, 1], data.baseline[:, 0] - data.baseline[:, 1]
    used = np.isfinite(d) & np.isfinite(b)
    d, b = d[used], b[used]
    _enough(data, len(d), 3)
    centred = b - b.mean()
    sbb = float(centred @ centred)
    if sbb <= SAME_DIFFERENCE * float(b @ b) or sbb == 0.0:
        raise fault("baseline", "has the same difference of sides in all patients", "take the paired t test")
    slope = float(centred @ d) / sbb
    residual = d - d.mean() - slope * centred
    df = len(d) - 2.0
    variance = float(residual @ residual) / df * (1.0 / len(d) + b.mean() ** 2 / sbb)
    estimate = float(d.mean() - slope * b.mean())
    method = "paired ANCOVA of side differences, baseline difference as covariate, patients with both sides"
    return student(data.name, estimate, float(np.sqrt(variance)), df, alpha=alpha, method=method, n={"pairs": len(d)})


def paired_mixed_model(data: Sides, *, alpha: float = 0.05) -> Contrast:
    """Outcome ~ side + baseline + (1 | patient) by REML, with Kenward-Roger standard error and degrees of freedom.

    Parameters
    ----------
    data : Sides
        Sides of patients; one side is enough.
    alpha : float
        Two-sided error.

    Returns
    -------
    Contrast
        `n` counts patients with both sides, and with one.

    Raises
    ------
    DataFault
        Where a baseline is missing beside an outcome, or the model cannot be fitted.
    """
    seen = np.isfinite(data.outcome)
    person, side = np.nonzero(seen)
    variables: list[Factor | Number] = [Factor("side", (data.names[1], data.names[0]), 1 - side)]
    if np.isfinite(data.baseline).any():
        b = data.baseline[person, side]
        if not np.isfinite(b).all():
            who = data.patients[person[int(np.flatnonzero(~np.isfinite(b))[0])]]
            raise fault("baseline", "has no value", "leave the side out, or fill the value in beforehand", patient=who)
        variables.append(Number("baseline", b))
    made = design(variables, [[one.name] for one in variables])
    check_rank(made)
    both = int(seen.all(axis=1).sum())
    _enough(data, both, 2)
    fitted = random_intercept(made.matrix, data.outcome[person, side], person, side)
    row = np.array([name.startswith("side=") for name in made.names], dtype=float)
    estimate, error, df = fitted.kenward_roger(row)
    method = "mixed model, patient as random effect, REML, Kenward-Roger degrees of freedom"
    n = {"pairs": both, "one side": int(seen.sum()) - 2 * both}
    return student(data.name, estimate, error, df, alpha=alpha, method=method, n=n)


def random_intercept(x: FloatArray, y: FloatArray, person: IntArray, place: IntArray) -> reml.Reml:
    """Fit two measurements a patient with a common covariance.

    Parameters
    ----------
    x : FloatArray, shape (n_rows, n_columns)
        Model matrix of full rank.
    y : FloatArray, shape (n_rows,)
        Outcome.
    person : IntArray, shape (n_rows,)
        Index of the patient; gaps are closed.
    place : IntArray, shape (n_rows,)
        0 or 1.

    Returns
    -------
    reml.Reml
        The fit.

    Raises
    ------
    DataFault
        Where it cannot be fitted.
    """
    _, index = np.unique(person, return_inverse=True)
    fitted = reml.fit(repeated(x, y, index.ravel(), place, 2), CompoundSymmetry(2))
    if isinstance(fitted, str):
        raise fault("outcome", f"the mixed model cannot be fitted: {fitted}", "take the analysis of differences")
    return fitted


def _enough(data: Sides, n: int, least: int) -> None:
    if n < least:
        raise fault("patient", f"{n} patients have both {data.names[0]} and {data.names[1]}", f"at least {least} must")
