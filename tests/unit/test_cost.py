"""What a run would cost is said before it starts. No test looks at a clock: the constants were measured by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anagen.parameters import load_parameters
from anagen.study import Study
from anagen.trials.cost import EXPECTED_PATIENTS, Size, estimated_memory, estimated_seconds, size_of, too_large
from anagen.trials.protocol import protocol
from anagen.trials.reference import expected_readings
from small_studies import PLACEBO, small_scene, small_study

VALUES = load_parameters("prior").draw(0, 0)
SMALL = Size(patients=60, arms=2, follicles=300.0, weeks=24.0, visits=4, endpoints=2)


def test_the_size_is_that_of_the_protocol() -> None:
    study = Study.load("studies/king-2022-alopecia-areata.yaml")
    plan, size = protocol(study), size_of(study, VALUES, trials=3, draws=5)
    assert (size.patients, size.arms) == (plan.n_patients, len(plan.arms))
    assert (size.visits, size.endpoints, size.weeks) == (len(plan.weeks), len(plan.endpoints), plan.weeks[-1])
    assert (size.trials, size.draws, size.maps) == (3, 5, 2)
    assert size.history * 7.0 == pytest.approx(730.0)


def test_as_many_reference_patients_are_followed_as_are_counted() -> None:
    scene = small_scene(small_study({"one": [PLACEBO]}, visits=(0.0, 1.0)))
    assert len(expected_readings(scene)[0].true) == EXPECTED_PATIENTS


@pytest.mark.parametrize("more", ["patients", "arms", "weeks", "visits", "trials"])
def test_more_of_anything_costs_more_time_and_memory(more: str) -> None:
    larger = replace(SMALL, **{more: 10 * getattr(SMALL, more)})
    assert estimated_seconds(larger) > estimated_seconds(SMALL)
    assert estimated_memory(larger) > estimated_memory(SMALL)


def test_a_million_patients_an_arm_are_refused_where_memory_is_short() -> None:
    million = replace(SMALL, patients=2_000_000)
    needed = estimated_memory(million)
    assert too_large(million, needed) is None
    refusal = too_large(million, needed - 1.0)
    assert refusal is not None
    assert f"about {needed / 1e9:.0f} GB of memory" in refusal
    assert "Take fewer patients" in refusal
