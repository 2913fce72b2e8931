"""Virtual trials, from screening to the last visit: many at once, as arrays over the patients of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.follicles.states import States
from anagen.patients import Population
from anagen.scalp import Readings
from anagen.signalling import Response
from anagen.study import Study
from anagen.trials.allocation import allocated
from anagen.trials.attendance import attended_days
from anagen.trials.centres import centre_of, moved
from anagen.trials.crossover import Periods, cross_over, within_period
from anagen.trials.dropout import attended
from anagen.trials.estimands import analysed
from anagen.trials.event_rows import TrialEvents, trial_events
from anagen.trials.followed import follow_events
from anagen.trials.intercurrent import RESCUE, has_events
from anagen.trials.leaving import leaving_at_random, leaving_by_rule
from anagen.trials.matching import matched_scene
from anagen.trials.observation import Scene, arm_responses, observe
from anagen.trials.protocol import protocol
from anagen.trials.rescue import without_rescue
from anagen.trials.screening import DENSE, screen

MOST_TOGETHER = 100_000
"""Follicles of the trials that are simulated at once: more of them cost memory and save no time."""
SMALLEST = 0.1
"""Target area below which no more trials are simulated at once [cm2]: patients then take more room than follicles."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Trials under one set of parameter values; patients are ordered by trial, equally many in each.

    Attributes
    ----------
    scene : Scene
        Study, parameter values and seed.
    replicates : IntArray, shape (n_trials,)
        Numbers of the trials, increasing.
    population : Population
        Patients of all trials.
    received : BoolArray, shape (n_arms, n_patients)
        True where a patient was given an arm: one, or both sides of a split scalp.
    readings : Sequence[Readings]
        One for each arm; the same one for all where every patient was simulated under its own arm only.
    seen : BoolArray, shape (n_patients, n_visits)
        Who came to which visit.
    harms : TrialEvents
        Adverse events, and who left when and why.
    screened : tuple[int, ...]
        Candidates of each trial.
    excluded : tuple[Mapping[str, int], ...]
        For each trial, why candidates were not admitted: reason -> number.
    twins : bool
        Whether patients were also simulated under the arms that they were not given.
    draw : int
        Number of the parameter draw.
    rescued : BoolArray or None, shape (n_patients,)
        Who went on with the rescue of the arm received; None in a study without one.
    event_week : FloatArray or None, shape (n_arms, n_patients)
        Week of the intercurrent event in the arm received, infinity without one; None in a study without them.
    event : IntArray or None, shape (n_patients,)
        Which event, as in `intercurrent.Events`.
    periods : Periods or None
        Who had what when in a crossover; None in another layout.
    """

    scene: Scene
    replicates: IntArray
    population: Population
    received: BoolArray
    readings: Sequence[Readings]
    seen: BoolArray
    harms: TrialEvents
    screened: tuple[int, ...]
    excluded: tuple[Mapping[str, int], ...]
    twins: bool = False
    draw: int = 0
    rescued: BoolArray | None = None
    event_week: FloatArray | None = None
    event: IntArray | None = None
    periods: Periods | None = None

    @property
    def left(self) -> FloatArray:
        """Week in which each patient left, not a number for those who completed."""
        return self.harms.left

    @property
    def because(self) -> BoolArray:
        """Whether an adverse event was the reason to leave."""
        return self.harms.because

    @property
    def apart(self) -> bool:
        """Whether the arms have readings of their own."""
        return self.twins or self.scene.protocol.same_patients

    @property
    def seen_in(self) -> BoolArray:
        """Who came to which visit of which arm, shape (n_arms, n_patients, n_visits)."""
        if self.periods is not None:
            return self.periods.seen
        return np.broadcast_to(self.seen, (len(self.received), *self.seen.shape))

    def left_in(self, arm: int) -> FloatArray:
        """Week of the arm in which each patient left, not a number for those who completed it."""
        return self.harms.left if self.periods is None else self.periods.left[arm]

    def sessions_in(self, arm: int, rows: IntArray) -> tuple[FloatArray, BoolArray]:
        """Days of sessions from the baseline of an arm's period, and which of these patients come, [patient, day]."""
        plan, people = self.scene.protocol, self.population.take(rows)
        given = plan.prescriptions[arm]
        if self.periods is None:
            return attended_days(given, people, seed=self.scene.seed)
        begins = np.where(self.periods.first[rows] == arm, 0.0, plan.second * DAYS_PER_WEEK)
        given = within_period(given, float(plan.weeks[-1]))
        return attended_days(given, people, seed=self.scene.seed, begins=begins)

    def first_arms(self) -> IntArray | None:
        """Arm that each patient of a crossover began with, shape (n_trials, n_patients); None in another layout."""
        return None if self.periods is None else self.periods.first.reshape(len(self.replicates), -1)

    def centres(self) -> IntArray | None:
        """Centre of each patient where centres were randomised, shape (n_trials, n_patients); None elsewhere."""
        design = self.scene.protocol.study.design
        if design.randomisation.method != "cluster" or design.centres is None:
            return None
        return centre_of(self.population, design.centres, seed=self.scene.seed).reshape(len(self.replicates), -1)

    def rows_of(self, number: int) -> slice:
        """Patients of a trial, by its place."""
        n = len(self.population) // len(self.replicates)
        return slice(number * n, (number + 1) * n)

    def event_weeks(self) -> FloatArray | None:
        """Weeks of intercurrent events, shape (n_arms, n_trials, n_patients); None in a study without them."""
        week = self.event_week
        return None if week is None else week.reshape(len(week), len(self.replicates), -1)

    def analysed(self) -> FloatArray:
        """What was measured, as the estimand of the study has it; shape as `measured`."""
        return analysed(self.measured(), self.event_weeks(), self.scene.protocol)

    def measured(self) -> FloatArray:
        """What each arm's patients were measured with, not a number where they were not seen or not given it.

        Returns
        -------
        FloatArray, shape (n_arms, n_trials, n_patients, n_visits, n_endpoints)
            In the units of the endpoints.
        """
        shown = self.received[:, :, None] & self.seen_in
        rows = [
            np.where(there[:, :, None], reading.measured, np.nan)
            for there, reading in zip(shown, self.readings, strict=True)
        ]
        return np.stack(rows).reshape(len(rows), len(self.replicates), -1, *rows[0].shape[1:])


def scene_of(study: Study, values: Mapping[str, float], *, seed: int, threads: int = 1) -> Scene:
    """A study under given parameter values, its published baseline matched."""
    return matched_scene(protocol(study), values, seed=seed, threads=threads)


def simulate_trials(
    scene: Scene,
    replicates: Sequence[int] | IntArray,
    *,
    twins: bool = False,
    draw: int = 0,
    responses: Sequence[Response] | None = None,
) -> Trials:
    """Simulate trials at once: screen, randomise, treat, measure, lose some.

    A trial does not depend on the trials that are simulated with it.

    Parameters
    ----------
    scene : Scene
        Study under parameter values, from `scene_of`.
    replicates : Sequence[int] or IntArray, shape (n_trials,)
        Numbers of the trials, increasing; every replicate has its own patients.
    twins : bool
        Also simulate every patient under the arms it was not given (parallel trials).
    draw : int
        Number of the parameter draw, to be noted.
    responses : Sequence[Response] or None
        Of the courses, from `arm_responses`, where they are known.

    Returns
    -------
    Trials
        With the readings of every patient.

    Raises
    ------
    InputError
        Where the inclusion criteria admit hardly anybody.
    """
    plan = scene.protocol
    numbers = np.asarray(replicates, dtype=np.int64)
    admitted = screen(scene, n_patients=plan.n_patients, replicate=numbers, area=plan.area)
    population, n_arms = admitted.population, len(plan.arms)
    if responses is None:
        responses = arm_responses(scene, plan.courses, float(plan.weeks[-1]))
    if plan.split_scalp:
        # the two sides are two target areas of one scalp, so they have follicles and errors of their own
        readings = [
            observe(
                scene,
                population,
                [given],
                weeks=plan.weeks,
                area=plan.area,
                site=1 + side,
                responses=[responses[side]],
                states=admitted.states if side == 0 else None,
            )[0]
            for side, given in enumerate(plan.prescriptions)
        ]
        received = np.ones((n_arms, len(population)), dtype=np.bool_)
    elif plan.crossover:
        crossed = cross_over(scene, population, allocated(scene, population, numbers), admitted.states)
        return Trials(
            scene=scene,
            replicates=numbers,
            population=population,
            received=crossed.received,
            readings=crossed.readings,
            seen=np.asarray(crossed.periods.seen.any(axis=0), dtype=np.bool_),
            harms=crossed.harms,
            screened=admitted.screened,
            excluded=admitted.excluded,
            draw=draw,
            periods=crossed.periods,
        )
    else:
        assigned = allocated(scene, population, numbers)
        received = assigned[None, :] == np.arange(n_arms)[:, None]
        readings = observe(
            scene,
            population,
            plan.courses if twins else plan.prescriptions,
            weeks=plan.weeks,
            area=plan.area,
            assigned=None if twins else assigned,
            responses=responses if twins else responses[:n_arms],
            states=admitted.states,
        )
        under = [*range(n_arms), *(rescue.arm for rescue in plan.rescues)]
        readings = [
            moved(scene, population, np.full(len(population), under[course]) if twins else assigned, reading)
            for course, reading in enumerate(readings)
        ]
        readings = readings if twins else readings * n_arms
    if has_events(plan):
        found = follow_events(scene, population, received.argmax(axis=0), readings, admitted.states, twins=twins)
        return Trials(
            scene=scene,
            replicates=numbers,
            population=population,
            received=received,
            readings=found.readings,
            seen=found.seen,
            harms=found.harms,
            screened=admitted.screened,
            excluded=admitted.excluded,
            twins=twins,
            draw=draw,
            rescued=found.entry == RESCUE if plan.rescues else None,
            event_week=found.week,
            event=found.entry,
        )
    rule = plan.study.design.leaving
    other = leaving_at_random(scene, population, received, rule)
    given = np.concatenate([received, np.zeros((len(plan.rescues), len(population)), dtype=np.bool_)])
    harms = trial_events(scene, population, given, other)
    missed = scene.values["measurement.missed_visit"]
    seen = attended(population, plan.weeks, harms.left, missed=missed, seed=scene.seed)
    own = readings
    if plan.rescues:
        readings, given = _rescued(scene, population, readings, given, seen, responses, admitted.states, twins=twins)
        harms = trial_events(scene, population, given, other)
        seen = attended(population, plan.weeks, harms.left, missed=missed, seed=scene.seed)
    if rule.missing != "mcar":
        nobody = np.full(len(population), np.nan)
        came = attended(population, plan.weeks, nobody, missed=missed, seed=scene.seed)
        other = leaving_by_rule(scene, population, received, readings, harms, came, rule)
        harms = trial_events(scene, population, given, other)
        seen = attended(population, plan.weeks, harms.left, missed=missed, seed=scene.seed)
        if plan.rescues:
            readings, given = without_rescue(plan, own, readings, given, seen, twins=twins)
            harms = trial_events(scene, population, given, other)
    return Trials(
        scene=scene,
        replicates=numbers,
        population=population,
        received=received,
        readings=readings,
        seen=seen,
        harms=harms,
        screened=admitted.screened,
        excluded=admitted.excluded,
        twins=twins,
        draw=draw,
        rescued=np.asarray(given[n_arms:].any(axis=0)) if plan.rescues else None,
    )


def _rescued(
    scene: Scene,
    population: Population,
    readings: Sequence[Readings],
    given: BoolArray,
    seen: BoolArray,
    responses: Sequence[Response],
    states: States | None,
    *,
    twins: bool,
) -> tuple[list[Readings], BoolArray]:
    """Readings of the arms with those of the rescued, and who is given which course [course, patient].

    Up to the week of the rescue both courses are the same, and so is what makes patients leave. A twin under an arm
    that the patient was not given has no visit to miss. Where there are no twins only the rescued are followed again.
    """
    plan = scene.protocol
    n_arms, chosen, of_arms = len(plan.arms), given.copy(), list(readings[: len(plan.arms)])
    for course, rescue in enumerate(plan.rescues, start=n_arms):
        own = of_arms[rescue.arm]
        here = rescue.is_for(own, plan) & (seen[:, rescue.visit(plan)] | ~given[rescue.arm])
        chosen[course] = here & given[rescue.arm]
        chosen[rescue.arm] &= ~here
        rows = np.flatnonzero(here if twins else chosen[course])
        if not len(rows):
            continue
        if twins:
            of_arms[rescue.arm] = rescue.taken(own, readings[course], rows, plan)
            continue
        (again,) = observe(
            scene,
            population.take(rows),
            [rescue.prescriptions],
            weeks=plan.weeks,
            area=plan.area,
            responses=[responses[course]],
            states=None if states is None else states.of(rows),
        )
        again = moved(scene, population.take(rows), np.full(len(rows), rescue.arm), again)
        # one Readings stands for all arms
        of_arms = [rescue.taken(own, again, rows, plan)] * n_arms
    return of_arms, chosen


def in_batches(scene: Scene, replicates: range, *, draw: int = 0) -> Iterator[Trials]:
    """Trials of a scene, as many at once as fit; the network is followed once for all of them.

    Parameters
    ----------
    scene : Scene
        Study under parameter values.
    replicates : range
        Numbers of the trials.
    draw : int
        Number of the parameter draw, to be noted.

    Returns
    -------
    Iterator[Trials]
        In order.
    """
    plan = scene.protocol
    responses = arm_responses(scene, plan.courses, float(plan.weeks[-1]))
    most = max(1, int(MOST_TOGETHER / (plan.n_patients * max(plan.area, SMALLEST) * DENSE)))
    for first in range(replicates.start, replicates.stop, most):
        numbers = np.arange(first, min(first + most, replicates.stop))
        yield simulate_trials(scene, numbers, draw=draw, responses=responses)
