"""The standard battery over everything registered: whoever adds a therapy gets these tests."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.delivery import ROUTES
from anagen.parameters import load_parameters
from anagen.signalling import Levers
from anagen.signalling.network import load_network
from anagen.study.therapy_rules import shortcomings, shortcomings_of_route
from anagen.study.vocabulary import vocabulary
from anagen.therapies import EVIDENCE_GRADES, THERAPIES
from anagen.therapies.names import meant_by
from therapy_doses import GIVEN, GRID, LEVERS, TREATMENTS, as_control, given, levers_under

ATTACK_ONLY = tuple(
    name for name in TREATMENTS if {action.lever for action in THERAPIES[name].actions} == {"immune_attack"}
)
"""Drugs of alopecia areata: whatever moves the attack moves nothing else."""
WITH_A_DOSE = tuple((name, route) for name, route in GIVEN if THERAPIES[name].by(route).dose_unit is not None)
ROUNDING = 1e-12


def equal(one: Levers, other: Levers) -> bool:
    return all(getattr(one, lever).tobytes() == getattr(other, lever).tobytes() for lever in LEVERS)


def moved(levers: Levers) -> dict[str, float]:
    """How far each lever was moved from rest, on average over patients and time."""
    rest = Levers.untreated(levers.immune_attack.shape[0], levers.immune_attack.shape[1])
    return {lever: float(np.abs(getattr(levers, lever) - getattr(rest, lever)).mean()) for lever in LEVERS}


@pytest.mark.parametrize("name", list(THERAPIES))
def test_every_part_that_a_therapy_names_exists(name: str) -> None:
    therapy, parameters = THERAPIES[name], load_parameters()
    inputs = {entry.name for entry in load_network().inputs}
    assert set(therapy.forms) <= set(therapy.routes)
    for form in therapy.by_every_route():
        assert set(form.parameter_names()) <= set(parameters)
        assert {entry.input for entry in form.occupies} <= inputs
        assert form.control is None or THERAPIES[form.control].is_control
        assert (form.dose_unit is None) == (form.default_dose is None)
        assert set(form.strengths) <= set(form.formulations) or not form.formulations
    for route in therapy.routes:
        assert (route in therapy.kinetics) == bool(therapy.actions)
        assert shortcomings(therapy, route, vocabulary(), parameters) == ()
        assert shortcomings_of_route(ROUTES[route], vocabulary(), parameters) == ()
    assert all(meant_by(words).therapy is therapy for words in (name, therapy.title, *therapy.aliases))
    assert THERAPIES.origin(name).version


@pytest.mark.parametrize("name", TREATMENTS)
def test_every_treatment_says_how_well_it_is_known_and_what_it_costs(name: str) -> None:
    therapy = THERAPIES[name]
    assert therapy.grade in EVIDENCE_GRADES and therapy.grade != "none"
    assert therapy.control is not None and therapy.evidence and therapy.source
    assert therapy.cost_per_year is not None
    low, high = therapy.cost_per_year
    assert 0.0 <= low < high and therapy.cost_source


@pytest.mark.parametrize(("name", "route"), GIVEN)
def test_levers_rest_before_the_first_dose(name: str, route: str) -> None:
    levers, before = levers_under(given(name, route)), GRID < 0.0
    rest = Levers.untreated(levers.immune_attack.shape[0], int(before.sum()))
    for lever in LEVERS:
        assert np.array_equal(getattr(levers, lever)[:, before], getattr(rest, lever)), lever


@pytest.mark.parametrize(("name", "route"), WITH_A_DOSE)
def test_no_dose_is_the_control_to_the_byte(name: str, route: str) -> None:
    nothing = given(name, route, times=0.0)
    assert equal(levers_under(nothing), levers_under(*as_control(nothing)))


@pytest.mark.parametrize(("name", "route"), WITH_A_DOSE)
def test_more_dose_does_not_do_less(name: str, route: str) -> None:
    """Of the levers that the substance moves, with effects above zero; light is biphasic and has a test of its own."""
    therapy = THERAPIES[name].by(route)
    condition = "alopecia_areata" if name in ATTACK_ONLY else "aga"
    judged = {name.replace(".", "__"): 5.0 for action in therapy.actions for name in action.effect}
    values = judged | {action.maximum.replace(".", "__"): 0.3 for action in therapy.actions if not action.effect}
    doses = (0.1, 0.3, 1.0) if name == "lllt" else (0.1, 1.0, 10.0)
    if name == "lllt":
        # below the optimum of the dose response whatever the reference session is
        values |= {"light__best_fluence": 20.0}
    effects = [moved(levers_under(given(name, route, times=times), condition=condition, **values)) for times in doses]
    for action in therapy.actions:
        lever = "attack_factor" if action.lever == "immune_attack" else action.lever
        steps = np.diff([effect[lever] for effect in effects])
        assert np.all(steps >= -ROUNDING), (lever, effects)
        # a device laser that stays closed lets next to nothing in, but something
        assert effects[-1][lever] > effects[0][lever], lever


@pytest.mark.parametrize("name", TREATMENTS)
def test_a_treatment_does_something_unless_it_says_that_it_does_not(name: str) -> None:
    therapy = THERAPIES[name]
    condition = "alopecia_areata" if name in ATTACK_ONLY else "aga"
    done = max(moved(levers_under(given(name), condition=condition)).values())
    central = load_parameters("prior").central()
    centred_on_zero = all(action.greatest(central) == 0.0 for action in therapy.actions)
    acts = ROUTES[therapy.routes[0]].act is not None
    assert (done > 0.0) == (acts or (bool(therapy.actions) and not centred_on_zero))


@pytest.mark.parametrize("name", ATTACK_ONLY)
def test_drugs_of_alopecia_areata_lower_the_attack_and_nothing_else(name: str) -> None:
    treated = given(name)
    levers = levers_under(treated, condition="alopecia_areata")
    assert levers.attack_factor[:, (GRID > 60.0) & (GRID < 80.0)].max() < 0.9
    assert levers.attack_factor.min() >= 0.0
    control = levers_under(*as_control(treated), condition="alopecia_areata")
    for lever in LEVERS[:5]:
        assert getattr(levers, lever) == pytest.approx(getattr(control, lever), abs=1e-12), lever


@pytest.mark.parametrize("name", [name for name in TREATMENTS if name not in ATTACK_ONLY])
def test_no_other_treatment_touches_the_attack(name: str) -> None:
    assert np.all(levers_under(given(name), condition="alopecia_areata").attack_factor == 1.0)


def test_baricitinib_leaves_what_its_trial_needs() -> None:
    """Priors: an eighth of the attack on 4 mg, about 0.28 on 2 mg; the dose at half occupancy rests on the second."""
    left = {
        times: float(
            levers_under(given("baricitinib", times=times), condition="alopecia_areata", source="prior")
            .attack_factor[:, -20:]
            .mean()
        )
        for times in (0.5, 1.0)
    }
    print("attack left:", left)
    assert left[1.0] == pytest.approx(0.125, abs=0.03)
    assert left[0.5] == pytest.approx(0.28, abs=0.03)
