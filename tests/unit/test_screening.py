"""Who gets in: admission on measured baselines, regression to the mean, and published baselines matched."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.trials.matching import matched_population
from anagen.trials.observation import Scene, observe
from anagen.trials.screening import screen
from small_studies import SALINE, small_scene, small_study


def scene_with(values: dict[str, float] | None = None, **population: object) -> Scene:
    study = small_study({"one": [SALINE], "other": [SALINE]}, population=population)
    return small_scene(study, seed=11, **(values or {}))


def test_admitted_patients_fulfil_the_criteria_and_the_rest_is_accounted_for() -> None:
    scene = scene_with(inclusion={"total_density": {"min": 150.0, "max": 220.0}})
    admitted = screen(scene, n_patients=60, replicate=0, area=1.0)
    assert len(admitted.population) == 60
    assert admitted.screened == 60 + sum(admitted.excluded.values())
    measured = observe(scene, admitted.population, [()], weeks=np.zeros(1), area=1.0)[0].measured[:, 0, 0]
    assert measured.min() >= 150.0 and measured.max() <= 220.0


def test_selection_on_a_noisy_baseline_regresses_to_the_mean() -> None:
    """Patients admitted for a high count were measured high: their expected reading lies below the measured one."""
    scene = scene_with({"measurement__rater_error": 0.0}, inclusion={"total_density": {"min": 240.0}})
    admitted = screen(scene, n_patients=600, replicate=0, area=1.0)
    reading = observe(scene, admitted.population, [()], weeks=np.zeros(1), area=1.0)[0]
    excess = (reading.measured - reading.expected)[:, 0, 0]
    assert excess.mean() > 3.0 * excess.std(ddof=1) / np.sqrt(len(excess))


def test_criteria_that_nobody_fulfils_are_an_error_that_tells_what_is_measured() -> None:
    with pytest.raises(InputError) as caught:
        screen(scene_with(inclusion={"total_density": {"min": 2000.0}}), n_patients=4, replicate=0, area=1.0)
    (problem,) = caught.value.problems
    assert problem.field == "population.inclusion"
    assert "only 0 of" in problem.message and "total_density of this population lies between" in problem.message


def test_a_published_baseline_is_matched_in_mean_and_spread() -> None:
    """Measured baseline of new patients against the published one, within 3 standard errors of pilot and sample."""
    scene = scene_with({"measurement__rater_error": 0.0}, baseline={"total_density": {"mean": 140.0, "sd": 30.0}})
    matched = Scene(scene.protocol, matched_population(scene), scene.values, scene.seed)
    people = screen(matched, n_patients=600, replicate=3, area=1.0).population
    measured = observe(matched, people, [()], weeks=np.zeros(1), area=1.0)[0].measured[:, 0, 0]
    sizes = 1.0 / 600 + 1.0 / 160
    assert abs(measured.mean() - 140.0) < 3.0 * 30.0 * np.sqrt(sizes)
    assert abs(measured.std(ddof=1) - 30.0) < 3.0 * 30.0 * np.sqrt(sizes / 2.0)


def test_criteria_against_the_published_baseline_are_an_error() -> None:
    scene = scene_with(
        baseline={"total_density": {"mean": 100.0, "sd": 5.0}},
        inclusion={"total_density": {"min": 290.0, "max": 291.0}},
    )
    with pytest.raises(InputError, match="hardly anybody"):
        matched_population(scene)
