"""Who gets in: admission on measured baselines, regression to the mean, and published baselines matched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.patients.limits import attainable_means
from anagen.scalp.methods import least_spread
from anagen.study import Study
from anagen.trials.matching import PILOTS, matched_population
from anagen.trials.observation import Scene, observe
from anagen.trials.screening import screen
from anagen.trials.tables import simulate_trial
from small_studies import SALINE, small_scene, small_study


def scene_with(values: dict[str, float] | None = None, *, area: float = 1.0, **population: object) -> Scene:
    study = small_study({"one": [SALINE], "other": [SALINE]}, area=area, population=population)
    return small_scene(study, seed=11, **(values or {}))


def test_admitted_patients_fulfil_the_criteria_and_the_rest_is_accounted_for() -> None:
    scene = scene_with(inclusion={"total_density": {"min": 150.0, "max": 220.0}})
    admitted = screen(scene, n_patients=60, replicate=0, area=1.0)
    assert len(admitted.population) == 60
    assert admitted.screened[0] == 60 + sum(admitted.excluded[0].values())
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


@pytest.mark.parametrize(
    ("area", "sd", "rater_error"), [(1.0, 30.0, 0.0), (1.0, 30.0, 0.1), (0.1, 45.0, 0.029), (4.0, 60.0, 0.029)]
)
def test_a_published_baseline_is_met_in_mean_and_spread_in_any_area(area: float, sd: float, rater_error: float) -> None:
    """Measured baseline of new patients against the published one, within 3 standard errors of pilot and sample.

    Mean over trials, because the two raters of a trial count high or low together.
    """
    scene = scene_with(
        {"measurement__rater_error": rater_error}, area=area, baseline={"total_density": {"mean": 140.0, "sd": sd}}
    )
    matched = matched_population(scene)
    there = replace(scene, spec=matched.spec)
    trials, patients = 40, 60
    means, spreads = [], []
    for replicate in range(trials):
        people = screen(there, n_patients=patients, replicate=replicate, area=area).population
        measured = observe(there, people, [()], weeks=np.zeros(1), area=area)[0].measured[:, 0, 0]
        means.append(measured.mean())
        spreads.append(measured.var(ddof=1))
    error = np.std(means, ddof=1) / np.sqrt(trials)
    found = np.sqrt(np.mean(spreads))
    print(f"{area:g} cm2, raters {rater_error:g}: mean {np.mean(means):.1f}, sd {found:.1f} for 140 and {sd:g}")
    assert matched.notes == ()
    assert abs(np.mean(means) - 140.0) < 3.0 * np.hypot(error, sd / np.sqrt(PILOTS[-1].number))
    assert abs(found - sd) < 4.0 * sd * np.sqrt(0.5 * (1.0 / (trials * patients) + 1.0 / PILOTS[-1].number))


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        ({"mean": 150.0, "sd": 1.0}, "a standard deviation of 1 hairs/cm2; it is simulated with"),
        ({"mean": 150.0, "sd": 290.0}, "a standard deviation of 290 hairs/cm2; it is simulated with"),
        ({"mean": 5000.0, "sd": 1500.0}, "follicles per cm2 at this severity; healthy scalp has 3"),
    ],
)
def test_a_published_baseline_that_is_not_met_is_said_with_what_is_simulated(
    baseline: dict[str, float], said: str
) -> None:
    scene = scene_with(baseline={"total_density": baseline})
    notes = matched_population(scene).notes
    assert any(said in note for note in notes)
    flow = simulate_trial(replace(scene, notes=notes), replicate=0).flow
    assert any(said in note for note in flow["notes"])


def test_every_shipped_study_with_a_published_baseline_meets_or_says_it() -> None:
    """Mean within 2 % and spread within 5 % in the pilot, or a sentence; none lies below what counting itself gives."""
    for study in (
        study for study in map(Study.load, sorted(Path("studies").glob("*.yaml"))) if study.population.baseline
    ):
        scene = small_scene(study, seed=3, source="posterior")
        matched = matched_population(scene)
        (name, wanted), *_ = study.population.baseline.items()
        print(f"{study.study}: {name} {wanted.mean:g} and {wanted.sd}, pilot {matched.mean:.1f} and {matched.sd:.1f}")
        assert matched.notes == ()
        assert matched.mean == pytest.approx(wanted.mean, rel=0.02)
        low, high = attainable_means(study.population.ethnicity, scene.spec.zone, scene.protocol.area, scene.values)
        assert low < wanted.mean < high
        if wanted.sd is not None:
            counting = scene.values[scene.protocol.method.count_error]
            raters = scene.values["measurement.rater_error"]
            assert wanted.sd > least_spread(wanted.mean, count_error=counting, rater_error=raters)


def test_criteria_against_the_published_baseline_are_an_error() -> None:
    scene = scene_with(
        baseline={"total_density": {"mean": 100.0, "sd": 5.0}},
        inclusion={"total_density": {"min": 290.0, "max": 291.0}},
    )
    with pytest.raises(InputError, match="hardly anybody"):
        matched_population(scene)
