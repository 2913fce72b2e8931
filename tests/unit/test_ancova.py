"""Analysis of covariance against statsmodels formulas and against an example computed by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats
from scipy.stats import binom

from anagen.analysis.measures import measure_of
from anagen.statistics.two_arms import ancova, paired_ancova, risk_difference, within_arm

RNG = np.random.default_rng(12)
BASELINE = RNG.normal(200.0, 40.0, (2, 23))
CHANGE = np.array([[12.0], [2.0]]) - 0.2 * (BASELINE - 200.0) + RNG.normal(0.0, 15.0, (2, 23))


def test_ancova_by_hand() -> None:
    """Four patients, so that every number can be checked on paper.

    Baselines 1, 3 (arm) and 2, 4 (control), outcomes 6, 8 and 3, 7. Within arms Sxx = 2 + 2, Sxy = 2 + 4, slope 1.5;
    arm means 7 and 5, baseline means 2 and 3: estimate (7 - 5) - 1.5 (2 - 3) = 3.5. Residual sum of squares
    2 + 8 - 6^2 / 4 = 1 on 1 degree of freedom; variance of the estimate 1 * (1/2 + 1/2 + 1^2 / 4) = 1.25.
    """
    found = ancova(np.array([6.0, 8.0]), np.array([1.0, 3.0]), np.array([3.0, 7.0]), np.array([2.0, 4.0]), alpha=0.05)
    assert found.estimate == pytest.approx(3.5)
    assert found.standard_error == pytest.approx(np.sqrt(1.25))
    half = 12.706204736432095 * np.sqrt(1.25)
    assert (found.ci_low, found.ci_high) == pytest.approx((3.5 - half, 3.5 + half))
    assert found.p_value == pytest.approx(2.0 * stats.t.sf(3.5 / np.sqrt(1.25), 1))
    assert (found.n_arm, found.n_control) == (2, 2)


def test_ancova_against_a_formula() -> None:
    found = ancova(CHANGE[0], BASELINE[0], CHANGE[1], BASELINE[1], alpha=0.1)
    table = pd.DataFrame({"y": CHANGE.ravel(), "b": BASELINE.ravel(), "arm": np.repeat(["arm", "control"], 23)})
    fit = smf.ols("y ~ C(arm, Treatment('control')) + b", table).fit()
    name = "C(arm, Treatment('control'))[T.arm]"
    low, high = fit.conf_int(0.1).loc[name]
    assert found.estimate == pytest.approx(fit.params[name], rel=1e-9)
    assert found.standard_error == pytest.approx(fit.bse[name], rel=1e-9)
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), rel=1e-9)
    assert found.p_value == pytest.approx(fit.pvalues[name], rel=1e-6)


def test_ancova_of_change_and_of_value_agree() -> None:
    """With baseline as covariate, change and value give the same effect (Senn 2006)."""
    change = ancova(CHANGE[0], BASELINE[0], CHANGE[1], BASELINE[1], alpha=0.05)
    value = ancova(CHANGE[0] + BASELINE[0], BASELINE[0], CHANGE[1] + BASELINE[1], BASELINE[1], alpha=0.05)
    assert value.estimate == pytest.approx(change.estimate, rel=1e-9)
    assert value.standard_error == pytest.approx(change.standard_error, rel=1e-9)


def test_missing_values_are_left_out() -> None:
    change, baseline = CHANGE.copy(), BASELINE.copy()
    change[0, 3], baseline[1, 5] = np.nan, np.nan
    found = ancova(change[0], baseline[0], change[1], baseline[1], alpha=0.05)
    whole = ancova(
        np.delete(CHANGE[0], 3),
        np.delete(BASELINE[0], 3),
        np.delete(CHANGE[1], 5),
        np.delete(BASELINE[1], 5),
        alpha=0.05,
    )
    assert (found.n_arm, found.n_control) == (22, 22)
    assert found.estimate == pytest.approx(whole.estimate) and found.p_value == pytest.approx(whole.p_value)


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_patients(n: int) -> None:
    found = ancova(CHANGE[0, :n], BASELINE[0, :n], CHANGE[1], BASELINE[1], alpha=0.05)
    assert np.isnan(found.estimate) and "not estimable" in found.method and found.n_arm == n


def test_paired_ancova_against_a_formula() -> None:
    """The effect at equal baselines of the two sides: the intercept of side difference on baseline difference.

    Centring the covariate would give the mean difference with the standard error of the residuals, which is too small.
    """
    found = paired_ancova(CHANGE[0], BASELINE[0], CHANGE[1], BASELINE[1], alpha=0.05)
    fit = smf.ols("d ~ b", pd.DataFrame({"d": CHANGE[0] - CHANGE[1], "b": BASELINE[0] - BASELINE[1]})).fit()
    assert found.estimate == pytest.approx(fit.params["Intercept"], rel=1e-9)
    assert found.standard_error == pytest.approx(fit.bse["Intercept"], rel=1e-9)
    assert found.p_value == pytest.approx(fit.pvalues["Intercept"], rel=1e-6)
    assert (found.n_arm, found.n_control) == (23, 23)


def test_paired_ancova_of_change_and_of_value_agree() -> None:
    change = paired_ancova(CHANGE[0], BASELINE[0], CHANGE[1], BASELINE[1], alpha=0.05)
    value = paired_ancova(CHANGE[0] + BASELINE[0], BASELINE[0], CHANGE[1] + BASELINE[1], BASELINE[1], alpha=0.05)
    assert value.estimate == pytest.approx(change.estimate, rel=1e-9)
    assert value.p_value == pytest.approx(change.p_value, rel=1e-9)


@pytest.mark.parametrize("analysis", [ancova, paired_ancova])
def test_size_of_the_analyses(analysis) -> None:
    """5 % of 3,000 pairs of samples that differ in nothing, within the 99.9 % binomial interval."""
    rng, n = np.random.default_rng(3), 3000
    baseline, value = rng.normal(size=(2, n, 2, 12))
    p = [
        analysis(v[0] - b[0], b[0], v[1] - b[1], b[1], alpha=0.05).p_value for b, v in zip(baseline, value, strict=True)
    ]
    low, high = binom.interval(0.999, n, 0.05)
    assert low <= np.sum(np.array(p) < 0.05) <= high


@pytest.mark.parametrize("analysis", [ancova, paired_ancova])
def test_coverage_of_the_intervals(analysis) -> None:
    rng, n, effect = np.random.default_rng(4), 3000, 0.7
    baseline = rng.normal(size=(n, 2, 12))
    value = 0.6 * baseline + rng.normal(size=(n, 2, 12)) + np.array([effect, 0.0])[None, :, None]
    held = 0
    for b, v in zip(baseline, value, strict=True):
        found = analysis(v[0] - b[0], b[0], v[1] - b[1], b[1], alpha=0.05)
        held += found.ci_low <= effect <= found.ci_high
    low, high = binom.interval(0.999, n, 0.95)
    assert low <= held <= high


def test_within_arm_is_a_t_test() -> None:
    found = within_arm(np.append(CHANGE[0], np.nan), alpha=0.05)
    expected = stats.ttest_1samp(CHANGE[0], 0.0)
    assert found.estimate == pytest.approx(CHANGE[0].mean())
    assert found.p_value == pytest.approx(expected.pvalue)
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(expected.confidence_interval(0.95)))


def test_risk_difference_published_example() -> None:
    """Newcombe 1998, example (a): 56/70 against 48/80, difference 0.2000, interval 0.0524 to 0.3339."""
    found = risk_difference(np.repeat([1.0, 0.0], [56, 14]), np.repeat([1.0, 0.0], [48, 32]), paired=False, alpha=0.05)
    assert found.estimate == pytest.approx(0.2)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert 0.0 < found.p_value < 0.05


def test_risk_difference_without_responders() -> None:
    found = risk_difference(np.zeros(10), np.zeros(10), paired=False, alpha=0.05)
    assert found.estimate == 0.0 and np.isnan(found.p_value) and found.ci_low < 0.0 < found.ci_high


def test_paired_risk_difference() -> None:
    arm, control = np.array([1.0, 1.0, 0.0, 1.0, np.nan]), np.array([0.0, 1.0, 0.0, 0.0, 1.0])
    found = risk_difference(arm, control, paired=True, alpha=0.05)
    assert found.estimate == pytest.approx(0.5) and found.n_arm == found.n_control == 4


@pytest.mark.parametrize(
    ("measure", "threshold", "expected"),
    [
        ("change", None, [10.0, -5.0, np.nan, 3.0]),
        ("value", None, [110.0, 45.0, np.nan, 3.0]),
        ("percent_change", None, [10.0, -10.0, np.nan, np.nan]),
        ("responder", 10.0, [1.0, 0.0, np.nan, 0.0]),
        ("responder", -5.0, [0.0, 1.0, np.nan, 0.0]),
        ("responder", 0.0, [1.0, 0.0, np.nan, 1.0]),
    ],
)
def test_measures(measure: str, threshold: float | None, expected: list[float]) -> None:
    found = measure_of(measure, np.array([110.0, 45.0, np.nan, 3.0]), np.array([100.0, 50.0, 10.0, 0.0]), threshold)
    assert np.array_equal(found, np.array(expected), equal_nan=True)


@pytest.mark.parametrize(
    ("measure", "message"), [("responder", "needs a threshold"), ("ratio", "'ratio' is not one of")]
)
def test_unknown_measures(measure: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure_of(measure, np.ones(1), np.ones(1))
