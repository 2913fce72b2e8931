"""One virtual trial, from screening to the last visit, as long tidy tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.measures import PER_CENT, RESPONDERS
from anagen.patients import Population
from anagen.scalp import ENDPOINTS, Readings
from anagen.study import Study
from anagen.study.models import EndpointChoice
from anagen.trials.cost import EXPECTED_PATIENTS
from anagen.trials.dropout import attended, dropout_week
from anagen.trials.event_rows import trial_events
from anagen.trials.matching import matched_population
from anagen.trials.observation import Scene, observe
from anagen.trials.protocol import population_spec, protocol
from anagen.trials.randomisation import randomise
from anagen.trials.screening import screen
from anagen.trials.transplantation import graft_columns

EXPECTED_REPLICATE = 2**32 - 2
"""Number of the pseudo-trial whose patients carry expected effects; no replicate of a study can have it."""
EXPECTED_AREA = 1.0


@dataclass(frozen=True, slots=True)
class TrialTables:
    """visits: one row per patient, arm, week and endpoint; patients: one row per patient and arm; events: one row per
    adverse event of a patient; flow: CONSORT numbers.
    """

    visits: pd.DataFrame
    patients: pd.DataFrame
    events: pd.DataFrame
    flow: dict[str, Any]


def scene_of(study: Study, values: Mapping[str, float], *, seed: int, threads: int = 1) -> Scene:
    """A study under given parameter values, its published baseline matched."""
    scene = Scene(protocol(study), population_spec(study), values, seed, threads)
    matched = matched_population(scene)
    return replace(scene, spec=matched.spec, notes=matched.notes)


def simulate_trial(scene: Scene, *, replicate: int, twins: bool = False) -> TrialTables:
    """Simulate one trial: screen, randomise, treat, measure, lose some.

    Parameters
    ----------
    scene : Scene
        Study under parameter values, from `scene_of`.
    replicate : int
        Number of the trial; every replicate has its own patients.
    twins : bool
        Also simulate every patient under the arms it was not given (parallel trials).

    Returns
    -------
    TrialTables
        TrialTables. `measured` is missing where a patient was not seen, and for twins.

    Raises
    ------
    InputError
        Where the inclusion criteria admit hardly anybody.
    """
    plan = scene.protocol
    admitted = screen(scene, n_patients=plan.n_patients, replicate=replicate, area=plan.area)
    population = admitted.population
    n_arms = len(plan.arms)
    if plan.split_scalp:
        # the two sides are two target areas of one scalp, so they have follicles and errors of their own
        readings = [
            observe(scene, population, [received], weeks=plan.weeks, area=plan.area, site=1 + side)[0]
            for side, received in enumerate(plan.prescriptions)
        ]
        received = np.ones((n_arms, len(population)), dtype=np.bool_)
    else:
        block = plan.study.design.randomisation.block if plan.study.design.randomisation.method == "block" else None
        assigned = randomise(
            plan.sizes,
            strata_of(population, plan.study.design.randomisation.strata),
            block=block,
            seed=scene.seed,
            replicate=replicate,
        )
        received = assigned[None, :] == np.arange(n_arms)[:, None]
        if twins:
            readings = observe(scene, population, plan.prescriptions, weeks=plan.weeks, area=plan.area)
        else:
            (reading,) = observe(
                scene, population, plan.prescriptions, weeks=plan.weeks, area=plan.area, assigned=assigned
            )
            readings = [reading] * n_arms
    other = dropout_week(population, share=plan.study.design.dropout, last_week=float(plan.weeks[-1]), seed=scene.seed)
    harms = trial_events(scene, population, received, other, replicate=replicate)
    left = harms.left
    seen = attended(population, plan.weeks, left, missed=scene.values["measurement.missed_visit"], seed=scene.seed)
    visits = [
        visit_rows(
            scene,
            population,
            arm,
            readings[arm],
            seen,
            received[arm],
            replicate,
            keep_twins=twins and not plan.split_scalp,
        )
        for arm in range(n_arms)
    ]
    patients = [
        patient_rows(scene, population, arm, readings[arm], left, harms.because, received[arm], replicate)
        for arm in range(n_arms)
    ]
    flow = flow_of(scene, admitted.screened, admitted.excluded, received, seen, readings, left, harms.because)
    return TrialTables(pd.concat(visits, ignore_index=True), pd.concat(patients, ignore_index=True), harms.table, flow)


def expected_readings(scene: Scene, *, n_patients: int = EXPECTED_PATIENTS) -> list[Readings]:
    """Reference patients under every arm: what the model expects, without the luck of one trial.

    The same patients, admitted as the study admits them, are simulated as twins under every arm in a target area of 1
    cm2 and read without a study offset. Only the parameter values differ between two calls with the same seed.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.
    n_patients : int
        Patients to average over.

    Returns
    -------
    list[Readings]
        One Readings [patient, visit, endpoint] per arm.
    """
    plan = scene.protocol
    admitted = screen(scene, n_patients=n_patients, replicate=EXPECTED_REPLICATE, area=plan.area)
    return observe(
        scene,
        admitted.population,
        plan.prescriptions,
        weeks=plan.weeks,
        area=EXPECTED_AREA,
        site=1 if plan.split_scalp else 0,
        study_offset=False,
    )


def strata_of(population: Population, strata: Sequence[str]) -> list[str]:
    """Stratum of each patient: the chosen covariates joined."""
    columns = [getattr(population, name) for name in strata]
    return [" / ".join(column[i] for column in columns) for i in range(len(population))]


def visit_rows(
    scene: Scene,
    population: Population,
    arm: int,
    readings: Readings,
    seen: BoolArray,
    received: BoolArray,
    replicate: int,
    *,
    keep_twins: bool,
) -> pd.DataFrame:
    """Rows of one arm, ordered by patient, week and endpoint."""
    plan = scene.protocol
    rows = np.arange(len(population)) if keep_twins else np.flatnonzero(received)
    shape = (len(rows), len(plan.weeks), len(plan.endpoints))
    measured = np.where((seen & received[:, None])[rows][:, :, None], readings.measured[rows], np.nan)

    def spread(column: NDArray[Any], axis: int) -> NDArray[Any]:
        shaped = np.expand_dims(column, tuple(i for i in range(3) if i != axis))
        return np.broadcast_to(shaped, shape).ravel()

    n = int(np.prod(shape))
    columns: dict[str, Any] = {
        "replicate": np.full(n, replicate, dtype=np.int32),
        "draw": np.zeros(n, dtype=np.int32),
        "arm": codes(np.full(n, arm), plan.arms),
        "patient": spread(population.patient[rows].astype(np.int32), 0),
        "assigned": spread(received[rows], 0),
        "zone": codes(np.zeros(n), (scene.spec.zone,)),
        "week": spread(plan.weeks, 1),
        "endpoint": codes(spread(np.arange(shape[2]), 2), tuple(e.name for e in plan.endpoints)),
        "true": readings.true[rows].ravel(),
        "expected": readings.expected[rows].ravel(),
        "measured": measured.ravel(),
    }
    return pd.DataFrame(columns)


def codes(numbers: NDArray[Any], names: tuple[str, ...]) -> Any:
    """A column of names given by their numbers."""
    return pd.Categorical.from_codes(cast("Any", numbers.astype(np.int16)), dtype=pd.CategoricalDtype(list(names)))


def patient_rows(
    scene: Scene,
    population: Population,
    arm: int,
    readings: Readings,
    left: FloatArray,
    because: BoolArray,
    received: BoolArray,
    replicate: int,
) -> pd.DataFrame:
    """Covariates and measured baseline of the patients of one arm."""
    rows = np.flatnonzero(received)
    chosen = population.take(rows)
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
        "dropout_week": left[rows],
        "dropout_reason": np.where(np.isnan(left[rows]), "", np.where(because[rows], "adverse event", "other")),
    }
    for column, endpoint in enumerate(scene.protocol.endpoints):
        table[f"baseline_{endpoint.name}"] = readings.measured[rows, 0, column]
    table |= graft_columns(scene.protocol.prescriptions[arm], chosen, scene.values, seed=scene.seed)
    return pd.DataFrame(table)


def flow_of(
    scene: Scene,
    screened: int,
    excluded: Mapping[str, int],
    received: BoolArray,
    seen: BoolArray,
    readings: Sequence[Readings],
    left: FloatArray,
    because: BoolArray,
) -> dict[str, Any]:
    """CONSORT numbers: analysed are those with an outcome of the primary endpoint, and per outcome where they differ.

    `outcomes` has one entry for every endpoint, week and measure that is analysed; `notes` says in words who was seen
    and has no outcome, and what the study states and the simulation does not meet.
    """
    plan = scene.protocol
    gone = ~np.isnan(left)
    choices = (plan.study.endpoints.primary, *plan.study.endpoints.secondary)
    outcomes = [outcome_of(scene, choice, received, seen, readings) for choice in choices]
    return {
        "screened": screened,
        "excluded": dict(excluded),
        "randomised": {arm: int(received[i].sum()) for i, arm in enumerate(plan.arms)},
        "dropped_out": {arm: int((received[i] & gone).sum()) for i, arm in enumerate(plan.arms)},
        "dropped_out_for_adverse_events": {arm: int((received[i] & because).sum()) for i, arm in enumerate(plan.arms)},
        "analysed": outcomes[0]["analysed"],
        "outcomes": outcomes,
        "notes": [*scene.notes, *(note for outcome in outcomes if (note := without_outcome(outcome)))],
    }


def outcome_of(
    scene: Scene, choice: EndpointChoice, received: BoolArray, seen: BoolArray, readings: Sequence[Readings]
) -> dict[str, Any]:
    """Patients of each arm who were seen for an outcome, and those of them who have it."""
    plan = scene.protocol
    column = [endpoint.name for endpoint in plan.endpoints].index(choice.endpoint)
    week = int(np.flatnonzero(plan.weeks == choice.week)[0])
    has = np.array([has_outcome(choice, r.measured[:, 0, column], r.measured[:, week, column]) for r in readings])
    if plan.split_scalp:
        # two sides are compared within a patient, who must have both
        has = np.broadcast_to(has.all(axis=0), has.shape)
    rows = received & seen[:, week]
    return {
        "endpoint": choice.endpoint,
        "week": choice.week,
        "measure": choice.measure,
        "seen": dict(zip(plan.arms, rows.sum(axis=1).tolist(), strict=True)),
        "analysed": dict(zip(plan.arms, (rows & has).sum(axis=1).tolist(), strict=True)),
    }


def has_outcome(choice: EndpointChoice, before: FloatArray, after: FloatArray) -> BoolArray:
    """Who has an outcome to analyse, from what was measured at baseline and at its week [patient]."""
    if choice.measure == "responder_value":
        return np.isfinite(after)
    has = np.isfinite(before) & np.isfinite(after)
    return has & (before > 0.0) if RESPONDERS.get(choice.measure, choice.measure) == PER_CENT else has


def without_outcome(outcome: Mapping[str, Any]) -> str:
    """Who was seen and has no outcome, as a sentence; empty where everybody has one.

    Examples
    --------
    >>> outcome = {"endpoint": "total_density", "week": 12.0, "measure": "percent_change"}
    >>> without_outcome({**outcome, "seen": {"a": 25, "b": 24}, "analysed": {"a": 23, "b": 24}})[:75]
    '2 of 49 patients (2 of 25 in a) had a total hair density of 0 at baseline a'
    >>> without_outcome({**outcome, "seen": {"a": 25}, "analysed": {"a": 25}})
    ''
    """
    seen, analysed = outcome["seen"], outcome["analysed"]
    short = {arm: n - analysed[arm] for arm, n in seen.items() if n > analysed[arm]}
    if not short:
        return ""
    title = ENDPOINTS[outcome["endpoint"]].title
    why = f"had no hair in which {title} can be read"
    if RESPONDERS.get(outcome["measure"], outcome["measure"]) == PER_CENT:
        why = f"had a {title} of 0 at baseline and have no percentage change"
    arms = ", ".join(f"{n} of {seen[arm]} in {arm}" for arm, n in short.items())
    return (
        f"{sum(short.values())} of {sum(seen.values())} patients ({arms}) {why} at week {outcome['week']:g}; "
        "they are not analysed."
    )
