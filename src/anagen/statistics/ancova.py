"""Analysis of covariance of all arms of a trial in one linear model.

    y = b0 + sum_a b_a [arm = a] + c * baseline + covariates + e

One residual variance is shared by all arms, so that every arm, also one that is not compared, adds to its precision.
`interaction` gives every arm its own slopes, on covariates centred at their mean over the patients analysed: the
coefficient of an arm is then the mean, over all patients, of the difference predicted for them (g-computation), which
is valid in a randomised trial whatever the true shape of the dependence.

References
----------
.. [1] ICH E9, section 5.7; EMA guideline on adjustment for baseline covariates, 2015.
.. [2] FDA, Adjusting for covariates in randomized clinical trials, 2023.
.. [3] Ye, Shao, Yi & Zhao 2022 (ANHECOVA), doi:10.1080/01621459.2022.2049278.
.. [4] MacKinnon & White 1985 (HC3), doi:10.1016/0304-4076(85)90158-7.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.statistics.contrast import Contrast, check_alpha, student
from anagen.statistics.design import Design, Factor, Number, Variable, check_rank, design
from anagen.statistics.faults import check_columns, fault, labels, numbers

if TYPE_CHECKING:
    import pandas as pd

Variance = Literal["classical", "hc0", "hc3", "hc3 and covariate means"]
VARIANCES: tuple[Variance, ...] = ("classical", "hc0", "hc3", "hc3 and covariate means")
LEAST_PER_ARM = 2


@dataclass(frozen=True, slots=True)
class Ancova:
    """A fitted analysis of covariance.

    Attributes
    ----------
    arm : str
        The column of arms.
    arms : tuple[str, ...]
        Control first.
    made : Design
        The model matrix of the patients analysed.
    coefficients : FloatArray, shape (n_columns,)
        As `made.names`.
    covariance : FloatArray, shape (n_columns, n_columns)
        Of the coefficients.
    df : float
        Residual degrees of freedom.
    residual_sd : float
        Root of the residual mean square.
    n : Mapping[str, int]
        Patients analysed, by arm.
    left_out : Mapping[str, int]
        Patients without an outcome, by arm.
    alpha : float
        Two-sided error.
    method : str
        In words.
    spread : FloatArray, shape (n_columns, n_columns)
        What the chance in the covariates' means adds to the variance of a difference, as a quadratic form in the rows
        of the model matrix; zero unless asked for.
    """

    arm: str
    arms: tuple[str, ...]
    made: Design
    coefficients: FloatArray
    covariance: FloatArray
    df: float
    residual_sd: float
    n: Mapping[str, int]
    left_out: Mapping[str, int]
    alpha: float
    method: str
    spread: FloatArray

    def contrast(self, arm: str, against: str | None = None) -> Contrast:
        """The adjusted difference of two arms.

        Parameters
        ----------
        arm : str
            One arm.
        against : str, optional
            The other; the control where it is not given.

        Returns
        -------
        Contrast
            `arm` less `against`.
        """
        other = self.arms[0] if against is None else against
        row = self._row(arm) - self._row(other)
        return self._told(f"{arm} - {other}", row, {one: self.n[one] for one in (arm, other)})

    def contrasts(self) -> tuple[Contrast, ...]:
        """Every arm against the control, without adjustment for multiplicity."""
        return tuple(self.contrast(arm) for arm in self.arms[1:])

    def ls_means(self) -> tuple[Contrast, ...]:
        """The adjusted mean of each arm, at the mean of numbers and with equal weight for each level of a factor."""
        return tuple(self._told(arm, self._row(arm), {arm: self.n[arm]}) for arm in self.arms)

    def coefficient(self, name: str) -> Contrast:
        """One coefficient of the model, by the name of its column."""
        if name not in self.made.names:
            raise fault(name, "is not a column of the model", "name one", allowed=self.made.names)
        return self._told(name, np.array([one == name for one in self.made.names], dtype=float), self.n)

    def _row(self, arm: str) -> FloatArray:
        if arm not in self.arms:
            raise fault(self.arm, f"has no level '{arm}'", "name a level that is there", allowed=self.arms)
        return self.made.at({self.arm: arm})

    def _told(self, name: str, row: FloatArray, n: Mapping[str, int]) -> Contrast:
        variance = row @ self.covariance @ row + row @ self.spread @ row
        estimate = float(row @ self.coefficients)
        return student(name, estimate, float(np.sqrt(variance)), self.df, alpha=self.alpha, method=self.method, n=n)


def ancova(
    data: pd.DataFrame,
    *,
    outcome: str,
    arm: str = "arm",
    control: str,
    baseline: str | None = "baseline",
    covariates: Sequence[str] = (),
    factors: Sequence[str] = (),
    interaction: bool = False,
    variance: Variance = "classical",
    patient: str | None = None,
    alpha: float = 0.05,
) -> Ancova:
    """Fit one linear model to all arms of a trial, by least squares.

    Parameters
    ----------
    data : pd.DataFrame
        One row a patient; rows without an outcome are left out and counted.
    outcome : str
        Column of the outcome, a number.
    arm : str
        Column of the arm.
    control : str
        The arm that others are compared with.
    baseline : str, optional
        Column of the baseline; None for none.
    covariates : Sequence[str]
        Further columns: numbers enter as they are, text as a factor.
    factors : Sequence[str]
        Those of `covariates` that are factors although they are written as numbers, such as a centre.
    interaction : bool
        Whether each arm has its own slopes, on centred covariates (ANHECOVA).
    variance : {"classical", "hc0", "hc3", "hc3 and covariate means"}
        How the covariance of the coefficients is estimated. The last adds, where slopes differ between arms, the
        chance in the means at which covariates are centred.
    patient : str, optional
        Column that names patients, for messages.
    alpha : float
        Two-sided error.

    Returns
    -------
    Ancova
        The fit.

    Raises
    ------
    DataFault
        Where a column is missing or is not what it should be, an arm has fewer than two patients with an outcome, a
        covariate is missing, or a column of the model follows from others.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"arm": ["vehicle", "dose"] * 4, "baseline": [100.0, 104, 96, 110, 120, 90, 99, 101],
    ...                      "change": [1.0, 9, -2, 12, 3, 8, 0, 10]})
    >>> ancova(rows, outcome="change", control="vehicle").contrast("dose").text()
    'dose - vehicle: 9.678 (7.835 to 11.521), p = 4e-05; ANCOVA, all arms, baseline as covariate, complete cases'
    """
    check_alpha(alpha)
    if variance not in VARIANCES:
        raise fault("variance", f"cannot be '{variance}'", "name one that is known", allowed=VARIANCES)
    whole = numbers(data, outcome, patient=patient)
    arms, code = labels(data, arm, first=control, patient=patient)
    used = np.isfinite(whole)
    n = {name: int((used & (code == i)).sum()) for i, name in enumerate(arms)}
    for name, count in n.items():
        if count < LEAST_PER_ARM:
            raise fault(outcome, f"has {count} values in arm '{name}'", "leave that arm out, or wait for its patients")
    rest = data[used]
    places = np.flatnonzero(used)
    variables, terms = covariate_terms(rest, arm, baseline, covariates, factors, patient, interaction, places)
    made = design([Factor(arm, tuple(arms), code[used]), *variables], [[arm], *terms])
    check_rank(made)
    y, x = whole[used], made.matrix
    q, r = np.linalg.qr(x)
    b = np.asarray(np.linalg.solve(r, q.T @ y), dtype=np.float64)
    residual = y - x @ b
    df = float(len(y) - x.shape[1])
    if df < 1.0:
        raise fault(outcome, f"{len(y)} values leave no degree of freedom", "use fewer covariates")
    mean_square = float(residual @ residual) / df
    if math.sqrt(mean_square) <= 1e-9 * float(np.abs(y).max()):
        raise fault(outcome, "is fitted without error by the model", "analyse values that patients differ in")
    bread = np.linalg.inv(r)
    if variance == "classical":
        covariance = mean_square * (bread @ bread.T)
    else:
        leverage = (q * q).sum(axis=1)
        if variance != "hc0" and (leverage > 1.0 - 1e-10).any():
            row = int(np.flatnonzero(leverage > 1.0 - 1e-10)[0])
            what = "belongs to a patient who alone determines a coefficient, so that HC3 is not defined"
            raise fault(outcome, what, "merge his level with another", row=int(np.flatnonzero(used)[row]) + 1)
        scaled = residual if variance == "hc0" else residual / (1.0 - leverage)
        scores = (bread @ (q * scaled[:, None]).T).T
        covariance = scores.T @ scores
    spread = np.zeros_like(covariance)
    if variance == "hc3 and covariate means" and interaction:
        spread = _spread(made, arm, b)
    how = {"classical": "", "hc0": ", HC0 standard errors", "hc3": ", HC3 standard errors"}
    method = (
        "ANCOVA, all arms"
        + (", slopes by arm on centred covariates (ANHECOVA)" if interaction else "")
        + _covariate_words(baseline, covariates)
        + ", complete cases"
        + how.get(variance, ", HC3 standard errors with the chance of covariate means")
    )
    left_out = {name: int((~used & (code == i)).sum()) for i, name in enumerate(arms)}
    sd = float(np.sqrt(mean_square))
    return Ancova(arm, tuple(arms), made, b, covariance, df, sd, n, left_out, alpha, method, spread)


def covariate_terms(
    data: pd.DataFrame,
    arm: str,
    baseline: str | None,
    covariates: Sequence[str],
    factors: Sequence[str],
    patient: str | None,
    interaction: bool,
    rows: IntArray,
) -> tuple[list[Variable], list[list[str]]]:
    """Baseline and covariates as variables and terms of a model.

    Parameters
    ----------
    data : pd.DataFrame
        The rows that are analysed.
    arm : str
        Column of the arm.
    baseline : str, optional
        Column of the baseline.
    covariates : Sequence[str]
        Further columns.
    factors : Sequence[str]
        Those that are factors.
    patient : str, optional
        Column that names patients.
    interaction : bool
        Whether each meets the arm, after being centred.
    rows : IntArray
        Where the rows stood in the user's table, counted from 0.

    Returns
    -------
    tuple[list[Variable], list[list[str]]]
        Variables, and terms by name.
    """
    import pandas as pd

    names = [*([] if baseline is None else [baseline]), *covariates]
    check_columns(data, [arm, *names, *factors])
    for name in factors:
        if name not in names:
            raise fault(name, "is named as a factor but is no covariate", "add it to the covariates", allowed=names)
    made: list[Variable] = []
    for name in names:
        if name == arm or names.count(name) > 1:
            raise fault(name, "stands twice in the model", "name it once")
        if name in factors or not (pd.api.types.is_numeric_dtype(data[name]) or name == baseline):
            levels, code = labels(data, name, patient=patient, rows=rows)
            made.append(Factor(name, tuple(levels), code))
        else:
            made.append(Number(name, numbers(data, name, patient=patient, missing=False, rows=rows)))
    if not interaction:
        return made, [[variable.name] for variable in made]
    centred: list[Variable] = []
    for variable in made:
        for name, values in zip(*_listed(variable), strict=True):
            centred.append(Number(name, values - values.mean()))
    mains = [[variable.name] for variable in centred]
    return centred, [*mains, *([arm, variable.name] for variable in centred)]


def _listed(variable: Variable) -> tuple[list[str], list[FloatArray]]:
    names, values = variable.columns()
    return names, list(values.T)


def _covariate_words(baseline: str | None, covariates: Sequence[str]) -> str:
    words = [*([] if baseline is None else [baseline]), *covariates]
    return f", {', '.join(words)} as covariate{'s' if len(words) > 1 else ''}" if words else ""


def _spread(made: Design, arm: str, b: FloatArray) -> FloatArray:
    """Var of a row's estimate through the covariates' means: d' S d / n, d the slopes that the row's arm has."""
    numbers_ = [variable for variable in made.variables if isinstance(variable, Number)]
    centred = np.column_stack([variable.values for variable in numbers_])
    of_means = np.atleast_2d(np.cov(centred, rowvar=False)) / len(centred)
    slopes = np.zeros((len(numbers_), len(made.names)))
    for i, variable in enumerate(numbers_):
        for j, name in enumerate(made.names):
            if name == variable.name:
                slopes[i, 0] = b[j]
            elif name.startswith(f"{arm}=") and name.endswith(f":{variable.name}"):
                main = made.names.index(name[: -len(variable.name) - 1])
                slopes[i, main] = b[j]
    return slopes.T @ of_means @ slopes
