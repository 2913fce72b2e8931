"""One substance is one course: all entries of it in an arm add up before anything saturates, and none acts early."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.delivery import ROUTES, Doses, Prescription, daily, sessions
from anagen.signalling import Levers, arm_response, levers_of_arm
from anagen.signalling.drive import drive_of
from anagen.signalling.exposed import Exposed, exposed_to, scales_of_patients
from anagen.signalling.meeting import interpolated
from anagen.signalling.players import players_of
from anagen.signalling.sharing import RUNGS, ladder, planned_rung, weights
from anagen.signalling.times import fine_days
from anagen.therapies import THERAPIES
from anagen.trials.expectation import arm_expectation
from anagen.trials.spared import elsewhere
from small_studies import column, observed, small_scene, small_study
from therapy_doses import GRID, LEVERS, levers_under, people, scene

SOLUTION = 50.0
"""Minoxidil in 1 mL of the solution of 5 % [mg]."""
COURSES: dict[str, tuple[str, float]] = {
    "exosome": ("intradermal", 1.0e10),
    "prp": ("intradermal", 1.0),
    "lllt": ("light", 67.0),
    "excimer": ("light", 1.0),
    "intralesional-steroid": ("intradermal", 10.0),
    "minoxidil": ("topical", SOLUTION),
    "dutasteride": ("oral", 0.5),
    "finasteride": ("oral", 1.0),
    "baricitinib": ("oral", 4.0),
}


def entry(name: str, doses: Doses, route: str | None = None, **more: object) -> Prescription:
    """A therapy by a route, with these doses."""
    route = route or COURSES[name][0]
    return Prescription(THERAPIES[name].by(route), ROUTES[route], doses, **more)  # pyright: ignore[reportArgumentType]


def course(name: str, *weeks: float, times: float = 1.0) -> Prescription:
    """One dose in each of these weeks."""
    days = 7.0 * np.array(weeks)
    return entry(name, Doses(days, np.full(len(days), times * COURSES[name][1])))


def solution(ml: float, *, start: float = 0.0, until: float = 24.0) -> Prescription:
    """Minoxidil solution twice a day."""
    return entry("minoxidil", daily(start=start, until=until, amount_per_day=2.0 * ml * SOLUTION, per_day=2.0))


def tablet(mg: float, *, start: float = 0.0, until: float = 24.0) -> Prescription:
    """Minoxidil by mouth once a day."""
    return entry("minoxidil", daily(start=start, until=until, amount_per_day=mg), "oral")


def densities(*arms: tuple[Prescription, ...], weeks: tuple[float, ...], patients: int = 48) -> list[FloatArray]:
    """Expected total density of each arm [patient, week], as twins."""
    looked_at = small_scene(small_study({"a": [], "b": []}, visits=weeks), seed=2, threads=2)
    total = column(looked_at, "total_density")
    return [arm.expected[:, :, total] for arm in observed(looked_at, list(arms), patients=patients, weeks=weeks)]


@pytest.mark.parametrize("name", COURSES)
def test_the_same_doses_in_one_entry_or_in_several_do_the_same(name: str) -> None:
    condition = "alopecia_areata" if name in ("excimer", "intralesional-steroid", "baricitinib") else "aga"
    whole = levers_under(course(name, 0, 4, 8, 12, 16, 20), condition=condition)
    for parts in (
        (course(name, 0, 8, 16), course(name, 4, 12, 20)),
        (course(name, 12, 16, 20), course(name, 0, 4, 8)),
        tuple(course(name, week) for week in (0, 4, 8, 12, 16, 20)),
    ):
        split = levers_under(*parts, condition=condition)
        for lever in LEVERS:
            assert getattr(split, lever).tobytes() == getattr(whole, lever).tobytes(), lever


@pytest.mark.parametrize("name", [name for name in COURSES if name not in ("prp", "lllt")])
def test_half_the_dose_in_each_of_two_entries_is_the_dose(name: str) -> None:
    halves = [course(name, 0, 4, 8, times=0.5) for _ in range(2)]
    whole, split = levers_under(course(name, 0, 4, 8)), levers_under(*halves)
    for lever in LEVERS:
        assert getattr(split, lever).tobytes() == getattr(whole, lever).tobytes(), lever


def test_patients_keep_as_many_hairs_however_the_same_sessions_are_written() -> None:
    weeks = (0.0, 12.0, 24.0)
    one, two, halves = densities(
        (course("exosome", 0, 4, 8, 12, 16, 20),),
        (course("exosome", 0, 8, 16), course("exosome", 4, 12, 20)),
        (course("exosome", 0, 4, 8), course("exosome", 12, 16, 20)),
        weeks=weeks,
    )
    assert one == pytest.approx(two, abs=1e-9)
    assert one == pytest.approx(halves, abs=1e-9)


def test_a_millilitre_and_a_millilitre_are_two_millilitres() -> None:
    twice, double = densities((solution(1.0), solution(1.0)), (solution(2.0),), weeks=(0.0, 12.0, 24.0))
    assert twice == pytest.approx(double, abs=1e-9)


def exposed(*prescriptions: Prescription) -> FloatArray:
    """Exposure to minoxidil at the doses given, in units of the exposure at half occupancy [fine grid]."""
    (player,) = players_of(prescriptions)
    values = scene(source="prior").values
    seen = exposed_to(player, np.ones(1), fine_days(56.0), values, [])
    return seen.courses["main"][0] / values[str(player.occupies[0].half)]


def test_scalp_and_mouth_add_up_before_they_saturate() -> None:
    """Each counts by the exposure at which it occupies half, at every moment (Loewe)."""
    both = exposed(solution(1.0), tablet(5.0))
    assert both == pytest.approx(exposed(solution(1.0)) + exposed(tablet(5.0)), rel=1e-12)


def steady(*prescriptions: Prescription) -> FloatArray:
    """Response of anagen to minoxidil at the doses given in the sixth week, 0 to 1, at every rung."""
    response = arm_response(prescriptions, scene(source="prior").values, condition="aga", end=42.0)
    return response.tables[0][0][:, -7:].mean(axis=1)


def of_patient(sulfotransferase: float, ml: float, mg: float) -> tuple[Prescription, ...]:
    """Doses that do in the average patient what these do in a patient with so much of the enzyme."""
    values = scene(source="prior").values
    by = {route: values[f"minoxidil_kinetics.{route}_activation"] for route in ("topical", "oral")}
    on_scalp, by_mouth = ml * sulfotransferase ** by["topical"], mg * sulfotransferase ** by["oral"]
    return (*((solution(on_scalp),) if ml else ()), *((tablet(by_mouth),) if mg else ()))


def test_vesicles_of_two_products_or_routes_are_one_player_whose_particles_add_up() -> None:
    """Each reaches the follicles that its own route reaches: the mean over what arrives, day by day."""
    values = scene(source="prior").values
    injected, laid_on = course("exosome", 0, 4), replace(course("exosome", 12, 16), route=ROUTES["microneedle"])
    laid_on = replace(laid_on, therapy=THERAPIES["exosome"].by("microneedle"))
    (player,) = (p for p in players_of([injected, laid_on]) if p.therapy)
    assert [way.prescription.route.name for way in player.ways] == ["intradermal", "microneedle"]

    def vesicles(*prescriptions: Prescription) -> Exposed:
        (one,) = (p for p in players_of(prescriptions) if p.therapy)
        return exposed_to(one, np.ones(1), fine_days(140.0), values, [])

    seen, apart = vesicles(injected, laid_on), [vesicles(injected), vesicles(laid_on)]
    together = apart[0].courses["depot"] + apart[1].courses["depot"]
    assert seen.courses["depot"] == pytest.approx(together, rel=1e-12)
    drive = drive_of(players_of([injected, laid_on]), values, end=140.0)
    reach = drive.reach[[p.therapy for p in drive.players].index(True)]
    assert reach[drive.knots < 84.0].tolist() == [float(apart[0].reach[0])] * int((drive.knots < 84.0).sum())
    assert reach[-1] == pytest.approx(float(apart[1].reach[0]), rel=1e-3)
    assert apart[0].reach[0] != apart[1].reach[0]


@pytest.mark.parametrize("sulfotransferase", [0.2, 0.5, 1.0, 2.0, 4.0])
def test_scalp_and_mouth_are_one_player_and_at_most_dose_additive(sulfotransferase: float) -> None:
    """Each alone does as much as some lasting exposure; both do no more than the sum of these exposures (Loewe).

    2 % are left for tablets, of which little is there at night: alone they lose more by their peaks than beside a
    solution.
    """
    given = planned_rung(ladder(RUNGS))
    both, scalp, mouth = (
        float(steady(*of_patient(sulfotransferase, ml, mg))[given]) for ml, mg in ((1.0, 5.0), (1.0, 0.0), (0.0, 5.0))
    )
    lasting = scalp / (1.0 - scalp) + mouth / (1.0 - mouth)
    assert max(scalp, mouth) < both < 1.02 * lasting / (1.0 + lasting)


def test_scalp_and_mouth_gain_what_the_scalp_gains_at_the_dose_that_the_mouth_is_worth() -> None:
    """In hairs, with a vehicle on the scalp and a tablet for everybody: without them, readings of the arms are shifted
    by other amounts.
    """
    dummy = Prescription(THERAPIES["placebo"], ROUTES["oral"], daily(start=0, until=24, amount_per_day=1.0))
    vehicle = Prescription(THERAPIES["placebo"], ROUTES["topical"], daily(start=0, until=24, amount_per_day=2.0))
    doses = (0.0, 1.0, 2.0, 4.0, 6.0, 10.0)
    arms = [(solution(ml) if ml else vehicle, dummy) for ml in doses]
    mouth, both = (tablet(5.0), vehicle), (tablet(5.0), solution(1.0))
    ends = [float((d[:, -1] - d[:, 0]).mean()) for d in densities(*arms, mouth, both, weeks=(0.0, 24.0))]
    worth = float(np.interp(ends[-2], ends[:-2], doses))
    assert 2.0 < worth < 9.0
    assert ends[-2] < ends[-1] < float(np.interp(1.0 + worth, doses, ends[:-2])) + 0.6


@pytest.mark.parametrize("sulfotransferase", [0.2, 0.5, 2.0, 4.0])
def test_a_patient_on_scalp_and_tablets_has_what_his_own_exposures_do_together(sulfotransferase: float) -> None:
    """Scalp and tablets are activated by different powers of the enzyme; the network is followed for one factor."""
    values = scene(source="prior").values
    response = arm_response([solution(1.0), tablet(5.0)], values, condition="aga", end=42.0)
    (player,), mixed = response.players, response.mixed[0]
    assert mixed is not None
    powers = [values[f"minoxidil_kinetics.{way.prescription.route.name}_activation"] for way in player.ways]
    scale = scales_of_patients(player, mixed, [np.array([sulfotransferase**power]) for power in powers], values)
    found = interpolated(response.tables[0][0], weights(response.rungs[0], scale))[0, -7:].mean()
    exact = steady(*of_patient(sulfotransferase, 1.0, 5.0))[planned_rung(response.rungs[0])]
    assert found == pytest.approx(exact, rel=1e-3)


def test_spared_scalp_has_the_tablets_of_an_arm_and_not_its_solution() -> None:
    """Levers where nothing is laid on are those of the tablets alone."""
    values, end = scene(source="prior").values, float(GRID[-1] + 1.0)

    def away(*given: Prescription) -> Levers:
        response = elsewhere(arm_response(given, values, condition="aga", end=end))
        return levers_of_arm(response, people(6), values, seed=3, grid=GRID)

    both, tablets, nothing = away(solution(1.0), tablet(5.0)), away(tablet(5.0)), away(solution(1.0))
    late = GRID > 28.0
    for lever in LEVERS:
        # between rungs of the ladder
        assert getattr(both, lever)[:, late] == pytest.approx(getattr(tablets, lever)[:, late], rel=5e-3), lever
        assert getattr(nothing, lever)[:, late].std() == 0.0, lever


def test_finasteride_by_mouth_and_on_the_scalp_blocks_no_more_than_all_of_it() -> None:
    """The share of DHT removed is that of the sum of what the enzyme sees, not a share of what is left."""
    values = scene(source="prior").values
    spray = entry("finasteride", daily(start=0.0, until=24.0, amount_per_day=1.0), "topical")
    pill = entry("finasteride", daily(start=0.0, until=24.0, amount_per_day=1.0))

    def removed(*prescriptions: Prescription) -> float:
        (player,) = players_of(prescriptions)
        return float(exposed_to(player, np.ones(1), fine_days(84.0), values, []).courses["main"][0, -1])

    together, alone = removed(pill, spray), [removed(pill), removed(spray)]
    assert max(alone) < together < 1.0 - (1.0 - alone[0]) * (1.0 - alone[1])


LATER = {
    "second course": (solution(1.0, until=12.0), solution(1.0, start=16.0)),
    "greater dose": (solution(1.0, until=16.0), solution(3.0, start=16.0)),
    "second course by mouth": (solution(1.0, until=12.0), tablet(5.0, start=16.0)),
    "first course by mouth": (tablet(5.0, until=12.0), solution(1.0, start=16.0)),
    "sessions": (course("exosome", 0, 4, 8), course("exosome", 16, 20, times=10.0)),
    "single sessions": (course("prp", 0), course("prp", 16)),
    "greater capsule": (
        entry("dutasteride", daily(start=0.0, until=16.0, amount_per_day=0.5)),
        entry("dutasteride", daily(start=16.0, until=24.0, amount_per_day=5.0)),
    ),
    "another substance": (solution(1.0), entry("finasteride", daily(start=16.0, until=24.0, amount_per_day=1.0))),
    "another substance by needle": (course("prp", 0, 4), course("exosome", 16, 20)),
    "tablets again": (
        entry("finasteride", daily(start=0.0, until=8.0, amount_per_day=1.0)),
        entry("finasteride", daily(start=16.0, until=24.0, amount_per_day=1.0)),
    ),
}


@pytest.mark.parametrize("which", LATER)
def test_what_is_given_later_changes_nothing_before(which: str) -> None:
    """To the bit until the week before; in it the network's solver may take another last step, within its tolerance.

    With another substance it is solved at further exposures, so that every step is within its tolerance.
    """
    first, later = LATER[which]
    with_it, without = levers_under(first, later), levers_under(first)
    weeks_before, before = GRID < 7.0 * 15.0, GRID < 7.0 * 16.0
    for lever in LEVERS:
        one, other = getattr(with_it, lever), getattr(without, lever)
        if which.startswith("another"):
            assert one[:, before] == pytest.approx(other[:, before], abs=1e-7), lever
            continue
        assert one[:, weeks_before].tobytes() == other[:, weeks_before].tobytes(), lever
        assert one[:, before] == pytest.approx(other[:, before], abs=1e-9), lever
    assert any(getattr(with_it, lever).tobytes() != getattr(without, lever).tobytes() for lever in LEVERS)


@pytest.mark.parametrize("which", LATER)
def test_what_is_given_later_leaves_the_visits_before_it_as_they_were(which: str) -> None:
    """Counts with the shift of readings that a vehicle or a needle brings, up to the visit of its first day."""
    first, later = LATER[which]
    once, again = densities((first,), (first, later), weeks=(0.0, 6.0, 12.0, 15.0, 24.0))
    if which.startswith("another"):
        assert once[:, :4] == pytest.approx(again[:, :4], abs=1e-5)
    else:
        assert once[:, :4].tobytes() == again[:, :4].tobytes()
    assert (again[:, 4] - once[:, 4]).any()


def test_hope_begins_with_the_first_dose() -> None:
    """The score of a patient who begins with tablets is that of tablets until something is laid on the scalp."""
    values, visits = scene(source="prior").values, np.array([0.0, 84.0, 112.0, 168.0])
    first, both = (tablet(5.0, until=12.0),), (tablet(5.0, until=12.0), solution(1.0, start=16.0))
    assert arm_expectation(both, values, visits)[:3].tolist() == arm_expectation(first, values, visits)[:3].tolist()
    assert arm_expectation((solution(1.0, start=16.0),), values, visits)[:3].tolist() == [0.0, 0.0, 0.0]
    assert arm_expectation((solution(1.0, start=16.0),), values, visits)[3] > 0.0


def test_the_order_of_entries_changes_no_byte() -> None:
    entries = (tablet(2.5), solution(1.0, until=12.0), tablet(2.5, start=12.0), solution(1.0, start=16.0))
    one, other = levers_under(*entries), levers_under(*reversed(entries))
    for lever in LEVERS:
        assert getattr(one, lever).tobytes() == getattr(other, lever).tobytes(), lever


def test_patients_who_miss_doses_by_one_way_get_what_they_take_of_both() -> None:
    """A patient who takes none of one entry has the other alone."""
    missed = replace(tablet(5.0), adherence_mean=0.0)
    with_it, without = levers_under(solution(1.0), missed), levers_under(solution(1.0))
    for lever in LEVERS:
        late = GRID > 28.0
        # between rungs of the ladder
        assert getattr(with_it, lever)[:, late] == pytest.approx(getattr(without, lever)[:, late], rel=5e-3), lever


def test_entries_of_what_is_not_in_proportion_to_its_dose_are_refused_where_they_cannot_be_added_up() -> None:
    capsule = entry("dutasteride", daily(start=0.0, until=12.0, amount_per_day=0.5))
    later = entry("dutasteride", daily(start=12.0, until=24.0, amount_per_day=0.5), adherence_mean=0.8)
    with pytest.raises(ValueError, match="dutasteride is not in proportion to its dose"):
        players_of([capsule, later])


def test_a_needle_that_is_written_twice_on_a_day_pierces_once() -> None:
    one = sessions(start=0.0, every=0.7, number=4, amount=1.0)
    other = Doses(np.array([0.0, 4.9, 4.9 * 2.0, 4.9 * 3.0]), np.ones(4))
    (needle, _) = players_of([entry("prp", one), entry("prp", other)])
    assert len(needle.days) == 4
