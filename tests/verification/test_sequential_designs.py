"""Group-sequential designs over many settings: exact error, simulated power, special cases, combination of stages."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError
from anagen.core.streams import Purpose, normals
from anagen.statistics.dunnett import critical_value, loadings
from anagen.statistics.multiplicity import hommel
from anagen.statistics.sample_size.means import MeansPlan, patients_for
from anagen.statistics.sequential.arm_selection import adjusted_p, select
from anagen.statistics.sequential.boundaries import (
    haybittle_peto,
    obrien_fleming,
    pocock,
    spending_design,
    wang_tsiatis,
)
from anagen.statistics.sequential.combination import fisher_product, inverse_normal
from anagen.statistics.sequential.conditional import conditional_power, conditional_power_of, predictive_power
from anagen.statistics.sequential.design import SequentialDesign, checked_times
from anagen.statistics.sequential.futility import beta_spending, binding_design, fixed_futility
from anagen.statistics.sequential.re_estimation import blinded, promising, unblinded
from anagen.statistics.sequential.repeated import final_estimate, repeated_interval, stage_wise_p
from anagen.statistics.sequential.spending import SPENDING, spent

TRIALS = 40_000


@st.composite
def looks(draw: st.DrawFn) -> tuple[float, ...]:
    """Up to ten looks with unequal spacing."""
    steps = draw(st.lists(st.floats(0.05, 1.0), min_size=1, max_size=10))
    times = np.cumsum(steps) / np.sum(steps)
    return (*map(float, times[:-1]), 1.0)


def paths(times: tuple[float, ...], drift: float, seed: int, trials: int = TRIALS) -> FloatArray:
    """Statistics of simulated trials at every look."""
    steps = np.diff((0.0, *times))
    noise = normals(seed, Purpose.COVARIATE, patient=np.arange(trials)[:, None], item=np.arange(len(times))[None, :])
    return np.cumsum(noise * np.sqrt(steps) + drift * steps, axis=1) / np.sqrt(times)


def simulated(design: SequentialDesign, drift: float, seed: int) -> tuple[float, float, float]:
    """Share of successes, its Monte-Carlo error, and mean information at the end."""
    z = paths(design.times, drift, seed)
    upper, lower = np.asarray(design.efficacy), np.asarray(design.futility)
    success = (z >= upper) if design.sides == 1 else (np.abs(z) >= upper)
    stopped = success | (z < lower if design.sides == 1 else np.zeros_like(success))
    stopped[:, -1] = True
    first = stopped.argmax(axis=1)
    won = success[np.arange(len(z)), first] & (z[np.arange(len(z)), first] > 0)
    return float(won.mean()), float(won.std() / np.sqrt(len(z))), float(np.asarray(design.times)[first].mean())


@settings(max_examples=25)
@given(times=looks(), alpha=st.floats(0.001, 0.1), sides=st.sampled_from([1, 2]), kind=st.sampled_from(SPENDING))
def test_a_spending_function_is_spent_exactly_at_every_look(
    times: tuple[float, ...], alpha: float, sides: int, kind: str
) -> None:
    gamma = 2.0 if kind == "power" else -4.0
    design = spending_design(times, kind, alpha, sides, gamma)
    assert design.alpha_spent() == pytest.approx(sides * spent(kind, times, alpha / sides, gamma), abs=1e-9)


@settings(max_examples=25)
@given(times=looks(), alpha=st.floats(0.001, 0.1), sides=st.sampled_from([1, 2]), delta=st.floats(-0.2, 0.6))
def test_a_family_of_boundaries_spends_the_whole_error(
    times: tuple[float, ...], alpha: float, sides: int, delta: float
) -> None:
    for design in (wang_tsiatis(times, delta, alpha, sides), obrien_fleming(times, alpha, sides)):
        assert design.alpha_spent()[-1] == pytest.approx(alpha, abs=1e-9)
        assert (np.diff(design.alpha_spent()) >= 0).all()
    assert haybittle_peto(times, alpha, sides, interim=4.5).alpha_spent()[-1] == pytest.approx(alpha, abs=1e-9)


@settings(max_examples=20)
@given(times=looks(), alpha=st.floats(0.001, 0.1), power=st.floats(0.6, 0.95), binding=st.booleans())
def test_designs_with_futility_keep_error_and_power(
    times: tuple[float, ...], alpha: float, power: float, binding: bool
) -> None:
    made = (
        binding_design(times, "pocock", "obrien_fleming", alpha, power)
        if binding
        else beta_spending(spending_design(times, "obrien_fleming", alpha), "pocock", power)
    )
    drift = made.drift_for(power)
    assert made.alpha_spent()[-1] == pytest.approx(alpha, abs=1e-8)
    kind = "obrien_fleming" if binding else "pocock"
    assert np.cumsum(made.chances(drift)[1]) == pytest.approx(spent(kind, times, 1.0 - power), abs=1e-6)
    if not binding:
        # stopping as futile can only lower the error of boundaries that do not count on it
        assert made.chances(0.0)[0].sum() <= alpha + 1e-9


@pytest.mark.parametrize(
    "design",
    [
        pocock(5),
        obrien_fleming([0.1, 0.15, 0.7, 1.0], 0.1, 2),
        spending_design(10, "hwang_shih_decani", 0.001),
        beta_spending(spending_design([0.3, 0.6, 1.0])),
        binding_design(4, "pocock", "pocock", 0.05, 0.9),
    ],
    ids=lambda design: design.name,
)
def test_simulated_trials_have_the_error_power_and_expected_size_of_the_design(design: SequentialDesign) -> None:
    for seed, drift in enumerate((0.0, design.drift_for(0.8))):
        share, error, information = simulated(design, drift, seed + 1)
        wanted = design.power(drift)
        print(f"{design.name}: drift {drift:.3f}, simulated {share:.5f} ± {error:.5f}, integrated {wanted:.5f}")
        assert abs(share - wanted) < 3 * max(error, np.sqrt(wanted / TRIALS))
        assert information == pytest.approx(design.expected_information(drift), abs=3 * 0.4 / np.sqrt(TRIALS))


def test_one_look_is_the_fixed_test_and_more_looks_cost_more() -> None:
    assert pocock(1).efficacy[0] == pytest.approx(norm.isf(0.025))
    assert spending_design([1.0], alpha=0.05, sides=2).efficacy[0] == pytest.approx(norm.isf(0.025))
    for family in (pocock, obrien_fleming):
        inflation = [family(k).inflation(0.9) for k in range(1, 8)]
        assert inflation[0] == pytest.approx(1.0)
        assert (np.diff(inflation) > 0).all()
    assert (np.diff([pocock(4, alpha).efficacy[0] for alpha in (0.1, 0.025, 0.005, 0.001)]) > 0).all()
    # Jennison & Turnbull 1999, table 2.1: ten looks, two-sided 0.05
    assert pocock(10, 0.05, 2).efficacy[0] == pytest.approx(2.555, abs=5e-4)
    assert obrien_fleming(10, 0.05, 2).efficacy[-1] == pytest.approx(2.087, abs=5e-4)


def test_boundaries_as_p_values_and_estimates_agree_with_z() -> None:
    design = beta_spending(spending_design([0.5, 1.0]))
    assert norm.isf(design.p_values()) == pytest.approx(design.efficacy)
    assert design.effects(4.0) == pytest.approx(np.array(design.efficacy) * 4.0 / np.sqrt([0.5, 1.0]))
    assert design.effects(4.0, futility=True)[0] == pytest.approx(design.futility[0] * 4.0 / np.sqrt(0.5))
    assert design.effects(4.0, [1e8, 1e8]) == pytest.approx(design.effects(4.0), rel=1e-6)
    assert (design.effects(4.0, [20.0, 40.0]) > design.effects(4.0)).all()


def test_conditional_power_over_the_interim_result_is_the_power_of_the_design() -> None:
    design = spending_design([0.4, 0.7, 1.0])
    drift = design.drift_for(0.8)
    z = np.linspace(-6.0, design.efficacy[0], 2001)
    later = np.array([conditional_power_of(design, 1, float(each), drift) for each in z[::20]])
    density = norm.pdf(z[::20] - drift * np.sqrt(0.4))
    power = design.chances(drift)[0][0] + np.trapezoid(later * density, z[::20])
    assert power == pytest.approx(0.8, abs=1e-3)
    assert conditional_power_of(pocock(2), 1, 1.2, "null") == pytest.approx(
        conditional_power(1.2, 0.5, pocock(2).efficacy[1], 0.0), abs=1e-10
    )
    assert predictive_power(1.2, 0.5, 1.96, 3.0, 1e-6) == pytest.approx(
        conditional_power(1.2, 0.5, 1.96, 3.0), abs=1e-5
    )
    assert predictive_power(1.2, 0.5, 1.96, 3.0, 1e6) == pytest.approx(predictive_power(1.2, 0.5, 1.96), abs=1e-5)


def test_repeated_intervals_hold_the_effect_at_all_looks_together() -> None:
    design, drift = pocock(4, 0.05, 2), 1.3
    z, times = paths(design.times, drift, 9), np.asarray(design.times)
    held = np.ones(TRIALS, dtype=bool)
    for look, time in enumerate(times):
        low, high = repeated_interval(design, look + 1, 0.0, 1.0 / np.sqrt(time))
        estimate = z[:, look] / np.sqrt(time)
        held &= (estimate + low <= drift) & (drift <= estimate + high)
    assert held.mean() == pytest.approx(0.95, abs=3 * np.sqrt(0.05 * 0.95 / TRIALS))


def test_stage_wise_p_is_uniform_under_the_null_and_its_interval_holds_the_effect() -> None:
    design = obrien_fleming(3)
    assert stage_wise_p(design, 3, design.efficacy[2]) == pytest.approx(0.025, abs=1e-9)
    drift = 2.0
    z = paths(design.times, drift, 4, 400)
    stopped = z >= np.asarray(design.efficacy)
    stopped[:, -1] = True
    first = stopped.argmax(axis=1)
    below = [stage_wise_p(design, int(k) + 1, float(z[i, k]), drift) for i, k in enumerate(first)]
    assert np.mean(np.array(below) < 0.5) == pytest.approx(0.5, abs=3 * 0.5 / np.sqrt(400))
    low, middle, high = final_estimate(design, 1, 4.0)
    assert low < middle < high


def test_stages_combined_keep_the_error_when_the_second_is_planned_anew() -> None:
    """The second stage is sized by what the first showed; the planned weights stay."""
    first = normals(5, Purpose.COVARIATE, patient=np.arange(TRIALS), item=0)
    noise = normals(5, Purpose.COVARIATE, patient=np.arange(TRIALS), item=1)
    for effect, least, most in ((0.0, 0.0, 0.025), (2.0, 0.5, 1.0)):
        z1 = first + effect / np.sqrt(2.0)
        n2 = np.array([promising(float(z), 0.5, 1.959964, 0.8, 100.0, 200.0)[1] for z in z1[:4000]])
        z2 = noise[:4000] + effect / np.sqrt(2.0) * np.sqrt(n2 / 50.0)
        combined = inverse_normal([norm.sf(z1[:4000]), norm.sf(z2)], [0.5, 0.5])
        share = float(np.mean(combined >= 1.959964))
        error = np.sqrt(max(share * (1 - share), 0.02) / 4000)
        assert least - 3 * error <= share <= most + 3 * error
        if effect == 0.0:
            assert share == pytest.approx(0.025, abs=3 * error)
        else:
            fixed = float(np.mean((z1[:4000] + noise[:4000] + effect / np.sqrt(2.0)) / np.sqrt(2.0) >= 1.959964))
            assert share > fixed


def test_a_second_stage_of_the_size_told_has_the_conditional_power_asked_for() -> None:
    n2 = unblinded(1.5, 0.5, 1.959964, 50.0, 1.5, 0.8, most=1e9)
    needed = (1.959964 - np.sqrt(0.5) * 1.5) / np.sqrt(0.5)
    assert norm.sf(needed - 1.5 * np.sqrt(n2 / 50.0)) == pytest.approx(0.8, abs=1e-9)
    assert unblinded(-0.5, 0.5, 1.96, 50.0, -0.5, 0.8, most=77.0) == 77.0
    assert promising(3.0, 0.5, 1.96, 0.8, 100.0, 200.0) == ("favourable", 50.0)
    assert promising(0.1, 0.5, 1.96, 0.8, 100.0, 200.0) == ("unfavourable", 50.0)


def test_blinded_sizes_follow_the_pooled_sd_within_their_bounds() -> None:
    plan = MeansPlan(10.0, 20.0)
    assert blinded(plan, 0.8, 20.0, least=0, most=1000).total == 128
    assert blinded(plan, 0.8, 10.0, least=128, most=1000) == replace(
        blinded(plan, 0.8, 10.0, least=0, most=1000), total=128, bounded="least"
    )
    assert blinded(plan, 0.8, 90.0, least=128, most=200).bounded == "most"
    pooled = np.sqrt(20.0**2 + 25.0)
    exact = blinded(plan, 0.8, float(pooled), least=0, most=1000, adjusted=True).exact
    assert exact == pytest.approx(patients_for(plan, 0.8).total)
    with pytest.raises(InputError, match="pooled_sd"):
        blinded(plan, 0.8, 4.0, least=0, most=1000, adjusted=True)


@pytest.mark.parametrize("test", ["dunnett", "simes", "bonferroni"])
def test_dropping_arms_keeps_the_chance_of_any_false_claim(test: str) -> None:
    trials, arms = 1500, 3
    z = [
        normals(7, Purpose.COVARIATE, patient=np.arange(trials)[:, None], item=np.arange(arms + 1), index=stage)
        for stage in (0, 1)
    ]
    one, two = ((each[:, 1:] - each[:, :1]) / np.sqrt(2.0) for each in z)
    claimed = 0
    for first, second in zip(one, two, strict=True):
        going = select(first.tolist(), keep=1)
        later = [float(second[arm]) if arm in going else None for arm in range(arms)]
        claimed += bool(adjusted_p(first.tolist(), later, test=test).min() <= 0.025)  # pyright: ignore[reportArgumentType]
    share = claimed / trials
    print(f"{test}: {share:.4f} ± {np.sqrt(0.025 * 0.975 / trials):.4f}")
    assert share <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / trials)
    assert claimed > 0


def test_two_stages_without_selection_are_closed_tests_of_the_stages() -> None:
    first, second = [1.0, 2.0], [1.5, 1.0]
    alone = norm.sf(inverse_normal([norm.sf(2.0), norm.sf(1.0)], [0.5, 0.5]))
    assert adjusted_p(first, second)[1] >= alone
    assert adjusted_p([2.0], [1.0])[0] == pytest.approx(float(alone))
    # nothing is learnt in a second stage that hardly counts: Simes' closed test is Hommel's
    tiny = adjusted_p([1.0, 2.0, 2.2], [0.0, 0.0, 0.0], time=1.0 - 1e-6, test="simes")
    assert tiny == pytest.approx(hommel(norm.sf([1.0, 2.0, 2.2]).tolist()), abs=2e-3)
    assert critical_value(loadings([1], 1), sides=1, alpha=0.025) == pytest.approx(norm.isf(0.025))
    assert len(list(combinations(range(3), 2))) == 3


def test_fisher_product_is_that_of_scipy() -> None:
    from scipy.stats import combine_pvalues

    for p in ((0.1, 0.05), (0.5, 0.9), (0.001, 0.3)):
        assert fisher_product(*p) == pytest.approx(combine_pvalues(p).pvalue)


@pytest.mark.parametrize("times", [[0.5], [0.5, 0.4, 1.0], [0.5, 0.501, 1.0], [], [0.0, 1.0], 0, 21])
def test_looks_that_cannot_be_are_refused(times: int | list[float]) -> None:
    with pytest.raises(InputError, match="looks"):
        checked_times(times)


def test_futility_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="one-sided"):
        beta_spending(pocock(2, 0.05, 2))
    with pytest.raises(InputError, match="futility"):
        fixed_futility(pocock(2), [3.0])
    assert fixed_futility(pocock(2), [0.0]).alpha_spent()[-1] == pytest.approx(0.025)
    with pytest.raises(InputError, match="spending"):
        spending_design(2, "pocok")
