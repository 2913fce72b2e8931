"""What joins delivery to the network: exposures of every route against the courses they come from; T11 and T12."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.delivery import KINETICS, ROUTES, Doses, Prescription, daily, kinetics_of, sessions
from anagen.delivery.exposures.exposure import ends
from anagen.delivery.exposures.vesicles import behind_the_gate, cargo_arriving, reach
from anagen.delivery.light import session_stimulus
from anagen.delivery.skin.topical import topical_course
from anagen.delivery.systemic.dutasteride import dutasteride_course, typical
from anagen.exosomes import load_product, product_parameters
from anagen.parameters import load_parameters
from anagen.signalling import arm_response
from anagen.signalling.network import load_network
from anagen.therapies import THERAPIES
from delivery_references import finasteride_oral, finasteride_topical, light_stimulus, wound_signal

VALUES = load_parameters("prior").draw(1, 0)
FINE = np.arange(0.0, 84.0, 0.125)
MONTHLY = sessions(start=0.0, every=4.0, number=3, amount=1.0e10)
OPENED = ("microneedle", "radiofrequency", "fractional-co2", "erbium-glass")


def given(
    therapy: str, route: str, doses: Doses = MONTHLY, *, product: str | None = None, **settings: float
) -> tuple[Prescription, Mapping[str, float]]:
    """A prescription and the parameter values it needs."""
    values: dict[str, float] = dict(VALUES)
    prescription = Prescription(THERAPIES[therapy], ROUTES[route], doses, settings=settings)
    if product is not None:
        own, reference = load_product(product), load_product("adsc-native")
        for entry in (own, reference):
            values |= product_parameters(entry, load_parameters("prior")).draw(1, 0)
        prescription = replace(prescription, product=own, reference=reference)
    return prescription, values


def course(prescription: Prescription, values: Mapping[str, float], name: str = "main") -> FloatArray:
    kinetics = kinetics_of(prescription.therapy.kinetics[prescription.route.name])
    return kinetics.exposure(prescription, np.ones(1), FINE, values).courses[name][0]


def test_wounds_are_the_chain_of_rise_and_decay() -> None:
    act = ROUTES["microneedle"].act
    assert act is not None
    prescription, values = given("vehicle", "microneedle", depth=0.5, density=100.0)
    seen = kinetics_of(act.kinetics).exposure(prescription, np.ones(1), FINE, values).courses["main"][0]
    doses = replace(MONTHLY, amounts=np.full(3, 100.0))
    assert seen == pytest.approx(wound_signal("needle", doses, 0.5, ends(FINE), values)[0], rel=1e-9, abs=1e-12)


def test_minoxidil_on_the_scalp_is_what_arrives() -> None:
    twice = daily(start=0.0, until=12.0, amount_per_day=100.0, per_day=2.0)
    prescription, values = given("minoxidil", "topical", twice)
    seen = course(prescription, values)
    whole = topical_course("minoxidil", twice, ends(FINE), values)
    arrived = (whole.papilla + values["skin_penetration.papilla_capture"] * whole.permeated)[0]
    assert seen / seen.sum() == pytest.approx(np.diff(arrived) / arrived[-1], rel=1e-6, abs=1e-9)
    assert seen[-80:].mean() == pytest.approx(100.0, rel=0.001), "at steady state the daily dose"


def test_finasteride_is_its_fall_of_the_papillas_dht() -> None:
    tablets = daily(start=0.0, until=12.0, amount_per_day=1.0)
    prescription, values = given("finasteride", "oral", tablets)
    assert course(prescription, values) == pytest.approx(
        finasteride_oral(tablets, ends(FINE), values, averaged=True).papilla[0], rel=1e-9, abs=1e-12
    )
    applied = daily(start=0.0, until=12.0, amount_per_day=2.5)
    prescription, values = given("finasteride", "topical", applied)
    assert course(prescription, values) == pytest.approx(
        finasteride_topical(applied, ends(FINE), values, averaged=True).papilla[0], rel=1e-9, abs=1e-12
    )


def test_light_is_the_fading_stimulus_of_its_sessions_over_that_of_the_trials() -> None:
    helmet = sessions(start=0.0, every=0.5, number=20, amount=30.0)
    prescription, values = given("lllt", "light", helmet, wavelength=680.0)
    fluence, best = values["light.reference_fluence"], values["light.best_wavelength"]
    usual = session_stimulus(np.array([fluence]), best, values)[0]
    assert course(prescription, values) == pytest.approx(
        light_stimulus(helmet, 680.0, ends(FINE), values)[0] / usual, rel=1e-9, abs=1e-12
    )


def test_dutasteride_starts_at_rest_and_nearly_empties_the_papilla_of_type_2() -> None:
    prescription, values = given("dutasteride", "oral", daily(start=4.0, until=30.0, amount_per_day=0.5))
    fine = np.arange(0.0, 210.0, 0.125)
    fall = KINETICS["dutasteride"].exposure(prescription, np.array([0.0, 1.0]), fine, values).courses["main"]
    assert np.all(fall[0] < 1e-9) and np.all(fall[1, : 28 * 8] == 0.0)
    serum = dutasteride_course(prescription.doses, fine[-1:], typical(values), type2_share=0.5).serum_dht[0, -1]
    share = values["five_alpha_reductase.papilla_type2_share"]
    # the papilla's enzymes meet less of the drug than those behind serum DHT, and type 2 is nearly gone in both
    assert share * 0.97 < fall[1, -1] < 1.0 - serum


@pytest.mark.parametrize("route", ["intradermal", "topical", *OPENED])
def test_vesicles_scale_and_never_exceed_what_was_given(route: str) -> None:
    prescription, values = given("exosome", route)
    exposure = KINETICS["vesicles"].exposure(prescription, np.array([0.0, 1.0, 3.0]), FINE, values)
    held = exposure.courses["depot"]
    assert np.all(held[0] == 0.0) and held[2] == pytest.approx(3.0 * held[1], rel=1e-3)
    assert 0.0 < held[1].max() <= 1.0e10 * (1.0 + 1e-9)
    if route == "intradermal":
        assert held[1, 0] > 0.9e10 and exposure.reach == 1.0


def test_intact_skin_lets_hardly_any_vesicle_in_and_needles_some() -> None:
    """Order of the routes: the syringe, ablative columns, needles, heated columns, intact skin."""
    delivered = {
        route: course(*given("exosome", route), "depot").sum() for route in ("intradermal", "topical", *OPENED)
    }
    assert delivered["topical"] < 0.002 * delivered["intradermal"]
    assert delivered["topical"] < delivered["erbium-glass"] < delivered["microneedle"] < delivered["fractional-co2"]
    assert delivered["fractional-co2"] < delivered["intradermal"]
    deeper = course(*given("exosome", "microneedle", depth=1.0), "depot").sum()
    covered = course(*given("exosome", "microneedle", occluded=1.0), "depot").sum()
    driven = course(*given("exosome", "microneedle", iontophoresis=30.0), "depot").sum()
    assert min(deeper, covered, driven) > delivered["microneedle"]


def test_vesicles_on_intact_skin_are_their_vehicle() -> None:
    """T12: what an application to intact skin moves lies below 1 % of what an injection moves."""

    def peak(route: str) -> float:
        prescription, values = given("exosome", route)
        response = arm_response([prescription], values, condition="aga", end=84.0)
        player = [entry.name for entry in response.players].index("exosome")
        return max(float(np.abs(table).max()) for table in response.tables[player])

    assert peak("topical") < 0.01 * peak("intradermal")


def test_vesicles_get_in_while_channels_are_open() -> None:
    """Laid on at once after needling more arrives than hours or a week later; then, and before it, skin is intact."""
    at_once, hours, day, week = (
        course(*given("exosome", "microneedle", delay=delay), "depot").sum() for delay in (0.0, 2.0, 24.0, 168.0)
    )
    before = course(*given("exosome", "topical"), "depot").sum()
    assert at_once > hours > day > week
    assert at_once > 10.0 * week
    assert week == pytest.approx(before, rel=1e-6)


@pytest.mark.parametrize("substance", ["conditioned-medium", "platelet-lysate", "prp"])
@pytest.mark.parametrize("device", OPENED[1:])
def test_what_is_laid_on_after_a_device_is_what_needling_lets_in_times_its_openness(
    substance: str, device: str
) -> None:
    doses = replace(MONTHLY, amounts=np.full(3, 2.0))
    needled, values = given(substance, "microneedle", doses)
    after, _ = given(substance, device, doses)
    openness = values[f"{device.replace('-', '_')}.openness"]
    assert 0.0 < openness < 1.0
    assert course(after, values) == pytest.approx(openness * course(needled, values), rel=1e-12)
    shut, _ = given(substance, device, doses, channels=0.0)
    assert not course(shut, values).any()


def test_a_wider_grid_reaches_fewer_follicles() -> None:
    prescription, values = given("exosome", "intradermal")
    shares = [reach(replace(prescription, settings={"spacing": spacing}), values) for spacing in (5.0, 10.0, 20.0)]
    assert shares[0] > shares[1] == 1.0 > shares[2] > 0.0


def test_loaded_mirna_acts_only_above_its_gate() -> None:
    """Below 100 copies per papilla cell nothing; the usual dose of a loaded product stays far below."""
    prescription, values = given("exosome", "intradermal", product="adsc-mir-122-5p")

    def behind(held: float) -> FloatArray:
        arrived = cargo_arriving(prescription, np.array([[held]]), values)
        return behind_the_gate(arrived, values)["inside:VESICLE_MIR122"]

    assert not behind(1.0e10).any()
    assert behind(1.0e15)[0, 0] > values["vesicle.gate_copies"]
    native, own = given("exosome", "intradermal")
    assert cargo_arriving(native, np.array([[1.0e15]]), own) == {}


def test_an_edge_of_weight_zero_does_nothing_to_a_response() -> None:
    """Byte for byte, for every edge that carries no weight."""
    network = load_network()
    silent = [edge.name for edge in network.edges if edge.weight == 0.0]
    prescription, values = given("exosome", "intradermal")
    whole = arm_response([prescription], values, condition="aga", end=28.0)
    cut = arm_response([prescription], values, condition="aga", end=28.0, network=network.without(*silent))
    assert len(silent) > 5
    for one, other in zip(whole.tables, cut.tables, strict=True):
        assert [table.tobytes() for table in one] == [table.tobytes() for table in other]


def test_an_ablated_way_takes_its_share() -> None:
    prescription, values = given("exosome", "intradermal")
    whole, cut, nothing = (
        arm_response([prescription], values, condition="aga", end=28.0, network=network)
        for network in (
            load_network(),
            load_network().without("VESICLE_WNT->WNT"),
            load_network().without("VESICLE_WNT", "VESICLE_UPTAKE", "WOUND"),
        )
    )

    def released(response) -> float:
        return float(response.tables[1][1].max())

    assert 0.0 < released(cut) < 0.8 * released(whole)
    assert released(nothing) == 0.0


@pytest.mark.parametrize("condition", load_network().conditions)
def test_nothing_given_is_rest_in_every_condition(condition: str) -> None:
    response = arm_response([], VALUES, condition=condition, end=364.0)
    assert response.players == () and response.knots[-1] == 364.0
