"""Grafted follicles in the target area: counts, timing, donor dominance, levers, bytes that hang on nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from anagen.core.arrays import FloatArray
from anagen.core.streams import Purpose
from anagen.delivery import Prescription
from anagen.follicles.surgery import GRAFT
from anagen.trials.observation import observe
from anagen.trials.screening import candidates
from anagen.trials.simulation import scene_of
from anagen.trials.tables import simulate_trial
from anagen.trials.transplantation import accounts_of, surgery_of
from small_studies import FINASTERIDE, FUE, FUT, MINOXIDIL, column, observed, small_scene, small_study

WEEKS = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 26.0, 39.0, 52.0)
ENDPOINTS = ("anagen_share", "mean_diameter", "terminal_density", "shed_per_day", "coverage")
N = 32


def scene_for(arms: dict[str, list[dict[str, object]]], **values: float):
    study = small_study(arms, visits=WEEKS, secondary=ENDPOINTS, zone="frontal", patients=4, method="phototrichogram")
    return small_scene(study, seed=31, **values)


SCENE = scene_for({"strip": [FUT], "punch": [FUE], "nothing": []})


@pytest.fixture(scope="module")
def gain() -> FloatArray:
    """True difference to the twin without surgery [arm, patient, visit, endpoint]."""
    strip, punch, nothing = observed(SCENE, list(SCENE.protocol.prescriptions), patients=N, weeks=WEEKS, area=1.0)
    return np.stack([strip.true - nothing.true, punch.true - nothing.true])


def density(values: FloatArray, week: float) -> FloatArray:
    return values[..., WEEKS.index(week), column(SCENE, "total_density")]


def test_purposes_agree() -> None:
    assert int(GRAFT) == Purpose.GRAFT


def test_the_target_area_gains_what_the_account_says(gain: FloatArray) -> None:
    """Hairs after a year = growing follicles of the account x share of the area, less the few that rest empty."""
    people = candidates(SCENE, np.arange(N), 0)
    for arm in (0, 1):
        surgery = surgery_of(SCENE.protocol.prescriptions[arm])
        assert surgery is not None
        (account,) = accounts_of(surgery, people, SCENE.values, seed=SCENE.seed)
        planted = np.rint(account.grown / surgery.setting("recipient_area", SCENE.values))
        assert np.all(density(gain[arm], 52.0) <= planted)
        assert density(gain[arm], 52.0).sum() / planted.sum() == pytest.approx(0.98, abs=0.02)
        # on day 7 nothing has fallen: every graft shows its old hair
        assert density(gain[arm], 1.0).sum() / planted.sum() > 0.99


def test_old_hairs_fall_in_weeks_2_to_6_and_new_ones_come_from_month_3(gain: FloatArray) -> None:
    course = {week: density(gain[0], week).mean() for week in WEEKS}
    full = course[52.0]
    assert course[0.0] == 0.0, "the visit on the day of surgery is made before it"
    assert course[2.0] > 0.85 * full and course[4.0] < 0.5 * full and course[6.0] < 0.15 * full
    assert course[8.0] < 0.1 * full, "almost nothing to see in month 2"
    assert 0.08 * full < course[12.0] < 0.4 * full and 0.25 * full < course[16.0] < 0.65 * full
    assert course[26.0] > 0.75 * full and course[39.0] > 0.95 * full


def test_shed_hairs_are_those_that_fell(gain: FloatArray) -> None:
    """The windows of 28 days before weeks 4 and 8 hold nearly every old hair once."""
    shed = gain[0][..., column(SCENE, "shed_per_day")]
    values, zone = SCENE.values, SCENE.spec.zone
    affected = values["measurement.scalp_area"] * (1.0 - values["measurement.spared_share"])
    here = affected / values[f"population.density_factor_{zone}"]
    fallen = sum(shed[:, WEEKS.index(week)] for week in (4.0, 8.0)) * 28.0 / here
    assert fallen.mean() == pytest.approx(density(gain[0], 1.0).mean(), rel=0.03)


def test_grafts_are_growing_terminal_hairs(gain: FloatArray) -> None:
    last = WEEKS.index(52.0)
    terminal = gain[0][:, last, column(SCENE, "terminal_density")].mean()
    assert terminal > 0.95 * density(gain[0], 52.0).mean()
    assert gain[0][:, last, column(SCENE, "anagen_share")].mean() > 0.02
    assert gain[0][:, last, column(SCENE, "mean_diameter")].mean() > 1.0
    assert gain[0][:, last, column(SCENE, "coverage")].mean() > 0.1


def test_donor_dominance() -> None:
    """Over six years native hair is lost, beyond three errors; grafted hair stays as thick as where it came from."""
    weeks = (0.0, 104.0, 416.0)
    strip, nothing = observed(
        SCENE, [SCENE.protocol.prescriptions[0], SCENE.protocol.prescriptions[2]], patients=96, weeks=weeks, area=1.0
    )
    at = column(SCENE, "terminal_density")
    native, grafted = nothing.true[..., at], (strip.true - nothing.true)[..., at]
    lost = native[:, 1] - native[:, 2]
    assert lost.mean() > 3.0 * lost.std(ddof=1) / len(lost) ** 0.5
    assert grafted[:, 2].mean() > 0.98 * grafted[:, 1].mean()


def test_nobody_else_makes_follicles(gain: FloatArray) -> None:
    """Native follicles of the twin are untouched: before surgery shows, both arms are the same to the byte."""
    strip, _punch, nothing = observed(SCENE, list(SCENE.protocol.prescriptions), patients=8, weeks=WEEKS, area=1.0)
    assert strip.true[:, 0].tobytes() == nothing.true[:, 0].tobytes()
    without = observed(SCENE, [SCENE.protocol.prescriptions[2]], patients=8, weeks=WEEKS, area=1.0)[0]
    assert without.measured.tobytes() == nothing.measured.tobytes()


def given(arm: int, **settings: float) -> tuple[Prescription, ...]:
    return tuple(replace(p, settings=settings) for p in SCENE.protocol.prescriptions[arm])


def test_nothing_planted_is_no_surgery() -> None:
    """A dose of zero equals the control byte for byte, shock or not."""
    zero = tuple(
        replace(p, doses=replace(p.doses, amounts=np.zeros(1)), settings={"shock_loss": 0.5})
        for p in SCENE.protocol.prescriptions[0]
    )
    empty, nothing = observed(SCENE, [zero, ()], patients=8, weeks=WEEKS, area=1.0)
    assert empty.true.tobytes() == nothing.true.tobytes() and empty.measured.tobytes() == nothing.measured.tobytes()


def test_shock_loss_takes_native_hair_for_a_while() -> None:
    plain, shocked = observed(SCENE, [given(0), given(0, shock_loss=0.3)], patients=32, weeks=WEEKS, area=1.0)
    at = column(SCENE, "anagen_share")
    lost = (shocked.true - plain.true)[..., WEEKS.index(1.0), at].mean()
    assert lost < -0.1
    assert (shocked.true - plain.true)[..., WEEKS.index(52.0), at].mean() > 0.3 * lost
    assert shocked.true[:, 0].tobytes() == plain.true[:, 0].tobytes()


def test_a_smaller_recipient_area_is_filled_and_no_more() -> None:
    """Grafts of an area smaller than the target area all lie inside it."""
    small = observed(SCENE, [given(0, recipient_area=0.5), ()], patients=32, weeks=(0.0, 52.0), area=1.0)
    whole = observed(SCENE, [given(0, recipient_area=1.0), ()], patients=32, weeks=(0.0, 52.0), area=1.0)
    at = column(SCENE, "total_density")
    half, full = ((arm.true - nothing.true)[:, 1, at].mean() for arm, nothing in (small, whole))
    assert half == pytest.approx(0.5 * full, rel=0.05)


def test_sessions_add_up() -> None:
    twice = small_study(
        {"twice": [{**FUT, "schedule": {"every": 26.0, "sessions": 2}}], "once": [FUT], "nothing": []},
        visits=WEEKS, zone="frontal", secondary=ENDPOINTS,
    )  # fmt: skip
    scene = small_scene(twice, seed=31)
    weeks = (0.0, 26.0, 78.0)
    two, one, nothing = observed(scene, list(scene.protocol.prescriptions), patients=32, weeks=weeks, area=1.0)
    assert two.true[:, 1].tobytes() == one.true[:, 1].tobytes(), "the second session is still to come"
    gains = [(arm.true - nothing.true)[:, 2, 0].mean() for arm in (one, two)]
    assert gains[1] == pytest.approx(2.0 * gains[0], rel=0.05)


def test_grafts_answer_to_levers() -> None:
    """Minoxidil speeds the rest, so that grafts regrow sooner; finasteride has next to nothing to protect in them."""
    arms = {"graft": [FUT], "nothing": [], "both": [FUT, MINOXIDIL], "drug": [MINOXIDIL], "pills": [FINASTERIDE]}
    scene = scene_for({**arms, "graft and pills": [FUT, FINASTERIDE]})
    readings = observed(scene, list(scene.protocol.prescriptions), patients=48, weeks=WEEKS, area=1.0)
    graft, nothing, both, drug, pills, both_pills = (r.true[..., column(scene, "total_density")] for r in readings)
    week = WEEKS.index(12.0)
    assert (both - drug)[:, week].mean() > 1.3 * (graft - nothing)[:, week].mean()
    assert (both_pills - pills)[:, -1].mean() == pytest.approx((graft - nothing)[:, -1].mean(), rel=0.03)


@pytest.mark.parametrize("threads", [1, 3])
def test_bytes_hang_on_neither_company_nor_threads(threads: int) -> None:
    people = candidates(SCENE, np.arange(70), 0)
    arms = list(SCENE.protocol.prescriptions)
    whole = observe(SCENE, people, arms, weeks=np.array(WEEKS), area=0.5)
    rows = np.array([69, 2, 33])
    threaded = replace(SCENE, threads=threads)
    some = observe(threaded, people.take(rows), arms, weeks=np.array(WEEKS), area=0.5)
    every = observe(threaded, people, arms, weeks=np.array(WEEKS), area=0.5)
    for one, other, part in zip(whole, every, some, strict=True):
        assert one.measured.tobytes() == other.measured.tobytes()
        assert one.measured[rows].tobytes() == part.measured.tobytes()
    assigned = np.arange(70) % 3
    own = observe(SCENE, people, arms, weeks=np.array(WEEKS), area=0.5, assigned=assigned)[0]
    for arm in range(3):
        assert own.true[assigned == arm].tobytes() == whole[arm].true[assigned == arm].tobytes()


@pytest.mark.parametrize("layout", ["parallel", "split_scalp"])
def test_a_trial_tells_what_was_moved(layout: str) -> None:
    study = small_study(
        {"strip": [FUT], "nothing": []}, patients=6, layout=layout, zone="frontal", secondary=("gpa", "coverage")
    )
    tables = simulate_trial(scene_of(study, small_scene(study).values, seed=3), replicate=0)
    operated = tables.patients[tables.patients["arm"] == "strip"]
    assert np.all(operated["graft_units_moved"] == 1800) and operated["graft_follicles_grown"].between(3000, 3700).all()
    assert tables.patients[tables.patients["arm"] == "nothing"]["graft_units_moved"].isna().all()
    scores = tables.visits[(tables.visits["endpoint"] == "gpa") & (tables.visits["week"] == 24.0)]
    means = scores[scores["assigned"]].groupby("arm", observed=True)["measured"].mean()
    assert means["strip"] > means["nothing"] + 1.0
    assert not any(name.startswith("graft") for name in patients_without_surgery())


def patients_without_surgery() -> pd.Index:
    study = small_study({"pills": [FINASTERIDE], "nothing": []}, patients=4)
    return simulate_trial(scene_of(study, small_scene(study).values, seed=3), replicate=0).patients.columns
