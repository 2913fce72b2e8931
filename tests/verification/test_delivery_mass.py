"""Every route keeps its mass, linear routes superpose, and vesicles behave as their equations say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.core.arrays import FloatArray
from anagen.delivery.compartments import amounts, join, mean_amounts
from anagen.delivery.doses import Doses, repeated
from anagen.delivery.skin.channels import DEVICES, Channels, channels_of, open_at, surface_shares
from anagen.delivery.skin.topical import MOLECULES, topical_course
from anagen.delivery.systemic import minoxidil
from anagen.delivery.systemic.inhibitors import body, exposure
from anagen.delivery.vesicles.disposition import VesicleRates, vesicle_course, vesicle_rates
from anagen.delivery.vesicles.size import drained_over_degraded, follicular_size_factor
from anagen.parameters import load_parameters
from anagen.therapies import THERAPIES
from anagen.therapies.kinetics import Inhibitor
from delivery_references import missed, single

PARAMETERS = load_parameters("prior")
VALUES = PARAMETERS.draw(1, 0)
INHIBITORS = [
    data for therapy in THERAPIES.values() for data in therapy.kinetics.values() if isinstance(data, Inhibitor)
]
TIMES = np.concatenate([[0.0, 0.01, 0.3], np.arange(1.0, 60.0, 1.7)])
ONE = Doses(np.zeros(1), np.full((1, 1), 1e10))
INTACT = vesicle_rates(VALUES, diameter=140.0, volume=5.0)


@st.composite
def regimens(draw: st.DrawFn) -> Doses:
    """One to six doses of any amount on any days, for two patients, some of them missed."""
    days = sorted(draw(st.lists(st.floats(0.0, 50.0), min_size=1, max_size=6)))
    size = st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e3)), min_size=len(days), max_size=len(days))
    return Doses(np.array(days), np.array([draw(size), draw(size)]))


def given_so_far(doses: Doses, times: FloatArray = TIMES) -> FloatArray:
    return doses.rows @ (doses.days[:, None] <= times[None, :])


LINEAR = {
    **{f"minoxidil {route}": minoxidil.blood(VALUES, route=route) for route in ("oral", "topical")},
    **{drug.name: body(drug, VALUES) for drug in INHIBITORS},
}


@pytest.mark.parametrize("name", LINEAR)
@settings(max_examples=15)
@given(doses=regimens())
def test_linear_routes_keep_their_mass(name: str, doses: Doses) -> None:
    held = amounts(LINEAR[name], doses, TIMES, into="depot")
    assert held.sum(axis=2) == pytest.approx(given_so_far(doses), rel=1e-9, abs=1e-9)
    assert held.min() > -1e-9 * max(1.0, doses.amounts.max())


@pytest.mark.parametrize("molecule", MOLECULES)
@settings(max_examples=15)
@given(doses=regimens())
def test_topical_routes_keep_their_mass(molecule: str, doses: Doses) -> None:
    course = topical_course(molecule, doses, TIMES, VALUES)
    assert course.total() == pytest.approx(given_so_far(doses), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("device", [None, *DEVICES, "depot"])
@settings(max_examples=12)
@given(doses=regimens(), hours=st.sampled_from([0.0, 0.5, 30.0]), index=st.integers(0, 20))
def test_vesicle_routes_keep_their_mass(device: str | None, doses: Doses, hours: float, index: int) -> None:
    values = PARAMETERS.draw(5, index)
    channels = channels_of(device, values) if device in DEVICES else None
    rates = vesicle_rates(values, diameter=90.0, volume=1e-11, channels=channels, iontophoresis_hours=hours)
    course = vesicle_course(doses, TIMES, rates, into="depot" if device == "depot" else "surface")
    scale = max(1.0, float(doses.amounts.max()))
    assert course.total() == pytest.approx(given_so_far(doses), rel=1e-9, abs=1e-9 * scale)
    for part in (course.surface, course.follicle, course.depot, course.taken_up, course.drained, course.lost):
        assert part.min() > -1e-6 * scale


@pytest.mark.parametrize("name", LINEAR)
def test_linear_routes_are_the_sum_of_single_doses(name: str) -> None:
    course = missed(repeated(2.0, start=0.2, every=1.3, until=12.0), np.arange(10) % 4 == 2)
    apart = sum(amounts(LINEAR[name], single(course, i), TIMES, into="depot") for i in range(len(course.days)))
    assert amounts(LINEAR[name], course, TIMES, into="depot") == pytest.approx(apart, rel=1e-10, abs=1e-12)


def test_topical_course_is_the_sum_of_single_doses() -> None:
    course = repeated(50.0, start=0.0, every=0.5, until=5.0)
    apart = sum(topical_course("minoxidil", single(course, i), TIMES, VALUES).permeated for i in range(10))
    assert topical_course("minoxidil", course, TIMES, VALUES).permeated == pytest.approx(apart, rel=1e-12)


def test_compartments_agree_with_the_two_exponentials() -> None:
    ka, ke = 5.0, 0.7
    system = join(("gut", "blood", "gone"), {("gut", "blood"): ka, ("blood", "gone"): ke})
    blood = amounts(system, Doses(np.zeros(1), np.ones(1)), TIMES, into="gut")[0, :, 1]
    assert blood == pytest.approx(ka / (ka - ke) * (np.exp(-ke * TIMES) - np.exp(-ka * TIMES)), abs=1e-12)
    equal = join(("gut", "blood", "gone"), {("gut", "blood"): ke, ("blood", "gone"): ke})
    blood = amounts(equal, Doses(np.zeros(1), np.ones(1)), TIMES, into="gut")[0, :, 1]
    assert blood == pytest.approx(ke * TIMES * np.exp(-ke * TIMES), abs=1e-12)


def test_means_are_integrals() -> None:
    system = LINEAR["bicalutamide"]
    doses = repeated(1.0, start=0.3, every=1.0, until=4.0)
    fine = np.linspace(2.0, 3.0, 4001)
    held = amounts(system, doses, fine, into="depot")[0, :, 1]
    middle = np.trapezoid(held, fine)
    mean = mean_amounts(system, doses, np.array([0.0, 2.0, 3.0]), into="depot")[0, 1, 1]
    assert mean == pytest.approx(middle, rel=1e-4)


def test_a_missed_dose_exposes_less_and_later_doses_make_up() -> None:
    drug = Inhibitor("bicalutamide_kinetics", "androgen receptor")
    course = repeated(50.0, start=0, every=1, until=100)
    grid = np.arange(0.0, 101.0)
    full = exposure(drug, course, grid, VALUES)[0]
    less = exposure(drug, missed(course, np.arange(100) == 40), grid, VALUES)[0]
    assert np.array_equal(full[:40], less[:40]) and less[41] < full[41]
    assert less[-1] == pytest.approx(full[-1], rel=1e-3)


def test_vesicles_on_intact_skin_stay_outside() -> None:
    """Less than 1 % is in follicles and beyond after a day, under every draw; the vehicle is all that is left."""
    for index in range(200):
        rates = vesicle_rates(PARAMETERS.draw(3, index), diameter=140.0, volume=5.0)
        course = vesicle_course(ONE, np.array([1.0]), rates, into="surface")
        inside = (course.follicle + course.delivered())[0, 0]
        assert rates.channel == 0.0
        assert 0.0 < inside < 0.01 * 1e10
    central = vesicle_course(ONE, np.array([1.0, 28.0]), INTACT, into="surface")
    assert np.all(central.delivered() < 1e-3 * 1e10)


def test_nothing_passes_where_neither_follicle_nor_channel_lets_it() -> None:
    closed = VesicleRates(0.0, 0.0, 1.0, 2.0, 0.1, 0.01, 0.5, 0.1, 0.2, 1e12)
    assert np.all(vesicle_course(ONE, TIMES, closed, into="surface").delivered() == 0.0)


def test_needling_multiplies_uptake_as_published() -> None:
    def inside(channels: Channels | None) -> float:
        rates = vesicle_rates(VALUES, diameter=140.0, volume=5.0, channels=channels)
        course = vesicle_course(ONE, np.array([1.0]), rates, into="surface")
        return float((course.delivered() + course.follicle)[0, 0])

    needled, intact = inside(channels_of("microneedle", VALUES)), inside(None)
    assert needled < 0.1 * 1e10
    # follicles fill a little less and part of what they took has been shed by then
    assert needled / intact == pytest.approx(VALUES["skin_channels.enhancement"], rel=0.25)
    deeper = inside(channels_of("microneedle", VALUES, depth=1.0))
    denser = inside(channels_of("microneedle", VALUES, density=200.0))
    assert inside(channels_of("microneedle", VALUES, depth=0.0)) == pytest.approx(intact, rel=1e-6)
    assert deeper > needled and denser > needled
    assert inside(channels_of("microneedle", VALUES, occluded=True)) > needled
    assert inside(channels_of("erbium_glass", VALUES)) < inside(channels_of("fractional_co2", VALUES))


def test_nothing_happens_before_the_first_session() -> None:
    rates = vesicle_rates(VALUES, diameter=140.0, volume=5.0, channels=channels_of("microneedle", VALUES))
    later = Doses(np.array([400.0]), np.full((1, 1), 1e10))
    course = vesicle_course(later, np.array([-10.0, 0.0, 399.0, 401.0]), rates, into="surface")
    assert np.all(course.total()[0, :3] == 0.0)
    at_once = vesicle_course(ONE, np.array([1.0]), rates, into="surface")
    assert course.delivered()[0, 3] == pytest.approx(at_once.delivered()[0, 0], rel=1e-6)


def test_channels_close() -> None:
    channels = channels_of("microneedle", VALUES)
    share = open_at(np.array([0.0, channels.half_life, 24.0]), channels)
    assert share[0] == 1.0 and share[1] == 0.5 and share[2] < 1e-3
    rates = vesicle_rates(VALUES, diameter=140.0, volume=5.0, channels=channels)
    early, late = vesicle_course(ONE, np.array([1.0, 7.0]), rates, into="surface").delivered()[0]
    assert late - early < 0.05 * early


@pytest.mark.parametrize("channel", [0.0, 0.3, 5.0, 200.0])
def test_closed_form_of_closing_channels_agrees_with_the_integrator(channel: float) -> None:
    rates = VesicleRates(0.05, channel, 8.0, 2.0, 0.3, 0.03, 0.5, 0.1, 0.0, 1e12)
    times = np.array([0.01, 0.1, 0.5, 2.0])
    shares = surface_shares(times, follicle=0.05, channel=channel, closing=8.0, loss=2.0)
    total = shares.surface + shares.follicle + shares.through_channels + shares.lost
    assert total == pytest.approx(np.ones(4), abs=1e-12)
    numeric = vesicle_course(Doses(np.zeros(1), np.ones(1)), times, rates, into="surface", rtol=1e-9)
    assert numeric.surface[0] == pytest.approx(shares.surface, abs=1e-8)
    entered = numeric.follicle[0] + numeric.lost[0] + numeric.delivered()[0]
    assert entered == pytest.approx(1.0 - shares.surface, abs=1e-8)


def test_current_drives_more_in_while_it_flows() -> None:
    needles = channels_of("microneedle", VALUES)

    def entered(hours: float) -> float:
        rates = vesicle_rates(VALUES, diameter=140.0, volume=5.0, channels=needles, iontophoresis_hours=hours)
        return float(vesicle_course(ONE, np.array([1.0]), rates, into="surface").delivered()[0, 0])

    assert entered(0.0) < entered(0.5) < entered(2.0) < VALUES["skin_channels.iontophoresis"] * entered(0.0)


def test_depot_without_uptake_is_exponential() -> None:
    rates = VesicleRates(0.0, 0.0, 1.0, 1.0, 0.1, 0.1, 0.5, 0.2, 0.0, 1e12)
    depot = vesicle_course(ONE, TIMES, rates, into="depot", rtol=1e-9).depot[0]
    assert depot / 1e10 == pytest.approx(np.exp(-0.7 * TIMES), rel=1e-6, abs=1e-9)


def test_depot_half_life_is_the_one_stated() -> None:
    rates = vesicle_rates({**VALUES, "vesicle_delivery.uptake_rate": 0.0}, diameter=140.0, volume=5.0)
    depot = vesicle_course(ONE, np.array([1.0]), rates, into="depot").depot[0, 0]
    assert depot == pytest.approx(0.5e10, rel=1e-6)


def test_uptake_saturates() -> None:
    volume = 1.0
    rates = vesicle_rates(VALUES, diameter=140.0, volume=volume)
    half = VALUES["vesicle_delivery.uptake_half"] * volume
    doses = Doses(np.zeros(1), half * np.array([[1e-3], [1.0], [1e3]]))
    course = vesicle_course(doses, np.array([30.0]), rates, into="depot")
    share = course.taken_up[:, 0] / doses.amounts[:, 0]
    assert share[0] > 1.2 * share[1] and share[1] > 10.0 * share[2]
    assert np.all(np.diff(course.taken_up[:, 0]) > 0.0)


def test_smaller_vesicles_drain_more_and_enter_follicles_less() -> None:
    diameters = np.array([40.0, 60.0, 100.0, 140.0])
    rates = [vesicle_rates(VALUES, diameter=float(diameter), volume=5.0) for diameter in diameters]
    drained = [vesicle_course(ONE, np.array([30.0]), rate, into="depot").drained[0, 0] for rate in rates]
    assert np.all(np.diff(drained) < 0.0)
    ratio = drained_over_degraded(diameters, VALUES)
    assert ratio[0] / (1.0 + ratio[0]) == pytest.approx(0.75, abs=0.01)
    assert 0.05 < ratio[2] / (1.0 + ratio[2]) < 0.40
    factor = follicular_size_factor(np.array([60.0, 140.0, 643.0, 2000.0]), VALUES)
    assert factor.argmax() == 2 and factor[1] == pytest.approx(1.0) and factor[0] < factor[1]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="no device"):
        channels_of("hammer", VALUES)
    with pytest.raises(ValueError, match="no skin penetration"):
        topical_course("gold", ONE, TIMES, VALUES)
    with pytest.raises(ValueError, match="no compartment"):
        join(("a", "b"), {("a", "c"): 1.0})
    with pytest.raises(ValueError, match="must not be negative"):
        join(("a", "b"), {("a", "b"): -1.0})
