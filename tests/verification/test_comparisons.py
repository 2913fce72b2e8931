"""Ways to compare arms in many trials at once agree with the methods for one table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from anagen.statistics.ancova import ancova
from anagen.statistics.comparisons import COMPARISONS, Covariate, Options, TrialData
from anagen.statistics.mmrm import mmrm

TRIALS, PATIENTS = 4, 90
WEEKS = np.array([8.0, 16.0, 24.0])
ARMS = ("control", "low", "high")


@pytest.fixture(scope="module")
def data() -> TrialData:
    draw = np.random.default_rng(7)
    arm = np.tile(np.arange(PATIENTS) % 3, (TRIALS, 1))
    baseline = draw.normal(140.0, 30.0, (TRIALS, PATIENTS))
    own = draw.normal(0.0, 8.0, (TRIALS, PATIENTS, 1))
    visits = own + draw.normal(0.0, 9.0, (TRIALS, PATIENTS, 3)) + 3.0 * arm[..., None] - 0.1 * baseline[..., None]
    visits[draw.random(visits.shape) < 0.12] = np.nan
    sex = (draw.random((TRIALS, PATIENTS)) < 0.4).astype(float)
    age = draw.normal(40.0, 9.0, (TRIALS, PATIENTS))
    covariates = (Covariate("sex", sex, ("female", "male")), Covariate("age", age))
    return TrialData(visits[..., 2], baseline, arm, 3, visits, WEEKS, 2, covariates)


def table(data: TrialData, trial: int) -> pd.DataFrame:
    sex, age = (covariate.values[trial] for covariate in data.covariates)
    rows = [
        {"id": i, "arm": ARMS[data.arm[trial, i]], "week": week, "baseline": data.baseline[trial, i],
         "sex": ("female", "male")[int(sex[i])], "age": age[i], "change": data.visits[trial, i, k]}
        for i in range(PATIENTS)
        for k, week in enumerate(WEEKS)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize("variance", ["classical", "hc3"])
def test_one_model_for_all_arms_is_that_of_the_table(data: TrialData, variance: str) -> None:
    options = Options(variance=variance)  # type: ignore[arg-type]
    low, high = COMPARISONS["ancova_all_arms"].compare(data, [(1, 0), (2, 0)], options)
    for trial in range(TRIALS):
        last = table(data, trial)
        last = last[last["week"] == 24.0]
        fitted = ancova(
                last, outcome="change", baseline="baseline", control="control", covariates=["sex", "age"],
                variance=variance,  # type: ignore[arg-type]
            )  # fmt: skip
        for found, arm in ((low, "low"), (high, "high")):
            told = fitted.contrast(arm)
            assert found.estimate[trial] == pytest.approx(told.estimate, rel=1e-9)
            assert found.standard_error[trial] == pytest.approx(told.standard_error, rel=1e-9)
            assert found.p_value[trial] == pytest.approx(told.p_value, rel=1e-8)
            assert found.degrees_of_freedom[trial] == told.df


@pytest.mark.parametrize("freedom", ["satterthwaite", "kenward-roger"])
def test_mmrm_of_arrays_is_that_of_the_table(data: TrialData, freedom: str) -> None:
    (found,) = COMPARISONS["mmrm"].compare(data, [(2, 1)], Options(freedom=freedom))  # type: ignore[arg-type]
    for trial in range(2):
        fitted = mmrm(
            table(data, trial), control="control", covariates=["sex", "age"], freedom=freedom  # type: ignore[arg-type]
        )  # fmt: skip
        told = fitted.contrast("high", "low", visit=24.0)
        assert found.estimate[trial] == pytest.approx(told.estimate, rel=1e-6)
        assert found.standard_error[trial] == pytest.approx(told.standard_error, rel=1e-6)
        assert found.degrees_of_freedom[trial] == pytest.approx(told.df, rel=1e-4)
        assert "unstructured" in found.method[trial]


@pytest.mark.parametrize("name", list(COMPARISONS))
def test_a_trial_does_not_hang_on_those_beside_it(data: TrialData, name: str) -> None:
    def only(trial: int) -> TrialData:
        here = slice(trial, trial + 1)
        covariates = tuple(Covariate(c.name, c.values[here], c.levels) for c in data.covariates)
        return TrialData(
            data.outcome[here], data.baseline[here], data.arm[here], 3, data.visits[here], WEEKS, 2, covariates
        )

    (whole,) = COMPARISONS[name].compare(data, [(1, 0)], Options())
    for trial in range(TRIALS):
        (alone,) = COMPARISONS[name].compare(only(trial), [(1, 0)], Options())
        assert alone.estimate[0] == whole.estimate[trial] and alone.p_value[0] == whole.p_value[trial]


def test_levels_that_a_trial_lacks_are_left_out_of_its_model(data: TrialData) -> None:
    centre = np.zeros((TRIALS, PATIENTS))
    centre[0] = np.arange(PATIENTS) // 30
    centre[1] = 3.0
    with_centre = TrialData(
        data.outcome, data.baseline, data.arm, 3, data.visits, WEEKS, 2, (Covariate("centre", centre, tuple("abcd")),)
    )
    plain = TrialData(data.outcome, data.baseline, data.arm, 3, data.visits, WEEKS, 2)
    for name in ("ancova_all_arms", "mmrm"):
        (found,) = COMPARISONS[name].compare(with_centre, [(1, 0)], Options())
        (without,) = COMPARISONS[name].compare(plain, [(1, 0)], Options())
        assert np.isfinite(found.estimate).all()
        # one centre for everybody is no covariate
        assert found.estimate[1:] == pytest.approx(without.estimate[1:], rel=1e-9)
        assert found.estimate[0] != without.estimate[0]


def test_what_cannot_be_estimated_says_why(data: TrialData) -> None:
    few = TrialData(
        data.outcome[:1, :4], data.baseline[:1, :4], data.arm[:1, :4], 3, data.visits[:1, :4], WEEKS, 2, data.covariates
    )
    few = TrialData(few.outcome, few.baseline, few.arm, 3, few.visits, WEEKS, 2)
    for name in COMPARISONS:
        (found,) = COMPARISONS[name].compare(few, [(1, 0)], Options())
        assert np.isnan(found.estimate[0]) and "not estimable" in found.method[0]
