"""The response of one person: solved at his own exposures, it is what a fine enough ladder tends to."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from anagen.delivery import Prescription
from anagen.patients import Population
from anagen.signalling import Levers, arm_response, levers_of_arm
from anagen.signalling.drive import drive_of
from anagen.signalling.players import players_of
from anagen.signalling.response import Response, response_of
from anagen.signalling.sharing import ladder
from anagen.signalling.solved import MOST_SOLVED, solved_responses
from anagen.trials.observation import Scene
from anagen.trials.screening import candidates
from small_studies import DAILY, EXOSOME, FINASTERIDE, MINOXIDIL, small_scene, small_study, use

GRID = np.arange(0.0, 141.0)
END = float(GRID[-1] + 1.0)
FINE = 120
TWO_ROUTES = use("minoxidil", "oral", dose=2.5, schedule=DAILY)


def scene_with(*therapies: dict[str, object]) -> tuple[Scene, tuple[Prescription, ...]]:
    """A scene in which an arm is given therapies."""
    scene = small_scene(small_study({"treated": list(therapies), "untreated": []}))
    return scene, scene.protocol.prescriptions[0]


def on_a_ladder(given: tuple[Prescription, ...], scene: Scene, rungs: int) -> Response:
    """The response of a population, on a ladder of so many rungs."""
    players = players_of(given)
    factors = [ladder(rungs)[:, None] if player.varies else np.array([[0.0], [1.0]]) for player in players]
    drive = replace(drive_of(players, scene.values, end=END, factors=factors), solved=())
    return response_of(drive, scene.values, condition="aga")


def greatest_difference(one: Levers, other: Levers) -> float:
    """Greatest difference of any lever, over the greatest value that this lever has."""
    apart = 0.0
    for entry in fields(Levers):
        a, b = getattr(one, entry.name), getattr(other, entry.name)
        apart = max(apart, float(np.abs(a - b).max()) / max(float(np.abs(a).max()), 1e-300))
    return apart


def levers(response: Response, people: Population, scene: Scene) -> Levers:
    return levers_of_arm(response, people, scene.values, seed=scene.seed, grid=GRID)


@pytest.mark.parametrize("therapies", [(EXOSOME,), (MINOXIDIL,), (EXOSOME, MINOXIDIL)], ids=["one", "drug", "two"])
def test_a_finer_ladder_tends_to_the_solved_response(therapies: tuple[dict[str, object], ...]) -> None:
    scene, given = scene_with(*therapies)
    people = candidates(scene, np.arange(3), np.arange(3))
    (solved,) = solved_responses([given], people, scene.values, seed=scene.seed, condition="aga", end=END)
    own = levers(solved, people, scene)
    coarse, finer = (greatest_difference(own, levers(on_a_ladder(given, scene, n), people, scene)) for n in (16, FINE))
    assert finer < 1e-6
    assert finer <= coarse


def test_the_population_path_is_within_its_error_of_interpolation() -> None:
    scene, given = scene_with(EXOSOME, MINOXIDIL, FINASTERIDE)
    people = candidates(scene, np.arange(6), np.arange(6))
    (solved,) = solved_responses([given], people, scene.values, seed=scene.seed, condition="aga", end=END)
    usual = arm_response(given, scene.values, condition="aga", end=END)
    assert greatest_difference(levers(solved, people, scene), levers(usual, people, scene)) < 1e-3


def test_a_person_has_the_same_response_alone_and_among_others() -> None:
    scene, given = scene_with(EXOSOME, MINOXIDIL)
    people = candidates(scene, np.arange(4), np.arange(4))
    alone = people.take(np.array([2]))
    both = [
        solved_responses([given], group, scene.values, seed=scene.seed, condition="aga", end=END)[0]
        for group in (people, alone)
    ]
    among, by_himself = levers(both[0], alone, scene), levers(both[1], alone, scene)
    # the steps of the solver depend on who is solved together; its error does not
    assert greatest_difference(among, by_himself) < 1e-6


def test_a_substance_given_by_two_routes_is_solved_at_the_exposure_of_each() -> None:
    scene, given = scene_with(MINOXIDIL, TWO_ROUTES)
    people = candidates(scene, np.arange(4), np.arange(4))
    (solved,) = solved_responses([given], people, scene.values, seed=scene.seed, condition="aga", end=END)
    usual = arm_response(given, scene.values, condition="aga", end=END)
    # what comes in two ways is told apart by one factor on a ladder, so that it agrees less closely
    assert greatest_difference(levers(solved, people, scene), levers(usual, people, scene)) < 0.02
    assert solved.solved[0].shape[1] == 2


def test_it_serves_nobody_for_whom_it_was_not_solved() -> None:
    scene, given = scene_with(EXOSOME)
    people = candidates(scene, np.arange(4), np.arange(4))
    (solved,) = solved_responses(
        [given], people.take(np.array([0])), scene.values, seed=scene.seed, condition="aga", end=END
    )
    with pytest.raises(ValueError, match="not solved"):
        levers(solved, people, scene)


def test_it_is_refused_for_a_crowd() -> None:
    scene, given = scene_with(EXOSOME)
    people = candidates(scene, np.arange(MOST_SOLVED + 1), np.arange(MOST_SOLVED + 1))
    with pytest.raises(ValueError, match="more than"):
        solved_responses([given], people, scene.values, seed=scene.seed, condition="aga", end=END)
