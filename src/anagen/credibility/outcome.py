"""The outcome of an assessment: the expected primary effect of one arm, at any values of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtr

from anagen.analysis.effects import NO_CONTROL, contrasts_of
from anagen.analysis.expected import mean_of
from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray
from anagen.core.errors import AnagenError, InputError, Problem
from anagen.core.measures import RESPONDERS
from anagen.core.provenance import sha256_of_bytes, sha256_of_json
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key
from anagen.parameters import Parameter, ParameterSet
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.trials.observation import Scene
from anagen.trials.protocol import Protocol, protocol
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import scene_of

PER_TASK = 12
"""Evaluations in one task: about a second, so that little is lost where a run is stopped."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Expected primary effect of `arm` over `control` in `patients` reference patients of a study."""

    study: Study
    arm: str
    control: str
    seed: int
    patients: int

    def at(self, values: Mapping[str, float], *, threads: int = 1) -> float:
        """The effect at parameter values, in the unit of the primary endpoint's measure.

        Raises
        ------
        AnagenError
            Where no number comes out.
        """
        scene = scene_of(self.study, values, seed=self.seed, threads=threads)
        one, other = arm_values(scene, self, patients=self.patients)
        effect = float(mean_of(one) - mean_of(other))
        if not np.isfinite(effect):
            raise AnagenError(f"the expected primary effect of {self.arm} has no value at these parameters")
        return effect


@dataclass(frozen=True, slots=True)
class Moved:
    """A parameter that is moved: along its prior, or along the posterior draws [draw] where it is calibrated."""

    prior: Parameter
    drawn: FloatArray | None = None

    def at(self, z: float) -> float:
        """Its value at a standard normal deviate."""
        return self.prior.quantile(z) if self.drawn is None else float(np.quantile(self.drawn, ndtr(z)))


@dataclass(frozen=True, slots=True)
class Batch:
    """Work of one task: the outcome at rows of deviates [row, parameter] of `moved`, all others at `central`."""

    outcome: Outcome
    central: Mapping[str, float]
    moved: tuple[Moved, ...]
    deviates: FloatArray
    threads: int


def chosen_contrast(study: Study, arm: str | None) -> tuple[str, str]:
    """The arm that is assessed and what it is compared with: the first arm that is no control where None.

    Raises
    ------
    InputError
        Where there is no such arm, or it is the control.
    """
    pairs = dict(contrasts_of(protocol(study)))
    treated = tuple(entry.name for entry in study.arms if entry.name in pairs)
    if arm is None:
        first = next((entry.name for entry in study.arms if entry.name in pairs and not entry.control), treated[0])
        return first, pairs[first]
    if arm not in pairs:
        raise InputError([Problem(None, None, None, "arm", f"{arm!r} is compared with nothing", treated)])
    return arm, pairs[arm]


def evaluate_at(
    outcome: Outcome,
    parameters: ParameterSet,
    names: Sequence[str],
    deviates: FloatArray,
    *,
    threads: int = 1,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FloatArray:
    """The outcome at rows of standard normal deviates [row, parameter] of the named parameters.

    A deviate z becomes the value `Parameter.quantile(z)`, or the quantile of the posterior where the parameter is
    calibrated; parameters that are not named keep their central values.

    Parameters
    ----------
    outcome : Outcome
        What is evaluated.
    parameters : ParameterSet
        All parameters of the study.
    names : Sequence[str]
        Those that are moved.
    deviates : FloatArray
        Shape [row, parameter].
    threads : int, default 1
        Of one process.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; results do not depend on it.
    work_dir : Path, optional
        Keeps finished rows, so that a stopped run goes on.
    progress : Callable[[int, int], None], optional
        Called with (done, total) tasks.

    Returns
    -------
    FloatArray
        Outcomes, shape [row].
    """
    content, priors = sha256_of_json(outcome.study.model_dump(mode="json")), parameters.sha256()
    central, posterior = parameters.central(), parameters.posterior
    columns = {} if posterior is None else dict(zip(posterior.names, posterior.matrix.T, strict=True))
    moved = tuple(Moved(parameters[name], columns.get(name)) for name in names)
    tasks: list[Task[Batch]] = []
    for start in range(0, len(deviates), PER_TASK):
        rows = np.ascontiguousarray(deviates[start : start + PER_TASK])
        key = task_key(
            study_sha256=content,
            parameters_sha256=priors,
            seed=outcome.seed,
            replicates=(0, 0),
            draws=(start, start + len(rows)),
            settings={
                "moved": sha256_of_json(list(names)),
                "deviates": sha256_of_bytes(rows.tobytes()),
                "arm": outcome.arm,
                "patients": outcome.patients,
            },
        )
        batch = Batch(outcome, central, moved, rows, threads)
        tasks.append(Task(f"evaluations {start} to {start + len(rows) - 1}", key, batch))
    store = None if work_dir is None else ChunkStore(work_dir)
    tables = gather(run_tasks(tasks, evaluate_batch, workers=workers, store=store, progress=progress))
    return tables["outcomes"]["outcome"].to_numpy(dtype=np.float64)


def evaluate_batch(task: Task[Batch]) -> Tables:
    """Table `outcomes` with one row per row of deviates."""
    batch = task.payload
    effects: list[float] = []
    for row in batch.deviates:
        drawn = {entry.prior.name: entry.at(float(z)) for entry, z in zip(batch.moved, row, strict=True)}
        effects.append(batch.outcome.at({**batch.central, **drawn}, threads=batch.threads))
    return {"outcomes": pd.DataFrame({"outcome": effects})}


def patient_effects(scene: Scene, outcome: Outcome, *, patients: int) -> FloatArray:
    """Primary effect of every reference patient, shape [patient]: the same patient under the arm less the control."""
    one, other = arm_values(scene, outcome, patients=patients)
    return one - other


def arm_values(scene: Scene, outcome: Outcome, *, patients: int) -> tuple[FloatArray, FloatArray]:
    """The primary measure of every reference patient under the arm and under its control, each [patient].

    A responder is read with measurement error, every other measure is the expected one, as in
    `analysis.effects.expected_table`; against its own baseline the second is zero.
    """
    plan = scene.protocol
    readings = dict(zip(plan.arms, expected_readings(scene, n_patients=patients), strict=True))

    def of(arm: str) -> FloatArray:
        return primary_of(plan, readings[arm].expected, readings[arm].measured)

    one = of(outcome.arm)
    return one, np.zeros_like(one) if outcome.control == NO_CONTROL else of(outcome.control)


def primary_of(plan: Protocol, expected: FloatArray, measured: FloatArray) -> FloatArray:
    """The primary measure of each patient from readings [patient, visit, endpoint]."""
    choice = plan.study.endpoints.primary
    column = [endpoint.name for endpoint in plan.endpoints].index(choice.endpoint)
    visit = int(np.flatnonzero(plan.weeks == choice.week)[0])
    read = measured if choice.measure in RESPONDERS else expected
    rising = ENDPOINTS[choice.endpoint].higher_is_better
    return measure_of(choice.measure, read[:, visit, column], read[:, 0, column], choice.threshold, rising=rising)
