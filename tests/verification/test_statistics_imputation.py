"""Rubin's rules against the R package mice (reference/reference.txt, section 10); imputation against the MMRM."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from anagen.statistics.faults import DataFault
from anagen.statistics.imputation import ASSUMPTIONS, Imputed, analyse, impute, tipping_point
from anagen.statistics.mmrm import mmrm
from anagen.statistics.rubin import pool
from anagen.statistics.single_imputation import last_observation_carried_forward

REFERENCE = Path(__file__).parent / "reference"
ARMS = ["vehicle", "dose1", "dose2"]


def trial() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    wide = pd.read_csv(REFERENCE / "trial_wide.csv")
    y = wide[["change6", "change12", "change24"]].to_numpy(float)
    return y, wide["arm"].map(ARMS.index).to_numpy(), wide[["baseline"]].to_numpy(float)


@pytest.fixture(scope="module")
def imputed() -> dict[str, Imputed]:
    y, arm, baseline = trial()
    return {
        one: impute(y, arm, baseline, generator=np.random.default_rng(7), imputations=120, assumption=one)
        for one in ASSUMPTIONS
    }


def test_pooling_agrees_with_mice() -> None:
    # qbar 4.46 ubar 4.02 b 0.363 t 4.4556 df 71.17921862 r 0.10835821 fmi 0.12209044
    one = pool([4.1, 5.2, 3.7, 4.9, 4.4], [1.9, 2.1, 2.0, 1.8, 2.2], df_complete=97)
    told = [one.estimate, one.within, one.between, one.total, one.df, one.increase, one.missing_information]
    assert told == pytest.approx([4.46, 4.02, 0.363, 4.4556, 71.17921862, 0.10835821, 0.12209044], rel=1e-7)


def test_pooling_does_not_depend_on_order_and_nothing_missing_keeps_the_result() -> None:
    assert pool([1.0, 2.0, 4.0], [1.0, 1.1, 1.2], df_complete=50).total == pytest.approx(
        pool([4.0, 1.0, 2.0], [1.2, 1.0, 1.1], df_complete=50).total
    )
    same = pool([2.0, 2.0], [1.5, 1.5], df_complete=80)
    assert [same.estimate, math.sqrt(same.total)] == [2.0, 1.5]
    assert same.df == pytest.approx(80 * 81 / 83)
    with pytest.raises(DataFault, match="give at least two"):
        pool([1.0], [1.0])


def test_missing_at_random_agrees_with_the_mmrm_within_monte_carlo_error(imputed: dict[str, Imputed]) -> None:
    contrasts, parts = analyse(imputed["missing at random"], names=ARMS)
    fit = mmrm(pd.read_csv(REFERENCE / "trial_long.csv"), control="vehicle")
    for one, part, name in zip(contrasts, parts, ("dose1", "dose2"), strict=True):
        likelihood = fit.contrast(name, visit=24)
        assert part.monte_carlo_error < 0.2
        assert abs(one.estimate - likelihood.estimate) < 3.0 * part.monte_carlo_error
        assert one.standard_error == pytest.approx(likelihood.standard_error, rel=0.06)


def test_reference_based_imputation_pulls_to_the_reference(imputed: dict[str, Imputed]) -> None:
    y, arm, _ = trial()
    at_random = analyse(imputed["missing at random"])[0]
    for name in ("jump to reference", "copy increments in reference", "copy reference"):
        for one, other in zip(analyse(imputed[name])[0], at_random, strict=True):
            assert 0.0 < one.estimate < other.estimate
    # the share of an arm that left is the share of the effect that is lost, about
    jump = analyse(imputed["jump to reference"])[0][1].estimate
    left = np.isnan(y[arm == 2, 2]).mean()
    assert jump == pytest.approx((1.0 - left) * at_random[1].estimate, abs=0.8)


def test_values_measured_and_the_reference_arm_stay_as_they_are(imputed: dict[str, Imputed]) -> None:
    y, arm, _ = trial()
    for one in imputed.values():
        assert np.isfinite(one.outcome).all()
        assert (one.outcome[:, ~one.missing] == y[~one.missing]).all()
    control = arm == 0
    first, other = (imputed[name].outcome[0, control] for name in ("missing at random", "jump to reference"))
    assert np.array_equal(first, other)


def test_the_generator_alone_decides() -> None:
    y, arm, baseline = trial()
    one, two, other = (
        impute(y, arm, baseline, generator=np.random.default_rng(seed), imputations=2).outcome for seed in (1, 1, 2)
    )
    assert one.tobytes() == two.tobytes()
    assert one.tobytes() != other.tobytes()


@pytest.mark.parametrize("by_arm", [False, True])
@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_draws_have_the_mean_that_the_assumption_says(assumption: str, by_arm: bool) -> None:
    """Patients of a large trial: true means are known, and half of the arm leaves after the first visit."""
    generator = np.random.default_rng(3)
    n = 4000
    arm = np.arange(n) % 2
    sigma = np.array([[1.0, 0.6], [0.6, 2.0]])
    mean = np.array([[1.0, 1.5], [3.0, 6.0]])
    y = mean[arm] + generator.multivariate_normal(np.zeros(2), sigma, n)
    whole = y.copy()
    gone = (arm == 1) & (generator.random(n) < 0.5)
    y[gone, 1] = np.nan
    made = impute(y, arm, generator=generator, imputations=5, assumption=assumption, by_arm=by_arm)  # type: ignore[arg-type]
    drawn = made.outcome[:, gone, 1].mean()
    first = whole[gone, 0].mean()
    expected = {
        "missing at random": 6.0 + 0.6 * (first - 3.0),
        "jump to reference": 1.5 + 0.6 * (first - 3.0),
        "copy increments in reference": 3.5 + 0.6 * (first - 3.0),
        "copy reference": 1.5 + 0.6 * (first - 1.0),
    }[assumption]
    assert drawn == pytest.approx(expected, abs=0.2)
    assert made.outcome[:, gone, 1].var() == pytest.approx(2.0, rel=0.12)


def test_a_missed_visit_between_two_is_missing_at_random_under_every_assumption() -> None:
    generator = np.random.default_rng(5)
    arm = np.arange(600) % 2
    y = generator.normal(0, 1, (600, 3)) + 8.0 * arm[:, None] + 2.0 * generator.normal(0, 1, 600)[:, None]
    y[::3, 1] = np.nan
    made = impute(y, arm, generator=generator, imputations=4, assumption="jump to reference")
    assert not made.after_last.any()
    between = made.outcome[:, (arm == 1) & made.missing[:, 1], 1].mean()
    assert between == pytest.approx(8.0, abs=0.6)


def test_a_patient_without_any_value_is_drawn() -> None:
    y, arm, baseline = trial()
    y[5] = np.nan
    for one in ASSUMPTIONS:
        made = impute(y, arm, baseline, generator=np.random.default_rng(1), imputations=2, assumption=one)
        assert np.isfinite(made.outcome[:, 5]).all()
        assert made.after_last[5].all()


def test_shifts_move_the_values_drawn_alone_and_tip_the_result(imputed: dict[str, Imputed]) -> None:
    data = imputed["missing at random"]
    moved = data.shifted({2: -5.0})
    of_arm = (data.arm == 2)[:, None] & data.after_last
    assert np.array_equal(moved.outcome[:, ~of_arm], data.outcome[:, ~of_arm])
    assert np.allclose(moved.outcome[:, of_arm], data.outcome[:, of_arm] - 5.0)
    share = data.after_last[data.arm == 2, 2].mean()
    first, told = tipping_point(data, [30.0, 0.0, -20.0], lambda d: analyse(d)[0][1], arms=[2])
    values = [one.estimate for _, one in told]
    assert values[0] - values[1] == pytest.approx(30.0 * share, abs=0.3)
    assert first == next(delta for delta, one in told if one.p_value >= 0.05)
    assert tipping_point(data, [60.0], lambda d: analyse(d)[0][1], arms=[2])[0] is None


def test_last_observation_carried_forward_is_told_to_be_not_advised() -> None:
    assert "not advised" in str(last_observation_carried_forward.__doc__)
    made = last_observation_carried_forward([[np.nan, 2.0, np.nan]])
    assert np.isnan(made[0, 0])
    assert made[0, 1:].tolist() == [2.0, 2.0]


def test_faults_say_what_to_do() -> None:
    y, arm, baseline = trial()
    generator = np.random.default_rng(1)
    gap = baseline.copy()
    gap[3] = np.nan
    with pytest.raises(DataFault, match=r"covariates\[0\]: row 4 has no value"):
        impute(y, arm, gap, generator=generator)
    with pytest.raises(DataFault, match="fewer than two values in arm 1 at visit 2"):
        impute(np.where((arm == 1)[:, None] & (np.arange(3) == 2), np.nan, y), arm, generator=generator)
    with pytest.raises(DataFault, match="follow from each other"):
        impute(y, arm, np.hstack([baseline, 2 * baseline]), generator=generator)
    with pytest.raises(DataFault, match="cannot be 'mar'"):
        impute(y, arm, generator=generator, assumption="mar")  # type: ignore[arg-type]
