"""Negative controls stay null, what is given together is not more than additive, timing and switches matter."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.delivery import KINETICS, Prescription
from anagen.therapies import THERAPIES
from small_studies import column, observed, small_scene, small_study
from therapy_doses import LEVERS, given, levers_under, people, scene


def readings(*arms: tuple[Prescription, ...], weeks: tuple[float, ...], patients: int = 192) -> list[FloatArray]:
    """Expected total density of each arm [patient, week], as twins."""
    study = small_study({"a": [], "b": []}, visits=weeks)
    looked_at = small_scene(study, seed=2, threads=2)
    total = column(looked_at, "total_density")
    return [arm.expected[:, :, total] for arm in observed(looked_at, list(arms), patients=patients, weeks=weeks)]


@pytest.mark.parametrize("name", ["ginseng", "diet", "shampoo"])
@pytest.mark.parametrize("beside", [(), ("minoxidil",), ("minoxidil", "finasteride", "prp")])
def test_what_has_no_effect_changes_no_byte(name: str, beside: tuple[str, ...]) -> None:
    others = [given(other) for other in beside]
    with_it, without = levers_under(given(name), *others), levers_under(*others)
    for lever in LEVERS:
        assert getattr(with_it, lever).tobytes() == getattr(without, lever).tobytes(), lever


@pytest.mark.parametrize("name", ["botulinum-toxin", "conditioned-medium"])
@pytest.mark.parametrize("beside", [(), ("minoxidil",)])
def test_what_is_centred_on_zero_is_its_control(name: str, beside: tuple[str, ...]) -> None:
    """Nothing is added to saline, nor to saline and minoxidil: doi:10.1186/s13287-023-03440-2."""
    others = [given(other) for other in beside]
    treated = given(name)
    saline = Prescription(THERAPIES["saline-injection"], treated.route, treated.doses)
    with_it, control = levers_under(treated, *others), levers_under(saline, *others)
    for lever in LEVERS:
        # two who differ between patients are interpolated on a coarser ladder than one
        assert getattr(with_it, lever) == pytest.approx(getattr(control, lever), abs=1e-3 if beside else 1e-9), lever


def test_excimer_does_nothing_in_androgenetic_alopecia() -> None:
    """T14: levers beside the attack, and hairs, are those of sham light to the byte."""
    excimer, sham = given("excimer"), given("sham-light", every=0.5, number=24)
    treated, control = levers_under(excimer), levers_under(sham)
    for lever in LEVERS[:5]:
        assert getattr(treated, lever).tobytes() == getattr(control, lever).tobytes(), lever
    hairs, other = readings((excimer,), (sham,), weeks=(0.0, 12.0, 24.0), patients=48)
    assert hairs.tobytes() == other.tobytes()


def test_red_light_of_another_colour_than_the_window_does_nothing() -> None:
    wrong = levers_under(given("lllt", settings={"wavelength": 532.0}))
    sham = levers_under(given("sham-light"))
    for lever in LEVERS:
        assert getattr(wrong, lever).tobytes() == getattr(sham, lever).tobytes(), lever


def test_light_is_biphasic() -> None:
    brakes = [levers_under(given("lllt", times=times)).resting_clock.mean() for times in (0.02, 1.0, 8.0)]
    assert brakes[1] > brakes[0] and brakes[1] > brakes[2]


def test_needling_and_plasma_do_no_more_than_the_sum_of_both() -> None:
    """T15, in hairs from week 24 on: what both gain over a sham against the sum of what each gains over its control.

    Earlier there is no gain to add up: resting hairs leave before new ones are seen, sooner where clocks run faster.
    """
    needled = {"every": 4.0, "number": 4}
    weeks = (0.0, 24.0, 28.0, 36.0)
    both, needle, plasma, saline, sham = readings(
        (given("microneedling", **needled), given("prp", **needled)),
        (given("microneedling", **needled),),
        (given("prp", **needled),),
        (given("saline-injection", **needled),),
        (given("sham-procedure", **needled),),
        weeks=weeks,
        patients=384,
    )
    together = (both - sham).mean(axis=0)
    # the needle of the syringe is in the arm with both as well, and in plasma less sham
    apart = (needle - sham).mean(axis=0) + (plasma - sham).mean(axis=0)
    of_plasma, of_saline = (plasma - saline).mean(axis=0), (saline - sham).mean(axis=0)
    print(
        "together", together.round(2), "sum", apart.round(2), "plasma", of_plasma.round(2), "saline", of_saline.round(2)
    )
    error = (both - needle - plasma + sham).std(axis=0, ddof=1) / np.sqrt(len(both))
    assert np.all(together[1:3] <= apart[1:3] + 2.0 * error[1:3])
    assert together[1] > 0.0


@pytest.mark.parametrize("pair", [("microneedling", "lllt"), ("exosome", "lllt"), ("microneedling", "exosome")])
def test_levers_of_two_are_not_more_than_their_sum(pair: tuple[str, str]) -> None:
    alone = [levers_under(given(name)) for name in pair]
    both = levers_under(*(given(name) for name in pair))
    for lever in ("anagen_brake", "resting_clock", "calibre_boost"):
        added = sum(getattr(one, lever) for one in alone)
        excess = (getattr(both, lever) - added).mean(axis=0)
        # inputs on one way can help one another a little while responses are steep; that is not put in as synergy
        assert excess.max() < 0.05 * max(float(np.max(added)), 1e-9), (lever, excess.max())


def test_minoxidil_gets_in_while_channels_are_open() -> None:
    """Laid on at once after needling more arrives than hours later, and without channels as on intact skin.

    The effect grows by less than what arrives: in the first hours the input is occupied anyway.
    """
    grid = np.arange(21 * 8) / 8.0
    arrived, effect = [], []
    for settings in ({}, {"delay": 2.0}, {"delay": 24.0}, {"channels": 0.0}):
        laid_on = given("minoxidil", "microneedle", settings=settings)
        seen = KINETICS["minoxidil-channels"].exposure(laid_on, np.ones(1), grid, scene(source="prior").values)
        arrived.append(float(seen.courses["main"].sum()))
        effect.append(float(levers_under(laid_on, source="prior").anagen_brake.mean()))
    assert arrived[0] > 3.0 * arrived[3] and arrived[0] > arrived[1] > arrived[2]
    assert arrived[2] == pytest.approx(arrived[3], rel=1e-3)
    assert effect[0] > effect[1] > effect[2] >= effect[3]
    assert effect[0] < 1.5 * effect[3]


@pytest.mark.parametrize("name", ["fractional-co2", "erbium-glass", "microneedling", "radiofrequency", "threads"])
def test_a_wound_can_be_switched_off(name: str) -> None:
    on, off = levers_under(given(name)), levers_under(given(name, settings={"wound": 0.0}))
    assert on.resting_clock.max() > 0.0
    assert np.all(off.resting_clock == 0.0)


def test_wound_and_channels_of_a_laser_are_two_switches() -> None:
    """Vesicles after a fractional CO2 laser: either switch leaves the other mechanism."""
    both, no_wound, no_channels = (
        levers_under(given("exosome", "fractional-co2", settings=settings))
        for settings in ({}, {"wound": 0.0}, {"channels": 0.0})
    )
    vehicle = levers_under(given("vehicle", "fractional-co2", every=2.0, number=6))
    assert both.anagen_brake.mean() > 10.0 * no_channels.anagen_brake.mean()
    assert no_channels.resting_clock == pytest.approx(vehicle.resting_clock, abs=0.02)
    assert no_wound.anagen_brake.max() > 0.0
    assert no_wound.resting_clock.mean() < both.resting_clock.mean()


def test_forms_of_plasma_differ_only_by_their_own_factors() -> None:
    same = [
        levers_under(given("prp", formulation=form), source="prior").resting_clock.tobytes()
        for form in THERAPIES["prp"].formulations
    ]
    assert len(set(same)) == 1, "no form is better on average before results are looked at"
    weak = levers_under(given("prp", formulation="single-spin"), prp__single_spin=0.2).resting_clock
    usual = levers_under(given("prp"), prp__single_spin=0.2).resting_clock
    assert weak.mean() < usual.mean()


def test_more_enzyme_means_more_on_the_scalp_and_less_by_mouth() -> None:
    order = np.argsort(people(30).sulfotransferase)
    scalp, mouth = (
        levers_under(given("minoxidil", route), patients=30, minoxidil__response_cv=0.0).anagen_brake[order, 120]
        for route in ("topical", "oral")
    )
    assert np.all(np.diff(scalp) >= 0.0) and np.all(np.diff(mouth) <= 0.0)
