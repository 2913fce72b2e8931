"""Analysis of covariance of a trial with two arms compared, parallel or split-scalp."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from anagen.core.arrays import FloatArray

LEAST_DEGREES_OF_FREEDOM = 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference between arms: estimate, standard error, confidence limits, two-sided p value, patients used,
    method.
    """

    estimate: float
    standard_error: float
    ci_low: float
    ci_high: float
    p_value: float
    n_arm: int
    n_control: int
    method: str


def ancova(
    arm: FloatArray, arm_baseline: FloatArray, control: FloatArray, control_baseline: FloatArray, *, alpha: float
) -> Estimate:
    """Difference of two arms adjusted for baseline, by least squares.

    y = b0 + b1 * [in arm] + b2 * (baseline - mean baseline) + e; the estimate is b1, with limits and p from Student's
    t.
    Patients with a missing value are left out (complete cases).

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

    References
    ----------
    .. [1] ICH E9, section 5.7.
    .. [2] Senn 2006, doi:10.1002/sim.2682.
    """
    from statsmodels.regression.linear_model import OLS

    outcome = np.concatenate([arm, control])
    baseline = np.concatenate([arm_baseline, control_baseline])
    group = np.concatenate([np.ones(len(arm)), np.zeros(len(control))])
    whole = np.isfinite(outcome) & np.isfinite(baseline)
    n_arm, n_control = int(whole[: len(arm)].sum()), int(whole[len(arm) :].sum())
    method = "ANCOVA, baseline as covariate, complete cases"
    if min(n_arm, n_control) < 2 or n_arm + n_control - 3 < LEAST_DEGREES_OF_FREEDOM:
        return not_estimable(n_arm, n_control, method)
    y, b = outcome[whole], baseline[whole]
    columns = [np.ones(len(y)), group[whole], b - b.mean()]
    if np.ptp(b) == 0.0:
        # a score of change is 0 for everybody at baseline and cannot be adjusted for
        columns, method = columns[:2], "difference of means, same baseline for all, complete cases"
    fit = OLS(y, np.column_stack(columns)).fit()
    low, high = fit.conf_int(alpha)[1]
    return Estimate(
        float(fit.params[1]),
        float(fit.bse[1]),
        float(low),
        float(high),
        float(fit.pvalues[1]),
        n_arm,
        n_control,
        method,
    )


def paired_ancova(
    arm: FloatArray, arm_baseline: FloatArray, control: FloatArray, control_baseline: FloatArray, *, alpha: float
) -> Estimate:
    """Difference of the two sides of a scalp, adjusted for their difference at baseline.

    d = b0 + b1 * (side difference at baseline) + e over patients with both sides; the estimate is b0, the difference of
    two sides that were equal at baseline. The covariate is not centred: sides differ at baseline by chance alone, so
    its expected value is known to be zero, and centring would leave that chance out of the standard error.
    """
    from statsmodels.regression.linear_model import OLS

    difference, baseline = arm - control, arm_baseline - control_baseline
    whole = np.isfinite(difference) & np.isfinite(baseline)
    n = int(whole.sum())
    method = "paired ANCOVA of side differences, baseline difference as covariate, complete cases"
    if n - 2 < LEAST_DEGREES_OF_FREEDOM:
        return not_estimable(n, n, method)
    d, b = difference[whole], baseline[whole]
    columns = [np.ones(n), b]
    if not b.any():
        columns, method = columns[:1], "paired difference of sides, same baseline for all, complete cases"
    fit = OLS(d, np.column_stack(columns)).fit()
    low, high = fit.conf_int(alpha)[0]
    return Estimate(
        float(fit.params[0]), float(fit.bse[0]), float(low), float(high), float(fit.pvalues[0]), n, n, method
    )


def within_arm(change: FloatArray, *, alpha: float) -> Estimate:
    """Mean change of an arm that has no control, with limits and p from Student's t: not a treatment effect."""
    from scipy import stats

    whole = change[np.isfinite(change)]
    method = "change from baseline without a control, complete cases"
    if len(whole) < 2:
        return not_estimable(len(whole), 0, method)
    mean, error = float(whole.mean()), float(whole.std(ddof=1) / np.sqrt(len(whole)))
    half = float(stats.t.ppf(1.0 - alpha / 2.0, len(whole) - 1)) * error
    p = float(2.0 * stats.t.sf(abs(mean) / error, len(whole) - 1)) if error > 0.0 else float("nan")
    return Estimate(mean, error, mean - half, mean + half, p, len(whole), 0, method)


def risk_difference(arm: FloatArray, control: FloatArray, *, paired: bool, alpha: float) -> Estimate:
    """Difference of two shares of responders.

    Independent arms: Newcombe's hybrid score interval and the score test,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    Two sides of the same patients: mean of the paired differences with Student's t.
    """
    if paired:
        estimate = within_arm(arm - control, alpha=alpha)
        return Estimate(
            estimate.estimate,
            estimate.standard_error,
            estimate.ci_low,
            estimate.ci_high,
            estimate.p_value,
            estimate.n_arm,
            estimate.n_arm,
            "paired difference of responder shares, complete cases",
        )
    from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

    a, c = arm[np.isfinite(arm)], control[np.isfinite(control)]
    method = "difference of responder shares, Newcombe interval, complete cases"
    if min(len(a), len(c)) < 2:
        return not_estimable(len(a), len(c), method)
    low, high = confint_proportions_2indep(
        a.sum(), len(a), c.sum(), len(c), method="newcomb", compare="diff", alpha=alpha
    )
    p1, p0 = float(a.mean()), float(c.mean())
    error = float(np.sqrt(p1 * (1.0 - p1) / len(a) + p0 * (1.0 - p0) / len(c)))
    p = float("nan")
    if not (p1 == p0 and p1 in (0.0, 1.0)):
        # It works out a ratio as well, which nobody reads and which has no value where nobody responded.
        with np.errstate(divide="ignore", invalid="ignore"):
            tested = test_proportions_2indep(a.sum(), len(a), c.sum(), len(c), compare="diff", method="score")
        p = float(cast("Any", tested).pvalue)
    return Estimate(p1 - p0, error, float(low), float(high), p, len(a), len(c), method)


def not_estimable(n_arm: int, n_control: int, method: str) -> Estimate:
    """An estimate that cannot be had: too few patients were measured."""
    nan = float("nan")
    return Estimate(nan, nan, nan, nan, nan, n_arm, n_control, f"{method}; not estimable: too few patients measured")
