"""Crossover trials: two periods of one patient, what the first leaves in the second, and the analysis of statistics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from anagen.analysis.batch import batch_of
from anagen.analysis.crossover import crossover_many
from anagen.analysis.effects import effects_of
from anagen.core.errors import InputError
from anagen.planning.question import question_of
from anagen.statistics.crossover import Crossover, within_patients
from anagen.study import Study, describe
from anagen.trials.attendance import attended_sessions
from anagen.trials.budget import sessions_given
from anagen.trials.carry_over import carry_over, carry_over_notes
from anagen.trials.crossover import sequences_of
from anagen.trials.observation import observe
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import simulate_trials
from anagen.trials.tables import tables_of
from small_studies import EXOSOME, MINOXIDIL, SALINE, VEHICLE, small_scene, small_study

NUMBER = 40


def crossover(washout: float = 8.0, dropout: float = 0.0, patients: int = NUMBER) -> Study:
    study = small_study({"minoxidil": [MINOXIDIL], "vehicle": [VEHICLE]}, patients=patients, area=0.3,
                        visits=(0.0, 6.0, 12.0), dropout=dropout)  # fmt: skip
    design = study.design.model_dump() | {"layout": "crossover", "washout": washout}
    return Study.model_validate(study.model_dump() | {"design": design})


def test_the_analysis_is_that_of_statistics() -> None:
    random = np.random.default_rng(3)
    arm, control = random.normal(5.0, 2.0, (6, 20)), random.normal(3.0, 2.0, (6, 20))
    first = random.random((6, 20)) < 0.5
    arm[random.random((6, 20)) < 0.15] = np.nan
    found = crossover_many(arm, control, first, alpha=0.1)
    for trial in range(6):
        of_periods = np.where(first[trial][:, None], np.stack([arm, control], axis=-1)[trial],
                              np.stack([control, arm], axis=-1)[trial])  # fmt: skip
        known = within_patients(Crossover(("arm", "control"), of_periods, first[trial]), alpha=0.1)
        one = found.of(trial)
        assert one.estimate == pytest.approx(known.estimate, rel=1e-12)
        assert one.standard_error == pytest.approx(known.standard_error, rel=1e-12)
        assert (one.ci_low, one.ci_high) == pytest.approx((known.ci_low, known.ci_high), rel=1e-12)
        assert one.p_value == pytest.approx(known.p_value, rel=1e-9)
    too_few = crossover_many(arm[:, :3], control[:, :3], np.zeros((6, 3), dtype=bool), alpha=0.1)
    assert np.isnan(too_few.estimate).all() and "too few" in str(too_few.method[0])


def test_the_first_period_is_a_parallel_trial_and_the_second_goes_on_from_it() -> None:
    scene = small_scene(crossover())
    plan = scene.protocol
    trials = simulate_trials(scene, [0, 3])
    assert trials.periods is not None and trials.first_arms() is not None
    first, people = trials.periods.first, trials.population
    assert np.bincount(first).tolist() == [NUMBER, NUMBER]
    twins = observe(scene, people, plan.prescriptions, weeks=plan.weeks, area=plan.area)
    for arm in range(2):
        begins = first == arm
        for name in ("true", "expected", "measured"):
            here, alone = getattr(trials.readings[arm], name), getattr(twins[arm], name)
            assert np.array_equal(here[begins], alone[begins])
            assert not np.array_equal(here[~begins], alone[~begins])
    assert trials.received.mean() > 0.95  # an adverse event can make somebody leave before the second
    later = trials.readings[1].true[first == 0, 0, 0] - trials.readings[0].true[first == 0, 0, 0]
    assert later.mean() > 3.0  # those who had minoxidil first begin the second period with more hair


def test_what_is_left_of_the_first_period_moves_the_estimate_away_from_the_expected_effect() -> None:
    scene = small_scene(crossover(washout=8.0), measurement__study_offset=0.0)
    trials = simulate_trials(scene, range(12))
    change = [(reading.expected[:, -1] - reading.expected[:, 0])[:, 0].reshape(12, -1) for reading in trials.readings]
    first = trials.first_arms()
    assert first is not None
    found = crossover_many(*change, first == 0, alpha=0.05)
    minoxidil, vehicle = expected_readings(scene, n_patients=128)
    expected = float((minoxidil.expected - vehicle.expected)[:, -1, 0].mean())
    error = float(found.estimate.std() / np.sqrt(12))
    # who begins with minoxidil loses its gain under the vehicle
    assert found.estimate.mean() > expected + 4.0 * error
    none = small_scene(crossover(washout=0.0)).protocol
    left = carry_over(none, scene.values, seed=1)
    assert left.after == left.at_end > 5.0
    longer = [carry_over(small_scene(crossover(weeks)).protocol, scene.values, seed=1).after for weeks in (8.0, 60.0)]
    assert longer[1] < 0.5 * left.at_end < 0.5 * longer[0]  # hair goes on gaining first, and then loses
    (told,) = carry_over_notes(none, scene.values, seed=1)
    assert "Bear in mind: hair answers longer than this wash-out" in told


def test_two_arms_of_one_kind_differ_by_chance_alone() -> None:
    study = crossover(washout=4.0)
    same = replace(small_scene(study).protocol, prescriptions=(small_scene(study).protocol.prescriptions[1],) * 2)
    scene = replace(small_scene(study), protocol=same)
    trials = simulate_trials(scene, range(60))
    effects = effects_of(batch_of(trials), same)
    assert abs(effects["estimate"].mean()) < 3.0 * effects["estimate"].std() / np.sqrt(60)
    assert effects["standard_error"].mean() == pytest.approx(effects["estimate"].std(), rel=0.3)


def test_who_leaves_before_the_second_period_has_no_second_arm() -> None:
    scene = small_scene(crossover(dropout=0.5))
    trials = simulate_trials(scene, [0])
    tables, plan = tables_of(trials), scene.protocol
    left = trials.left
    gone = left <= plan.second
    assert 3 < gone.sum() < NUMBER / 2
    assert (trials.received.sum(axis=0) == np.where(gone, 1, 2)).all()
    patients = tables.patients
    assert len(patients) == trials.received.sum()
    assert (patients.loc[patients["period"] == 2, "dropout_week"].dropna() < plan.weeks[-1]).all()
    complete = int(np.isnan(left).sum())
    assert tables.flow["randomised"] == {"minoxidil": NUMBER, "vehicle": NUMBER}
    assert tables.flow["analysed"] == {"minoxidil": complete, "vehicle": complete}
    (effect,) = effects_of(batch_of(trials), plan).itertuples()
    assert effect.n_arm == effect.n_control == complete
    seen = tables.visits.dropna(subset="measured")
    assert set(seen["week"]) == {0.0, 6.0, 12.0}


def test_sessions_missed_and_paid_for_are_those_of_the_period_that_was_simulated() -> None:
    missed = {"adherence": {"mean": 0.6, "sd": 0.2}}
    study = small_study({"exosome": [EXOSOME | missed], "saline": [SALINE | missed]}, patients=NUMBER, area=0.3,
                        visits=(0.0, 4.0, 8.0))  # fmt: skip
    design = study.design.model_dump() | {"layout": "crossover", "washout": 4.0}
    scene = small_scene(Study.model_validate(study.model_dump() | {"design": design}))
    trials, plan = simulate_trials(scene, [0]), scene.protocol
    assert trials.periods is not None
    first, people = trials.periods.first, trials.population
    planned = 4  # every two weeks, and none on the day on which a period ends
    attended = np.zeros((2, len(people)), dtype=np.int64)
    for begun, course in enumerate(sequences_of(plan)):
        rows = np.flatnonzero(first == begun)
        for arm, part in zip((begun, 1 - begun), course, strict=True):
            attended[arm, rows] = attended_sessions(part, people.take(rows), seed=scene.seed).sum(axis=1)
    told = tables_of(trials).patients.set_index(["arm", "patient"])["sessions_missed"]
    for arm, name in enumerate(plan.arms):
        known = people.patient[trials.received[arm]]
        assert told[name][known].tolist() == (planned - attended[arm, trials.received[arm]]).tolist()
    both = trials.received.all(axis=0)
    assert (attended[0, both] != attended[1, both]).any()
    stayed = np.isnan(trials.left)
    paid = sessions_given(trials, slice(0, len(people)))
    assert attended[:, stayed].sum() <= paid <= attended.sum()


FILE = """
study: two-periods
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - {name: drug, patients: 12, therapies: [{therapy: minoxidil}]}
  - {name: control, patients: 12, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12]}
endpoints: {primary: {endpoint: total_density, week: 12, measure: change}}
design: {layout: crossover, washout: 12, dropout: 0.1}
"""


def test_check_says_what_a_crossover_is_and_planning_leads_elsewhere() -> None:
    study = Study.parse(FILE)
    text = describe(study)
    assert "two periods of 12 weeks with 12 weeks without treatment between them" in text
    assert "lost by week 36" in text and "Differences within patients, adjusted for the period" in text
    assert Study.parse(study.to_yaml()).sha256 == study.sha256
    with pytest.raises(InputError, match="anagen size --crossover"):
        question_of(study, [20])


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        (", washout: 12", "", "design.layout", "needs design.washout"),
        ("layout: crossover", "layout: parallel", "design.washout", "belongs to layout: crossover"),
        ("control, patients: 12", "control, patients: 14", "arms[1].patients", "the same patients; expected 12"),
        ("patients: 12", "patients: 13", "arms[0].patients", "cannot be halved"),
        ("dropout: 0.1", "dropout: {share: 0.1, depends_on: change}", "design.dropout.depends_on", "leave it out"),
        ("therapy: minoxidil", "therapy: FUE", "arms[0].therapies[0].therapy", "nobody crosses over"),
        ("endpoint: total_density", "endpoint: patient_score", "endpoints.primary.endpoint", "first picture"),
        ("washout: 12", "washout: 1040", "design.washout", "at most"),
        ("design:", "crossover: true\ndesign:", "crossover", "write design.layout: crossover"),
        ("design:", "washout: 12\ndesign:", "washout", "write design.washout: 12 with layout: crossover"),
    ],
)
def test_what_cannot_cross_over_is_refused_with_the_reason(old: str, new: str, field: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        Study.parse(FILE.replace(old, new))
    found = {problem.field: problem.message for problem in caught.value.problems}
    assert field in found, found
    assert says in found[field]
