"""A range of severity that a study states holds for the true value of every patient at baseline, in the whole trial."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anagen.core.errors import InputError
from anagen.trials.observation import Scene
from anagen.trials.reference import expected_readings
from anagen.trials.screening import baseline_of, screen, with_severity
from anagen.trials.tables import simulate_trial
from small_studies import PLACEBO, column, small_scene, small_study


def scene_between(low: float, high: float, *, endpoint: str = "salt", patients: int = 12) -> Scene:
    study = small_study(
        {"one": [PLACEBO], "other": [PLACEBO]},
        condition="aa",
        patients=patients,
        visits=(0.0, 4.0),
        endpoint=endpoint,
        population={"severity": {"salt": {"min": low, "max": high}}},
    )
    return small_scene(study)


@pytest.mark.parametrize(
    ("low", "high"), [(95.0, 100.0), (50.0, 60.0), (20.0, 30.0), (30.0, 31.0), (1.0, 2.0), (99.0, 100.0)]
)
def test_every_true_severity_at_baseline_lies_inside_the_stated_range(low: float, high: float) -> None:
    scene = scene_between(low, high, endpoint="total_density")
    admitted = screen(scene, n_patients=60, replicate=0, area=1.0)
    wider = with_severity(scene)
    true = baseline_of(wider, admitted.population, 1.0).true[:, 0, column(wider, "salt")]
    print(f"{low:g} to {high:g}: {true.min():.2f} to {true.max():.2f}, {admitted.screened[0]} screened")
    assert true.min() >= low
    assert true.max() <= high
    assert admitted.screened[0] == 60 + sum(admitted.excluded[0].values())


def test_the_tables_of_a_trial_and_the_reference_patients_keep_the_range() -> None:
    scene = scene_between(95.0, 100.0)
    visits = simulate_trial(scene, replicate=0).visits
    baseline = visits[(visits["endpoint"] == "salt") & (visits["week"] == 0.0)]
    assert baseline["true"].between(95.0, 100.0).all()
    expected = expected_readings(scene, n_patients=32)[0].true[:, 0, column(scene, "salt")]
    assert expected.min() >= 95.0 and expected.max() <= 100.0


def test_a_range_that_hardly_anybody_has_is_refused_by_name() -> None:
    """Under an attack that leaves most hair, no scalp is 95 % bare."""
    scene = scene_between(95.0, 100.0)
    mild = replace(scene, values={**scene.values, "alopecia_areata.attack_rate": 1e-4})
    with pytest.raises(InputError) as caught:
        screen(mild, n_patients=12, replicate=0, area=1.0)
    (problem,) = caught.value.problems
    assert problem.field == "population.severity.salt"
    assert "only 0 of" in problem.message and "have a true salt of 95 to 100 at baseline" in problem.message
