"""The analysis of covariance of `ancova` for thousands of trials at once, in plain NumPy.

Arrays are [trial, patient]. With outcome and covariates less their mean in each arm (dy, dx),

    b = (sum dx dx')^-1 sum dx dy,  difference = (mean y_a - mean y_c) - (mean x_a - mean x_c)' b
    SE^2 = s^2 (1/n_a + 1/n_c + d' (sum dx dx')^-1 d),  d = mean x_a - mean x_c,  s^2 = residual sum / (N - arms - k)

A trial's numbers do not depend on which trials stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.statistics.faults import fault

REDUNDANT = 1e-12
"""Smallest eigenvalue of the covariates' correlation within arms with which slopes can be told apart."""


@dataclass(frozen=True, slots=True)
class AncovaOfTrials:
    """Every arm against the control in every trial; numbers are NaN where they cannot be had.

    Attributes
    ----------
    estimate : FloatArray, shape (n_trials, n_arms - 1)
        Adjusted difference from the control.
    standard_error : FloatArray, shape (n_trials, n_arms - 1)
        Of the difference.
    df : FloatArray, shape (n_trials,)
        Residual degrees of freedom.
    ci_low : FloatArray, shape (n_trials, n_arms - 1)
        Lower confidence limit.
    ci_high : FloatArray, shape (n_trials, n_arms - 1)
        Upper confidence limit.
    statistic : FloatArray, shape (n_trials, n_arms - 1)
        Student's t.
    p_value : FloatArray, shape (n_trials, n_arms - 1)
        Two-sided.
    n : IntArray, shape (n_trials, n_arms)
        Patients analysed.
    residual_sd : FloatArray, shape (n_trials,)
        Root of the residual mean square.
    usable : BoolArray, shape (n_trials,)
        False where covariates follow from each other, or no degree of freedom is left.
    """

    estimate: FloatArray
    standard_error: FloatArray
    df: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    n: IntArray
    residual_sd: FloatArray
    usable: BoolArray


def ancova_of_trials(
    outcome: FloatArray,
    arm: IntArray,
    covariates: FloatArray | None = None,
    *,
    control: int = 0,
    n_arms: int | None = None,
    variance: Literal["classical", "hc3"] = "classical",
    alpha: float = 0.05,
) -> AncovaOfTrials:
    """Difference of every arm from the control, adjusted for covariates, in every trial.

    Parameters
    ----------
    outcome : FloatArray, shape (n_trials, n_patients)
        Outcome; patients without one are left out.
    arm : IntArray, shape (n_trials, n_patients)
        Index of the arm, negative for a place without a patient.
    covariates : FloatArray, optional, shape (n_trials, n_patients, n_covariates)
        Baseline first by custom, factors as indicator columns; a patient with a missing one is left out.
    control : int
        Index of the control.
    n_arms : int, optional
        Number of arms, the greatest index and 1 where it is not given.
    variance : {"classical", "hc3"}
        One residual variance, or HC3.
    alpha : float
        Two-sided error.

    Returns
    -------
    AncovaOfTrials
        The columns are the arms in order, without the control.

    Raises
    ------
    DataFault
        Where shapes do not fit.

    Examples
    --------
    >>> generator = np.random.default_rng(1)
    >>> baseline = generator.normal(140, 30, (2000, 90))
    >>> arm = np.tile(np.arange(90) % 3, (2000, 1))
    >>> change = 5.0 * arm - 0.2 * baseline + generator.normal(0, 15, (2000, 90))
    >>> ancova_of_trials(change, arm, baseline[:, :, None]).estimate.mean(axis=0).round(1).tolist()
    [5.0, 9.9]
    """
    from scipy.special import stdtr, stdtrit

    y = np.asarray(outcome, dtype=float)
    group = np.asarray(arm)
    if y.ndim != 2 or group.shape != y.shape:
        raise fault("arm", f"has shape {group.shape}, the outcome {y.shape}", "give both as [trial, patient]")
    x = np.zeros((*y.shape, 0)) if covariates is None else np.asarray(covariates, dtype=float)
    if x.ndim != 3 or x.shape[:2] != y.shape:
        raise fault("covariates", f"has shape {x.shape}", "give it as [trial, patient, covariate]")
    count = int(group.max()) + 1 if n_arms is None else n_arms
    if not 0 <= control < count or group.max() >= count:
        raise fault("control", f"is {control} of {count} arms", "name an index of an arm")
    used = (group >= 0) & np.isfinite(y) & np.isfinite(x).all(axis=2)
    y = np.where(used, y, 0.0)
    x = np.where(used[:, :, None], x, 0.0)
    member = used[:, None, :] & (group[:, None, :] == np.arange(count)[None, :, None])  # trial, arm, patient
    weight = member.astype(float)
    n = member.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        per = np.where(n > 0, 1.0 / n, 0.0)
        y_mean = (weight @ y[:, :, None])[:, :, 0] * per
        x_mean = (weight @ x) * per[:, :, None]
        dy = y - (weight.transpose(0, 2, 1) @ y_mean[:, :, None])[:, :, 0]
        dx = x - weight.transpose(0, 2, 1) @ x_mean
        k = x.shape[2]
        df = (n.sum(axis=1) - (n > 0).sum(axis=1) - k).astype(float)
        inverse, told_apart = _inverse(dx.transpose(0, 2, 1) @ dx, (x * x).sum(axis=1))
        usable = told_apart & (df >= 1.0)
        df = np.where(usable, df, np.nan)
        b = inverse @ (dx.transpose(0, 2, 1) @ dy[:, :, None])
        residual = np.where(used, dy - (dx @ b)[:, :, 0], 0.0)
        mean_square = (residual * residual).sum(axis=1) / df
        others = [i for i in range(count) if i != control]
        d = x_mean[:, others] - x_mean[:, [control]]
        estimate = y_mean[:, others] - y_mean[:, [control]] - (d @ b)[:, :, 0]
        if variance == "classical":
            lever = ((d @ inverse) * d).sum(axis=2)
            squared = mean_square[:, None] * (per[:, others] + per[:, [control]] + lever)
        else:
            reach = dx @ inverse
            leverage = (per[:, :, None] * weight).sum(axis=1) + (reach * dx).sum(axis=2)
            scaled = np.where(used, residual / (1.0 - leverage), 0.0)
            share = weight[:, others] * per[:, others, None] - weight[:, [control]] * per[:, [control], None]
            share = share - d @ reach.transpose(0, 2, 1)
            squared = ((share * scaled[:, None, :]) ** 2).sum(axis=2)
        fine = usable[:, None] & (n[:, others] > 1) & (n[:, [control]] > 1)
        estimate = np.where(fine, estimate, np.nan)
        error = np.where(fine, np.sqrt(squared), np.nan)
        t = estimate / error
        reach_t = np.asarray(stdtrit(df, 1.0 - alpha / 2.0)[:, None] * error, dtype=np.float64)
        p = 2.0 * stdtr(df[:, None], -np.abs(t))
    return AncovaOfTrials(
        estimate, error, df, estimate - reach_t, estimate + reach_t, t, p, n, np.sqrt(mean_square), usable
    )


def _inverse(squares: FloatArray, scale: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Inverses of the covariates' sums of squares within arms, and which could be had."""
    if squares.shape[1] == 0:
        return squares, np.ones(len(squares), dtype=bool)
    diagonal = np.diagonal(squares, axis1=1, axis2=2)
    vary = np.asarray(((diagonal > 1e-16 * scale) & (diagonal > 0.0)).all(axis=1))
    root = np.sqrt(np.where(vary[:, None], diagonal, 1.0))
    correlation = squares / (root[:, :, None] * root[:, None, :])
    correlation = np.where(vary[:, None, None], correlation, np.eye(squares.shape[1]))
    fine = vary & (np.linalg.eigvalsh(correlation)[:, 0] > REDUNDANT)
    correlation = np.where(fine[:, None, None], correlation, np.eye(squares.shape[1]))
    return np.linalg.inv(correlation) / (root[:, :, None] * root[:, None, :]), fine
