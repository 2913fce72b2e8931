"""From exposure to levers: the equation that follows occupancy, therapies together, and how patients respond."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from anagen.core.arrays import FloatArray
from anagen.core.streams import Purpose, lognormals
from anagen.exosomes import load_product, relative_potency
from anagen.follicles import FollicleParameters, lever_tables, time_grid
from anagen.parameters import load_parameters
from anagen.signalling import Levers
from anagen.signalling.levers import GREATEST_ANDROGEN_EFFECT, mean_effect
from anagen.signalling.sharing import ladder, weights
from anagen.signalling.times import FinePlaces
from anagen.trials.screening import candidates
from small_studies import (
    DAILY,
    EXOSOME,
    FINASTERIDE,
    MINOXIDIL,
    PLACEBO,
    SALINE,
    VEHICLE,
    levers_of,
    small_scene,
    small_study,
    use,
)

LEVERS = ("androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain", "immune_attack", "attack_factor")
GRID = time_grid(336.0)
DAILY_TWICE = {"per_day": 2.0}


def levers_under(*given: dict, adherence: dict | None = None, **values: float) -> Levers:
    uses = [{**use, "adherence": adherence} if adherence else use for use in given]
    scene = small_scene(small_study({"arm": uses, "control": [PLACEBO]}, visits=(0.0, 48.0)), **values)
    people = candidates(scene, np.arange(30), 0)
    return levers_of(scene.protocol.prescriptions[0], people, scene.values, seed=3, grid=GRID)


def followed(goal: FloatArray, rise: float, fall: float, step: float, ratio: int = 1) -> FloatArray:
    """Effect under the response whose goal is `goal`."""
    greatest = 2.5
    return effect_of(goal / greatest, greatest, rise, fall, step, ratio)


def effect_of(
    response: FloatArray, greatest: float, rise: float, fall: float, step: float, ratio: int = 1
) -> FloatArray:
    """Effect of one patient under a response that is told for every interval."""
    n = len(response)
    every = FinePlaces(np.arange(n), np.zeros(n), 0)
    at_knots = np.append(response, response[-1])[None]
    return mean_effect(at_knots, every, np.full(1, greatest), rise, fall, step, ratio)[0]


@pytest.mark.parametrize(("rise", "fall", "step"), [(14.0, 17.0, 1.0), (2.0, 40.0, 1.0), (30.0, 5.0, 0.5)])
def test_follow_solves_its_equation(rise: float, fall: float, step: float) -> None:
    """Means over intervals of dL/dt = (goal - L) / tau against a numerical solution."""
    goal = np.concatenate([np.zeros(5), np.full(40, 0.8), np.full(20, 0.3), np.full(20, 1.1), np.zeros(60)])
    level = followed(goal, rise, fall, step)

    def flow(t: float, y: FloatArray) -> list[float]:
        gap = goal[min(int(t / step), len(goal) - 1)] - y[0]
        return [gap / (rise if gap > 0.0 else fall), y[0]]

    y = np.zeros(2)
    means = []
    for i in range(len(goal)):  # interval by interval, so that the solver meets no jump
        inside = (i * step + 1e-9 * step, (i + 1) * step * (1.0 - 1e-12))
        end = solve_ivp(flow, inside, y, rtol=1e-9, atol=1e-12).y[:, -1]
        means.append((end[1] - y[1]) / step)
        y = end
    assert level == pytest.approx(means, rel=1e-6, abs=1e-8)


def test_follow_never_overshoots() -> None:
    rng = np.random.default_rng(1)
    for goal in rng.uniform(0.0, 2.0, (20, 400)):
        level = followed(goal, 10.0, 20.0, 1.0)
        assert level.min() >= 0.0 and level.max() <= goal.max()


def test_an_effect_below_zero_mirrors_one_above() -> None:
    """A prior that reaches below zero is an effect in the other direction, with the same time constants."""
    response = np.concatenate([np.full(30, 0.8), np.zeros(60)])
    above, below = (effect_of(response, sign, 3.0, 21.0, 1.0) for sign in (1.0, -1.0))
    assert np.array_equal(above, -below)


def test_mean_over_a_coarser_grid_is_the_mean_of_the_finer() -> None:
    goal = np.random.default_rng(2).uniform(0.0, 2.0, 96)
    fine = followed(goal, 3.0, 21.0, 0.125)
    assert followed(goal, 3.0, 21.0, 0.125, 8) == pytest.approx(fine.reshape(-1, 8).mean(axis=1), rel=1e-12)


def test_log_normal_factors_have_mean_1_and_their_cv() -> None:
    def factors(cv: float) -> FloatArray:
        return lognormals(1, Purpose.THERAPY_RESPONSE, cv=cv, patient=np.arange(400_000))

    assert abs(factors(0.4).mean() - 1.0) < 4.0 * 0.4 / np.sqrt(400_000)
    assert abs(factors(0.4).std() - 0.4) < 0.4 * 0.01
    assert np.array_equal(factors(0.0), np.ones(400_000))


def test_nothing_given_leaves_every_lever_at_rest() -> None:
    for given in ((), (PLACEBO,), (VEHICLE,)):
        levers, rest = levers_under(*given), Levers.untreated(30, len(GRID))
        assert all(np.array_equal(getattr(levers, lever), getattr(rest, lever)) for lever in LEVERS)


def test_nothing_moves_before_baseline() -> None:
    before = GRID < 0.0
    for given in (EXOSOME, FINASTERIDE, MINOXIDIL, SALINE):
        levers = levers_under(given)
        assert np.all(levers.androgen_drive[:, before] == 1.0)
        for lever in LEVERS[1:5]:
            assert np.all(getattr(levers, lever)[:, before] == 0.0)


def test_each_therapy_moves_its_own_levers() -> None:
    finasteride, saline = levers_under(FINASTERIDE), levers_under(SALINE)
    assert np.all(finasteride.androgen_drive[:, -1] < 1.0) and np.all(finasteride.androgen_drive > 0.0)
    assert np.all(finasteride.anagen_extension == 0.0) and np.all(finasteride.calibre_gain == 0.0)
    assert saline.telogen_exit.max() > 0.0
    assert np.all(saline.androgen_drive == 1.0) and np.all(saline.anagen_extension == 0.0)


def test_the_needle_is_credited_to_the_needle() -> None:
    """Exosomes minus saline leaves what the vesicle does; with no vesicle left nothing."""
    strong = {"cell_products.effect": 8.0}
    exosome, saline = levers_under(EXOSOME, **strong), levers_under(SALINE | {"schedule": EXOSOME["schedule"]})
    assert np.all(exosome.telogen_exit >= saline.telogen_exit)
    inert = levers_under(EXOSOME | {"product": "adsc-inactivated"})
    assert inert.telogen_exit.tobytes() == saline.telogen_exit.tobytes()


def test_potency_of_a_product_scales_its_dose() -> None:
    """A product of relative potency r and the same size at dose d moves the levers as the reference at dose r d."""
    scene = small_scene(small_study({"arm": [EXOSOME | {"product": "bm-msc"}], "control": [SALINE]}))
    size = {"bm-msc.diameter": 100.0, "adsc-native.diameter": 100.0}
    ratio = relative_potency(load_product("bm-msc"), load_product("adsc-native"), scene.values)
    assert 0.0 < ratio < 1.0
    other = levers_under(EXOSOME | {"product": "bm-msc"}, **size)
    native = levers_under(use("exosome", "intradermal", dose=1.0e10 * ratio, product="adsc-native"))
    assert other.telogen_exit == pytest.approx(native.telogen_exit, rel=1e-12, abs=1e-15)


def test_therapies_that_share_nothing_add_up() -> None:
    """Minoxidil moves telogen exit beside the network, finasteride through it, and only one of them longer anagen."""
    finasteride, minoxidil = levers_under(FINASTERIDE), levers_under(MINOXIDIL)
    together = levers_under(FINASTERIDE, MINOXIDIL)
    assert together.androgen_drive == pytest.approx(finasteride.androgen_drive, abs=1e-5)
    assert together.telogen_exit == pytest.approx(finasteride.telogen_exit + minoxidil.telogen_exit, abs=2e-3)
    assert together.anagen_extension == pytest.approx(minoxidil.anagen_extension, abs=2e-3)


def test_therapies_on_one_pathway_add_up_to_less() -> None:
    """Two inhibitors of 5-alpha-reductase, and vesicles with minoxidil on growth: no synergy without evidence."""
    dutasteride = use("dutasteride", "oral", dose=0.5, schedule=DAILY)
    removed = [1.0 - levers_under(*given).androgen_drive[:, -1] for given in ((FINASTERIDE,), (dutasteride,))]
    both = 1.0 - levers_under(FINASTERIDE, dutasteride).androgen_drive[:, -1]
    # what the silent receptor gives is shared, and each share acts as strongly as the patient responds to that drug
    assert np.all(both < removed[0] + removed[1]) and np.all(both > np.minimum(*removed))
    assert both.mean() > removed[0].mean()
    # vesicles that do something, of which their prior is not sure
    strong = {"cell_products.effect": 8.0}
    alone = levers_under(EXOSOME, **strong).anagen_extension + levers_under(MINOXIDIL).anagen_extension
    together = levers_under(EXOSOME, MINOXIDIL, **strong).anagen_extension
    excess = (together - alone).mean(axis=0)[GRID >= 7.0]
    # in the first days responses are still steep and two small ones can help one another a little; once the vesicles
    # are gone the two agree up to the interpolation between rungs
    assert excess.max() < 2e-5 and excess.min() < -0.02


@pytest.mark.parametrize("rungs", [8, 12, 16, 32])
def test_patients_between_rungs_are_interpolated(rungs: int) -> None:
    """Occupancies against their own curve, at scalings that no rung has; a rung gives itself."""
    steps = ladder(rungs)
    scale = np.concatenate([np.geomspace(0.04, 15.0, 200), steps])
    share = weights(steps, scale)
    for half in (0.1, 1.0, 10.0):
        curve = share @ (steps / (steps + half))
        assert curve == pytest.approx(scale / (scale + half), abs={8: 0.02, 12: 0.005, 16: 0.0015, 32: 2e-4}[rungs])
    assert share[200:] == pytest.approx(np.eye(rungs), abs=1e-12)


def test_order_of_therapies_does_not_matter() -> None:
    one, other = levers_under(FINASTERIDE, MINOXIDIL), levers_under(MINOXIDIL, FINASTERIDE)
    for lever in LEVERS:
        assert getattr(one, lever) == pytest.approx(getattr(other, lever), rel=1e-12)


def test_androgen_drive_stays_positive() -> None:
    levers = levers_under(FINASTERIDE, finasteride__androgen_drive=5.0)
    assert levers.androgen_drive.min() == pytest.approx(1.0 - GREATEST_ANDROGEN_EFFECT)


def test_more_dose_does_more_but_saturates() -> None:
    def boost(dose: float) -> float:
        levers = levers_under({**EXOSOME, "dose": {"value": dose, "unit": "particles", "text": f"{dose:g} particles"}})
        return float(levers.anagen_extension.max(axis=1).mean())

    effects = [boost(dose) for dose in (1e8, 1e9, 1e10, 1e11, 1e12)]
    assert np.all(np.diff(effects) > 0.0)
    assert effects[-1] - effects[-2] < effects[2] - effects[1]


def test_adherence_lies_between_none_and_all() -> None:
    full, half = levers_under(FINASTERIDE), levers_under(FINASTERIDE, adherence={"mean": 0.5, "sd": 0.1})
    none = levers_under(FINASTERIDE, adherence={"mean": 0.0, "sd": 0.0})
    day = -1
    assert np.all(full.androgen_drive[:, day] < half.androgen_drive[:, day])
    assert np.all(half.androgen_drive[:, day] < 1.0)
    assert np.array_equal(none.androgen_drive, np.ones_like(none.androgen_drive))


def test_response_varies_between_patients_and_is_shared_over_time() -> None:
    alike = {"finasteride_kinetics__oral_cv": 0.0}
    levers = levers_under(FINASTERIDE, **alike)
    effect = 1.0 - levers.androgen_drive
    late = effect[:, GRID > 200.0]
    ratio = late / late.mean(axis=0)
    assert effect[:, -1].std() > 0.0
    assert ratio.std(axis=1).max() < 1e-6, "a responder stays a responder"
    same = levers_under(FINASTERIDE, **alike, finasteride__response_cv=0.0)
    assert (1.0 - same.androgen_drive)[:, -1].std() < 1e-12


def test_sulfotransferase_scales_minoxidil_exposure() -> None:
    scene = small_scene(small_study({"arm": [MINOXIDIL], "control": [VEHICLE]}), minoxidil__response_cv=0.0)
    people = candidates(scene, np.arange(40), 0)
    levers = levers_of(scene.protocol.prescriptions[0], people, scene.values, seed=3, grid=GRID)
    order = np.argsort(people.sulfotransferase)
    assert np.all(np.diff(levers.anagen_extension[order, 150]) >= 0.0)


def test_batches_are_shared_by_a_trial() -> None:
    """Every patient of a trial gets the same batch; another trial gets another."""
    alike = {"exosome__response_cv": 0.0, "vesicle_delivery__clearance_cv": 0.0}
    scene = small_scene(small_study({"arm": [EXOSOME], "control": [SALINE]}), **alike)
    first, second = (
        levers_of(
            scene.protocol.prescriptions[0],
            candidates(scene, np.arange(10), replicate),
            scene.values,
            seed=3,
            grid=GRID,
        ).anagen_extension[:, 60]
        for replicate in (0, 1)
    )
    assert first.std() < 1e-15 and second.std() < 1e-15
    assert first[0] != second[0]


def test_tables_against_direct_sums() -> None:
    """Clocks, hazard, target and smoothed target against their definitions."""
    rng = np.random.default_rng(2)
    days, step, rate, hill, theta = 60, 0.5, 0.01, 1.5, 0.7
    z = np.array([[0.0, 0.4, 2.5]])
    a, g, t, b, h = (
        rng.uniform(low, high, (1, days)) for low, high in ((0.3, 1.2), (-0.3, 0.6), (0, 1), (-0.02, 0.1), (0, 0.1))
    )
    process = replace(
        FollicleParameters.from_values(load_parameters("prior").draw(1, 0)),
        androgen_on_anagen=theta,
        calibre_hill=hill,
        calibre_rate=rate,
        calibre_minimum=0.03,
    )
    tables = lever_tables(Levers(a, g, t, b, h, np.ones_like(a)), z, process, step=step)

    def summed(rates: FloatArray) -> FloatArray:
        return np.concatenate([np.zeros((*rates.shape[:-1], 1)), np.cumsum(step * rates, axis=-1)[..., :-1]], axis=-1)

    speed = np.exp(theta * z[:, :, None] * (a[:, None, :] - 1.0) - g[:, None, :])
    goal = np.clip(1.0 / (1.0 + (z[:, :, None] * a[:, None, :]) ** hill), 0.03, 1.0)
    assert tables.anagen_clock == pytest.approx(summed(speed), rel=1e-12)
    assert tables.reentry_clock == pytest.approx(summed(np.exp(t)), rel=1e-12)
    assert tables.hazard == pytest.approx(summed(h), rel=1e-12)
    made = np.interp(np.arange(days) * step - process.emergence_lag, (np.arange(days) + 0.5) * step, b[0], left=0.0)
    begun = np.arange(days) * step >= process.emergence_lag + 0.5 * step
    assert tables.thickening[0, begun] == pytest.approx(np.exp(made[begun]), rel=1e-12)
    assert np.all(tables.thickening[0, ~begun] == 1.0)
    assert tables.target == pytest.approx(goal, rel=1e-12)
    assert tables.untreated_target == pytest.approx(1.0 / (1.0 + z**hill), rel=1e-12)
    level = tables.untreated_target.copy()
    for day in range(days):
        assert tables.smoothed[:, :, day] == pytest.approx(level, rel=1e-12)
        level = goal[:, :, day] + (level - goal[:, :, day]) * np.exp(-rate * step)
