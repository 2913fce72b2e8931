"""The course of one person: every follicle of a square centimetre in every week, under what is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import Prescription
from anagen.follicles import time_grid
from anagen.follicles.follicle_states import CLASSES, KENOGEN, FollicleStates
from anagen.patients import CONDITIONS, Population
from anagen.prognoses.asked import AREA, Asked
from anagen.signalling import Response
from anagen.signalling.solved import solved_responses
from anagen.trials.area_states import area_states
from anagen.trials.attendance import courses_attended
from anagen.trials.observation import Scene, observe

COLUMNS = ("hairs", "terminal", "resting", "empty", "diameter")
"""What is told of an area: hairs and terminal hairs [1/cm2], share of the hairs that rest, share of the follicles that
show no hair, mean diameter [um]."""

TERMINAL = CLASSES.index("terminal")


@dataclass(frozen=True, eq=False)
class Course:
    """One person under one course of treatment.

    Attributes
    ----------
    name : str
        WITH, WITHOUT or STOPPED.
    weeks : FloatArray, shape (n_weeks,)
        From 0 to the last.
    person : Population
        The one row of covariates.
    given : tuple[Prescription, ...]
        What is given, without sessions that are missed.
    response : Response
        What the network makes of it.
    states : tuple[FollicleStates, ...]
        Native follicles, then the grafts of each session, in every week.
    """

    name: str
    weeks: FloatArray
    person: Population
    given: tuple[Prescription, ...]
    response: Response
    states: tuple[FollicleStates, ...]

    def counts(self) -> pd.DataFrame:
        """Numbers of the area.

        Returns
        -------
        DataFrame
            One row a week: week and COLUMNS.
        """
        return counts_of(self.states, self.weeks)


def course_of(asked: Asked, name: str) -> Course:
    """The person under a course, at the central values.

    Parameters
    ----------
    asked : Asked
        The question.
    name : str
        One of `asked.courses()`.

    Returns
    -------
    Course
        With the states of every follicle.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> from anagen.prognoses.asked import WITHOUT, asked_of
    >>> course = course_of(asked_of({"grade": "IV"}, weeks=8, parameters=load_parameters()), WITHOUT)
    >>> course.counts().shape
    (9, 6)
    """
    scene = asked.scene(0)
    person, weeks = asked.people(scene), asked.weeks.astype(np.float64)
    given = attended(asked.courses()[name], person, scene.seed)
    (response,) = solved(scene, person, [given], float(weeks[-1]))
    (states,) = area_states(scene, person, [given], weeks=weeks, area=AREA, responses=[response])[0]
    return Course(name, weeks, person, given, response, states)


def read_course(asked: Asked, course: Course) -> dict[str, FloatArray]:
    """What is true of the person in every week, by endpoint.

    Parameters
    ----------
    asked : Asked
        The question.
    course : Course
        From `course_of`.

    Returns
    -------
    dict[str, FloatArray]
        Endpoint -> values, shape (n_weeks,), in its unit.

    Raises
    ------
    ArithmeticError
        Where follicles and readings do not have the same number of hairs.
    """
    scene = asked.scene(0)
    (read,) = observe(
        scene,
        course.person,
        [course.given],
        weeks=course.weeks,
        area=AREA,
        study_offset=False,
        responses=[course.response],
    )
    found = {endpoint.name: read.true[0, :, place] for place, endpoint in enumerate(asked.plan.endpoints)}
    shown = np.sum([part.shown.sum(axis=0) for part in course.states], axis=0)
    if not np.array_equal(shown / AREA, found["total_density"]):
        raise ArithmeticError(f"the follicles of the course {course.name!r} are not those that were counted")
    return found


def solved(
    scene: Scene, people: Population, courses: Sequence[tuple[Prescription, ...]], last_week: float
) -> list[Response]:
    """What the network makes of each course in these people, exact at their own exposures.

    Parameters
    ----------
    scene : Scene
        Study and values.
    people : Population
        Few.
    courses : Sequence[tuple[Prescription, ...]]
        Therapies of each course; nobody misses a session.
    last_week : float
        Last week.

    Returns
    -------
    list[Response]
        One for each course.
    """
    grid = time_grid(last_week * DAYS_PER_WEEK, scene.table_step)
    return solved_responses(
        courses,
        people,
        scene.values,
        seed=scene.seed,
        condition=CONDITIONS[scene.spec.condition].network,
        end=float(grid[-1] + scene.table_step),
        network=scene.protocol.network,
    )


def attended(given: tuple[Prescription, ...], person: Population, seed: int) -> tuple[Prescription, ...]:
    """What one person is given of a course: sessions that are missed are left out.

    Parameters
    ----------
    given : tuple[Prescription, ...]
        As prescribed.
    person : Population
        One row.
    seed : int
        Key of the draws.

    Returns
    -------
    tuple[Prescription, ...]
        As attended.
    """
    split = courses_attended([given], person, np.zeros(1, dtype=np.int64), seed=seed)
    if split is None:
        return given
    ((courses, which),) = split
    return tuple(courses[int(which[0])])


def counts_of(states: tuple[FollicleStates, ...], weeks: FloatArray) -> pd.DataFrame:
    """Numbers of an area in every week.

    Parameters
    ----------
    states : tuple[FollicleStates, ...]
        Native follicles and grafts.
    weeks : FloatArray, shape (n_weeks,)
        Their weeks.

    Returns
    -------
    DataFrame
        One row a week: week and COLUMNS.
    """
    shown = np.concatenate([part.shown for part in states])
    diameter = np.concatenate([part.diameter for part in states])
    club = np.concatenate([part.club for part in states])
    planted = np.concatenate([part.phase <= KENOGEN for part in states])
    terminal = np.concatenate([part.hair_class == TERMINAL for part in states])
    hairs = shown.sum(axis=0)
    follicles = planted.sum(axis=0)
    nothing = np.full(len(weeks), np.nan)
    return pd.DataFrame(
        {
            "week": weeks,
            "hairs": hairs / AREA,
            "terminal": terminal.sum(axis=0) / AREA,
            "resting": np.divide((club & shown).sum(axis=0), hairs, out=nothing.copy(), where=hairs > 0),
            "empty": np.divide((planted & ~shown).sum(axis=0), follicles, out=nothing.copy(), where=follicles > 0),
            "diameter": np.divide(diameter.sum(axis=0), hairs, out=nothing.copy(), where=hairs > 0),
        }
    )
