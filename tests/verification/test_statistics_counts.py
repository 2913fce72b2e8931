"""Shares, grades and counts against R 4.2.2 (reference/reference.txt, sections 5, 12, 13), SciPy and statsmodels."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.stats.contingency_tables import StratifiedTable

from anagen.statistics.counts import negative_binomial, negative_binomial_ratio, poisson_rate, rate_ratio
from anagen.statistics.faults import DataFault
from anagen.statistics.ordinal import common_odds_ratio, proportional_odds, win_probability
from anagen.statistics.responders import (
    chi_squared_p,
    clopper_pearson,
    counts,
    fisher_p,
    mcnemar,
    odds_ratio,
    risk_difference,
)
from anagen.statistics.single_imputation import non_responders
from anagen.statistics.strata import mantel_haenszel, strata_tables

REFERENCE = Path(__file__).parent / "reference"
# x1 n1 x2 n2 | Newcombe difference, limits | Fisher p | chi2 p | Clopper-Pearson of arm 1
SHARES = [
    (20, 30, 24, 36, 0, -0.22181787, 0.21578833, 1, 1, 0.47187996, 0.82712578),
    (30, 36, 24, 36, 0.16666667, -0.034299682, 0.35217395, 0.17269007, 0.10247043, 0.67188407, 0.93627987),
    (0, 40, 0, 40, 0, -0.087621601, 0.087621601, 1, math.nan, 0, 0.088097303),
    (26, 40, 28, 40, -0.05, -0.24551906, 0.15089943, 0.81164669, 0.63307025, 0.48315555, 0.79371751),
    (4, 80, 0, 40, 0.05, -0.042740935, 0.12162276, 0.29987814, 0.15032346, 0.013789394, 0.12309874),
    (1, 80, 0, 40, 0.0125, -0.075723747, 0.067462701, 1, 0.47765974, 0.00031642253, 0.067687784),
    (40, 40, 33, 40, 0.175, 0.051137887, 0.3194999, 0.011737629, 0.0056108107, 0.9119027, 1),
]
ARM = np.repeat(np.arange(-3, 4), [0, 1, 3, 14, 12, 8, 2])
CONTROL = np.repeat(np.arange(-3, 4), [1, 3, 9, 16, 8, 3, 0])


@pytest.mark.parametrize("row", SHARES)
def test_shares_agree_with_r(row: tuple[float, ...]) -> None:
    x, n, y, m = (int(value) for value in row[:4])
    one, exact = risk_difference(x, n, y, m), clopper_pearson(x, n)
    told = [one.estimate, one.ci_low, one.ci_high, fisher_p(x, n, y, m), chi_squared_p(x, n, y, m)]
    assert [*told, exact.ci_low, exact.ci_high] == pytest.approx(list(row[4:]), rel=1e-6, abs=1e-9, nan_ok=True)


def test_score_limits_are_the_differences_that_the_score_test_does_not_reject() -> None:
    from scipy.optimize import minimize_scalar

    for x, n, y, m in ((20, 30, 24, 36), (26, 40, 28, 40), (4, 80, 1, 40)):
        one = risk_difference(x, n, y, m, method="score")
        for delta in (one.ci_low, one.ci_high):
            low, high = max(0.0, -delta), min(1.0, 1.0 - delta)

            def against(q: float, delta: float = delta, x: int = x, n: int = n, y: int = y, m: int = m) -> float:
                p = q + delta
                return -(x * np.log(p) + (n - x) * np.log(1 - p) + y * np.log(q) + (m - y) * np.log(1 - q))

            bounds = (low + 1e-10, high - 1e-10)
            q = float(minimize_scalar(against, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x)
            p = q + delta
            variance = (p * (1 - p) / n + q * (1 - q) / m) * (n + m) / (n + m - 1)
            assert abs(x / n - y / m - delta) / math.sqrt(variance) == pytest.approx(1.959964, abs=1e-4)
    none = risk_difference(0, 40, 0, 40, method="score")
    assert none.ci_low == pytest.approx(-none.ci_high)
    assert 0.07 < none.ci_high < 0.1


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_exchanged_arms_turn_the_sign(n: int, m: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    for method in ("newcombe", "wald", "score"):
        one = risk_difference(x, n, y, m, method=method)  # type: ignore[arg-type]
        other = risk_difference(y, m, x, n, method=method)  # type: ignore[arg-type]
        assert [one.ci_low, one.ci_high] == pytest.approx([-other.ci_high, -other.ci_low], abs=1e-6)
        assert one.ci_low <= one.estimate + 1e-6
        assert one.ci_high >= one.estimate - 1e-6


def test_pairs_agree_with_r() -> None:
    # McNemar b=9 c=3: exact 0.14599609  chi2 uncorrected 0.083264517
    assert mcnemar(9, 3) == pytest.approx(0.14599609, rel=1e-7)
    assert mcnemar(9, 3, method="chi-squared") == pytest.approx(0.083264517, rel=1e-7)
    assert mcnemar(9, 3, method="mid-p") == pytest.approx(0.14599609 - stats.binom.pmf(3, 12, 0.5), rel=1e-6)
    assert mcnemar(4, 4) == mcnemar(0, 0) == 1.0


def test_strata_agree_with_mantelhaen_test() -> None:
    # response is change24 >= 5, strata severity: statistic 0.89681773, p 0.34363643, common odds ratio 1.552863
    wide = pd.read_csv(REFERENCE / "trial_wide.csv")
    wide = wide[wide["arm"] != "dose1"]
    responded = np.where(wide["change24"].isna(), np.nan, wide["change24"] >= 5)
    tables = strata_tables(responded, wide["arm"] == "dose2", wide["severity"])
    assert tables.tolist() == [[[11, 9], [7, 13]], [[12, 9], [9, 7]]]
    one = mantel_haenszel(tables)
    assert [one.statistic, one.p_value, one.estimate] == pytest.approx([0.89681773, 0.34363643, 1.552863], rel=1e-6)
    other = StratifiedTable([np.array(t) for t in tables])
    assert [one.ci_low, one.ci_high] == pytest.approx(list(other.oddsratio_pooled_confint()), rel=1e-8)


def test_odds_ratios_agree_with_statsmodels_and_say_when_a_cell_was_empty() -> None:
    one, other = odds_ratio(30, 36, 24, 36), sm.stats.Table2x2(np.array([[30, 6], [24, 12]]))
    assert [one.estimate, one.standard_error] == pytest.approx([other.oddsratio, other.log_oddsratio_se])
    assert [one.ci_low, one.ci_high] == pytest.approx(list(other.oddsratio_confint()))
    assert "0.5 added" in odds_ratio(4, 80, 0, 40).method
    exact = odds_ratio(4, 80, 0, 40, method="exact")
    assert exact.estimate == math.inf
    assert exact.p_value == pytest.approx(0.29987814)


def test_patients_who_left_are_left_out_or_counted_as_non_responders() -> None:
    salt = np.array([12.0, 45.0, np.nan, 20.0])
    responded = np.where(np.isnan(salt), np.nan, salt <= 20.0)
    assert counts(responded) == (2, 3)
    assert counts(non_responders(responded)) == (2, 4)
    with pytest.raises(DataFault, match=r"responded: row 2 is 3; write 1 for a responder"):
        counts([1, 3])
    with pytest.raises(DataFault, match="arm: has 5 responders of 3 patients"):
        risk_difference(5, 3, 1, 2)


def test_rank_test_agrees_with_wilcox_test() -> None:
    # 0.0022102225
    one = win_probability(ARM, CONTROL)
    assert one.p_value == pytest.approx(0.0022102225, rel=1e-7)
    u = stats.mannwhitneyu(ARM, CONTROL).statistic
    assert one.estimate == pytest.approx(u / (len(ARM) * len(CONTROL)))
    pairs = np.sign(ARM[:, None] - CONTROL[None, :]) / 2.0 + 0.5
    squared = pairs.mean(axis=1).var(ddof=1) / len(ARM) + pairs.mean(axis=0).var(ddof=1) / len(CONTROL)
    assert one.standard_error == pytest.approx(math.sqrt(squared))


def test_a_rank_test_sees_ranks_alone_and_turns_with_the_arms() -> None:
    one, moved = win_probability(ARM, CONTROL), win_probability(np.exp(ARM), np.exp(CONTROL))
    other = win_probability(np.append(CONTROL, np.nan), ARM[::-1])
    assert [moved.estimate, moved.p_value] == [one.estimate, one.p_value]
    assert [1 - other.ci_high, 1 - other.ci_low, other.p_value] == pytest.approx([one.ci_low, one.ci_high, one.p_value])


def test_proportional_odds_agree_with_polr() -> None:
    # 1.30784258 0.42831234 3.05347864
    one = common_odds_ratio(ARM, CONTROL)
    assert [math.log(one.estimate), one.standard_error] == pytest.approx([1.30784258, 0.42831234], rel=1e-4)
    assert one.statistic == pytest.approx(3.05347864, rel=1e-4)


def test_proportional_odds_with_covariates_agree_with_statsmodels() -> None:
    generator = np.random.default_rng(4)
    x = np.column_stack([np.arange(150) % 2, generator.normal(140, 20, 150)])
    grade = np.clip(np.round(x[:, 0] - 0.02 * (x[:, 1] - 140) + generator.logistic(0, 1, 150)), -2, 2)
    fit = proportional_odds(grade, x)
    other = OrderedModel(grade, x, distr="logit").fit(method="bfgs", disp=False, gtol=1e-7)
    assert fit.coefficients == pytest.approx(other.params[:2], rel=1e-4)
    assert fit.standard_errors == pytest.approx(other.bse[:2], rel=1e-3)
    assert fit.log_likelihood == pytest.approx(other.llf, rel=1e-8)
    assert fit.thresholds[0] == pytest.approx(other.params[2], rel=1e-3)


def test_grades_that_separate_are_refused() -> None:
    with pytest.raises(DataFault, match="separates the grades"):
        common_odds_ratio([3, 3, 2, 3], [1, 0, 1, 1])
    with pytest.raises(DataFault, match="grade: is the same for all patients"):
        common_odds_ratio([1, 1], [1, 1])


def test_rates_agree_with_poisson_test() -> None:
    # 26 in 7.470933: 2.2733524 5.0992325;  0 in 15.865179: 0 0.2325142
    one, none = poisson_rate(26, 7.470933), poisson_rate(0, 15.865179)
    assert [one.ci_low, one.ci_high] == pytest.approx([2.2733524, 5.0992325], rel=1e-7)
    assert [none.ci_low, none.ci_high] == pytest.approx([0.0, 0.2325142], rel=1e-6)


def test_the_exact_ratio_is_the_binomial_test_of_who_had_the_events() -> None:
    one, other = rate_ratio(26, 100.0, 12, 98.0), rate_ratio(12, 98.0, 26, 100.0)
    test = stats.binomtest(26, 38, 100.0 / 198.0)
    limits = test.proportion_ci(method="exact")
    expected = [limit / (1 - limit) * 98.0 / 100.0 for limit in (limits.low, limits.high)]
    assert [one.ci_low, one.ci_high, one.p_value] == pytest.approx([*expected, test.pvalue])
    assert [1 / other.ci_high, 1 / other.ci_low, other.p_value] == pytest.approx([*expected, test.pvalue])
    assert rate_ratio(0, 10.0, 0, 10.0).p_value == 1.0
    assert rate_ratio(3, 10.0, 0, 10.0).ci_high == math.inf


def test_negative_binomial_agrees_with_statsmodels() -> None:
    generator = np.random.default_rng(6)
    n = 200
    arm, time = np.arange(n) % 2, generator.uniform(0.3, 1.2, n)
    y = generator.poisson(time * np.exp(0.6 - 0.5 * arm) * generator.gamma(1.5, 1 / 1.5, n))
    x = np.column_stack([np.ones(n), arm])
    fit = negative_binomial(y, time, x)
    other = sm.NegativeBinomial(y, x, exposure=time).fit(disp=False, method="newton", maxiter=200)
    assert fit.coefficients == pytest.approx(other.params[:2], rel=1e-5)
    assert fit.standard_errors == pytest.approx(other.bse[:2], rel=1e-4)
    assert [1 / fit.shape, fit.log_likelihood] == pytest.approx([other.params[2], other.llf], rel=1e-5)
    one = negative_binomial_ratio(y, time, arm == 1)
    assert one.estimate == pytest.approx(math.exp(other.params[1]), rel=1e-5)
    again = negative_binomial_ratio(y[::-1], 52.0 * time[::-1], arm[::-1] == 1)
    assert [again.estimate, again.standard_error] == pytest.approx([one.estimate, one.standard_error], rel=1e-6)


def test_counts_that_vary_less_than_poisson_are_a_poisson_model_and_say_so() -> None:
    x = np.column_stack([np.ones(200), np.arange(200) % 2])
    y = np.tile([2, 1, 2, 1, 3, 1], 34)[:200]
    fit = negative_binomial(y, np.ones(200), x)
    other = sm.GLM(y, x, family=sm.families.Poisson()).fit()
    assert fit.shape == math.inf
    assert "Poisson with exposure (counts vary no more than Poisson)" in fit.method
    assert fit.coefficients == pytest.approx(other.params, rel=1e-7, abs=1e-9)
    assert fit.standard_errors == pytest.approx(other.bse, rel=1e-6)


def test_faults_of_counts_name_column_and_row() -> None:
    x = np.ones((3, 1))
    with pytest.raises(DataFault, match="time: row 2 is 0; write a positive time at risk"):
        negative_binomial([1, 2, 0], [1.0, 0.0, 1.0], x)
    with pytest.raises(DataFault, match=r"events: row 3 is 0.5; write whole numbers"):
        negative_binomial([1, np.nan, 0.5], [1.0, 1.0, 1.0], x)
    with pytest.raises(DataFault, match="are all 0 in the control; take the exact ratio"):
        negative_binomial_ratio([1, 2, 0, 0], np.ones(4), [True, True, False, False])
