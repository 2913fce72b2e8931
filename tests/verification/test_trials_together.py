"""Effects of many trials at once are, byte for byte, those of each trial alone and of its table of visits."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from anagen.analysis.batch import batch_of
from anagen.analysis.effects import effects_of
from anagen.analysis.measures import MEASURES, measure_of
from anagen.statistics.two_arms import (
    Estimates,
    ancova,
    ancova_many,
    paired_ancova_many,
    paired_risk_difference_many,
    risk_difference_many,
    within_arm_many,
)
from anagen.study.models import EndpointChoice
from anagen.trials.simulation import simulate_trials
from anagen.trials.tables import simulate_trial
from batches import batch_of_visits, trial_effects
from small_studies import EXOSOME, FINASTERIDE, MINOXIDIL, SALINE, VEHICLE, small_scene, small_study

TRIALS, PATIENTS = 7, 61
OTHERS = [
    {"endpoint": "total_density", "week": 8.0, "measure": "responder", "threshold": 5.0},
    {"endpoint": "terminal_density", "week": 4.0, "measure": "percent_change"},
    {"endpoint": "terminal_density", "week": 8.0, "measure": "value"},
]


def readings() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcomes, baselines and arms of trials: one without missing values, one with hardly any left."""
    rng = np.random.default_rng(5)
    baseline = rng.normal(200.0, 40.0, (TRIALS, PATIENTS))
    outcome = 3.0 - 0.1 * baseline + rng.normal(0.0, 10.0, (TRIALS, PATIENTS))
    outcome[rng.random((TRIALS, PATIENTS)) < np.array([[0.0], [0.1], [0.3], [0.5], [0.0], [0.2], [0.97]])] = np.nan
    baseline[4] = 150.0
    return outcome, baseline, rng.integers(0, 3, (TRIALS, PATIENTS))


def every_analysis(rows: slice, order: str = "C") -> list[Estimates]:
    outcome, baseline, arm = (np.array(values[rows], order=order) for values in readings())  # type: ignore[call-overload]
    response = np.where(np.isnan(outcome), np.nan, (outcome > np.nanmedian(readings()[0])).astype(float))
    return [
        ancova_many(outcome, baseline, arm == 1, arm == 0, alpha=0.05),
        ancova_many(outcome, baseline, arm == 2, arm == 0, alpha=0.1),
        paired_ancova_many(outcome, baseline, outcome[:, ::-1], baseline[:, ::-1], alpha=0.05),
        within_arm_many(np.where(arm == 2, outcome, np.nan), alpha=0.05),
        risk_difference_many(response, arm == 1, arm == 0, alpha=0.05),
        paired_risk_difference_many(response, response[:, ::-1], alpha=0.05),
    ]


def numbers_of(estimates: Estimates, rows: slice) -> list[object]:
    parts = [getattr(estimates, field.name)[rows] for field in fields(Estimates)]
    return [part.tolist() if part.dtype.kind == "U" else part.tobytes() for part in parts]


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_trial_does_not_depend_on_the_trials_beside_it(order: str) -> None:
    together = every_analysis(slice(None), order)
    for trial in range(TRIALS):
        row = slice(trial, trial + 1)
        for batch, alone in zip(together, every_analysis(row), strict=True):
            assert numbers_of(batch, row) == numbers_of(alone, slice(None))


def test_one_trial_of_many_is_the_analysis_of_its_two_arms() -> None:
    outcome, baseline, arm = readings()
    many = ancova_many(outcome, baseline, arm == 1, arm == 0, alpha=0.05)
    for trial in range(TRIALS):
        one, other = arm[trial] == 1, arm[trial] == 0
        alone = ancova(
            outcome[trial, one], baseline[trial, one], outcome[trial, other], baseline[trial, other], alpha=0.05
        )
        found = many.of(trial)
        assert found.method == alone.method and (found.n_arm, found.n_control) == (alone.n_arm, alone.n_control)
        assert (found.estimate, found.ci_low, found.p_value) == pytest.approx(
            (alone.estimate, alone.ci_low, alone.p_value), rel=1e-10, nan_ok=True
        )


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_of_an_array_is_that_of_its_patients(measure: str) -> None:
    value, baseline = np.random.default_rng(2).integers(0, 5, (2, 3, 4, 5)).astype(float)
    value[0, 1, 2], baseline[1, 0, 0] = np.nan, np.nan
    whole = measure_of(measure, value, baseline, 1.0)
    assert whole.shape == value.shape
    for place in np.ndindex(3, 4):
        assert np.array_equal(whole[place], measure_of(measure, value[place], baseline[place], 1.0), equal_nan=True)


@pytest.mark.parametrize("layout", ["parallel", "split_scalp", "three arms", "no control"])
def test_effects_of_several_trials_are_those_of_each(layout: str) -> None:
    arms = {"treated": [MINOXIDIL], "control": [VEHICLE]}
    if layout == "split_scalp":
        arms = {"treated": [EXOSOME], "control": [SALINE]}
    elif layout == "three arms":
        arms = {"other": [FINASTERIDE], **arms}
    elif layout == "no control":
        arms = {"treated": [MINOXIDIL]}
    study = small_study(
        arms,
        patients=8,
        block=6,
        visits=(0.0, 4.0, 8.0),
        area=0.2,
        layout="split_scalp" if layout == "split_scalp" else "parallel",
        dropout=0.2,
    )
    endpoints = study.endpoints.model_copy(update={"secondary": tuple(map(EndpointChoice.model_validate, OTHERS))})
    study = study.model_copy(update={"endpoints": endpoints})
    if layout == "no control":
        study = study.model_copy(update={"arms": tuple(a.model_copy(update={"control": False}) for a in study.arms)})
    scene = small_scene(study, seed=3, aga__onset_years=1.0)
    trials = [simulate_trial(scene, replicate=replicate).visits for replicate in range(3)]
    apart = [trial_effects(visits, scene.protocol, replicate=number) for number, visits in enumerate(trials)]
    together = effects_of(batch_of_visits(trials, scene.protocol), scene.protocol)
    pd.testing.assert_frame_equal(together, pd.concat(apart, ignore_index=True), check_exact=True)
    arrays = batch_of(simulate_trials(scene, range(3)))
    pd.testing.assert_frame_equal(effects_of(arrays, scene.protocol), together, check_exact=True)
    assert together["replicate"].is_monotonic_increasing and together["estimate"].notna().all()
