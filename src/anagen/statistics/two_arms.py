"""Analysis of covariance of trials with two arms compared, parallel or split-scalp.

Trials are rows: arrays are [trial, patient], NaN where a patient has no value. The numbers of a trial do not depend on
which other trials are analysed with it; one trial is a batch of one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.statistics.estimates import Estimate, Estimates
from anagen.statistics.shares import newcombe, score_test

LEAST_DEGREES_OF_FREEDOM = 1
ANCOVA = "ANCOVA, baseline as covariate, complete cases"
SAME_BASELINE = "difference of means, same baseline for all, complete cases"
PAIRED = "paired ANCOVA of side differences, baseline difference as covariate, complete cases"
PAIRED_SAME_BASELINE = "paired difference of sides, same baseline for all, complete cases"
WITHIN = "change from baseline without a control, complete cases"
SHARES = "difference of shares of patients, Newcombe interval, complete cases"
PAIRED_SHARES = "paired difference of shares of patients, complete cases"
TOO_FEW = "too few patients measured"
NO_SLOPE = "baselines differ between the arms alone"
NO_PAIRED_SLOPE = "every patient has the same difference at baseline"


def ancova(
    arm: FloatArray, arm_baseline: FloatArray, control: FloatArray, control_baseline: FloatArray, *, alpha: float
) -> Estimate:
    """Difference of two arms of one trial adjusted for baseline: `ancova_many` of its patients.

    Parameters
    ----------
    arm : FloatArray
        Outcome of each patient.
    arm_baseline : FloatArray
        Baseline of each patient.
    control : FloatArray
        Outcome of each patient.
    control_baseline : FloatArray
        Baseline of each patient.
    alpha : float
        Two-sided error, 0.05 for a 95 % interval.

    Returns
    -------
    Estimate
        Estimate; its numbers are missing where too few patients are left.
    """
    outcome, treated = _one_row(arm, control)
    baseline, _ = _one_row(arm_baseline, control_baseline)
    return ancova_many(outcome, baseline, treated, ~treated, alpha=alpha).of(0)


def paired_ancova(
    arm: FloatArray, arm_baseline: FloatArray, control: FloatArray, control_baseline: FloatArray, *, alpha: float
) -> Estimate:
    """Difference of the two sides of a scalp in one trial: `paired_ancova_many` of its patients."""
    return paired_ancova_many(
        arm[None, :], arm_baseline[None, :], control[None, :], control_baseline[None, :], alpha=alpha
    ).of(0)


def within_arm(change: FloatArray, *, alpha: float) -> Estimate:
    """Mean change of an arm of one trial that has no control: `within_arm_many` of its patients."""
    return within_arm_many(change[None, :], alpha=alpha).of(0)


def risk_difference(arm: FloatArray, control: FloatArray, *, paired: bool, alpha: float) -> Estimate:
    """Difference of two shares of responders in one trial: `risk_difference_many` or, of the two sides of the same
    patients, `paired_risk_difference_many`.
    """
    if paired:
        return paired_risk_difference_many(arm[None, :], control[None, :], alpha=alpha).of(0)
    responded, treated = _one_row(arm, control)
    return risk_difference_many(responded, treated, ~treated, alpha=alpha).of(0)


def ancova_many(
    outcome: FloatArray, baseline: FloatArray, arm: BoolArray, control: BoolArray, *, alpha: float
) -> Estimates:
    """Difference of two arms adjusted for baseline, by least squares, in every trial.

    y = b0 + b1 * [in arm] + b2 * (baseline - mean baseline) + e; the estimate is b1, with limits and p from Student's
    t. In closed form, with sums over the deviations of both arms from their means,

        b2 = Syb / Sbb,  b1 = (mean y of the arm - of the control) - b2 (mean baseline of the arm - of the control)
        SE^2 = s^2 (1/n + 1/n_control + (difference of the baseline means)^2 / Sbb),  s^2 = residual sum / (N - 3)

    Patients with a missing value are left out (complete cases). A score of change is 0 for everybody at baseline and
    is not adjusted for: the estimate is then the difference of means.

    Parameters
    ----------
    outcome : FloatArray, shape (n_trials, n_patients)
        Outcome of each patient.
    baseline : FloatArray, shape (n_trials, n_patients)
        Baseline of each patient.
    arm : BoolArray, shape (n_trials, n_patients)
        Who is in the arm.
    control : BoolArray, shape (n_trials, n_patients)
        Who is in its control.
    alpha : float
        Two-sided error, 0.05 for a 95 % interval.

    Returns
    -------
    Estimates
        One number a trial; missing where too few patients are left, or where baselines differ between the arms alone.

    References
    ----------
    .. [1] ICH E9, section 5.7.
    .. [2] Senn 2006, doi:10.1002/sim.2682.
    """
    whole = np.isfinite(outcome) & np.isfinite(baseline)
    one, other = whole & arm, whole & control
    n, n_control = _count(one), _count(other)
    enough = (np.minimum(n, n_control) >= 2) & (n + n_control - 3 >= LEAST_DEGREES_OF_FREEDOM)
    same, alike = _same(baseline, one | other), _same(baseline, one) & _same(baseline, other)
    with np.errstate(divide="ignore", invalid="ignore"):
        y, y_control = _mean(outcome, one, n), _mean(outcome, other, n_control)
        b, b_control = _mean(baseline, one, n), _mean(baseline, other, n_control)
        dy = _from_mean(outcome, one, y) + _from_mean(outcome, other, y_control)
        db = _from_mean(baseline, one, b) + _from_mean(baseline, other, b_control)
        sbb = _sum(db * db)
        slope = np.where(same, 0.0, _sum(dy * db) / sbb)
        freedom = n + n_control - np.where(same, 2, 3)
        variance = _sum((dy - slope[:, None] * db) ** 2) / freedom
        lever = np.where(same, 0.0, (b - b_control) ** 2 / sbb)
        estimate = (y - y_control) - np.where(same, 0.0, slope * (b - b_control))
        error = np.sqrt(variance * (1.0 / n + 1.0 / n_control + lever))
    method = np.where(enough & same, SAME_BASELINE, ANCOVA)
    why = np.where(~enough, TOO_FEW, np.where(alike & ~same, NO_SLOPE, ""))
    return _by_student(estimate, error, freedom, n, n_control, method, why, alpha)


def paired_ancova_many(
    arm: FloatArray, arm_baseline: FloatArray, control: FloatArray, control_baseline: FloatArray, *, alpha: float
) -> Estimates:
    """Difference of the two sides of a scalp, adjusted for their difference at baseline, in every trial.

    d = b0 + b1 * (side difference at baseline) + e over patients with both sides; the estimate is b0, the difference of
    two sides that were equal at baseline. The covariate is not centred: sides differ at baseline by chance alone, so
    its expected value is known to be zero, and centring would leave that chance out of the standard error.

    Parameters
    ----------
    arm : FloatArray, shape (n_trials, n_patients)
        Outcome of the side that is treated.
    arm_baseline : FloatArray, shape (n_trials, n_patients)
        Its baseline.
    control : FloatArray, shape (n_trials, n_patients)
        Outcome of the other side.
    control_baseline : FloatArray, shape (n_trials, n_patients)
        Its baseline.
    alpha : float
        Two-sided error.

    Returns
    -------
    Estimates
        One number a trial; missing where too few patients are left, or where all have the same difference at baseline.
    """
    difference, baseline = arm - control, arm_baseline - control_baseline
    whole = np.isfinite(difference) & np.isfinite(baseline)
    n = _count(whole)
    enough = n - 2 >= LEAST_DEGREES_OF_FREEDOM
    same, alike = ~(whole & (baseline != 0.0)).any(axis=-1), _same(baseline, whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        d, b = _mean(difference, whole, n), _mean(baseline, whole, n)
        dd, db = _from_mean(difference, whole, d), _from_mean(baseline, whole, b)
        sbb = _sum(db * db)
        slope = np.where(same, 0.0, _sum(dd * db) / sbb)
        freedom = n - np.where(same, 1, 2)
        variance = _sum((dd - slope[:, None] * db) ** 2) / freedom
        estimate = d - slope * b
        error = np.sqrt(variance * (1.0 / n + np.where(same, 0.0, b**2 / sbb)))
    method = np.where(enough & same, PAIRED_SAME_BASELINE, PAIRED)
    why = np.where(~enough, TOO_FEW, np.where(alike & ~same, NO_PAIRED_SLOPE, ""))
    return _by_student(estimate, error, freedom, n, n, method, why, alpha)


def within_arm_many(change: FloatArray, *, alpha: float) -> Estimates:
    """Mean change of an arm that has no control, with limits and p from Student's t: not a treatment effect.

    Parameters
    ----------
    change : FloatArray, shape (n_trials, n_patients)
        Change of each patient; NaN for those of other arms.
    alpha : float
        Two-sided error.

    Returns
    -------
    Estimates
        One number a trial, with `n_control` 0; p is missing where all changed by the same.
    """
    whole = np.isfinite(change)
    n = _count(whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = _mean(change, whole, n)
        error = np.sqrt(_sum(_from_mean(change, whole, mean) ** 2) / (n - 1) / n)
    why = np.where(n < 2, TOO_FEW, "")
    method = np.full(n.shape, WITHIN)
    found = _by_student(mean, error, n - 1, n, np.zeros_like(n), method, why, alpha)
    return replace(found, p_value=np.where(error > 0.0, found.p_value, np.nan))


def risk_difference_many(responded: FloatArray, arm: BoolArray, control: BoolArray, *, alpha: float) -> Estimates:
    """Difference of the shares of responders of two independent arms.

    Limits are Newcombe's hybrid score interval, p that of the score test.

    Parameters
    ----------
    responded : FloatArray, shape (n_trials, n_patients)
        1 where a patient responded, else 0.
    arm : BoolArray, shape (n_trials, n_patients)
        Who is in the arm.
    control : BoolArray, shape (n_trials, n_patients)
        Who is in its control.
    alpha : float
        Two-sided error.

    Returns
    -------
    Estimates
        One number a trial; p is missing where nobody or everybody responded.

    References
    ----------
    .. [1] Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    whole = np.isfinite(responded)
    one, other = whole & arm, whole & control
    n, n_control = _count(one), _count(other)
    k, k_control = _sum(np.where(one, responded, 0.0)), _sum(np.where(other, responded, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        share, share_control = k / n, k_control / n_control
        error = np.sqrt(share * (1.0 - share) / n + share_control * (1.0 - share_control) / n_control)
    low, high = newcombe(k, n, k_control, n_control, alpha)
    p = score_test(k, n, k_control, n_control)
    why = np.where(np.minimum(n, n_control) < 2, TOO_FEW, "")
    freedom = np.full(n.shape, np.inf)
    return _estimates(share - share_control, error, low, high, p, n, n_control, freedom, np.full(n.shape, SHARES), why)


def paired_risk_difference_many(arm: FloatArray, control: FloatArray, *, alpha: float) -> Estimates:
    """Difference of the shares of two sides that responded: mean of the paired differences with Student's t.

    Parameters
    ----------
    arm : FloatArray, shape (n_trials, n_patients)
        1 where the side that is treated responded, else 0.
    control : FloatArray, shape (n_trials, n_patients)
        The same of the other side.
    alpha : float
        Two-sided error.

    Returns
    -------
    Estimates
        One number a trial.
    """
    found = within_arm_many(arm - control, alpha=alpha)
    return replace(found, n_control=found.n_arm, method=np.char.replace(found.method, WITHIN, PAIRED_SHARES))


def _by_student(
    estimate: FloatArray,
    error: FloatArray,
    freedom: IntArray,
    n: IntArray,
    n_control: IntArray,
    method: NDArray[np.str_],
    why: NDArray[np.str_],
    alpha: float,
) -> Estimates:
    """Limits and p from Student's t with so many degrees of freedom."""
    from scipy.special import stdtr, stdtrit

    # where there are none the estimate is missing anyway
    nu = np.maximum(freedom, 1).astype(np.float64)
    half = -stdtrit(nu, alpha / 2.0) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2.0 * stdtr(nu, -np.abs(estimate / error))
    return _estimates(estimate, error, estimate - half, estimate + half, p, n, n_control, nu, method, why)


def _estimates(
    estimate: FloatArray,
    error: FloatArray,
    low: FloatArray,
    high: FloatArray,
    p: FloatArray,
    n: IntArray,
    n_control: IntArray,
    freedom: FloatArray,
    method: NDArray[np.str_],
    why: NDArray[np.str_],
) -> Estimates:
    """Numbers of trials, missing where `why` says so."""
    there = why == ""
    numbers = [np.where(there, number, np.nan) for number in (estimate, error, low, high, p)]
    said = np.where(there, method, np.char.add(np.char.add(method, "; not estimable: "), why))
    freedom = np.where(there, freedom, np.nan)
    return Estimates(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], n, n_control, freedom, said)


def _one_row(arm: FloatArray, control: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Patients of one trial side by side, and who of them is in the arm."""
    return np.concatenate([arm, control])[None, :], (np.arange(len(arm) + len(control)) < len(arm))[None, :]


def _sum(values: FloatArray) -> FloatArray:
    """Sum over patients, each row added up on its own so that it does not hang on the others."""
    return np.ascontiguousarray(values).sum(axis=-1)


def _count(who: BoolArray) -> IntArray:
    return who.sum(axis=-1, dtype=np.int64)


def _mean(values: FloatArray, who: BoolArray, n: IntArray) -> FloatArray:
    return _sum(np.where(who, values, 0.0)) / n


def _from_mean(values: FloatArray, who: BoolArray, mean: FloatArray) -> FloatArray:
    return np.where(who, values - mean[:, None], 0.0)


def _same(values: FloatArray, who: BoolArray) -> BoolArray:
    """Whether those who count have one value."""
    return np.where(who, values, -np.inf).max(axis=-1, initial=-np.inf) <= np.where(who, values, np.inf).min(
        axis=-1, initial=np.inf
    )
