"""Hazards in the kernel: what is lost at once and what later, conservation of hairs, and byte equality of SALT."""

from __future__ import annotations

import numpy as np
import pytest
from kernel_runs import Patients, run_kernel
from lever_courses import untreated
from test_batch_invariance import PROCESS

from anagen.patients import CONDITIONS, Population
from anagen.trials.observation import observe
from anagen.trials.screening import candidates
from small_studies import small_scene, small_study

N = 40
WEEKS = np.array([0.0, 12.0, 36.0])
HEALTHY = np.full((1, 16), 0.146)


def study_of(condition: str, season: str | bool = False):
    endpoint = "salt" if CONDITIONS[condition].patches is not None else "total_density"
    return small_study(
        {"nothing": [], "control": []},
        condition=condition,
        endpoint=endpoint,
        secondary=("shed_per_day", "anagen_share"),
        visits=tuple(WEEKS.tolist()),
        population={"season": season, "sex": {"male": 0.5, "female": 0.5}},
    )


def people(scene) -> Population:
    return candidates(scene, np.arange(N), 0)


@pytest.mark.parametrize(
    ("condition", "season"), [("aa", False), ("te", False), ("chemotherapy", False), ("aga", True), ("healthy", "june")]
)
def test_readings_do_not_depend_on_batch_or_threads(condition: str, season: str | bool) -> None:
    scene = small_scene(study_of(condition, season))
    everybody = people(scene)
    whole = observe(scene, everybody, [(), ()], weeks=WEEKS, area=0.3)
    threaded = observe(small_scene(study_of(condition, season), threads=2), everybody, [(), ()], weeks=WEEKS, area=0.3)
    rows = np.array([3, 17, 39])
    few = observe(scene, everybody.take(rows), [()], weeks=WEEKS, area=0.3)[0]
    for name in ("true", "expected", "measured"):
        assert getattr(threaded[0], name).tobytes() == getattr(whole[0], name).tobytes()
        assert getattr(whole[1], name).tobytes() == getattr(whole[0], name).tobytes()
        assert getattr(few, name).tobytes() == np.ascontiguousarray(getattr(whole[0], name)[rows]).tobytes()


def shock(days: int, share: float, day: int):
    course = untreated(days)
    course.immune_attack[day] = -np.log1p(-share)
    return course


@pytest.mark.parametrize("lost", [False, True], ids=["released", "lost at once"])
def test_share_of_anagen_hairs_struck(lost: bool) -> None:
    """A step of -ln(1 - share) strikes that share of the anagen hairs; they fall at once or after a rest."""
    days, day, share = 200, 30, 0.4
    visits = np.array([29.0, 32.0, 199.0])
    runs = [
        run_kernel(
            PROCESS,
            HEALTHY,
            [untreated(days), shock(days, share, day)],
            Patients(20, 400),
            visits=visits,
            seed=8,
            lost_at_once=lost,
        ).sums.sum(axis=0)
    ]
    hairs, anagen, shed = runs[0][..., 0], runs[0][..., 3], runs[0][..., 7]
    error = np.sqrt(share * (1.0 - share) / anagen[0, 0])
    struck = 1.0 - anagen[1, 1] / anagen[0, 1]
    assert abs(struck - share) < 4.0 * error
    fallen, still = shed[1, 1] - shed[0, 1], hairs[0, 1]
    # but for the few that were struck before they had come out
    assert 0.0 <= still - fallen - hairs[1, 1] < 2e-3 * still
    # a club hair that was held beside a new one not out yet falls with that one's anagen
    held = fallen - struck * anagen[0, 1] if lost else fallen
    assert 0.0 <= held < 0.01 * still


def test_every_hair_lost_at_once_is_counted_as_shed() -> None:
    days, day = 120, 30
    visits = np.array([29.0, 32.0])
    calm, struck = run_kernel(
        PROCESS,
        HEALTHY,
        [untreated(days), shock(days, 0.5, day)],
        Patients(10, 400),
        visits=visits,
        seed=8,
        lost_at_once=True,
    ).sums.sum(axis=0)
    fallen = struck[1, 7] - calm[1, 7]
    missing = calm[1, 0] - struck[1, 0]
    assert fallen == pytest.approx(missing, rel=0.01)
