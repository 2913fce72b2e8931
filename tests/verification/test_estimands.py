"""Intercurrent events and estimands: what follows an event, and that trials meet the true value of their estimand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from anagen.analysis.batch import batch_of
from anagen.analysis.effects import effects_of
from anagen.analysis.expected import expected_table
from anagen.parameters import load_parameters
from anagen.study import Study
from anagen.trials.intercurrent import NONE
from anagen.trials.observation import Scene
from anagen.trials.protocol import study_parameters
from anagen.trials.reference import expected_with_events
from anagen.trials.simulation import Trials, scene_of, simulate_trials

STUDY = """
study: estimands
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - {name: drug, patients: 20, therapies: [{therapy: finasteride}]}
  - {name: control, patients: 20, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "1 cm^2", method: phototrichogram, visits: [0, 12, 24, 48]}
endpoints: {primary: {endpoint: total_density, week: 48, measure: change}}
intercurrent:
  - {event: stops_treatment, share: 0.4, because: other}
analysis: {ESTIMAND}
"""
ESTIMANDS = {
    "treatment_policy": "estimand: treatment_policy",
    "hypothetical": "estimand: hypothetical",
    "while_on_treatment": "estimand: while_on_treatment",
    "composite": "estimand: composite, worst: {total_density: -20}",
}
SEED = 3


@cache
def scene(estimand: str) -> Scene:
    study = Study.parse(STUDY.replace("ESTIMAND", ESTIMANDS[estimand]))
    return scene_of(study, study_parameters(study, load_parameters("prior")).draw(SEED, 0), seed=SEED)


@cache
def trials(estimand: str, number: int = 2, *, twins: bool = False) -> Trials:
    return simulate_trials(scene(estimand), range(1 if twins else number), twins=twins)


def test_values_up_to_the_event_are_those_of_the_own_course_and_later_ones_are_not() -> None:
    found = trials("treatment_policy")
    place = scene("hypothetical")
    own = simulate_trials(place, range(2))
    weeks = place.protocol.weeks
    week = found.event_week
    assert week is not None and found.event is not None
    for arm in range(2):
        rows = np.flatnonzero(np.isfinite(week[arm]))
        assert len(rows)
        before = weeks[None, :] <= week[arm, rows][:, None]
        same = found.readings[arm].true[rows] == own.readings[arm].true[rows]
        assert same[before].all()
    nothing = found.event == NONE
    assert 0.2 < 1.0 - nothing.mean() < 0.6


def test_who_stops_ends_between_those_who_go_on_and_those_never_treated() -> None:
    place = scene("treatment_policy")
    stopped, weeks = expected_with_events(place, n_patients=64)
    own, _ = expected_with_events(scene("hypothetical"), n_patients=64)
    assert weeks is not None
    rows = np.isfinite(weeks[0]) & (weeks[0] <= 24.0)
    gain = [reading.expected[rows, -1, 0] - reading.expected[rows, 0, 0] for reading in (stopped[0], own[0], own[1])]
    never, on = gain[2].mean(), gain[1].mean()
    assert never < gain[0].mean() < on


def test_analysed_values_after_an_event_are_missing_carried_or_as_measured() -> None:
    hypothetical, carried = trials("hypothetical"), trials("while_on_treatment")
    policy = trials("treatment_policy")
    week = hypothetical.event_weeks()
    assert week is not None
    after = hypothetical.scene.protocol.weeks > week[..., None]
    assert np.isnan(hypothetical.analysed()[after]).all()
    np.testing.assert_array_equal(policy.analysed(), policy.measured())
    last = carried.analysed()[..., -1, 0]
    before = carried.measured()[..., 0]
    one = np.argwhere(week < 12.0)[0]
    assert last[tuple(one)] == before[(*one, 0)]


@pytest.mark.long
@pytest.mark.parametrize("estimand", ESTIMANDS)
def test_the_true_value_from_twins_is_the_mean_over_many_trials(estimand: str) -> None:
    place = scene(estimand)
    found = simulate_trials(place, range(200))
    effects = effects_of(batch_of(found), place.protocol)["estimate"]
    readings, weeks = expected_with_events(place, n_patients=512)
    table = expected_table(readings, place.protocol, draw=0, event_weeks=weeks)
    rows = table[(table["week"] == 48.0) & (table["measure"] == "change")].set_index("arm")
    groups = [f"group_{i}" for i in range(4)]
    true = rows.loc["drug", "expected"] - rows.loc["control", "expected"]
    of_groups = (rows.loc["drug", groups] - rows.loc["control", groups]).to_numpy(dtype=np.float64)
    error = np.hypot(effects.std() / np.sqrt(200), of_groups.std(ddof=1) / 2.0)
    assert abs(effects.mean() - true) < 3.0 * error


def test_a_trial_with_events_does_not_depend_on_those_simulated_with_it() -> None:
    together, alone = trials("treatment_policy"), simulate_trials(scene("treatment_policy"), [1])
    rows = together.rows_of(1)
    np.testing.assert_array_equal(together.readings[0].measured[rows], alone.readings[0].measured)
    np.testing.assert_array_equal(together.left[rows], alone.left)
    assert together.event is not None and alone.event is not None
    np.testing.assert_array_equal(together.event[rows], alone.event)


def test_twins_have_the_events_of_the_trial_without_twins() -> None:
    with_twins, without = trials("treatment_policy", twins=True), simulate_trials(scene("treatment_policy"), [0])
    assert with_twins.event_week is not None and without.event_week is not None
    np.testing.assert_array_equal(with_twins.event_week, without.event_week)
    for arm in range(2):
        rows = with_twins.received[arm]
        np.testing.assert_array_equal(with_twins.readings[arm].measured[rows], without.readings[arm].measured[rows])
