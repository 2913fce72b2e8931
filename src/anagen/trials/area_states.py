"""Every follicle of a target area on the visits: what `observation` adds up, follicle by follicle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.follicles.follicle_states import FollicleStates, follicle_states, graft_states
from anagen.follicles.grafts import Healing
from anagen.patients import Population
from anagen.signalling import Response
from anagen.trials.attendance import courses_attended
from anagen.trials.observation import Place, Scene, arm_responses, target_area
from anagen.trials.transplantation import donor_target, plantings_of


def area_states(
    scene: Scene,
    population: Population,
    arms: Sequence[Sequence[Prescription]],
    *,
    weeks: FloatArray,
    area: float,
    site: int = 0,
    responses: Sequence[Response] | None = None,
) -> list[list[tuple[FollicleStates, ...]]]:
    """Follicles of patients under arms, on the visits.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    arms : Sequence[Sequence[Prescription]]
        Therapies of each arm; every patient is followed under each of them.
    weeks : FloatArray, shape (n_visits,)
        Visits [week].
    area : float
        Target area [cm2].
    site : int
        Number of the area on the scalp.
    responses : Sequence[Response] or None
        Response of each arm, where it is known and nobody misses a session; None to work it out.

    Returns
    -------
    list[list[tuple[FollicleStates, ...]]]
        For each patient and arm: native follicles, then the grafts of each session, which are none where a session is
        another arm's. Sessions that a patient misses are missed here too.
    """
    split = courses_attended(arms, population, None, seed=scene.seed)
    if split is not None:
        attended: list[list[tuple[FollicleStates, ...]]] = [[] for _ in range(len(population))]
        for courses, which in split:
            for number, course in enumerate(courses):
                rows = np.flatnonzero(which == number)
                found = area_states(scene, population.take(rows), [course], weeks=weeks, area=area, site=site)
                for row, of_arms in zip(rows.tolist(), found, strict=True):
                    attended[row].append(of_arms[0])
        return attended
    place = Place(scene, scene.protocol.reading(scene.values, weeks, area), area, site)
    responses = arm_responses(scene, arms, float(weeks[-1])) if responses is None else responses
    levers, with_disease = place.lever_sources(arms, responses)
    grid = place.grid
    whole = scene.disease.grid(grid)
    target = target_area(scene, population, site=site, grid=whole)
    native = follicle_states(target, with_disease, place.follow_up(whole))
    plantings = plantings_of(arms, population, scene.values, area=area, seed=scene.seed)
    grafts = graft_states(
        donor_target(target, scene.spec, scene.values),
        plantings,
        levers,
        Healing.from_values(scene.values),
        place.follow_up(grid),
    )
    return [
        [(own, *(session[patient][arm] for session in grafts)) for arm, own in enumerate(of_arms)]
        for patient, of_arms in enumerate(native)
    ]
