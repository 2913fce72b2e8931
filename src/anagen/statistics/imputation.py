"""Multiple imputation of outcomes at visits: missing at random, by reference, and shifted.

Outcomes at the visits of a patient are multivariate normal, with a mean for each arm and linear covariates,

    y_i = a_arm + B' c_i + e_i,  e_i ~ N(0, Sigma)

with Jeffreys' prior. Values are drawn in turn with the parameters (data augmentation), so that any pattern of missing
values is filled: a missed visit between two others is always missing at random. What follows the last value of a
patient is drawn, given his values until then, from

    missing at random            his own arm's means
    jump to reference            the reference's means after he left
    copy increments in reference his own arm's mean at his last visit, and the reference's changes from there
    copy reference               the reference's means at all visits

References
----------
.. [1] Schafer 1997, doi:10.1201/9780367803025.
.. [2] Carpenter, Roger & Kenward 2013, doi:10.1080/10543406.2013.834911.
.. [3] Cro, Morris, Kenward & Carpenter 2020, doi:10.1002/sim.8569.
.. [4] Ratitch, O'Kelly & Tosiello 2013 (tipping point), doi:10.1002/pst.1549.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.statistics.ancova_trials import ancova_of_trials
from anagen.statistics.contrast import Contrast
from anagen.statistics.faults import fault
from anagen.statistics.rubin import Pooled, pool

Assumption = Literal["missing at random", "jump to reference", "copy increments in reference", "copy reference"]
ASSUMPTIONS: tuple[Assumption, ...] = (
    "missing at random",
    "jump to reference",
    "copy increments in reference",
    "copy reference",
)
BURN_IN, BETWEEN = 100, 10
"""Rounds of data augmentation before the first data set, and between two."""


@dataclass(frozen=True, slots=True)
class Imputed:
    """Data sets without missing values.

    Attributes
    ----------
    outcome : FloatArray, shape (n_imputations, n_patients, n_visits)
        Values as measured, and drawn where they were missing.
    missing : BoolArray, shape (n_patients, n_visits)
        Which were missing.
    after_last : BoolArray, shape (n_patients, n_visits)
        Those of them that follow the patient's last value.
    arm : IntArray, shape (n_patients,)
        Index of the arm.
    covariates : FloatArray, shape (n_patients, n_covariates)
        As they were given.
    assumption : str
        Under which the values after the last one were drawn.
    """

    outcome: FloatArray
    missing: BoolArray
    after_last: BoolArray
    arm: IntArray
    covariates: FloatArray
    assumption: str

    def shifted(self, delta: Mapping[int, float] | float, *, after_last: bool = True) -> Imputed:
        """The same with a constant added to values that were drawn (delta adjustment).

        Parameters
        ----------
        delta : Mapping[int, float] or float
            By index of the arm, arms that are not named staying as they are; or one for all.
        after_last : bool
            Whether values that follow the patient's last one alone are shifted, or all that were drawn.

        Returns
        -------
        Imputed
            New data sets.
        """
        by_arm = delta if isinstance(delta, Mapping) else dict.fromkeys(np.unique(self.arm).tolist(), delta)
        shift = np.zeros(len(self.arm))
        for arm, value in by_arm.items():
            shift[self.arm == arm] = value
        where = self.after_last if after_last else self.missing
        words = f"{self.assumption}, shifted"
        made = self.outcome + where * shift[:, None]
        return Imputed(made, self.missing, self.after_last, self.arm, self.covariates, words)


def impute(
    outcome: ArrayLike,
    arm: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    generator: np.random.Generator,
    imputations: int = 100,
    assumption: Assumption = "missing at random",
    reference: int = 0,
    by_arm: bool = False,
) -> Imputed:
    """Draw missing outcomes from their posterior predictive distribution.

    Parameters
    ----------
    outcome : ArrayLike, shape (n_patients, n_visits)
        NaN where missing; a patient without any value is drawn as well.
    arm : ArrayLike, shape (n_patients,)
        Index of the arm.
    covariates : ArrayLike, optional, shape (n_patients, n_covariates)
        Baseline and others, none missing.
    generator : np.random.Generator
        Where randomness comes from.
    imputations : int
        Number of data sets.
    assumption : {"missing at random", "jump to reference", "copy increments in reference", "copy reference"}
        For values after a patient's last one.
    reference : int
        Index of the reference arm, for the last three.
    by_arm : bool
        Whether each arm has its own covariance and slopes, or all share them.

    Returns
    -------
    Imputed
        The data sets.

    Raises
    ------
    DataFault
        Where a covariate is missing, a visit has no value in an arm, or patients are too few for the covariance.

    Examples
    --------
    >>> values = np.random.default_rng(1).normal(size=(40, 3))
    >>> values[::5, 2] = np.nan
    >>> made = impute(values, np.arange(40) % 2, generator=np.random.default_rng(2), imputations=5)
    >>> made.outcome.shape, bool(np.isfinite(made.outcome).all())
    ((5, 40, 3), True)
    """
    y, group = np.asarray(outcome, dtype=float), np.asarray(arm)
    n, visits = y.shape
    c = np.zeros((n, 0)) if covariates is None else np.asarray(covariates, dtype=float)
    n_arms = _check(y, group, c, imputations, assumption, reference)
    centred = c - c.mean(axis=0)
    seen = np.isfinite(y)
    # a visit is after the last value where none is seen at it or later
    after = ~np.maximum.accumulate(seen[:, ::-1], axis=1)[:, ::-1]
    sets = [group == a for a in range(n_arms)] if by_arm else [np.ones(n, dtype=bool)]
    designs = []
    for rows in sets:
        arms = np.unique(group[rows])
        x = np.column_stack([(group[rows][:, None] == arms).astype(float), centred[rows]])
        if len(x) - x.shape[1] < visits + 1:
            what = f"has {len(x)} patients for the covariance of {visits} visits" + (" in one arm" if by_arm else "")
            raise fault("outcome", what, "let arms share it (by_arm=False), or impute fewer visits")
        if np.linalg.matrix_rank(x) < x.shape[1]:
            raise fault("covariates", "follow from each other or from the arm", "leave one of them out")
        designs.append(x)
    filled = _first_values(y, group, n_arms)
    patterns, pattern = np.unique(seen, axis=0, return_inverse=True)
    pattern = pattern.ravel()
    made = np.empty((imputations, n, visits))
    for turn in range(-BURN_IN, (imputations - 1) * BETWEEN + 1):
        draws = []
        for rows, x in zip(sets, designs, strict=True):
            gamma, sigma = _parameters(x, filled[rows], generator)
            draws.append((gamma, sigma))
            filled[rows] = _completed(filled[rows], x @ gamma, sigma, patterns, pattern[rows], generator)
        if turn >= 0 and turn % BETWEEN == 0:
            made[turn // BETWEEN] = filled
            if assumption != "missing at random":
                own, theirs, sigmas = _means(sets, designs, draws, group, centred, reference, by_arm)
                made[turn // BETWEEN] = _by_reference(
                    filled, own, theirs, sigmas, after, group, reference, assumption, generator
                )
    return Imputed(made, ~seen, after, group, c, assumption)


def analyse(
    data: Imputed,
    *,
    visit: int = -1,
    control: int = 0,
    names: Sequence[str] | None = None,
    alpha: float = 0.05,
) -> tuple[tuple[Contrast, ...], tuple[Pooled, ...]]:
    """ANCOVA of each data set at a visit, with the covariates of the imputation, pooled by Rubin's rules.

    Parameters
    ----------
    data : Imputed
        The data sets.
    visit : int
        Index of the visit, the last by default.
    control : int
        Index of the control.
    names : Sequence[str], optional
        Names of the arms, their indices where they are not given.
    alpha : float
        Two-sided error.

    Returns
    -------
    tuple[tuple[Contrast, ...], tuple[Pooled, ...]]
        Every arm against the control, and the parts of the pooled variances with the Monte-Carlo error.
    """
    m = len(data.outcome)
    arms = np.broadcast_to(data.arm, (m, len(data.arm)))
    cube = np.broadcast_to(data.covariates, (m, *data.covariates.shape))
    made = ancova_of_trials(data.outcome[:, :, visit], arms, cube, control=control)
    labels = [str(a) for a in range(made.n.shape[1])] if names is None else list(names)
    others = [a for a in range(made.n.shape[1]) if a != control]
    method = f"multiple imputation, {data.assumption}, ANCOVA"
    contrasts, parts = [], []
    for column, a in enumerate(others):
        pooled = pool(made.estimate[:, column], made.standard_error[:, column], df_complete=float(made.df[0]))
        n = {labels[k]: int(made.n[0, k]) for k in (a, control)}
        contrasts.append(pooled.contrast(f"{labels[a]} - {labels[control]}", method=method, n=n, alpha=alpha))
        parts.append(pooled)
    return tuple(contrasts), tuple(parts)


def tipping_point(
    data: Imputed,
    deltas: Sequence[float],
    analysis: Callable[[Imputed], Contrast],
    *,
    arms: Sequence[int],
    alpha: float = 0.05,
    after_last: bool = True,
) -> tuple[float | None, tuple[tuple[float, Contrast], ...]]:
    """How much worse missing patients must have fared for a significant result to be lost.

    Parameters
    ----------
    data : Imputed
        Data sets, missing at random by custom.
    deltas : Sequence[float]
        Shifts of the values drawn, from none to the worst.
    analysis : Callable[[Imputed], Contrast]
        The pooled analysis.
    arms : Sequence[int]
        Indices of the arms whose values are shifted.
    alpha : float
        Two-sided error.
    after_last : bool
        As in `Imputed.shifted`.

    Returns
    -------
    tuple[float or None, tuple[tuple[float, Contrast], ...]]
        The first shift with which p is alpha or more, None where there is none; and every shift with its result.
    """
    told = tuple((d, analysis(data.shifted(dict.fromkeys(arms, d), after_last=after_last))) for d in deltas)
    return next((d for d, one in told if not one.p_value < alpha), None), told


def _check(y: FloatArray, group: np.ndarray, c: FloatArray, m: int, assumption: str, reference: int) -> int:
    if assumption not in ASSUMPTIONS:
        raise fault("assumption", f"cannot be '{assumption}'", "name one", allowed=ASSUMPTIONS)
    if m < 2:
        raise fault("imputations", f"are {m}", "ask for at least two")
    if group.shape != (len(y),) or c.ndim != 2 or len(c) != len(y):
        raise fault("arm", f"has shape {group.shape}, covariates {c.shape}", f"give {len(y)} patients in each")
    if not np.isfinite(c).all():
        row, column = (int(k[0]) for k in np.nonzero(~np.isfinite(c)))
        raise fault(f"covariates[{column}]", "has no value", "leave the patient out, or fill it in", row=row + 1)
    if np.isinf(y).any():
        row = int(np.nonzero(np.isinf(y))[0][0])
        raise fault("outcome", "is infinite", "write a number, or leave it empty", row=row + 1)
    n_arms = int(group.max()) + 1
    if group.min() < 0 or not 0 <= reference < n_arms:
        raise fault("reference", f"is {reference} of {n_arms} arms", "name an index of an arm")
    for a in range(n_arms):
        for visit in range(y.shape[1]):
            if np.isfinite(y[group == a, visit]).sum() < 2:
                raise fault("outcome", f"has fewer than two values in arm {a} at visit {visit}", "leave that visit out")
    return n_arms


def _first_values(y: FloatArray, group: np.ndarray, n_arms: int) -> FloatArray:
    made = y.copy()
    for a in range(n_arms):
        rows = group == a
        made[rows] = np.where(np.isnan(y[rows]), np.nanmean(y[rows], axis=0), y[rows])
    return made


def _parameters(x: FloatArray, y: FloatArray, generator: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Coefficients and covariance, drawn from their posterior given complete values."""
    n, q = x.shape
    size = y.shape[1]
    inverse = np.linalg.inv(x.T @ x)
    mean = inverse @ (x.T @ y)
    residual = y - x @ mean
    root = np.linalg.cholesky(residual.T @ residual)
    # Bartlett: the inverse of a Wishart matrix of n - q degrees of freedom
    lower = np.tril(generator.standard_normal((size, size)), -1)
    lower[np.arange(size), np.arange(size)] = np.sqrt(generator.chisquare(n - q - np.arange(size)))
    half = root @ np.linalg.inv(lower).T
    sigma = half @ half.T
    noise = generator.standard_normal((q, size))
    gamma = mean + np.linalg.cholesky(inverse) @ noise @ np.linalg.cholesky(sigma).T
    return gamma, sigma


def _completed(
    y: FloatArray,
    mean: FloatArray,
    sigma: FloatArray,
    patterns: BoolArray,
    pattern: IntArray,
    generator: np.random.Generator,
) -> FloatArray:
    """Missing values drawn given those that were seen."""
    made = y.copy()
    for k, seen in enumerate(patterns):
        rows = np.flatnonzero(pattern == k)
        if seen.all() or not len(rows):
            continue
        made[np.ix_(rows, ~seen)] = _drawn(y[rows], mean[rows], sigma, seen, ~seen, generator)
    return made


def _drawn(
    y: FloatArray,
    mean: FloatArray,
    sigma: FloatArray,
    given: BoolArray,
    wanted: BoolArray,
    generator: np.random.Generator,
) -> FloatArray:
    """Values of `wanted` visits given those of `given` ones."""
    covariance, at = sigma[np.ix_(wanted, wanted)], mean[:, wanted]
    if given.any():
        slope = np.linalg.solve(sigma[np.ix_(given, given)], sigma[np.ix_(given, wanted)])
        at = at + (y[:, given] - mean[:, given]) @ slope
        covariance = covariance - sigma[np.ix_(wanted, given)] @ slope
    root = np.linalg.cholesky((covariance + covariance.T) / 2.0)
    return at + generator.standard_normal(at.shape) @ root.T


def _means(
    sets: list[BoolArray],
    designs: list[FloatArray],
    draws: list[tuple[FloatArray, FloatArray]],
    group: np.ndarray,
    centred: FloatArray,
    reference: int,
    by_arm: bool,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Each patient's mean in his own arm and were he in the reference, and the covariance of the reference."""
    gamma, sigma = draws[reference] if by_arm else draws[0]
    own = np.empty((len(group), gamma.shape[1]))
    for rows, x, (of_set, _) in zip(sets, designs, draws, strict=True):
        own[rows] = x @ of_set
    n_intercepts = gamma.shape[0] - centred.shape[1]
    theirs = gamma[0 if by_arm else reference] + centred @ gamma[n_intercepts:]
    return own, theirs, sigma


def _by_reference(
    filled: FloatArray,
    own: FloatArray,
    theirs: FloatArray,
    sigma: FloatArray,
    after: BoolArray,
    group: np.ndarray,
    reference: int,
    assumption: str,
    generator: np.random.Generator,
) -> FloatArray:
    """Values after the last one drawn anew, by the conditional distribution of the reference about pieced means."""
    made, visits = filled.copy(), np.arange(filled.shape[1])
    last = (~after).sum(axis=1)
    for left in range(filled.shape[1]):
        rows = np.flatnonzero((last == left) & (group != reference))
        if not len(rows):
            continue
        gone = visits >= left
        mean = np.where(gone, theirs[rows], own[rows])
        if assumption == "copy reference":
            mean = theirs[rows]
        elif assumption == "copy increments in reference" and left > 0:
            step = own[rows, left - 1] - theirs[rows, left - 1]
            mean = np.where(gone, theirs[rows] + step[:, None], own[rows])
        made[np.ix_(rows, gone)] = _drawn(made[rows], mean, sigma, ~gone, gone, generator)
    return made
