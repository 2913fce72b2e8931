"""Analysis of trials in which whole centres were randomised: a mixed model with the centre as subject.

    outcome ~ arm + baseline + (1 | centre)

by REML with the standard error and degrees of freedom of Kenward and Roger, which hang on the number of centres and
not on that of patients. The variance between centres is not below 0: where it would be, the model is that without it,
with as many degrees of freedom as centres less arms, so that no trial gains from centres that happen to agree.
Shares of responders are differences by the same model without a baseline.

References
----------
.. [1] Kenward & Roger 1997, doi:10.2307/2533558.
.. [2] Donner & Klar 2000, Design and Analysis of Cluster Randomization Trials in Health Research.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.statistics.estimates import Estimates
from anagen.statistics.two_arms import TOO_FEW

CLUSTERS = "mixed model, centre as random effect, baseline as covariate, Kenward-Roger, complete cases"
CLUSTERED_SHARES = "difference of shares, mixed model, centre as random effect, Kenward-Roger, complete cases"
TOO_FEW_CENTRES = "fewer than two centres of an arm with a patient measured"


def clusters_many(
    arm: FloatArray,
    control: FloatArray,
    baselines: tuple[FloatArray, FloatArray] | None,
    centre: IntArray,
    *,
    alpha: float,
) -> Estimates:
    """Effect of an arm over its control in trials that randomised centres.

    Parameters
    ----------
    arm : FloatArray, shape (n_trials, n_patients)
        Outcome of the arm's patients, or 1 for a response and 0 for none; NaN for everybody else.
    control : FloatArray, shape (n_trials, n_patients)
        The same of the control.
    baselines : tuple[FloatArray, FloatArray] or None
        Baselines of both, the covariate; None for shares of responders.
    centre : IntArray, shape (n_trials, n_patients)
        Centre of each patient.
    alpha : float
        Two-sided error.

    Returns
    -------
    Estimates
        One number a trial; missing, with the reason in `method`, where it cannot be had.
    """
    rows = [
        one_trial(
            arm[trial],
            control[trial],
            None if baselines is None else (baselines[0][trial], baselines[1][trial]),
            centre[trial],
            alpha=alpha,
        )
        for trial in range(len(arm))
    ]
    return Estimates(*(np.concatenate([getattr(row, field.name) for row in rows]) for field in fields(Estimates)))


def one_trial(
    arm: FloatArray,
    control: FloatArray,
    baselines: tuple[FloatArray, FloatArray] | None,
    centre: IntArray,
    *,
    alpha: float,
) -> Estimates:
    """The same of one trial.

    Parameters
    ----------
    arm : FloatArray, shape (n_patients,)
        As in `clusters_many`.
    control : FloatArray, shape (n_patients,)
        As in `clusters_many`.
    baselines : tuple[FloatArray, FloatArray] or None
        As in `clusters_many`.
    centre : IntArray, shape (n_patients,)
        As in `clusters_many`.
    alpha : float
        Two-sided error.

    Returns
    -------
    Estimates
        Its numbers.
    """
    from scipy.special import stdtr, stdtrit

    from anagen.statistics import reml
    from anagen.statistics.covariance_structures import CompoundSymmetry
    from anagen.statistics.restricted_likelihood import repeated

    method = CLUSTERED_SHARES if baselines is None else CLUSTERS
    treated = np.isfinite(arm)
    outcome = np.where(treated, arm, control)
    baseline = np.zeros_like(outcome) if baselines is None else np.where(treated, baselines[0], baselines[1])
    used = np.isfinite(outcome) & np.isfinite(baseline)
    n, n_control = int((used & treated).sum()), int((used & ~treated).sum())

    def told(estimate: float, error: float, half: float, p: float, df: float, words: str) -> Estimates:
        return Estimates(
            np.array([estimate]),
            np.array([error]),
            np.array([estimate - half]),
            np.array([estimate + half]),
            np.array([p]),
            np.array([n]),
            np.array([n_control]),
            np.array([df]),
            np.array([words]),
        )

    def missing(why: str) -> Estimates:
        none = float("nan")
        return told(none, none, none, none, none, f"{method}; not estimable: {why}")

    if min(n, n_control) < 2:
        return missing(TOO_FEW)
    if min(len(np.unique(centre[used & who])) for who in (treated, ~treated)) < 2:
        return missing(TOO_FEW_CENTRES)
    order = np.argsort(centre[used], kind="stable")
    y, x = outcome[used][order], treated[used][order].astype(np.float64)
    _, subject, sizes = np.unique(centre[used][order], return_inverse=True, return_counts=True)
    place = np.arange(len(y)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    columns = [np.ones_like(y), x]
    away = baseline[used][order] - baseline[used].mean()
    if baselines is not None and away.any():
        columns.append(away)
    made = repeated(np.column_stack(columns), y, subject.ravel(), place, int(sizes.max()))
    fitted = reml.fit(made, CompoundSymmetry(int(sizes.max())))
    if isinstance(fitted, str) or fitted.sigma[0, -1] < 0.0:
        # centres that lie closer than patients by chance: their variance is 0, and so is what they could have taken off
        return _without_variance(np.column_stack(columns), y, subject.ravel(), method, told, missing, alpha)
    row = np.zeros(len(columns))
    row[1] = 1.0
    estimate, error, df = fitted.kenward_roger(row)
    half = -float(stdtrit(df, alpha / 2.0)) * error
    p = 2.0 * float(stdtr(df, -abs(estimate / error)))
    return told(estimate, error, half, p, df, method)


def _without_variance(
    x: FloatArray,
    y: FloatArray,
    centre: IntArray,
    method: str,
    told: Callable[[float, float, float, float, float, str], Estimates],
    missing: Callable[[str], Estimates],
    alpha: float,
) -> Estimates:
    """Least squares of patients, with degrees of freedom of centres: a variance between centres of 0."""
    from scipy.special import stdtr, stdtrit

    df, rest = float(len(np.unique(centre)) - 2), len(y) - x.shape[1]
    if df < 1.0 or rest < 1 or np.linalg.matrix_rank(x) < x.shape[1]:
        return missing(TOO_FEW)
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ (x.T @ y)
    residual = y - x @ coefficients
    error = float(np.sqrt(float(residual @ residual) / rest * inverse[1, 1]))
    if error <= 0.0:
        return missing("the model fits every value without error")
    estimate = float(coefficients[1])
    half = -float(stdtrit(df, alpha / 2.0)) * error
    p = 2.0 * float(stdtr(df, -abs(estimate / error)))
    words = method.replace("Kenward-Roger", "variance between centres 0, degrees of freedom of centres")
    return told(estimate, error, half, p, df, words)
