"""A crossover trial: every patient is given both arms, one after the other, with a wash-out between.

Half of the patients begin with each arm. Follicles are followed through both periods, so that what the first treatment
left is there in the second. Readings are then told by arm: weeks count from the baseline of the period in which a
patient has the arm, and change from what is measured there. Who has left before the second period has no second arm.
Expected values are those of the first period of everybody, which no treatment preceded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import Doses, Prescription
from anagen.follicles.states import States
from anagen.patients import Population
from anagen.scalp import Readings
from anagen.trials.centres import moved
from anagen.trials.dropout import attended, dropout_week, leaving
from anagen.trials.event_rows import TrialEvents, event_table, no_events
from anagen.trials.observation import Scene, observe
from anagen.trials.protocol import Protocol
from anagen.trials.rescue import until
from anagen.trials.safety import event_names, event_titles, occurrences


@dataclass(frozen=True, slots=True)
class Periods:
    """Who had what when in crossover trials.

    Attributes
    ----------
    first : IntArray, shape (n_patients,)
        Place of the arm that each patient began with.
    seen : BoolArray, shape (n_arms, n_patients, n_visits)
        Who came to which visit of the period with the arm.
    left : FloatArray, shape (n_arms, n_patients)
        Week of that period in which a patient left; NaN who completed it.
    """

    first: IntArray
    seen: BoolArray
    left: FloatArray


@dataclass(frozen=True, slots=True)
class CrossedOver:
    """Patients of crossover trials.

    Attributes
    ----------
    readings : list[Readings]
        One for each arm, by the visits of its period.
    received : BoolArray, shape (n_arms, n_patients)
        Who began the period with an arm.
    periods : Periods
        Who had what when.
    harms : TrialEvents
        Adverse events, and who left when and why, in weeks of the trial.
    """

    readings: list[Readings]
    received: BoolArray
    periods: Periods
    harms: TrialEvents


def sequences_of(plan: Protocol) -> list[tuple[Prescription, ...]]:
    """What those are given who begin with each arm.

    Parameters
    ----------
    plan : Protocol
        A crossover.

    Returns
    -------
    list[tuple[Prescription, ...]]
        The arm's own therapies in the first period, those of the other arm in the second.
    """
    last = float(plan.weeks[-1])
    periods = [within_period(prescriptions, last) for prescriptions in plan.prescriptions]
    return [(*own, *(_later(part, plan.second) for part in periods[1 - arm])) for arm, own in enumerate(periods)]


def within_period(prescriptions: Sequence[Prescription], last: float) -> tuple[Prescription, ...]:
    """Therapies within a period."""
    cut = (until(prescription, last) for prescription in prescriptions)
    return tuple(part for part in cut if len(part.doses.days))


def _later(prescription: Prescription, week: float) -> Prescription:
    doses = prescription.doses
    return replace(prescription, doses=Doses(doses.days + week * DAYS_PER_WEEK, doses.amounts, doses.daily))


def cross_over(scene: Scene, population: Population, first: IntArray, states: States | None) -> CrossedOver:
    """What happens to the patients of crossover trials.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    first : IntArray, shape (n_patients,)
        Place of the arm that each begins with.
    states : States or None
        Of the follicles where the tables start.

    Returns
    -------
    CrossedOver
        Readings by arm, visits attended, adverse events.
    """
    plan, n = scene.protocol, len(population)
    weeks = np.union1d(plan.weeks, plan.second + plan.weeks)
    places = [np.searchsorted(weeks, start + plan.weeks) for start in (0.0, plan.second)]
    (whole,) = observe(
        scene, population, sequences_of(plan), weeks=weeks, area=plan.area, assigned=first, states=states
    )
    end = plan.duration
    rule = plan.study.design.leaving
    other = dropout_week(population, share=rule.share, last_week=end, seed=scene.seed)
    harms = events_in_periods(scene, population, first, other)
    came = attended(population, weeks, harms.left, missed=scene.values["measurement.missed_visit"], seed=scene.seed)
    readings: list[Readings] = []
    received, left = np.ones((2, n), dtype=np.bool_), np.full((2, n), np.nan)
    seen = np.empty((2, n, len(plan.weeks)), dtype=np.bool_)
    gone = np.where(np.isnan(harms.left), np.inf, harms.left)
    for arm in range(2):
        begins = (first == arm)[:, None]
        own = Readings(*(_of_period(begins, part, places) for part in (whole.true, whole.expected, whole.measured)))
        readings.append(moved(scene, population, np.full(n, arm), own))
        seen[arm] = np.where(begins, came[:, places[0]], came[:, places[1]])
        start = np.where(first == arm, 0.0, plan.second)
        received[arm] = gone > start
        left[arm] = np.where(gone < start + plan.weeks[-1], gone - start, np.nan)
    seen &= received[:, :, None]
    return CrossedOver(readings, received, Periods(first, seen, left), harms)


def _of_period(first: BoolArray, part: FloatArray, places: Sequence[IntArray]) -> FloatArray:
    """Values [patient, visit, endpoint] of the first period, or of the second of those who begin with the other arm."""
    return np.where(first[..., None], part[:, places[0]], part[:, places[1]])


def events_in_periods(scene: Scene, population: Population, first: IntArray, other: FloatArray) -> TrialEvents:
    """Adverse events of both periods, in weeks of the period, and who leaves because of them, in weeks of the trial.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    first : IntArray, shape (n_patients,)
        Place of the arm that each begins with.
    other : FloatArray, shape (n_patients,)
        Week of leaving for other reasons; NaN for those who do not.

    Returns
    -------
    TrialEvents
        Draws of the second period are its own.
    """
    plan, hazards = scene.protocol, scene.protocol.hazards
    names, titles = event_names(hazards), event_titles(hazards)
    end = float(plan.weeks[-1]) * DAYS_PER_WEEK
    parts = [(arm, period, np.flatnonzero((first == arm) == (period == 0))) for arm in range(2) for period in range(2)]
    happened = [
        occurrences(hazards[arm], names, population.take(rows), scene.values, seed=scene.seed, period=period)
        for arm, period, rows in parts
    ]
    stop = np.full((2, len(population)), np.inf)
    for (_, period, rows), found in zip(parts, happened, strict=True):
        day = found.stopping_day()
        stop[period, rows] = np.where(day < end, day, np.inf) / DAYS_PER_WEEK
    stopping = np.minimum(stop[0], plan.second + stop[1])
    left, because = leaving(other, stopping, last_week=plan.duration)
    gone = np.where(np.isnan(left), np.inf, left)
    tables: list[pd.DataFrame] = []
    for (arm, period, rows), found in zip(parts, happened, strict=True):
        # the week of the period itself where its own event is the reason: a sum taken back need not be the same week
        here = because[rows] & (stop[period, rows] + (plan.second if period else 0.0) == left[rows])
        own = np.where(here, stop[period, rows], gone[rows] - (plan.second if period else 0.0))
        people = population.take(rows)
        tables.append(event_table(plan.arms[arm], hazards[arm], found, people, own, here, titles, end))
    some = [table for table in tables if len(table)]
    table = pd.concat(some, ignore_index=True) if some else no_events()
    table = table.assign(place=table["arm"].map(plan.arms.index))
    table = table.sort_values(["replicate", "place", "patient"], kind="stable", ignore_index=True)
    return TrialEvents(table.drop(columns="place"), left, because)
