"""Reference patients: who carries what the model expects, without the luck of one trial.

Every parameter draw has patients of its own, in GROUPS pseudo-trials, so that batches of a product average out as well
and the spread between groups tells the Monte-Carlo error. Another study with the same seed has the same people at the
same draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.follicles.states import States
from anagen.patients import Population
from anagen.scalp import Readings
from anagen.signalling import Response
from anagen.trials.centres import moved
from anagen.trials.cost import DRAW_PATIENTS, EXPECTED_PATIENTS
from anagen.trials.estimands import true_readings
from anagen.trials.followed import events_of
from anagen.trials.intercurrent import after_events, has_events
from anagen.trials.matching import PILOTS, Pilot, matched_scene
from anagen.trials.observation import Scene, observe
from anagen.trials.protocol import Protocol
from anagen.trials.rescue import with_rescues
from anagen.trials.screening import screen

GROUPS = 4
FIRST_REPLICATE = 2**31
"""Number of the first pseudo-trial; no replicate of a study has it."""
EXPECTED_AREA = 1.0
PILOT_PATIENTS = 12
"""Candidates of each group whose baseline is matched to a published one: about as many as are then screened."""


def groups_of(draw: int) -> IntArray:
    """Numbers of the pseudo-trials of a parameter draw.

    Parameters
    ----------
    draw : int
        Its number, 0 for the central values.

    Returns
    -------
    IntArray, shape (GROUPS,)
        Increasing.

    Examples
    --------
    >>> (groups_of(1) - groups_of(0)).tolist()
    [4, 4, 4, 4]
    """
    return FIRST_REPLICATE + GROUPS * draw + np.arange(GROUPS, dtype=np.int64)


def reference_scene(plan: Protocol, values: Mapping[str, float], *, seed: int, draw: int, threads: int = 1) -> Scene:
    """A study under a parameter draw, its published baseline matched by the draw's own reference patients.

    Parameters
    ----------
    plan : Protocol
        The study.
    values : Mapping[str, float]
        Parameter values of the draw.
    seed : int
        Key of the draws.
    draw : int
        Its number; 0 is matched as a trial is.
    threads : int
        Blocks of patients at a time.

    Returns
    -------
    Scene
        For `expected_readings` of the same draw.

    Raises
    ------
    InputError
        Where inclusion criteria and published baseline contradict each other.
    """
    pilots = PILOTS if draw == 0 else (Pilot(groups_of(draw), PILOT_PATIENTS, grows=True),)
    return matched_scene(plan, values, seed=seed, threads=threads, pilots=pilots)


def expected_readings(
    scene: Scene,
    *,
    draw: int = 0,
    n_patients: int | None = None,
    people: tuple[Population, States | None] | None = None,
    responses: Sequence[Response] | None = None,
) -> list[Readings]:
    """Reference patients of a draw under every arm.

    The same patients, admitted as the study admits them, are simulated as twins under every arm in a target area of 1
    cm2 and read without a study offset.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.
    draw : int
        Number of the parameter draw.
    n_patients : int or None
        Patients to average over, a multiple of GROUPS; None for EXPECTED_PATIENTS of the central values and
        DRAW_PATIENTS of another draw.
    people : tuple[Population, States | None] or None
        From `reference_patients`, where they are known.
    responses : Sequence[Response] or None
        Response of each course, from `arm_responses`, where it is known.

    Returns
    -------
    list[Readings]
        One Readings [patient, visit, endpoint] per arm: the first patient of every group, then the second of each.
    """
    return expected_with_events(scene, draw=draw, n_patients=n_patients, people=people, responses=responses)[0]


def expected_with_events(
    scene: Scene,
    *,
    draw: int = 0,
    n_patients: int | None = None,
    people: tuple[Population, States | None] | None = None,
    responses: Sequence[Response] | None = None,
) -> tuple[list[Readings], list[FloatArray] | None]:
    """The same, and when each reference patient has an intercurrent event under every arm.

    Readings are as the estimand of the study has them, nobody lost to follow-up: their means are its true value.

    Parameters
    ----------
    scene : Scene
        As in `expected_readings`.
    draw : int
        As in `expected_readings`.
    n_patients : int or None
        As in `expected_readings`.
    people : tuple[Population, States | None] or None
        As in `expected_readings`.
    responses : Sequence[Response] or None
        As in `expected_readings`.

    Returns
    -------
    readings : list[Readings]
        One for each arm.
    weeks : list[FloatArray] or None
        For each arm the weeks of events [patient], infinity without one; None in a study without events.
    """
    plan = scene.protocol
    number = n_patients or (DRAW_PATIENTS if draw else EXPECTED_PATIENTS)
    population, states = reference_patients(scene, number, draw=draw) if people is None else people
    readings = observe(
        scene,
        population,
        plan.courses,
        weeks=plan.weeks,
        area=EXPECTED_AREA,
        site=1 if plan.split_scalp else 0,
        study_offset=False,
        responses=responses,
        states=states if plan.area == EXPECTED_AREA else None,
    )
    under = [*range(len(plan.arms)), *(rescue.arm for rescue in plan.rescues)]
    readings = [
        moved(scene, population, np.full(len(population), arm), reading, centres=False)
        for arm, reading in zip(under, readings, strict=True)
    ]
    if not has_events(plan):
        return with_rescues(readings, plan), None
    n, n_arms = len(population), len(plan.arms)
    place, arm = np.tile(np.arange(n), n_arms), np.repeat(np.arange(n_arms), n)
    everybody = np.ones(n * n_arms, dtype=np.bool_)
    seen = np.ones((n * n_arms, len(plan.weeks)), dtype=np.bool_)
    events = events_of(scene, population.take(place), arm, readings[:n_arms], seen, everybody)
    of_arms: list[Readings] = []
    weeks: list[FloatArray] = []
    same = states if plan.area == EXPECTED_AREA else None
    for i in range(n_arms):
        here = events.of(slice(i * n, (i + 1) * n))
        found, _ = after_events(
            scene, population, readings[i], i, here, area=EXPECTED_AREA, states=same, study_offset=False
        )
        of_arms.append(true_readings(found, readings[i], here.week, plan))
        weeks.append(here.week)
    return of_arms, weeks


def reference_patients(scene: Scene, number: int, *, draw: int = 0) -> tuple[Population, States | None]:
    """Patients who carry what is expected, admitted as the study admits them.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.
    number : int
        Patients; rounded up to a multiple of GROUPS.
    draw : int
        Number of the parameter draw.

    Returns
    -------
    people : Population
        The first of every group, then the second of each: more of them begin with the same.
    states : States or None
        Of their follicles where the tables start, in the study's target area.
    """
    each = -(-number // GROUPS)
    admitted = screen(scene, n_patients=each, replicate=groups_of(draw), area=scene.protocol.area)
    order = np.arange(GROUPS * each).reshape(GROUPS, each).T.ravel()
    states = None if admitted.states is None else admitted.states.of(order)
    return admitted.population.take(order), states
