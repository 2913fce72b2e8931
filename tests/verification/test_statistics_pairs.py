"""Two sides of a scalp and two periods of a patient, against R 4.2.2 (reference/reference.txt, section 4)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from anagen.statistics.contrast import Contrast
from anagen.statistics.crossover import (
    Crossover,
    carry_over,
    crossover,
    crossover_mixed_model,
    period_effect,
    within_patients,
)
from anagen.statistics.faults import DataFault
from anagen.statistics.paired import Sides, paired_ancova, paired_mixed_model, paired_t, sides

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="module")
def split() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "split.csv")


def numbers(one: Contrast) -> list[float]:
    return [one.estimate, one.standard_error, one.df, one.ci_low, one.ci_high, one.p_value]


def two_periods(seed: int = 1, n: int = 24) -> Crossover:
    generator = np.random.default_rng(seed)
    first = np.arange(n) % 3 != 0
    y = generator.normal(0, 10, n)[:, None] + generator.normal(0, 4, (n, 2)) + [0.0, 2.0]
    y[first, 0] += 5.0
    y[~first, 1] += 5.0
    return Crossover(("active", "control"), y, first)


def test_paired_t_agrees_with_r(split: pd.DataFrame) -> None:
    # t = 1.49398, df = 27, p 0.14678, -2.8840031 18.3311460, mean 7.7235714
    one = paired_t(sides(split))
    assert [one.estimate, one.df, one.ci_low, one.ci_high] == pytest.approx([7.7235714, 27, -2.8840031, 18.3311460])
    assert [one.statistic, one.p_value] == pytest.approx([1.49398, 0.14678], abs=5.1e-6)


def test_paired_ancova_agrees_with_lm(split: pd.DataFrame) -> None:
    # 7.9035435 4.24414234 1.8622239 0.07391012963;  -0.82041601 16.62750303
    one = paired_ancova(sides(split))
    assert numbers(one) == pytest.approx([7.9035435, 4.24414234, 26, -0.82041601, 16.62750303, 0.07391012963], rel=1e-7)


def test_mixed_model_agrees_with_lmer_and_kenward_roger(split: pd.DataFrame) -> None:
    # sidecontrol -7.7855664 4.63776837;  7.79 4.64 df 26.7 (-1.74, 17.3)
    one = paired_mixed_model(sides(split))
    assert [one.estimate, one.standard_error] == pytest.approx([7.7855664, 4.63776837], rel=1e-5)
    assert [one.df, one.ci_low, one.ci_high] == pytest.approx([26.7, -1.74, 17.3], abs=0.051)


def test_a_mixed_model_without_baseline_of_complete_pairs_is_the_paired_t(split: pd.DataFrame) -> None:
    both = sides(split, baseline=None)
    assert numbers(paired_mixed_model(both)) == pytest.approx(numbers(paired_t(both)), rel=1e-6)


def test_a_single_side_is_used_by_the_mixed_model_alone(split: pd.DataFrame) -> None:
    fewer = split.copy()
    fewer.loc[(fewer["id"] == 2) & (fewer["side"] == "control"), "change"] = np.nan
    both = sides(fewer)
    assert paired_t(both).n == {"pairs": 27}
    assert paired_mixed_model(both).n == {"pairs": 27, "one side": 1}
    without = sides(fewer[fewer["id"] != 2])
    assert numbers(paired_t(both)) == numbers(paired_t(without))
    assert numbers(paired_mixed_model(both)) != numbers(paired_mixed_model(without))


@pytest.mark.parametrize("analysis", [paired_t, paired_ancova, paired_mixed_model])
def test_order_and_a_constant_do_not_matter_and_exchanged_sides_turn_the_sign(split: pd.DataFrame, analysis) -> None:  # type: ignore[no-untyped-def]
    first = numbers(analysis(sides(split)))
    shuffled = split.sample(frac=1.0, random_state=2).assign(change=lambda d: d["change"] + 100.0)
    assert numbers(analysis(sides(shuffled))) == pytest.approx(first, rel=1e-6)
    other = numbers(analysis(sides(split, active="control", control="active")))
    assert [-other[0], other[1], other[2], -other[4], -other[3], other[5]] == pytest.approx(first, rel=1e-6)


def test_faults_of_sides_name_row_and_patient(split: pd.DataFrame) -> None:
    with pytest.raises(DataFault, match=r"side: row 61 \(patient 0\) gives 'active' a second time"):
        sides(pd.concat([split, split.iloc[:1]], ignore_index=True))
    with pytest.raises(DataFault, match="side: must name two sides"):
        sides(split.replace({"side": {"control": "left"}}))
    same = Sides(("a", "b"), tuple("abcd"), np.arange(8.0).reshape(4, 2) ** 2, np.tile([3.0, 1.0], (4, 1)))
    with pytest.raises(DataFault, match="baseline: has the same difference of sides in all patients"):
        paired_ancova(same)
    with pytest.raises(DataFault, match="1 patients have both a and b"):
        paired_t(Sides(("a", "b"), ("p",), np.array([[1.0, 2.0]]), np.full((1, 2), np.nan)))


def test_crossover_is_half_of_a_two_sample_t_test_of_differences() -> None:
    trial = two_periods()
    d = trial.outcome[:, 0] - trial.outcome[:, 1]
    test = stats.ttest_ind(d[trial.active_first], d[~trial.active_first])
    one = within_patients(trial)
    assert [one.statistic, one.p_value, one.df] == pytest.approx([test.statistic, test.pvalue, 22])
    limits = test.confidence_interval()
    assert [one.ci_low, one.ci_high] == pytest.approx([limits.low / 2, limits.high / 2])


def test_mixed_model_of_complete_periods_is_the_analysis_within_patients() -> None:
    trial = two_periods(2)
    assert numbers(crossover_mixed_model(trial)) == pytest.approx(numbers(within_patients(trial)), rel=1e-6)


def test_a_period_effect_leaves_the_treatment_effect_alone() -> None:
    trial = two_periods(3)
    moved = Crossover(trial.names, trial.outcome + np.array([0.0, 50.0]), trial.active_first)
    assert within_patients(moved).estimate == pytest.approx(within_patients(trial).estimate)
    assert period_effect(moved).estimate == pytest.approx(period_effect(trial).estimate - 50.0)


def test_carry_over_is_found_and_comes_with_its_warning() -> None:
    trial = two_periods(4, n=60)
    left = trial.outcome.copy()
    left[trial.active_first, 1] += 60.0
    one, other = (carry_over(Crossover(trial.names, y, trial.active_first)) for y in (left, trial.outcome))
    assert one.estimate - other.estimate == pytest.approx(60.0)
    assert one.p_value < 0.001
    assert "do not choose the analysis by it" in one.method


def test_rows_of_a_crossover_become_the_same_trial() -> None:
    trial = two_periods(5, n=12)
    given = ("control", "active")
    rows = [
        {"id": i, "period": j + 1, "change": y, "treatment": given[int(trial.active_first[i] == (j == 0))]}
        for i, both in enumerate(trial.outcome)
        for j, y in enumerate(both)
    ]
    read = crossover(pd.DataFrame(rows))
    assert np.array_equal(read.outcome, trial.outcome)
    assert np.array_equal(read.active_first, trial.active_first)
    rows[1]["treatment"] = rows[0]["treatment"]
    with pytest.raises(DataFault, match=r"treatment: row 2 \(patient 0\) gives '.*' in both periods"):
        crossover(pd.DataFrame(rows))
