"""A control is given as what it is the control of, so that two arms differ in the therapy alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.study import Study, describe
from anagen.study.treatment import TherapyUse
from anagen.therapies import THERAPIES
from anagen.trials.reference import expected_readings
from faults import every_fault
from small_studies import small_scene

BASE = Study.load("exosome-vs-saline").to_dict()
PAIRS = [
    (therapy.name, route, str(therapy.by(route).control))
    for therapy in THERAPIES.values()
    for route in therapy.routes
    if therapy.by(route).control not in (None, "none")
]
"""Therapies with their routes and usual controls."""


def study_of(treated: dict[str, Any], control: dict[str, Any], **more: Any) -> Study:
    arms = [
        {"name": "treated", "patients": 4, "therapies": [treated]},
        {"name": "control", "patients": 4, "control": True, "therapies": [control]},
    ]
    accepted = {
        "safety": {"accepted": [c.name for t in THERAPIES.values() for c in t.contraindications if c.acceptable]}
    }
    return Study.from_dict({**BASE, "arms": arms, **accepted, **more})


def timing(use: TherapyUse) -> tuple[object, ...]:
    return use.schedule.session_weeks() if use.schedule.per_day is None else (use.schedule.per_day, use.schedule.start)


def test_a_control_without_a_schedule_is_given_when_its_therapy_is_given() -> None:
    assert len(PAIRS) > 25
    with every_fault() as row:
        for name, route, control in PAIRS:
            with row(f"{name} {route}"):
                treated: dict[str, Any] = {"therapy": name, "route": route}
                condition = {"condition": "aa", "severity": {"salt": {"min": 30}}} if name in AREATA else {}
                population = {**BASE["population"], **condition}
                study = study_of(treated, {"therapy": control}, population=population)
                one, two = (arm.therapies[0] for arm in study.arms)
                assert timing(one) == timing(two)
                assert two.route in (one.route, "sham")


AREATA = ("baricitinib", "ritlecitinib", "excimer", "intralesional-steroid")


def test_what_a_control_takes_over_is_said_and_what_is_written_stays() -> None:
    treated = {"therapy": "exosome", "schedule": {"every": 3, "sessions": 4}, "settings": {"spacing": "20 mm"}}
    study = study_of(treated, {"therapy": "saline-injection"})
    control = study.arms[1].therapies[0]
    assert control.schedule.session_weeks() == (0.0, 3.0, 6.0, 9.0) and control.settings["spacing"].value == 20.0
    assert control.follows == {"schedule": "treated", "settings": "treated"}
    assert "schedule and settings as in treated, as the file gives none" in describe(study)
    assert "differ in" not in describe(study)

    own = study_of(treated, {"therapy": "saline-injection", "schedule": {"every": 4, "sessions": 3}})
    assert own.arms[1].therapies[0].schedule.session_weeks() == (0.0, 4.0, 8.0)
    assert "treated and control differ in schedule as well" in describe(own)
    late = study_of(treated, {"therapy": "saline-injection", "schedule": {"start": 2}})
    assert late.arms[1].therapies[0].schedule.session_weeks() == (2.0, 5.0, 8.0, 11.0)


def test_a_placebo_is_laid_on_where_the_drug_is_and_taken_as_often() -> None:
    drug = {"therapy": "minoxidil", "schedule": {"per_day": 2}, "adherence": {"mean": 0.7, "sd": 0.1}}
    placebo = study_of(drug, {"therapy": "placebo"}).arms[1].therapies[0]
    assert placebo.route == "topical" and placebo.schedule.per_day == 2.0
    assert placebo.adherence is not None and placebo.adherence.mean == 0.7
    tablet = study_of(drug, {"therapy": "placebo", "route": "oral"}).arms[1].therapies[0]
    assert tablet.route == "oral" and tablet.schedule.per_day == 1.0 and not tablet.follows


def test_a_changed_study_keeps_its_control_in_step() -> None:
    study = study_of({"therapy": "exosome"}, {"therapy": "saline-injection"})
    more = study.set("arms.treated.schedule", {"every": 4, "sessions": 3})
    assert more.arms[1].therapies[0].schedule == more.arms[0].therapies[0].schedule
    assert Study.parse(study.to_yaml()) == study and Study.from_dict(study.to_dict()) == study
    data = study.to_dict()
    data["arms"][1]["therapies"][0]["schedule"] |= {"sessions": 2}
    edited = Study.from_dict(data).arms[1].therapies[0]
    assert edited.schedule.session_weeks() == (0.0, 2.0) and not edited.follows
    assert study.sha256 == study.set("arms.control.schedule", {"every": 2, "sessions": 6}).sha256


def test_a_fault_in_a_schedule_is_told_once() -> None:
    with pytest.raises(InputError) as caught:
        study_of({"therapy": "exosome", "schedule": {"every": -2, "sessions": 4}}, {"therapy": "saline-injection"})
    assert [problem.field for problem in caught.value.problems] == ["arms[0].therapies[0].schedule.every"]


def test_inactive_particles_gain_what_saline_gains_where_neither_has_a_schedule() -> None:
    study = study_of({"therapy": "exosome", "product": "adsc-inactivated"}, {"therapy": "saline-injection"})
    inactive, saline = expected_readings(small_scene(study), n_patients=6)
    assert np.array_equal(inactive.true, saline.true) and np.array_equal(inactive.measured, saline.measured)


def test_check_says_whose_schedule_a_control_takes_where_the_treated_arms_differ() -> None:
    odd = {"therapy": "exosome", "schedule": {"every": 3, "sessions": 7}}
    arms = [
        {"name": "odd", "patients": 4, "therapies": [odd]},
        {"name": "usual", "patients": 4, "therapies": [{"therapy": "exosome"}]},
        {"name": "control", "patients": 4, "control": True, "therapies": [{"therapy": "saline-injection"}]},
    ]
    design = {**BASE["design"], "randomisation": {**BASE["design"]["randomisation"], "block": 6}}
    base = {**BASE, "arms": arms, "observed": [], "design": design}
    told = str(describe(Study.from_dict(base)))
    assert (
        "schedule as in odd, as the file gives none (the first arm that it is the control of; not as in usual" in told
    )
    arms[0]["therapies"] = [{"therapy": "exosome"}]
    told = str(describe(Study.from_dict(base)))
    assert "schedule as in odd, as the file gives none." in told
