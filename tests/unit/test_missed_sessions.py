"""Sessions that patients miss: how many, the same for all that is given on a day, and a course of what is left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.delivery import Doses
from anagen.explanation.case import case_of
from anagen.study import Study, describe
from anagen.trials.attendance import attended_days, attended_sessions, courses_attended, misses_sessions
from anagen.trials.observation import observe
from anagen.trials.screening import candidates
from anagen.trials.tables import simulate_trial
from small_studies import EXOSOME, PLACEBO, SALINE, small_scene, small_study

NUMBER = 4000


def study_with(mean: float, sd: float = 0.0) -> Study:
    missed = {"adherence": {"mean": mean, "sd": sd}}
    return small_study({"exosome": [EXOSOME | missed], "saline": [SALINE | missed]}, area=0.3)


@pytest.mark.parametrize(("mean", "sd"), [(0.8, 0.0), (0.6, 0.25)])
def test_the_stated_share_of_sessions_is_attended_with_the_stated_spread(mean: float, sd: float) -> None:
    scene = small_scene(study_with(mean, sd))
    people = candidates(scene, np.arange(NUMBER), 0)
    attended = attended_sessions(scene.protocol.prescriptions[0][0], people, seed=scene.seed)
    n = attended.shape[1]
    assert n == 6
    share = attended.mean(axis=1)
    chance = mean * (1.0 - mean) / n + sd**2 * (1.0 - 1.0 / n)
    assert abs(share.mean() - mean) < 4.0 * np.sqrt(chance / NUMBER)
    assert share.var() == pytest.approx(chance, rel=0.1)


def test_therapies_of_a_day_and_twins_under_other_arms_miss_it_together() -> None:
    scene = small_scene(study_with(0.7, 0.2))
    people = candidates(scene, np.arange(50), 0)
    exosome, saline = (arm[0] for arm in scene.protocol.prescriptions)
    mine, twin = (attended_sessions(part, people, seed=scene.seed) for part in (exosome, saline))
    assert np.array_equal(mine, twin)
    assert 0.5 < mine.mean() < 0.9
    days, comes = attended_days([exosome, saline], people, seed=scene.seed)
    assert days.tolist() == exosome.doses.days.tolist()
    assert np.array_equal(comes, mine)


def test_each_patient_has_the_course_of_the_sessions_attended() -> None:
    scene = small_scene(study_with(0.5))
    plan, full = scene.protocol, small_scene(study_with(1.0))
    people = candidates(scene, np.arange(12), 0)
    how = {"weeks": plan.weeks, "area": plan.area}
    twins = observe(scene, people, plan.prescriptions, **how)
    whole = observe(full, people, full.protocol.prescriptions, **how)
    own = plan.prescriptions[0][0]
    attended = attended_sessions(own, people, seed=scene.seed)
    assert len(np.unique(attended, axis=0)) > 6
    for patient in range(3):
        kept = attended[patient]
        doses = Doses(own.doses.days[kept], own.doses.amounts[kept], own.doses.daily)
        course = [(replace(own, doses=doses, adherence_mean=1.0),)]
        (alone,) = observe(full, people.take(np.array([patient])), course, **how)
        assert np.array_equal(alone.measured[0], twins[0].measured[patient])
        assert not np.array_equal(whole[0].measured[patient, 1:], twins[0].measured[patient, 1:])
    assigned = np.arange(12) % 2
    (mixed,) = observe(scene, people, plan.prescriptions, assigned=assigned, **how)
    for arm, twin in enumerate(twins):
        assert np.array_equal(mixed.measured[assigned == arm], twin.measured[assigned == arm])


def test_who_misses_nothing_is_simulated_as_before() -> None:
    full, unsaid = study_with(1.0), small_study({"exosome": [EXOSOME], "saline": [SALINE]}, area=0.3)
    assert full.sha256 == unsaid.sha256
    plan = small_scene(unsaid).protocol
    people = candidates(small_scene(unsaid), np.arange(4), 0)
    assert courses_attended(plan.prescriptions, people, None, seed=1) is None
    daily = small_study({"one": [PLACEBO | {"adherence": {"mean": 0.5}}], "other": [PLACEBO]})
    assert not misses_sessions(small_scene(daily).protocol.prescriptions[0][0])


def test_the_table_of_patients_counts_them_and_an_explanation_is_refused() -> None:
    study = study_with(0.6)
    patients = simulate_trial(small_scene(study), replicate=0).patients
    assert patients["sessions_missed"].between(0, 6).all()
    assert patients["sessions_missed"].nunique() > 2
    with pytest.raises(InputError, match="miss sessions"):
        case_of(study, "exosome", seed=1)


def test_check_says_it_and_surgery_is_not_missed() -> None:
    assert "80 % of sessions attended, each by chance, on average" in describe(study_with(0.8))
    graft = {
        "study": "x",
        "population": {
            "condition": "aga",
            "sex": {"male": 1.0},
            "age": {"mean": 40, "sd": 5, "min": 30, "max": 50},
            "ethnicity": {"caucasian": 1.0},
        },
        "arms": [
            {"name": "fue", "patients": 4, "therapies": [{"therapy": "FUE", "adherence": {"mean": 0.9}}]},
            {"name": "none", "patients": 4, "control": True, "therapies": []},
        ],
        "measurement": {"zone": "vertex", "target_area": "1 cm^2", "method": "phototrichogram", "visits": [0, 24]},
        "endpoints": {"primary": {"endpoint": "total_density", "week": 24, "measure": "change"}},
    }
    with pytest.raises(InputError, match="surgery, which is not missed"):
        Study.from_dict(graft)
