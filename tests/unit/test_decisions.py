"""Tests of claims, adjustments for several comparisons and sizes, against SciPy, statsmodels and simulated trials."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, norm, t, ttest_ind
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.weightstats import ttost_ind

from anagen.core.errors import InputError
from anagen.core.streams import Purpose, normals, uniforms
from anagen.statistics import multiplicity
from anagen.statistics.dose_finding.data import DoseResponse
from anagen.statistics.dose_finding.fit import average_weights, averaged, fit, fit_best
from anagen.statistics.dose_finding.models import SHAPES, Candidate, curve
from anagen.statistics.dose_finding.target_dose import dose_for
from anagen.statistics.gatekeeping import Graph, adjusted_p
from anagen.statistics.hypotheses import (
    dual_criterion,
    dual_criterion_chances,
    equivalence,
    non_inferiority,
    superiority,
)
from anagen.statistics.multivariate import chance_within
from anagen.statistics.sample_size import means, normal
from anagen.statistics.sample_size.means import MeansPlan
from anagen.statistics.sample_size.ordinal import shifted
from anagen.statistics.sample_size.rates import rates_plan
from anagen.statistics.sample_size.shares import restricted, shares_plan
from anagen.statistics.sample_size.sizes import Size, design_effect, with_dropout

P = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8)


@settings(max_examples=20)
@given(p=P)
def test_adjusted_p_values_are_those_of_statsmodels_and_scipy(p: list[float]) -> None:
    for ours, theirs in (("holm", "holm"), ("hochberg", "simes-hochberg"), ("hommel", "hommel")):
        assert multiplicity.adjusted(p, ours) == pytest.approx(multipletests(p, method=theirs)[1], abs=1e-12)
    assert multiplicity.adjusted(p, "bh") == pytest.approx(false_discovery_control(p), abs=1e-12)
    assert multiplicity.co_primary(p) == max(p)


@given(
    p=st.lists(st.floats(0.001, 1.0), min_size=4, max_size=4),
    moves=st.lists(st.floats(0.05, 1.0), min_size=12, max_size=12),
    shares=st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4),
)
def test_a_graph_is_the_closed_test_with_its_own_weights(
    p: list[float], moves: list[float], shares: list[float]
) -> None:
    """Every set of hypotheses is tested with the weights that are left when the others were rejected, in any order."""
    matrix = np.zeros((4, 4))
    matrix[~np.eye(4, dtype=bool)] = moves
    matrix /= matrix.sum(axis=1, keepdims=True)
    graph = Graph.of(list("abcd"), np.array(shares) / np.sum(shares), matrix)
    closed = np.zeros(4)
    for size in range(1, 5):
        for members in combinations(range(4), size):
            others = [i for i in range(4) if i not in members]
            left, back = graph, graph
            for i in others:
                left = left.without(i)
            for i in reversed(others):
                back = back.without(i)
            assert left.weights == pytest.approx(back.weights, abs=1e-9)
            found = min(min(p[i] / left.weights[i] for i in members), 1.0)
            for i in members:
                closed[i] = max(closed[i], found)
    assert adjusted_p(graph, p) == pytest.approx(closed, abs=1e-9)


@pytest.mark.parametrize(
    ("weights", "moves", "field"),
    [
        ([0.6, 0.6], [[0, 1], [1, 0]], "weights"),
        ([0.5, 0.5], [[0.1, 0.9], [1, 0]], "transitions"),
        ([1.0], [[0]], "weights"),
    ],
)
def test_a_graph_that_gives_away_too_much_is_refused(
    weights: list[float], moves: list[list[float]], field: str
) -> None:
    with pytest.raises(InputError, match=field):
        Graph.of(["a", "b"], weights, moves)


def test_claims_are_those_of_t_tests_of_scipy_and_statsmodels() -> None:
    first = 5.0 + 10.0 * normals(2, Purpose.COVARIATE, patient=np.arange(30))
    second = 10.0 * normals(2, Purpose.COVARIATE, patient=np.arange(30, 70))
    n, m = len(first), len(second)
    pooled = ((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2)
    estimate, se, df = float(first.mean() - second.mean()), float(np.sqrt(pooled * (1 / n + 1 / m))), n + m - 2
    two = ttest_ind(first, second)
    found = superiority(estimate, se, df)
    assert found.p == pytest.approx(two.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(two.confidence_interval()))
    assert superiority(estimate, se, df, sides=1).p == pytest.approx(
        ttest_ind(first, second, alternative="greater").pvalue
    )
    assert non_inferiority(estimate, se, 8.0, df).p == pytest.approx(
        ttest_ind(first + 8.0, second, alternative="greater").pvalue
    )
    assert equivalence(estimate, se, 12.0, df).p == pytest.approx(ttost_ind(first, second, -12.0, 12.0)[0])


@given(estimate=st.floats(-20, 20), se=st.floats(0.1, 10), margin=st.floats(0.5, 20), df=st.floats(3, 500))
def test_a_claim_is_shown_where_its_interval_says_so(estimate: float, se: float, margin: float, df: float) -> None:
    assert superiority(estimate, se, df).shown == (superiority(estimate, se, df).low > 0)
    assert non_inferiority(estimate, se, margin, df).shown == (non_inferiority(estimate, se, margin, df).low > -margin)
    both = equivalence(estimate, se, margin, df)
    assert both.shown == (both.low > -margin and both.high < margin)
    assert superiority(-abs(estimate), se, df).shown is False


def test_chances_of_the_dual_criterion_are_those_of_simulated_trials() -> None:
    estimates = 6.0 + 3.0 * normals(3, Purpose.COVARIATE, patient=np.arange(20_000))
    verdicts = [dual_criterion(float(each), 3.0, 8.0) for each in estimates]
    for verdict, chance in dual_criterion_chances(6.0, 3.0, 8.0).items():
        assert np.mean([each == verdict for each in verdicts]) == pytest.approx(chance, abs=3 * 0.5 / np.sqrt(20_000))


@given(
    effect=st.floats(0.15, 2.0),
    power=st.floats(0.5, 0.95),
    alpha=st.floats(0.001, 0.2),
    ratio=st.floats(0.25, 4.0),
    sides=st.sampled_from([1, 2]),
)
def test_size_power_and_detectable_difference_are_one_equation_and_that_of_statsmodels(
    effect: float, power: float, alpha: float, ratio: float, sides: int
) -> None:
    plan = MeansPlan(10.0 * effect, 10.0, alpha, sides, ratio)
    size = means.patients_for(plan, power)
    if size.total > plan.fewest * 1.0001:
        assert means.power_of(plan, size) == pytest.approx(power, abs=1e-8)
        assert means.detectable(plan, size, power) == pytest.approx(10.0 * effect, rel=1e-6)
        theirs = TTestIndPower().power(
            effect, size.first, alpha, size.second / size.first, alternative="two-sided" if sides == 2 else "larger"
        )
        assert theirs == pytest.approx(power, abs=1e-6)


@pytest.mark.parametrize("test", ["non_inferiority", "equivalence"])
def test_margins_and_sizes_are_one_equation(test: str) -> None:
    plan = MeansPlan(1.0, 20.0, test=test, margin=9.0)  # pyright: ignore[reportArgumentType]
    size = means.patients_for(plan, 0.9)
    assert means.detectable(plan, size, 0.9) == pytest.approx(9.0, rel=1e-6)


def test_power_of_equivalence_is_that_of_simulated_trials() -> None:
    plan = MeansPlan(1.0, 10.0, 0.1, 2, test="equivalence", margin=6.0)
    size, trials = plan.size(60), 20_000
    se, df = plan.se_and_df(size)
    estimates = 1.0 + se * normals(4, Purpose.COVARIATE, patient=np.arange(trials))
    from scipy.stats import chi2

    errors = se * np.sqrt(chi2.ppf(uniforms(4, Purpose.COVARIATE, patient=np.arange(trials), item=1), df) / df)
    won = np.abs(estimates) + t.isf(0.05, df) * errors < 6.0
    assert won.mean() == pytest.approx(means.power_of(plan, size), abs=3 * 0.5 / np.sqrt(trials))


def test_a_baseline_multiplies_the_variance_and_pairs_share_what_they_have_in_common() -> None:
    alone, adjusted = MeansPlan(8.0, 20.0), MeansPlan(8.0, 20.0, correlation=0.5)
    assert means.patients_for(adjusted, 0.8).total == pytest.approx(
        0.75 * means.patients_for(alone, 0.8).total, rel=0.005
    )
    pairs = MeansPlan(8.0, 20.0, layout="paired", correlation=0.875)
    assert pairs.spread == pytest.approx(10.0)
    assert means.patients_for(replace_layout(pairs), 0.8).total > means.patients_for(pairs, 0.8).total


def replace_layout(plan: MeansPlan) -> MeansPlan:
    """The same as a crossover, which spends a degree of freedom on the period."""
    return MeansPlan(plan.difference, plan.sd, layout="crossover", correlation=plan.correlation)


@pytest.mark.parametrize(
    ("first", "second", "test", "margin"),
    [(0.6, 0.4, "superiority", 0.0), (0.6, 0.6, "non_inferiority", 0.15), (0.5, 0.5, "equivalence", 0.2)],
)
def test_power_of_shares_is_near_that_of_simulated_trials(
    first: float, second: float, test: str, margin: float
) -> None:
    plan = shares_plan(first, second, test=test, margin=margin)  # pyright: ignore[reportArgumentType]
    size = normal.patients_for(plan, 0.8)
    n, trials = size.arms[0], 4000
    people = uniforms(6, Purpose.COVARIATE, patient=np.arange(trials)[:, None], item=np.arange(2 * n)[None, :])
    one, two = (people[:, :n] < first).mean(axis=1), (people[:, n:] < second).mean(axis=1)
    se = np.sqrt((one * (1 - one) + two * (1 - two)) / n)
    low = one - two - norm.isf(0.025) * se > -margin
    won = low & (one - two + norm.isf(0.025) * se < margin) if test == "equivalence" else low
    assert normal.power_of(plan, size) == pytest.approx(0.8)
    assert won.mean() == pytest.approx(0.8, abs=0.03)
    fixed = restricted(0.7, 0.5, 0.5, -0.1)
    assert fixed[0] - fixed[1] == pytest.approx(-0.1)


def test_sizes_of_rates_have_their_power_in_simulated_trials() -> None:
    from scipy.stats import nbinom

    plan = rates_plan(0.7, 1.0, exposure=1.0, dispersion=0.5)
    n, trials = normal.patients_for(plan, 0.8).arms[0], 2000
    u = uniforms(8, Purpose.COVARIATE, patient=np.arange(trials)[:, None], item=np.arange(2 * n)[None, :])
    size = 1.0 / 0.5
    one, two = (nbinom.ppf(part, size, size / (size + rate)) for part, rate in ((u[:, :n], 0.7), (u[:, n:], 1.0)))
    a, b = one.mean(axis=1), two.mean(axis=1)
    z = np.log(b / a) / np.sqrt((1 / a + 0.5) / n + (1 / b + 0.5) / n)
    assert np.mean(z > norm.isf(0.025)) == pytest.approx(0.8, abs=3 * 0.4 / np.sqrt(trials) + 0.005)


def test_lost_patients_clusters_and_odds() -> None:
    assert with_dropout(Size(200.0, 100.0, 100.0), 0.15).arms == (118, 118)
    assert design_effect(1, 0.3) == 1.0
    assert design_effect(10, 0.1, cv=0.5) == pytest.approx(1 + (1.25 * 10 - 1) * 0.1)
    assert shifted([0.2, 0.5, 0.2, 0.1], 1.0) == pytest.approx([0.2, 0.5, 0.2, 0.1])


@pytest.mark.parametrize(
    "make",
    [
        lambda: means.patients_for(MeansPlan(0.0, 20.0), 0.8),
        lambda: means.patients_for(MeansPlan(-3.0, 20.0, sides=1), 0.8),
        lambda: means.patients_for(MeansPlan(9.0, 20.0, test="equivalence", margin=8.0), 0.8),
        lambda: MeansPlan(8.0, 20.0, test="non_inferiority"),
        lambda: MeansPlan(8.0, 20.0, margin=3.0),
        lambda: shares_plan(0.4, 0.4),
        lambda: rates_plan(1.0, 0.7, sides=1),
        lambda: superiority(1.0, 0.0),
        lambda: multiplicity.adjusted([0.1], "homm"),
        lambda: Candidate("emax"),
    ],
)
def test_what_cannot_be_planned_is_refused(make) -> None:
    with pytest.raises(InputError):
        make()


def test_chances_within_bounds_are_exact_where_they_are_known() -> None:
    singular = np.ones((3, 3))
    assert chance_within(np.full(3, -np.inf), np.array([1.0, 0.5, 2.0]), singular)[0] == pytest.approx(
        norm.cdf(0.5), abs=1e-4
    )
    chance, error = chance_within(np.full(2, -np.inf), np.array([1.5, np.inf]), np.eye(2), 7.0)
    assert chance == pytest.approx(t.cdf(1.5, 7), abs=4 * error + 1e-6)
    assert chance_within(-np.ones(2), np.ones(2), np.eye(2)) == chance_within(-np.ones(2), np.ones(2), np.eye(2))


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_curve_without_error_is_found_again(name: str) -> None:
    guess = {"linear": (), "emax": (0.3,), "sigmoid_emax": (0.4, 3.0), "exponential": (0.6,), "quadratic": (-0.4,)}
    truth = guess.get(name, (0.4, 0.15) if name == "logistic" else (1.2, 0.8))
    doses = [0.0, 0.1, 0.25, 0.5, 0.75, 1.0]
    means_ = 2.0 + 3.0 * curve(name, doses, truth, 1.0)
    data = DoseResponse.summaries(doses, means_, [30, 20, 20, 20, 20, 30], 1.0)
    found = fit(data, name)
    assert found.distance < 1e-6
    assert found.at(doses) == pytest.approx(means_, abs=1e-3)
    assert found.at(dose_for(found, 0.9)) - found.at(0.0) == pytest.approx(0.9, abs=1e-6)
    exact = DoseResponse.summaries(doses, means_, [30, 20, 20, 20, 20, 30], 0.05)
    assert fit_best(exact, ["linear", name]).shape == name
    assert averaged([found, found], doses) == pytest.approx(found.at(doses))
    assert average_weights([found, found]) == pytest.approx([0.5, 0.5])
