"""Patients who notice what they were given: how many, from when on, and that it moves their own score alone."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.study import Study, describe
from anagen.study.conduct import Unblinding
from anagen.trials.observation import observe
from anagen.trials.safety import arm_hazards, event_names, occurrences
from anagen.trials.screening import candidates
from anagen.trials.unblinding import expectation_factor
from small_studies import EXOSOME, SALINE, small_scene, small_study

NUMBER = 2000


def unblinded(**rules: dict[str, object]) -> Study:
    study = small_study({"exosome": [EXOSOME], "saline": [SALINE]}, area=0.3, secondary=("patient_score",))
    stated = {name: Unblinding.model_validate(rule) for name, rule in rules.items()}
    design = study.design.model_copy(update={"unblinding": stated, "blinding": "double"})
    return study.model_copy(update={"design": design})


def test_a_stated_share_expects_something_else_from_the_first_dose_on() -> None:
    scene = small_scene(unblinded(exosome={"share": 0.3, "expectation": 2.5}))
    people = candidates(scene, np.arange(NUMBER), 0)
    visits = np.array([0.0, 84.0, 168.0])
    factor = expectation_factor(scene.protocol.prescriptions[0], people, scene.values, visits, seed=scene.seed)
    assert factor is not None
    assert set(np.unique(factor)) == {1.0, 2.5}
    assert (factor == factor[:, :1]).all()
    assert abs((factor[:, 0] == 2.5).mean() - 0.3) < 4.0 * np.sqrt(0.21 / NUMBER)
    assert expectation_factor(scene.protocol.prescriptions[1], people, scene.values, visits, seed=1) is None


def test_an_adverse_event_gives_it_away_from_then_on_to_a_share_of_those_who_have_one() -> None:
    rule = {"share": 0.5, "expectation": 0.0, "because": "adverse_event"}
    scene = small_scene(unblinded(exosome=rule))
    people = candidates(scene, np.arange(NUMBER), 0)
    visits = np.array([0.0, 28.0, 84.0, 168.0])
    given = scene.protocol.prescriptions[0]
    factor = expectation_factor(given, people, scene.values, visits, seed=scene.seed)
    hazards = arm_hazards(given, end=168.0, scenarios=frozenset())
    onset = occurrences(hazards, event_names([hazards]), people, scene.values, seed=scene.seed).onset.min(axis=1)
    assert factor is not None
    had = onset[:, None] <= visits
    assert 0.1 < had[:, -1].mean() < 0.95
    assert (factor[~had] == 1.0).all()
    share = (factor[:, -1] == 0.0)[had[:, -1]].mean()
    assert abs(share - 0.5) < 4.0 * np.sqrt(0.25 / had[:, -1].sum())
    assert (np.diff(factor, axis=1) <= 0.0).all()


def test_it_moves_what_patients_say_and_nothing_that_is_counted() -> None:
    rule = {"share": 0.5, "expectation": 3.0}
    plain, noticed = small_scene(unblinded()), small_scene(unblinded(exosome=rule))
    people = candidates(plain, np.arange(40), 0)
    how = {"weeks": plain.protocol.weeks, "area": 0.3}
    before, after = (observe(each, people, each.protocol.prescriptions, **how) for each in (plain, noticed))
    for name in ("true", "expected", "measured"):
        assert np.array_equal(getattr(before[1], name), getattr(after[1], name))
        assert np.array_equal(getattr(before[0], name)[..., 0], getattr(after[0], name)[..., 0])
    gain = (after[0].expected - before[0].expected)[:, -1, 1]
    assert (gain >= 0.0).all() and 5 < (gain > 0.0).sum() < 35
    assigned = np.arange(40) % 2
    (mixed,) = observe(noticed, people, noticed.protocol.prescriptions, assigned=assigned, **how)
    for arm in range(2):
        assert np.array_equal(mixed.measured[assigned == arm], after[arm].measured[assigned == arm])


FILE = """
study: noticed
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - {name: drug, patients: 12, therapies: [{therapy: minoxidil}]}
  - {name: control, patients: 12, control: true, therapies: []}
measurement: {zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12]}
endpoints: {primary: {endpoint: patient_score, week: 12, measure: value}}
design: {blinding: double, unblinding: {drug: {share: 0.4, expectation: 2}}}
"""


def test_check_calls_it_a_scenario_and_a_study_without_it_is_written_as_before() -> None:
    study = Study.parse(FILE)
    assert "40 % of patients notice what they were given and expect 2 times as much" in describe(study)
    assert "a scenario: nobody has measured it" in describe(study)
    assert Study.parse(study.to_yaml()) == study
    plain = Study.parse(FILE.replace(", unblinding: {drug: {share: 0.4, expectation: 2}}", ""))
    assert "unblinding" not in plain.model_dump(mode="json")["design"]
    assert plain.sha256 != study.sha256


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("{share: 0.4, expectation: 2}", "0.4", "design.unblinding.drug", "needs what those who notice expect"),
        ("{drug: {", "{drgu: {", "design.unblinding.drgu", "there is no arm"),
        ("{drug: {", "{control: {", "design.unblinding.control", "given nothing that they could notice"),
        ("blinding: double", "blinding: assessor", "design.unblinding", "belongs to blinding: double"),
        ("patient_score", "total_density", "design.unblinding", "name patient_score among the endpoints"),
        ("design:", "unblinding: {}\ndesign:", "unblinding", "write design.unblinding"),
    ],
)
def test_what_cannot_be_noticed_is_refused_with_the_reason(old: str, new: str, field: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        Study.parse(FILE.replace(old, new))
    found = {problem.field: problem.message for problem in caught.value.problems}
    assert field in found, found
    assert says in found[field]
