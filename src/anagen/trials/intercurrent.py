"""Intercurrent events of patients, and their readings after them: a second course from the week of the event on.

A patient who stops takes nothing from that week on; one who switches goes on with something else. Both courses are the
same up to that week, since every draw is shared. Events that follow a measured change happen at a visit; others at a
visit or midway between two, whichever comes next, so that few courses have to be followed. Of several events a patient
has the first.

References
----------
.. [1] ICH E9(R1), Addendum on estimands and sensitivity analysis in clinical trials, 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.streams import Purpose, uniforms
from anagen.delivery import Doses, Prescription
from anagen.follicles.states import States
from anagen.patients import Population
from anagen.scalp import ENDPOINTS, Readings
from anagen.trials.centres import moved
from anagen.trials.leaving import groups_of, probabilities, standardised
from anagen.trials.observation import Scene, arm_responses, observe
from anagen.trials.protocol import Protocol, prescriptions_of
from anagen.trials.rescue import until
from anagen.trials.safety import event_names, occurrences

NONE, RESCUE = -1, -2


@dataclass(frozen=True, slots=True)
class Events:
    """The intercurrent event of each patient in an arm.

    Attributes
    ----------
    week : FloatArray, shape (n_patients,)
        Week of the event; infinity without one.
    course : FloatArray, shape (n_patients,)
        Week from which treatment is another one: that of the event, or the next of `possible_weeks`.
    entry : IntArray, shape (n_patients,)
        Place among the events of the study, their number for an adverse event of which the study says nothing, RESCUE
        for a rescue, NONE for none.
    stays : BoolArray, shape (n_patients,)
        Whether a patient whom an adverse event makes stop stays in follow-up.
    """

    week: FloatArray
    course: FloatArray
    entry: IntArray
    stays: BoolArray

    def of(self, rows: IntArray | slice) -> Events:
        """Those of some patients."""
        return Events(self.week[rows], self.course[rows], self.entry[rows], self.stays[rows])


def has_events(plan: Protocol) -> bool:
    """Whether a study states intercurrent events, or an estimand that handles them in another way than by default."""
    return bool(plan.study.intercurrent) or plan.study.analysis.estimand != "treatment_policy"


def possible_weeks(visits: Sequence[float]) -> FloatArray:
    """Weeks in which patients can stop: visits and midway between two.

    Parameters
    ----------
    visits : Sequence[float]
        Weeks of the visits.

    Returns
    -------
    FloatArray
        Increasing.

    Examples
    --------
    >>> possible_weeks([0.0, 12.0, 24.0]).tolist()
    [0.0, 6.0, 12.0, 18.0, 24.0]
    """
    weeks = np.asarray(visits, dtype=np.float64)
    return np.sort(np.concatenate([weeks, 0.5 * (weeks[1:] + weeks[:-1])]))


def stops_for_events(scene: Scene, population: Population, arm: IntArray) -> FloatArray:
    """Week in which an adverse event makes each patient stop under an arm; infinity where none does.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    arm : IntArray, shape (n_patients,)
        Under which each is.

    Returns
    -------
    FloatArray, shape (n_patients,)
        [week].
    """
    hazards = scene.protocol.hazards
    names, week = event_names(hazards), np.full(len(arm), np.inf)
    for number in map(int, np.unique(arm)):
        rows = np.flatnonzero(arm == number)
        found = occurrences(hazards[number], names, population.take(rows), scene.values, seed=scene.seed)
        week[rows] = found.stopping_day() / DAYS_PER_WEEK
    return np.where(week < scene.protocol.weeks[-1], week, np.inf)


def decided(
    scene: Scene,
    population: Population,
    arm: IntArray,
    measured: FloatArray,
    seen: BoolArray,
    counted: BoolArray,
    rescued: BoolArray,
) -> Events:
    """Who has which event when.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients, each once for every arm that he is followed under.
    arm : IntArray, shape (n_rows,)
        Arm of each row.
    measured : FloatArray, shape (n_rows, n_visits)
        The primary endpoint under the arm's own course.
    seen : BoolArray, shape (n_rows, n_visits)
        Who comes to which visit.
    counted : BoolArray, shape (n_rows,)
        Rows over whom the shares are met: those in the arm that they were given.
    rescued : BoolArray, shape (n_rows,)
        Whose change is too little at the visit of the rescue of his arm.

    Returns
    -------
    Events
        The first of each row.
    """
    plan, last = scene.protocol, float(scene.protocol.weeks[-1])
    stated = plan.study.intercurrent
    week, entry = np.full(len(arm), np.inf), np.full(len(arm), NONE)
    stays = np.zeros(len(arm), dtype=np.bool_)
    stopping = stops_for_events(scene, population, arm)

    def draw(item: int) -> FloatArray:
        return uniforms(
            scene.seed, Purpose.INTERCURRENT, patient=population.patient, item=item, replicate=population.replicate
        )

    def happens(new: FloatArray, number: int) -> None:
        first = new < week
        week[first], entry[first] = new[first], number

    bins = possible_weeks(plan.study.measurement.visits)
    named = next((i for i, event in enumerate(stated) if event.because == "adverse_event"), len(stated))
    happens(stopping, named)
    if named < len(stated):
        share = np.array([stated[named].of(name) for name in plan.arms])[arm]
        stays = draw(2 * named) < share
    for number, event in enumerate(stated):
        if event.because == "other":
            share = np.array([event.of(name) for name in plan.arms])[arm]
            u = draw(2 * number)
            time = np.where(u < share, u / np.maximum(share, 1e-300) * last, np.inf)
            if event.event != "stops_treatment":
                # a switch is decided at a visit
                between = np.asarray(plan.study.measurement.visits[1:-1])
                place = np.minimum(np.nan_to_num(time / last, posinf=0.0) * len(between), len(between) - 1)
                time = np.where(u < share, between[place.astype(np.int64)], np.inf)
            happens(time, number)
    _by_change(scene, population, arm, measured, seen, counted, week, entry)
    for rescue in plan.rescues:
        at = rescue.rule.week
        here = rescued & (arm == rescue.arm) & seen[:, rescue.visit(plan)] & (week > at)
        week[here], entry[here] = at, RESCUE
    inside, course = np.isfinite(week), week.copy()
    course[inside] = bins[np.minimum(np.searchsorted(bins, week[inside] - 1e-9), len(bins) - 1)]
    by_event = entry == named
    return Events(week, course, entry, stays & by_event)


def _by_change(
    scene: Scene,
    population: Population,
    arm: IntArray,
    measured: FloatArray,
    seen: BoolArray,
    counted: BoolArray,
    week: FloatArray,
    entry: IntArray,
) -> None:
    """Events because of no effect, visit by visit: `week` and `entry` are changed where one comes first."""
    plan = scene.protocol
    sign = -1.0 if ENDPOINTS[plan.study.endpoints.primary.endpoint].higher_is_better else 1.0
    between = plan.study.measurement.visits[1:-1]
    for number, event in enumerate(plan.study.intercurrent):
        if event.because != "no_effect":
            continue
        apart = np.array([i for i, name in enumerate(plan.arms) if name in event.by_arm], dtype=np.int64)
        trial, group = groups_of(population.replicate, arm, apart)
        weight = counted.astype(np.float64)
        whole = np.bincount(group, weight)
        shares = np.array([event.of(name) for name in plan.arms])[arm]
        share = np.divide(np.bincount(group, weight * shares), whole, out=np.zeros_like(whole), where=whole > 0.0)
        for place, at in enumerate(between):
            visit = int(np.flatnonzero(plan.weeks == at)[0])
            here = (week > at) & seen[:, visit]
            z = standardised(sign * (measured[:, visit] - measured[:, 0]), trial, counted & seen[:, visit])
            still = np.bincount(group, weight * here)
            due = share / len(between) * whole
            target = np.clip(np.divide(due, still, out=np.zeros_like(due), where=still > 0.0), 0.0, 1.0)
            p = probabilities(z, group, counted & here, target, event.odds_ratio)
            u = uniforms(
                scene.seed,
                Purpose.INTERCURRENT,
                patient=population.patient,
                item=2 * number + 1,
                index=place,
                replicate=population.replicate,
            )
            goes = here & (u < p)
            week[goes], entry[goes] = at, number


def course_of(plan: Protocol, arm: int, entry: int, week: float) -> tuple[Prescription, ...]:
    """What a patient of an arm is given who has an event in a week.

    Parameters
    ----------
    plan : Protocol
        The study.
    arm : int
        Place of the arm.
    entry : int
        Of the event, as in `Events`.
    week : float
        Week of the event.

    Returns
    -------
    tuple[Prescription, ...]
        From baseline on.
    """
    if entry == RESCUE:
        return next(rescue.prescriptions for rescue in plan.rescues if rescue.arm == arm)
    cut = [until(prescription, week) for prescription in plan.prescriptions[arm]]
    kept = tuple(part for part in cut if len(part.doses.days))
    events = plan.study.intercurrent
    if entry >= len(events) or not events[entry].therapies:
        return kept
    last = float(plan.weeks[-1])
    onwards = prescriptions_of(events[entry].therapies, last - week, plan.study.population)
    return (*kept, *(_later(prescription, week, last) for prescription in onwards))


def _later(prescription: Prescription, week: float, last: float) -> Prescription:
    """A therapy whose weeks count from a week."""
    doses = prescription.doses
    days = doses.days + week * DAYS_PER_WEEK
    kept = days < last * DAYS_PER_WEEK
    return replace(prescription, doses=Doses(days[kept], doses.amounts[..., kept], doses.daily))


def after_events(
    scene: Scene,
    population: Population,
    own: Readings,
    arm: int,
    events: Events,
    *,
    area: float,
    states: States | None,
    study_offset: bool = True,
) -> tuple[Readings, list[tuple[tuple[Prescription, ...], IntArray]]]:
    """Readings of an arm with those of patients after an event, and what these are given.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    own : Readings
        Under the arm's own course.
    arm : int
        Place of the arm.
    events : Events
        Of each patient; without an event where one is not to be followed.
    area : float
        Target area [cm2].
    states : States or None
        Of the follicles where the tables start.
    study_offset : bool
        As in `observe`.

    Returns
    -------
    readings : Readings
        Of every patient.
    courses : list
        Courses after an event, with the rows of the patients.
    """
    plan = scene.protocol
    kinds = {i for i, event in enumerate(plan.study.intercurrent) if event.event == "transplant"}
    parts = {name: getattr(own, name).copy() for name in ("true", "expected", "measured")}
    courses: list[tuple[tuple[Prescription, ...], IntArray]] = []
    there = np.isfinite(events.course)
    for entry, week in sorted(set(zip(events.entry[there].tolist(), events.course[there].tolist(), strict=True))):
        rows = np.flatnonzero((events.entry == entry) & (events.course == week))
        after = plan.weeks > week
        if entry in kinds:
            # grafts are counted with the hair, so that no count after it is the therapy's
            parts["measured"][np.ix_(rows, after)] = np.nan
            continue
        course = course_of(plan, arm, entry, week)
        courses.append((course, rows))
        if not after.any():
            continue
        (again,) = observe(
            scene,
            population.take(rows),
            [course],
            weeks=plan.weeks,
            area=area,
            study_offset=study_offset,
            responses=arm_responses(scene, [course], float(plan.weeks[-1])),
            states=None if states is None else states.of(rows),
        )
        again = moved(scene, population.take(rows), np.full(len(rows), arm), again, centres=study_offset)
        for name, part in parts.items():
            part[np.ix_(rows, after)] = getattr(again, name)[:, after]
    return Readings(parts["true"], parts["expected"], parts["measured"]), courses
