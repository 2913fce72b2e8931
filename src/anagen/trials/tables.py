"""Virtual trials as long tidy tables: one row per visit and endpoint, and one per patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anagen.core.arrays import IntArray
from anagen.trials.attendance import misses_sessions
from anagen.trials.centres import centre_of
from anagen.trials.enrolment import calendar_of
from anagen.trials.flow import flow_of
from anagen.trials.followed import event_names_of
from anagen.trials.observation import Scene
from anagen.trials.simulation import Trials, simulate_trials
from anagen.trials.transplantation import graft_columns


@dataclass(frozen=True, slots=True)
class TrialTables:
    """visits: one row per patient, arm, week and endpoint; patients: one row per patient and arm; events: one row per
    adverse event of a patient; flow: CONSORT numbers of the first trial.
    """

    visits: pd.DataFrame
    patients: pd.DataFrame
    events: pd.DataFrame
    flow: dict[str, Any]


def tables_of(trials: Trials) -> TrialTables:
    """All tables of trials."""
    return TrialTables(visit_rows(trials), patient_rows(trials), trials.harms.table, flow_of(trials))


def simulate_trial(scene: Scene, *, replicate: int, twins: bool = False) -> TrialTables:
    """Tables of one trial; see `simulate_trials`."""
    return tables_of(simulate_trials(scene, [replicate], twins=twins))


def visit_rows(trials: Trials) -> pd.DataFrame:
    """Rows of all trials, ordered by trial, arm, patient, week and endpoint; twins are left out where there are none.

    Parameters
    ----------
    trials : Trials
        Simulated.

    Returns
    -------
    pd.DataFrame
        The table "visits"; `measured` is missing where a patient was not seen, and for twins.
    """
    plan, population = trials.scene.protocol, trials.population
    received, keep_twins = trials.received, trials.twins and not plan.same_patients
    arms, rows = _in_order(trials, np.ones_like(received) if keep_twins else received)
    shape = (len(rows), len(plan.weeks), len(plan.endpoints))

    def read(name: str) -> NDArray[Any]:
        if trials.apart:
            return np.stack([getattr(reading, name) for reading in trials.readings])[arms, rows]
        return np.asarray(getattr(trials.readings[0], name)[rows])

    def spread(column: NDArray[Any], axis: int) -> NDArray[Any]:
        shaped = np.expand_dims(column, tuple(i for i in range(3) if i != axis))
        return np.broadcast_to(shaped, shape).ravel()

    assigned = received[arms, rows]
    there = trials.seen_in[arms, rows] & assigned[:, None]
    n = int(np.prod(shape))
    columns: dict[str, Any] = {
        "replicate": spread(population.replicate[rows].astype(np.int32), 0),
        "draw": np.full(n, trials.draw, dtype=np.int32),
        "arm": codes(spread(arms, 0), plan.arms),
        "patient": spread(population.patient[rows].astype(np.int32), 0),
        "assigned": spread(assigned, 0),
        "zone": codes(np.zeros(n), (trials.scene.spec.zone,)),
        "week": spread(plan.weeks, 1),
        "endpoint": codes(spread(np.arange(shape[2]), 2), tuple(e.name for e in plan.endpoints)),
        "true": read("true").ravel(),
        "expected": read("expected").ravel(),
        "measured": np.where(there[:, :, None], read("measured"), np.nan).ravel(),
    }
    return pd.DataFrame(columns)


def _in_order(trials: Trials, shown: NDArray[np.bool_]) -> tuple[IntArray, IntArray]:
    """Arm and patient of every pair that is shown, trial by trial, arm by arm."""
    arms, rows = np.nonzero(shown)
    order = np.argsort(trials.population.replicate[rows], kind="stable")
    return arms[order], rows[order]


def codes(numbers: NDArray[Any], names: tuple[str, ...]) -> Any:
    """A column of names given by their numbers."""
    return pd.Categorical.from_codes(cast("Any", numbers.astype(np.int16)), dtype=pd.CategoricalDtype(list(names)))


def patient_rows(trials: Trials) -> pd.DataFrame:
    """Covariates and measured baseline of every patient under the arm it was given, trial by trial, arm by arm.

    Parameters
    ----------
    trials : Trials
        Simulated.

    Returns
    -------
    pd.DataFrame
        The table "patients".
    """
    plan = trials.scene.protocol
    tables = [_patients_of_arm(trials, arm, np.flatnonzero(trials.received[arm])) for arm in range(len(plan.arms))]
    table = pd.concat(tables, ignore_index=True)
    return table.sort_values("replicate", kind="stable", ignore_index=True)


def _patients_of_arm(trials: Trials, arm: int, rows: IntArray) -> pd.DataFrame:
    scene, left = trials.scene, trials.left_in(arm)[rows]
    chosen = trials.population.take(rows)
    table: dict[str, Any] = {
        "replicate": chosen.replicate.astype(np.int32),
        "patient": chosen.patient.astype(np.int32),
        "arm": [scene.protocol.arms[arm]] * len(rows),
        "age": chosen.age,
        "sex": list(chosen.sex),
        "ethnicity": list(chosen.ethnicity),
        "severity": list(chosen.severity),
        "years_since_onset": chosen.years_since_onset,
        "follicle_density": chosen.follicle_density,
        "shaft_diameter": chosen.shaft_diameter,
        "sensitivity": chosen.sensitivity,
        "sulfotransferase": chosen.sulfotransferase,
        "growth_rate": chosen.growth_rate,
        "dropout_week": left,
        "dropout_reason": np.where(np.isnan(left), "", np.where(trials.because[rows], "adverse event", "other")),
    }
    for column, endpoint in enumerate(scene.protocol.endpoints):
        table[f"baseline_{endpoint.name}"] = trials.readings[arm].measured[rows, 0, column]
    if trials.periods is not None:
        table["period"] = np.where(trials.periods.first[rows] == arm, 1, 2)
    design = scene.protocol.study.design
    if design.centres is not None:
        table["centre"] = 1 + centre_of(chosen, design.centres, seed=scene.seed)
    if (calendar := calendar_of(scene.protocol, trials.replicates, seed=scene.seed)) is not None:
        table["enrolled_week"] = calendar.enrolled.ravel()[rows]
    if trials.event is not None and trials.event_week is not None:
        week = trials.event_week[arm, rows]
        table["event"] = event_names_of(scene.protocol, trials.event[rows])
        table["event_week"] = np.where(np.isfinite(week), week, np.nan)
    if any(map(misses_sessions, scene.protocol.prescriptions[arm])):
        days, comes = trials.sessions_in(arm, rows)
        table["sessions_missed"] = len(days) - comes.sum(axis=1)
    if trials.rescued is not None:
        table["rescued"] = trials.rescued[rows]
    table |= graft_columns(scene.protocol.prescriptions[arm], chosen, scene.values, seed=scene.seed)
    return pd.DataFrame(table)
