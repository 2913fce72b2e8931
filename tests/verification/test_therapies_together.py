"""Negative controls stay null, what is given together is not more than additive, timing and switches matter."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.delivery import KINETICS, Prescription, sessions
from anagen.parameters import load_parameters
from anagen.signalling import Response, arm_response, response
from anagen.signalling.changes import OUTPUT_NODES
from anagen.signalling.meeting import patient_responses
from anagen.signalling.network import load_network
from anagen.signalling.network.reach import leading_to
from anagen.signalling.sharing import planned_rung, weights
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


@pytest.mark.parametrize("name", ["botulinum-toxin", "conditioned-medium", "prp", "platelet-lysate"])
@pytest.mark.parametrize("beside", [(), ("minoxidil",)])
def test_an_effect_of_zero_is_the_control(name: str, beside: tuple[str, ...]) -> None:
    """Nothing is added to saline, nor to saline and minoxidil: doi:10.1186/s13287-023-03440-2."""
    others = [given(other) for other in beside]
    nothing = {effect: 0.0 for action in THERAPIES[name].actions for effect in action.effect}
    treated = given(name)
    saline = Prescription(THERAPIES["saline-injection"], treated.route, treated.doses)
    with_it, control = levers_under(treated, *others, **nothing), levers_under(saline, *others, **nothing)
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
    brakes = [levers_under(given("lllt", times=times)).telogen_exit.mean() for times in (0.02, 1.0, 8.0)]
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
    for lever in ("anagen_extension", "telogen_exit", "calibre_gain"):
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
        effect.append(float(levers_under(laid_on, source="prior").anagen_extension.mean()))
    assert arrived[0] > 3.0 * arrived[3] and arrived[0] > arrived[1] > arrived[2]
    assert arrived[2] == pytest.approx(arrived[3], rel=1e-3)
    assert effect[0] > effect[1] > effect[2] >= effect[3]
    assert effect[0] < 1.5 * effect[3]


@pytest.mark.parametrize("name", ["fractional-co2", "erbium-glass", "microneedling", "radiofrequency", "threads"])
def test_a_wound_can_be_switched_off(name: str) -> None:
    on, off = levers_under(given(name)), levers_under(given(name, settings={"wound": 0.0}))
    assert on.telogen_exit.max() > 0.0
    assert np.all(off.telogen_exit == 0.0)


def test_wound_and_channels_of_a_laser_are_two_switches() -> None:
    """Vesicles after a fractional CO2 laser: either switch leaves the other mechanism."""
    both, no_wound, no_channels = (
        levers_under(given("exosome", "fractional-co2", settings=settings))
        for settings in ({}, {"wound": 0.0}, {"channels": 0.0})
    )
    vehicle = levers_under(given("vehicle", "fractional-co2", every=2.0, number=6))
    assert both.anagen_extension.mean() > 10.0 * no_channels.anagen_extension.mean()
    assert no_channels.telogen_exit == pytest.approx(vehicle.telogen_exit, abs=0.02)
    assert no_wound.anagen_extension.max() > 0.0
    assert no_wound.telogen_exit.mean() < both.telogen_exit.mean()


def test_forms_of_plasma_differ_only_by_their_own_factors() -> None:
    same = [
        levers_under(given("prp", formulation=form), source="prior").telogen_exit.tobytes()
        for form in THERAPIES["prp"].formulations
    ]
    assert len(set(same)) == 1, "no form is better on average before results are looked at"
    weak = levers_under(given("prp", formulation="single-spin"), prp__single_spin=0.2).telogen_exit
    usual = levers_under(given("prp"), prp__single_spin=0.2).telogen_exit
    assert weak.mean() < usual.mean()


def test_more_enzyme_means_more_on_the_scalp_and_less_by_mouth() -> None:
    order = np.argsort(people(30).sulfotransferase)
    scalp, mouth = (
        levers_under(given("minoxidil", route), patients=30, minoxidil__response_cv=0.0).anagen_extension[order, 120]
        for route in ("topical", "oral")
    )
    assert np.all(np.diff(scalp) >= 0.0) and np.all(np.diff(mouth) <= 0.0)


SEVEN = ("minoxidil", "finasteride", "exosome", "prp", "microneedling", "lllt", "clascoterone")
CENTRAL = load_parameters("prior").draw(0, 0)


def response_to(*names: str, without: tuple[str, ...] = ()) -> Response:
    network = load_network().without(*without) if without else None
    return arm_response([given(name) for name in names], CENTRAL, condition="aga", end=84.0, network=network)


def rows_followed(monkeypatch: pytest.MonkeyPatch, *names: str) -> int:
    """How many courses of the network an arm asks for."""
    rows: list[int] = []
    solve = response.solve

    def counted(network: Any, basal: FloatArray, *rest: Any, **more: Any) -> Any:
        rows.append(len(basal))
        return solve(network, basal, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(response, "solve", counted)
        response_to(*names)
    return sum(rows)


def interplay(found: Response, lever: str) -> FloatArray:
    """What two change together beyond their sum, at the doses given [knot]."""
    one, _ = found.meeting[lever]  # type: ignore[index]
    return one[planned_rung(found.rungs[0])]


def test_seven_therapies_cost_at_most_twice_what_they_cost_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = sum(rows_followed(monkeypatch, name) for name in SEVEN)
    together = rows_followed(monkeypatch, *SEVEN)
    print("courses of the network: together", together, "apart", apart)
    assert together <= 2 * apart


def test_seven_therapies_move_every_lever_by_no_less_than_the_strongest_and_no_more_than_their_sum() -> None:
    """Of those that leave the receptor alone; a silent receptor frees Wnt, by edges that say so."""
    names = [name for name in SEVEN if name not in ("finasteride", "clascoterone")]
    together = levers_under(*(given(name) for name in names), source="prior")
    apart = [levers_under(given(name), source="prior") for name in names]
    late = slice(60, None)
    for lever in ("anagen_extension", "telogen_exit", "calibre_gain"):
        courses = np.array([getattr(levers, lever)[:, late].mean(axis=0) for levers in apart])
        found = getattr(together, lever)[:, late].mean(axis=0)
        assert np.all(found >= 0.98 * courses.max(axis=0)), lever
        assert np.all(found <= 1.02 * courses.sum(axis=0)), lever


def test_five_sessions_of_falling_dose_run() -> None:
    """Less than five sessions of the first dose, more than the first session alone."""
    doses = [
        Prescription(
            given("exosome").therapy,
            given("exosome").route,
            sessions(start=4.0 * k, every=4.0, number=1, amount=(10.0 - 2.0 * k) * 1e9),
        )
        for k in range(5)
    ]
    falling, first, full = (
        levers_under(*some, source="prior").telogen_exit.mean()
        for some in (doses, doses[:1], [given("exosome", every=4.0, number=5)])
    )
    assert first < falling
    assert falling < 1.05 * full


@pytest.mark.parametrize("pair", list(combinations([n for n in SEVEN if n not in ("exosome", "prp")], 2)))
def test_two_that_share_no_way_to_a_lever_add_up_on_it(pair: tuple[str, str]) -> None:
    """Together or apart, to the tolerance of the solver. What a needle gives brings its act: three meet, not two."""
    network, found = load_network(), response_to(*pair)
    assert len(found.players) == len(pair)
    for lever in found.meeting:
        leading = leading_to(network, OUTPUT_NODES[lever])
        reaching = [
            any(
                edge.target in leading
                for entry in player.occupies
                for edge in network.edges
                if edge.origin == entry.input and edge.weight > 0.0
            )
            for player in found.players
        ]
        if not all(reaching):
            assert np.abs(interplay(found, lever)).max() < 1e-5, lever


def test_what_a_silent_receptor_adds_to_comes_from_the_edges_of_the_receptor() -> None:
    """More than the sum only where an edge says so: the receptor, and DKK1 for it, hold back what a wound gives."""
    whole, without = (response_to("finasteride", "microneedling", without=edges) for edges in ((), ("AR",)))
    assert interplay(whole, "telogen_exit").max() > 0.01
    assert np.abs(interplay(without, "telogen_exit")).max() < 1e-5


def test_a_patient_who_takes_none_of_a_drug_has_the_levers_of_the_other() -> None:
    """Interplay is that of the doses a patient takes: with none of the one, none of it."""
    found, alone = response_to("finasteride", "lllt"), response_to("lllt")
    place = [player.name for player in found.players].index("finasteride")
    share = [
        np.eye(len(rungs))[[0 if number == place else planned_rung(rungs)]] for number, rungs in enumerate(found.rungs)
    ]
    other = 1 - place
    rows = patient_responses(found, share)
    for number, table in enumerate(alone.tables[0]):
        assert rows[other][number][0] == pytest.approx(table[planned_rung(alone.rungs[0])], abs=1e-5)
    assert not any(row.any() for row in rows[place])


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        (("minoxidil", "finasteride"), 1e-3),
        (("minoxidil", "exosome"), 0.02),
        (("minoxidil", "exosome", "finasteride"), 0.1),
    ],
)
def test_a_patient_at_other_doses_is_as_an_arm_of_these_doses(names: tuple[str, ...], allowed: float) -> None:
    """Half and twice the doses. Where three meet, who loses by whose dose is known roughly: vesicles bring a needle."""
    times = {"minoxidil": 0.5, "exosome": 2.0, "intradermal": 1.0, "finasteride": 1.0}
    found = response_to(*names)
    direct = arm_response([given(name, times=times[name]) for name in names], CENTRAL, condition="aga", end=84.0)
    share = [
        weights(rungs, np.array([times[player.name]])) for player, rungs in zip(found.players, found.rungs, strict=True)
    ]
    worst = 0.0
    for rows, own, rungs in zip(patient_responses(found, share), direct.tables, direct.rungs, strict=True):
        for row, table in zip(rows, own, strict=True):
            worst = max(worst, float(np.abs(row[0] - table[planned_rung(rungs)]).mean()))
    print("greatest mean difference of a response", worst)
    assert worst < allowed


@pytest.mark.parametrize(
    "week",
    [
        pytest.param(
            24.0, marks=pytest.mark.xfail(strict=True, reason="0.7 hairs/cm2 more at week 24, with an error of 0.2")
        ),
        48.0,
    ],
)
def test_finasteride_added_to_minoxidil_gains_no_more_than_finasteride_alone(week: float) -> None:
    """In hairs, everybody on a tablet; adding gained about 9 in seven trials (doi:10.3389/fmed.2025.1632139)."""
    weeks = (0.0, week)
    beside = (("minoxidil", "finasteride"), ("minoxidil", "placebo"))
    arms = [[given(name, until=48.0) for name in names] for names in beside]
    both, minoxidil, finasteride, placebo = readings(
        *(tuple(arm) for arm in arms), (given("finasteride", until=48.0),), (given("placebo", until=48.0),), weeks=weeks
    )
    added, alone = (both - minoxidil)[:, 1], (finasteride - placebo)[:, 1]
    error = (added - alone).std(ddof=1) / np.sqrt(len(added))
    print("added", added.mean().round(2), "alone", alone.mean().round(2), "error", error.round(2))
    assert added.mean() > 0.0
    assert added.mean() <= alone.mean() + 2.0 * error
