"""What a patient of a run was given under an arm, from the tables of its folder: events, rescues and periods too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.patients import Population
from anagen.trials.attendance import courses_attended
from anagen.trials.crossover import sequences_of
from anagen.trials.followed import event_names_of
from anagen.trials.intercurrent import RESCUE, course_of, possible_weeks
from anagen.trials.observation import Scene


@dataclass(frozen=True, slots=True)
class Course:
    """A course that a patient can have been on.

    Attributes
    ----------
    given : tuple[Prescription, ...]
        From the first day of the trial on, without sessions that are missed.
    weeks : FloatArray, shape (n_visits,)
        Visits of the whole trial [week].
    start : float
        Week of the trial from which the weeks of the arm count: 0 but in the second period of a crossover.
    last : float
        Week of the arm after which the run follows no hair of the patient.
    """

    given: tuple[Prescription, ...]
    weeks: FloatArray
    start: float = 0.0
    last: float = math.inf


def courses_under(scene: Scene, patient: Population, row: pd.Series, arm: int) -> list[Course]:
    """Courses that a patient can have been on under an arm; what the run has written tells which it was.

    Parameters
    ----------
    scene : Scene
        Of the run.
    patient : Population
        One patient.
    row : pandas.Series
        His row of the table `patients`, in a crossover the one of either arm.
    arm : int
        Place of the arm.

    Returns
    -------
    list[Course]
        One in most studies; where one name stands for several events, and under an arm with a rescue that he was not
        given, it is one of several.
    """
    plan = scene.protocol
    if plan.crossover:
        began = plan.arms.index(str(row["arm"])) if int(row["period"]) == 1 else 1 - plan.arms.index(str(row["arm"]))
        weeks = np.union1d(plan.weeks, plan.second + plan.weeks)
        given = _attended(sequences_of(plan)[began], patient, scene.seed)
        return [Course(given, weeks, 0.0 if began == arm else plan.second)]
    own = Course(_attended(plan.prescriptions[arm], patient, scene.seed), plan.weeks)
    if plan.arms[arm] != str(row["arm"]):
        return [own, *_rescued(scene, patient, arm)]
    event = row.get("event", "")
    if isinstance(event, str) and event:
        return _after_event(scene, patient, arm, event, float(row["event_week"]), own)
    if bool(row.get("rescued", False)):
        return _rescued(scene, patient, arm)
    return [own]


def courses_between(scene: Scene, patient: Population, arm: int, last: float, first: float) -> list[Course]:
    """Courses that change between two visits by an event that the tables of patients do not hold.

    They hold none under an arm that a patient was not given, and none that would have followed after he had left.

    Parameters
    ----------
    scene : Scene
        Of the run.
    patient : Population
        One patient.
    arm : int
        Place of the arm.
    last : float
        Last visit that the arm's own course meets [week].
    first : float
        First visit that it does not meet [week].

    Returns
    -------
    list[Course]
        None in a study without events.
    """
    plan = scene.protocol
    if not plan.study.intercurrent:
        return []
    weeks = [week for week in possible_weeks(plan.study.measurement.visits).tolist() if last <= week < first]
    return _changed(scene, patient, arm, weeks, ("stops_treatment", "switch", "rescue"))


def _rescued(scene: Scene, patient: Population, arm: int) -> list[Course]:
    plan = scene.protocol
    return [
        Course(_attended(rescue.prescriptions, patient, scene.seed), plan.weeks)
        for rescue in plan.rescues
        if rescue.arm == arm
    ]


def _after_event(scene: Scene, patient: Population, arm: int, event: str, week: float, own: Course) -> list[Course]:
    plan = scene.protocol
    # treatment is another one from the next visit on, or from midway between two
    weeks = possible_weeks(plan.study.measurement.visits)
    changed = float(weeks[min(np.searchsorted(weeks, week - 1e-9), len(weeks) - 1)])
    if event == "transplant":
        # nobody counts the hair after it, and the run follows none
        return [Course(own.given, own.weeks, last=changed)]
    return _changed(scene, patient, arm, [changed], [event])


def _changed(
    scene: Scene, patient: Population, arm: int, weeks: Sequence[float], events: Sequence[str]
) -> list[Course]:
    """Courses of an arm that change in one of some weeks by one of some events, by their names in the tables."""
    plan = scene.protocol
    stated = plan.study.intercurrent
    rescues = any(rescue.arm == arm for rescue in plan.rescues)
    entries = np.array([*([RESCUE] if rescues else []), *range(len(stated) + 1)])
    found: list[Course] = []
    onwards: list[object] = []
    for entry, name in zip(entries.tolist(), event_names_of(plan, entries), strict=True):
        # events that give nothing more are one
        therapies = entry if entry == RESCUE else stated[entry].therapies if entry < len(stated) else ()
        if name not in events or therapies in onwards:
            continue
        onwards.append(therapies)
        found += [
            Course(_attended(course_of(plan, arm, entry, week), patient, scene.seed), plan.weeks) for week in weeks
        ]
    return found


def _attended(given: Sequence[Prescription], patient: Population, seed: int) -> tuple[Prescription, ...]:
    """What a patient is given of a course: sessions that he misses are left out."""
    split = courses_attended([given], patient, np.zeros(1, dtype=np.int64), seed=seed)
    if split is None:
        return tuple(given)
    ((courses, which),) = split
    return courses[int(which[0])]
