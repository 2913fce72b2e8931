"""Mixed model for repeated measures: all visits of all arms in one model, fitted by restricted maximum likelihood.

    change ~ arm * visit + baseline * visit + covariates,  visits of a patient covary by an unstructured matrix

It uses every value that was measured and is valid where values are missing at random. Where the unstructured matrix
cannot be fitted, simpler ones are tried in a stated order; the one that was used, and why the others were not, stands
in the result.

References
----------
.. [1] Mallinckrodt et al. 2008, doi:10.1177/009286150804200402.
.. [2] Siddiqui, Hung & O'Neill 2009, doi:10.1080/10543400802609797.
.. [3] Kenward & Roger 1997, doi:10.2307/2533558.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.statistics import reml
from anagen.statistics.ancova import covariate_terms
from anagen.statistics.contrast import Contrast, student
from anagen.statistics.design import Design, Factor, check_rank, design
from anagen.statistics.fall_back import FREEDOMS, Freedom, fitted_in_order, structures_in_order
from anagen.statistics.faults import check_columns, fault, labels, numbers
from anagen.statistics.restricted_likelihood import repeated

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Mmrm:
    """A fitted mixed model for repeated measures.

    Attributes
    ----------
    arm : str
        The column of arms.
    visit : str
        The column of visits.
    arms : tuple[str, ...]
        Control first.
    visits : tuple[str, ...]
        In order.
    made : Design
        The model matrix of the values analysed.
    fit : reml.Reml
        The fit, with the coefficients, their covariance, the covariance of the visits and the log likelihood.
    refused : Mapping[str, str]
        Covariance structures that were tried before the one that was used, and why each failed.
    freedom : {"satterthwaite", "kenward-roger", "kenward-roger, observed information"}
        Degrees of freedom and standard errors.
    n : Mapping[str, int]
        Patients with at least one value, by arm.
    n_at : Mapping[tuple[str, str], int]
        Values by arm and visit.
    left_out : Mapping[str, int]
        Patients without any value, by arm.
    alpha : float
        Two-sided error.
    method : str
        In words.
    """

    arm: str
    visit: str
    arms: tuple[str, ...]
    visits: tuple[str, ...]
    made: Design
    fit: reml.Reml
    refused: Mapping[str, str]
    freedom: Freedom
    n: Mapping[str, int]
    n_at: Mapping[tuple[str, str], int]
    left_out: Mapping[str, int]
    alpha: float
    method: str

    @property
    def covariance_structure(self) -> str:
        """The covariance structure that was used."""
        return self.fit.structure.name

    @property
    def sigma(self) -> FloatArray:
        """Covariance of the visits, in squared units of the outcome, shape (n_visits, n_visits)."""
        return self.fit.sigma

    @property
    def log_likelihood(self) -> float:
        """Restricted log likelihood at the estimate."""
        return self.fit.log_likelihood

    def contrast(self, arm: str, against: str | None = None, *, visit: str | float) -> Contrast:
        """The adjusted difference of two arms at a visit.

        Parameters
        ----------
        arm : str
            One arm.
        against : str, optional
            The other; the control where it is not given.
        visit : str or float
            The visit.

        Returns
        -------
        Contrast
            `arm` less `against`; `n` counts patients with at least one value.
        """
        other = self.arms[0] if against is None else against
        row = self._row(arm, visit) - self._row(other, visit)
        return self._told(f"{arm} - {other}", row, {one: self.n[one] for one in (arm, other)}, visit)

    def contrasts(self) -> tuple[Contrast, ...]:
        """Every arm against the control at every visit, without adjustment for multiplicity."""
        return tuple(self.contrast(arm, visit=visit) for visit in self.visits for arm in self.arms[1:])

    def ls_means(self) -> tuple[Contrast, ...]:
        """The adjusted mean of each arm at each visit.

        Numbers stand at their mean over the values analysed, levels of factors weigh equally.
        """
        return tuple(
            self._told(arm, self._row(arm, visit), {arm: self.n[arm]}, visit)
            for visit in self.visits
            for arm in self.arms
        )

    def average(self, arm: str, against: str | None = None, *, visits: Sequence[str | float]) -> Contrast:
        """The adjusted difference of two arms, averaged over visits with equal weights.

        Parameters
        ----------
        arm : str
            One arm.
        against : str, optional
            The other; the control where it is not given.
        visits : Sequence[str or float]
            At least one.

        Returns
        -------
        Contrast
            `arm` less `against`.
        """
        other = self.arms[0] if against is None else against
        row = np.mean([self._row(arm, visit) - self._row(other, visit) for visit in visits], axis=0)
        n = {one: self.n[one] for one in (arm, other)}
        return self._told(f"{arm} - {other}", row, n, "mean of " + ", ".join(_label(visit) for visit in visits))

    def coefficient(self, name: str) -> Contrast:
        """One coefficient of the model, by the name of its column."""
        if name not in self.made.names:
            raise fault(name, "is not a column of the model", "name one", allowed=self.made.names)
        return self._told(name, np.array([one == name for one in self.made.names], dtype=float), self.n, "")

    def _row(self, arm: str, visit: str | float) -> FloatArray:
        for column, level, known in ((self.arm, arm, self.arms), (self.visit, _label(visit), self.visits)):
            if level not in known:
                raise fault(column, f"has no level '{level}'", "name a level that is there", allowed=known)
        return self.made.at({self.arm: arm, self.visit: _label(visit)})

    def _told(self, name: str, row: FloatArray, n: Mapping[str, int], visit: str | float) -> Contrast:
        if self.freedom == "satterthwaite":
            estimate, error, df = self.fit.satterthwaite(row)
        else:
            estimate, error, df = self.fit.kenward_roger(row, observed=self.freedom != "kenward-roger")
        where = f"{self.visit} {_label(visit)}" if visit != "" else ""
        return student(name, estimate, error, df, alpha=self.alpha, method=self.method, n=n, at=where)


def mmrm(
    data: pd.DataFrame,
    *,
    outcome: str = "change",
    patient: str = "id",
    arm: str = "arm",
    visit: str = "week",
    control: str,
    baseline: str | None = "baseline",
    covariates: Sequence[str] = (),
    factors: Sequence[str] = (),
    covariance: str = "unstructured",
    fall_back: Sequence[str] | None = None,
    freedom: Freedom = "satterthwaite",
    alpha: float = 0.05,
) -> Mmrm:
    """Fit outcome ~ arm * visit + baseline * visit + covariates to all visits at once.

    Parameters
    ----------
    data : pd.DataFrame
        One row a patient and visit; rows without an outcome are left out.
    outcome : str
        Column of the outcome, a number.
    patient : str
        Column that names patients.
    arm : str
        Column of the arm, one for each patient.
    visit : str
        Column of the visit: numbers in order of size, categories in their order, names in alphabetical order.
    control : str
        The arm that others are compared with.
    baseline : str, optional
        Column of the baseline, one for each patient; None for none.
    covariates : Sequence[str]
        Further columns, with the same effect at all visits: numbers as they are, text as a factor.
    factors : Sequence[str]
        Those of `covariates` that are factors although they are written as numbers.
    covariance : {"unstructured", "heterogeneous Toeplitz", "heterogeneous AR(1)", "compound symmetry"}
        How the visits of a patient covary.
    fall_back : Sequence[str], optional
        Structures that are tried in turn where that does not converge; () for none. By default, those named after
        `covariance` in the list above, with Kenward-Roger compound symmetry alone.
    freedom : {"satterthwaite", "kenward-roger", "kenward-roger, observed information"}
        Degrees of freedom; Kenward-Roger adjusts standard errors as well, and is available for the unstructured
        covariance (by its variances and covariances) and for compound symmetry. As published it uses the expected
        information, in SAS the observed one.
    alpha : float
        Two-sided error.

    Returns
    -------
    Mmrm
        The fit.

    Raises
    ------
    DataFault
        Where a column is missing or is not what it should be, a visit of a patient stands twice, a column of the model
        follows from others, or no covariance structure can be fitted.

    Examples
    --------
    >>> import pandas as pd
    >>> generator = np.random.default_rng(3)
    >>> rows = [
    ...     {"id": i, "arm": ("vehicle", "dose")[i % 2], "week": week, "baseline": base,
    ...      "change": own + 4.0 * (i % 2) * week / 24 + generator.normal(0, 2)}
    ...     for i in range(60)
    ...     for base, own in [(generator.normal(140, 20), generator.normal(0, 2))]
    ...     for week in (12, 24)
    ... ]
    >>> fitted = mmrm(pd.DataFrame(rows), control="vehicle")
    >>> fitted.covariance_structure, round(fitted.contrast("dose", visit=24).estimate, 1)
    ('unstructured', 4.8)
    """
    structures_in_order(covariance, fall_back, freedom)
    check_columns(data, [patient, arm, visit, outcome])
    whole = numbers(data, outcome, patient=patient)
    arms, arm_code = labels(data, arm, first=control, patient=patient)
    visits, visit_code = labels(data, visit, patient=patient)
    people, person = labels(data, patient)
    arm_of = _one_arm(arm, person, arm_code, arms, people)
    used = np.isfinite(whole)
    counts = {
        (arms[i], visits[j]): int((used & (arm_code == i) & (visit_code == j)).sum())
        for i in range(len(arms))
        for j in range(len(visits))
    }
    for (name, week), count in counts.items():
        if count == 0:
            what = f"has no value in arm '{name}' at {visit} {week}, so that its mean there cannot be estimated"
            raise fault(outcome, what, "leave that visit or that arm out")
    places = np.flatnonzero(used)
    _once(patient, visit, person[used], visit_code[used], people, visits, places)
    rest = data[used]
    if baseline is not None:
        check_columns(data, [baseline])
        values = numbers(rest, baseline, patient=patient, missing=False, rows=places)
        _same_baseline(baseline, values, person[used], people, places)
    variables, terms = covariate_terms(rest, arm, baseline, covariates, factors, patient, False, places)
    several = len(visits) > 1
    by_visit = [[arm, visit], *([] if baseline is None else [[visit, baseline]])] if several else []
    weeks = [Factor(visit, tuple(visits), visit_code[used])] if several else []
    made = design(
        [Factor(arm, tuple(arms), arm_code[used]), *weeks, *variables],
        [[arm], *([[visit]] if several else []), *terms, *by_visit],
    )
    check_rank(made)
    present, index = np.unique(person[used], return_inverse=True)
    values = repeated(made.matrix, whole[used], index.ravel(), visit_code[used], len(visits))
    fitted, refused = fitted_in_order(
        values, visits, covariance=covariance, fall_back=fall_back, freedom=freedom, visit=visit, outcome=outcome
    )
    n = {name: int((arm_of[present] == i).sum()) for i, name in enumerate(arms)}
    everyone = {name: int((arm_of == i).sum()) for i, name in enumerate(arms)}
    left_out = {name: everyone[name] - n[name] for name in arms}
    instead = f" (in place of {', '.join(refused)})" if refused else ""
    method = f"MMRM, REML, {fitted.structure.name} covariance{instead}, {FREEDOMS[freedom]} degrees of freedom"
    if not several:
        visits = [_label(one) for one in visits]
    return Mmrm(
        arm, visit, tuple(arms), tuple(visits), made, fitted, refused, freedom, n, counts, left_out, alpha, method
    )


def _one_arm(arm: str, person: IntArray, arm_code: IntArray, arms: list[str], people: list[str]) -> IntArray:
    """The arm of each patient."""
    made = np.zeros(len(people), dtype=np.int64)
    made[person] = arm_code
    other = made[person] != arm_code
    if other.any():
        row = int(np.flatnonzero(other)[0])
        both = sorted({arms[arm_code[row]], arms[made[person[row]]]})
        what = f"gives arms {' and '.join(both)} to one patient"
        raise fault(arm, what, "give each patient one arm", row=row + 1, patient=people[person[row]])
    return made


def _once(
    patient: str, visit: str, person: IntArray, week: IntArray, people: list[str], visits: list[str], rows: IntArray
) -> None:
    key = person * len(visits) + week
    _, first = np.unique(key, return_index=True)
    if len(first) < len(key):
        again = int(np.setdiff1d(np.arange(len(key)), first)[0])
        what = f"gives {visit} {visits[week[again]]} a second time"
        fix = "keep one value a patient and visit"
        raise fault(visit, what, fix, row=int(rows[again]) + 1, patient=people[person[again]])


def _same_baseline(baseline: str, values: FloatArray, person: IntArray, people: list[str], rows: IntArray) -> None:
    first = np.full(len(people), np.nan)
    first[person[::-1]] = values[::-1]
    other = first[person] != values
    if other.any():
        at = int(np.flatnonzero(other)[0])
        what = f"is {values[at]:g}, and {first[person[at]]:g} in an earlier row of this patient"
        raise fault(baseline, what, "give each patient one", row=int(rows[at]) + 1, patient=people[person[at]])


def _label(visit: str | float) -> str:
    return visit if isinstance(visit, str) else f"{visit:g}"
