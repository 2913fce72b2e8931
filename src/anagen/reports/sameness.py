"""Whether a patient who is simulated again is the one that a run holds: sums and readings to the last bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.follicles.arguments import N_SUMS, SUMS
from anagen.follicles.follicle_states import FollicleStates
from anagen.patients import Population
from anagen.reports.courses import Course
from anagen.trials.observation import Place, Scene, arm_responses, observe
from anagen.trials.protocol import Protocol

STATES = [i for i in range(2 * N_SUMS) if SUMS[i % N_SUMS] != "shed"]
"""Sums that are made of states; hairs shed fell between visits."""


def weeks_alike(
    scene: Scene,
    patient: Population,
    course: Course,
    states: tuple[FollicleStates, ...],
    visits: FloatArray,
    rows: pd.DataFrame,
    site: int,
) -> dict[float, bool]:
    """Weeks of an arm in which a patient is the one of the run, and whether he came.

    The patient is simulated once more as the run does it. What is drawn must add up to the same sums, and the readings
    of every endpoint must be those of the folder.

    Parameters
    ----------
    scene : Scene
        Of the run.
    patient : Population
        One patient.
    course : Course
        On which he may have been.
    states : tuple[FollicleStates, ...]
        What is drawn.
    visits : FloatArray, shape (n_visits,)
        Weeks of the trial of the states.
    rows : pandas.DataFrame
        Of the table `visits`: the patient under the arm; empty for twins that were not kept.
    site : int
        Number of the target area.

    Returns
    -------
    dict[float, bool]
        Of the weeks that are met.
    """
    plan, given = scene.protocol, course.given
    place = Place(scene, plan.reading(scene.values, course.weeks, plan.area), plan.area, site)
    responses = arm_responses(scene, [given], float(course.weeks[-1]))
    sums = place.simulated(patient, [given], responses, None)[0][0, 0]
    drawn = sum_of(states, place.reading.detection)[np.searchsorted(visits, course.weeks)]
    (read,) = observe(scene, patient, [given], weeks=course.weeks, area=plan.area, site=site, responses=responses)
    names = [endpoint.name for endpoint in plan.endpoints]
    seen: dict[float, bool] = {}
    for week in plan.weeks.tolist():
        v = int(np.searchsorted(course.weeks, course.start + week))
        here = rows[rows["week"] == week].set_index("endpoint")
        again = read.true[0, v].astype(np.float32)
        # twins are written for the first trial of some runs only
        own = here.loc[names, "true"].to_numpy(dtype=np.float32) if len(here) else again
        same = week <= course.last and np.array_equal(own, again, equal_nan=True)
        same = same and np.array_equal(drawn[v, STATES], sums[v, STATES])
        if "total_density" in names:
            same = same and np.float32(drawn[v, SUMS.index("hairs")] / plan.area) == own[names.index("total_density")]
        if same:
            assigned = bool(len(here)) and bool(here["assigned"].iloc[0])
            seen[week] = not assigned or bool(here["measured"].notna().any())
    return seen


def not_alike(plan: Protocol, patient: int, arm: str, weeks: Sequence[float], courses: Sequence[Course]) -> InputError:
    """Why a patient is not drawn."""
    at = ", ".join(f"{week:g}" for week in weeks)
    why = "it was written by another version of anagen or on another kind of machine; run the study again"
    if any(week > course.last for week in weeks for course in courses):
        last = courses[0].last
        why = f"hair was transplanted by week {last:g}, and the run follows none after it; draw an earlier week"
    elif plan.rescues or plan.study.intercurrent:
        why = "what he went on with after an event cannot be told from its tables; draw an earlier week"
    message = f"patient {patient} under {arm} at week {at} is not what the run holds: {why}"
    return InputError([Problem(None, None, None, "patient", message)])


def sum_of(states: tuple[FollicleStates, ...], detection: FloatArray) -> FloatArray:
    """Sums over native follicles and grafts, in the order in which the engine adds them; those of shed hairs are none.

    Returns
    -------
    FloatArray, shape (n_days, 2 * N_SUMS)
        As in `follicles.engine.hair_sums`.
    """
    native, *grafts = states
    sums = native.sums(detection)
    if not grafts:
        return sums
    of_grafts = np.zeros_like(sums)
    for part in grafts:
        part.sums(detection, of_grafts)
    return sums + of_grafts
