"""Closed forms of the statistics agree with statsmodels, SciPy and scoringrules over random data and its edges."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.interpolate import PchipInterpolator
from scipy.stats import binom
from scoringrules import crps_ensemble, crps_normal
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, test_proportions_2indep
from statsmodels.stats.rates import confint_poisson

from anagen.evidence.predictive import crps
from anagen.statistics.estimates import Estimate
from anagen.statistics.shares import binomial_quantile, clopper_pearson, garwood, newcombe, score_test, wilson
from anagen.statistics.two_arms import NO_PAIRED_SLOPE, NO_SLOPE, TOO_FEW, ancova, paired_ancova, risk_difference
from anagen.trials.severity import monotone_cubic
from anagen.validation.scores import score_normal

ALPHA = some.sampled_from([0.001, 0.01, 0.05, 0.1, 0.5])
SIZE = some.integers(0, 12)
SEED = some.integers(0, 2**32 - 1)
test_proportions_2indep.__test__ = False  # type: ignore[attr-defined]


def patients(seed: int, n: int, missing: float, coarse: bool) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and baselines; some missing, and in whole numbers where a coarse score is meant."""
    rng = np.random.default_rng(seed)
    baseline = rng.normal(200.0, 40.0, n)
    outcome = 3.0 - 0.2 * (baseline - 200.0) + rng.normal(0.0, 10.0, n)
    if coarse:
        outcome, baseline = np.rint(outcome / 10.0), np.rint(baseline / 40.0)
    return np.where(rng.random(n) < missing, np.nan, outcome), np.where(rng.random(n) < missing, np.nan, baseline)


def assert_same(found: Estimate, y: np.ndarray, columns: list[np.ndarray], column: int, alpha: float) -> None:
    """The coefficient of a column as statsmodels fits it, to 1e-10 of the larger of estimate and standard error."""
    fit = OLS(y, np.column_stack(columns)).fit()
    low, high = fit.conf_int(alpha)[column]
    scale = 1e-10 * max(float(np.abs(y).max()), 1.0)
    numbers = (found.estimate, found.standard_error, found.ci_low, found.ci_high)
    assert numbers == pytest.approx((fit.params[column], fit.bse[column], low, high), rel=1e-10, abs=scale)
    if found.standard_error > scale:
        assert found.p_value == pytest.approx(fit.pvalues[column], rel=1e-9, abs=1e-12)


@given(SEED, SIZE, SIZE, some.sampled_from([0.0, 0.2]), some.booleans(), some.booleans(), ALPHA)
def test_ancova_is_the_least_squares_of_statsmodels(
    seed: int, n: int, n_control: int, missing: float, coarse: bool, level: bool, alpha: float
) -> None:
    outcome, baseline = patients(seed, n + n_control, missing, coarse)
    if level:
        baseline[np.isfinite(baseline)] = 7.0
    found = ancova(outcome[:n], baseline[:n], outcome[n:], baseline[n:], alpha=alpha)
    whole = np.isfinite(outcome) & np.isfinite(baseline)
    group = (np.arange(n + n_control) < n).astype(float)[whole]
    y, b = outcome[whole], baseline[whole]
    assert (found.n_arm, found.n_control) == (int(group.sum()), int((1 - group).sum()))
    if min(found.n_arm, found.n_control) < 2:
        assert found.method.endswith(TOO_FEW) and math.isnan(found.estimate) and math.isnan(found.p_value)
    elif np.ptp(b) == 0.0:
        assert "same baseline" in found.method
        assert_same(found, y, [np.ones_like(y), group], 1, alpha)
    elif max(np.ptp(b[group == side]) for side in (0.0, 1.0)) == 0.0:
        assert found.method.endswith(NO_SLOPE) and math.isnan(found.estimate) and math.isnan(found.p_value)
    else:
        assert_same(found, y, [np.ones_like(y), group, b - b.mean()], 1, alpha)


@given(SEED, SIZE, some.sampled_from([0.0, 0.2]), some.booleans(), some.sampled_from([None, 0.0, 2.0]), ALPHA)
def test_paired_ancova_is_the_least_squares_of_statsmodels(
    seed: int, n: int, missing: float, coarse: bool, apart: float | None, alpha: float
) -> None:
    """`apart` is the difference of the baselines where it is the same in everybody."""
    outcome, baseline = patients(seed, 2 * n, missing, coarse)
    sides = [outcome[:n], baseline[:n], outcome[n:], baseline[n:]]
    if apart is not None:
        sides[1], sides[3] = np.full(n, 64.0 + apart), np.full(n, 64.0)
    found = paired_ancova(*sides, alpha=alpha)
    d, b = sides[0] - sides[2], sides[1] - sides[3]
    whole = np.isfinite(d) & np.isfinite(b)
    d, b = d[whole], b[whole]
    assert found.n_arm == found.n_control == len(d)
    if len(d) < 3:
        assert found.method.endswith(TOO_FEW) and math.isnan(found.estimate)
    elif not b.any():
        assert "same baseline" in found.method
        assert_same(found, d, [np.ones_like(d)], 0, alpha)
    elif np.ptp(b) == 0.0:
        assert found.method.endswith(NO_PAIRED_SLOPE) and math.isnan(found.estimate)
    else:
        assert_same(found, d, [np.ones_like(d), b], 0, alpha)


@pytest.mark.parametrize("analysis", [ancova, paired_ancova])
def test_outcomes_that_do_not_vary_have_no_error(analysis) -> None:
    baseline, other = np.array([1.0, 2.0, 4.0, 9.0]), np.array([3.0, 2.0, 5.0, 1.0])
    found = analysis(np.full(4, 3.0), baseline, np.full(4, 1.0), other, alpha=0.05)
    assert (found.estimate, found.standard_error, found.ci_low, found.ci_high) == (2.0, 0.0, 2.0, 2.0)
    nothing = analysis(np.zeros(4), baseline, np.zeros(4), other, alpha=0.05)
    assert (nothing.estimate, nothing.standard_error) == (0.0, 0.0) and math.isnan(nothing.p_value)


def test_baselines_that_differ_between_the_arms_alone_cannot_be_adjusted_for() -> None:
    found = ancova(np.array([1.0, 2.0, 4.0]), np.full(3, 5.0), np.array([0.0, 1.0]), np.full(2, 4.0), alpha=0.05)
    assert found.method.endswith(f"not estimable: {NO_SLOPE}") and math.isnan(found.standard_error)


@given(SIZE, SIZE, some.floats(0.0, 1.0), some.floats(0.0, 1.0), ALPHA)
def test_differences_of_shares_are_those_of_statsmodels(
    n: int, n_control: int, share: float, share_control: float, alpha: float
) -> None:
    k, k_control = round(share * n), round(share_control * n_control)
    arm, control = (np.append(np.repeat([1.0, 0.0], [a, b - a]), np.nan) for a, b in ((k, n), (k_control, n_control)))
    found = risk_difference(arm, control, paired=False, alpha=alpha)
    assert (found.n_arm, found.n_control) == (n, n_control)
    if min(n, n_control) < 2:
        assert found.method.endswith(TOO_FEW) and math.isnan(found.estimate) and math.isnan(found.ci_low)
        return
    low, high = confint_proportions_2indep(k, n, k_control, n_control, method="newcomb", compare="diff", alpha=alpha)
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), abs=1e-10)
    assert tuple(float(end) for end in newcombe(k, n, k_control, n_control, alpha)) == (found.ci_low, found.ci_high)
    if k + k_control in (0, n + n_control):
        assert math.isnan(found.p_value)
        return
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore")
        tested = test_proportions_2indep(k, n, k_control, n_control, compare="diff", method="score")
    assert found.p_value == pytest.approx(tested.pvalue, rel=1e-10)
    assert found.p_value == float(score_test(k, n, k_control, n_control))


@given(some.integers(1, 2000), some.floats(0.0, 1.0), some.floats(1e-3, 1e4), ALPHA)
def test_intervals_of_shares_and_rates_are_those_of_statsmodels(
    n: int, share: float, time: float, alpha: float
) -> None:
    k = round(share * n)
    for found, reference in (
        (clopper_pearson(k, n, alpha), proportion_confint(k, n, alpha=alpha, method="beta")),
        (wilson(k, n, alpha), proportion_confint(k, n, alpha=alpha, method="wilson")),
        (garwood(k, time, alpha), confint_poisson(k, time, method="exact-c", alpha=alpha)),
    ):
        assert [float(end) for end in found] == pytest.approx([float(end) for end in reference], rel=1e-10, abs=1e-12)


@given(some.integers(0, 5000), some.floats(0.0, 1.0), some.floats(1e-4, 0.9999))
def test_binomial_quantiles_are_those_of_scipy(n: int, share: float, level: float) -> None:
    ours, theirs = float(binomial_quantile(level, n, share)), float(binom.ppf(level, n, share))
    # where a level is met exactly, SciPy names one count or the next, as rounding falls
    exact = binom.cdf(ours, n, share) == pytest.approx(level, rel=1e-12)
    assert ours == theirs or (exact and ours == theirs - 1.0)


def test_intervals_of_arrays_are_those_of_their_numbers() -> None:
    k, n = np.array([[0, 3, 9], [10, 1, 5]]), 10
    for interval in (clopper_pearson, wilson, garwood):
        low, high = interval(k, n, 0.05)
        alone = [[float(end) for end in interval(int(each), n, 0.05)] for each in k.ravel()]
        assert np.stack([low, high], axis=-1).reshape(-1, 2).tolist() == alone


@given(SEED, some.integers(1, 60), some.floats(-5.0, 5.0))
def test_crps_is_that_of_scoringrules(seed: int, n: int, value: float) -> None:
    samples = np.random.default_rng(seed).normal(0.5, 2.0, n)
    assert crps(samples, value) == pytest.approx(float(crps_ensemble(value, samples, backend="numpy")), abs=1e-10)
    for sd in (1e-3, 0.7, 40.0):
        ours = score_normal(value, 0.5, sd)["crps"]
        assert ours == pytest.approx(float(crps_normal(value, 0.5, sd, backend="numpy")), rel=1e-10, abs=1e-12)


@given(SEED, some.integers(3, 9))
def test_monotone_curves_are_those_of_scipy(seed: int, n: int) -> None:
    nodes = np.log(2.0) * np.arange(n)
    values = np.random.default_rng(seed).normal(0.0, 2.0, (n, 4)).round(1)
    places = np.linspace(nodes[0], nodes[-1], 57)
    theirs = PchipInterpolator(nodes, values)(places)
    assert monotone_cubic(nodes, values, places) == pytest.approx(theirs, rel=1e-12, abs=1e-12)
