"""A trial with intercurrent events, from the readings of the arms' own courses to who is seen with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.delivery import Prescription
from anagen.follicles.states import States
from anagen.patients import Population
from anagen.scalp import Readings
from anagen.trials.dropout import attended
from anagen.trials.event_rows import TrialEvents, trial_events
from anagen.trials.intercurrent import NONE, RESCUE, Events, after_events, decided
from anagen.trials.leaving import leaving_at_random, leaving_by_rule
from anagen.trials.observation import Scene
from anagen.trials.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Followed:
    """Patients of trials with their intercurrent events.

    Attributes
    ----------
    readings : list[Readings]
        One for each arm, with what follows an event.
    seen : BoolArray, shape (n_patients, n_visits)
        Who came to which visit.
    harms : TrialEvents
        Adverse events, and who left when and why.
    week : FloatArray, shape (n_arms, n_patients)
        Week of the event in the arm received; infinity without one, and where a patient had left before it.
    entry : IntArray, shape (n_patients,)
        Which event, as in `Events`.
    """

    readings: list[Readings]
    seen: BoolArray
    harms: TrialEvents
    week: FloatArray
    entry: IntArray


def follow_events(
    scene: Scene,
    population: Population,
    assigned: IntArray,
    readings: Sequence[Readings],
    states: States | None,
    *,
    twins: bool,
) -> Followed:
    """What happens to the patients of trials after they were randomised.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    assigned : IntArray, shape (n_patients,)
        Arm of each.
    readings : Sequence[Readings]
        Under the own course of each arm; the same one for all where every patient was followed under his own arm only.
    states : States or None
        Of the follicles where the tables start.
    twins : bool
        Whether every patient was followed under every arm.

    Returns
    -------
    Followed
        Readings, visits attended, adverse events and intercurrent events.
    """
    plan, n = scene.protocol, len(population)
    n_arms = len(plan.arms)
    missed = scene.values["measurement.missed_visit"]
    came = attended(population, plan.weeks, np.full(n, np.nan), missed=missed, seed=scene.seed)
    received = assigned[None, :] == np.arange(n_arms)[:, None]
    arm = np.repeat(np.arange(n_arms), n) if twins else assigned
    place = np.tile(np.arange(n), n_arms) if twins else np.arange(n)
    given = received.ravel() if twins else np.ones(n, dtype=np.bool_)
    events = events_of(scene, population.take(place), arm, list(readings[:n_arms]) if twins else [readings[0]],
                       came[place] | ~given[:, None], given)  # fmt: skip
    of_arms: list[Readings] = []
    further: list[tuple[int, Sequence[Prescription]]] = []
    rows_of: list[IntArray] = []
    whole = readings[0]
    for number in range(n_arms):
        here = events.of(slice(number * n, (number + 1) * n)) if twins else only(events, assigned == number)
        own = readings[number] if twins else whole
        found, courses = after_events(scene, population, own, number, here, area=plan.area, states=states)
        whole = whole if twins else found
        of_arms.append(found)
        further += [(number, course) for course, _ in courses]
        rows_of += [rows[received[number, rows]] for _, rows in courses]
    of_arms = of_arms if twins else [whole] * n_arms
    actual = events.of(assigned * n + np.arange(n)) if twins else events
    courses_of = np.concatenate([received, np.zeros((len(plan.rescues) + len(further), n), dtype=np.bool_)])
    for course, rows in enumerate(rows_of, start=len(plan.courses)):
        courses_of[:n_arms, rows] = False
        courses_of[course, rows] = True
    rule = plan.study.design.leaving

    def events_with(other: FloatArray) -> TrialEvents:
        return trial_events(scene, population, courses_of, other, further=further, stays=actual.stays)

    harms = events_with(leaving_at_random(scene, population, received, rule))
    if rule.missing != "mcar":
        harms = events_with(leaving_by_rule(scene, population, received, of_arms, harms, came, rule))
    seen = attended(population, plan.weeks, harms.left, missed=missed, seed=scene.seed)
    left = np.where(np.isnan(harms.left) | harms.because, np.inf, harms.left)
    happened = np.isfinite(actual.week) & (actual.week < left)
    week = np.where(received & happened, actual.week, np.inf)
    return Followed(of_arms, seen, harms, week, np.where(happened, actual.entry, NONE))


def events_of(
    scene: Scene,
    population: Population,
    arm: IntArray,
    own: Sequence[Readings],
    seen: BoolArray,
    counted: BoolArray,
) -> Events:
    """Events of patients, each row once for the arm that he is followed under.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients of the rows.
    arm : IntArray, shape (n_rows,)
        Arm of each row.
    own : Sequence[Readings]
        Under the arms' own courses, of the rows in order.
    seen : BoolArray, shape (n_rows, n_visits)
        Who comes to which visit.
    counted : BoolArray, shape (n_rows,)
        Rows over whom shares are met.

    Returns
    -------
    Events
        Of each row.
    """
    plan = scene.protocol
    measured = np.concatenate([reading.measured for reading in own])
    names = [endpoint.name for endpoint in plan.endpoints]
    rescued = np.zeros(len(arm), dtype=np.bool_)
    for rescue in plan.rescues:
        rescued |= rescue.is_for(Readings(measured, measured, measured), plan) & (arm == rescue.arm)
    primary = measured[:, :, names.index(plan.study.endpoints.primary.endpoint)]
    return decided(scene, population, arm, primary, seen, counted, rescued)


def only(events: Events, rows: BoolArray) -> Events:
    """Events of some patients; the others have none."""
    return Events(
        np.where(rows, events.week, np.inf),
        np.where(rows, events.course, np.inf),
        np.where(rows, events.entry, NONE),
        events.stays & rows,
    )


def event_names_of(plan: Protocol, entry: IntArray) -> list[str]:
    """Name of each patient's event; empty text without one."""
    stated = [event.event for event in plan.study.intercurrent]
    names = {number: name for number, name in enumerate([*stated, "stops_treatment"])} | {NONE: "", RESCUE: "rescue"}
    return [names[number] for number in entry.tolist()]
