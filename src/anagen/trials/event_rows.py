"""Adverse events of one virtual trial as rows, and the patients who leave because of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import Prescription
from anagen.patients import Population
from anagen.results.schema import TABLES
from anagen.trials.dropout import leaving
from anagen.trials.observation import Scene
from anagen.trials.safety import SEVERITIES, Hazard, Occurrences, event_names, event_titles, occurrences

EVENT_COLUMNS = tuple(column.name for column in TABLES["events"].columns)


@dataclass(frozen=True, slots=True)
class TrialEvents:
    """What happened to the patients of a trial.

    Attributes
    ----------
    table : pd.DataFrame
        One row per patient, arm and event.
    left : FloatArray
        [week] of leaving for whatever reason, not a number for those who complete.
    because : BoolArray
        True where an adverse event was the reason.
    """

    table: pd.DataFrame
    left: FloatArray
    because: BoolArray


def trial_events(
    scene: Scene,
    population: Population,
    received: BoolArray,
    other_week: FloatArray,
    *,
    further: Sequence[tuple[int, Sequence[Prescription]]] = (),
    stays: BoolArray | None = None,
) -> TrialEvents:
    """Adverse events under the arms that patients were given, with what they do to the dropout.

    Events after a patient has left are not seen. In a split-scalp trial a patient leaves with both sides.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.
    population : Population
        Patients.
    received : BoolArray, shape (n_courses, n_patients)
        True where the patient has the arm, or the rescue of an arm: each patient has one, or both sides.
    other_week : FloatArray, shape (n_patients,)
        Week of leaving for other reasons [week].
    further : Sequence[tuple[int, Sequence[Prescription]]]
        Courses behind those of the study, with the place of their arm.
    stays : BoolArray or None, shape (n_patients,)
        Who stays in follow-up when an adverse event makes him stop; None for nobody.

    Returns
    -------
    TrialEvents
        Events, and who leaves because of them.
    """
    plan = scene.protocol
    hazards = plan.hazards_after([course for _, course in further])
    names = event_names(hazards)
    rows_of = [np.flatnonzero(course) for course in received]
    arms = [*range(len(plan.arms)), *(rescue.arm for rescue in plan.rescues), *(arm for arm, _ in further)]
    events_of = [
        occurrences(
            hazards[course],
            names,
            population.take(rows),
            scene.values,
            seed=scene.seed,
            side=1 + course if plan.split_scalp else 0,
        )
        for course, rows in enumerate(rows_of)
    ]
    stopping = np.full(len(population), np.inf)
    for rows, happened in zip(rows_of, events_of, strict=True):
        stopping[rows] = np.minimum(stopping[rows], happened.stopping_day())
    if stays is not None:
        stopping[stays] = np.inf
    end = float(plan.weeks[-1]) * DAYS_PER_WEEK
    left, because = leaving(other_week, stopping / DAYS_PER_WEEK, last_week=float(plan.weeks[-1]))
    left_week = np.where(np.isnan(left), np.inf, left)
    titles = event_titles(hazards)
    tables = [
        event_table(
            plan.arms[arms[course]],
            hazards[course],
            events_of[course],
            population.take(rows),
            left_week[rows],
            because[rows],
            titles,
            end,
        )
        for course, rows in enumerate(rows_of)
    ]
    whole = [table for table in tables if len(table)]
    table = pd.concat(whole, ignore_index=True) if whole else no_events()
    if plan.rescues or further:
        # the rescued among the other patients of their arm
        place = table["arm"].map(plan.arms.index)
        table = table.assign(place=place).sort_values(["replicate", "place", "patient"], kind="stable")
        table = table.drop(columns="place")
    # trial by trial; within one, arms and their patients stay in order
    return TrialEvents(table.sort_values("replicate", kind="stable", ignore_index=True), left, because)


def event_table(
    arm: str,
    hazards: Sequence[Hazard],
    happened: Occurrences,
    population: Population,
    left_week: FloatArray,
    because: BoolArray,
    titles: dict[str, str],
    end: float,
) -> pd.DataFrame:
    """Rows of one arm, ordered by patient and event; what happens after leaving or after the last visit is left out."""
    # in weeks, as leaving is: a day divided and multiplied again need not be the same day
    onset_week = happened.onset / DAYS_PER_WEEK
    seen = (happened.onset < end) & (onset_week <= left_week[:, None])
    patient, event = np.nonzero(seen)
    if not len(patient):
        return no_events()
    onset, cause = happened.onset[seen], happened.cause[seen]
    of_row: list[Hazard] = [hazards[int(number)] for number in cause]
    stopped_here = happened.stops[seen] & because[patient] & (onset_week[seen] == left_week[patient])
    exposed_until = np.minimum(
        np.array([hazard.last_day for hazard in hazards])[cause], left_week[patient] * DAYS_PER_WEEK
    )
    resolution = np.array([hazard.event.resolution for hazard in hazards])[cause]
    from_day = np.where(resolution == "after stopping", np.maximum(onset, exposed_until), onset)
    over = np.where(resolution == "never", np.nan, from_day + happened.duration[seen])
    columns: dict[str, Any] = {
        "replicate": population.replicate[patient].astype(np.int32),
        "patient": population.patient[patient].astype(np.int32),
        "arm": arm,
        "event": [happened.names[e] for e in event],
        "title": [titles[happened.names[e]] for e in event],
        "cause": [hazard.cause for hazard in of_row],
        "source": [hazard.source for hazard in of_row],
        "scenario": [hazard.event.scenario is not None for hazard in of_row],
        "onset_week": onset_week[seen],
        "severity": [SEVERITIES[grade] for grade in happened.severity[seen]],
        "resolution_week": over / DAYS_PER_WEEK,
        "resolved": over <= end,
        "discontinued": stopped_here,
    }
    return pd.DataFrame(columns, columns=list(EVENT_COLUMNS))


def no_events() -> pd.DataFrame:
    """An events table without rows."""
    kinds = {"integer": "int32", "number": "float64", "flag": "bool"}
    return pd.DataFrame(
        {column.name: pd.Series(dtype=kinds.get(column.kind, "object")) for column in TABLES["events"].columns}
    )
